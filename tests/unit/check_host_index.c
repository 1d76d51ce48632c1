/* check_host_index.c - hosts are found however they are spelt. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/xmem.h"
#include "conf/host_index.h"

#define HOSTS 10000

static uint32_t
put(struct host_index *x, const char *host, uint64_t beside, uint32_t number)
{
	return host_index_put(x, host, host_hash(host), beside, number);
}

START_TEST(a_host_has_one_number_in_any_spelling)
{
	static const char *const spelt[][2] = {{"192.0.2.1", "192.0.2.1"},
	    {"2001:db8::1", "2001:0DB8:0:0::1"},
	    {"::ffff:192.0.2.7", "192.0.2.7"},
	    {"branch.example.net", "Branch.EXAMPLE.net."}};
	struct host_index *x = host_index_new(0);

	for (uint32_t i = 0; i < 4; i++)
		ck_assert_uint_eq(put(x, spelt[i][0], 0, i), HOST_INDEX_NONE);
	for (uint32_t i = 0; i < 4; i++)
		ck_assert_uint_eq(host_index_find(x, spelt[i][1], 0), i);
	for (uint32_t i = 0; i < 4; i++)
		ck_assert_uint_eq(put(x, spelt[i][1], 0, 9), i);
	ck_assert_uint_eq(host_index_find(x, spelt[3][0], 0), 9);
	ck_assert_uint_eq(
	    host_index_find(x, "branch2.example.net", 0), HOST_INDEX_NONE);
	host_index_free(x);
}
END_TEST

START_TEST(a_host_beside_something_else_is_another)
{
	struct host_index *x = host_index_new(0);

	ck_assert_uint_eq(put(x, "192.0.2.1", 443, 1), HOST_INDEX_NONE);
	ck_assert_uint_eq(put(x, "192.0.2.1", 8443, 2), HOST_INDEX_NONE);
	ck_assert_uint_eq(host_index_find(x, "192.0.2.1", 443), 1);
	ck_assert_uint_eq(host_index_find(x, "192.0.2.1", 8443), 2);
	ck_assert_uint_eq(
	    host_index_find(x, "192.0.2.1", 444), HOST_INDEX_NONE);
	host_index_free(x);
}
END_TEST

START_TEST(many_hosts_keep_their_numbers)
{
	struct host_index *x = host_index_new(HOSTS / 10);
	char(*host)[16] = xcalloc(HOSTS, sizeof(*host));

	for (unsigned i = 0; i < HOSTS; i++) {
		snprintf(
		    host[i], sizeof(*host), "10.0.%u.%u", i / 100, i % 100);
		ck_assert_uint_eq(put(x, host[i], 0, i), HOST_INDEX_NONE);
	}
	for (unsigned i = 0; i < HOSTS; i++)
		ck_assert_uint_eq(host_index_find(x, host[i], 0), i);
	host_index_free(x);
	free(host);
}
END_TEST

UNIT_MAIN("host_index", a_host_has_one_number_in_any_spelling,
    a_host_beside_something_else_is_another, many_hosts_keep_their_numbers)
