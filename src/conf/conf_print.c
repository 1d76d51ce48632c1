/* conf_print.c - the effective configuration, and the list of all keys.
 *
 * What is printed loads again, once the masks are replaced by passwords: a
 * mask itself is refused, so that it is never tried on a device.
 */
#include "conf/conf_print.h"

#include <string.h>

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
print_rows(const struct conf_section *s, const void *base, const char *indent,
    struct strbuf *to)
{
	for (size_t i = 0; i < s->n_rows; i++) {
		if (!is_printed(&s->rows[i], base))
			continue;
		strbuf_addf(to, "%s%s = ", indent, s->rows[i].key);
		conf_row_print(&s->rows[i], base, to);
		strbuf_add(to, ";\n");
	}
}

void
conf_print_section(
    const struct conf_section *s, const void *base, struct strbuf *to)
{
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
