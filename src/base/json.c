/* json.c - JSON values on top of libjansson.
 *
 * The only file that knows jansson.  A struct json is a json_t: to_jansson()
 * and from_jansson() are where the one becomes the other.
 */
#include "base/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* These are jansson's own here, and json_new_object() and so on ours. */
#undef json_object
#undef json_array
#include <jansson.h>
#undef json_is_object
#undef json_is_array
#undef json_is_null
#undef json_is_number

#include "base/xmem.h"

/* Our peers nest four levels; jansson alone would allow 2048. */
enum { MAX_DEPTH = 64 };

static json_t *
to_jansson(const struct json *j)
{
	return (json_t *)(uintptr_t)j;
}

static struct json *
from_jansson(json_t *j)
{
	return (struct json *)j;
}

/* A value that was just made: absent only if memory ran out. */
static json_t *
made(json_t *j)
{
	if (j == NULL)
		xmem_exhausted();
	return j;
}

static bool
too_deep(json_t *j, unsigned left)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_typeof(j) != JSON_OBJECT && json_typeof(j) != JSON_ARRAY)
		return false;
	if (left == 0)
		return true;
	json_object_foreach(j, key, member)
	{
		if (too_deep(member, left - 1))
			return true;
	}
	json_array_foreach(j, i, member)
	{
		if (too_deep(member, left - 1))
			return true;
	}
	return false;
}

struct json *
json_parse(const char *text, size_t len)
{
	json_error_t error;
	json_t *j;

	/* jansson 2.14 takes a NUL for the end and what follows for nothing. */
	if (len > 0 && memchr(text, '\0', len) != NULL)
		return NULL;
	j = json_loadb(
	    text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (j != NULL && too_deep(j, MAX_DEPTH)) {
		json_decref(j);
		return NULL;
	}
	return from_jansson(j);
}

/* Control characters in texts become escapes; between texts they stay. */
static void
add_escaped(const char *text, size_t len, struct strbuf *to)
{
	bool quoted = false, escape = false;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (quoted && c != '\0' && c < ' ' && !escape)
			strbuf_addf(to, "\\u%04x", c);
		else
			strbuf_add_bytes(to, text + i, 1);
		if (c == '"' && !escape)
			quoted = !quoted;
		escape = quoted && c == '\\' && !escape;
	}
}

struct json *
json_parse_answer(const char *text, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct strbuf mended = STRBUF_INIT;
	struct json *j;

	if (len >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
		text += strlen(mark);
		len -= strlen(mark);
	}
	while (len > 0 && text[len - 1] == '\0')
		len--;
	if (!str_has_control(text, len))
		return json_parse(text, len);
	add_escaped(text, len, &mended);
	j = json_parse(strbuf_text(&mended), mended.len);
	strbuf_free(&mended);
	return j;
}

void
json_free(struct json *j)
{
	json_decref(to_jansson(j));
}

struct json *
json_new_object(void)
{
	return from_jansson(made(json_object()));
}

struct json *
json_new_array(void)
{
	return from_jansson(made(json_array()));
}

static json_t *
new_text(const char *text)
{
	char *copy;
	json_t *j;

	if (text == NULL)
		return json_null();
	copy = xstrdup(text);
	str_make_utf8(copy);
	j = made(json_string(copy));
	free(copy);
	return j;
}

/* Hands `value` over to the object. */
static void
add_member(struct json *object, const char *key, json_t *value)
{
	int failed;

	assert(json_is_object(object) && str_is_utf8(key, strlen(key)));
	failed = json_object_set_new(to_jansson(object), key, value);
	if (failed)
		xmem_exhausted();
}

/* Hands `value` over to the array. */
static void
add_element(struct json *array, json_t *value)
{
	int failed;

	assert(json_is_array(array));
	failed = json_array_append_new(to_jansson(array), value);
	if (failed)
		xmem_exhausted();
}

void
json_set_text(struct json *object, const char *key, const char *text)
{
	add_member(object, key, new_text(text));
}

void
json_set_int(struct json *object, const char *key, int64_t value)
{
	add_member(object, key, made(json_integer(value)));
}

void
json_set_bool(struct json *object, const char *key, bool value)
{
	add_member(object, key, json_boolean(value));
}

struct json *
json_set(struct json *object, const char *key, struct json *value)
{
	add_member(object, key, to_jansson(value));
	return value;
}

struct json *
json_append(struct json *array, struct json *value)
{
	add_element(array, to_jansson(value));
	return value;
}

void
json_append_text(struct json *array, const char *text)
{
	add_element(array, new_text(text));
}

void
json_append_int(struct json *array, int64_t value)
{
	add_element(array, made(json_integer(value)));
}

bool
json_is_object(const struct json *j)
{
	return j != NULL && json_typeof(to_jansson(j)) == JSON_OBJECT;
}

bool
json_is_array(const struct json *j)
{
	return j != NULL && json_typeof(to_jansson(j)) == JSON_ARRAY;
}

/* jansson's look-ups answer NULL, 0 or false to a NULL or a wrong type. */
const struct json *
json_get(const struct json *object, const char *key)
{
	return from_jansson(json_object_get(to_jansson(object), key));
}

const char *
json_get_text(const struct json *object, const char *key, const char *otherwise)
{
	return json_text(json_get(object, key), otherwise);
}

int64_t
json_get_int(const struct json *object, const char *key, int64_t otherwise)
{
	return json_int(json_get(object, key), otherwise);
}

bool
json_get_bool(const struct json *object, const char *key, bool otherwise)
{
	const json_t *j = to_jansson(json_get(object, key));

	return json_is_boolean(j) ? json_is_true(j) : otherwise;
}

size_t
json_count(const struct json *array)
{
	return json_array_size(to_jansson(array));
}

const struct json *
json_at(const struct json *array, size_t i)
{
	return from_jansson(json_array_get(to_jansson(array), i));
}

const char *
json_text(const struct json *j, const char *otherwise)
{
	const char *text = json_string_value(to_jansson(j));

	return text == NULL ? otherwise : text;
}

int64_t
json_int(const struct json *j, int64_t otherwise)
{
	const json_t *value = to_jansson(j);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool
json_is_null(const struct json *j)
{
	return j != NULL && json_typeof(to_jansson(j)) == JSON_NULL;
}

bool
json_is_number(const struct json *j)
{
	const json_t *value = to_jansson(j);

	return json_is_integer(value) || json_is_real(value);
}

double
json_number(const struct json *j, double otherwise)
{
	return json_is_number(j) ? json_number_value(to_jansson(j)) : otherwise;
}

static int
write_piece(const char *piece, size_t len, void *to)
{
	strbuf_add_bytes(to, piece, len);
	return 0;
}

void
json_write(const struct json *j, unsigned indent, struct strbuf *to)
{
	size_t flags = JSON_ENCODE_ANY |
		       (indent == 0 ? JSON_COMPACT : JSON_INDENT(indent));

	if (json_dump_callback(to_jansson(j), write_piece, to, flags) != 0)
		xmem_exhausted();
}
