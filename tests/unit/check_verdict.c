/* check_verdict.c - how sure it is that packets were lost. */
#include "unit.h"

#include "compare/verdict.h"

static enum grade
grade(uint32_t sent, uint32_t lost, uint32_t run, uint32_t misses,
    uint32_t sample)
{
	struct verdict_case c = {.sent = sent,
	    .lost = lost,
	    .run = run,
	    .witnessed = lost,
	    .silences = lost,
	    .asks = true};
	struct blindness b = {.misses = misses, .sample = sample};

	b.share = sample > 0 ? (double)misses / sample : 0;
	b.upper = sample > 0 ? (misses + 3.0) / sample : 1;
	return verdict_grade(&c, &b);
}

START_TEST(many_are_certain)
{
	ck_assert_int_eq(grade(120, 40, 40, 0, 300), GRADE_CERTAIN);
	ck_assert_int_eq(grade(120, 40, 40, 3, 300), GRADE_CERTAIN);
	ck_assert_int_eq(grade(300, 15, 1, 0, 1000), GRADE_CERTAIN);
}
END_TEST

START_TEST(one_is_likely_at_most)
{
	ck_assert_int_eq(grade(300, 1, 1, 0, 300), GRADE_LIKELY);
	ck_assert_int_eq(grade(300, 1, 1, 0, 1000000), GRADE_LIKELY);
}
END_TEST

START_TEST(as_many_as_the_capture_misses_are_unknown)
{
	ck_assert_int_eq(grade(300, 15, 1, 15, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 1, 1, 1, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 30, 1, 15, 300), GRADE_UNKNOWN);
	ck_assert_int_eq(grade(300, 35, 1, 15, 300), GRADE_LIKELY);
}
END_TEST

START_TEST(nothing_is_certain_of_a_capture_that_is_not_known)
{
	ck_assert_int_eq(grade(20, 20, 20, 0, 0), GRADE_LIKELY);
	ck_assert_int_eq(grade(4, 4, 4, 0, 0), GRADE_UNKNOWN);
}
END_TEST

START_TEST(a_capture_that_showed_nothing_else_may_have_slept)
{
	struct verdict_case c = {
	    .sent = 120, .lost = 10, .run = 10, .silences = 1, .asks = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	c.asks = false;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	c.silences = 2;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	c.silences = 3;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_CERTAIN);
}
END_TEST

/* A second between two packets is no sleep. */
START_TEST(two_in_a_brief_silence_are_likely_lost)
{
	struct verdict_case c = {
	    .sent = 170, .lost = 2, .run = 2, .silences = 1, .brief = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	b.misses = 1;
	b.share = 0.001;
	b.upper = 0.004;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

START_TEST(at_least_is_less_where_a_capture_misses_packets)
{
	struct verdict_case c = {.sent = 1000,
	    .lost = 100,
	    .run = 1,
	    .witnessed = 100,
	    .silences = 100,
	    .asks = true};
	struct blindness b = {.sample = 1000, .upper = 0.003};

	ck_assert_int_eq(verdict_at_least(&c, &b), 100);
	b.share = 0.02;
	b.upper = 0.03;
	ck_assert_int_lt(verdict_at_least(&c, &b), 70);
	ck_assert_int_gt(verdict_at_least(&c, &b), 40);
	b.upper = 0.3;
	ck_assert_int_eq(verdict_at_least(&c, &b), 1);
}
END_TEST

/* A packet in three pieces is missed three times as often, and a run of them is
 * less of a wonder. */
START_TEST(a_run_of_packets_in_pieces_may_be_missed)
{
	struct blindness b = {
	    .misses = 40, .sample = 1000, .share = 0.04, .upper = 0.054};
	struct verdict_case c = {.sent = 1800,
	    .lost = 80,
	    .run = 6,
	    .witnessed = 80,
	    .silences = 80};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_CERTAIN);
	c.sent = 5400;
	c.pieces = 3600;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

/* Of most questions an answer would tell that they came: what is missing of
 * them is hardly missed. */
START_TEST(questions_that_nothing_answers_are_more_than_missed)
{
	struct proof p[PROOF_COUNT] = {[PROOF_ANSWER] = {.n = 229,
					   .missing = 13,
					   .told = 11,
					   .tried = 205,
					   .would = 205}};
	struct verdict_case c = {.sent = 229,
	    .lost = 13,
	    .run = 2,
	    .witnessed = 13,
	    .silences = 13,
	    .doubt = true,
	    .asks = true};
	struct blindness b = {
	    .misses = 40, .sample = 1000, .share = 0.04, .upper = 0.054};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	ck_assert_int_eq(verdict_at_least(&c, &b), 1);
	c.proof = p;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_CERTAIN);
	ck_assert_int_ge(verdict_at_least(&c, &b), 8);
	ck_assert_int_lt(verdict_at_least(&c, &b), 13);
	/* Four: one that is too busy to see may be too busy to answer. */
	c.lost = p[PROOF_ANSWER].missing = 4;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_LIKELY);
	/* One in three is not answered in any case. */
	p[PROOF_ANSWER].would = 137;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	p[PROOF_ANSWER].would = 205;
	c.lost = p[PROOF_ANSWER].missing = 1;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	/* All in one silence: it slept. */
	c.lost = p[PROOF_ANSWER].missing = 13;
	c.silences = 1;
	c.asks = false;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

/* Data, of which acknowledgments tell, and these, of which nothing does. */
START_TEST(lost_data_is_seen_among_missed_acknowledgments)
{
	struct proof p[PROOF_COUNT] = {
	    [PROOF_ACK] = {.n = 390,
		.missing = 12,
		.told = 8,
		.tried = 200,
		.would = 180},
	    [PROOF_NOTHING] = {.n = 330, .missing = 8},
	};
	struct verdict_case c = {.sent = 720,
	    .lost = 20,
	    .run = 1,
	    .witnessed = 20,
	    .silences = 20,
	    .asks = true};
	struct blindness b = {
	    .misses = 28, .sample = 1000, .share = 0.028, .upper = 0.036};

	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	c.proof = p;
	ck_assert_int_lt(verdict_grade(&c, &b), GRADE_UNKNOWN);
	/* What a card has cut may be missed with each of its pieces. */
	c.pieces = 100;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
	c.pieces = 0;
	p[PROOF_ACK].missing = 0;
	p[PROOF_NOTHING].missing = 20;
	ck_assert_int_eq(verdict_grade(&c, &b), GRADE_UNKNOWN);
}
END_TEST

/* Messages of which nothing tells, beside data of which acknowledgments do. */
START_TEST(no_more_missing_than_missed_is_likely_no_loss)
{
	const struct blindness known = {
	    .misses = 50, .sample = 1000, .share = 0.05, .upper = 0.066};
	struct proof own[PROOF_COUNT] = {
	    [PROOF_NOTHING] = {.n = 100, .missing = 4, .blind = 1}};
	struct proof way[PROOF_COUNT] = {
	    [PROOF_ACK] = {.n = 400, .told = 20, .tried = 380, .would = 370},
	    [PROOF_NOTHING] = {.n = 400, .missing = 20},
	};
	const struct verdict_missing good = {
	    .sent = 100, .run = 1, .missing = 5, .own = own, .way = way};
	struct verdict_missing v = good;
	struct blindness b = known;

	ck_assert(verdict_only_missed(&v, &b));
	v.missing = 10; /* five are expected, as a rule at most eight */
	ck_assert(!verdict_only_missed(&v, &b));
	v = good;
	v.run = 3;
	ck_assert(!verdict_only_missed(&v, &b));
	v = good;
	v.talks = true; /* a filter may know them */
	ck_assert(!verdict_only_missed(&v, &b));
	v = good;
	b.misses = 2;
	ck_assert(!verdict_only_missed(&v, &b));
	b = known;
	way[PROOF_ACK].missing = 5; /* of which something would tell */
	ck_assert(!verdict_only_missed(&v, &b));
	way[PROOF_ACK].missing = 0;
	way[PROOF_ACK].n = way[PROOF_ACK].tried = way[PROOF_ACK].would = 50;
	ck_assert(!verdict_only_missed(&v, &b)); /* too few of these */
}
END_TEST

/* Who talks tells of himself, and others cannot tell against him. */
START_TEST(data_tells_of_acknowledgments)
{
	const struct blindness b = {
	    .misses = 50, .sample = 1000, .share = 0.05, .upper = 0.066};
	struct proof own[PROOF_COUNT] = {
	    [PROOF_ACK] = {.n = 400, .told = 20, .tried = 380, .would = 370},
	    [PROOF_NOTHING] = {.n = 400, .missing = 20},
	};
	struct proof way[PROOF_COUNT] = {
	    [PROOF_ANSWER] = {.n = 200, .missing = 90, .tried = 110}};
	struct verdict_missing v = {.sent = 800,
	    .run = 1,
	    .missing = 20,
	    .talks = true,
	    .own = own,
	    .way = way};

	ck_assert(verdict_only_missed(&v, &b));
	own[PROOF_ACK].missing = 6;
	ck_assert(!verdict_only_missed(&v, &b));
}
END_TEST

UNIT_MAIN("verdict", a_run_of_packets_in_pieces_may_be_missed, many_are_certain,
    one_is_likely_at_most, as_many_as_the_capture_misses_are_unknown,
    nothing_is_certain_of_a_capture_that_is_not_known,
    a_capture_that_showed_nothing_else_may_have_slept,
    two_in_a_brief_silence_are_likely_lost,
    at_least_is_less_where_a_capture_misses_packets,
    questions_that_nothing_answers_are_more_than_missed,
    lost_data_is_seen_among_missed_acknowledgments,
    no_more_missing_than_missed_is_likely_no_loss,
    data_tells_of_acknowledgments)
