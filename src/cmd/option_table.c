/* option_table.c - see option_table.h. */
#include "cmd/option_table.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* Where the words begin that tell what an option does, and where lines end. */
#define WORDS_AT 21
#define LINE_END 80

static bool
has_letter(const struct option_row *r)
{
	return r->c <= UCHAR_MAX;
}

/* As getopt(3) writes it: of long forms alone a value can be left out. */
static void
add_letter(struct option_words *w, const struct option_row *r)
{
	size_t len = strlen(w->letters);

	assert(len + 3 <= sizeof(w->letters));
	w->letters[len++] = (char)r->c;
	if (r->value != NULL)
		w->letters[len] = ':';
}

void
option_table_words(const struct option_table *t, struct option_words *w)
{
	struct option *o = w->names;

	memset(w, 0, sizeof(*w));
	assert(t->n < sizeof(w->names) / sizeof(w->names[0]));
	for (size_t i = 0; i < t->n; i++) {
		const struct option_row *r = &t->rows[i];

		if (has_letter(r))
			add_letter(w, r);
		if (r->name == NULL)
			continue;
		o->name = r->name;
		o->has_arg = r->value == NULL     ? no_argument
			     : r->value[0] == '[' ? optional_argument
						  : required_argument;
		o++->val = r->c;
	}
}

/* A value that the next option of the line has, too, is said there. */
static bool
says_value(const struct option_row *r)
{
	return r->value != NULL && !(r->joined && r[1].value != NULL &&
				       strcmp(r->value, r[1].value) == 0);
}

static void
add_form(const struct option_row *r, struct strbuf *to)
{
	if (has_letter(r))
		strbuf_addf(to, "-%c", r->c);
	if (has_letter(r) && r->name != NULL)
		strbuf_add(to, ", ");
	if (r->name != NULL)
		strbuf_addf(to, "--%s", r->name);
	if (says_value(r))
		strbuf_addf(to, " %s", r->value);
}

/* One line, or two: of this row and those that are joined to it, of which it
 * returns the last; "..." says that they may be repeated. */
static const struct option_row *
add_line(const struct option_row *r, struct strbuf *to)
{
	struct strbuf left = STRBUF_INIT, words = STRBUF_INIT;

	strbuf_add(&left, has_letter(r) ? "  " : "      ");
	for (;; r++) {
		add_form(r, &left);
		strbuf_add(&words, r->help);
		if (!r->joined)
			break;
		strbuf_add(&left, " | ");
		strbuf_add(&words, " | ");
	}
	if (r->again)
		strbuf_add(&left, "...");
	if (left.len + 2 <= WORDS_AT)
		strbuf_addf(to, "%-*s%s\n", WORDS_AT, left.s, words.s);
	else if (left.len + 2 + words.len <= LINE_END)
		strbuf_addf(to, "%s  %s\n", left.s, words.s);
	else
		strbuf_addf(to, "%s\n%*s%s\n", left.s, WORDS_AT, "", words.s);
	strbuf_free(&left);
	strbuf_free(&words);
	return r;
}

void
option_table_help(const struct option_table *t, struct strbuf *to)
{
	const struct option_row *r = t->rows, *end = r + t->n;

	strbuf_addf(to, "Usage: %s %s\n", t->program, t->about);
	while (r < end)
		r = add_line(r, to) + 1;
	strbuf_addf(to, "\n%s", t->status);
}
