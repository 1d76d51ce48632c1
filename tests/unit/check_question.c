/* check_question.c - questions and their answers over both captures. */
#include "unit.h"

#include "compare/question.h"

#define SECOND INT64_C(1000000000)

/* What is seen of a question of the server's: s1 d1 d2 s2, and the letter. */
static const struct {
	int s1, d1, d2, s2;
	enum letter letter;
} table[] = {
    {1, 0, 0, 0, LETTER_LOST_THERE},
    {1, 1, 0, 0, LETTER_UNANSWERED},
    {1, 1, 1, 0, LETTER_LOST_BACK},
    {1, 1, 1, 1, LETTER_ANSWERED},
    {1, 0, 1, 1, LETTER_ANSWERED},
    {1, 1, 0, 1, LETTER_ANSWERED},
    {1, 0, 0, 1, LETTER_ANSWERED},
    {0, 1, 1, 1, LETTER_ANSWERED},
    {0, 0, 1, 1, LETTER_ANSWERED},
    {0, 1, 0, 1, LETTER_ANSWERED},
    {0, 0, 0, 1, LETTER_ANSWERED},
    {1, 0, 1, 0, LETTER_LOST_BACK},
    {0, 1, 1, 0, LETTER_LOST_BACK},
    {0, 1, 0, 0, LETTER_UNANSWERED},
    {0, 0, 1, 0, LETTER_UNKNOWN},
    {0, 0, 0, 0, LETTER_NOBODY},
};

static struct exchange
seen(int s1, int d1, int d2, int s2)
{
	return (struct exchange){.asked = {s1 * SECOND, d1 * SECOND},
	    .answered = {s2 * 2 * SECOND, d2 * 2 * SECOND},
	    .way = WAY_THERE,
	    .kind = ASK_SNMP};
}

START_TEST(each_row_of_what_was_seen_has_its_letter)
{
	struct exchange e =
	    seen(table[_i].s1, table[_i].d1, table[_i].d2, table[_i].s2);

	ck_assert_str_eq(letter_name(question_letter(&e, 5 * SECOND)),
	    letter_name(table[_i].letter));
}
END_TEST

START_TEST(an_answer_behind_the_patience_is_late)
{
	struct exchange e = seen(1, 1, 1, 1);

	e.answered[SIDE_SERVER] = 7 * SECOND;
	ck_assert_int_eq(question_letter(&e, 6 * SECOND), LETTER_ANSWERED);
	ck_assert_int_eq(question_letter(&e, 5 * SECOND), LETTER_LATE);
}
END_TEST

START_TEST(a_question_of_the_devices_is_turned_round)
{
	struct exchange e = seen(0, 1, 0, 0);

	e.way = WAY_BACK;
	ck_assert_int_eq(question_letter(&e, SECOND), LETTER_LOST_THERE);
}
END_TEST

START_TEST(anybody_on_the_way_can_refuse_a_connection)
{
	struct exchange e = seen(1, 0, 0, 1);

	e.kind = ASK_TCP;
	e.report = 1;
	ck_assert_int_eq(question_letter(&e, 5 * SECOND), LETTER_LOST_THERE);
	e = seen(1, 1, 1, 1);
	e.kind = ASK_TCP;
	e.report = 1;
	ck_assert_int_eq(question_letter(&e, 5 * SECOND), LETTER_ANSWERED);
}
END_TEST

UNIT_TABLE("question", each_row_of_what_was_seen_has_its_letter,
    sizeof(table) / sizeof(table[0]), an_answer_behind_the_patience_is_late,
    a_question_of_the_devices_is_turned_round,
    anybody_on_the_way_can_refuse_a_connection)
