/* check_offload.c - an interface's offload flags, as far as it tells. */
#include "io/offload.h"

#include "unit.h"

START_TEST(loopback_tells_and_names_are_distinct)
{
	bool on[OFFLOAD_FLAGS];

	/* Where it may be asked; a sandbox may forbid the socket. */
	(void)offload_read("lo", on);
	ck_assert_str_eq(offload_name(OFFLOAD_TSO), "tso");
	ck_assert_str_eq(offload_name(OFFLOAD_LRO), "lro");
}
END_TEST

START_TEST(no_such_interface_is_no_answer)
{
	bool on[OFFLOAD_FLAGS];

	ck_assert(!offload_read("absent0", on));
	ck_assert(!offload_read("any", on));
	ck_assert(!offload_read("a-name-that-is-much-too-long", on));
}
END_TEST

UNIT_MAIN("offload", loopback_tells_and_names_are_distinct,
    no_such_interface_is_no_answer)
