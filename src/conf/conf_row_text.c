/* conf_row_text.c - rows as text: names, ranges and values.
 *
 * For messages, for --check's print and for the manual's list of keys; all
 * three say the same because they are made here.
 */
#include "conf/conf_row.h"

#include <inttypes.h>
#include <string.h>

#include "base/addr.h"
#include "base/secret.h"
#include "conf/conf_value.h"

size_t
conf_row_inner(const struct conf_row *row)
{
	const char *dot = strchr(row->key, '.');

	return dot == NULL ? 0 : (size_t)(dot - row->key) + 1;
}

void
conf_row_name(const struct conf_row *row, struct strbuf *to)
{
	if (row->section[0] != '\0')
		strbuf_addf(to, "%s.", row->section);
	strbuf_add(to, row->key);
}

static void
add_quantity(const struct conf_row *row, int64_t value, struct strbuf *to)
{
	if (row->type == ROW_DURATION)
		conf_duration_text(value, to);
	else if (row->type == ROW_SIZE)
		conf_size_text(value, to);
	else
		strbuf_add_int(to, value);
}

static void
add_min_max(const struct conf_row *row, struct strbuf *to)
{
	if ((row->flags & ROW_ZERO) != 0)
		strbuf_add(to, "0 or ");
	add_quantity(row, row->min, to);
	strbuf_add(to, "..");
	add_quantity(row, row->max, to);
}

static void
add_text_range(const struct conf_row *row, struct strbuf *to)
{
	if (row->allowed != NULL)
		strbuf_add(to, row->allowed);
	else if (row->min > 0)
		strbuf_addf(to, "text of %" PRId64 " to %" PRId64 " bytes",
		    row->min, row->max);
	else
		strbuf_addf(to, "text of at most %" PRId64 " bytes", row->max);
}

/* "one of" the words, each in quotes. */
static void
add_words(const struct conf_row *row, struct strbuf *to)
{
	strbuf_add(to, "\"");
	for (const char *p = row->words; *p != '\0'; p++)
		if (*p == '|')
			strbuf_add(to, "\" or \"");
		else
			strbuf_add_bytes(to, p, 1);
	strbuf_add(to, "\"");
}

static void
add_array_range(const struct conf_row *row, struct strbuf *to)
{
	if ((row->flags & ROW_LONE) != 0)
		strbuf_add(to, "one, or ");
	strbuf_addf(to, "an array [ ] of %" PRId64 " to %" PRId64 ": %s",
	    row->min, row->max, row->allowed);
}

void
conf_row_range(const struct conf_row *row, struct strbuf *to)
{
	switch (row->type) {
	case ROW_BOOL:
		strbuf_add(to, "true or false");
		return;
	case ROW_INT:
		strbuf_add(to, "a whole number, ");
		add_min_max(row, to);
		return;
	case ROW_DURATION:
		strbuf_add(to, "a duration, ");
		add_min_max(row, to);
		return;
	case ROW_SIZE:
		strbuf_add(to, "a size, ");
		add_min_max(row, to);
		return;
	case ROW_TEXT:
	case ROW_PATH:
	case ROW_SECRET:
	case ROW_SECRET_FILE:
	case ROW_KEY_FILE:
	case ROW_ADDRESS:
		add_text_range(row, to);
		return;
	case ROW_SWITCH:
	case ROW_CHOICE:
		add_words(row, to);
		return;
	case ROW_TEXTS:
	case ROW_ADDRESSES:
	case ROW_PREFIXES:
		add_array_range(row, to);
		return;
	}
}

static void
add_quoted(const char *text, struct strbuf *to)
{
	strbuf_add(to, "\"");
	for (const char *p = text == NULL ? "" : text; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			strbuf_add(to, "\\");
		strbuf_add_bytes(to, p, 1);
	}
	strbuf_add(to, "\"");
}

static void
add_word(const char *words, int number, struct strbuf *to)
{
	size_t n = strcspn(words, "|");

	for (; number > 0 && words[n] == '|'; number--) {
		words += n + 1;
		n = strcspn(words, "|");
	}
	strbuf_add(to, "\"");
	strbuf_add_bytes(to, words, n);
	strbuf_add(to, "\"");
}

static void
print_member(
    const struct conf_row *row, const void *array, size_t i, struct strbuf *to)
{
	char text[ADDR_TEXT_MAX];
	const struct prefix *p;

	if (row->type == ROW_TEXTS) {
		add_quoted(((char *const *)array)[i], to);
	} else if (row->type == ROW_ADDRESSES) {
		add_quoted(
		    addr_text(&((const struct addr *)array)[i], text), to);
	} else {
		p = &((const struct prefix *)array)[i];
		strbuf_addf(
		    to, "\"%s/%u\"", addr_text(&p->base, text), p->bits);
	}
}

static void
print_array(const struct conf_row *row, const void *base, struct strbuf *to)
{
	const void *array;
	size_t n;

	memcpy(&array, (const char *)base + row->offset, sizeof(array));
	memcpy(&n, (const char *)base + row->count_offset, sizeof(n));
	strbuf_add(to, "[");
	for (size_t i = 0; i < n; i++) {
		strbuf_add(to, i == 0 ? " " : ", ");
		print_member(row, array, i, to);
	}
	strbuf_add(to, n == 0 ? "]" : " ]");
}

/* Durations, and sizes that are no bare number, are texts. */
static void
print_quantity(const struct conf_row *row, int64_t value, struct strbuf *to)
{
	bool bare = row->type == ROW_SIZE && value % 1000 != 0;

	if (value == 0)
		bare = true;
	strbuf_add(to, bare ? "" : "\"");
	if (value == 0)
		strbuf_add(to, "0");
	else
		add_quantity(row, value, to);
	strbuf_add(to, bare ? "" : "\"");
}

void
conf_row_print(const struct conf_row *row, const void *base, struct strbuf *to)
{
	const void *at = (const char *)base + row->offset;
	char text[ADDR_TEXT_MAX];
	int number;

	switch (row->type) {
	case ROW_BOOL:
		strbuf_add(to, *(const bool *)at ? "true" : "false");
		return;
	case ROW_INT:
		strbuf_addf(to, "%d", *(const int *)at);
		return;
	case ROW_DURATION:
	case ROW_SIZE:
		print_quantity(row, *(const int64_t *)at, to);
		return;
	case ROW_TEXT:
	case ROW_PATH:
		add_quoted(*(char *const *)at, to);
		return;
	case ROW_SECRET:
	case ROW_SECRET_FILE:
	case ROW_KEY_FILE:
		add_quoted(SECRET_MASK, to);
		return;
	case ROW_SWITCH:
		add_word(row->words, *(const bool *)at ? 1 : 0, to);
		return;
	case ROW_CHOICE:
		memcpy(&number, at, sizeof(number));
		add_word(row->words, number, to);
		return;
	case ROW_ADDRESS:
		add_quoted(addr_text(at, text), to);
		return;
	case ROW_TEXTS:
	case ROW_ADDRESSES:
	case ROW_PREFIXES:
		print_array(row, base, to);
		return;
	}
}
