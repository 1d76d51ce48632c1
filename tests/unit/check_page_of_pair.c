/* check_page_of_pair.c - the page of one comparison: what must be on it. */
#include "report/page_of_pair.h"

#include <string.h>
#include <time.h>

#include "event_made.h"
#include "page_rig.h"
#include "unit.h"

/* 2026-11-23T03:11:02.100Z, in ns */
#define AT INT64_C(1795403462100000000)

/* The page of a result, which is freed. */
static void
read_page(struct page *p, struct compare_result *r)
{
	setenv("TZ", "CET-1", 1);
	tzset();
	page_begin(p);
	page_of_pair(r, &p->to);
	page_read(p);
	free(r);
}

static struct page
page_of(enum event_kind kind)
{
	struct page p;

	read_page(&p, event_made(kind, AT));

	return p;
}

START_TEST(the_sentence_comes_first_as_shape_and_word)
{
	struct page p = page_of(EVENT_LOST_THERE);
	struct compare_result *r = event_made(EVENT_LOST_THERE, AT);

	page_says(&p, "\xe2\x96\xb2 Packets were lost");
	page_says(&p, r->sentence);
	ck_assert_uint_eq(page_count(&p, "section", "lost"), 1);
	/* Whoever does not see the pictures is told it, too. */
	ck_assert_uint_eq(page_count(&p, "svg", "triangle"), 1);
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 1);
	ck_assert_uint_eq(page_count(&p, "svg", "ladder"), 1);
	page_has(&p, "role=\"img\" aria-label=\"SNMP requests of OVOC left");
	page_says(&p, "Times are local (UTC+01:00), by the server's clock.");
	free(r);
	page_free(&p);
}
END_TEST

START_TEST(the_table_has_each_kind_and_direction)
{
	struct page p = page_of(EVENT_LOST_THERE);

	ck_assert_uint_eq(page_count(&p, "table", "loss"), 1);
	ck_assert_uint_eq(page_count(&p, "tr", NULL), 7);
	page_has(&p,
	    "<th scope=\"row\">SNMP</th><td class=\"t\">to the device</td>"
	    "<td class=\"n\">140</td><td class=\"n\">107</td>"
	    "<td class=\"n l\">33</td><td class=\"n\">0</td>"
	    "<td class=\"t\">04:13:34.100</td>"
	    "<td class=\"t\">04:15:10.100</td>"
	    "<td>33, 96.000 s</td><td>12.8 ms more</td>"
	    "<td>certain</td>");
	page_free(&p);
}
END_TEST

START_TEST(the_small_print_tells_how_it_is_known)
{
	struct page p = page_of(EVENT_LOST_BACK);

	page_says(&p, "that of the device is 7.000 s ahead");
	page_says(&p, "to within 21.1 ms");
	page_says(&p, "198.51.100.7:10161 = 192.0.2.10:161");
	page_says(&p, "7 packets: not both captures ran then");
	page_says(&p, "CPE_device_192.0.2.1_2026-11-23T03.18.02.100000Z.pcap: "
		      "1322 packets");
	page_says(&p, "SHA-256 aaaa");
	page_says(&p, "99 cannot be said: the other capture was blind");
	/* The zone was named above. */
	page_does_not_say(&p, "times are local");
	page_free(&p);
}
END_TEST

START_TEST(the_triangle_says_who_reached_whom)
{
	struct page p = page_of(EVENT_LOST_THERE);

	page_says(&p, "to the device: SNMP: 33 of 140 lost");
	page_says(&p, "from the device: 1409 arrived");
	page_says(&p, "from the campaign host: 30 arrived");
	page_says(&p, "to the campaign host: 30 of 30 answered");
	ck_assert_uint_eq(page_count(&p, "path", "cut"), 1);
	ck_assert_uint_eq(page_count(&p, "path", "pass"), 4);
	page_free(&p);
	p = page_of(EVENT_UNANSWERED);
	page_says(&p, "the device did not answer 20 of 60 requests");
	ck_assert_uint_eq(page_count(&p, "path", "cut"), 0);
	page_free(&p);
}
END_TEST

START_TEST(where_nobody_asked_an_arrow_is_dashed)
{
	struct compare_result *r = event_made(EVENT_LOST_THERE, AT);
	struct page p;

	memset(r->letter[ASKER_CAMPAIGN], 0, sizeof(r->letter[0]));
	for (int i = 0; i < TRAFFIC_COUNT; i++)
		r->tally[i][WAY_BACK] = (struct loss_tally){.unknown = 5};
	r->tally[TRAFFIC_SNMP][WAY_THERE].arrived = 0;
	read_page(&p, r);
	page_says(&p, "from the campaign host: nothing seen");
	page_says(&p, "from the device: cannot be said");
	ck_assert_uint_eq(page_count(&p, "path", "none"), 2);
	ck_assert_uint_eq(page_count(&p, "path", "open"), 1);
	page_free(&p);
}
END_TEST

START_TEST(losses_of_the_campaign_host_are_told)
{
	struct compare_result *r = event_made(EVENT_WELL, AT);
	struct letter_row *l = &r->letter[ASKER_CAMPAIGN][ASK_SNMP];
	struct page p;

	l->by[LETTER_ANSWERED] = 3;
	l->by[LETTER_LOST_THERE] = 5;
	l->by[LETTER_LOST_BACK] = 2;
	read_page(&p, r);
	page_says(&p, "from the campaign host: 5 of 30 lost");
	page_says(&p, "to the campaign host: 2 of 25 answers lost");
	page_free(&p);
}
END_TEST

START_TEST(what_cannot_be_said_has_no_picture_but_reasons)
{
	struct page p = page_of(EVENT_UNKNOWN);

	page_says(&p, "\xe2\x97\x86 It cannot be said");
	page_says(&p, "their difference is not known.");
	ck_assert_uint_eq(page_count(&p, "svg", "strip"), 0);
	ck_assert_uint_eq(page_count(&p, "table", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(a_file_that_could_not_be_read_is_told)
{
	struct compare_result *r = event_made(EVENT_LOST_THERE, AT);
	struct page p;

	r->exit_status = 7;
	str_copy(r->trouble, sizeof(r->trouble), "x.pcap: no capture");
	read_page(&p, r);
	page_says(&p, "\xe2\x96\xa0 Not all files could be read");
	page_says(&p, "Not read: x.pcap: no capture");
	ck_assert_uint_eq(page_count(&p, "table", "loss"), 1);
	page_free(&p);
}
END_TEST

START_TEST(names_and_sentences_from_outside_are_only_texts)
{
	struct compare_result *r = event_made(EVENT_LOST_THERE, AT);
	struct page p;

	str_copy(r->sentence, sizeof(r->sentence),
	    "<script>1</script>\xe2\x80\xae\xff");
	str_copy(r->side[0].name, sizeof(r->side[0].name), "\"><b>\x01");
	str_copy(r->side[1].file[0].name, sizeof(r->side[1].file[0].name),
	    "CPE_<svg onload=1>");
	str_copy(r->trouble, sizeof(r->trouble), "]]><i>\x9b");
	read_page(&p, r);
	page_says(&p, "<script>1</script>????");
	page_says(&p, "\"><b>?");
	page_says(&p, "CPE_<svg onload=1>: 1322 packets");
	ck_assert_uint_eq(page_count(&p, "b", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(the_largest_result_has_bounds)
{
	struct page p;

	read_page(&p, event_made_large(AT));
	ck_assert_uint_lt(p.text.len, 160 * 1024);
	ck_assert_uint_lt(p.elements, 1500);
	page_says(&p, "and 9936 more files");
	page_says(&p, " more rows.");
	page_free(&p);
}
END_TEST

UNIT_MAIN("page_of_pair", the_sentence_comes_first_as_shape_and_word,
    the_table_has_each_kind_and_direction,
    the_small_print_tells_how_it_is_known, the_triangle_says_who_reached_whom,
    where_nobody_asked_an_arrow_is_dashed, losses_of_the_campaign_host_are_told,
    what_cannot_be_said_has_no_picture_but_reasons,
    a_file_that_could_not_be_read_is_told,
    names_and_sentences_from_outside_are_only_texts,
    the_largest_result_has_bounds)
