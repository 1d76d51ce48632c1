/* check_compare.c - from two ends' files to a verdict. */
#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "capture_rig.h"
#include "compare/compare.h"

#define T0 INT64_C(1795000000000000000)
#define MS INT64_C(1000000)
#define S  INT64_C(1000000000)

#define HOST   0xc0000201u
#define DEVICE 0xcb007107u

struct rig {
	char path[SIDE_COUNT][2 * UNIT_PATH_MAX];
	const char *paths[SIDE_COUNT][2];
	struct capture_file out[SIDE_COUNT];
	struct compare_input in;
	struct compare_result *r;
};

static void
setup(struct rig *g)
{
	char folder[UNIT_PATH_MAX];
	int s;

	memset(g, 0, sizeof(*g));
	setenv("TZ", "UTC", 1);
	unit_folder(folder);
	for (s = 0; s < SIDE_COUNT; s++) {
		capture_begin(&g->out[s], LINK_RAW);
		(void)snprintf(
		    g->path[s], sizeof(g->path[s]), "%s/%d.pcap", folder, s);
		g->paths[s][0] = g->path[s];
		g->in.side[s].path = g->paths[s];
		g->in.side[s].n_paths = 1;
	}
}

static void
teardown(struct rig *g)
{
	int s;

	compare_free(g->r);
	for (s = 0; s < SIDE_COUNT; s++)
		capture_free(&g->out[s]);
}

static void
put(struct rig *g, int s, int64_t time, unsigned n, bool answer, uint8_t ttl)
{
	char data[100];
	struct packet p = {.protocol = IPPROTO_ICMP,
	    .from = answer ? DEVICE : HOST,
	    .to = answer ? HOST : DEVICE,
	    .type = answer ? 0 : 8,
	    .from_port = 77,
	    .seq = n,
	    .id = (uint16_t)(n + 1),
	    .ttl = ttl,
	    .data = data,
	    .n_data = sizeof(data)};

	memset(data, 'x', sizeof(data));
	(void)snprintf(data, sizeof(data), "ping %u", n);
	capture_packet(&g->out[s], T0 + time, &p);
}

/* A ping a second, those in [lost, found) never arrive. */
static void
pings(struct rig *g, unsigned n, unsigned lost, unsigned found)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		put(g, 0, i * S, i, false, 64);
		if (i >= lost && i < found)
			continue;
		put(g, 1, i * S + 10 * MS + i % 3 * MS, i, false, 60);
		put(g, 1, i * S + 14 * MS, i, true, 64);
		put(g, 0, i * S + 26 * MS, i, true, 60);
	}
}

static const struct compare_result *
run(struct rig *g)
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		if (g->out[s].len > 0)
			capture_save(&g->out[s], g->path[s]);
	g->r = compare_run(&g->in);
	return g->r;
}

START_TEST(nothing_was_lost)
{
	const struct compare_result *r;
	struct rig g;

	setup(&g);
	pings(&g, 100, 0, 0);
	r = run(&g);
	ck_assert_int_eq(r->exit_status, 0);
	ck_assert_int_eq(r->grade, GRADE_CERTAIN);
	ck_assert_int_eq(r->tally[TRAFFIC_ICMP][WAY_THERE].sent, 98);
	ck_assert_int_eq(r->side[SIDE_DEVICE].packets, 200);
	ck_assert_str_eq(r->side[SIDE_DEVICE].file[0].name, "1.pcap");
	ck_assert_str_eq(r->side[SIDE_DEVICE].link[0], "RAW");
	ck_assert_int_eq(strlen(r->side[SIDE_DEVICE].file[0].sha256), 64);
	ck_assert_int_eq(r->side[SIDE_SERVER].first, T0);
	teardown(&g);
}
END_TEST

START_TEST(pings_were_lost)
{
	const struct compare_result *r;
	struct rig g;

	setup(&g);
	g.in.side[SIDE_DEVICE].name = "branch\n12";
	pings(&g, 100, 40, 60);
	r = run(&g);
	ck_assert_int_eq(r->exit_status, 1);
	ck_assert_int_eq(r->tally[TRAFFIC_ICMP][WAY_THERE].lost, 20);
	ck_assert_ptr_nonnull(strstr(r->sentence,
	    "left the server and never reached the branch?12: 20 of 20 "
	    "between 11:07:20 and 11:07:39"));
	teardown(&g);
}
END_TEST

/* The one side has less of each packet: both are read as deep as that. */
START_TEST(packets_that_are_cut_are_compared)
{
	const struct compare_result *r;
	struct rig g;

	setup(&g);
	g.out[SIDE_DEVICE].snaplen = 60;
	capture_begin(&g.out[SIDE_DEVICE], LINK_RAW);
	pings(&g, 100, 40, 60);
	r = run(&g);
	ck_assert_int_eq(r->exit_status, 1);
	ck_assert_int_eq(r->tally[TRAFFIC_ICMP][WAY_THERE].lost, 20);
	ck_assert_int_eq(r->side[SIDE_DEVICE].snaplen, 60);
	teardown(&g);
}
END_TEST

START_TEST(only_a_part_of_the_time_is_judged_where_that_is_wanted)
{
	const struct compare_result *r;
	struct rig g;

	setup(&g);
	g.in.from = T0 + 10 * S - MS;
	g.in.to = T0 + 20 * S + 500 * MS;
	pings(&g, 100, 40, 60);
	r = run(&g);
	ck_assert_int_eq(r->exit_status, 0);
	ck_assert_int_eq(r->tally[TRAFFIC_ICMP][WAY_THERE].sent, 11);
	teardown(&g);
}
END_TEST

START_TEST(nothing_in_common_cannot_be_said)
{
	const struct compare_result *r;
	struct rig g;
	unsigned i;

	setup(&g);
	for (i = 0; i < 50; i++) {
		put(&g, 0, i * S, i, false, 64);
		put(&g, 1, i * S, 1000 + i, true, 64);
	}
	r = run(&g);
	ck_assert_int_eq(r->exit_status, 3);
	ck_assert_int_eq(r->grade, GRADE_UNKNOWN);
	ck_assert_ptr_nonnull(strstr(r->sentence, "Cannot be said"));
	teardown(&g);
}
END_TEST

START_TEST(an_empty_capture_cannot_be_said)
{
	struct rig g;
	unsigned i;

	setup(&g);
	for (i = 0; i < 50; i++)
		put(&g, 0, i * S, i, false, 64);
	run(&g);
	ck_assert_int_eq(g.r->exit_status, 3);
	ck_assert_str_eq(g.r->sentence,
	    "Cannot be said: there is no packet in the device's captures.");
	teardown(&g);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_trouble)
{
	struct rig g;

	setup(&g);
	pings(&g, 100, 0, 0);
	g.out[SIDE_DEVICE].len = 0;
	run(&g);
	ck_assert_int_eq(g.r->exit_status, 7);
	ck_assert_ptr_nonnull(strstr(g.r->trouble, "1.pcap"));
	ck_assert_int_eq(g.r->grade, GRADE_UNKNOWN);
	teardown(&g);
}
END_TEST

/* What the others hold is judged all the same. */
START_TEST(one_file_of_two_that_is_not_there)
{
	struct rig g;

	setup(&g);
	pings(&g, 100, 40, 60);
	g.paths[SIDE_DEVICE][1] = "/nowhere/CPE.pcap";
	g.in.side[SIDE_DEVICE].n_paths = 2;
	run(&g);
	ck_assert_int_eq(g.r->exit_status, 7);
	ck_assert_ptr_nonnull(strstr(g.r->trouble, "/nowhere/CPE.pcap"));
	ck_assert_int_eq(g.r->tally[TRAFFIC_ICMP][WAY_THERE].lost, 20);
	ck_assert_int_eq(g.r->side[SIDE_DEVICE].n_files, 2);
	teardown(&g);
}
END_TEST

START_TEST(too_little_memory_is_trouble)
{
	struct rig g;

	setup(&g);
	pings(&g, 5000, 0, 0);
	g.in.memory = 1000000;
	run(&g);
	ck_assert_int_eq(g.r->exit_status, 7);
	/* What was allowed, not the part of it that one side has. */
	ck_assert_ptr_nonnull(strstr(g.r->trouble, "with 1 MB of memory"));
	teardown(&g);
}
END_TEST

UNIT_MAIN("compare", nothing_was_lost, pings_were_lost,
    packets_that_are_cut_are_compared,
    only_a_part_of_the_time_is_judged_where_that_is_wanted,
    nothing_in_common_cannot_be_said, an_empty_capture_cannot_be_said,
    a_file_that_is_not_there_is_trouble, one_file_of_two_that_is_not_there,
    too_little_memory_is_trouble)
