/* json.h - JSON values: parse, look up, build, write.  Wraps libjansson.
 *
 * A value is owned by its container once it was added; the root is freed with
 * json_free().  Look-ups on a missing member or a wrong type give the default,
 * so a decoder reads straight through hostile input.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct json;

/* NULL if `len` bytes at `text` are not one JSON value (RFC 8259): cut off,
 * trailing rest, broken UTF-8, depth over 64, duplicate keys. */
struct json *json_parse(const char *text, size_t len);
/* The same for an answer of a server in the field, lenient where the meaning is
 * plain: a byte order mark before it, NUL bytes behind it, raw control
 * characters in its texts. */
struct json *json_parse_answer(const char *text, size_t len);
void json_free(struct json *j);

/* libjansson exports functions of these two names. */
#define json_object json_new_object
#define json_array  json_new_array
struct json *json_object(void);
struct json *json_array(void);
/* Add a member; text that is not UTF-8 is made so.  NULL text adds null. */
void json_set_text(struct json *object, const char *key, const char *text);
void json_set_int(struct json *object, const char *key, int64_t value);
void json_set_bool(struct json *object, const char *key, bool value);
/* Add a container; it then belongs to its parent.  Returns `value`. */
struct json *json_set(struct json *object, const char *key, struct json *value);
struct json *json_append(struct json *array, struct json *value);
void json_append_text(struct json *array, const char *text);
void json_append_int(struct json *array, int64_t value);

/* Borrowed values, valid while the root lives. */
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
const struct json *json_get(const struct json *object, const char *key);
const char *json_get_text(
    const struct json *object, const char *key, const char *otherwise);
int64_t json_get_int(
    const struct json *object, const char *key, int64_t otherwise);
bool json_get_bool(const struct json *object, const char *key, bool otherwise);
size_t json_count(const struct json *array);
const struct json *json_at(const struct json *array, size_t i);
const char *json_text(const struct json *j, const char *otherwise);
int64_t json_int(const struct json *j, int64_t otherwise);
bool json_is_null(const struct json *j);
bool json_is_number(const struct json *j);
/* Of any number, as near as a double is. */
double json_number(const struct json *j, double otherwise);

/* Add the value's text; members keep their order.  `indent` 0: one line. */
void json_write(const struct json *j, unsigned indent, struct strbuf *to);

#endif
