/* check_finding.c - what a comparison counts and finds has names. */
#include "unit.h"

#include <string.h>

#include "compare/finding.h"
#include "compare/traffic.h"
#include "compare/triangle.h"

/* Each value has a name of its own. */
#define ALL_DIFFER(name, type, count)                                        \
	do {                                                                 \
		int a, b;                                                    \
                                                                             \
		for (a = 0; a < (int)(count); a++)                           \
			for (b = 0; b < a; b++)                              \
				ck_assert_str_ne(                            \
				    name((enum type)a), name((enum type)b)); \
	} while (0)
/* ... by which it is found again, and nothing else is. */
#define ALL_FOUND(name, find, type, count)                             \
	do {                                                           \
		for (int a = 0; a < (int)(count); a++)                 \
			ck_assert_int_eq(find(name((enum type)a)), a); \
		ck_assert_int_eq(find(""), count);                     \
		ck_assert_int_eq(find("Certain "), count);             \
	} while (0)

START_TEST(every_value_has_a_name_of_its_own)
{
	ALL_DIFFER(side_name, side, SIDE_COUNT);
	ALL_DIFFER(way_name, way, WAY_COUNT);
	ALL_DIFFER(traffic_name, traffic, TRAFFIC_COUNT);
	ALL_DIFFER(asker_name, asker, ASKER_COUNT);
	ALL_DIFFER(ask_kind_name, ask_kind, ASK_KIND_COUNT);
	ALL_DIFFER(letter_name, letter, LETTER_COUNT);
	ALL_DIFFER(grade_name, grade, GRADE_COUNT);
	ALL_DIFFER(reason_name, reason, REASON_COUNT);
	ALL_DIFFER(pattern_name, pattern, PATTERN_COUNT);
}
END_TEST

START_TEST(a_value_is_found_by_its_name)
{
	ALL_FOUND(way_name, way_by_name, way, WAY_COUNT);
	ALL_FOUND(traffic_name, traffic_by_name, traffic, TRAFFIC_COUNT);
	ALL_FOUND(asker_name, asker_by_name, asker, ASKER_COUNT);
	ALL_FOUND(ask_kind_name, ask_kind_by_name, ask_kind, ASK_KIND_COUNT);
	ALL_FOUND(letter_name, letter_by_name, letter, LETTER_COUNT);
	ALL_FOUND(grade_name, grade_by_name, grade, GRADE_COUNT);
	ALL_FOUND(reason_name, reason_by_name, reason, REASON_COUNT);
	ALL_FOUND(pattern_name, pattern_by_name, pattern, PATTERN_COUNT);
	ALL_FOUND(reports_name, reports_by_name, reports, REPORTS_COUNT);
}
END_TEST

UNIT_MAIN(
    "finding", a_value_is_found_by_its_name, every_value_has_a_name_of_its_own)
