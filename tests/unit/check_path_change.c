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
	int64_t route;   /* ms: then ... */
	unsigned hops;   /* ... there are so many routers on the way, ... */
	enum way routed; /* ... this one; 0: as ever */
	int64_t back;    /* ms: then it is as before; 0: never */
	int64_t port_at; /* ms: then all come from another port; 0: never */
	bool both;       /* each poll comes from another port, too ... */
	bool stays;      /* ... which goes the old way */
	bool flaps;      /* each second packet goes the new way */
};

/* Is this one on the new route? */
static bool
goes_new(const struct plan *p, int64_t ms, enum way w)
{
	return p->hops > 0 && w == p->routed && ms >= p->route &&
	       (p->back == 0 || ms < p->back) &&
	       (!p->flaps || ms / PACE % 2 == 0);
}

static void
send_routed(struct compare_rig *r, const struct plan *p, int64_t ms,
    const struct rig_packet *one, int fate)
{
	unsigned hops = r->hops;
	struct rig_packet other = *one;

	r->hops = goes_new(p, ms, one->way) ? p->hops : hops;
	rig_send(r, ms, one, fate);
	other.server_port = 42000;
	other.key++;
	other.exchange += 1000;
	r->hops = p->stays ? hops : r->hops;
	if (p->both)
		rig_send(r, ms + 7, &other, fate);
	r->hops = hops;
}

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
	if (p->port_at > 0 && ms >= p->port_at)
		one.server_port = 41000;
	send_routed(r, p, ms, &one, lost ? RIG_LOST : RIG_PASSES);
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
static void
has_route(const struct compare_rig *r, enum way w, int64_t from, int hops)
{
	const struct result_path *p = &r->result.path[w];

	ck_assert_int_eq(p->hops_before, 3);
	ck_assert_int_eq(p->hops, hops);
	ck_assert_int_ge(p->route_from, RIG_BEGAN + (from - 15) * MS);
	ck_assert_int_le(p->route_from, RIG_BEGAN + (from + 15) * MS);
	ck_assert_int_eq(r->result.path[!w].hops, 0);
	ck_assert_int_eq(r->result.path[!w].route_from, 0);
}

static void
finds_route(const struct plan *p, int64_t from)
{
	struct compare_rig *r = compare_rig_new();

	play(r, p);
	ck_assert_uint_gt(lost(r, p->lost), 19);
	has_route(r, p->lost, from, (int)p->hops);
	is_as_ever(r);
	compare_rig_free(r);
}

/* Something is lost, and nothing is said of routes. */
static void
finds_no_route(struct compare_rig *r, const struct plan *p)
{
	int w;

	play(r, p);
	ck_assert_uint_gt(lost(r, p->lost), 19);
	for (w = 0; w < WAY_COUNT; w++) {
		ck_assert_int_eq(r->result.path[w].hops, 0);
		ck_assert_int_eq(r->result.path[w].hops_before, 0);
		ck_assert_int_eq(r->result.path[w].route_from, 0);
	}
	compare_rig_free(r);
}

static const struct plan rerouted = {.route = LOSS, .hops = 5};

START_TEST(another_route_where_the_loss_begins_is_told)
{
	struct plan p = rerouted;

	/* The first that arrives again. */
	finds_route(&p, LOSS_END);
	p.route = LOSS - 3000;
	finds_route(&p, LOSS - 3000);
	p.hops = 1;
	finds_route(&p, LOSS - 3000);
	p.both = true;
	finds_route(&p, LOSS - 3000);
	p = rerouted;
	p.lost = p.routed = WAY_BACK;
	finds_route(&p, LOSS_END + 100);
}
END_TEST

START_TEST(another_route_at_another_time_is_not_the_losss)
{
	struct plan p = rerouted;

	p.route = LOSS - 10000;
	finds_no_route(compare_rig_new(), &p);
	p.route = LOSS_END + 5000;
	finds_no_route(compare_rig_new(), &p);
	/* It is the other way's, which loses nothing. */
	p = rerouted;
	p.routed = WAY_BACK;
	finds_no_route(compare_rig_new(), &p);
}
END_TEST

START_TEST(a_route_that_does_not_last_tells_nothing)
{
	struct plan p = rerouted;

	p.back = LOSS_END + 2000;
	finds_no_route(compare_rig_new(), &p);
	p = rerouted;
	p.route = 0;
	p.flaps = true;
	finds_no_route(compare_rig_new(), &p);
}
END_TEST

START_TEST(few_packets_are_no_route)
{
	struct plan p = rerouted;

	p.port_at = LOSS_END + 2500;
	finds_route(&p, LOSS_END);
	p.port_at = LOSS_END + 2000;
	finds_no_route(compare_rig_new(), &p);
	/* Those of a new connection have nothing before them. */
	p.port_at = LOSS;
	finds_no_route(compare_rig_new(), &p);
}
END_TEST

START_TEST(connections_that_disagree_tell_nothing)
{
	struct plan p = rerouted;

	p.both = p.stays = true;
	finds_no_route(compare_rig_new(), &p);
}
END_TEST

/* The sender's TTL is what changes, or the copies of a capture. */
START_TEST(what_the_ends_do_is_no_route)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = rerouted;

	r->ttl_at = LOSS;
	finds_no_route(r, &p);
	r = compare_rig_new();
	r->ttl_at = LOSS;
	p.hops = 0;
	finds_no_route(r, &p);
	r = compare_rig_new();
	r->copies = true;
	p = rerouted;
	finds_no_route(r, &p);
}
END_TEST

/* n polls, of which the last `marked` ones leave with 46 and arrive with 8. */
static struct compare_rig *
marks(int n, int marked)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	for (i = 0; i < n; i++) {
		r->dscp[SIDE_SERVER] = i < n - marked ? 10 : 46;
		r->dscp[SIDE_DEVICE] = i < n - marked ? 10 : 8;
		rig_ask(r, i * 500, (uint32_t)i, 0);
		r->dscp[SIDE_SERVER] = r->dscp[SIDE_DEVICE];
		rig_answer(r, i * 500 + 100, (uint32_t)i, 0);
	}
	rig_judge(r);
	return r;
}

START_TEST(another_dscp_is_noted_and_no_fault)
{
	struct compare_rig *r = marks(100, 3);

	ck_assert_uint_eq(lost(r, WAY_THERE), 0);
	ck_assert_uint_eq(r->result.path[WAY_THERE].dscp_n, 3);
	ck_assert_uint_eq(r->result.path[WAY_THERE].dscp_sent, 46);
	ck_assert_uint_eq(r->result.path[WAY_THERE].dscp_seen, 8);
	/* The same at both ends, though not always the same. */
	ck_assert_uint_eq(r->result.path[WAY_BACK].dscp_n, 0);
	compare_rig_free(r);
	r = marks(100, 2);
	ck_assert_uint_eq(r->result.path[WAY_THERE].dscp_n, 0);
	ck_assert_uint_eq(r->result.path[WAY_THERE].dscp_sent, 0);
	compare_rig_free(r);
}
END_TEST

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
    another_route_where_the_loss_begins_is_told,
    another_route_at_another_time_is_not_the_losss,
    a_route_that_does_not_last_tells_nothing, few_packets_are_no_route,
    connections_that_disagree_tell_nothing, what_the_ends_do_is_no_route,
    another_dscp_is_noted_and_no_fault, without_a_loss_there_is_no_before)
