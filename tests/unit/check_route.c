/* check_route.c - from which of its addresses this host sends. */
#include "io/route.h"

#include "unit.h"

static void
sends_from(const char *to, const char *from)
{
	struct addr a, b, is;

	ck_assert(addr_parse(&a, to));
	ck_assert(addr_parse(&b, from));
	ck_assert(route_source(&a, &is));
	ck_assert_int_eq(addr_cmp(&is, &b), 0);
}

START_TEST(to_itself_a_host_sends_from_there)
{
	sends_from("127.0.0.1", "127.0.0.1");
	sends_from("127.9.9.9", "127.0.0.1");
	sends_from("::1", "::1");
}
END_TEST

START_TEST(where_no_way_leads_there_is_no_address)
{
	struct addr a, is;

	/* Class E: no route of Linux leads there (net/ipv4/route.c). */
	ck_assert(addr_parse(&a, "255.255.255.255"));
	ck_assert(!route_source(&a, &is));
}
END_TEST

UNIT_MAIN("route", to_itself_a_host_sends_from_there,
    where_no_way_leads_there_is_no_address)
