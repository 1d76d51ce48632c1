/* conf_print.c - the effective configuration, and the list of all keys.
 *
 * What is printed loads again, once the masks are replaced by passwords: a
 * mask itself is refused, so that it is never tried on a device.
 */
#include "conf/conf_print.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* A secret is printed once, though two rows set it; one that may be missing
 * (ROW_NONE) has no other row. */
static bool
is_printed(const struct conf_row *row, const void *base)
{
	const void *p;

	if (row->type == ROW_SECRET_FILE && (row->flags & ROW_NONE) == 0)
		return false;
	if (row->type < ROW_TEXT || row->type == ROW_SWITCH ||
	    row->type == ROW_CHOICE || row->type == ROW_ADDRESS)
		return true;
	/* No text, no array: as if it were not written. */
	memcpy(&p, (const char *)base + row->offset, sizeof(p));
	return p != NULL;
}

static void
print_row(const struct conf_row *row, const void *base, const char *indent,
    struct strbuf *to)
{
	if (!is_printed(row, base))
		return;
	strbuf_addf(to, "%s%s = ", indent, row->key + conf_row_inner(row));
	conf_row_print(row, base, to);
	strbuf_add(to, ";\n");
}

/* The rows of one group within the section, from the i-th on; it is there if
 * the text that it must have is.  Returns the row behind it. */
static size_t
print_inner(const struct conf_section *s, size_t i, const void *base,
    const char *indent, struct strbuf *to)
{
	const struct conf_row *first = &s->rows[i];
	size_t len = conf_row_inner(first), end = i;
	char *inside = xasprintf("%s\t", indent);
	bool there = false;

	for (;
	     end < s->n_rows && strncmp(s->rows[end].key, first->key, len) == 0;
	     end++)
		there = there || ((s->rows[end].flags & ROW_REQUIRED) != 0 &&
				     is_printed(&s->rows[end], base));
	if (there)
		strbuf_addf(
		    to, "%s%.*s = {\n", indent, (int)len - 1, first->key);
	for (; there && i < end; i++)
		print_row(&s->rows[i], base, inside, to);
	if (there)
		strbuf_addf(to, "%s};\n", indent);
	free(inside);
	return end;
}

static void
print_rows(const struct conf_section *s, const void *base, const char *indent,
    struct strbuf *to)
{
	for (size_t i = 0; i < s->n_rows;) {
		if (conf_row_inner(&s->rows[i]) > 0)
			i = print_inner(s, i, base, indent, to);
		else
			print_row(&s->rows[i++], base, indent, to);
	}
}

void
conf_print_section(
    const struct conf_section *s, const void *base, struct strbuf *to)
{
	if (s->name[0] == '\0') {
		print_rows(s, base, "", to);
		return;
	}
	strbuf_addf(to, "%s = {\n", s->name);
	print_rows(s, base, "\t", to);
	strbuf_add(to, "};\n");
}

void
conf_print_list(const struct conf_section *s,
    const void *(*member)(const void *list, size_t i), const void *list,
    size_t n, struct strbuf *to)
{
	if (n == 0)
		return;
	strbuf_addf(to, "%s = (\n", s->name);
	for (size_t i = 0; i < n; i++) {
		strbuf_add(to, "\t{\n");
		print_rows(s, member(list, i), "\t\t", to);
		strbuf_add(to, i + 1 < n ? "\t},\n" : "\t}\n");
	}
	strbuf_add(to, ");\n");
}

static void
print_key(const struct conf_row *row, struct strbuf *to)
{
	conf_row_name(row, to);
	strbuf_add(to, "\t");
	conf_row_range(row, to);
	strbuf_add(to, "\t");
	if (row->fallback == NULL)
		strbuf_add(
		    to, (row->flags & ROW_REQUIRED) != 0 ? "required" : "none");
	else if (row->fallback[0] == '\0')
		strbuf_add(to, "\"\"");
	else
		strbuf_add(to, row->fallback);
	strbuf_addf(to, "\t%s\n", row->help);
}

void
conf_print_keys(
    const struct conf_section *sections, size_t n, struct strbuf *to)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < sections[i].n_rows; j++)
			print_key(&sections[i].rows[j], to);
}

/* What conf_input.c refuses of --set is left out. */
static bool
is_settable(const struct conf_row *row)
{
	return row->type != ROW_SECRET && row->type < ROW_TEXTS;
}

void
conf_print_settings(
    const struct conf_section *sections, size_t n, struct strbuf *to)
{
	for (size_t i = 0; i < n; i++) {
		const struct conf_section *s = &sections[i];

		for (size_t j = 0; j < s->n_rows && !s->list; j++) {
			if (!is_settable(&s->rows[j]))
				continue;
			conf_row_name(&s->rows[j], to);
			strbuf_add(to, "\n");
		}
	}
}
