/* check_pairing.c - which packet of one capture is which of the other. */
#include "unit.h"

#include <netinet/in.h>

#include "compare_rig.h"

#define SNMP_THERE(r) (&(r)->result.tally[TRAFFIC_SNMP][WAY_THERE])

/* A second of polls tells clocks and delays. */
static struct compare_rig *
rig_with(bool new_ids)
{
	struct compare_rig *r = compare_rig_new();
	uint32_t i;

	r->new_ids = new_ids;
	for (i = 0; i < 100; i++) {
		rig_ask(r, i * 1000, i, 0);
		rig_answer(r, i * 1000 + 15, i, 0);
	}
	return r;
}

static struct compare_rig *
rig(void)
{
	return rig_with(false);
}

/* The same datagram again, as a manager repeats it. */
START_TEST(a_repetition_that_arrives_does_not_hide_the_lost_one)
{
	struct compare_rig *r = rig();
	int i;

	for (i = 0; i < 20; i++) {
		rig_ask(r, 10500 + i * 2000, 500u + (unsigned)i, RIG_LOST);
		rig_ask(r, 11500 + i * 2000, 500u + (unsigned)i, 0);
		rig_answer(r, 11515 + i * 2000, 500u + (unsigned)i, 0);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 20);
	compare_rig_free(r);
}
END_TEST

/* The network doubles a repetition, whose first sending was lost. */
START_TEST(a_copy_of_the_repetition_is_not_the_lost_one)
{
	struct compare_rig *r = rig();
	uint16_t id;
	int i;

	for (i = 0; i < 10; i++) {
		rig_ask(r, 10300 + i * 2000, 700u + (unsigned)i, RIG_LOST);
		rig_ask(r, 10310 + i * 2000, 700u + (unsigned)i, 0);
		id = r->ip_id;
		r->ip_id = (uint16_t)(id - 1);
		rig_ask(r, 10311 + i * 2000, 700u + (unsigned)i, RIG_NOT_SENT);
		rig_answer(r, 10330 + i * 2000, 700u + (unsigned)i, 0);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 10);
	ck_assert_int_eq(SNMP_THERE(r)->duplicated, 10);
	compare_rig_free(r);
}
END_TEST

START_TEST(what_comes_late_is_not_lost)
{
	struct compare_rig *r = rig();
	int i;

	for (i = 0; i < 10; i++) {
		r->delay[WAY_THERE] = 3000000000;
		rig_ask(r, 20500 + i * 3000, 800u + (unsigned)i, 0);
		r->delay[WAY_THERE] = 10000000;
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 0);
	compare_rig_free(r);
}
END_TEST

START_TEST(reordering_is_no_loss)
{
	struct compare_rig *r = rig();
	uint32_t i;

	r->jitter[WAY_THERE] = 300000000;
	for (i = 0; i < 2000; i++)
		rig_ask(r, 20000 + i * 10, 1000 + i, 0);
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 0);
	ck_assert_int_eq(SNMP_THERE(r)->missed, 0);
	compare_rig_free(r);
}
END_TEST

/* Both captures have the connection, and no packet of it is the same. */
START_TEST(a_flow_that_is_rewritten_is_not_lost)
{
	struct compare_rig *r = rig();
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 50000,
	    .device_port = 443,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .length = 100};
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p.key = 77000 + i;
		rig_send(r, 20000 + i * 100, &p, RIG_NOT_SEEN);
		p.key = 88000 + i;
		rig_send(r, 20000 + i * 100, &p, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_THERE].lost, 0);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_THERE]
			     .unknown_by[REASON_REWRITTEN],
	    50);
	ck_assert_int_eq(r->result.side[SIDE_SERVER].misses, 0);
	compare_rig_free(r);
}
END_TEST

/* What one capture has of it from before the other began need not match. */
START_TEST(a_flow_of_before_the_other_capture_is_not_rewritten)
{
	struct compare_rig *r = compare_rig_new();
	struct rig_packet p = {.way = WAY_BACK,
	    .server_port = 50000,
	    .device_port = 443,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .bits = RECORD_ACK,
	    .length = 100};
	uint32_t i;

	for (i = 0; i < 40; i++) {
		p.key = 77000 + i;
		p.exchange = p.seq = i * 100;
		rig_send(
		    r, 1000 + i * 1000, &p, i < 20 ? RIG_NOT_SENT : RIG_LOST);
		if (i < 20)
			continue;
		rig_ask(r, 800 + i * 1000, i, 0);
		rig_answer(r, 815 + i * 1000, i, 0);
	}
	rig_ask(r, 50000, i, 0);
	rig_answer(r, 50015, i, 0);
	rig_judge(r);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_BACK].lost, 20);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_BACK].unknown, 0);
	compare_rig_free(r);
}
END_TEST

/* Each comes twice, and all within the window look the same. */
START_TEST(a_flood_of_equal_packets_is_no_loss)
{
	struct compare_rig *r = rig();
	uint16_t id;
	uint32_t i;

	for (i = 0; i < 4000; i++) {
		rig_ask(r, 20000 + i / 10, 9999, 0);
		id = r->ip_id;
		r->ip_id = (uint16_t)(id - 1);
		rig_ask(r, 20000 + i / 10, 9999, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 0);
	compare_rig_free(r);
}
END_TEST

/* A burst of acknowledgments that the receiver's capture took for copies of
 * one: none of them is missing. */
START_TEST(one_of_many_copies_stands_for_the_whole_burst)
{
	struct compare_rig *r = rig();
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 50000,
	    .device_port = 443,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .bits = RECORD_ACK | RECORD_COPIED};
	uint32_t i, k;

	for (i = 0; i < 50; i++) {
		p.key = 77000 + i;
		for (k = 0; k < 5; k++) {
			/* The last one that came was not copied. */
			p.bits = RECORD_ACK | (k == 1 ? RECORD_COPIED : 0);
			r->ip_id = UINT16_MAX; /* the next one has none */
			rig_send(r, 20000 + i * 100, &p,
			    k == 1 || k == 2 ? RIG_PASSES : RIG_NOT_SEEN);
		}
	}
	rig_judge(r);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_THERE].sent, 250);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_THERE].lost, 0);
	ck_assert_int_eq(r->result.tally[TRAFFIC_TCP][WAY_THERE].unknown, 0);
	compare_rig_free(r);
}
END_TEST

#define TCP_THERE(r) (&(r)->result.tally[TRAFFIC_TCP][WAY_THERE])

/* Data of a connection: the n-th packet of it. */
static struct rig_packet
data(uint32_t n)
{
	return (struct rig_packet){.way = WAY_THERE,
	    .server_port = 50000,
	    .device_port = 443,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .bits = RECORD_ACK,
	    .key = 77000 + n,
	    .exchange = 1,
	    .seq = 1000 + n * 100,
	    .length = 100};
}

/* What was lost is sent again, and that arrives twice; `new_ids`: as the path
 * makes them anew. */
static void
doubled(bool new_ids)
{
	struct compare_rig *r = rig_with(new_ids);
	struct rig_packet p;
	uint16_t id;
	uint32_t i;

	for (i = 0; i < 100; i++) {
		p = data(i);
		if (i % 5 != 0) {
			rig_send(r, 120000 + i * 100, &p, RIG_PASSES);
			continue;
		}
		rig_send(r, 120000 + i * 100, &p, RIG_LOST);
		srandom(i);
		rig_send(r, 120020 + i * 100, &p, RIG_PASSES);
		id = r->ip_id;
		r->ip_id = (uint16_t)(id - 1);
		srandom(i);
		rig_send(r, 120023 + i * 100, &p, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 20);
	ck_assert_int_eq(TCP_THERE(r)->duplicated, 20);
	compare_rig_free(r);
}

START_TEST(what_the_network_doubled_stands_for_no_lost_one)
{
	doubled(false);
	doubled(true);
}
END_TEST

/* The sender's capture ends before it is sent again. */
START_TEST(one_with_another_ip_id_is_not_the_lost_one)
{
	struct compare_rig *r = rig();
	uint32_t i;

	for (i = 0; i < 1000; i++) {
		rig_ask(r, 120000 + i * 20, 6000 + i, 0);
		rig_answer(r, 120015 + i * 20, 6000 + i, 0);
		if (i < 250 && i % 50 == 0)
			rig_ask(r, 120016 + i * 20, 500 + i, RIG_LOST);
		if (i >= 450 && i < 700 && i % 50 == 0)
			rig_ask(r, 120016 + i * 20, 50 + i, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 5);
	ck_assert_int_eq(SNMP_THERE(r)->unknown, 0);
	compare_rig_free(r);
}
END_TEST

/* ... or its capture misses that, and it comes as soon as the lost one might.
 */
START_TEST(one_with_another_ip_id_is_not_it_however_soon)
{
	struct compare_rig *r = rig();
	uint32_t i;

	for (i = 0; i < 3000; i++) {
		rig_ask(r, 120000 + i * 30, 6000 + i, 0);
		rig_answer(r, 120015 + i * 30, 6000 + i, 0);
		if (i % 300 != 20)
			continue;
		rig_ask(r, 120016 + i * 30, 500 + i, RIG_LOST);
		rig_ask(r, 120026 + i * 30, 500 + i, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 10);
	compare_rig_free(r);
}
END_TEST

/* Without IP ids the time tells which one of two it was. */
START_TEST(of_equal_ones_the_one_that_takes_as_long_as_others_arrived)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 100; i++) {
		p = data(i);
		r->ip_id = UINT16_MAX;
		rig_send(r, 120000 + i * 100, &p, i % 5 == 0);
		r->ip_id = UINT16_MAX;
		if (i % 5 == 0)
			rig_send(r, 120025 + i * 100, &p, RIG_PASSES);
	}
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 20);
	ck_assert_int_eq(TCP_THERE(r)->last / 1000000 % 1000, 500);
	compare_rig_free(r);
}
END_TEST

/* It is late, and what was sent again overtakes it. */
START_TEST(who_is_overtaken_by_his_repetition_is_not_lost)
{
	struct compare_rig *r = rig_with(true);
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(i);
		if (i % 5 != 0) {
			rig_send(r, 120000 + i * 1000, &p, RIG_PASSES);
			continue;
		}
		rig_send(r, 120000 + i * 1000, &p, RIG_NOT_SEEN);
		rig_send(r, 120200 + i * 1000, &p, RIG_PASSES);
		rig_send(r, 120230 + i * 1000, &p, RIG_NOT_SENT);
	}
	rig_ask(r, 180000, 999, 0);
	rig_answer(r, 180015, 999, 0);
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->sent, 60);
	ck_assert_int_eq(TCP_THERE(r)->lost, 0);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 0);
	compare_rig_free(r);
}
END_TEST

/* Of a burst of acknowledgments all came, two of them with the same new id. */
START_TEST(two_of_a_burst_may_have_the_same_new_id)
{
	struct compare_rig *r = rig_with(true);
	struct rig_packet p;
	uint32_t i, k;

	for (i = 0; i < 50; i++)
		for (k = 0; k < 5; k++) {
			p = data(i);
			p.length = 0;
			if (i == 20)
				srandom(k == 3 ? 2 : k + 1);
			rig_send(r, 120000 + i * 100 + k, &p, 0);
		}
	rig_ask(r, 130000, 999, 0);
	rig_answer(r, 130015, 999, 0);
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 0);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 1);
	ck_assert_int_eq(TCP_THERE(r)->grade, GRADE_LIKELY);
	compare_rig_free(r);
}
END_TEST

/* Nobody makes copies, and nothing tells the acknowledgments of a burst from
 * each other: their number does. */
START_TEST(of_a_burst_as_many_are_lost_as_are_missing)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i, k;

	for (i = 0; i < 50; i++)
		for (k = 0; k < 5; k++) {
			p = data(i);
			p.length = 0;
			r->ip_id = UINT16_MAX;
			rig_send(r, 120000 + i * 100, &p, k == 1);
		}
	rig_ask(r, 130000, 999, 0);
	rig_answer(r, 130015, 999, 0);
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 50);
	compare_rig_free(r);
}
END_TEST

/* One comes late, with the like of it behind it, that the other side sent when
 * its capture had ended. */
START_TEST(one_of_long_behind_is_not_the_lost_one)
{
	struct compare_rig *r = rig();
	struct rig_packet p = {.way = WAY_THERE,
	    .server_port = 50001,
	    .device_port = 9,
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_UDP,
	    .length = 56};
	uint32_t i;

	for (i = 0; i < 30; i++) {
		p.key = 88000 + i % 5;
		r->ip_id = UINT16_MAX;
		rig_send(r, 110000 + i * 1000, &p,
		    i == 12 || i == 26 ? RIG_LOST : RIG_PASSES);
	}
	rig_ask(r, 142000, 999, 0);
	rig_answer(r, 142015, 999, 0);
	for (i = 0; i < 10; i++) {
		p.key = 88000 + i % 5;
		p.way = WAY_THERE;
		r->ip_id = UINT16_MAX;
		rig_send(r, 142300 + i * 1000, &p, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(r->result.tally[TRAFFIC_UDP][WAY_THERE].lost, 2);
	ck_assert_int_eq(r->result.tally[TRAFFIC_UDP][WAY_THERE].unknown, 0);
	compare_rig_free(r);
}
END_TEST

/* One capture misses the beginning, and all that comes then is lost. */
START_TEST(a_flow_in_one_capture_and_then_in_the_other_is_not_rewritten)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 10; i++) {
		p = data(i);
		rig_send(
		    r, 40000 + i * 1000, &p, i < 3 ? RIG_NOT_SENT : RIG_LOST);
	}
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 7);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 0);
	compare_rig_free(r);
}
END_TEST

/* Two of a hundred came only when they were sent again, which the sender's
 * capture misses: ids survive all the same. */
START_TEST(few_with_other_ids_do_not_say_that_ids_are_made_anew)
{
	struct compare_rig *r = rig();
	uint32_t i;

	for (i = 0; i < 2; i++) {
		rig_ask(r, 30500 + i * 20000, 500 + i, RIG_LOST);
		rig_ask(r, 30520 + i * 20000, 500 + i, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(SNMP_THERE(r)->lost, 2);
	compare_rig_free(r);
}
END_TEST

/* Where ids are made anew, the network's copy of one of a burst may be two that
 * were given the same: the one that is missing is not said to have arrived. */
START_TEST(a_copy_of_one_is_no_proof_of_the_next)
{
	struct compare_rig *r = rig_with(true);
	struct rig_packet p;
	uint32_t i, k;

	for (i = 0; i < 50; i++)
		for (k = 0; k < 5; k++) {
			p = data(i);
			p.length = 0;
			rig_send(r, 120000 + i * 100, &p,
			    i == 7 && k == 4 ? RIG_LOST : RIG_PASSES);
			if (i == 7)
				r->rec[1][r->n[1] - 1].bits |= RECORD_COPIED;
		}
	rig_ask(r, 130000, 999, 0);
	rig_answer(r, 130015, 999, 0);
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 0);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 1);
	ck_assert_int_eq(TCP_THERE(r)->unknown_by[REASON_ALIKE], 1);
	compare_rig_free(r);
}
END_TEST

/* Behind the end of the sender's capture what came was sent again: that is no
 * delay, and what was lost shortly before is judged. */
START_TEST(what_was_sent_again_behind_the_end_is_no_delay)
{
	struct compare_rig *r = rig_with(true);
	uint32_t i;

	for (i = 0; i < 5; i++) {
		rig_ask(r, 94500 + i * 100, 500 + i, RIG_LOST);
		rig_ask(r, 98500 + i * 10, 600 + i, RIG_LOST);
		rig_ask(r, 105000 + i * 10, 600 + i, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_ge(SNMP_THERE(r)->lost, 5);
	ck_assert_int_lt(
	    r->result.tally[TRAFFIC_SNMP][WAY_THERE].delay_before, 50000000);
	compare_rig_free(r);
}
END_TEST

static void
send_translated(
    struct compare_rig *r, int64_t ms, struct rig_packet p, uint16_t port)
{
	r->ip_id = UINT16_MAX;
	rig_send(r, ms, &p, RIG_NOT_SEEN);
	p.server_port = port;
	r->ip_id = UINT16_MAX;
	rig_send(r, ms, &p, RIG_NOT_SENT);
}

/* Two connections have the same port, one behind the other, and two where ports
 * are translated: the second is the partner, and all of the first arrived. */
START_TEST(of_a_port_used_again_what_is_alike_is_not_lost)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 40; i++) {
		p = data(i);
		send_translated(r, 40000 + i * 100, p, i < 10 ? 60000 : 61000);
	}
	p = data(1000);
	p.length = 0;
	for (i = 0; i < 3; i++)
		send_translated(r, 41050 + i, p, 60000);
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 0);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 0);
	ck_assert_int_eq(TCP_THERE(r)->arrived, 43);
	compare_rig_free(r);
}
END_TEST

/* The ports of a connection are translated anew; of what it says from then on
 * nothing is there once, and the first of it was there before, too. */
START_TEST(what_is_sent_again_behind_another_port_arrived)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 40; i++)
		send_translated(r, 40000 + i * 100, data(i), 60000);
	for (i = 0; i < 6; i++) {
		p = data(39 + i / 3);
		send_translated(r, 45000 + i * 1500, p, 61000);
	}
	rig_judge(r);
	ck_assert_int_eq(TCP_THERE(r)->lost, 0);
	ck_assert_int_eq(TCP_THERE(r)->unknown, 0);
	ck_assert_int_eq(TCP_THERE(r)->arrived, 46);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("pairing", what_is_sent_again_behind_another_port_arrived,
    who_is_overtaken_by_his_repetition_is_not_lost,
    two_of_a_burst_may_have_the_same_new_id,
    of_a_port_used_again_what_is_alike_is_not_lost,
    what_was_sent_again_behind_the_end_is_no_delay,
    one_of_long_behind_is_not_the_lost_one,
    a_flow_in_one_capture_and_then_in_the_other_is_not_rewritten,
    few_with_other_ids_do_not_say_that_ids_are_made_anew,
    a_copy_of_one_is_no_proof_of_the_next,
    what_the_network_doubled_stands_for_no_lost_one,
    one_with_another_ip_id_is_not_the_lost_one,
    one_with_another_ip_id_is_not_it_however_soon,
    of_equal_ones_the_one_that_takes_as_long_as_others_arrived,
    of_a_burst_as_many_are_lost_as_are_missing,
    a_repetition_that_arrives_does_not_hide_the_lost_one,
    a_copy_of_the_repetition_is_not_the_lost_one, what_comes_late_is_not_lost,
    reordering_is_no_loss, a_flow_that_is_rewritten_is_not_lost,
    a_flood_of_equal_packets_is_no_loss,
    one_of_many_copies_stands_for_the_whole_burst,
    a_flow_of_before_the_other_capture_is_not_rewritten)
