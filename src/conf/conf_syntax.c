/* conf_syntax.c - see conf_syntax.h.
 *
 * A descent through the grammar that keeps nothing of what it reads, and quotes
 * nothing: it may be a part of a password.  The text went through conf_text.c:
 * its quotes are closed, its nesting is bounded.  Called by conf_file.c for
 * each text, whether libconfig took it or not.
 */
#include "conf/conf_syntax.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xmem.h"

enum kind {
	END,
	NAME,
	SCALAR, /* a number, true or false */
	TEXT,
	MARK,   /* one of = : ; , and the brackets */
	STRANGE /* begins nothing */
};

struct token {
	enum kind kind;
	const char *s;
	size_t len;
	int line;
};

struct parse {
	const char *p; /* behind `now` */
	int line;
	struct token *now, *before;
	struct token both[2]; /* which they are in turn */
	struct strbuf *what;
	int wrong; /* line of the first mistake; 0: none yet */
};

/* --- tokens --- */

/* Over so many characters. */
static void
pass(struct parse *c, size_t len)
{
	const char *end = c->p + len, *newline;

	while ((newline = memchr(c->p, '\n', (size_t)(end - c->p))) != NULL) {
		c->line++;
		c->p = newline + 1;
	}
	c->p = end;
}

static void
skip_comment(struct parse *c)
{
	const char *stop = str_starts(c->p, "/*") ? "*/" : "\n";
	const char *end = strstr(c->p, stop);

	pass(c,
	    end == NULL ? strlen(c->p) : (size_t)(end - c->p) + strlen(stop));
}

static void
skip_blank(struct parse *c)
{
	for (;;) {
		switch (*c->p) {
		case ' ':
		case '\t':
		case '\r':
		case '\n':
		case '\f':
		case '\v':
			c->line += *c->p++ == '\n';
			continue;
		case '#':
			skip_comment(c);
			continue;
		case '/':
			if (c->p[1] != '/' && c->p[1] != '*')
				return;
			skip_comment(c);
			continue;
		default:
			return;
		}
	}
}

static size_t
text_length(const char *s)
{
	const char *p = s + 1;

	while (*(p += strcspn(p, "\"\\")) == '\\')
		p += p[1] != '\0' ? 2 : 1;
	return (size_t)(p - s) + (*p == '"');
}

static bool
is_word(const struct token *t, const char *word)
{
	return t->len == strlen(word) && strncasecmp(t->s, word, t->len) == 0;
}

/* What looks like a number and is none is STRANGE: 192.0.2.1, 8h. */
static enum kind
number_kind(const struct token *t)
{
	char *copy = xstrndup(t->s, t->len), *end;

	strtod(copy, &end);
	end += strspn(end, "L");
	if (*end != '\0') {
		free(copy);
		return STRANGE;
	}
	free(copy);
	return SCALAR;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_of_name(char c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '*';
}

size_t
conf_name_length(const char *s)
{
	size_t n = 0;

	while (is_of_name(s[n]))
		n++;
	return n;
}

/* With what could only be meant for one. */
static size_t
number_length(const char *s)
{
	size_t n = 0;

	while ((is_of_name(s[n]) && s[n] != '*') || s[n] == '+' || s[n] == '.')
		n++;
	return n;
}

/* What such a character begins. */
static enum kind
kind_at(char c)
{
	switch (c) {
	case '\0':
		return END;
	case '"':
		return TEXT;
	case '=':
	case ':':
	case ';':
	case ',':
	case '(':
	case ')':
	case '[':
	case ']':
	case '{':
	case '}':
		return MARK;
	case '+':
	case '-':
	case '.':
		return SCALAR;
	case '*':
		return NAME;
	default:
		return is_letter(c) ? NAME : is_digit(c) ? SCALAR : STRANGE;
	}
}

static void
next(struct parse *c)
{
	struct token *t = c->before;

	c->before = c->now;
	c->now = t;
	skip_blank(c);
	*t = (struct token){kind_at(*c->p), c->p, 1, c->line};
	if (t->kind == END) {
		t->len = 0;
	} else if (t->kind == TEXT) {
		t->len = text_length(c->p);
	} else if (t->kind == SCALAR) {
		t->len = number_length(c->p);
		t->kind = number_kind(t);
	} else if (t->kind == NAME) {
		t->len = conf_name_length(c->p);
		if (is_word(t, "true") || is_word(t, "false"))
			t->kind = SCALAR;
	}
	if (t->kind == TEXT)
		pass(c, t->len);
	else
		c->p += t->len;
}

static bool
sees(const struct parse *c, const char *marks)
{
	while (*marks != '\0' && *marks != *c->now->s)
		marks++;
	return c->now->kind == MARK && *marks != '\0';
}

/* --- mistakes --- */

static bool mistake(struct parse *c, const struct token *at, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static bool
mistake(struct parse *c, const struct token *at, const char *fmt, ...)
{
	va_list ap;

	c->wrong = at->line;
	strbuf_add(c->what,
	    at->kind == END ? "syntax error at the end of the file; is it cut "
			      "off? "
			    : "syntax error: ");
	va_start(ap, fmt);
	strbuf_vaddf(c->what, fmt, ap);
	va_end(ap);
	return false;
}

static char
closing(const struct token *open)
{
	return *open->s == '(' ? ')' : *open->s == '[' ? ']' : '}';
}

static bool
never_closed(struct parse *c, const struct token *open)
{
	return mistake(c, c->now, "The '%c' of line %d is never closed by '%c'",
	    *open->s, open->line, closing(open));
}

static bool
closed_wrongly(struct parse *c, const struct token *open)
{
	return mistake(c, c->now,
	    "this '%c' would close the '%c' of line %d; a '%c' is missing "
	    "before it",
	    *c->now->s, *open->s, open->line, closing(open));
}

static bool
no_value(struct parse *c)
{
	const struct token *t = c->now;

	if (t->kind == NAME || t->kind == STRANGE)
		return mistake(c, t,
		    "a value is a text in quotes, a number, true or false");
	return mistake(c, t, "a value is missing behind '%c'", *c->before->s);
}

/* --- the grammar --- */

static bool value(struct parse *c);

/* What stands where a member is to begin is none. */
static bool
no_member(struct parse *c, const struct token *open)
{
	if (c->now->kind == END)
		return never_closed(c, open);
	if (sees(c, ")]}") && *c->before->s == ',')
		return mistake(c, c->before,
		    "a ',' stands before the closing '%c' of line %d; take it "
		    "away",
		    *c->now->s, c->now->line);
	if (sees(c, ")]}"))
		return closed_wrongly(c, open);
	return mistake(c, c->now,
	    "an array [ ] has no members with brackets; a list ( ) does");
}

/* What stands behind a member neither separates nor closes. */
static bool
no_separator(struct parse *c, const struct token *open)
{
	if (c->now->kind == END)
		return never_closed(c, open);
	if (sees(c, ")]}"))
		return closed_wrongly(c, open);
	if (sees(c, ";"))
		return mistake(c, c->now,
		    "a ';' stands between '%c' and '%c'; what is between them "
		    "is separated by ','",
		    *open->s, closing(open));
	return mistake(c, c->now,
	    "a ',' is missing between two members of the '%c' of line %d",
	    *open->s, open->line);
}

/* From the opening bracket of an array or a list to its closing one. */
static bool
members(struct parse *c, const struct token *open)
{
	const char end[] = {closing(open), '\0'};
	const char *not_here = *open->s == '[' ? ")]}([{" : ")]}";

	next(c);
	while (!sees(c, end) || *c->before->s == ',') {
		if (c->now->kind == END || sees(c, not_here))
			return no_member(c, open);
		if (!value(c))
			return false;
		if (sees(c, end))
			return true;
		if (!sees(c, ","))
			return no_separator(c, open);
		next(c);
	}
	return true;
}

static bool
no_name(struct parse *c, const struct token *open)
{
	const struct token *t = c->now;

	if (t->kind == END)
		return never_closed(c, open);
	if (sees(c, ")]}") && open != NULL)
		return closed_wrongly(c, open);
	if (sees(c, ")]}"))
		return mistake(c, t, "this '%c' closes nothing", *t->s);
	if (sees(c, ";,"))
		return mistake(c, t, "this '%c' ends nothing", *t->s);
	if (sees(c, "({[=:"))
		return mistake(c, t, "a name is missing before '%c'", *t->s);
	return mistake(c, t,
	    "a setting begins with its name; or a quote or a ';' is wrong "
	    "before it");
}

/* All of a group, or of the file (`open` NULL); the closing one is left. */
static bool
settings(struct parse *c, const struct token *open)
{
	struct token name;

	for (;;) {
		if (open == NULL ? c->now->kind == END : sees(c, "}"))
			return true;
		if (c->now->kind != NAME)
			return no_name(c, open);
		name = *c->now;
		next(c);
		if (!sees(c, "=:"))
			return mistake(c, c->now->kind == END ? c->now : &name,
			    "a '=' is missing behind a name");
		next(c);
		if (!value(c))
			return false;
		if (sees(c, ";,"))
			next(c);
	}
}

static bool
value(struct parse *c)
{
	const struct token open = *c->now;

	if (sees(c, "{")) {
		next(c);
		if (!settings(c, &open))
			return false;
	} else if (sees(c, "([")) {
		if (!members(c, &open))
			return false;
	} else if (open.kind != TEXT && open.kind != SCALAR) {
		return no_value(c);
	}
	next(c);
	/* Texts that follow one another are one. */
	while (open.kind == TEXT && c->now->kind == TEXT)
		next(c);
	return true;
}

int
conf_syntax_error(const char *text, struct strbuf *what)
{
	struct parse c = {.p = text, .line = 1, .what = what};

	c.now = &c.both[0];
	c.before = &c.both[1];
	next(&c);
	settings(&c, NULL);
	return c.wrong;
}
