/* keys.h - groups of a libconfig file read by a table, one row a key.
 *
 * Every problem is kept with file and line, so that all are told at once.
 */
#ifndef LAB_KEYS_H
#define LAB_KEYS_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* What the target field is: char *, bool, int64_t (NUMBER, DURATION in ms,
 * SIZE in bytes), struct addr, int (CHOICE: index of the word).  GROUP is a
 * group or list that the caller reads itself. */
enum key_type {
	KEY_TEXT,
	KEY_BOOL,
	KEY_NUMBER,
	KEY_DURATION,
	KEY_SIZE,
	KEY_ADDRESS,
	KEY_CHOICE,
	KEY_GROUP
};

struct key {
	const char *name;
	enum key_type type;
	size_t at;           /* offset in the target */
	long long min, max;  /* of KEY_NUMBER */
	const char *choices; /* of KEY_CHOICE, separated by blanks */
};

struct problems {
	struct strbuf text; /* one line a problem */
	unsigned n;
};

void problem_add(struct problems *p, const config_setting_t *where,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Read every member of `group` into `target`; texts there are freed and
 * replaced.  Unknown keys and wrong values become problems. */
void keys_read(struct problems *p, const config_setting_t *group,
    const struct key *table, size_t n, void *target);
/* Free the texts of `target`. */
void keys_free(const struct key *table, size_t n, void *target);

#endif
