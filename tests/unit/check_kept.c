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

START_TEST(in_short_they_are_from_the_first_to_the_last_packet)
{
	static char first[] = "OVOC_x-0.pcap", second[] = "OVOC_x-1.pcap";
	struct kept_piece all[] = {{.name = first,
				       .bytes = 24,
				       .packets = 0,
				       .first_us = 1,
				       .last_us = 9000000},
	    {.name = second,
		.bytes = 100,
		.packets = 2,
		.first_us = 3000000,
		.last_us = 4000000}};
	const struct kept_pieces k = {all, 2};
	struct info_pieces told = kept_told(&k, -1);

	ck_assert_str_eq(told.first, first);
	ck_assert_int_eq(told.count, 2);
	ck_assert_int_eq(told.bytes, 124);
	ck_assert_int_eq(told.packets, 2);
	ck_assert_int_eq(told.from_ms, 3000);
	ck_assert_int_eq(told.to_ms, 4000);
	ck_assert_int_eq(told.dropped, -1);
	all[0].packets = -1;
	ck_assert_int_eq(kept_told(&k, 0).packets, -1);
}
END_TEST

UNIT_MAIN("kept", pieces_are_copied_in_their_order,
    in_short_they_are_from_the_first_to_the_last_packet)
