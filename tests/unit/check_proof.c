/* check_proof.c - what tells of packets that they came. */
#include "unit.h"

#include "compare/proof.h"

#define ROOM 8

struct sent {
	struct record rec[ROOM];
	uint32_t mate[ROOM];
	struct trace trace;
};

static void
add(struct sent *s, unsigned what, unsigned bits, uint32_t length, bool mate)
{
	uint32_t i = s->trace.n++;

	s->rec[i] = (struct record){.what = what & 0xf,
	    .bits = (uint16_t)bits,
	    .length = length & 0xfffff};
	s->mate[i] = mate ? i : TRACE_NONE;
	s->trace.rec = s->rec;
	s->trace.mate = s->mate;
}

START_TEST(a_packet_goes_where_the_same_tells)
{
	struct proof p[PROOF_COUNT] = {0};
	struct sent s = {0};
	uint32_t i;

	add(&s, RECORD_SNMP_REQUEST, RECORD_ASKS, 60, false);
	add(&s, RECORD_ECHO, RECORD_ASKS, 60, false);
	add(&s, RECORD_SNMP_RESPONSE, RECORD_ANSWERS, 60, false);
	add(&s, RECORD_UDP, 0, 60, false);
	add(&s, RECORD_TCP, RECORD_ACK, 0, false);
	add(&s, RECORD_TCP, RECORD_ACK, 1000, false);
	add(&s, RECORD_TCP, RECORD_SYN | RECORD_ASKS, 0, false);
	add(&s, RECORD_TCP, RECORD_FIN | RECORD_ACK, 0, false);
	for (i = 0; i < s.trace.n; i++)
		proof_take(p, &s.trace, i, FATE_LOST);
	ck_assert_int_eq(p[PROOF_ANSWER].n, 2);
	ck_assert_int_eq(p[PROOF_ACK].n, 3);
	ck_assert_int_eq(p[PROOF_NOTHING].n, 3);
	ck_assert_int_eq(p[PROOF_NOTHING].missing, 3);
}
END_TEST

START_TEST(what_both_captures_have_is_the_measure)
{
	struct proof p[PROOF_COUNT] = {0};
	struct sent s = {0};

	add(&s, RECORD_ECHO, RECORD_ASKS | TRACE_PROVED, 60, true);
	add(&s, RECORD_ECHO, RECORD_ASKS, 60, true);
	add(&s, RECORD_ECHO, RECORD_ASKS | TRACE_PROVED, 60, false);
	add(&s, RECORD_ECHO, RECORD_ASKS, 60, false);
	add(&s, RECORD_ECHO, RECORD_ASKS, 60, false);
	proof_take(p, &s.trace, 0, FATE_ARRIVED);
	proof_take(p, &s.trace, 1, FATE_ARRIVED);
	proof_take(p, &s.trace, 2, FATE_PROVED);
	proof_take(p, &s.trace, 3, FATE_UNKNOWN);
	proof_take(p, &s.trace, 4, FATE_LOST);
	ck_assert_int_eq(p[PROOF_ANSWER].n, 5);
	ck_assert_int_eq(p[PROOF_ANSWER].tried, 2);
	ck_assert_int_eq(p[PROOF_ANSWER].would, 1);
	ck_assert_int_eq(p[PROOF_ANSWER].told, 1);
	ck_assert_int_eq(p[PROOF_ANSWER].blind, 1);
	ck_assert_int_eq(p[PROOF_ANSWER].missing, 1);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_COUNT), 2.5, 1e-9);
	proof_add(p, p);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_COUNT), 5, 1e-9);
	ck_assert_int_eq(p[PROOF_ANSWER].missing + p[PROOF_ANSWER].blind +
			     p[PROOF_ANSWER].told,
	    6);
}
END_TEST

START_TEST(acknowledgments_tell_of_all_where_no_data_is_missing)
{
	struct proof p[PROOF_COUNT] = {
	    [PROOF_ACK] = {.n = 300}, [PROOF_NOTHING] = {.n = 100}};
	struct byte_gaps none = {0}, some = {.tried = 100, .would = 75};

	proof_acks(p, &none);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_NOTHING), 0, 1e-9);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_COUNT), 100, 1e-9);
	/* Of one in a hundred it may be otherwise. */
	ck_assert_double_eq_tol(
	    proof_silent_most(p, PROOF_NOTHING, 0), 3, 1e-9);
	ck_assert_double_eq_tol(
	    proof_silent_most(p, PROOF_NOTHING, 0.1), 30, 1e-9);
	p[PROOF_ACK].missing = 1;
	proof_acks(p, &none);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_NOTHING), 300, 1e-9);
	proof_acks(p, &some);
	ck_assert_double_eq_tol(proof_silent(p, PROOF_NOTHING), 75, 1e-9);
	ck_assert(proof_silent_most(p, PROOF_NOTHING, 0) > 100);
}
END_TEST

UNIT_MAIN("proof", a_packet_goes_where_the_same_tells,
    what_both_captures_have_is_the_measure,
    acknowledgments_tell_of_all_where_no_data_is_missing)
