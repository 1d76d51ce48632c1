/* json_out.c - see json_out.h.
 *
 * Blanks, line ends and escapes are those of libjansson, which writes the
 * trees: a reader cannot tell the two apart.
 */
#include "base/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

static void
new_line(struct json_out *o)
{
	static const char blanks[] = "                        ";

	_Static_assert(sizeof(blanks) > 2 * JSON_OUT_DEPTH, "deeper");
	if (o->compact)
		return;
	strbuf_add(o->to, "\n");
	strbuf_add_bytes(o->to, blanks, (size_t)2 * o->depth);
}

/* What stands before a value. */
static void
begin(struct json_out *o, const char *key)
{
	if (o->filled)
		strbuf_add(o->to, ",");
	o->filled = true;
	if (o->depth > 0)
		new_line(o);
	if (key == NULL)
		return;
	strbuf_add(o->to, "\"");
	strbuf_add(o->to, key);
	strbuf_add(o->to, o->compact ? "\":" : "\": ");
}

static void
open_one(struct json_out *o, const char *key, const char *bracket, char end)
{
	assert(o->depth < JSON_OUT_DEPTH);
	begin(o, key);
	strbuf_add(o->to, bracket);
	o->ends[o->depth++] = end;
	o->filled = false;
}

void
json_out_object(struct json_out *o, const char *key)
{
	open_one(o, key, "{", '}');
}

void
json_out_array(struct json_out *o, const char *key)
{
	open_one(o, key, "[", ']');
}

void
json_out_end(struct json_out *o)
{
	assert(o->depth > 0);
	o->depth--;
	if (o->filled)
		new_line(o);
	strbuf_add_bytes(o->to, &o->ends[o->depth], 1);
	o->filled = true;
}

/* RFC 8259 section 7: what a string may not have as it is. */
static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static void
add_escape(struct strbuf *to, char c)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = strchr(escaped, c);

	if (at != NULL)
		strbuf_addf(to, "\\%c", letters[at - escaped]);
	else
		strbuf_addf(to, "\\u%04X", (unsigned)c);
}

static void
add_string(struct strbuf *to, const char *s)
{
	strbuf_add(to, "\"");
	while (*s != '\0') {
		size_t n = 0;

		while (is_plain(s[n]))
			n++;
		strbuf_add_bytes(to, s, n);
		s += n;
		if (*s != '\0')
			add_escape(to, *s++);
	}
	strbuf_add(to, "\"");
}

static void
add_made_utf8(struct strbuf *to, const char *text)
{
	char *copy = xstrdup(text);

	str_make_utf8(copy);
	add_string(to, copy);
	free(copy);
}

void
json_out_text(struct json_out *o, const char *key, const char *text)
{
	begin(o, key);
	if (text == NULL)
		strbuf_add(o->to, "null");
	else if (str_is_utf8(text, strlen(text)))
		add_string(o->to, text);
	else
		add_made_utf8(o->to, text);
}

void
json_out_int(struct json_out *o, const char *key, int64_t value)
{
	begin(o, key);
	strbuf_add_int(o->to, value);
}

void
json_out_decimal(
    struct json_out *o, const char *key, int64_t value, unsigned places)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t one = 1;

	assert(places <= 18);
	for (unsigned i = 0; i < places; i++)
		one *= 10;
	for (; places > 1 && size % 10 == 0; places--, one /= 10)
		size /= 10;
	begin(o, key);
	strbuf_addf(o->to, "%s%" PRIu64, value < 0 ? "-" : "", size / one);
	if (places > 0)
		strbuf_addf(o->to, ".%0*" PRIu64, (int)places, size % one);
}

void
json_out_bool(struct json_out *o, const char *key, bool value)
{
	begin(o, key);
	strbuf_add(o->to, value ? "true" : "false");
}
