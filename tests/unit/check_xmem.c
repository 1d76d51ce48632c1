/* check_xmem.c - memory that is always there. */
#include "base/xmem.h"

#include <malloc.h>
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

/* KiB of memory of this process that nobody else has. */
static long
own_memory(void)
{
	long kib = 0, n;
	char line[256];
	FILE *f = fopen("/proc/self/smaps_rollup", "r");

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Private_Dirty: %ld kB", &n) == 1)
			kib += n;
	fclose(f);
	return kib;
}

/* A piece that stays behind each of what went would keep all of it. */
START_TEST(what_is_free_goes_back_to_the_system)
{
	enum { N = 400, SIZE = 64 * 1024 };
	char *big[N], *small[N];
	long most;

	/* Under a sanitizer or valgrind it is not the C library's. */
	if (mallinfo2().arena == 0)
		return;
	for (int i = 0; i < N; i++) {
		big[i] = xcalloc(1, SIZE);
		memset(big[i], 1, SIZE);
		small[i] = xcalloc(1, 2000);
	}
	for (int i = 0; i < N; i++)
		free(big[i]);
	most = own_memory();
	xmem_trim();
	ck_assert_int_lt(own_memory(), most - N * 32);
	for (int i = 0; i < N; i++)
		free(small[i]);
}
END_TEST

START_TEST(what_is_kept_stays_until_it_is_given_back)
{
	enum { N = 40, SIZE = 256 * 1024 };
	char *big[N];
	long most;

	if (mallinfo2().arena == 0)
		return;
	xmem_keep();
	for (int i = 0; i < N; i++) {
		big[i] = xcalloc(1, SIZE);
		memset(big[i], 1, SIZE);
	}
	most = own_memory();
	for (int i = 0; i < N; i++)
		free(big[i]);
	ck_assert_int_gt(own_memory(), most - SIZE / 1024);
	xmem_trim();
	ck_assert_int_lt(own_memory(), most - N / 2 * SIZE / 1024);
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
	tcase_add_test(tc, what_is_free_goes_back_to_the_system);
	tcase_add_test(tc, what_is_kept_stays_until_it_is_given_back);
	tcase_add_test_raise_signal(
	    tc, an_overflowing_size_ends_the_process, SIGABRT);
	suite_add_tcase(s, tc);
	sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
