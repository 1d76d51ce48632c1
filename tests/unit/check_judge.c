/* check_judge.c - what a whole comparison finds. */
#include <netinet/in.h>

#include "unit.h"

#include "compare_rig.h"

#define SECOND INT64_C(1000000000)

/* A poll a second and a trap every ten. */
struct plan {
	int64_t from, to;      /* polls [from, to) ... */
	int ask, answer, trap; /* ... have this fate */
};

static void
run_polls(struct compare_rig *r, int n, const struct plan *plan)
{
	bool in;
	int i;

	for (i = 0; i < n; i++) {
		in = i >= plan->from && i < plan->to;
		rig_ask(r, i * 1000, (uint32_t)i, in ? plan->ask : 0);
		if (!in || (plan->ask & RIG_LOST) == 0)
			rig_answer(r, i * 1000 + 20, (uint32_t)i,
			    in ? plan->answer : 0);
		if (i % 10 == 5)
			rig_trap(r, i * 1000 + 300, (uint32_t)i,
			    in ? plan->trap : 0);
	}
}

static const struct loss_tally *
tally(const struct compare_rig *r, enum traffic t, enum way w)
{
	return &r->result.tally[t][w];
}

static void
is_lost(const struct compare_rig *r, enum traffic t, enum way w, uint32_t lost,
    enum grade grade)
{
	ck_assert_int_eq(tally(r, t, w)->lost, lost);
	ck_assert_int_eq(tally(r, t, w)->grade, grade);
}

START_TEST(nothing_is_lost_where_all_arrives)
{
	struct compare_rig *r = compare_rig_new();
	struct plan none = {0};

	run_polls(r, 120, &none);
	rig_judge(r);
	ck_assert(r->result.clock.known);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_SNMP, WAY_BACK, 0, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_TRAP, WAY_BACK, 0, GRADE_CERTAIN);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->sent, 118);
	ck_assert_int_eq(
	    r->result.letter[ASKER_OVOC][ASK_SNMP].letter, LETTER_ANSWERED);
	compare_rig_free(r);
}
END_TEST

START_TEST(questions_that_never_arrive_are_lost_there)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {40, 80, RIG_LOST, 0, 0};

	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 40, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_SNMP, WAY_BACK, 0, GRADE_CERTAIN);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->run, 40);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->among, 40);
	ck_assert_int_eq(
	    tally(r, TRAFFIC_SNMP, WAY_THERE)->pattern, PATTERN_ALL);
	ck_assert_int_eq(
	    r->result.letter[ASKER_OVOC][ASK_SNMP].letter, LETTER_LOST_THERE);
	compare_rig_free(r);
}
END_TEST

START_TEST(answers_that_never_arrive_are_lost_back)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {60, 120, 0, RIG_LOST, 0};

	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_SNMP, WAY_BACK, 59, GRADE_CERTAIN);
	ck_assert_int_eq(
	    tally(r, TRAFFIC_SNMP, WAY_BACK)->pattern, PATTERN_ONWARD);
	ck_assert_int_eq(
	    r->result.letter[ASKER_OVOC][ASK_SNMP].letter, LETTER_LOST_BACK);
	compare_rig_free(r);
}
END_TEST

/* Datagrams that go both ways, a pair a second. */
static void
run_talk(struct compare_rig *r, int n)
{
	struct rig_packet p = {.server_port = 4000,
	    .device_port = 4001,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_UDP,
	    .length = 200};
	int i;

	for (i = 0; i < n * 2; i++) {
		p.way = i % 2 == 0 ? WAY_THERE : WAY_BACK;
		p.key = 800000 + (uint32_t)i;
		rig_send(r, i * 500 + 250, &p, 0);
	}
}

/* Two captures on one host, either of which may be the first to see a packet:
 * no hop and no delay tells the ends apart, but who asks does.  Told the wrong
 * way round, nothing would be lost. */
START_TEST(who_asks_is_at_the_servers_end_where_no_delay_tells)
{
	struct plan plan = {0, 120, 0, RIG_LOST, 0};
	struct compare_rig *r;
	int64_t us;

	for (us = 0; us <= 20; us++) {
		r = compare_rig_new();
		r->hops = 0;
		r->delay[WAY_THERE] = r->delay[WAY_BACK] = us * -500;
		r->jitter[WAY_THERE] = r->jitter[WAY_BACK] = us * 1000;
		run_polls(r, 120, &plan);
		run_talk(r, 120);
		rig_judge(r);
		ck_assert_uint_ge(tally(r, TRAFFIC_SNMP, WAY_BACK)->lost, 110);
		ck_assert_int_eq(
		    tally(r, TRAFFIC_SNMP, WAY_BACK)->grade, GRADE_CERTAIN);
		compare_rig_free(r);
	}
}
END_TEST

START_TEST(any_offset_is_found_within_its_bound)
{
	static const int64_t offsets[] = {0, 1000, -3600 * SECOND,
	    INT64_C(315000000) * SECOND, -INT64_C(315000000) * SECOND};
	struct compare_rig *r;
	struct plan plan = {40, 80, RIG_LOST, 0, 0};
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		r = compare_rig_new();
		r->offset = offsets[i];
		r->drift = 50e-6;
		run_polls(r, 120, &plan);
		rig_judge(r);
		is_lost(r, TRAFFIC_SNMP, WAY_THERE, 40, GRADE_CERTAIN);
		ck_assert_int_le(llabs(r->result.clock.offset - offsets[i]),
		    r->result.clock.error + SECOND / 100);
		ck_assert_int_eq(r->result.clock.n_steps, 0);
		compare_rig_free(r);
	}
}
END_TEST

START_TEST(translated_addresses_are_found)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {40, 80, RIG_LOST, 0, 0};

	r->nat = r->new_ids = true;
	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 40, GRADE_CERTAIN);
	ck_assert_int_ge(r->result.n_nat, 1);
	compare_rig_free(r);
}
END_TEST

START_TEST(a_server_may_have_a_second_address_where_it_asks)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {40, 80, RIG_LOST, 0, 0};

	r->inbound_nat = r->new_ids = true;
	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 40, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_TRAP, WAY_BACK, 0, GRADE_CERTAIN);
	ck_assert_int_eq(r->result.n_nat, 1);
	compare_rig_free(r);
	r = compare_rig_new();
	plan = (struct plan){60, 110, 0, RIG_LOST, 0};
	r->inbound_nat = true;
	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_BACK, 50, GRADE_CERTAIN);
	compare_rig_free(r);
}
END_TEST

/* Somebody else asks the very same, and is answered, while nothing of the
 * server's arrives. */
START_TEST(another_manager_that_counts_alike_is_not_the_server)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {0, 120, RIG_LOST, 0, 0};
	struct rig_packet p = {.server_port = 40000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .length = 90};
	uint32_t i;

	run_polls(r, 120, &plan);
	for (i = 0; i < r->n[SIDE_SERVER]; i++) {
		if (r->rec[SIDE_SERVER][i].what != RECORD_SNMP_REQUEST)
			continue;
		p.way = WAY_THERE;
		p.what = RECORD_SNMP_REQUEST;
		p.bits = RECORD_ASKS;
		p.exchange = r->rec[SIDE_SERVER][i].exchange;
		p.key = r->rec[SIDE_SERVER][i].key;
		rig_campaign(r, p.exchange * 1000 + 15, &p);
		p.way = WAY_BACK;
		p.what = RECORD_SNMP_RESPONSE;
		p.bits = RECORD_ANSWERS;
		p.key = ~p.key;
		rig_campaign(r, p.exchange * 1000 + 16, &p);
	}
	rig_judge(r);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->arrived, 0);
	ck_assert_int_eq(r->result.n_nat, 0);
	compare_rig_free(r);
}
END_TEST

START_TEST(a_clock_that_is_set_is_a_step)
{
	static const int64_t steps[] = {30 * SECOND, -30 * SECOND, SECOND / 2};
	struct compare_rig *r;
	struct plan plan = {40, 80, RIG_LOST, 0, 0};
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		r = compare_rig_new();
		r->step_at = 20500;
		r->step = steps[i];
		run_polls(r, 120, &plan);
		rig_judge(r);
		is_lost(r, TRAFFIC_SNMP, WAY_THERE, 40, GRADE_CERTAIN);
		ck_assert_int_eq(r->result.clock.n_steps, 1);
		ck_assert_int_le(
		    llabs(r->result.clock.step_by[0] - steps[i]), SECOND / 20);
		compare_rig_free(r);
	}
}
END_TEST

START_TEST(what_a_capture_misses_is_not_lost)
{
	struct compare_rig *r = compare_rig_new();
	struct plan none = {0};

	run_polls(r, 120, &none);
	rig_ask(r, 60500, 1000, RIG_NOT_SEEN);
	rig_answer(r, 60520, 1000, 0);
	rig_ask(r, 70500, 1001, RIG_NOT_SENT);
	rig_answer(r, 70520, 1001, 0);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->missed, 1);
	ck_assert_int_ge(r->result.side[SIDE_DEVICE].misses, 1);
	ck_assert_int_ge(r->result.side[SIDE_SERVER].misses, 1);
	compare_rig_free(r);
}
END_TEST

START_TEST(a_capture_that_was_blind_is_no_witness)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {60, 64, RIG_NOT_SEEN, RIG_NOT_SENT, RIG_NOT_SENT};

	run_polls(r, 120, &plan);
	rig_judge(r);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->lost, 0);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_BACK)->lost, 0);
	compare_rig_free(r);
}
END_TEST

/* Four seconds of it are not judged, and of the rest it is no worse. */
START_TEST(where_a_capture_was_blind_nothing_is_judged)
{
	struct compare_rig *r = compare_rig_new();
	struct plan blind = {.from = 60,
	    .to = 64,
	    .ask = RIG_NOT_SENT,
	    .answer = RIG_NOT_SEEN,
	    .trap = RIG_NOT_SEEN};

	run_polls(r, 120, &blind);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_SNMP, WAY_BACK, 0, GRADE_CERTAIN);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_BACK)->unknown, 0);
	ck_assert_int_eq(r->result.side[SIDE_SERVER].misses, 0);
	ck_assert_int_eq(r->result.n_common, 2);
	ck_assert_int_gt(r->result.not_judged[REASON_CAPTURE_BLIND], 3);
	compare_rig_free(r);
}
END_TEST

/* Nothing of the device's is answered at all while it does not see. */
START_TEST(few_losses_of_a_capture_that_drops_cannot_be_said)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	for (i = 0; i < 400; i++) {
		rig_ask(r, i * 500, (uint32_t)i, 0);
		rig_answer(r, i * 500 + 20, (uint32_t)i,
		    i % 20 == 7 ? RIG_NOT_SENT : 0);
	}
	/* A question that the device's capture may have missed. */
	rig_ask(r, 100250, 5000, RIG_LOST);
	rig_judge(r);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->lost, 0);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->unknown, 1);
	compare_rig_free(r);
}
END_TEST

START_TEST(one_loss_is_likely_at_most)
{
	struct compare_rig *r = compare_rig_new();
	struct plan plan = {60, 61, RIG_LOST, 0, 0};

	run_polls(r, 120, &plan);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 1, GRADE_LIKELY);
	compare_rig_free(r);
}
END_TEST

START_TEST(equal_packets_are_not_paired_across_a_loss)
{
	struct compare_rig *r = compare_rig_new();
	struct plan none = {0};
	int i;

	r->new_ids = true;
	run_polls(r, 120, &none);
	/* The same bytes every eight seconds. */
	for (i = 0; i < 10; i++)
		rig_ask(
		    r, 10500 + i * 8000, 9000, i >= 4 && i < 7 ? RIG_LOST : 0);
	rig_judge(r);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->lost, 3);
	compare_rig_free(r);
}
END_TEST

START_TEST(one_direction_in_a_file_cannot_be_judged)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	/* The device's file has nothing that came in. */
	r->wish.one_way[SIDE_DEVICE] = true;
	for (i = 0; i < 100; i++) {
		rig_ask(r, i * 1000, (uint32_t)i, RIG_NOT_SEEN);
		rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
	}
	/* These were not answered, so nothing proves that they arrived. */
	for (i = 0; i < 10; i++)
		rig_ask(r, 50500 + i * 1000, 500u + (uint32_t)i, RIG_NOT_SEEN);
	rig_judge(r);
	ck_assert(!r->result.clock.known);
	ck_assert_int_eq(tally(r, TRAFFIC_SNMP, WAY_THERE)->lost, 0);
	ck_assert_int_eq(
	    tally(r, TRAFFIC_SNMP, WAY_THERE)->unknown_by[REASON_ONE_WAY], 10);
	compare_rig_free(r);
}
END_TEST

START_TEST(who_stops_asking_is_told)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	for (i = 0; i < 120; i++) {
		if (i < 60) {
			rig_ask(r, i * 1000, (uint32_t)i, 0);
			rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
		}
		rig_trap(r, i * 1000 + 500, (uint32_t)i, 0);
	}
	rig_judge(r);
	ck_assert_int_eq(r->result.asked_until / SECOND % 60, 39);
	ck_assert_int_eq(r->result.reports, REPORTS_ARRIVED);
	compare_rig_free(r);
}
END_TEST

/* Probes, from another socket: `n` of them, each second from then on. */
static void
probe(struct compare_rig *r, int64_t from_ms, int n)
{
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 41000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_SNMP_REQUEST,
	    .bits = RECORD_ASKS,
	    .length = 90};
	int i;

	for (i = 0; i < n; i++) {
		p.exchange = 9000u + (uint32_t)i;
		p.key = 0x123456789abcdef0u + (uint64_t)i;
		rig_send(r, from_ms + i * 1000, &p, 0);
	}
}

/* The probes behind an alarm are not OVOC's polls; whoever asks to the end may
 * be OVOC, which was started again. */
START_TEST(probes_are_no_polls)
{
	static const struct {
		int from, n, until;
	} rows[] = {{100, 10, 39}, {60, 58, 0}};
	struct compare_rig *r;
	size_t k;
	int i;

	for (k = 0; k < 2; k++) {
		r = compare_rig_new();
		for (i = 0; i < 120; i++) {
			if (i < 60) {
				rig_ask(r, i * 1000, (uint32_t)i, 0);
				rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
			}
			rig_trap(r, i * 1000 + 500, (uint32_t)i, 0);
		}
		probe(r, rows[k].from * 1000, rows[k].n);
		rig_judge(r);
		ck_assert_int_eq(
		    r->result.asked_until / SECOND % 60, rows[k].until);
		compare_rig_free(r);
	}
}
END_TEST

/* What answers them: Reports, the last `well` of them responses. */
static void
answer_probes(struct compare_rig *r, int64_t from_ms, int n, int well)
{
	struct rig_packet p = {.way = WAY_BACK,
	    .server_port = 41000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .bits = RECORD_ANSWERS,
	    .length = 90};
	int i;

	for (i = 0; i < n; i++) {
		p.what =
		    i < n - well ? RECORD_SNMP_REPORT : RECORD_SNMP_RESPONSE;
		p.exchange = 9000u + (uint32_t)i;
		p.key = 0xfedcba9876543210u + (uint64_t)i;
		rig_send(r, from_ms + i * 1000 + 20, &p, 0);
	}
}

START_TEST(a_user_whom_nothing_but_reports_answer_is_refused)
{
	struct compare_rig *r;
	uint32_t well;
	int i;

	for (well = 0; well < 2; well++) {
		r = compare_rig_new();
		for (i = 0; i < 60; i++) {
			rig_ask(r, i * 1000, (uint32_t)i, 0);
			rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
		}
		probe(r, 30200, 6);
		answer_probes(r, 30200, 6, (int)well);
		rig_judge(r);
		ck_assert_uint_eq(r->result.bad_user, well > 0 ? 0 : 6);
		compare_rig_free(r);
	}
}
END_TEST

START_TEST(the_devices_messages_are_looked_at_in_the_time_of_trouble)
{
	static const struct {
		int fate;
		enum reports reports;
	} rows[] = {{0, REPORTS_ARRIVED}, {RIG_LOST, REPORTS_LOST}};
	struct compare_rig *r;
	size_t i;

	for (i = 0; i < 2; i++) {
		struct plan plan = {40, 80, RIG_LOST, 0, rows[i].fate};

		r = compare_rig_new();
		run_polls(r, 120, &plan);
		rig_judge(r);
		ck_assert_int_eq(r->result.reports, rows[i].reports);
		compare_rig_free(r);
	}
}
END_TEST

START_TEST(questions_without_an_answer_are_no_loss)
{
	struct compare_rig *r = compare_rig_new();
	int i;

	for (i = 0; i < 120; i++) {
		rig_ask(r, i * 1000, (uint32_t)i, 0);
		if (i < 40 || i >= 80)
			rig_answer(r, i * 1000 + 20, (uint32_t)i, 0);
		rig_trap(r, i * 1000 + 300, (uint32_t)i, 0);
	}
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	ck_assert_int_eq(
	    r->result.letter[ASKER_OVOC][ASK_SNMP].letter, LETTER_UNANSWERED);
	ck_assert_int_eq(r->result.letter[ASKER_OVOC][ASK_SNMP].agree, 40);
	ck_assert_int_eq(r->result.n_ladder, 40);
	compare_rig_free(r);
}
END_TEST

/* The device's capture begins while the server's is blind. */
START_TEST(a_blind_moment_at_the_beginning_is_no_loss)
{
	struct compare_rig *r = compare_rig_new();
	uint32_t i;

	r->delay[WAY_THERE] = r->delay[WAY_BACK] = 500000000;
	for (i = 0; i < 100; i++) {
		rig_ask(r, i * 1000, i, i < 40 ? RIG_NOT_SEEN : 0);
		rig_answer(r, i * 1000 + 510, i, i < 40 ? RIG_NOT_SENT : 0);
	}
	for (i = 0; i < 5; i++)
		rig_ask(r, 40020 + i * 150, 500 + i, RIG_NOT_SENT);
	rig_trap(r, 40020 + 900, 700, RIG_NOT_SEEN);
	rig_judge(r);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TRAP][WAY_BACK].lost, 0);
	compare_rig_free(r);
}
END_TEST

/* The device's capture misses every twentieth packet. */
static void
run_drops(struct compare_rig *r, bool loses)
{
	int i, fate;

	for (i = 0; i < 400; i++) {
		fate = i % 20 == 3 ? RIG_NOT_SEEN : 0;
		if (loses && i % 20 == 13)
			fate = RIG_LOST;
		rig_ask(r, i * 500, (uint32_t)i, fate);
		if (fate != RIG_LOST)
			rig_answer(r, i * 500 + 20, (uint32_t)i,
			    i % 20 == 7 ? RIG_NOT_SENT : 0);
	}
}

/* Answers would tell of most that the capture missed: those of which none does
 * are lost, no more than it misses though they are. */
START_TEST(questions_without_answers_are_lost_though_the_capture_drops)
{
	struct compare_rig *r = compare_rig_new();
	const struct loss_tally *t = tally(r, TRAFFIC_SNMP, WAY_THERE);

	run_drops(r, true);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 20, GRADE_CERTAIN);
	ck_assert_int_ge(t->at_least, 8);
	ck_assert_int_lt(t->at_least, 20);
	ck_assert_int_eq(t->missed, 20);
	compare_rig_free(r);
}
END_TEST

/* The device's capture lacks the first `n` of these. */
static void
send_messages(struct compare_rig *r, int n)
{
	static const int missed[] = {
	    2, 17, 41, 48, 83, 25, 30, 57, 62, 69, 75, 91, 96};
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 4000,
	    .device_port = 4001,
	    .protocol = 17,
	    .what = RECORD_UDP,
	    .length = 200};
	int i, k, fate;

	for (i = 0; i < 100; i++) {
		fate = 0;
		for (k = 0; k < n; k++)
			if (missed[k] == i)
				fate = RIG_NOT_SEEN;
		p.key = 900000 + (uint32_t)i;
		rig_send(r, i * 2000 + 250, &p, fate);
	}
}

/* Nothing tells of such messages, but the questions that way were all told of:
 * so many messages are missed, too. */
START_TEST(what_is_missing_as_often_as_missed_is_no_loss)
{
	struct compare_rig *r = compare_rig_new();

	run_drops(r, false);
	send_messages(r, 5);
	rig_judge(r);
	is_lost(r, TRAFFIC_SNMP, WAY_THERE, 0, GRADE_CERTAIN);
	is_lost(r, TRAFFIC_UDP, WAY_THERE, 0, GRADE_LIKELY);
	ck_assert_int_eq(tally(r, TRAFFIC_UDP, WAY_THERE)->unknown, 5);
	compare_rig_free(r);
}
END_TEST

START_TEST(what_is_missing_more_often_cannot_be_said)
{
	struct compare_rig *r = compare_rig_new();

	run_drops(r, false);
	send_messages(r, 13);
	rig_judge(r);
	is_lost(r, TRAFFIC_UDP, WAY_THERE, 0, GRADE_UNKNOWN);
	ck_assert_int_eq(tally(r, TRAFFIC_UDP, WAY_THERE)->unknown, 13);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("judge", who_asks_is_at_the_servers_end_where_no_delay_tells,
    a_blind_moment_at_the_beginning_is_no_loss,
    nothing_is_lost_where_all_arrives,
    questions_that_never_arrive_are_lost_there,
    answers_that_never_arrive_are_lost_back,
    any_offset_is_found_within_its_bound, translated_addresses_are_found,
    a_server_may_have_a_second_address_where_it_asks,
    another_manager_that_counts_alike_is_not_the_server,
    a_clock_that_is_set_is_a_step, what_a_capture_misses_is_not_lost,
    a_capture_that_was_blind_is_no_witness,
    where_a_capture_was_blind_nothing_is_judged,
    few_losses_of_a_capture_that_drops_cannot_be_said,
    one_loss_is_likely_at_most, equal_packets_are_not_paired_across_a_loss,
    one_direction_in_a_file_cannot_be_judged, who_stops_asking_is_told,
    probes_are_no_polls, a_user_whom_nothing_but_reports_answer_is_refused,
    the_devices_messages_are_looked_at_in_the_time_of_trouble,
    questions_without_an_answer_are_no_loss,
    questions_without_answers_are_lost_though_the_capture_drops,
    what_is_missing_as_often_as_missed_is_no_loss,
    what_is_missing_more_often_cannot_be_said)
