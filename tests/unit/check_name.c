/* check_name.c - a word finds its place in a table. */
#include "unit.h"

#include "base/name.h"

static const char *const names[] = {"one", "two", "three"};
static const struct {
	const char *name;
	int legs;
} animals[] = {{"hen", 2}, {"cow", 4}, {"ant", 6}};

START_TEST(a_name_is_found_at_its_index)
{
	for (int i = 0; i < NAME_COUNT(names); i++)
		ck_assert_int_eq(NAME_FIND(names, names[i]), i);
	for (int i = 0; i < NAME_COUNT(animals); i++)
		ck_assert_int_eq(NAME_FIND(animals, animals[i].name), i);
}
END_TEST

START_TEST(what_is_no_name_is_the_count)
{
	ck_assert_int_eq(NAME_FIND(names, ""), 3);
	ck_assert_int_eq(NAME_FIND(names, "on"), 3);
	ck_assert_int_eq(NAME_FIND(names, "One"), 3);
	ck_assert_int_eq(NAME_FIND(animals, "cows"), 3);
	ck_assert_int_eq(name_find(names, 0, sizeof(names[0]), "one"), 0);
}
END_TEST

UNIT_MAIN("name", a_name_is_found_at_its_index, what_is_no_name_is_the_count)
