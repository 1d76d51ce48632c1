/* check_byte_range.c - TCP's bytes, where packets differ on both sides. */
#include "unit.h"

#include <netinet/in.h>

#include "compare_rig.h"

#define SEGMENT  1448u
#define TALLY(r) (&(r)->result.tally[TRAFFIC_TCP][WAY_THERE])

static struct rig_packet
data(uint32_t seq, uint32_t length)
{
	return (struct rig_packet){.way = WAY_THERE,
	    .server_port = 50000,
	    .device_port = 443,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .bits = RECORD_ACK,
	    .exchange = 1,
	    .seq = seq,
	    .length = length,
	    .key = (uint64_t)(seq + 5) * 0x9e3779b97f4a7c15u};
}

static void
ack(struct compare_rig *r, int64_t ms, uint32_t number)
{
	struct rig_packet p = data(1, 0);

	p.way = WAY_BACK;
	p.exchange = number;
	p.key = (uint64_t)(number + 9) * 0xbf58476d1ce4e5b9u;
	rig_send(r, ms, &p, 0);
}

static struct compare_rig *
rig(void)
{
	struct compare_rig *r = compare_rig_new();
	uint32_t i;

	r->jitter[0] = r->jitter[1] = 100000;
	for (i = 0; i < 100; i++) {
		rig_ask(r, i * 1000, i, 0);
		rig_answer(r, i * 1000 + 15, i, 0);
	}
	return r;
}

/* The server's card cuts: there one packet of ten segments. */
static void
send_super(struct compare_rig *r, int64_t ms, uint32_t seq, unsigned lost)
{
	struct rig_packet p = data(seq, 10 * SEGMENT);
	uint32_t i;

	rig_send(r, ms, &p, RIG_NOT_SEEN);
	for (i = 0; i < 10; i++) {
		p = data(seq + i * SEGMENT, SEGMENT);
		rig_send(r, ms, &p,
		    (lost >> i & 1) != 0 ? RIG_LOST | RIG_NOT_SENT
					 : RIG_NOT_SENT);
	}
}

START_TEST(a_super_packet_arrives_in_segments)
{
	struct compare_rig *r = rig();
	uint32_t i;

	for (i = 0; i < 50; i++)
		send_super(r, 20000 + i * 100, 1000 + i * 10 * SEGMENT, 0);
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 0);
	ck_assert_int_eq(TALLY(r)->unknown, 0);
	ck_assert_int_eq(r->result.side[SIDE_SERVER].misses, 0);
	compare_rig_free(r);
}
END_TEST

/* What is lost comes again, alone, and does not cover the loss. */
START_TEST(segments_of_it_that_are_lost_are_counted)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i, seq;

	for (i = 0; i < 50; i++) {
		seq = 1000 + i * 10 * SEGMENT;
		send_super(r, 20000 + i * 1000, seq, i % 5 == 0 ? 1 << 3 : 0);
		if (i % 5 != 0)
			continue;
		p = data(seq + 3 * SEGMENT, SEGMENT);
		p.key++;
		rig_send(r, 20300 + i * 1000, &p, 0);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 10);
	compare_rig_free(r);
}
END_TEST

START_TEST(what_was_sent_once_and_acknowledged_has_arrived)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		rig_send(
		    r, 20000 + i * 100, &p, i % 10 == 5 ? RIG_NOT_SEEN : 0);
		ack(r, 20030 + i * 100, 1000 + (i + 1) * SEGMENT);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 0);
	ck_assert_int_eq(TALLY(r)->missed, 5);
	/* Five of 50 such, besides 250 others: those that it has count, too. */
	ck_assert_int_eq(r->result.side[SIDE_DEVICE].misses, 5);
	ck_assert_int_ge(r->result.side[SIDE_DEVICE].sample, 290);
	compare_rig_free(r);
}
END_TEST

START_TEST(what_was_sent_again_was_lost)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		rig_send(r, 20000 + i * 100, &p, i % 5 == 2 ? RIG_LOST : 0);
		if (i % 5 == 2)
			rig_send(r, 20040 + i * 100, &p, 0);
		ack(r, 20060 + i * 100, 1000 + (i + 1) * SEGMENT);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 10);
	compare_rig_free(r);
}
END_TEST

/* Its numbers are far above those of the one before. */
START_TEST(a_later_connection_of_the_same_ports_proves_nothing)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		rig_send(r, 20000 + i * 100, &p, i < 40 ? 0 : RIG_LOST);
		if (i < 40)
			ack(r, 20060 + i * 100, 1000 + (i + 1) * SEGMENT);
	}
	for (i = 0; i < 50; i++) {
		p = data(900001000 + i * SEGMENT, SEGMENT);
		rig_send(r, 40000 + i * 100, &p, 0);
		ack(r, 40060 + i * 100, 900001000 + (i + 1) * SEGMENT);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 10);
	ck_assert_int_eq(TALLY(r)->missed, 0);
	compare_rig_free(r);
}
END_TEST

/* It may have come again when the sender's capture had ended. */
START_TEST(what_is_acknowledged_behind_the_end_may_have_been_lost)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		rig_send(r, 50000 + i * 500, &p, i < 40 ? 0 : RIG_LOST);
		if (i < 40)
			ack(r, 50060 + i * 500, 1000 + (i + 1) * SEGMENT);
	}
	p = data(1, 0);
	p.way = WAY_BACK;
	p.exchange = 1000 + 50 * SEGMENT;
	rig_send(r, 121000, &p, RIG_NOT_SEEN);
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 10);
	ck_assert_int_eq(TALLY(r)->missed, 0);
	compare_rig_free(r);
}
END_TEST

/* What came is another one with the same bytes, which the sender's capture
 * misses: by its IP id. */
START_TEST(bytes_with_another_ip_id_do_not_cover_the_lost_ones)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		rig_send(r, 20000 + i * 100, &p, i % 20 == 5 ? RIG_LOST : 0);
		if (i % 20 == 5)
			rig_send(r, 20020 + i * 100, &p, RIG_NOT_SENT);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 3);
	compare_rig_free(r);
}
END_TEST

/* The options of what is sent again are others: its copy that the network made
 * is not the lost one. */
START_TEST(bytes_with_other_options_do_not_cover_the_lost_ones)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i, k;

	for (i = 0; i < 50; i++) {
		p = data(1000 + i * SEGMENT, SEGMENT);
		for (k = i % 10 == 5 ? 0 : 1; k < 3; k++) {
			if (k == 2 && i % 10 != 5)
				continue;
			r->ip_id = UINT16_MAX;
			rig_send(r, 20000 + i * 100 + k * 20, &p,
			    k == 0   ? RIG_LOST
			    : k == 2 ? RIG_NOT_SENT
				     : RIG_PASSES);
			if (k < 2)
				r->rec[0][r->n[0] - 1].tie = 2 * i + k + 1;
			if (k > 0)
				r->rec[1][r->n[1] - 1].tie = 2 * i + 2;
		}
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 5);
	compare_rig_free(r);
}
END_TEST

/* Each segment may be missed by a capture, not each super-packet. */
START_TEST(a_capture_may_miss_each_segment)
{
	struct compare_rig *r = compare_rig_new();
	uint32_t i;

	r->jitter[0] = r->jitter[1] = 100000;
	for (i = 0; i < 100; i++) {
		rig_ask(r, i * 1000, i, 0);
		rig_answer(r, i * 1000 + 15, i, i % 25 == 7 ? RIG_NOT_SENT : 0);
	}
	for (i = 0; i < 50; i++)
		send_super(r, 20000 + i * 100, 1000 + i * 10 * SEGMENT,
		    i % 5 < 2 ? 1 << 3 : 0);
	rig_judge(r);
	ck_assert_int_eq(r->result.side[SIDE_DEVICE].misses, 4);
	ck_assert_int_eq(TALLY(r)->grade, GRADE_UNKNOWN);
	ck_assert_int_eq(TALLY(r)->lost, 0);
	compare_rig_free(r);
}
END_TEST

/* A hole or two in what a card has joined are not what is lost at least. */
START_TEST(one_hole_is_not_lost_for_certain)
{
	struct compare_rig *r = rig();
	struct rig_packet p;
	uint32_t i;

	for (i = 0; i < 20; i++)
		send_super(r, 20000 + i * 100, 1000 + i * 10 * SEGMENT,
		    i == 5 ? 1 << 3 : 0);
	for (i = 0; i < 20; i++) {
		p = data(900001000 + i * SEGMENT, SEGMENT);
		rig_send(r, 40000 + i * 100, &p, i % 2 == 0 ? RIG_LOST : 0);
	}
	rig_judge(r);
	ck_assert_int_eq(TALLY(r)->lost, 11);
	ck_assert_int_eq(TALLY(r)->at_least, 10);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("byte_range", bytes_with_other_options_do_not_cover_the_lost_ones,
    a_capture_may_miss_each_segment, one_hole_is_not_lost_for_certain,
    bytes_with_another_ip_id_do_not_cover_the_lost_ones,
    a_super_packet_arrives_in_segments,
    segments_of_it_that_are_lost_are_counted,
    what_was_sent_once_and_acknowledged_has_arrived,
    what_was_sent_again_was_lost,
    a_later_connection_of_the_same_ports_proves_nothing,
    what_is_acknowledged_behind_the_end_may_have_been_lost)
