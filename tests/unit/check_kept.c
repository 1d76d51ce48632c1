/* check_kept.c - the pieces of a capture that has ended. */
#include "agent/kept.h"

#include "unit.h"

START_TEST(pieces_are_copied_in_their_order)
{
	struct kept_pieces k = {0};
	char name[] = "a";

	kept_add(&k, &(struct kept_piece){.name = name, .bytes = 1});
	name[0] = 'b';
	kept_add(&k, &(struct kept_piece){.name = name, .bytes = 2});
	ck_assert_uint_eq(k.n, 2);
	ck_assert_str_eq(k.all[0].name, "a");
	ck_assert_str_eq(k.all[1].name, "b");
	kept_free(&k);
	ck_assert_uint_eq(k.n, 0);
	kept_free(&k);
}
END_TEST

UNIT_MAIN("kept", pieces_are_copied_in_their_order)
