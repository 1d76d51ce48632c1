/* result_member.h - members of a result's JSON, each within its bounds.
 *
 * For result_decode.c.  A member that is not there, or null, is what nobody
 * knows; one of another type or out of its bounds spoils the whole: `why` then
 * has the first of them, and what is read behind it means nothing.
 */
#ifndef COMPARE_RESULT_MEMBER_H
#define COMPARE_RESULT_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/json.h"

struct members {
	bool spoilt;
	struct fail *why;
};

void member_spoil(struct members *m, const char *key, const char *what);

/* Not there: 0, false, "". */
int64_t member_count(
    struct members *m, const struct json *j, const char *key, int64_t most);
/* The same for the many fields of this type. */
uint32_t member_u32(struct members *m, const struct json *j, const char *key);
bool member_bool(struct members *m, const struct json *j, const char *key);
/* It fits, and is made printable. */
void member_text(struct members *m, const struct json *j, const char *key,
    char *to, size_t size);
/* ... of the text itself, an element of `key`. */
void member_element(struct members *m, const struct json *j, const char *key,
    char *to, size_t size);
/* ns since 1970; 0: not known. */
int64_t member_time(struct members *m, const struct json *j, const char *key);
/* ns; false: not known, and `ns` is as it was. */
bool member_seconds(
    struct members *m, const struct json *j, const char *key, int64_t *ns);
/* ns of a member in ms; -1: not known. */
int64_t member_ms(struct members *m, const struct json *j, const char *key);
/* NAN: not known. */
double member_real(struct members *m, const struct json *j, const char *key);
/* One of the `n` names that `find` has; it must be there. */
int member_name(struct members *m, const struct json *j, const char *key,
    int (*find)(const char *name), int n);
/* The elements of an array of objects, `most` at most; NULL: it is not there,
 * or spoilt, and `n` is 0. */
const struct json *member_array(
    struct members *m, const struct json *j, const char *key, int most, int *n);

#endif
