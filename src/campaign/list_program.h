/* list_program.h - runs the program that prints the devices (devices_command).
 *
 * Without a shell, without a capability, with PATH, LANG and TZ alone as its
 * environment and nothing as its input; what it says on stderr stands in the
 * log.  What it started and that goes on when it has ended is left to itself;
 * SIGTERM and SIGINT meanwhile end it with that, and then us.
 */
#ifndef CAMPAIGN_LIST_PROGRAM_H
#define CAMPAIGN_LIST_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/log.h"

#define LIST_PROGRAM_MS   60000
#define LIST_PROGRAM_MOST 16000000 /* bytes that it may print */

/* Wait for its end, `limit_ms` at most: then it is killed.  What it printed,
 * `*len` bytes and a NUL, for bytes_free() with *len + 1; NULL and `why`
 * unless it ended with status 0 and its output with it. */
char *list_program_run(struct log *lg, char *const *words, size_t n_words,
    int64_t limit_ms, size_t *len, struct fail *why);

#endif
