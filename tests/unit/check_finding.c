/* check_finding.c - what a comparison counts and finds has names. */
#include "unit.h"

#include <string.h>

#include "compare/finding.h"
#include "compare/traffic.h"

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

UNIT_MAIN("finding", every_value_has_a_name_of_its_own)
