/* check_show.c - a report as people at a terminal see it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/xmem.h"
#include "books/result.h"
#include "conf_rig.h"
#include "report/json_report.h"
#include "report/show.h"
#include "report/show_words.h"

/* A report of these devices. */
#define HEAD                                                      \
	"{\"schema\":1,\"campaign\":\"night\","                   \
	"\"run\":\"2026-11-23T04.00.00Z\",\"version\":\"0.1.0\"," \
	"\"started\":\"2026-11-23T04:00:00.123Z\","               \
	"\"ended\":\"2026-11-23T12:00:02.000Z\",\"exitStatus\":1,"
#define REPORT(devices) HEAD "\"devices\":[" devices "]}"
#define DEVICE(address, name, status, severity, more)           \
	"{\"device\":\"" address "\",\"name\":\"" name          \
	"\",\"status\":\"" status "\",\"severity\":\"" severity \
	"\",\"description\":\"so it ended\""                    \
	"," more "}"
#define TASK(event, at, task, status, severity, text)                 \
	"{\"event\":" event ",\"timestamp\":\"2026-11-" at ".500Z\"," \
	"\"task\":\"" task "\",\"status\":\"" status                  \
	"\",\"severity\":\"" severity                                 \
	"\",\"attempt\":1,\"description\":\"" text "\"}"
#define VERDICT(event, status, grade, text)                                 \
	"{\"event\":" event ",\"exitStatus\":" status ",\"grade\":\"" grade \
	"\",\"sentence\":\"" text "\"}"

static struct {
	struct strbuf text;
	struct show_wish wish;
	struct fail why;
} it;

static bool
show_bytes(const char *text, size_t len, const char *const *globs, size_t n)
{
	strbuf_clear(&it.text);
	it.wish = (struct show_wish){.globs = globs, .n_globs = n};
	return show_report(text, len, &it.wish, &it.text, &it.why);
}

static const char *
show(const char *text)
{
	ck_assert_msg(
	    show_bytes(text, strlen(text), NULL, 0), "%s", it.why.text);
	return strbuf_text(&it.text);
}

static const char *
show_one(const char *text, const char *glob)
{
	ck_assert(show_bytes(text, strlen(text), &glob, 1));
	return strbuf_text(&it.text);
}

static void
zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

/* What is behind the lines of the run. */
static void
devices_are(const char *text, const char *wanted)
{
	const char *all = show(text), *from = strstr(all, "Events captured:");

	ck_assert_ptr_nonnull(from);
	ck_assert_str_eq(strchr(from, '\n') + 1, wanted);
}

static void
has(const char *text, const char *what)
{
	ck_assert_msg(
	    strstr(text, what) != NULL, "no '%s' in:\n%s", what, text);
}

static void
has_not(const char *text, const char *what)
{
	ck_assert_msg(strstr(text, what) == NULL, "'%s' in:\n%s", what, text);
}

/* --- the run --- */

START_TEST(the_run_is_told_in_local_time_and_its_status_in_words)
{
	zone("XST-1");
	ck_assert_str_eq(
	    show(HEAD
		"\"note\":\"ticket 4711\",\"summary\":{\"success\":0,"
		"\"failed\":2,\"events\":3,\"bytes\":4096,\"trouble\":\"the "
		"disk is full\",\"groups\":[]},\"devices\":[]}"),
	    "Campaign night, run 2026-11-23T04.00.00Z, version 0.1.0\n"
	    "From 2026-11-23 05:00:00 to 13:00:02, took 8h 0m; times are local "
	    "(+01:00)\n"
	    "Note: ticket 4711\n"
	    "Exit status 1: some devices failed, or came home with one end "
	    "only\n"
	    "Devices: 0, 2 failed\n"
	    "Events captured: 3, 4096 bytes\n"
	    "Trouble on the campaign's host: the disk is full\n");
}
END_TEST

START_TEST(the_end_of_summer_time_is_told)
{
	zone("XST-1XDT,M3.5.0/2,M10.5.0/3");
	has(show("{\"schema\":1,\"started\":\"2026-10-24T22:00:00.000Z\","
		 "\"ended\":\"2026-10-25T05:00:00.000Z\",\"devices\":[]}"),
	    "From 2026-10-25 00:00:00 to 06:00:00, took 7h 0m; times are local "
	    "(+02:00,\n+01:00 at the end)\n");
}
END_TEST

#define GROUP(protocol, direction, from, to, of)                               \
	"{\"agent\":\"192.0.2.252\",\"protocol\":\"" protocol                  \
	"\",\"direction\":\"" direction "\",\"from\":\"2026-11-23T" from       \
	".500Z\",\"to\":\"2026-11-23T" to ".000Z\",\"lost\":12,\"judged\":" of \
	",\"devices\":[\"192.0.2.1\",\"192.0.2.2\"]}"

static const struct {
	const char *group, *said; /* NULL: nothing */
} groups[] = {
    {GROUP("snmp", "there", "02:11:02", "02:12:40", "18"),
	"  12 of 18 devices of agent 192.0.2.252 lost SNMP towards the device "
	"between\n  03:11:02 and 03:12:40: 192.0.2.1, 192.0.2.2 and 2 more\n"},
    {GROUP("tcp", "back", "02:11:02", "02:12:40", "12"),
	"  12 of 12 devices of agent 192.0.2.252 lost TCP from the device "
	"between\n  03:11:02 and 03:12:40: 192.0.2.1, 192.0.2.2 and 2 more\n"},
    {GROUP("smoke", "there", "02:11:02", "02:12:40", "18"), NULL},
    {GROUP("snmp", "across", "02:11:02", "02:12:40", "18"), NULL},
    {GROUP("snmp", "there", "never", "02:12:40", "18"), NULL},
    {GROUP("snmp", "there", "02:11:02", "", "18"), NULL},
    {GROUP("snmp", "there", "02:11:02", "02:12:40", "-1"), NULL},
    {GROUP("snmp", "there", "02:11:02", "02:12:40", "\"x\""), NULL},
    {"7", NULL},
};

START_TEST(devices_that_lost_together_are_told_together)
{
	zone("XST-1");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		char *text = xasprintf(HEAD
		    "\"summary\":{\"groups\":[%s]},\"devices\":[]}",
		    groups[i].group);
		const char *at = strstr(show(text), "\n\n");

		ck_assert_ptr_nonnull(at);
		ck_assert_str_eq(
		    at + 2, groups[i].said != NULL ? groups[i].said : "");
		free(text);
	}
}
END_TEST

START_TEST(only_so_many_groups_and_devices_are_told)
{
	struct strbuf b = STRBUF_INIT;
	const char *all;

	strbuf_add(&b, HEAD "\"summary\":{\"groups\":[");
	for (int i = 0; i < 42; i++) {
		strbuf_addf(&b,
		    "%s{\"agent\":\"a\",\"protocol\":\"snmp\",\"direction\":"
		    "\"back\",\"from\":\"2026-11-23T02:11:02Z\",\"to\":"
		    "\"2026-11-25T02:11:02Z\",\"lost\":15,\"judged\":15,"
		    "\"devices\":[",
		    i > 0 ? "," : "");
		for (int k = 0; k < 15; k++)
			strbuf_addf(&b, "%s\"d%d\"", k > 0 ? "," : "", k);
		strbuf_add(&b, "]}");
	}
	strbuf_add(&b, "]},\"devices\":[]}");
	zone("UTC");
	all = show(strbuf_text(&b));
	has(all, "between 2026-11-23\n  02:11:02 and 2026-11-25 02:11:02: d0, "
		 "d1, d2, d3, d4, d5, d6, d7, d8, d9 and 5\n  more\n");
	has(all, "\n  and more groups, see the report: 2\n");
	strbuf_free(&b);
}
END_TEST

START_TEST(times_of_any_year_are_told)
{
	struct show_time t;

	zone("XST+2:30");
	show_time_read("9999-12-31T23:59:59Z", &t);
	ck_assert_str_eq(t.date, "9999-12-31");
	ck_assert_str_eq(t.clock, "21:29:59");
	ck_assert_str_eq(t.zone, "-02:30");
	show_time_read("0001-01-01T03:00:00Z", &t);
	ck_assert_str_eq(t.clock, "00:30:00");
	show_time_read("2026-11-23", &t);
	ck_assert_str_eq(t.date, "");
}
END_TEST

START_TEST(each_exit_status_of_a_run_has_words)
{
	static const int known[] = {0, 1, 4, 5, 7, 8};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		ck_assert_ptr_nonnull(show_status_words(known[i]));
	ck_assert_ptr_null(show_status_words(2));
	ck_assert_ptr_null(show_status_words(-1));
	ck_assert_ptr_null(show_status_words(9));
	ck_assert_ptr_null(show_status_words(INT64_MAX));
}
END_TEST

/* --- devices --- */

START_TEST(a_device_is_its_sentences_and_its_time_line)
{
	zone("XST-1");
	devices_are(
	    REPORT(DEVICE("192.0.2.1", "branch 12", "one-sided", "MAJOR",
		"\"note\":\"rack 4\",\"triggers\":1,\"verdicts\":[" VERDICT("1",
		    "1", "certain",
		    "OVOC's SNMP requests were lost on the way to the "
		    "device: 19 of 19, from 03:11:02 to 03:12:40.") "],"
								    "\"tasks\":[" TASK(
									"1",
									"23T22:59:59",
									"Register",
									"Success",
									"NORMAL",
									"200 OK") "," TASK("1",
									"23T23:00:00",
									"Send UDP (SNMPv3)",
									"Failure",
									"MINOR",
									"0 of 10 answered, lost all") "," TASK("1",
									"23T23:00:10",
									"OVOC stop",
									"Skipped",
									"NORMAL",
									"the agent was not "
									"told") "]")),
	    "\n"
	    "branch 12 (192.0.2.1): one-sided, MAJOR\n"
	    "  so it ended\n"
	    "  Note: rack 4\n"
	    "  OVOC's SNMP requests were lost on the way to the device: 19 of "
	    "19, from\n"
	    "  03:11:02 to 03:12:40.\n"
	    "  2026-11-23\n"
	    "  23:59:59  Register                 200 OK\n"
	    "  2026-11-24\n"
	    "  00:00:00  Send UDP (SNMPv3)        Failure, MINOR: 0 of 10 "
	    "answered, lost all\n"
	    "  00:00:10  OVOC stop                Skipped: the agent was not "
	    "told\n");
}
END_TEST

START_TEST(a_file_has_a_line_and_an_attempt_and_a_note_are_told)
{
	zone("UTC");
	has(show(REPORT(DEVICE("192.0.2.1", "", "failed", "MAJOR",
		"\"tasks\":[{\"task\":\"Retrieve capture\",\"status\":"
		"\"Success\",\"severity\":\"NORMAL\",\"attempt\":3,"
		"\"description\":\"9 packets\",\"note\":\"cut on the device\","
		"\"timestamp\":\"2026-11-23T04:00:00.000Z\",\"filename\":"
		"\"CPE_device_192.0.2.1_2026-11-23T04.00.00.000000Z.pcap\"}]"))),
	    "  04:00:00  Retrieve capture         9 packets; cut on the device "
	    "(attempt 3)\n"
	    "            "
	    "CPE_device_192.0.2.1_2026-11-23T04.00.00.000000Z.pcap\n");
}
END_TEST

START_TEST(a_sentence_is_not_told_twice)
{
	zone("UTC");
	has(show(REPORT(DEVICE("192.0.2.1", "", "success", "MAJOR",
		"\"verdicts\":[" VERDICT("1", "1", "certain",
		    "All was lost.") "],"
				     "\"tasks\":[" TASK("1", "23T01:00:00",
					 "Compare captures", "Success", "MAJOR",
					 "All was lost.") "]"))),
	    "  All was lost.\n  2026-11-23\n"
	    "  01:00:00  Compare captures         MAJOR: as above\n");
}
END_TEST

#define RECHECK(at) \
	TASK("1", "23T" at, "Show capture", "Success", "NORMAL", "it is on")

START_TEST(equal_rows_that_follow_each_other_are_one_line)
{
	zone("UTC");
	devices_are(
	    REPORT(DEVICE("192.0.2.1", "", "failed", "MAJOR",
		"\"tasks\":[" RECHECK("01:00:00") "," RECHECK(
		    "01:15:00") "," RECHECK("01:30:00") "," TASK("1",
		    "23T01:40:00", "Alarm", "Success", "NORMAL",
		    "x") "," RECHECK("01:45:00") "," TASK("2", "23T02:00:00",
		    "Show capture", "Success", "NORMAL", "it is on") "]")),
	    "\n"
	    "192.0.2.1: failed, MAJOR\n"
	    "  so it ended\n"
	    "  2026-11-23\n"
	    "  01:00:00  Show capture             it is on (3 times, until "
	    "01:30:00)\n"
	    "  01:40:00  Alarm                    x\n"
	    "  01:45:00  Show capture             it is on\n"
	    "  02:00:00  Show capture             it is on\n");
}
END_TEST

START_TEST(of_several_events_each_is_named)
{
	zone("UTC");
	devices_are(
	    REPORT(DEVICE("192.0.2.1", "", "success", "MAJOR",
		"\"triggers\":2,\"verdicts\":[" VERDICT("1", "0", "certain",
		    "Nothing was lost.") "," VERDICT("2", "1", "likely",
		    "All was lost.") "],"
				     "\"tasks\":[" TASK("1", "23T01:00:00",
					 "Alarm", "Success", "NORMAL",
					 "x") "," TASK("2", "23T02:00:00",
					 "Alarm", "Success", "NORMAL",
					 "x") "]")),
	    "\n"
	    "192.0.2.1: success, MAJOR\n"
	    "  so it ended\n"
	    "  Event 1: Nothing was lost.\n"
	    "  Event 2: All was lost.\n"
	    "  2026-11-23, event 1\n"
	    "  01:00:00  Alarm                    x\n"
	    "  event 2\n"
	    "  02:00:00  Alarm                    x\n");
}
END_TEST

/* --- which devices --- */

/* Is a device like this shown without -d? */
static const struct {
	const char *device;
	bool shown;
} choices[] = {
    {DEVICE("192.0.2.1", "", "success", "NORMAL", "\"verdicts\":[]"), false},
    {DEVICE("192.0.2.1", "", "quiet", "NORMAL", "\"tasks\":[]"), false},
    {DEVICE("192.0.2.1", "", "success", "NORMAL",
	 "\"verdicts\":[" VERDICT("1", "0", "certain", "none") "]"),
	false},
    {DEVICE("192.0.2.1", "", "success", "NORMAL",
	 "\"verdicts\":[" VERDICT("1", "0", "certain", "none") "," VERDICT(
	     "2", "1", "likely", "lost") "]"),
	true},
    {DEVICE("192.0.2.1", "", "success", "NORMAL",
	 "\"verdicts\":[" VERDICT("1", "3", "cannot be said", "?") "]"),
	true},
    {DEVICE("192.0.2.1", "", "success", "NORMAL", "\"verdicts\":[{}]"), true},
    {DEVICE("192.0.2.1", "", "success", "MINOR", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "success", "MINOR",
	 "\"verdicts\":[" VERDICT("1", "0", "certain", "none") "]"),
	false},
    {DEVICE("192.0.2.1", "", "success", "MAJOR",
	 "\"verdicts\":[" VERDICT("1", "0", "certain", "none") "]"),
	true},
    {DEVICE("192.0.2.1", "", "quiet", "CRITICAL", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "one-sided", "NORMAL", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "partial", "MAJOR", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "failed", "MAJOR", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "interrupted", "NORMAL", "\"tasks\":[]"), true},
    {DEVICE("192.0.2.1", "", "skipped", "NORMAL", "\"tasks\":[]"), true},
    {"{}", true},
    {"7", true},
};
#define CHOICES (sizeof(choices) / sizeof(choices[0]))

START_TEST(devices_with_something_to_tell_are_shown)
{
	char *text = xasprintf(REPORT("%s"), choices[_i].device);
	const char *all = show(text);

	if (choices[_i].shown)
		has_not(all, "All is well");
	else
		has(all, "\n\nAll is well with 1 device: 1 ");
	free(text);
}
END_TEST

static const char three[] = REPORT(DEVICE("192.0.2.1", "north", "success",
    "NORMAL", "\"tasks\":[]") "," DEVICE("192.0.2.2", "", "quiet", "NORMAL",
    "\"tasks\":[]") "," DEVICE("192.0.2.3", "south", "failed", "MAJOR",
    "\"tasks\":[]"));

START_TEST(the_others_are_counted)
{
	has(show(three), "\nsouth (192.0.2.3): failed, MAJOR\n  so it ended\n\n"
			 "All is well with 2 other devices: 1 success, 1 "
			 "quiet; -d shows them\n");
}
END_TEST

START_TEST(a_pattern_matches_an_address_or_a_name)
{
	static const char *const two[] = {"192.0.2.1", "sou*"};
	const char *text = show_one(three, "nor*");

	has(text, "\nnorth (192.0.2.1): success\n");
	has_not(text, "192.0.2.2");
	has_not(text, "192.0.2.3");
	has_not(text, "All is well");
	text = show_one(three, "*.2");
	has(text, "\n192.0.2.2: quiet\n");
	has_not(text, "192.0.2.1");
	ck_assert(show_bytes(three, strlen(three), two, 2));
	has(strbuf_text(&it.text), "192.0.2.1");
	has(strbuf_text(&it.text), "192.0.2.3");
	ck_assert_ptr_null(it.wish.unmatched);
}
END_TEST

START_TEST(a_pattern_that_matches_nothing_is_told)
{
	static const char *const globs[] = {"*.2", "nobody", "*"};

	ck_assert(show_bytes(three, strlen(three), globs, 3));
	ck_assert_str_eq(it.wish.unmatched, "nobody");
	/* No name is no text to match. */
	show_one(three, "");
	ck_assert_str_eq(it.wish.unmatched, "");
}
END_TEST

/* --- what a report may be --- */

static void
is_none(const char *text, size_t len, const char *why)
{
	strbuf_clear(&it.text);
	strbuf_add(&it.text, "before");
	it.wish = (struct show_wish){0};
	ck_assert(!show_report(text, len, &it.wish, &it.text, &it.why));
	ck_assert_int_eq(it.why.kind, FAIL_LOCAL);
	has(it.why.text, why);
	ck_assert_str_eq(strbuf_text(&it.text), "before");
}

START_TEST(a_report_that_is_cut_is_none)
{
	for (size_t n = 0; n < strlen(three); n++)
		is_none(three, n, "cut off");
	is_none("<html>", 6, "no report");
	is_none("[]", 2, "no report");
}
END_TEST

START_TEST(something_else_is_no_report)
{
	static const char *const bad[] = {"{}", "{\"devices\":[]}",
	    "{\"schema\":1}", "{\"schema\":0,\"devices\":[]}",
	    "{\"schema\":\"1\",\"devices\":[]}",
	    "{\"schema\":1,\"devices\":{}}"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_none(bad[i], strlen(bad[i]), "it is no report");
	is_none("{\"schema\":2,\"devices\":[]}", 25, "newer version");
}
END_TEST

START_TEST(members_may_be_missing_or_of_any_kind)
{
	static const char *const odd[] = {
	    "{\"schema\":1,\"devices\":[]}",
	    "{\"schema\":1,\"devices\":[null,7,\"x\",[],{}]}",
	    "{\"schema\":1,\"devices\":[{\"tasks\":7,\"verdicts\":{}}]}",
	    "{\"schema\":1,\"devices\":[{\"tasks\":[7,null,{}],"
	    "\"verdicts\":[7,null,[]]}]}",
	    "{\"schema\":1,\"summary\":[],\"started\":7,\"ended\":\"never\","
	    "\"exitStatus\":\"none\",\"note\":null,\"devices\":[]}",
	    "{\"schema\":1,\"summary\":{\"groups\":[7,{},\"x\"]},"
	    "\"started\":\"9999-99-99T99:99:99Z\",\"exitStatus\":99,"
	    "\"devices\":[]}",
	    "{\"schema\":1,\"started\":\"2026-11-23T04:00:00Z\",\"ended\":null,"
	    "\"exitStatus\":-9223372036854775808,\"devices\":[]}",
	};

	zone("UTC");
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		has(show(odd[i]), "Campaign ?, run ?, version ?\n");
	has(show(odd[6]),
	    "\nFrom 2026-11-23 04:00:00; times are local (+00:00)\n");
	has(show(odd[3]), "\n?: ?\n");
	has(show(odd[3]), "  - (3 times, until ?)\n");
}
END_TEST

START_TEST(nothing_in_it_steers_the_terminal)
{
	static const char evil[] = "\\u001b]0;x\\u0007 \\u009b31m "
				   "\\u202eright\\u2066 \\u0000 \\r\\n\\t";
	char *device = xasprintf(
	    "{\"device\":\"%s\",\"name\":\"%s\",\"status\":\"%s\",\"severity\":"
	    "\"%s\",\"description\":\"%s\",\"note\":\"%s\",\"verdicts\":[{"
	    "\"sentence\":\"%s\",\"grade\":\"%s\"}],\"tasks\":[{\"task\":"
	    "\"%s\",\"status\":\"%s\",\"severity\":\"%s\",\"description\":"
	    "\"%s\",\"note\":\"%s\",\"filename\":\"%s\",\"timestamp\":\"%s\"}]}",
	    evil, evil, evil, evil, evil, evil, evil, evil, evil, evil, evil,
	    evil, evil, evil, evil);
	char *text = xasprintf(
	    "{\"schema\":1,\"campaign\":\"%s\",\"run\":\"%s\",\"note\":\"%s\","
	    "\"version\":\"%s\",\"summary\":{\"trouble\":\"%s\",\"groups\":["
	    "{\"agent\":\"%s\",\"protocol\":\"snmp\",\"direction\":"
	    "\"back\",\"from\":\"2026-11-23T02:11:02Z\",\"to\":"
	    "\"2026-11-25T02:11:02Z\",\"lost\":1,\"judged\":1,"
	    "\"devices\":[\"%s\"]}]},\"devices\":[%s]}",
	    evil, evil, evil, evil, evil, evil, evil, device);
	/* jansson refuses a NUL in a text; so it is no report at all. */
	const char *all;

	is_none(text, strlen(text), "no report");
	for (char *nul; (nul = strstr(text, "\\u0000")) != NULL;)
		memcpy(nul, "\\u0001", 6);
	all = show(text);
	for (const char *c = all; *c != '\0'; c++)
		ck_assert((unsigned char)*c >= ' ' || *c == '\n');
	ck_assert(str_is_utf8(all, strlen(all)));
	has_not(all, "\xc2\x9b");
	has_not(all, "\xe2\x80\xae");
	has_not(all, "\xe2\x81\xa6");
	free(device);
	free(text);
}
END_TEST

START_TEST(a_text_without_end_is_cut)
{
	char *endless = xcalloc(1, 1000001);
	char *text;

	memset(endless, 'x', 1000000);
	text = xasprintf(REPORT("{\"device\":\"%s\",\"description\":\"%s\","
				"\"status\":\"%s\",\"tasks\":[{\"task\":\"%s\","
				"\"description\":\"%s\"}]}"),
	    endless, endless, endless, endless, endless);
	ck_assert_ptr_nonnull(strstr(show(text), "xxx\n[...]"));
	ck_assert_uint_lt(it.text.len, 20000);
	free(endless);
	free(text);
}
END_TEST

/* --- the writer's own --- */

static void
put(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

START_TEST(what_the_campaign_writes_is_shown)
{
	struct conf_rig *files = conf_rig_with(CONF_RIG_WHOLE);
	struct run_result *r;
	struct strbuf json = STRBUF_INIT;
	struct sink to = {.put = put, .to = &json};
	struct row row = {.task = TASK_SHOW,
	    .status = TASK_FAILURE,
	    .severity = SEVERITY_MAJOR,
	    .event = 1,
	    .attempt = 4,
	    .started = INT64_C(1795406400123),
	    .description = "HTTP 401"};

	zone("UTC");
	conf_rig_right(files);
	r = run_result_new(files->campaign, row.started);
	result_row(&r->devices[0], &row);
	r->devices[0].outcome = OUTCOME_FAILED;
	result_describe(&r->devices[0], "HTTP 401");
	r->ended = row.started + 65000;
	r->exit_status = RUN_ALL_FAILED;
	result_number(r);
	json_report(r, &to);
	sink_end(&to);
	ck_assert(show_bytes(json.s, json.len, NULL, 0));
	has(strbuf_text(&it.text),
	    "From 2026-11-23 04:00:00 to 04:01:05, took 1m 5s; times are local "
	    "(+00:00)\nExit status 4: every device failed\nDevices: 1, 1 "
	    "failed\nEvents captured: 0, 0 bytes\n\n192.0.2.218: failed, "
	    "MAJOR\n  HTTP 401\n  2026-11-23\n  04:00:00  Show capture         "
	    "    Failure, MAJOR: HTTP 401 (attempt 4)\n");
	strbuf_free(&json);
	run_result_free(r);
	conf_rig_free(files);
}
END_TEST

UNIT_TABLE("show", devices_with_something_to_tell_are_shown, CHOICES,
    the_run_is_told_in_local_time_and_its_status_in_words,
    devices_that_lost_together_are_told_together,
    only_so_many_groups_and_devices_are_told, the_end_of_summer_time_is_told,
    times_of_any_year_are_told, each_exit_status_of_a_run_has_words,
    a_device_is_its_sentences_and_its_time_line, a_sentence_is_not_told_twice,
    a_file_has_a_line_and_an_attempt_and_a_note_are_told,
    equal_rows_that_follow_each_other_are_one_line,
    of_several_events_each_is_named, the_others_are_counted,
    a_pattern_matches_an_address_or_a_name,
    a_pattern_that_matches_nothing_is_told, a_report_that_is_cut_is_none,
    something_else_is_no_report, members_may_be_missing_or_of_any_kind,
    nothing_in_it_steers_the_terminal, a_text_without_end_is_cut,
    what_the_campaign_writes_is_shown)
