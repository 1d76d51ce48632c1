/* unit.h - what every unit test program starts with. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <check.h>
#include <stdlib.h>

/* The main() of a test program: one suite, its tests given as names. */
#define UNIT_MAIN(name, ...)                                                  \
	int main(void)                                                        \
	{                                                                     \
		const TTest *const tests[] = {__VA_ARGS__};                   \
		TCase *tc = tcase_create(name);                               \
		for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) \
			tcase_add_test(tc, tests[i]);                         \
		tcase_set_timeout(tc, 60);                                    \
		Suite *s = suite_create(name);                                \
		suite_add_tcase(s, tc);                                       \
		SRunner *sr = srunner_create(s);                              \
		srunner_run_all(sr, CK_ENV);                                  \
		int failed = srunner_ntests_failed(sr);                       \
		srunner_free(sr);                                             \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                  \
	}

#endif
