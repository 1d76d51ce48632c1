/* check_verify_result.c - the score of a verify: kept, and in words. */
#include "verify/verify_result.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct verify_result result;
static struct verify_probe probe[10];
static char text[512];

static const char *
words(void)
{
	struct strbuf b = STRBUF_INIT;

	verify_describe(&result.kind[VERIFY_TCP], &b);
	str_copy(text, sizeof(text), strbuf_text(&b));
	strbuf_free(&b);
	return text;
}

/* TCP alone was asked for: 10, and this is what became of each. */
static struct verify_count *
ten(enum verify_fate what)
{
	struct verify_count *c = &result.kind[VERIFY_TCP];

	result = (struct verify_result){0};
	*c = (struct verify_count){
	    .on = true, .sent = 10, .n = 10, .probe = probe};
	for (int i = 0; i < 10; i++)
		probe[i].fate = what;
	c->answered =
	    what == VERIFY_ANSWERED || what == VERIFY_REFUSED ? 10 : 0;
	return c;
}

START_TEST(words_name_what_was_lost_and_why)
{
	struct verify_count *c;

	c = ten(VERIFY_ANSWERED);
	ck_assert_str_eq(words(), "10 of 10 answered");
	c->probe[3].fate = VERIFY_LOST;
	c->answered = 9;
	ck_assert_str_eq(words(), "9 of 10 answered, lost 4");
	c->probe[5].fate = c->probe[6].fate = c->probe[9].fate = VERIFY_LOST;
	c->answered = 6;
	ck_assert_str_eq(words(), "6 of 10 answered, lost 4, 6-7, 10");
	c->probe[9].fate = VERIFY_BAD;
	str_copy(c->reason, sizeof(c->reason), "host unreachable");
	ck_assert_str_eq(words(),
	    "6 of 10 answered, lost 4, 6-7, failed 10 (host unreachable)");
	ten(VERIFY_LOST);
	ck_assert_str_eq(words(), "0 of 10 answered, lost all");
	c = ten(VERIFY_BAD);
	str_copy(c->reason, sizeof(c->reason), "unknown user name");
	ck_assert_str_eq(
	    words(), "0 of 10 answered, failed all (unknown user name)");
	c = ten(VERIFY_REFUSED);
	c->probe[0].fate = VERIFY_ANSWERED;
	ck_assert_str_eq(words(), "10 of 10 answered (9 connections refused)");
}
END_TEST

START_TEST(a_kind_that_is_on_but_never_sent_is_not_answered)
{
	ten(VERIFY_ANSWERED);
	ck_assert(verify_all_answered(&result));
	result.kind[VERIFY_ICMP].on = true;
	ck_assert(!verify_all_answered(&result));
	result.kind[VERIFY_ICMP].impossible = true;
	ck_assert(verify_all_answered(&result));
}
END_TEST

START_TEST(where_nothing_was_sent_nothing_was_answered)
{
	result = (struct verify_result){0};
	ck_assert(!verify_all_answered(&result));
	result.kind[VERIFY_ICMP].on = true;
	result.kind[VERIFY_ICMP].impossible = true;
	ck_assert(!verify_all_answered(&result));
}
END_TEST

START_TEST(a_copy_outlives_what_it_was_made_of)
{
	struct verify_count *icmp, *snmp = &result.kind[VERIFY_SNMP];
	struct verify_result *copy;

	ten(VERIFY_LOST);
	icmp = &result.kind[VERIFY_ICMP];
	verify_count_plan(icmp, 2);
	icmp->probe[1].fate = VERIFY_BAD;
	verify_count_plan(snmp, 0);
	copy = verify_result_copy(&result);
	probe[9].fate = VERIFY_ANSWERED;
	result.kind[VERIFY_TCP].probe = NULL;
	verify_result_clear(&result);
	ck_assert_int_eq(copy->kind[VERIFY_ICMP].n, 2);
	ck_assert_int_eq(
	    copy->kind[VERIFY_ICMP].probe[0].fate, VERIFY_NOT_SENT);
	ck_assert_int_eq(copy->kind[VERIFY_ICMP].probe[1].fate, VERIFY_BAD);
	ck_assert_int_eq(copy->kind[VERIFY_SNMP].n, 0);
	ck_assert_int_eq(copy->kind[VERIFY_TCP].probe[9].fate, VERIFY_LOST);
	free(copy);
}
END_TEST

UNIT_MAIN("verify_result", words_name_what_was_lost_and_why,
    a_kind_that_is_on_but_never_sent_is_not_answered,
    where_nothing_was_sent_nothing_was_answered,
    a_copy_outlives_what_it_was_made_of)
