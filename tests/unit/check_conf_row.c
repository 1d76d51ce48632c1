/* check_conf_row.c - what the tables of keys promise to who walks them. */
#include "unit.h"

#include <string.h>

#include "conf/agent_sections.h"
#include "conf/campaign_table.h"

/* One of a place is seen from the other. */
static void
rows_of_a_place_are_neighbours(const struct conf_section *s)
{
	for (size_t i = 0; i < s->n_rows; i++)
		for (size_t j = i + 2; j < s->n_rows; j++)
			if (s->rows[i].offset == s->rows[j].offset)
				ck_assert_msg(
				    s->rows[j - 1].offset == s->rows[j].offset,
				    "%s: %s and %s are apart", s->name,
				    s->rows[i].key, s->rows[j].key);
}

START_TEST(rows_that_set_one_value_stand_beside_each_other)
{
	for (size_t i = 0; i < n_campaign_sections; i++)
		rows_of_a_place_are_neighbours(&campaign_sections[i]);
	for (size_t i = 0; i < n_agent_sections; i++)
		rows_of_a_place_are_neighbours(&agent_sections[i]);
	rows_of_a_place_are_neighbours(&campaign_top);
}
END_TEST

START_TEST(each_key_has_one_row)
{
	for (size_t n = 0; n < n_campaign_sections; n++) {
		const struct conf_section *s = &campaign_sections[n];

		for (size_t i = 0; i < s->n_rows; i++)
			for (size_t j = 0; j < i; j++)
				ck_assert_str_ne(
				    s->rows[i].key, s->rows[j].key);
	}
}
END_TEST

UNIT_MAIN("conf_row", rows_that_set_one_value_stand_beside_each_other,
    each_key_has_one_row)
