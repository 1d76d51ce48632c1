/* unit.h - what every unit test program starts with. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>

#include "loop/loop.h"

/* ck_assert_msg() for what holds thousands of times: libcheck writes down, with
 * a write(2), each of its own that holds. */
#define unit_must(holds, ...) ((holds) ? (void)0 : ck_abort_msg(__VA_ARGS__))

/* Places for a test's files.  They are in one folder of $TMPDIR (/tmp) for the
 * whole program, and go with everything in them when it ends, however its tests
 * ended. */
#define UNIT_PATH_MAX 64
void unit_folder(char path[UNIT_PATH_MAX]);
void unit_file(char path[UNIT_PATH_MAX], const char *text);

/* A file, whole, with a NUL behind it; free(3).  It must be there. */
char *unit_read(const char *path);
void unit_file_is(const char *path, const char *text);
/* Its bytes; -1: it is not there. */
long unit_file_size(const char *path);
/* A file with this text, in place of what is there. */
void unit_write(const char *path, const char *text);

/* What is logged.  NULL, until unit_log_keep() has it take lines up to `max`;
 * unit_logged() is what came since it was called last. */
struct log *unit_log(void);
void unit_log_keep(enum log_level max);
const char *unit_logged(void);

/* A loop on the system's clocks, or in virtual time (loop.h), with that log, or
 * one of errors on stderr.  unit_loop_free() frees the loop and the latter. */
struct loop *unit_loop(void);
struct loop *unit_loop_virtual(int64_t wall_ms);
void unit_loop_free(struct loop *lp);
/* The loop is away for `ms`, and comes back to something urgent: what is due by
 * then runs before other descriptors are looked at. */
void unit_loop_away(struct loop *lp, int ms);
/* ms since a virtual loop began. */
int64_t unit_elapsed(const struct loop *lp);

/* One suite, its tests given as names; what main() returns.  `each_row` (NULL:
 * none) is run for each row of a table, a test each: _i is the row's index. */
int unit_run(const char *name, const TTest *each_row, size_t rows,
    const TTest *const *tests, size_t n);

#define UNIT_MAIN(name, ...) UNIT_TABLE(name, NULL, 0, __VA_ARGS__)
#define UNIT_TABLE(name, each_row, rows, ...)                \
	int main(void)                                       \
	{                                                    \
		const TTest *const tests[] = {__VA_ARGS__};  \
		return unit_run(name, each_row, rows, tests, \
		    sizeof(tests) / sizeof(tests[0]));       \
	}

#endif
