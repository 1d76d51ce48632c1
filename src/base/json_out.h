/* json_out.h - JSON as text while it is made, for what is too long for a tree
 * or written too often.
 *
 * The text is the one that json_write() gives with an indentation of 2, or with
 * none where it is compact.
 */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define JSON_OUT_DEPTH 12 /* ours nest eight levels */

/* To begin with, all but `to` and `compact` is 0.  The text may be taken out of
 * `to` at any time. */
struct json_out {
	struct strbuf *to;
	bool compact; /* one line, without blanks */
	unsigned depth;
	bool filled;               /* something is in the innermost one */
	char ends[JSON_OUT_DEPTH]; /* '}' or ']' of those that are open */
};

/* The next member (`key`: it needs no escapes) or element (NULL), or the root.
 * An object and an array are open until they are ended. */
void json_out_object(struct json_out *o, const char *key);
void json_out_array(struct json_out *o, const char *key);
void json_out_end(struct json_out *o);
/* NULL text is null; text that is not UTF-8 is made so. */
void json_out_text(struct json_out *o, const char *key, const char *text);
void json_out_int(struct json_out *o, const char *key, int64_t value);
/* The number value / 10^places, exactly, without zeros at its end; `places` is
 * at most 18. */
void json_out_decimal(
    struct json_out *o, const char *key, int64_t value, unsigned places);
void json_out_bool(struct json_out *o, const char *key, bool value);

#endif
