/* check_arena.c - many small things, and a large one, keep what is in them. */
#include "unit.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/xmem.h"

#define THINGS 20000

START_TEST(each_thing_is_its_own)
{
	struct arena *a = arena_new(ARENA_BRIEF);
	char *text[THINGS], want[16];
	uint64_t *number[THINGS];

	for (size_t i = 0; i < THINGS; i++) {
		snprintf(want, sizeof(want), "%zu", i);
		text[i] = arena_text(a, want);
		number[i] = arena_alloc(a, 1, sizeof(**number));
		unit_must((uintptr_t)number[i] % alignof(max_align_t) == 0,
		    "number %zu is not aligned", i);
		unit_must(*number[i] == 0, "number %zu is not 0", i);
		*number[i] = i;
	}
	for (size_t i = 0; i < THINGS; i++) {
		snprintf(want, sizeof(want), "%zu", i);
		unit_must(
		    strcmp(text[i], want) == 0, "text %zu: %s", i, text[i]);
		unit_must(*number[i] == i, "number %zu", i);
	}
	arena_free(a);
}
END_TEST

START_TEST(what_is_larger_than_all_before_has_room)
{
	static const size_t sizes[] = {0, 1, 4096, 4097, 3000000, 1};
	struct arena *a = arena_new(ARENA_KEPT);
	char *before = arena_text(a, "before");

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *p = arena_alloc(a, sizes[i], 1);

		for (size_t j = 0; j < sizes[i]; j++)
			unit_must(p[j] == 0, "byte %zu of %zu", j, sizes[i]);
		memset(p, 0xff, sizes[i]);
	}
	ck_assert_str_eq(before, "before");
	ck_assert_str_eq(arena_text(a, ""), "");
	arena_free(a);
}
END_TEST

START_TEST(a_text_is_copied_as_far_as_it_is_said)
{
	struct arena *a = arena_new(ARENA_KEPT);

	ck_assert_str_eq(arena_text_n(a, "abcdef", 3), "abc");
	ck_assert_str_eq(arena_take(a, xstrdup("taken")), "taken");
	ck_assert_ptr_null(arena_take(a, NULL));
	arena_free(a);
	arena_free(NULL);
}
END_TEST

UNIT_MAIN("arena", each_thing_is_its_own,
    what_is_larger_than_all_before_has_room,
    a_text_is_copied_as_far_as_it_is_said)
