/* check_shard.c - which device is in which shard. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "conf/shard.h"

#define DEVICES 10000

START_TEST(one_of_several_is_an_index_and_a_number)
{
	static const char *const wrong[] = {"", "0", "0/", "/4", "4/4", "5/4",
	    "-1/4", "0/0", "1/1001", "0/4 ", " 0/4", "0x0/4", "0/4/4", "a/b",
	    "0-4", "99999999999999999999/4", "0/99999999999999999999"};
	struct shard s;

	ck_assert(shard_read("0/1", &s));
	ck_assert_int_eq(s.index, 0);
	ck_assert_int_eq(s.of, 1);
	ck_assert(shard_read("999/1000", &s));
	ck_assert_int_eq(s.index, 999);
	ck_assert_int_eq(s.of, SHARDS_MOST);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!shard_read(wrong[i], &s), "%s", wrong[i]);
}
END_TEST

START_TEST(its_folder_is_found_again)
{
	static const char *const wrong[] = {"shard-4-of-4", "shard-0-of-",
	    "shard-0", "shards-0-of-4", "shard-0-of-4x", "0-of-4", "shard-0/4",
	    "2026-11-23T04.00.00Z"};
	char name[SHARD_NAME_MAX];
	struct shard s = {2, 4};

	ck_assert_str_eq(shard_name(&s, name), "shard-2-of-4");
	s = (struct shard){0};
	ck_assert(shard_name_read(name, &s));
	ck_assert_int_eq(s.index, 2);
	ck_assert_int_eq(s.of, 4);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!shard_name_read(wrong[i], &s), "%s", wrong[i]);
}
END_TEST

/* Another version, or another program, must find the same. */
START_TEST(a_devices_shard_never_changes)
{
	static const struct {
		const char *address;
		int port, of_4, of_10;
	} rows[] = {
	    {"192.0.2.10", 443, 3, 8},
	    {"192.0.2.11", 443, 1, 3},
	    {"192.0.2.11", 8443, 2, 6},
	    {"2001:db8::1", 443, 2, 5},
	    {"2001:db8:0:0:0:0:0:1", 443, 2, 5},
	    {"branch-1.example.net", 443, 2, 7},
	    {"Branch-1.Example.NET.", 443, 2, 7},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_int_eq(
		    shard_index(rows[i].address, rows[i].port, 1), 0);
		ck_assert_int_eq(shard_index(rows[i].address, rows[i].port, 4),
		    rows[i].of_4);
		ck_assert_int_eq(shard_index(rows[i].address, rows[i].port, 10),
		    rows[i].of_10);
	}
}
END_TEST

/* The i-th address of a network, as networks are planned. */
typedef void plan(int i, char *buf, size_t size);

static void
one_after_the_other(int i, char *buf, size_t size)
{
	snprintf(buf, size, "10.1.%d.%d", i / 250, 1 + i % 250);
}

static void
one_a_site(int i, char *buf, size_t size)
{
	snprintf(buf, size, "10.%d.%d.1", i / 250, i % 250);
}

static void
two_a_site(int i, char *buf, size_t size)
{
	snprintf(
	    buf, size, "172.16.%d.%d", i / 2 / 32, i / 2 % 32 * 8 + 1 + i % 2);
}

static void
one_a_subnet_of_16(int i, char *buf, size_t size)
{
	snprintf(buf, size, "10.%d.%d.%d", 20 + i / 4096, i / 16 % 256,
	    i % 16 * 16 + 14);
}

static void
one_a_prefix(int i, char *buf, size_t size)
{
	snprintf(buf, size, "2001:db8:%x:1::1", i);
}

static void
by_name(int i, char *buf, size_t size)
{
	snprintf(buf, size, "branch-%04d.example.net", i);
}

/* The worst shard of `of` has how many per cent more or less than its part? */
static double
unevenness(plan *address, int of)
{
	int n[32] = {0};
	double worst = 0, part = (double)DEVICES / of;
	char buf[64];

	for (int i = 0; i < DEVICES; i++) {
		int at;

		address(i, buf, sizeof(buf));
		at = shard_index(buf, 443, of);
		unit_must(at >= 0 && at < of, "shard %d of %d", at, of);
		n[at]++;
	}
	for (int i = 0; i < of; i++) {
		double off = n[i] > part ? n[i] - part : part - n[i];

		if (off / part > worst)
			worst = off / part;
	}
	return worst * 100;
}

START_TEST(shards_have_the_same_number_of_devices)
{
	plan *const plans[] = {one_after_the_other, one_a_site, two_a_site,
	    one_a_subnet_of_16, one_a_prefix};

	for (size_t p = 0; p < sizeof(plans) / sizeof(plans[0]); p++)
		for (int of = 2; of <= 32; of++)
			ck_assert_msg(unevenness(plans[p], of) <= 5,
			    "plan %zu, %d shards: %.1f %%", p, of,
			    unevenness(plans[p], of));
	for (int of = 2; of <= 4; of++)
		ck_assert_msg(unevenness(by_name, of) <= 5, "%d: %.1f %%", of,
		    unevenness(by_name, of));
}
END_TEST

UNIT_MAIN("shard", one_of_several_is_an_index_and_a_number,
    its_folder_is_found_again, a_devices_shard_never_changes,
    shards_have_the_same_number_of_devices)
