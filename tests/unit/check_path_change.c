/* check_path_change.c - what a way did where its packets got lost. */
#include "unit.h"

#include <netinet/in.h>

#include "compare_rig.h"

#define MS       INT64_C(1000000)
#define PACE     500    /* ms between two polls */
#define LOSS     100000 /* ms: then something is lost ... */
#define LOSS_END 110000
#define END      130000

/* Polls and their answers, of which some are lost. */
struct plan {
	int64_t from;           /* the first poll, ms */
	int64_t slow, slow_end; /* ms: then ... */
	int64_t by[WAY_COUNT];  /* ... it takes so many ns longer */
	enum way lost;
	bool silent;     /* nobody answers */
	bool twice;      /* each of the slow ones is sent twice */
	uint32_t length; /* of the slow ones; 0: as the others */
	uint16_t port;   /* the same */
};

static void
send_one(struct compare_rig *r, const struct plan *p, int64_t ms, enum way w)
{
	bool slow = ms >= p->slow && ms < p->slow_end;
	bool lost = w == p->lost && ms >= LOSS && ms < LOSS_END;
	struct rig_packet one = {.way = w,
	    .server_port = slow && p->port != 0 ? p->port : 40000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = w == WAY_THERE ? RECORD_SNMP_REQUEST : RECORD_SNMP_RESPONSE,
	    .bits = w == WAY_THERE ? RECORD_ASKS : RECORD_ANSWERS,
	    .exchange = (uint32_t)(ms / PACE),
	    .length = slow && p->length != 0 ? p->length : 90,
	    .key = (uint64_t)(ms + 7) * 0x9e3779b97f4a7c15u};

	r->delay[w] += slow ? p->by[w] : 0;
	rig_send(r, ms, &one, lost ? RIG_LOST : RIG_PASSES);
	if (slow && p->twice)
		rig_send(r, ms + 3, &one, lost ? RIG_LOST : RIG_PASSES);
	r->delay[w] -= slow ? p->by[w] : 0;
}

static void
play(struct compare_rig *r, const struct plan *p)
{
	int64_t ms;

	for (ms = p->from; ms < END; ms += PACE) {
		send_one(r, p, ms, WAY_THERE);
		if (!p->silent &&
		    (p->lost != WAY_THERE || ms < LOSS || ms >= LOSS_END))
			send_one(r, p, ms + 100, WAY_BACK);
	}
	rig_judge(r);
}

static uint32_t
lost(const struct compare_rig *r, enum way w)
{
	return r->result.tally[TRAFFIC_SNMP][w].lost;
}

static void
is_as_ever(const struct compare_rig *r)
{
	ck_assert_int_eq(r->result.path[WAY_THERE].slower_by, 0);
	ck_assert_int_eq(r->result.path[WAY_THERE].slower_from, 0);
	ck_assert_int_eq(r->result.path[WAY_BACK].slower_by, 0);
	ck_assert_int_eq(r->result.path[WAY_BACK].slower_from, 0);
}

/* Something is lost, and nothing is said of delays. */
static void
is_not_slower(struct compare_rig *r, const struct plan *p)
{
	play(r, p);
	ck_assert_uint_eq(lost(r, p->lost), 20);
	is_as_ever(r);
	compare_rig_free(r);
}

static void
is_slower(struct compare_rig *r, const struct plan *p, int64_t from)
{
	const struct result_path *path = &r->result.path[p->lost];

	play(r, p);
	ck_assert_uint_eq(lost(r, p->lost), 20);
	ck_assert_int_ge(path->slower_by, p->by[p->lost] - 2 * MS);
	ck_assert_int_le(path->slower_by, p->by[p->lost] + 2 * MS);
	/* By the clocks, which are as good as the round trip is short. */
	ck_assert_int_ge(path->slower_from, RIG_BEGAN + (from - 15) * MS);
	ck_assert_int_le(path->slower_from, RIG_BEGAN + (from + 15) * MS);
	ck_assert_int_eq(r->result.path[!p->lost].slower_by, 0);
	compare_rig_free(r);
}

static const struct plan rises = {
    .slow = 95000, .slow_end = LOSS, .by = {30 * MS, 0}};

START_TEST(a_way_that_becomes_slower_just_before_is_told)
{
	struct plan p = rises;

	is_slower(compare_rig_new(), &p, 95000);
	/* Both may. */
	p.by[WAY_BACK] = 20 * MS;
	is_slower(compare_rig_new(), &p, 95000);
	p = (struct plan){.slow = 97400,
	    .slow_end = LOSS,
	    .by = {0, 12 * MS},
	    .lost = WAY_BACK};
	is_slower(compare_rig_new(), &p, 97600);
}
END_TEST

START_TEST(clocks_that_differ_and_drift_do_not_hide_it)
{
	struct compare_rig *r = compare_rig_new();

	r->offset = INT64_C(-7200000000000);
	r->drift = 80e-6;
	is_slower(r, &rises, 95000);
}
END_TEST

START_TEST(it_has_to_be_just_before_and_to_the_last)
{
	struct plan p = rises;

	p.slow = 70000;
	is_not_slower(compare_rig_new(), &p);
	p = rises;
	p.slow_end = 99500;
	is_not_slower(compare_rig_new(), &p);
	/* Four packets. */
	p = rises;
	p.slow = 98000;
	is_not_slower(compare_rig_new(), &p);
	/* Only while they get lost. */
	p.slow = LOSS;
	p.slow_end = END;
	is_not_slower(compare_rig_new(), &p);
}
END_TEST

START_TEST(what_jitter_does_is_no_rise)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = rises;

	r->jitter[WAY_THERE] = 20 * MS;
	is_not_slower(r, &p);
	p.by[WAY_THERE] = 4 * MS;
	is_not_slower(compare_rig_new(), &p);
}
END_TEST

START_TEST(too_few_packets_before_tell_nothing)
{
	struct plan p = rises;

	p.from = 80500;
	is_not_slower(compare_rig_new(), &p);
	p.from = 80000;
	is_slower(compare_rig_new(), &p, 95000);
}
END_TEST

/* A step that fits between the two ways is none to the clock map. */
START_TEST(a_small_step_of_a_clock_is_no_rise)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = {0};

	r->step_at = 95000;
	r->step = 12 * MS;
	play(r, &p);
	ck_assert_int_eq(r->result.clock.n_steps, 0);
	ck_assert_uint_eq(lost(r, WAY_THERE), 20);
	is_as_ever(r);
	compare_rig_free(r);
	/* The other way round, seen from the other side. */
	r = compare_rig_new();
	r->step_at = 95000;
	r->step = -12 * MS;
	p.lost = WAY_BACK;
	is_not_slower(r, &p);
}
END_TEST

START_TEST(beside_a_clock_that_was_set_nothing_is_said)
{
	struct compare_rig *r = compare_rig_new();

	r->step_at = 60000;
	r->step = 3000 * MS;
	play(r, &rises);
	ck_assert_int_eq(r->result.clock.n_steps, 1);
	ck_assert_uint_eq(lost(r, WAY_THERE), 20);
	is_as_ever(r);
	compare_rig_free(r);
}
END_TEST

START_TEST(a_drift_is_no_rise)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = {0};

	r->drift = 140e-6;
	is_not_slower(r, &p);
	r = compare_rig_new();
	r->drift = -140e-6;
	is_not_slower(r, &p);
}
END_TEST

START_TEST(without_the_other_way_nothing_is_said)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = rises;

	p.silent = true;
	play(r, &p);
	is_as_ever(r);
	compare_rig_free(r);
}
END_TEST

/* Whichever of two that are alike was meant, nobody knows. */
START_TEST(packets_that_were_sent_twice_tell_nothing)
{
	struct plan p = rises;

	p.twice = true;
	is_not_slower(compare_rig_new(), &p);
}
END_TEST

START_TEST(larger_packets_and_new_connections_may_take_longer)
{
	struct plan p = rises;

	p.length = 1200;
	is_not_slower(compare_rig_new(), &p);
	p = rises;
	p.port = 41000;
	is_not_slower(compare_rig_new(), &p);
}
END_TEST

/* Slower, and none is lost. */
START_TEST(without_a_loss_there_is_no_before)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	for (i = 0; i < 200; i++) {
		r->delay[WAY_THERE] = (i < 190 ? 10 : 40) * MS;
		rig_ask(r, i * 500, (uint32_t)i, 0);
		rig_answer(r, i * 500 + 100, (uint32_t)i, 0);
	}
	rig_judge(r);
	ck_assert_uint_eq(lost(r, WAY_THERE), 0);
	is_as_ever(r);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("path_change", a_way_that_becomes_slower_just_before_is_told,
    clocks_that_differ_and_drift_do_not_hide_it,
    it_has_to_be_just_before_and_to_the_last, what_jitter_does_is_no_rise,
    too_few_packets_before_tell_nothing, a_small_step_of_a_clock_is_no_rise,
    beside_a_clock_that_was_set_nothing_is_said, a_drift_is_no_rise,
    without_the_other_way_nothing_is_said,
    packets_that_were_sent_twice_tell_nothing,
    larger_packets_and_new_connections_may_take_longer,
    without_a_loss_there_is_no_before)
