/* check_triangle.c - every row of the decision tables is reached. */
#include "unit.h"

#include <string.h>

#include "compare/triangle.h"

static const char *
known(const char *text)
{
	ck_assert_ptr_nonnull(text);
	/* A sentence: it ends with one full stop. */
	ck_assert_int_eq(text[strlen(text) - 1], '.');
	return text;
}

/* The rows T, U and B with each column say something of their own. */
START_TEST(two_witnesses_have_a_sentence_for_each_pair)
{
	static const enum letter rows[] = {
	    LETTER_LOST_THERE, LETTER_UNANSWERED, LETTER_LOST_BACK};
	static const enum letter columns[] = {LETTER_ANSWERED,
	    LETTER_LOST_THERE, LETTER_UNANSWERED, LETTER_LOST_BACK,
	    LETTER_UNKNOWN};
	const char *text[5];
	size_t i, j, k;

	for (i = 0; i < 6; i++)
		for (j = 0; j < 5; j++) {
			text[j] = known(
			    triangle_witness(rows[i / 2], columns[j], i % 2));
			for (k = 0; k < j; k++)
				ck_assert_str_ne(text[k], text[j]);
		}
}
END_TEST

static const struct {
	enum letter ovoc, campaign;
	const char *words;
} pairs[] = {
    {LETTER_ANSWERED, LETTER_ANSWERED, "was over"},
    {LETTER_ANSWERED, LETTER_LOST_THERE, "own path"},
    {LETTER_ANSWERED, LETTER_UNANSWERED, "access list"},
    {LETTER_ANSWERED, LETTER_LOST_BACK, "return path"},
    {LETTER_LOST_THERE, LETTER_ANSWERED, "between OVOC and the device"},
    {LETTER_LOST_THERE, LETTER_LOST_THERE, "its line"},
    {LETTER_LOST_THERE, LETTER_UNANSWERED, "two faults"},
    {LETTER_LOST_THERE, LETTER_LOST_BACK, "both directions"},
    {LETTER_LOST_THERE, LETTER_NOBODY, "no second witness"},
    {LETTER_UNANSWERED, LETTER_ANSWERED, "not OVOC"},
    {LETTER_UNANSWERED, LETTER_LOST_THERE, "no witness"},
    {LETTER_UNANSWERED, LETTER_UNANSWERED, "the device."},
    {LETTER_UNANSWERED, LETTER_LOST_BACK, "way back is bad"},
    {LETTER_UNANSWERED, LETTER_NOBODY, "though asked"},
    {LETTER_LOST_BACK, LETTER_ANSWERED, "on the way back"},
    {LETTER_LOST_BACK, LETTER_LOST_THERE, "line is bad"},
    {LETTER_LOST_BACK, LETTER_UNANSWERED, "access list"},
    {LETTER_LOST_BACK, LETTER_LOST_BACK, "sending direction"},
    {LETTER_LOST_BACK, LETTER_NOBODY, "no second witness"},
    {LETTER_LATE, LETTER_LOST_THERE, "worse"},
    {LETTER_LATE, LETTER_UNANSWERED, "access list"},
    {LETTER_LATE, LETTER_LOST_BACK, "get lost"},
    {LETTER_LATE, LETTER_ANSWERED, "slow now"},
    {LETTER_NOT_TAKEN, LETTER_ANSWERED, "It is the server"},
    {LETTER_NOBODY, LETTER_ANSWERED, "device is well"},
    {LETTER_NOBODY, LETTER_LOST_THERE, "line or path"},
    {LETTER_NOBODY, LETTER_UNANSWERED, "does not answer"},
    {LETTER_NOBODY, LETTER_LOST_BACK, "get lost"},
    {LETTER_UNKNOWN, LETTER_ANSWERED, "are well"},
    {LETTER_UNKNOWN, LETTER_LOST_THERE, "nothing arrives"},
    {LETTER_UNKNOWN, LETTER_UNANSWERED, "did not answer"},
    {LETTER_UNKNOWN, LETTER_LOST_BACK, "get lost"},
};

START_TEST(each_pair_of_witnesses_is_reached)
{
	int all;

	for (all = 0; all < 2; all++)
		ck_assert_ptr_nonnull(
		    strstr(known(triangle_witness(
			       pairs[_i].ovoc, pairs[_i].campaign, all)),
			pairs[_i].words));
}
END_TEST

START_TEST(kinds_are_compared)
{
	const enum letter a = LETTER_ANSWERED, t = LETTER_LOST_THERE;
	const enum letter u = LETTER_UNANSWERED, b = LETTER_LOST_BACK;
	const enum letter n = LETTER_NOBODY;

	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, t, a)), "filtered by port"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, b, a)), "on the way back"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, u, a)), "its SNMP"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, a, t)), "port is filtered"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, a, u)), "TCP service"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(t, a, a)), "not the cause"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(u, a, a)), "not the cause"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(u, u, u)), "answers nothing"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_kinds(a, t, t)), "with state"));
	known(triangle_kinds(a, t, n));
	known(triangle_kinds(a, b, n));
	known(triangle_kinds(a, u, n));
	/* What says nothing is not spoken of. */
	ck_assert_ptr_null(triangle_kinds(n, t, n));
	ck_assert_ptr_null(triangle_kinds(t, t, t));
	ck_assert_ptr_null(triangle_kinds(LETTER_MIXED, t, a));
}
END_TEST

START_TEST(the_devices_own_messages_are_a_witness)
{
	static const enum letter rows[] = {
	    LETTER_LOST_THERE, LETTER_UNANSWERED};
	size_t i;

	for (i = 0; i < 2; i++) {
		known(triangle_event(rows[i], REPORTS_ARRIVED));
		known(triangle_event(rows[i], REPORTS_LOST));
		known(triangle_event(rows[i], REPORTS_NONE));
		ck_assert_ptr_null(triangle_event(rows[i], REPORTS_UNKNOWN));
	}
	known(triangle_event(LETTER_LOST_BACK, REPORTS_LOST));
	known(triangle_event(LETTER_LOST_BACK, REPORTS_ARRIVED));
	known(triangle_event(LETTER_ANSWERED, REPORTS_ARRIVED));
	known(triangle_event(LETTER_NOBODY, REPORTS_ARRIVED));
	known(triangle_event(LETTER_NOBODY, REPORTS_NONE));
}
END_TEST

START_TEST(what_the_device_heard_of_the_campaign_host)
{
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_heard(LETTER_LOST_THERE, true, false)),
		"which is well"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_heard(LETTER_LOST_THERE, false, false)),
		"two faults"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_heard(LETTER_UNANSWERED, true, false)),
		"access list"));
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_heard(LETTER_UNANSWERED, false, false)),
		"the device."));
	ck_assert_ptr_null(triangle_heard(LETTER_LOST_BACK, true, false));
}
END_TEST

/* Where all of them were captured, no answer left by another one. */
START_TEST(interfaces_are_named_where_some_were_not_captured)
{
	static const enum letter campaign[] = {
	    LETTER_ANSWERED, LETTER_NOBODY, LETTER_UNKNOWN};
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(
		    strstr(known(triangle_witness(
			       LETTER_UNANSWERED, campaign[i], false)),
			"interface"));
		ck_assert_ptr_null(
		    strstr(known(triangle_witness(
			       LETTER_UNANSWERED, campaign[i], true)),
			"interface"));
	}
	ck_assert_ptr_nonnull(
	    strstr(known(triangle_heard(LETTER_UNANSWERED, true, false)),
		"interface"));
	ck_assert_str_eq(known(triangle_heard(LETTER_UNANSWERED, true, true)),
	    "It answered the campaign host meanwhile: its access list or "
	    "firewall.");
}
END_TEST

UNIT_TABLE("triangle", each_pair_of_witnesses_is_reached,
    sizeof(pairs) / sizeof(pairs[0]),
    two_witnesses_have_a_sentence_for_each_pair, kinds_are_compared,
    the_devices_own_messages_are_a_witness,
    what_the_device_heard_of_the_campaign_host,
    interfaces_are_named_where_some_were_not_captured)
