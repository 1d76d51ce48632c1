/* unit.h - what every unit test program starts with. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>

/* Places for a test's files.  They are in one folder for the whole program, and
 * go with everything in them when it ends, however its tests ended. */
#define UNIT_PATH_MAX 64
void unit_folder(char path[UNIT_PATH_MAX]);
void unit_file(char path[UNIT_PATH_MAX], const char *text);

/* One suite, its tests given as names; what main() returns. */
int unit_run(const char *name, const TTest *const *tests, size_t n);

#define UNIT_MAIN(name, ...)                                        \
	int main(void)                                              \
	{                                                           \
		const TTest *const tests[] = {__VA_ARGS__};         \
		return unit_run(                                    \
		    name, tests, sizeof(tests) / sizeof(tests[0])); \
	}

#endif
