/* check_result_decode.c - a comparison's result, read again from its JSON. */
#include "compare/result_decode.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "base/xmem.h"
#include "compare/result_facts.h"
#include "compare/result_json.h"
#include "compare_made.h"
#include "event_made.h"
#include "mutate.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct compare_result *
decode(const struct strbuf *text)
{
	struct fail why = {0};
	struct compare_result *r = result_decode(text->s, text->len, &why);

	ck_assert_msg(r != NULL, "%s", why.text);
	return r;
}

/* What it becomes after it was written and read. */
static struct compare_result *
again(const struct compare_result *r)
{
	struct strbuf text = STRBUF_INIT;
	struct compare_result *back;

	result_json(r, &text);
	back = decode(&text);
	strbuf_free(&text);
	return back;
}

/* Written, read and written: the same text. */
static void
keeps_all(const struct compare_result *r)
{
	struct strbuf one = STRBUF_INIT, other = STRBUF_INIT;
	struct compare_result *back;

	result_json(r, &one);
	ck_assert_uint_lt(one.len, RESULT_JSON_MAX);
	back = decode(&one);
	result_json(back, &other);
	ck_assert_str_eq(strbuf_text(&one), strbuf_text(&other));
	free(back);
	strbuf_free(&one);
	strbuf_free(&other);
}

START_TEST(a_result_is_the_same_when_it_was_written_and_read)
{
	struct compare_result *r = compare_made();

	keeps_all(r);
	free(r);
	r = compare_made_of_nothing();
	keeps_all(r);
	free(r);
}
END_TEST

START_TEST(what_was_read_is_what_was_found)
{
	struct compare_result *r = compare_made(), *back = again(r);
	const struct loss_tally *t = &back->tally[TRAFFIC_SNMP][WAY_THERE];
	const struct letter_row *l = &back->letter[ASKER_OVOC][ASK_SNMP];

	ck_assert_str_eq(back->sentence, r->sentence);
	ck_assert_int_eq(back->clock.offset, r->clock.offset);
	ck_assert_int_eq(back->clock.error, r->clock.error);
	ck_assert_mem_eq(back->common, r->common, sizeof(r->common));
	ck_assert_mem_eq(
	    &back->side[1].file, &r->side[1].file, sizeof(r->side[1].file));
	ck_assert_int_eq(t->lost, 20);
	ck_assert_int_eq(t->first, MADE_AT);
	ck_assert_int_eq(t->delay_before, 22100000);
	ck_assert_int_eq(t->delay_during, -1);
	ck_assert_int_eq(t->pattern, PATTERN_ALL);
	ck_assert_int_eq(back->tally[TRAFFIC_OTHER][WAY_BACK].delay_before, -1);
	ck_assert_int_eq(l->by[LETTER_LOST_THERE], 9);
	ck_assert_int_eq(l->letter, LETTER_LOST_THERE);
	ck_assert_mem_eq(back->ladder, r->ladder, sizeof(r->ladder[0]));
	ck_assert_int_eq(back->nat[0].server_port, 10161);
	ck_assert_int_eq(addr_cmp(&back->nat[0].device, &r->nat[0].device), 0);
	ck_assert_int_eq(back->not_judged[REASON_CAPTURE_ENDED], 7);
	free(back);
	free(r);
}
END_TEST

START_TEST(the_ladder_keeps_microseconds)
{
	struct compare_result *r = compare_made(), *back;

	r->ladder[0].d1 = MADE_AT + 250123;
	back = again(r);
	ck_assert_int_eq(back->ladder[0].d1, MADE_AT + 250000);
	free(back);
	free(r);
}
END_TEST

START_TEST(the_strip_keeps_every_bin)
{
	struct compare_result *r = event_made_large(MADE_AT), *back;

	r->exit_status = 1;
	r->strip.alarm = MADE_AT + 1000000;
	keeps_all(r);
	back = again(r);
	ck_assert_int_eq(back->strip.alarm, MADE_AT + 1000000);
	ck_assert_int_eq(back->strip.n_rows, STRIP_ROWS_MAX);
	ck_assert_int_eq(back->strip.width, r->strip.width);
	ck_assert_int_eq(back->strip.from, r->strip.from);
	ck_assert_mem_eq(back->strip.row, r->strip.row, sizeof(r->strip.row));
	free(back);
	/* Too fine for the text, and longer than any capture. */
	r->strip.width = 999;
	keeps_all(r);
	r->strip.width = INT64_MAX;
	keeps_all(r);
	free(r);
}
END_TEST

/* The bound of the offset is right of the rounded one, too. */
START_TEST(the_error_holds_what_was_rounded)
{
	static const int64_t offsets[] = {
	    1, 999, 1000, -1, -999, -1000, 180001, INT64_C(315360000) * MADE_S};
	struct compare_result *r = compare_made(), *back;

	for (size_t i = 0; i < COUNT(offsets); i++) {
		const struct result_clock *c = &r->clock;
		int64_t off;

		r->clock.offset = offsets[i];
		r->clock.error = 1001;
		back = again(r);
		off = back->clock.offset - c->offset;
		ck_assert(off <= 0 && off > -1000);
		ck_assert_int_ge(back->clock.offset + back->clock.error,
		    c->offset + c->error);
		ck_assert_int_le(back->clock.offset - back->clock.error,
		    c->offset - c->error);
		ck_assert_int_le(back->clock.error, c->error + 2000);
		keeps_all(r);
		free(back);
	}
	free(r);
}
END_TEST

START_TEST(a_difference_that_cannot_be_told_is_not_known)
{
	struct compare_result *r = compare_made(), *back;

	r->clock.offset = INT64_MAX;
	back = again(r);
	ck_assert(!back->clock.known);
	keeps_all(r);
	r->clock.offset = INT64_MIN;
	keeps_all(r);
	free(back);
	free(r);
}
END_TEST

START_TEST(a_drift_on_the_verge_is_told_or_not_told_both_times)
{
	struct compare_result *r = compare_made();

	for (int i = 0; i < 20; i++) {
		r->clock.drift_error = 19.999 + i * 0.0001;
		keeps_all(r);
	}
	r->clock.drift_error = INFINITY;
	r->side[0].miss_share = NAN;
	keeps_all(r);
	free(r);
}
END_TEST

/* --- any result --- */

static uint32_t
random_below(uint32_t n)
{
	return n == 0 ? 0 : ((uint32_t)random() << 16 ^ (uint32_t)random()) % n;
}

static uint64_t
random_u64(void)
{
	return (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^
	       (uint64_t)random();
}

static void
fill_random_text(char *to, size_t size)
{
	size_t n = random_below((uint32_t)size);

	for (size_t i = 0; i < n; i++)
		to[i] = (char)(1 + random_below(255));
	to[n] = '\0';
}

static void
fill_random_letter(struct letter_row *l)
{
	l->letter = (enum letter)random_below(LETTER_COUNT);
	l->n = random_below(100);
	l->agree = random_below(l->n + 1);
	l->late = random_below(3000);
	l->first = (int64_t)random_below(UINT32_MAX) * 1000000001 - MADE_S;
	l->grade = (enum grade)random_below(GRADE_COUNT);
	for (int i = 0; i < LETTER_COUNT; i++)
		l->by[i] = random_below(3);
}

static void
fill_random_tally(struct loss_tally *t)
{
	*t = (struct loss_tally){.sent = random_below(3)};
	t->lost = random_below(UINT32_MAX);
	t->at_least = random_below(t->lost);
	for (int i = 0; i < REASON_COUNT; i++)
		t->unknown += t->unknown_by[i] = random_below(3);
	t->first = (int64_t)random_below(UINT32_MAX) * 999999999;
	t->longest = (int64_t)random_below(UINT32_MAX) * 999999999;
	t->pattern = (enum pattern)random_below(PATTERN_COUNT);
	t->delay_before = (int64_t)random_below(UINT32_MAX) * 9 - 1;
	t->delay_during = random_below(2) > 0 ? -1 : 1999;
	t->grade = (enum grade)random_below(GRADE_COUNT);
}

static void
fill_random_mapping(struct result_mapping *m)
{
	m->from = (int64_t)random_below(UINT32_MAX) * 999999999;
	ck_assert(addr_parse(&m->before, "2001:db8::2"));
	ck_assert(addr_parse(&m->now, "192.0.2.9"));
	m->before_port = (uint16_t)random_below(3);
	m->port = (uint16_t)random_below(UINT16_MAX);
	m->lost = random_below(3);
}

static void
fill_random_path(struct result_path *p)
{
	p->slower_by = random_below(2) * random_below(UINT32_MAX);
	p->slower_from = (int64_t)random_below(UINT32_MAX) * 999999999;
	p->route_from = (int64_t)random_below(UINT32_MAX) * 999999999;
	p->hops_before = (uint8_t)random_below(3);
	p->hops = (uint8_t)random_below(256);
	p->dscp_sent = (uint8_t)random_below(64);
	p->dscp_seen = (uint8_t)random_below(64);
	p->dscp_n = random_below(3);
	if (random_below(2) > 0)
		fill_random_mapping(&p->mapping);
}

static void
fill_random_side(struct result_side *s)
{
	fill_random_text(s->name, sizeof(s->name));
	s->n_files = (int)random_below(100);
	for (int i = 0; i < RESULT_FILES_MAX; i++) {
		fill_random_text(s->file[i].name, sizeof(s->file[i].name));
		fill_random_text(
		    s->file[i].trouble, sizeof(s->file[i].trouble));
	}
	s->n_links = (int)random_below(RESULT_LINKS_MAX + 1);
	for (int i = 0; i < RESULT_LINKS_MAX; i++)
		fill_random_text(s->link[i], sizeof(s->link[i]));
	s->miss_share = random_below(UINT32_MAX) / 4e9;
	s->all_interfaces = random_below(2) > 0;
}

static struct compare_result *
random_result(void)
{
	struct compare_result *r = compare_made();

	fill_random_side(&r->side[0]);
	fill_random_side(&r->side[1]);
	for (int i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++)
		fill_random_tally(&r->tally[0][0] + i);
	for (int i = 0; i < WAY_COUNT; i++)
		fill_random_path(&r->path[i]);
	for (int i = 0; i < ASKER_COUNT * ASK_KIND_COUNT; i++)
		fill_random_letter(&r->letter[0][0] + i);
	fill_random_letter(&r->polls);
	r->n_ladder = (int)random_below(RESULT_LADDER_MAX + 1);
	r->clock.n_steps = (int)random_below(RESULT_STEPS_MAX + 1);
	for (int i = 0; i < RESULT_STEPS_MAX; i++)
		r->clock.step_by[i] = (int64_t)random_u64();
	r->clock.offset = (int64_t)random_u64();
	r->clock.error = (int64_t)(random_u64() >> 1);
	r->trouble_time.from = (int64_t)random_u64();
	r->reports = (enum reports)random_below(REPORTS_COUNT);
	r->witness = random_below(2) > 0;
	r->refusal = (struct result_refusal){.n = random_below(2)};
	addr_parse(&r->refusal.by, "2001:db8::1");
	return r;
}

START_TEST(any_result_is_the_same_when_it_was_written_and_read)
{
	const char *given = getenv("UNIT_SEED");
	unsigned seed =
	    given != NULL ? (unsigned)atoi(given) : (unsigned)time(NULL);

	printf("seed %u\n", seed);
	srandom(seed);
	for (int i = 0; i < 200; i++) {
		struct compare_result *r = random_result();

		keeps_all(r);
		free(r);
	}
}
END_TEST

/* --- hostile input --- */

static const char valid[] =
    "{\"schema\": 1, \"sentence\": \"x\", \"grade\": \"likely\","
    "\"exitStatus\": 0, \"sides\": [{}, {}]%s}";

static struct compare_result *
decode_with(const char *more, struct fail *why)
{
	struct strbuf text = STRBUF_INIT;
	struct compare_result *r;

	strbuf_addf(&text, valid, more);
	r = result_decode(text.s, text.len, why);
	strbuf_free(&text);
	return r;
}

START_TEST(what_is_not_there_is_not_known)
{
	struct fail why = {0};
	struct compare_result *r = decode_with(", \"news\": [1]", &why);

	ck_assert_msg(r != NULL, "%s", why.text);
	ck_assert(!r->clock.known && !result_clock_bounded(&r->clock));
	ck_assert_int_eq(r->tally[TRAFFIC_TCP][WAY_BACK].delay_during, -1);
	ck_assert_int_eq(r->grade, GRADE_LIKELY);
	free(r);
}
END_TEST

#define CLASS(x)                                                   \
	", \"classes\": [{\"protocol\": \"snmp\", \"direction\": " \
	"\"there\", \"pattern\": {\"kind\": \"all\"}, \"grade\": " \
	"\"certain\", " x "}]"
#define PATH(x) ", \"paths\": [{\"direction\": \"back\", " x "}]"
#define MAPPED  "\"mappingBefore\": \"192.0.2.1:161\", "
#define LETTER(x) \
	", \"polls\": {\"letter\": \"A\", \"grade\": \"certain\", " x "}"

/* What is added to a valid one, and the member that is complained of. */
#define STRIP(members) ", \"strip\": {" members "}"
#define STRIP_ROW(member)                                                   \
	STRIP("\"binSeconds\": 1, \"bins\": 2, \"rows\": "                  \
	      "[{\"protocol\": \"snmp\", \"direction\": \"there\", " member \
	      "}]")

static const struct {
	const char *more, *complaint;
} wrong[] = {
    {", \"clock\": {\"known\": 1}", "\"known\""},
    {", \"clock\": {\"known\": true}", "\"clock\""},
    {", \"clock\": {\"at\": 5}", "\"at\""},
    {", \"clock\": {\"at\": \"2026-11-23T03:11:02\"}", "\"at\""},
    {", \"clock\": {\"at\": \"9999-11-23T03:11:02Z\"}", "\"at\""},
    {", \"clock\": {\"offsetSeconds\": 1e300}", "\"offsetSeconds\""},
    {", \"clock\": {\"errorSeconds\": -1}", "\"errorSeconds\""},
    {", \"clock\": {\"driftPpm\": \"1\"}", "\"driftPpm\""},
    {", \"clock\": {\"pairs\": 4294967296}", "\"pairs\""},
    {", \"clock\": {\"steps\": {}}", "\"steps\""},
    {", \"common\": [0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6]", "\"common\""},
    {", \"nat\": [{\"server\": \"a\", \"device\": \"::1\"}]", "\"server\""},
    {", \"nat\": [{\"server\": \"1.2.3.4:0\"}]", "\"server\""},
    {", \"nat\": [{\"server\": \"[::1\"}]", "\"server\""},
    {", \"nat\": [{\"server\": \"[::1]\"}]", "\"server\""},
    {", \"nat\": [{\"server\": \":\"}]", "\"server\""},
    {CLASS("\"sent\": -1"), "\"sent\""}, {CLASS("\"sent\": 1.5"), "\"sent\""},
    {CLASS("\"sent\": 99999999999999999999"), "JSON"},
    {CLASS("\"atLeast\": 1"), "\"atLeast\""},
    {CLASS("\"unknown\": 1"), "\"unknown\""},
    {CLASS("\"unknown\": 1, \"unknownBecause\": {\"few\": 2}"), "\"unknown\""},
    {CLASS("\"delayBeforeMs\": -1"), "\"delayBeforeMs\""},
    {CLASS("\"lost\": 1"), "\"exitStatus\""},
    {", \"classes\": [{\"protocol\": \"smtp\"}]", "\"protocol\""},
    {", \"classes\": [null]", "\"protocol\""},
    {", \"paths\": [{\"direction\": \"up\"}]", "\"direction\""},
    {", \"paths\": [1, 2, 3]", "\"paths\""},
    {PATH("\"slowerByMs\": -1"), "\"slowerByMs\""},
    {PATH("\"slowerFrom\": 5"), "\"slowerFrom\""},
    {PATH("\"routeFrom\": 5"), "\"routeFrom\""},
    {PATH("\"hopsBefore\": 256"), "\"hopsBefore\""},
    {PATH("\"dscpSent\": 64"), "\"dscpSent\""},
    {PATH("\"dscpSeen\": 64"), "\"dscpSeen\""},
    {PATH("\"dscpPackets\": -1"), "\"dscpPackets\""},
    {PATH("\"mapping\": \"here\""), "\"mappingBefore\""},
    {PATH(MAPPED "\"mapping\": \"here\""), "\"mapping\""},
    {PATH(MAPPED "\"mapping\": \"192.0.2.1\", \"mappingFrom\": 5"),
	"\"mappingFrom\""},
    {PATH(MAPPED "\"mapping\": \"192.0.2.1\", \"mappingLost\": -1"),
	"\"mappingLost\""},
    {PATH("\"hops\": -1"), "\"hops\""}, {LETTER("\"agree\": 1"), "\"agree\""},
    {LETTER("\"by\": {\"T\": \"1\"}"), "\"T\""},
    {", \"polls\": 7", "\"letter\""},
    {", \"refused\": {\"packets\": 1}", "\"by\""},
    {", \"refused\": {\"by\": \"::\", \"code\": 256}", "\"code\""},
    {", \"troubleTime\": {}", "\"ownMessages\""},
    {", \"ladder\": [[]]", "\"asker\""},
    {STRIP("\"binSeconds\": 0"), "\"binSeconds\""},
    {STRIP("\"binSeconds\": 1, \"bins\": 121"), "\"bins\""},
    {STRIP("\"binSeconds\": 1, \"bins\": 2, \"rows\": [{}]"), "\"protocol\""},
    {STRIP_ROW("\"lost\": [1]"), "\"lost\""},
    {STRIP_ROW("\"lost\": [1, -1]"), "\"lost\""},
    {STRIP_ROW("\"unknown\": [1, 4294967296]"), "\"unknown\""},
    {STRIP_ROW("\"arrived\": [1, \"2\"]"), "\"arrived\""},
    {", \"notJudged\": [{\"why\": \"whim\"}]", "\"why\""},
    {", \"trouble\": \"t\"", "\"exitStatus\""},
    {", \"schema\": 1", "JSON"}, /* twice */
};

START_TEST(what_is_out_of_bounds_spoils_the_whole)
{
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct fail why = {0};

		ck_assert_msg(
		    decode_with(wrong[i].more, &why) == NULL, "%zu", i);
		ck_assert_msg(strstr(why.text, wrong[i].complaint) != NULL,
		    "%s: %s", wrong[i].more, why.text);
	}
}
END_TEST

static void
is_refused(const char *text, const char *complaint)
{
	struct fail why = {0};

	ck_assert_ptr_null(result_decode(text, strlen(text), &why));
	ck_assert_msg(
	    strstr(why.text, complaint) != NULL, "%s: %s", text, why.text);
}

START_TEST(what_is_no_verdict_is_refused)
{
	is_refused("", "no JSON object");
	is_refused("[]", "no JSON object");
	is_refused("{\"schema\": 1", "no JSON object");
	is_refused("{}", "\"schema\"");
	is_refused("{\"schema\": 1}", "\"sentence\"");
	is_refused("{\"schema\": 1, \"sentence\": \"x\"}", "\"grade\"");
	is_refused(
	    "{\"schema\": 1, \"sentence\": \"x\", \"grade\": \"certain\", "
	    "\"exitStatus\": 5, \"sides\": [{}, {}]}",
	    "\"exitStatus\"");
	is_refused(
	    "{\"schema\": 1, \"sentence\": \"x\", \"grade\": \"certain\", "
	    "\"sides\": [{}]}",
	    "\"sides\"");
}
END_TEST

START_TEST(what_is_too_long_is_not_even_parsed)
{
	char *text = malloc(RESULT_JSON_MAX + 1);
	struct fail why = {0};

	memset(text, ' ', RESULT_JSON_MAX + 1);
	ck_assert_ptr_null(result_decode(text, RESULT_JSON_MAX + 1, &why));
	ck_assert_str_eq(why.text, "it is too long");
	free(text);
}
END_TEST

START_TEST(texts_become_printable)
{
	static const char text[] =
	    "{\"schema\": 1, \"sentence\": \"a\\u001b[2J\\u202e\", \"grade\": "
	    "\"likely\", \"exitStatus\": 0, \"sides\": [{\"name\": \"\\n\"}, "
	    "{}]}";
	struct fail why = {0};
	struct compare_result *r = result_decode(text, strlen(text), &why);

	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(r->sentence, "a?[2J???");
	ck_assert_str_eq(r->side[0].name, "?");
	free(r);
}
END_TEST

/* Refused, or as good as one that was written. */
static void
take_variant(const void *data, size_t len)
{
	struct fail why = {0};
	struct compare_result *r = result_decode(data, len, &why);

	if (r != NULL)
		keeps_all(r);
	else
		ck_assert_str_ne(why.text, "");
	free(r);
}

START_TEST(variants_are_refused_or_kept)
{
	struct compare_result *r = compare_made();
	struct strbuf text = STRBUF_INIT;

	result_json(r, &text);
	mutate_random(text.s, text.len, 3000, take_variant);
	strbuf_free(&text);
	free(r);
}
END_TEST

START_TEST(an_end_point_is_read_as_it_is_written)
{
	static const char *const texts[] = {
	    "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]:65535"};
	char buf[ADDR_TEXT_MAX];
	struct addr a;
	uint16_t port;

	for (size_t i = 0; i < COUNT(texts); i++) {
		ck_assert(result_end_point_read(texts[i], &a, &port));
		ck_assert_str_eq(result_end_point(&a, port, buf), texts[i]);
	}
}
END_TEST

UNIT_MAIN("result_decode", a_result_is_the_same_when_it_was_written_and_read,
    what_was_read_is_what_was_found, the_ladder_keeps_microseconds,
    the_strip_keeps_every_bin, the_error_holds_what_was_rounded,
    a_difference_that_cannot_be_told_is_not_known,
    a_drift_on_the_verge_is_told_or_not_told_both_times,
    any_result_is_the_same_when_it_was_written_and_read,
    what_is_not_there_is_not_known, what_is_out_of_bounds_spoils_the_whole,
    what_is_no_verdict_is_refused, what_is_too_long_is_not_even_parsed,
    texts_become_printable, variants_are_refused_or_kept,
    an_end_point_is_read_as_it_is_written)
