/* check_ladder.c - requests one by one. */
#include "report/ladder.h"

#include <time.h>

#include "base/xmem.h"
#include "page_rig.h"
#include "unit.h"

#define S  INT64_C(1000000000)
#define AT (INT64_C(1795403462) * S) /* 2026-11-23T03:11:02Z */

static struct compare_result *
result(void)
{
	struct compare_result *r = xcalloc(1, sizeof(*r));

	setenv("TZ", "UTC0", 1);
	tzset();
	r->common[0] = (struct result_span){AT, AT + 1000 * S};
	r->n_common = 1;
	return r;
}

static void
rung(struct compare_result *r, enum asker asker, enum letter letter, int sec)
{
	r->ladder[r->n_ladder++] = (struct ladder_row){.asker = asker,
	    .kind = ASK_SNMP,
	    .letter = letter,
	    .s1 = AT + sec * S,
	    .s2 = letter == LETTER_ANSWERED ? AT + sec * S + 21000000 : 0};
}

static void
draw(struct page *p, struct compare_result *r)
{
	struct html *h = page_html(p);

	ladder_add(h, r);
	page_html_end(p, h);
	free(r);
}

/* The letter, and what a row says of it: words, a cross or circle. */
static const struct {
	enum letter letter;
	const char *word, *title;
	size_t ends;
} fates[] = {
    {LETTER_LOST_THERE, "lost", "lost on the way to the device", 1},
    {LETTER_UNANSWERED, "not answered",
	"reached the device and were not answered", 1},
    {LETTER_LOST_BACK, "answer lost", "answered, the answers lost", 1},
    {LETTER_LATE, "late", "answered too late", 0},
    {LETTER_NOT_TAKEN, "answer not taken", "not taken by the asker", 0},
    {LETTER_ANSWERED, "21.0 ms", "by OVOC: answered", 0},
    {LETTER_UNKNOWN, "unclear", "by OVOC: unclear", 0},
};

START_TEST(each_fate_has_a_word_and_an_end)
{
	struct compare_result *r = result();
	struct page p;

	rung(r, ASKER_OVOC, fates[_i].letter, 7);
	draw(&p, r);
	page_says(&p, fates[_i].word);
	page_says(&p, fates[_i].title);
	page_says(&p, "03:11:09.000");
	ck_assert_uint_eq(page_count(&p, "path", "x"), fates[_i].ends);
	page_free(&p);
}
END_TEST

START_TEST(where_nobody_asked_there_is_no_ladder)
{
	struct page p;

	draw(&p, result());
	ck_assert_uint_eq(page_count(&p, "svg", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(the_same_again_and_again_is_one_row)
{
	struct compare_result *r = result();
	struct page p;

	for (int i = 0; i < 15; i++)
		rung(r, ASKER_OVOC, LETTER_LOST_THERE, i);
	for (int i = 15; i < 17; i++)
		rung(r, ASKER_OVOC, LETTER_ANSWERED, i);
	rung(r, ASKER_CAMPAIGN, LETTER_ANSWERED, 1);
	draw(&p, r);
	page_says(&p, "SNMP by OVOC");
	page_says(&p, "... 14 more of the same, until 03:11:16.000");
	page_says(&p, "SNMP by the campaign host");
	ck_assert_uint_eq(page_count(&p, "path", "x"), 1);
	ck_assert_uint_eq(page_count(&p, "path", "r"), 4);
	page_free(&p);
}
END_TEST

START_TEST(more_rows_than_are_drawn_are_counted)
{
	struct compare_result *r = result();
	struct page p;

	for (int i = 0; i < RESULT_LADDER_MAX; i++)
		rung(r, ASKER_OVOC,
		    i % 2 == 0 ? LETTER_ANSWERED : LETTER_LOST_BACK, i);
	r->n_ladder = 10000; /* as many as there were */
	draw(&p, r);
	ck_assert_uint_eq(page_count(&p, "g", NULL), LADDER_ROWS_MAX - 1);
	page_says(&p, "And 141 more rows.");
	page_free(&p);
}
END_TEST

UNIT_TABLE("ladder", each_fate_has_a_word_and_an_end,
    sizeof(fates) / sizeof(fates[0]), where_nobody_asked_there_is_no_ladder,
    the_same_again_and_again_is_one_row, more_rows_than_are_drawn_are_counted)
