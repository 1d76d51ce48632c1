/* check_compare_text.c - a comparison's result as people read it. */
#include "report/compare_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "compare_made.h"
#include "report/compare_words.h"

/* A zone with an hour and a half, for whatever forgets the minutes. */
#define ZONE "XST-1:30"

/* The text of a result, which is freed; free(3). */
static char *
text_of(struct compare_result *r)
{
	struct strbuf b = STRBUF_INIT;

	setenv("TZ", ZONE, 1);
	tzset();
	compare_text(r, &b);
	free(r);
	return strbuf_take(&b);
}

static void
has(const char *text, const char *part)
{
	ck_assert_msg(strstr(text, part) != NULL, "no '%s' in\n%s", part, text);
}

static void
result_has(struct compare_result *r, const char *part)
{
	char *text = text_of(r);

	has(text, part);
	free(text);
}

static void
result_has_not(struct compare_result *r, const char *part)
{
	char *text = text_of(r);

	ck_assert_msg(strstr(text, part) == NULL, "'%s' in\n%s", part, text);
	free(text);
}

static const char whole[] =
    "SNMP requests of OVOC left the server and never reached the "
    "device: 20 of 20\n"
    "between 04:11:02 and 04:12:40. The campaign host reached it all "
    "the while, so\n"
    "the device and its line are well. Certain.\n"
    "\n"
    "                       sent   arrived      lost   unclear\n"
    "SNMP        there       120       100        20         0  "
    "certain\n"
    "SNMP        back        100       100         0         0  "
    "certain\n"
    "TCP         back         10         7         0         3  "
    "cannot be said\n"
    "(there: to the device, back: from it)\n"
    "\n"
    "SNMP there        20 lost from 2026-11-23 04:41:02.100 to "
    "04:42:40.100,\n"
    "                  everything in that time; up to 20 in a row, "
    "19.000 s.\n"
    "TCP back          3 cannot be said: the other capture was blind "
    "at that moment.\n"
    "\n"
    "Requests          SNMP by OVOC: 9 of 10 lost on the way to the "
    "device\n"
    "                  ping by the campaign host: 10 of 10 answered\n"
    "Judged            2026-11-23 04:36:02.100 to 04:46:02.100; times "
    "are local\n"
    "                  (+01:30), by the server's clock\n"
    "Not judged        7 packets: not both captures ran then\n"
    "Clocks            that of the device is 1d 0h 0m 0.000s ahead of "
    "that of the\n"
    "                  server, to within 21.1 ms.\n"
    "Addresses         at the server = at the device:\n"
    "                  198.51.100.7:10161 = 192.0.2.10:161\n"
    "server            661 packets of EN10MB\n"
    "  OVOC_x-0.pcap: 661 packets\n"
    "    SHA-256 " MADE_SHA256 "\n"
    "device            661 packets of EN10MB\n"
    "  CPE_x.pcap: 661 packets\n"
    "    SHA-256 " MADE_SHA256 "\n";

START_TEST(the_whole_text_is_this)
{
	char *text = text_of(compare_made());

	ck_assert_str_eq(text, whole);
	free(text);
}
END_TEST

/* Trouble is told by whoever prints this; why nothing can be said, here. */
START_TEST(of_what_could_not_be_read_nothing_is_said)
{
	struct compare_result *r = compare_made_of_nothing();
	char *text = text_of(r);

	ck_assert_str_eq(text, "");
	free(text);
	r = compare_made_of_nothing();
	r->trouble[0] = '\0';
	result_has(r, "Cannot be said: x.pcap: no capture.\n\nJudged ");
	r = compare_made();
	str_copy(r->trouble, sizeof(r->trouble), "x.pcap: no capture");
	result_has(r, "\nSNMP        there       120");
}
END_TEST

START_TEST(one_packet_is_no_packets)
{
	struct compare_result *r = compare_made();

	r->side[SIDE_SERVER].packets = 1;
	r->not_judged[REASON_CAPTURE_ENDED] = 1;
	result_has(r, "\nserver            1 packet of EN10MB\n");
}
END_TEST

START_TEST(a_lower_bound_is_told)
{
	struct compare_result *r = compare_made();

	r->tally[TRAFFIC_SNMP][WAY_THERE].at_least = 18;
	result_has(
	    r, "20 lost (at least 18: the other capture misses some itself)");
}
END_TEST

START_TEST(a_single_loss_has_one_time)
{
	struct compare_result *r = compare_made();
	struct loss_tally *t = &r->tally[TRAFFIC_SNMP][WAY_THERE];

	t->lost = t->at_least = t->run = 1;
	t->last = t->first;
	t->longest = 0;
	t->pattern = PATTERN_NONE;
	result_has(r, "1 lost at 2026-11-23 04:41:02.100.\n");
}
END_TEST

START_TEST(another_day_is_named)
{
	struct compare_result *r = compare_made();

	r->tally[TRAFFIC_SNMP][WAY_THERE].last += 86400 * MADE_S;
	result_has(r, "04:41:02.100 to 2026-11-24\n");
}
END_TEST

START_TEST(a_way_that_became_slower_is_told)
{
	struct compare_result *r = compare_made();

	r->tally[TRAFFIC_SNMP][WAY_THERE].delay_during = 72100000;
	result_has(r,
	    " The way\n                  took 50.0 ms longer while packets got lost.\n");
}
END_TEST

START_TEST(each_pattern_has_words)
{
	static const struct {
		enum pattern pattern;
		uint32_t n;
		const char *words;
	} rows[] = {{PATTERN_NONE, 0, ""}, {PATTERN_EVERY, 2, "every 2nd"},
	    {PATTERN_EVERY, 3, "every 3rd"}, {PATTERN_EVERY, 11, "every 11th"},
	    {PATTERN_EVERY, 21, "every 21st"}, {PATTERN_EVERY, 4, "every 4th"},
	    {PATTERN_EVERY, 112, "every 112th"},
	    {PATTERN_SIZE, 1400, "only those of more than 1400 bytes"},
	    {PATTERN_SPREAD, 21, "about 2.1%, spread"},
	    {PATTERN_ONWARD, 0, "everything since, not over at the end"}};
	struct strbuf b = STRBUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct loss_tally t = {
		    .pattern = rows[i].pattern, .pattern_n = rows[i].n};

		words_pattern(&t, &b);
		ck_assert_str_eq(strbuf_text(&b), rows[i].words);
		strbuf_clear(&b);
	}
	for (int p = PATTERN_NONE + 1; p < PATTERN_COUNT; p++) {
		struct loss_tally t = {.pattern = (enum pattern)p};

		strbuf_clear(&b);
		words_pattern(&t, &b);
		ck_assert_uint_gt(b.len, 0);
	}
	strbuf_free(&b);
}
END_TEST

START_TEST(nothing_that_is_found_is_without_words)
{
	for (int i = 0; i < TRAFFIC_COUNT; i++)
		ck_assert_ptr_nonnull(words_traffic((enum traffic)i));
	for (int i = 0; i < REASON_COUNT; i++)
		ck_assert_ptr_nonnull(words_reason((enum reason)i));
	for (int i = 0; i < LETTER_COUNT; i++)
		ck_assert_ptr_nonnull(words_letter((enum letter)i));
	for (int i = 0; i < ASKER_COUNT; i++)
		ck_assert_ptr_nonnull(words_asker((enum asker)i));
	for (int i = 0; i < ASK_KIND_COUNT; i++)
		ck_assert_ptr_nonnull(words_kind((enum ask_kind)i));
}
END_TEST

START_TEST(spans_have_a_unit_that_suits)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {{0, "0 us"}, {999999, "999 us"}, {-21100000, "21.1 ms"},
	    {19 * MADE_S, "19.000 s"}, {120 * MADE_S, "2m 0.000s"},
	    {3600 * MADE_S + 5000000, "1h 0m 0.005s"},
	    {-86400 * MADE_S, "1d 0h 0m 0.000s"},
	    {INT64_MIN, "106751d 23h 47m 16.854s"}};
	struct strbuf b = STRBUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		words_span(rows[i].ns, &b);
		ck_assert_str_eq(strbuf_text(&b), rows[i].text);
		strbuf_clear(&b);
	}
	strbuf_free(&b);
}
END_TEST

START_TEST(any_time_and_any_count_can_be_shown)
{
	static const int64_t odd[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
	char buf[WORDS_TIME_MAX];
	struct compare_result *r = compare_made();

	setenv("TZ", "XST+11:30", 1);
	tzset();
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		ck_assert_ptr_eq(words_time(odd[i], 0, buf), buf);
		ck_assert_str_eq(words_zone(odd[i], buf), "-11:30");
	}
	r->n_common = r->n_nat = r->clock.n_steps = 100000;
	r->side[0].n_links = 100000;
	r->side[0].n_files = 100000;
	r->tally[TRAFFIC_SNMP][WAY_THERE].sent = UINT32_MAX;
	result_has(r, "and 99936 more files\n");
}
END_TEST

START_TEST(clocks_are_told_as_well_as_they_are_known)
{
	struct compare_result *r = compare_made();

	r->clock.known = false;
	result_has(r, "their difference is not known.");
	r = compare_made();
	r->clock.error = INT64_MAX;
	result_has(r, "cannot be said: packets of one\n");
	r = compare_made();
	r->clock.offset = -3600 * MADE_S;
	r->clock.local_time = true;
	result_has(r, "1h 0m 0.000s behind that of the server");
	r = compare_made();
	r->clock.local_time = true;
	result_has(r, "the device stamps local time");
	result_has_not(compare_made(), "gains");
	r = compare_made();
	r->clock.drift_ppm = -50.04;
	r->clock.drift_error = 12;
	result_has(r, "loses 50.0");
	r = compare_made();
	r->clock.offset = -999;
	r->clock.drift_ppm = 0.04;
	r->clock.drift_error = 12;
	result_has(r, "Clocks            they agree, to within 21.1 ms.");
	r = compare_made();
	r->clock.offset = 1000;
	r->clock.drift_ppm = -0.05;
	r->clock.drift_error = 12;
	result_has(r, "that of the device is 1 us ahead of that of the server");
	r = compare_made();
	r->clock.pairs = 0;
	result_has(r, "by what the hosts told of them");
}
END_TEST

START_TEST(a_step_is_told)
{
	struct compare_result *r = compare_made();

	r->clock.n_steps = 1;
	r->clock.step_at[0] = MADE_AT;
	r->clock.step_by[0] = -3 * MADE_S;
	result_has(r,
	    "one of\n                  them was set: that of the device went 3.000 s back");
}
END_TEST

START_TEST(what_is_odd_about_a_capture_is_told)
{
	struct compare_result *r = compare_made();
	struct result_side *s = &r->side[SIDE_DEVICE];

	s->stretches = 3;
	s->snaplen = 96;
	s->copies = 12;
	s->misses = 7;
	s->miss_upper = 0.0214;
	s->dropped = 5;
	s->tunnelled = 9;
	s->strange = 8;
	s->both_ways = false;
	s->file[0].cut = true;
	result_has(r,
	    "device            661 packets of EN10MB; in 3 stretches; packets "
	    "are cut to 96\n"
	    "                  bytes; 12 seen twice by it; 9 in tunnels; 8 not "
	    "understood;\n"
	    "                  one direction only; it misses packets by itself: "
	    "7 of 750, at\n"
	    "                  most 2.1%; 5 dropped by its host's kernel\n"
	    "  CPE_x.pcap: 661 packets, cut off\n");
}
END_TEST

START_TEST(trouble_with_a_file_is_told)
{
	struct compare_result *r = compare_made();
	struct result_file *f = &r->side[SIDE_DEVICE].file[0];

	f->cut = true;
	str_copy(f->trouble, sizeof(f->trouble), "ends within a packet");
	result_has(r, "661 packets; ends within a packet\n");
}
END_TEST

START_TEST(mixed_fates_are_counted)
{
	struct compare_result *r = compare_made();

	r->letter[ASKER_OVOC][ASK_SNMP].letter = LETTER_MIXED;
	result_has(r,
	    "SNMP by OVOC: 10 requests: 9 lost on the way to the device; 1\n"
	    "                  answered\n");
	r = compare_made();
	r->polls = (struct letter_row){.letter = LETTER_LATE,
	    .n = 4,
	    .agree = 4,
	    .late = 7 * MADE_S,
	    .grade = GRADE_LIKELY};
	result_has(r,
	    "Requests          OVOC's own SNMP: 4 of 4 answered too late, "
	    "after 7.000 s\n"
	    "                  (likely)\n"
	    "                  SNMP by OVOC");
}
END_TEST

START_TEST(who_refuses_and_who_asks_no_more_is_told)
{
	struct compare_result *r = compare_made();

	r->refusal = (struct result_refusal){.n = 3, .type = 3, .code = 13};
	addr_parse(&r->refusal.by, "203.0.113.1");
	result_has(r,
	    "\nRefused           3 of the lost by 203.0.113.1, with ICMP type "
	    "3, code 13\n");
	r = compare_made();
	r->asked_until = MADE_AT;
	result_has(r,
	    "\n                  OVOC's SNMP ended at 2026-11-23 04:41:02.100\n");
}
END_TEST

START_TEST(what_the_way_did_is_told)
{
	struct compare_result *r = compare_made();

	r->path[WAY_BACK].slower_by = 21100000;
	r->path[WAY_BACK].slower_from = MADE_AT;
	result_has(r,
	    "\nWay               back: it took 21.1 ms longer from 2026-11-23 "
	    "04:41:02.100 on,\n                  before the first loss\n");
}
END_TEST

START_TEST(another_route_is_told)
{
	struct compare_result *r = compare_made();

	r->path[WAY_THERE].hops_before = 9;
	r->path[WAY_THERE].hops = 12;
	r->path[WAY_THERE].route_from = MADE_AT;
	result_has(r,
	    "\nWay               there: another route from 2026-11-23 "
	    "04:41:02.100 on, over 12\n                  routers, "
	    "not 9\n");
}
END_TEST

START_TEST(another_dscp_is_told_and_no_fault)
{
	struct compare_result *r = compare_made();

	r->path[WAY_THERE].dscp_sent = 46;
	r->path[WAY_THERE].dscp_n = 120;
	result_has(r,
	    "\nWay               there: 120 packets left with DSCP 46 "
	    "and arrived with 0, which\n                  "
	    "is no fault\n");
}
END_TEST

START_TEST(another_translation_is_told)
{
	struct compare_result *r = compare_made();
	struct result_mapping *m = &r->path[WAY_THERE].mapping;

	m->from = MADE_AT;
	ck_assert(addr_parse(&m->before, "198.51.100.7"));
	ck_assert(addr_parse(&m->now, "198.51.100.7"));
	m->before_port = 10161;
	m->port = 61161;
	m->lost = 38;
	result_has(r,
	    "\nWay               there: the receiver was 198.51.100.7:10161, "
	    "and from\n                  2026-11-23 04:41:02.100 on "
	    "198.51.100.7:61161: 38 packets to\n"
	    "                  the old one were lost\n");
	r = compare_made();
	m = &r->path[WAY_THERE].mapping;
	m->from = MADE_AT;
	ck_assert(addr_parse(&m->before, "198.51.100.7"));
	ck_assert(addr_parse(&m->now, "203.0.113.8"));
	result_has(r,
	    "\nWay               there: the receiver was 198.51.100.7, and "
	    "from 2026-11-23\n                  04:41:02.100 on 203.0.113.8\n");
}
END_TEST

START_TEST(no_common_time_is_told)
{
	struct compare_result *r = compare_made();

	r->n_common = 0;
	result_has(r, "Judged            nothing: there is no time");
}
END_TEST

START_TEST(foreign_text_is_made_printable)
{
	struct compare_result *r = compare_made();

	str_copy(r->side[0].name, sizeof(r->side[0].name), "OVOC\x1b[2J\xff");
	str_copy(r->side[0].file[0].name, sizeof(r->side[0].file[0].name),
	    "a\xe2\x80\xae\n.pcap");
	str_copy(r->sentence, sizeof(r->sentence), "A\tb\x9b.");
	result_has(r, "OVOC?[2J?         661 packets of EN10MB\n"
		      "  a????.pcap: 661 packets\n");
}
END_TEST

UNIT_MAIN("compare_text", the_whole_text_is_this,
    of_what_could_not_be_read_nothing_is_said, one_packet_is_no_packets,
    a_lower_bound_is_told, a_single_loss_has_one_time, another_day_is_named,
    a_way_that_became_slower_is_told, each_pattern_has_words,
    nothing_that_is_found_is_without_words, spans_have_a_unit_that_suits,
    any_time_and_any_count_can_be_shown,
    clocks_are_told_as_well_as_they_are_known, a_step_is_told,
    what_is_odd_about_a_capture_is_told, trouble_with_a_file_is_told,
    mixed_fates_are_counted, who_refuses_and_who_asks_no_more_is_told,
    what_the_way_did_is_told, another_route_is_told,
    another_dscp_is_told_and_no_fault, another_translation_is_told,
    no_common_time_is_told, foreign_text_is_made_printable)
