/* check_sentence.c - the result in words that a night shift understands. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "compare/sentence.h"

#define SECOND INT64_C(1000000000)
#define AT     (INT64_C(1795000000) * SECOND) /* 11:06:40 UTC */

static struct compare_result *
result(void)
{
	struct compare_result *r = calloc(1, sizeof(*r));

	setenv("TZ", "UTC", 1);
	memcpy(r->side[SIDE_SERVER].name, "server", 7);
	memcpy(r->side[SIDE_DEVICE].name, "device", 7);
	r->clock.pairs = 100;
	r->n_common = 1;
	r->common[0] = (struct result_span){AT, AT + 300 * SECOND};
	return r;
}

static struct loss_tally *
count(struct compare_result *r, enum traffic t, enum way w, uint32_t sent,
    uint32_t lost)
{
	struct loss_tally *l = &r->tally[t][w];

	*l = (struct loss_tally){.sent = sent,
	    .arrived = sent - lost,
	    .lost = lost,
	    .at_least = lost,
	    .among = lost,
	    .first = lost > 0 ? AT + 10 * SECOND : 0,
	    .last = lost > 0 ? AT + 50 * SECOND : 0,
	    .run = lost,
	    .pattern = lost > 0 ? PATTERN_ALL : PATTERN_NONE};
	return l;
}

static void
row(struct compare_result *r, enum asker a, enum ask_kind k, enum letter l)
{
	r->letter[a][k] = (struct letter_row){.letter = l,
	    .n = 40,
	    .agree = 40,
	    .first = AT + 10 * SECOND,
	    .last = AT + 50 * SECOND};
}

static void
is(struct compare_result *r, int status, enum grade grade, const char *text)
{
	sentence_make(r);
	ck_assert_str_eq(r->sentence, text);
	ck_assert_int_eq(r->exit_status, status);
	ck_assert_int_eq(r->grade, grade);
	free(r);
}

START_TEST(nothing_lost)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 119, 0);
	is(r, 0, GRADE_CERTAIN,
	    "Nothing was lost: 120 packets to the device and 119 to the server "
	    "arrived between 11:06:40 and 11:11:40. Certain.");
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 1, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 1, 0);
	is(r, 0, GRADE_CERTAIN,
	    "Nothing was lost: 1 packet to the device and 1 to the server "
	    "arrived between 11:06:40 and 11:11:40. Certain.");
}
END_TEST

START_TEST(requests_lost_with_a_second_witness)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_SNMP, WAY_BACK, 80, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_LOST_THERE);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_ANSWERED);
	is(r, 1, GRADE_CERTAIN,
	    "SNMP requests of OVOC left the server and never reached the "
	    "device: 40 of 40 between 11:06:50 and 11:07:30. The campaign host "
	    "reached the device all the while: "
	    "lost between OVOC and the device; the device and its line are "
	    "well. Certain.");
}
END_TEST

START_TEST(letters_that_disagree_with_the_count_have_no_meaning)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_BACK, 120, 40)->grade = GRADE_LIKELY;
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_LOST_THERE);
	is(r, 1, GRADE_LIKELY,
	    "SNMP answers left the device and never reached the server: 40 of "
	    "40 between 11:06:50 and 11:07:30. Likely.");
}
END_TEST

START_TEST(no_protocol_is_named_when_all_is_lost)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_ICMP, WAY_THERE, 120, 39)->grade = GRADE_LIKELY;
	is(r, 1, GRADE_LIKELY,
	    "All packets left the server and never reached the device: 79 of "
	    "79 between 11:06:50 and 11:07:30. Likely.");
}
END_TEST

START_TEST(where_all_is_lost_the_devices_messages_are_spoken_of)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_ICMP, WAY_THERE, 120, 40);
	r->reports = REPORTS_ARRIVED;
	is(r, 1, GRADE_CERTAIN,
	    "All packets left the server and never reached the device: 80 of "
	    "80 between 11:06:50 and 11:07:30. The device's own messages "
	    "arrived meanwhile: only the way towards the device was hit. "
	    "Certain.");
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_ICMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_TRAP, WAY_BACK, 20, 20);
	r->reports = REPORTS_LOST;
	is(r, 1, GRADE_CERTAIN,
	    "All packets left the server and never reached the device: 80 of "
	    "80 between 11:06:50 and 11:07:30. Also lost on the way to the "
	    "server: the device's own SNMP messages, 20 of 20. The device's "
	    "own messages were lost as well: both directions were hit. "
	    "Certain.");
}
END_TEST

START_TEST(some_of_them_with_a_pattern_and_others)
{
	struct compare_result *r = result();
	struct loss_tally *t = count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);

	t->among = 118;
	t->at_least = 30;
	t->pattern = PATTERN_EVERY;
	t->pattern_n = 3;
	count(r, TRAFFIC_UDP, WAY_BACK, 20, 5);
	is(r, 1, GRADE_CERTAIN,
	    "SNMP requests of OVOC left the server and did not all reach the "
	    "device: at least 30 of 118 lost between 11:06:50 and 11:07:30 "
	    "(one in every 3: one of so many parallel paths, or a rate "
	    "limit). Also lost on the way to the server: UDP packets, 5 of 5. "
	    "Both directions lost packets. Certain.");
}
END_TEST

/* Only SNMP is lost, for both who ask: it is not the device's line. */
START_TEST(what_both_meet_with_snmp_only_is_a_filter)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_LOST_THERE);
	row(r, ASKER_OVOC, ASK_ICMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_TCP, LETTER_ANSWERED);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_LOST_THERE);
	r->witness = true;
	is(r, 1, GRADE_CERTAIN,
	    "SNMP requests of OVOC left the server and never reached the "
	    "device: 40 of 40 between 11:06:50 and 11:07:30. Ping and TCP get "
	    "through: only SNMP towards the device is lost, filtered by port "
	    "(a firewall, an access list of the provider). The campaign host "
	    "met the same. Certain.");
}
END_TEST

/* A kind that is lost or not answered alone is told as that. */
START_TEST(one_kind_beside_the_others)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_TCP, WAY_THERE, 40, 40);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_ICMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_TCP, LETTER_LOST_THERE);
	is(r, 1, GRADE_CERTAIN,
	    "TCP packets left the server and never reached the device: 40 of "
	    "40 between 11:06:50 and 11:07:30. Ping and SNMP get through: only "
	    "TCP is lost, its port is filtered. Certain.");
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_ICMP, LETTER_UNANSWERED);
	row(r, ASKER_OVOC, ASK_TCP, LETTER_ANSWERED);
	is(r, 0, GRADE_CERTAIN,
	    "Pings of OVOC reached the device and were not answered: 40 of 40 "
	    "between 11:06:50 and 11:07:30. Ping is filtered; it is not the "
	    "cause of anything. Certain.");
	/* Where more was lost, it is not filtered alone. */
	r = result();
	count(r, TRAFFIC_ICMP, WAY_THERE, 40, 40);
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_UDP, WAY_BACK, 60, 20);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_ICMP, LETTER_LOST_THERE);
	row(r, ASKER_OVOC, ASK_TCP, LETTER_ANSWERED);
	is(r, 1, GRADE_CERTAIN,
	    "Ping packets left the server and never reached the device: 40 of "
	    "40 between 11:06:50 and 11:07:30. Also lost on the way to the "
	    "server: UDP packets, 20 of 20. Both directions lost packets. "
	    "Certain.");
}
END_TEST

/* A sentence with all that can be in one ends with its grade. */
START_TEST(the_longest_has_room)
{
	struct compare_result *r = result();
	struct loss_tally *t;
	size_t len;

	count(r, TRAFFIC_TRAP, WAY_BACK, 200000, 100000);
	count(r, TRAFFIC_ICMP_ERROR, WAY_BACK, 200000, 100000);
	t = count(r, TRAFFIC_SNMP, WAY_THERE, 200000, 100000);
	t->among = 150000;
	t->at_least = 99999;
	t->last = AT + 90000 * SECOND;
	t->pattern = PATTERN_RATE;
	t->pattern_n = 100000;
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_LOST_THERE);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_UNANSWERED);
	r->reports = REPORTS_LOST;
	r->witness = true;
	r->path[WAY_THERE].slower_from = AT;
	r->path[WAY_THERE].slower_by = 9999 * (SECOND / 1000);
	r->path[WAY_THERE].route_from = AT;
	r->path[WAY_THERE].hops = 200;
	r->path[WAY_THERE].mapping.from = AT;
	r->path[WAY_THERE].mapping.lost = 100000;
	r->refusal.n = 100;
	r->refusal.type = 3;
	r->refusal.code = 13;
	ck_assert(
	    addr_parse(&r->refusal.by, "2001:db8:1111:2222:3333:4444:5555:"
				       "6666"));
	memset(r->side[SIDE_SERVER].name, 'a', sizeof(r->side->name) - 1);
	memset(r->side[SIDE_DEVICE].name, 'b', sizeof(r->side->name) - 1);
	sentence_make(r);
	len = strlen(r->sentence);
	ck_assert_uint_lt(len, RESULT_SENTENCE_MAX - 1);
	ck_assert_uint_gt(len, 640);
	ck_assert_str_eq(r->sentence + len - 9, " Certain.");
	free(r);
}
END_TEST

START_TEST(what_the_way_did_before_is_told)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_TCP, WAY_BACK, 120, 40);
	r->path[WAY_BACK].slower_from = AT + 5 * SECOND;
	r->path[WAY_BACK].slower_by = SECOND / 8;
	/* It is not this one's. */
	r->path[WAY_THERE].slower_from = AT;
	r->path[WAY_THERE].slower_by = SECOND;
	is(r, 1, GRADE_CERTAIN,
	    "TCP packets left the device and never reached the server: 40 of "
	    "40 between 11:06:50 and 11:07:30. Before the first loss, from "
	    "11:06:45 on, the way to the server took 125 ms longer: "
	    "congestion, or a longer way. Certain.");
	/* Of all of it, too. */
	r = result();
	count(r, TRAFFIC_TCP, WAY_THERE, 40, 40);
	count(r, TRAFFIC_SNMP, WAY_THERE, 40, 40);
	r->path[WAY_THERE].slower_from = AT + 5 * SECOND;
	r->path[WAY_THERE].slower_by = SECOND / 8;
	sentence_make(r);
	ck_assert_ptr_nonnull(strstr(r->sentence, " the way to the device "));
	free(r);
}
END_TEST

START_TEST(another_route_is_told)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_TCP, WAY_THERE, 120, 40);
	r->path[WAY_THERE].route_from = AT + 15 * SECOND;
	r->path[WAY_THERE].hops_before = 9;
	r->path[WAY_THERE].hops = 12;
	is(r, 1, GRADE_CERTAIN,
	    "TCP packets left the server and never reached the device: 40 of "
	    "40 between 11:06:50 and 11:07:30. From 11:06:55 on the route to "
	    "the device was another one, with 3 more routers. Certain.");
	r = result();
	count(r, TRAFFIC_TCP, WAY_BACK, 120, 40);
	r->path[WAY_BACK].hops_before = 9;
	r->path[WAY_BACK].hops = 7;
	sentence_make(r);
	ck_assert_ptr_nonnull(strstr(r->sentence, " with 2 fewer routers. "));
	r->path[WAY_BACK].hops = 8;
	sentence_make(r);
	ck_assert_ptr_nonnull(strstr(r->sentence, " with 1 fewer router. "));
	free(r);
}
END_TEST

START_TEST(another_translation_is_told_where_it_lost_something)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	r->path[WAY_THERE].mapping.from = AT + 12 * SECOND;
	r->path[WAY_THERE].mapping.now.family = AF_INET;
	r->path[WAY_THERE].mapping.lost = 38;
	is(r, 1, GRADE_CERTAIN,
	    "SNMP requests of OVOC left the server and never reached the "
	    "device: 40 of 40 between 11:06:50 and 11:07:30. The address "
	    "translation changed at 11:06:52: replies to the old one were "
	    "lost. Certain.");
	/* Then bursts are none. */
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40)->pattern = PATTERN_BURSTS;
	r->path[WAY_THERE].mapping.from = AT + 12 * SECOND;
	r->path[WAY_THERE].mapping.lost = 40;
	sentence_make(r);
	ck_assert_ptr_null(strstr(r->sentence, "bursts"));
	r->path[WAY_THERE].mapping.lost = 39;
	sentence_make(r);
	ck_assert_ptr_nonnull(strstr(r->sentence, "bursts"));
	r->path[WAY_THERE].mapping.lost = 40;
	r->tally[TRAFFIC_SNMP][WAY_THERE].pattern = PATTERN_ONWARD;
	sentence_make(r);
	ck_assert_ptr_nonnull(strstr(r->sentence, "to the last one"));
	free(r);
	/* It is a note only, or the other way's. */
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	r->path[WAY_THERE].mapping.from = AT + 12 * SECOND;
	r->path[WAY_THERE].mapping.now.family = AF_INET;
	r->path[WAY_BACK].mapping = r->path[WAY_THERE].mapping;
	r->path[WAY_BACK].mapping.lost = 9;
	sentence_make(r);
	ck_assert_ptr_null(strstr(r->sentence, "translation"));
	free(r);
}
END_TEST

/* A service that answers somebody is not dead. */
START_TEST(who_answers_one_of_them_has_an_access_list)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_UNANSWERED);
	row(r, ASKER_OVOC, ASK_ICMP, LETTER_ANSWERED);
	row(r, ASKER_OVOC, ASK_TCP, LETTER_ANSWERED);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_ANSWERED);
	r->witness = true;
	is(r, 0, GRADE_CERTAIN,
	    "SNMP requests of OVOC reached the device and were not answered: "
	    "40 of 40 between 11:06:50 and 11:07:30. It answers the campaign "
	    "host and not OVOC: its access list or firewall, or its answers "
	    "leave by an interface that was not captured. Certain.");
	r = result();
	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_UNANSWERED);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_ANSWERED);
	r->witness = r->side[SIDE_DEVICE].all_interfaces = true;
	is(r, 0, GRADE_CERTAIN,
	    "SNMP requests of OVOC reached the device and were not answered: "
	    "40 of 40 between 11:06:50 and 11:07:30. It answers the campaign "
	    "host and not OVOC: its access list or firewall. Certain.");
}
END_TEST

/* All is lost for the campaign host, too. */
START_TEST(a_line_that_is_dead_for_both)
{
	struct compare_result *r = result();
	int k;

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 40);
	count(r, TRAFFIC_ICMP, WAY_THERE, 120, 40);
	for (k = 0; k < ASK_KIND_COUNT; k++)
		row(r, ASKER_CAMPAIGN, (enum ask_kind)k, LETTER_LOST_THERE);
	r->witness = true;
	is(r, 1, GRADE_CERTAIN,
	    "All packets left the server and never reached the device: 80 of "
	    "80 between 11:06:50 and 11:07:30. Nothing from the campaign host "
	    "reached it either: its line, or what lies before it, was dead "
	    "towards the device. Certain.");
}
END_TEST

/* Nothing of either was lost before the alarm. */
START_TEST(who_was_answered_declared_the_loss_by_itself)
{
	struct compare_result *r = result();
	int k;

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 119, 0);
	r->calm = 100;
	r->reports = REPORTS_ARRIVED;
	r->witness = true;
	for (k = 0; k < ASK_KIND_COUNT; k++)
		row(r, ASKER_CAMPAIGN, (enum ask_kind)k, LETTER_ANSWERED);
	is(r, 0, GRADE_CERTAIN,
	    "Nothing was lost: 120 packets to the device and 119 to the server "
	    "arrived between 11:06:40 and 11:11:40. OVOC was answered and heard "
	    "the device: if it declared a loss, it did so by itself (load, "
	    "database, clock, licence). Certain.");
}
END_TEST

START_TEST(a_user_that_is_refused_is_told)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 119, 0);
	r->bad_user = 10;
	is(r, 0, GRADE_CERTAIN,
	    "Nothing was lost: 120 packets to the device and 119 to the server "
	    "arrived between 11:06:40 and 11:11:40. SNMP answers, but refuses "
	    "the user or the time window of 10 requests (keys, or the "
	    "device's SNMP clock after a restart). Certain.");
}
END_TEST

START_TEST(not_answered_is_no_loss)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_UNANSWERED);
	r->reports = REPORTS_ARRIVED;
	is(r, 0, GRADE_CERTAIN,
	    "SNMP requests of OVOC reached the device and were not answered: "
	    "40 of 40 between 11:06:50 and 11:07:30. The device heard OVOC and "
	    "sent messages of its own but did not answer: its SNMP service, "
	    "user or manager list. Certain.");
}
END_TEST

START_TEST(late_answers)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_LATE);
	r->letter[ASKER_OVOC][ASK_SNMP].late = 6 * SECOND;
	is(r, 0, GRADE_CERTAIN,
	    "Answers to SNMP requests of OVOC came late, after 6000 ms: 40 of "
	    "40 between 11:06:50 and 11:07:30. The path there or back is slow "
	    "now. Certain.");
}
END_TEST

START_TEST(what_cannot_be_said_says_why)
{
	struct compare_result *r = result();
	struct loss_tally *t = count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);

	t->arrived = 100;
	t->unknown = t->unknown_by[REASON_CAPTURE_BLIND] = 20;
	t->grade = GRADE_UNKNOWN;
	is(r, 3, GRADE_UNKNOWN,
	    "Cannot be said of 20 of 120 packets whether they arrived: the "
	    "other capture missed everything just then. Of the others none "
	    "was lost.");
	r = result();
	r->clock.pairs = 0;
	is(r, 3, GRADE_UNKNOWN,
	    "Cannot be said: the two captures have no packet in common that "
	    "tells their clocks (are they of the same device and time?).");
	r = result();
	r->clock.pairs = 0;
	r->side[SIDE_DEVICE].tunnelled = 7;
	is(r, 3, GRADE_UNKNOWN,
	    "Cannot be said: one capture shows only a tunnel.");
	r = result();
	r->n_common = 0;
	is(r, 3, GRADE_UNKNOWN,
	    "Cannot be said: the two captures did not run at the same time.");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_keeps_its_status)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 120, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 119, 0);
	r->exit_status = 7;
	is(r, 7, GRADE_CERTAIN,
	    "Nothing was lost: 120 packets to the device and 119 to the server "
	    "arrived between 11:06:40 and 11:11:40. Certain.");
}
END_TEST

/* Nothing could be judged, and the campaign host has its own record. */
START_TEST(what_cannot_be_said_of_ovoc_can_be_of_the_device)
{
	static const struct {
		enum letter campaign;
		const char *text;
	} cases[] = {
	    {LETTER_ANSWERED, " The device and its line are well; OVOC's side "
			      "cannot be said."},
	    {LETTER_LOST_THERE, " From the campaign host nothing arrives; "
				"OVOC's side cannot be said."},
	    {LETTER_UNANSWERED, " The device did not answer the campaign host; "
				"OVOC's side cannot be said."},
	    {LETTER_LOST_BACK, " Answers to the campaign host get lost; OVOC's "
			       "side cannot be said."},
	    {LETTER_MIXED, ""},
	    {LETTER_UNKNOWN, ""},
	};
	struct compare_result *r;
	char text[400];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = result();
		r->clock.pairs = 0;
		r->witness = true;
		row(r, ASKER_CAMPAIGN, ASK_ICMP, cases[i].campaign);
		snprintf(text, sizeof(text),
		    "Cannot be said: the two captures have no packet in "
		    "common that tells their clocks (are they of the same "
		    "device and time?).%s",
		    cases[i].text);
		is(r, 3, GRADE_UNKNOWN, text);
	}
}
END_TEST

/* Where only the device's capture shows the campaign host, it is no witness of
 * what arrived there. */
START_TEST(without_its_record_the_campaign_host_adds_nothing)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 40, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 40, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_ANSWERED);
	row(r, ASKER_CAMPAIGN, ASK_SNMP, LETTER_LOST_BACK);
	is(r, 0, GRADE_CERTAIN,
	    "Nothing was lost: 40 packets to the device and 40 to the server "
	    "arrived between 11:06:40 and 11:11:40. Certain.");
}
END_TEST

START_TEST(answers_that_were_not_taken_are_no_loss)
{
	struct compare_result *r = result();

	count(r, TRAFFIC_SNMP, WAY_THERE, 40, 0);
	count(r, TRAFFIC_SNMP, WAY_BACK, 40, 0);
	row(r, ASKER_OVOC, ASK_SNMP, LETTER_NOT_TAKEN);
	is(r, 0, GRADE_CERTAIN,
	    "SNMP requests of OVOC were answered, and the server did not take "
	    "the answers: 40 of 40 between 11:06:50 and 11:07:30. It is the "
	    "server: its firewall, or the service on it. Certain.");
}
END_TEST

UNIT_MAIN("sentence", what_cannot_be_said_of_ovoc_can_be_of_the_device,
    without_its_record_the_campaign_host_adds_nothing,
    answers_that_were_not_taken_are_no_loss, nothing_lost,
    requests_lost_with_a_second_witness,
    letters_that_disagree_with_the_count_have_no_meaning,
    no_protocol_is_named_when_all_is_lost,
    some_of_them_with_a_pattern_and_others,
    where_all_is_lost_the_devices_messages_are_spoken_of,
    what_both_meet_with_snmp_only_is_a_filter, one_kind_beside_the_others,
    the_longest_has_room, what_the_way_did_before_is_told,
    another_route_is_told, another_translation_is_told_where_it_lost_something,
    who_answers_one_of_them_has_an_access_list, a_line_that_is_dead_for_both,
    who_was_answered_declared_the_loss_by_itself,
    a_user_that_is_refused_is_told, not_answered_is_no_loss, late_answers,
    what_cannot_be_said_says_why, a_file_that_cannot_be_read_keeps_its_status)
