/* check_xmem.c - memory that is always there. */
#include "base/xmem.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

START_TEST(new_memory_is_zeroed_and_never_null)
{
	static const char zero[64];
	char *p = xcalloc(8, 8);
	char *none = xcalloc(0, 8);

	ck_assert_mem_eq(p, zero, 64);
	ck_assert_ptr_nonnull(none);
	p = xreallocarray(p, 0, 8);
	ck_assert_ptr_nonnull(p);
	free(p);
	free(none);
}
END_TEST

START_TEST(resizing_keeps_the_content)
{
	char *p = xreallocarray(NULL, 4, 1);

	memcpy(p, "abc", 4);
	p = xreallocarray(p, 100000, 1);
	ck_assert_str_eq(p, "abc");
	free(p);
}
END_TEST

START_TEST(copies_of_null_are_null)
{
	char *s = xstrndup("abcdef", 3);

	ck_assert_str_eq(s, "abc");
	free(s);
	ck_assert_ptr_null(xstrdup(NULL));
	ck_assert_ptr_null(xstrndup(NULL, 3));
	s = xasprintf("%s-%d", "a", 7);
	ck_assert_str_eq(s, "a-7");
	free(s);
}
END_TEST

/* The address sanitizer would end the process in its own way. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Run with the message thrown away. */
static void
overflow(void)
{
	volatile size_t huge = SIZE_MAX / 2;

	fclose(stderr);
	free(xreallocarray(NULL, huge, 4));
}

START_TEST(an_overflowing_size_ends_the_process)
{
	overflow();
}
END_TEST

START_TEST(an_array_grows_when_it_is_full)
{
	uint32_t room = 0;
	int *v = NULL;

	for (uint32_t n = 0; n < 1000; n++) {
		uint32_t before = room;

		v = xgrow(v, n, &room, sizeof(*v));
		ck_assert_uint_gt(room, n);
		ck_assert(room == before || n == before);
		v[n] = (int)n;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(v[i], i);
	free(v);
}
END_TEST

int
main(void)
{
	TCase *tc = tcase_create("xmem");
	Suite *s = suite_create("xmem");
	SRunner *sr;
	int failed;

	tcase_add_test(tc, new_memory_is_zeroed_and_never_null);
	tcase_add_test(tc, an_array_grows_when_it_is_full);
	tcase_add_test(tc, resizing_keeps_the_content);
	tcase_add_test(tc, copies_of_null_are_null);
	tcase_add_test_raise_signal(
	    tc, an_overflowing_size_ends_the_process, SIGABRT);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
