/* check_groups.c - devices that lost in the same way at the same time. */
#include "report/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compare_made.h"
#include "unit.h"

#define DEVICES 20
#define AT(s)   (MADE_AT + (s)*MADE_S)

static struct {
	struct device_type type;
	struct agent_entry agent[2];
	struct device_entry device[DEVICES];
	const struct device_entry *devices[DEVICES];
	char address[DEVICES][24];
	struct campaign_conf conf;
	struct run_result *run;
	struct verdict_part part[4 * DEVICES];
	struct verdicts v;
	struct loss_groups *found;
} it;

/* The last device has the other agent. */
static void
make(void)
{
	memset(&it, 0, sizeof(it));
	it.conf.campaign.name = (char *)"test";
	it.conf.campaign.output = (char *)"/nowhere";
	it.agent[0].address = (char *)"198.51.100.1";
	it.agent[1].address = (char *)"198.51.100.2";
	for (int i = 0; i < DEVICES; i++) {
		snprintf(it.address[i], sizeof(it.address[i]), "192.0.2.%d", i);
		it.device[i] = (struct device_entry){.address = it.address[i],
		    .name = (char *)"",
		    .type = &it.type,
		    .agent = &it.agent[i == DEVICES - 1]};
		it.devices[i] = &it.device[i];
	}
	it.run =
	    run_result_for(&it.conf, "/nowhere", "run", it.devices, DEVICES);
	it.v.part = it.part;
}

static void
drop(void)
{
	loss_groups_free(it.found);
	run_result_free(it.run);
}

/* It could be judged for ten minutes, and lost from `from` to `to` (seconds;
 * both 0: nothing). */
static struct verdict_part *
add(size_t device, int from, int to)
{
	struct verdict_part *p = &it.part[it.v.n++];

	*p = (struct verdict_part){.device = device,
	    .event = 1,
	    .kind = TRAFFIC_SNMP,
	    .way = WAY_THERE,
	    .judged = {AT(-300), AT(300)}};
	if (from != 0 || to != 0)
		p->lost = (struct result_span){AT(from), AT(to)};
	return p;
}

static const struct loss_group *
group(uint32_t n, uint32_t of)
{
	loss_groups_free(it.found);
	it.found = loss_groups_find(it.run, &it.v);
	ck_assert_uint_eq(it.found->n, of);
	return of == 0 ? NULL : &it.found->group[n];
}

START_TEST(devices_that_lost_at_the_same_time_are_a_group)
{
	const struct loss_group *g;
	struct strbuf text = STRBUF_INIT;

	make();
	setenv("TZ", "UTC-1", 1);
	tzset();
	for (size_t i = 0; i < 17; i++)
		add(i, (int)i % 3, 98);
	add(17, 0, 0);
	g = group(0, 1);
	ck_assert_uint_eq(g->n, 17);
	ck_assert_uint_eq(g->of, 18);
	ck_assert_int_eq(g->lost.to, AT(98));
	loss_group_say(it.run, g, &text);
	ck_assert_str_eq(strbuf_text(&text),
	    "17 of 18 devices of agent 198.51.100.1 lost SNMP towards the "
	    "device between 04:11:02 and 04:12:40");
	strbuf_clear(&text);
	it.run->took = INT64_C(90000000); /* longer than a day */
	loss_group_say(it.run, g, &text);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&text),
	    "between 2026-11-23 04:11:02 and 2026-11-23 04:12:40"));
	strbuf_free(&text);
	unsetenv("TZ");
	drop();
}
END_TEST

START_TEST(the_way_is_said)
{
	struct strbuf text = STRBUF_INIT;

	make();
	add(0, 1, 50)->way = WAY_BACK;
	add(1, 1, 50)->way = WAY_BACK;
	loss_group_say(it.run, group(0, 1), &text);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&text),
	    "2 of 2 devices of agent 198.51.100.1 lost SNMP from the device"));
	strbuf_free(&text);
	drop();
}
END_TEST

START_TEST(one_device_is_no_group)
{
	make();
	add(0, 1, 50);
	group(0, 0);
	add(0, 1, 50)->event = 2; /* nor with itself */
	group(0, 0);
	drop();
}
END_TEST

START_TEST(another_agent_kind_or_way_is_another_group)
{
	make();
	add(0, 1, 50);
	add(DEVICES - 1, 1, 50);
	add(1, 1, 50)->kind = TRAFFIC_ICMP;
	add(2, 1, 50)->way = WAY_BACK;
	group(0, 0);
	drop();
}
END_TEST

START_TEST(half_of_the_longer_time_must_be_shared)
{
	make();
	add(0, 1, 101);
	add(1, 52, 101);
	group(0, 0);
	it.part[1].lost.from = AT(51);
	ck_assert_uint_eq(group(0, 1)->n, 2);
	drop();
}
END_TEST

START_TEST(single_packets_share_a_moment)
{
	make();
	add(0, 10, 10);
	add(1, 10, 10)->lost.from += MADE_S / 2;
	it.part[1].lost.to = it.part[1].lost.from;
	ck_assert_uint_eq(group(0, 1)->n, 2);
	it.part[1].lost.from = it.part[1].lost.to = AT(11);
	group(0, 0);
	drop();
}
END_TEST

START_TEST(only_who_could_be_judged_then_counts)
{
	make();
	add(0, 1, 101);
	add(1, 1, 101);
	add(2, 0, 0)->judged.to = AT(50); /* not for half of it */
	add(3, 0, 0)->judged.to = AT(51);
	add(4, 0, 0)->kind = TRAFFIC_TCP;
	add(4, 0, 0)->way = WAY_BACK;
	add(DEVICES - 1, 0, 0);
	ck_assert_uint_eq(group(0, 1)->of, 3);
	/* Who lost was judged. */
	it.part[1].judged.to = AT(10);
	ck_assert_uint_eq(group(0, 1)->of, 3);
	drop();
}
END_TEST

START_TEST(a_device_counts_once)
{
	make();
	add(0, 1, 100);
	add(0, 2, 100)->event = 2;
	add(1, 1, 100);
	add(2, 0, 0);
	add(2, 0, 0)->event = 2;
	ck_assert_uint_eq(group(0, 1)->n, 2);
	ck_assert_uint_eq(group(0, 1)->of, 3);
	drop();
}
END_TEST

START_TEST(the_largest_group_comes_first)
{
	make();
	add(0, 1, 10);
	add(1, 1, 10);
	add(2, 100, 200);
	add(3, 100, 200);
	add(4, 100, 200);
	ck_assert_uint_eq(group(0, 2)->n, 3);
	ck_assert_uint_eq(group(0, 2)->device[0], 2);
	ck_assert_uint_eq(group(1, 2)->n, 2);
	drop();
}
END_TEST

START_TEST(times_out_of_all_reason_are_harmless)
{
	make();
	add(0, 1, 1)->lost = (struct result_span){INT64_MIN, INT64_MAX};
	add(1, 1, 1)->lost = (struct result_span){INT64_MAX, INT64_MIN};
	add(2, 1, 1)->lost = (struct result_span){INT64_MIN, INT64_MIN};
	add(3, 1, 1)->judged = (struct result_span){INT64_MAX, INT64_MIN};
	it.found = loss_groups_find(it.run, &it.v);
	drop();
}
END_TEST

UNIT_MAIN("groups", devices_that_lost_at_the_same_time_are_a_group,
    the_way_is_said, one_device_is_no_group,
    another_agent_kind_or_way_is_another_group,
    half_of_the_longer_time_must_be_shared, single_packets_share_a_moment,
    only_who_could_be_judged_then_counts, a_device_counts_once,
    the_largest_group_comes_first, times_out_of_all_reason_are_harmless)
