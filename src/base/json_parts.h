/* json_parts.h - a JSON object with a long array in it, read part by part.
 *
 * As a tree a report of ten thousand devices would take ten times its length.
 */
#ifndef BASE_JSON_PARTS_H
#define BASE_JSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

/* An element of the array; it is freed behind this.  False: that will do. */
typedef bool json_part(void *arg, const struct json *part);

/* What json_parse() gives for the object at `text`, but its array `key` is
 * empty in it: its elements were parsed one at a time and handed to `each`, in
 * their order.  NULL if it is not one JSON object, wherever that shows (some
 * elements were handed out then), or if `each` said false. */
struct json *json_parse_parts(
    const char *text, size_t len, const char *key, json_part *each, void *arg);

#endif
