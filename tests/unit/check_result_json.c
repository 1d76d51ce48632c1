/* check_result_json.c - a comparison's result as other programs read it. */
#include "compare/result_json.h"

#include <math.h>
#include <string.h>

#include "unit.h"

#include "base/json.h"
#include "compare_made.h"

/* As JSON, and parsed; the text is asked for by what it has in it. */
struct read {
	struct strbuf text;
	struct json *j;
};

static struct read
read_back(struct compare_result *r)
{
	struct read got = {STRBUF_INIT, NULL};

	result_json(r, &got.text);
	free(r);
	got.j = json_parse(got.text.s, got.text.len);
	ck_assert_ptr_nonnull(got.j);
	return got;
}

static void
read_free(struct read *got)
{
	json_free(got->j);
	strbuf_free(&got->text);
}

static void
has(const struct read *got, const char *text)
{
	ck_assert_msg(strstr(strbuf_text(&got->text), text) != NULL,
	    "no '%s' in %s", text, strbuf_text(&got->text));
}

static const struct json *
nth(const struct read *got, const char *array, size_t i)
{
	const struct json *j = json_at(json_get(got->j, array), i);

	ck_assert_msg(j != NULL, "no %s[%zu]", array, i);
	return j;
}

static void
is_text(const struct json *j, const char *key, const char *text)
{
	ck_assert_str_eq(json_get_text(j, key, "(none)"), text);
}

START_TEST(the_verdict_comes_first)
{
	struct read got = read_back(compare_made());

	ck_assert_int_eq(json_get_int(got.j, "schema", 0), 1);
	ck_assert_ptr_nonnull(strstr(json_get_text(got.j, "sentence", ""),
	    "never reached the device: 20 of 20"));
	is_text(got.j, "grade", "certain");
	ck_assert_int_eq(json_get_int(got.j, "exitStatus", 0), 1);
	has(&got, "\"trouble\": null");
	ck_assert_int_eq(got.text.s[got.text.len - 1], '\n');
	read_free(&got);
}
END_TEST

START_TEST(seconds_are_exact)
{
	struct read got = read_back(compare_made());

	has(&got, "\"offsetSeconds\": 86400.00018,");
	has(&got, "\"errorSeconds\": 0.0211,");
	has(&got, "\"longestSeconds\": 19.0,");
	has(&got, "\"delayBeforeMs\": 22.1,");
	has(&got, "\"delayDuringMs\": null");
	has(&got, "\"missUpper\": 0.004,");
	read_free(&got);
}
END_TEST

START_TEST(drift_is_told_only_if_it_is_known_well)
{
	struct compare_result *r = compare_made();
	struct read got = read_back(r);

	has(&got, "\"driftPpm\": null,");
	has(&got, "\"driftErrorPpm\": 390.0,");
	read_free(&got);
	r = compare_made();
	r->clock.drift_error = 19.9;
	r->clock.drift_ppm = -50.1234;
	got = read_back(r);
	has(&got, "\"driftPpm\": -50.123,");
	read_free(&got);
}
END_TEST

START_TEST(what_is_not_known_of_the_clocks_is_null)
{
	struct compare_result *r = compare_made();
	struct read got;

	r->clock.error = INT64_MAX;
	r->clock.drift_error = INFINITY;
	got = read_back(r);
	has(&got, "\"offsetSeconds\": 86400.00018,");
	has(&got, "\"errorSeconds\": null,");
	has(&got, "\"driftErrorPpm\": null,");
	read_free(&got);
	r = compare_made();
	r->clock.known = false;
	got = read_back(r);
	has(&got, "\"offsetSeconds\": null,");
	has(&got, "\"errorSeconds\": null,");
	read_free(&got);
}
END_TEST

START_TEST(steps_of_a_clock_are_told)
{
	struct compare_result *r = compare_made();
	struct read got;
	const struct json *step;

	r->clock.n_steps = 1;
	r->clock.step_at[0] = MADE_AT;
	r->clock.step_by[0] = -3600 * MADE_S;
	got = read_back(r);
	step = json_at(json_get(json_get(got.j, "clock"), "steps"), 0);
	is_text(step, "at", "2026-11-23T03:11:02.100Z");
	has(&got, "\"bySeconds\": -3600.0");
	read_free(&got);
}
END_TEST

START_TEST(a_class_tells_counts_times_and_pattern)
{
	struct read got = read_back(compare_made());
	const struct json *c = nth(&got, "classes", 0);

	is_text(c, "protocol", "snmp");
	is_text(c, "direction", "there");
	ck_assert_int_eq(json_get_int(c, "sent", 0), 120);
	ck_assert_int_eq(json_get_int(c, "lost", 0), 20);
	ck_assert_int_eq(json_get_int(c, "atLeast", 0), 20);
	ck_assert_int_eq(json_get_int(c, "among", 0), 20);
	is_text(c, "first", "2026-11-23T03:11:02.100Z");
	is_text(c, "last", "2026-11-23T03:12:40.100Z");
	is_text(json_get(c, "pattern"), "kind", "all");
	is_text(c, "grade", "certain");
	read_free(&got);
}
END_TEST

START_TEST(only_what_was_seen_is_a_class)
{
	struct read got = read_back(compare_made());
	const struct json *tcp = nth(&got, "classes", 2);

	ck_assert_uint_eq(json_count(json_get(got.j, "classes")), 3);
	is_text(nth(&got, "classes", 1), "direction", "back");
	ck_assert_int_eq(
	    json_get_int(json_get(tcp, "unknownBecause"), "captureBlind", 0),
	    3);
	has(&got, "\"first\": null,");
	read_free(&got);
}
END_TEST

START_TEST(requests_have_letters_and_a_ladder)
{
	struct read got = read_back(compare_made());
	const struct json *ovoc = nth(&got, "exchanges", 0);
	const struct json *rung = nth(&got, "ladder", 0);

	ck_assert_uint_eq(json_count(json_get(got.j, "exchanges")), 2);
	is_text(ovoc, "asker", "ovoc");
	is_text(ovoc, "letter", "T");
	ck_assert_int_eq(json_get_int(ovoc, "agree", 0), 9);
	ck_assert_int_eq(json_get_int(json_get(ovoc, "by"), "A", 0), 1);
	is_text(nth(&got, "exchanges", 1), "asker", "campaign");
	is_text(rung, "asked", "2026-11-23T03:11:02.100000Z");
	is_text(rung, "reached", "(none)");
	ck_assert_ptr_null(json_get(got.j, "polls"));
	read_free(&got);
}
END_TEST

START_TEST(the_event_and_who_refuses_are_told)
{
	struct compare_result *r = compare_made();
	struct read got = read_back(r);

	ck_assert_ptr_null(json_get(got.j, "refused"));
	is_text(json_get(got.j, "troubleTime"), "from", "(none)");
	is_text(json_get(got.j, "troubleTime"), "ownMessages", "unknown");
	read_free(&got);
	r = compare_made();
	r->trouble_time.from = r->asked_until = MADE_AT;
	r->reports = REPORTS_LOST;
	r->refusal = (struct result_refusal){.n = 3, .type = 3, .code = 13};
	addr_parse(&r->refusal.by, "203.0.113.1");
	got = read_back(r);
	is_text(
	    json_get(got.j, "troubleTime"), "from", "2026-11-23T03:11:02.100Z");
	is_text(json_get(got.j, "troubleTime"), "askedUntil",
	    "2026-11-23T03:11:02.100Z");
	is_text(json_get(got.j, "troubleTime"), "ownMessages", "lost");
	is_text(json_get(got.j, "refused"), "by", "203.0.113.1");
	ck_assert_int_eq(
	    json_get_int(json_get(got.j, "refused"), "code", 0), 13);
	read_free(&got);
}
END_TEST

START_TEST(what_a_way_did_is_told)
{
	struct compare_result *r = compare_made();
	struct read got = read_back(r);

	ck_assert_uint_eq(json_count(json_get(got.j, "paths")), 0);
	read_free(&got);
	r = compare_made();
	r->path[WAY_BACK].slower_by = 21100000;
	r->path[WAY_BACK].slower_from = MADE_AT;
	got = read_back(r);
	ck_assert_uint_eq(json_count(json_get(got.j, "paths")), 1);
	is_text(nth(&got, "paths", 0), "direction", "back");
	is_text(
	    nth(&got, "paths", 0), "slowerFrom", "2026-11-23T03:11:02.100Z");
	ck_assert_double_eq(
	    json_number(json_get(nth(&got, "paths", 0), "slowerByMs"), 0),
	    21.1);
	ck_assert_ptr_null(json_get(nth(&got, "paths", 0), "hops"));
	ck_assert_ptr_null(json_get(nth(&got, "paths", 0), "dscpSent"));
	read_free(&got);
	r = compare_made();
	r->path[WAY_THERE].dscp_sent = 46;
	r->path[WAY_THERE].dscp_seen = 8;
	r->path[WAY_THERE].dscp_n = 120;
	got = read_back(r);
	ck_assert_int_eq(
	    json_get_int(nth(&got, "paths", 0), "dscpSent", 0), 46);
	ck_assert_int_eq(json_get_int(nth(&got, "paths", 0), "dscpSeen", 0), 8);
	ck_assert_int_eq(
	    json_get_int(nth(&got, "paths", 0), "dscpPackets", 0), 120);
	read_free(&got);
	r = compare_made();
	r->path[WAY_THERE].hops_before = 9;
	r->path[WAY_THERE].hops = 12;
	r->path[WAY_THERE].route_from = MADE_AT;
	got = read_back(r);
	is_text(nth(&got, "paths", 0), "direction", "there");
	is_text(nth(&got, "paths", 0), "routeFrom", "2026-11-23T03:11:02.100Z");
	ck_assert_int_eq(
	    json_get_int(nth(&got, "paths", 0), "hopsBefore", 0), 9);
	ck_assert_int_eq(json_get_int(nth(&got, "paths", 0), "hops", 0), 12);
	ck_assert_ptr_null(json_get(nth(&got, "paths", 0), "slowerByMs"));
	ck_assert_ptr_null(json_get(nth(&got, "paths", 0), "mapping"));
	read_free(&got);
}
END_TEST

START_TEST(a_translation_that_changed_is_told)
{
	struct compare_result *r = compare_made();
	struct result_mapping *m = &r->path[WAY_THERE].mapping;
	struct read got;

	m->from = MADE_AT;
	ck_assert(addr_parse(&m->before, "198.51.100.7"));
	ck_assert(addr_parse(&m->now, "2001:db8::8"));
	m->before_port = 10161;
	m->lost = 38;
	got = read_back(r);
	ck_assert_uint_eq(json_count(json_get(got.j, "paths")), 1);
	is_text(nth(&got, "paths", 0), "direction", "there");
	is_text(
	    nth(&got, "paths", 0), "mappingFrom", "2026-11-23T03:11:02.100Z");
	is_text(nth(&got, "paths", 0), "mappingBefore", "198.51.100.7:10161");
	is_text(nth(&got, "paths", 0), "mapping", "2001:db8::8");
	ck_assert_int_eq(
	    json_get_int(nth(&got, "paths", 0), "mappingLost", 0), 38);
	ck_assert_ptr_null(json_get(nth(&got, "paths", 0), "hops"));
	read_free(&got);
}
END_TEST

START_TEST(sides_and_what_was_not_judged_are_told)
{
	struct read got = read_back(compare_made());
	const struct json *device = nth(&got, "sides", 1);
	const struct json *file = json_at(json_get(device, "files"), 0);

	is_text(nth(&got, "sides", 0), "name", "server");
	is_text(file, "name", "CPE_x.pcap");
	is_text(file, "sha256", MADE_SHA256);
	is_text(file, "trouble", "(none)");
	ck_assert_int_eq(json_get_int(file, "packets", 0), 661);
	ck_assert_str_eq(
	    json_text(json_at(json_get(device, "linkTypes"), 0), ""), "EN10MB");
	is_text(nth(&got, "nat", 0), "server", "198.51.100.7:10161");
	is_text(nth(&got, "notJudged", 0), "why", "captureEnded");
	ck_assert_int_eq(
	    json_get_int(nth(&got, "notJudged", 0), "packets", 0), 7);
	read_free(&got);
}
END_TEST

START_TEST(counts_beyond_the_arrays_are_held)
{
	struct compare_result *r = compare_made();
	struct read got;

	r->n_common = r->n_nat = r->n_ladder = r->clock.n_steps = 100000;
	r->side[0].n_files = r->side[0].n_links = 100000;
	got = read_back(r);
	ck_assert_uint_eq(
	    json_count(json_get(got.j, "common")), RESULT_COMMON_MAX);
	ck_assert_uint_eq(json_count(json_get(nth(&got, "sides", 0), "files")),
	    RESULT_FILES_MAX);
	ck_assert_int_eq(
	    json_get_int(nth(&got, "sides", 0), "fileCount", 0), 100000);
	read_free(&got);
}
END_TEST

START_TEST(foreign_text_is_made_printable)
{
	struct compare_result *r = compare_made();
	struct read got;

	str_copy(r->side[0].file[0].name, sizeof(r->side[0].file[0].name),
	    "a\"\x1b[2J\xff\u202e\n.pcap");
	got = read_back(r);
	is_text(json_at(json_get(nth(&got, "sides", 0), "files"), 0), "name",
	    "a\"?[2J?"
	    "???"
	    "?.pcap");
	read_free(&got);
}
END_TEST

START_TEST(trouble_is_told_where_nothing_was_read)
{
	struct read got = read_back(compare_made_of_nothing());

	is_text(got.j, "sentence", "Cannot be said: x.pcap: no capture.");
	is_text(got.j, "trouble", "x.pcap: no capture");
	is_text(got.j, "grade", "cannot be said");
	ck_assert_uint_eq(json_count(json_get(got.j, "classes")), 0);
	read_free(&got);
}
END_TEST

UNIT_MAIN("result_json", the_verdict_comes_first, seconds_are_exact,
    drift_is_told_only_if_it_is_known_well,
    what_is_not_known_of_the_clocks_is_null, steps_of_a_clock_are_told,
    a_class_tells_counts_times_and_pattern, only_what_was_seen_is_a_class,
    requests_have_letters_and_a_ladder, the_event_and_who_refuses_are_told,
    what_a_way_did_is_told, a_translation_that_changed_is_told,
    sides_and_what_was_not_judged_are_told, counts_beyond_the_arrays_are_held,
    foreign_text_is_made_printable, trouble_is_told_where_nothing_was_read)
