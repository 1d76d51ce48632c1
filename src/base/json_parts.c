/* json_parts.c - see json_parts.h.
 *
 * Here only the places where values begin and end are found; what they are, and
 * whether they are right, json_parse() says.
 */
#include "base/json_parts.h"

#include <string.h>

struct scan {
	const char *at, *end;
};

static void
skip_blanks(struct scan *s)
{
	while (s->at < s->end && memchr(" \t\r\n", *s->at, 4) != NULL)
		s->at++;
}

/* The next character behind blanks, which is left where it is; 0: the end. */
static char
next(struct scan *s)
{
	skip_blanks(s);
	return s->at < s->end ? *s->at : '\0';
}

static bool
take(struct scan *s, char c)
{
	if (next(s) != c)
		return false;
	s->at++;
	return true;
}

static bool
skip_text(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	for (; s->at < s->end && *s->at != '"'; s->at++)
		if (*s->at == '\\' && s->end - s->at > 1)
			s->at++;
	return take(s, '"');
}

/* A number or a word. */
static bool
skip_word(struct scan *s)
{
	const char *from = s->at;

	while (s->at < s->end && memchr(" \t\r\n,]}", *s->at, 7) == NULL)
		s->at++;
	return s->at > from;
}

/* Everything up to the bracket that closes the one here. */
static bool
skip_brackets(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->end) {
		char c = *s->at;

		if (c == '"') {
			if (!skip_text(s))
				return false;
			continue;
		}
		s->at++;
		depth += c == '{' || c == '[';
		if ((c == '}' || c == ']') && --depth == 0)
			return true;
	}
	return false;
}

static bool
skip_value(struct scan *s)
{
	switch (next(s)) {
	case '"':
		return skip_text(s);
	case '{':
	case '[':
		return skip_brackets(s);
	default:
		return skip_word(s);
	}
}

static bool
hand_out(const char *text, size_t len, json_part *each, void *arg)
{
	struct json *part = json_parse(text, len);
	bool ok = part != NULL && each(arg, part);

	json_free(part);
	return ok;
}

static bool
take_elements(struct scan *s, json_part *each, void *arg)
{
	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		const char *from;

		skip_blanks(s);
		from = s->at;
		if (!skip_value(s) ||
		    !hand_out(from, (size_t)(s->at - from), each, arg))
			return false;
	} while (take(s, ','));
	return take(s, ']');
}

/* The place of the value of the next member that is called so, in an object
 * whose bracket is behind us; false: there is none. */
static bool
find_member(struct scan *s, const char *key)
{
	do {
		const char *name;
		size_t len;

		skip_blanks(s);
		name = s->at + 1;
		if (!skip_text(s))
			return false;
		len = (size_t)(s->at - name) - 1;
		if (!take(s, ':'))
			return false;
		if (len == strlen(key) && memcmp(name, key, len) == 0 &&
		    next(s) == '[')
			return true;
		if (!skip_value(s))
			return false;
	} while (take(s, ','));
	return false;
}

struct json *
json_parse_parts(
    const char *text, size_t len, const char *key, json_part *each, void *arg)
{
	struct scan s = {text, text + len};
	struct strbuf rest = STRBUF_INIT;
	struct json *j = NULL;

	if (!take(&s, '{'))
		return NULL;
	if (!find_member(&s, key)) {
		j = json_parse(text, len);
	} else {
		strbuf_add_bytes(&rest, text, (size_t)(s.at - text));
		strbuf_add(&rest, "[]");
		if (take_elements(&s, each, arg)) {
			strbuf_add_bytes(
			    &rest, s.at, (size_t)(text + len - s.at));
			j = json_parse(strbuf_text(&rest), rest.len);
		}
	}
	strbuf_free(&rest);
	if (json_is_object(j))
		return j;
	json_free(j);
	return NULL;
}
