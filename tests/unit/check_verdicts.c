/* check_verdicts.c - what comparisons found, as reports and summary have it. */
#include "report/verdicts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/json.h"
#include "base/xmem.h"
#include "compare/result_json.h"
#include "compare_made.h"
#include "conf_rig.h"
#include "report/losses.h"
#include "report/report.h"

#define DEVICES                                                            \
	CONF_RIG_QUIET CONF_RIG_DEFAULTS                                   \
	    "devices = ( "                                                 \
	    "{ address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "    \
	    "name = \"branch 1\"; }, "                                     \
	    "{ address = \"192.0.2.2\"; interfaces = [ \"eth-wan\" ]; }, " \
	    "{ address = \"192.0.2.3\"; interfaces = [ \"eth-wan\" ]; } );\n"

static struct {
	struct conf_rig *files;
	struct run_result *run;
} it;

static void
make(void)
{
	char *captures;

	it.files = conf_rig_with(DEVICES);
	it.run = run_result_new(conf_rig_right(it.files), 1795403400000);
	free(it.run->folder);
	it.run->folder = conf_rig_path(it.files, "run");
	it.run->ended = 1795406400000;
	captures = xasprintf("%s/" RUN_CAPTURES, it.run->folder);
	ck_assert(disk_make_folders(captures, DISK_PRIVATE));
	free(captures);
}

static void
drop(void)
{
	run_result_free(it.run);
	conf_rig_free(it.files);
}

static void
put_file(const char *name, const char *text)
{
	char *path = xasprintf("%s/" RUN_CAPTURES "/%s", it.run->folder, name);

	unit_write(path, text);
	free(path);
}

static struct row *
add_row(size_t device, int event, enum task_status s, enum severity severity,
    const char *description, const char *file)
{
	static int64_t began;
	struct row row = {.task = TASK_COMPARE,
	    .status = s,
	    .severity = severity,
	    .event = event,
	    .began = ++began,
	    .description = (char *)description,
	    .file = (char *)file};

	return result_row(&it.run->devices[device], &row);
}

/* The verdict of a device's event: SNMP was lost. */
static struct row *
add_verdict(size_t device, int event)
{
	char *name =
	    xasprintf("COMPARE_device_192.0.2.%zu_%d.json", device + 1, event);
	struct compare_result *r = compare_made();
	struct strbuf text = STRBUF_INIT;
	struct row *row;

	result_json(r, &text);
	put_file(name, text.s);
	row = add_row(
	    device, event, TASK_SUCCESS, SEVERITY_MAJOR, r->sentence, name);
	strbuf_free(&text);
	free(name);
	free(r);
	return row;
}

START_TEST(a_rows_file_is_read)
{
	struct row *row;
	struct compare_result *r;
	struct fail why;

	make();
	row = add_verdict(0, 1);
	ck_assert(verdict_stands(&it.run->devices[0], row));
	r = verdict_read(it.run, row, &why);
	ck_assert_ptr_nonnull(r);
	ck_assert_str_eq(r->sentence, row->description);
	free(r);
	drop();
}
END_TEST

START_TEST(only_the_last_word_on_an_event_stands)
{
	struct row *first, *other;

	make();
	first = add_row(0, 1, TASK_FAILURE, SEVERITY_MINOR, "killed", NULL);
	other = add_verdict(0, 2);
	ck_assert(!verdict_stands(&it.run->devices[0], first));
	ck_assert(verdict_stands(&it.run->devices[0], other));
	add_verdict(0, 1);
	ck_assert(!verdict_stands(&it.run->devices[0], first));
	drop();
}
END_TEST

static void
is_refused(const char *file, const char *text, const char *complaint)
{
	struct row *row;
	struct fail why;

	make();
	if (text != NULL)
		put_file(file, text);
	row = add_row(0, 1, TASK_SUCCESS, SEVERITY_MAJOR, "x", file);
	ck_assert_ptr_null(verdict_read(it.run, row, &why));
	ck_assert_msg(strstr(why.text, complaint) != NULL, "%s", why.text);
	drop();
}

START_TEST(a_file_that_is_no_verdict_is_refused)
{
	is_refused("COMPARE_device_1_2.json", NULL, "No such file");
	is_refused("COMPARE_device_1_2.json", "{}", "\"schema\"");
	is_refused("COMPARE_device_1_2.json", "", "no JSON");
	is_refused("../captures/COMPARE_device_1_2.json", "{}", "no file of");
	is_refused("COMPARE_device_/../../x.json", NULL, "no file of");
	is_refused("CPE_device_1_2.json", "{}", "no file of");
}
END_TEST

START_TEST(only_what_was_judged_has_a_part)
{
	struct verdicts *v;

	make();
	add_verdict(1, 1);
	v = verdicts_read(it.run);
	/* SNMP both ways, and TCP back. */
	ck_assert_uint_eq(v->n, 3);
	ck_assert_uint_eq(v->part[0].device, 1);
	ck_assert_int_eq(v->part[0].kind, TRAFFIC_SNMP);
	ck_assert_int_eq(v->part[0].lost.from, MADE_AT);
	ck_assert_int_eq(v->part[0].judged.to, MADE_AT + 300 * MADE_S);
	ck_assert_int_eq(v->part[1].way, WAY_BACK);
	ck_assert_int_eq(v->part[1].lost.from, 0);
	verdicts_free(v);
	drop();
}
END_TEST

/* --- in the reports --- */

static struct json *
report(void)
{
	char *path = xasprintf("%s/report.json", it.run->folder), *text;
	struct fail why;
	struct json *j;

	ck_assert_msg(report_write(it.run, &why), "%s", why.text);
	text = unit_read(path);
	j = json_parse(text, strlen(text));
	ck_assert_ptr_nonnull(j);
	free(text);
	free(path);
	return j;
}

START_TEST(the_report_has_verdicts_and_groups)
{
	const struct json *group, *device, *verdict;
	struct json *j;

	make();
	add_verdict(0, 1);
	add_verdict(1, 1);
	add_row(2, 1, TASK_SUCCESS, SEVERITY_MAJOR, "gone",
	    "COMPARE_device_gone.json");
	j = report();
	group = json_at(json_get(json_get(j, "summary"), "groups"), 0);
	ck_assert_str_eq(json_get_text(group, "agent", ""), "192.0.2.252");
	ck_assert_str_eq(json_get_text(group, "protocol", ""), "snmp");
	ck_assert_str_eq(json_get_text(group, "direction", ""), "there");
	ck_assert_str_eq(
	    json_get_text(group, "from", ""), "2026-11-23T03:11:02.100Z");
	ck_assert_int_eq(json_get_int(group, "lost", 0), 2);
	ck_assert_int_eq(json_get_int(group, "judged", 0), 2);
	ck_assert_str_eq(
	    json_text(json_at(json_get(group, "devices"), 1), ""), "192.0.2.2");
	device = json_at(json_get(j, "devices"), 0);
	verdict = json_at(json_get(device, "verdicts"), 0);
	ck_assert_int_eq(json_get_int(verdict, "event", 0), 1);
	ck_assert_int_eq(json_get_int(verdict, "exitStatus", 0), 1);
	ck_assert_uint_eq(json_count(json_get(verdict, "classes")), 3);
	ck_assert_ptr_null(
	    json_get(json_at(json_get(verdict, "sides"), 0), "files"));
	device = json_at(json_get(j, "devices"), 2);
	ck_assert_uint_eq(json_count(json_get(device, "verdicts")), 0);
	json_free(j);
	drop();
}
END_TEST

static void
says(const char *text)
{
	struct strbuf b = STRBUF_INIT;

	losses_summarize(it.run, &b);
	ck_assert_msg(strstr(strbuf_text(&b), text) != NULL, "no '%s' in\n%s",
	    text, strbuf_text(&b));
	strbuf_free(&b);
}

START_TEST(the_summary_names_groups_then_each_device)
{
	struct strbuf b = STRBUF_INIT;

	make();
	losses_summarize(it.run, &b);
	ck_assert_str_eq(strbuf_text(&b), "");
	setenv("TZ", "UTC-1", 1);
	tzset();
	add_verdict(0, 1);
	add_verdict(1, 1);
	says("By the captures of both ends (times are those of UTC+01:00):\n"
	     "  2 of 2 devices of agent 192.0.2.252 lost SNMP towards the "
	     "device between 04:11:02 and 04:12:40: branch 1 (192.0.2.1), "
	     "192.0.2.2\n"
	     "  MAJOR branch 1 (192.0.2.1): SNMP requests of OVOC left");
	it.run->devices[0].triggers = 2;
	says("  MAJOR branch 1 (192.0.2.1), event 1: SNMP requests");
	unsetenv("TZ");
	strbuf_free(&b);
	drop();
}
END_TEST

START_TEST(the_summary_tells_what_was_not_compared)
{
	make();
	add_row(
	    0, 1, TASK_FAILURE, SEVERITY_MINOR, "not compared: \x1b[2J", NULL);
	add_row(1, 1, TASK_SKIPPED, SEVERITY_NORMAL, "one", NULL);
	says("  MINOR branch 1 (192.0.2.1): not compared: ?[2J\n");
	says("Not compared, for only the device's file is here: 1 event; ");
	/* Later it could be. */
	add_row(0, 1, TASK_SUCCESS, SEVERITY_NORMAL, "Nothing was lost.", NULL);
	add_row(2, 1, TASK_SKIPPED, SEVERITY_NORMAL, "one", NULL);
	says("Not compared, for only the device's file is here: 2 events; ");
	{
		struct strbuf b = STRBUF_INIT;

		losses_summarize(it.run, &b);
		ck_assert_ptr_null(strstr(strbuf_text(&b), "MINOR"));
		strbuf_free(&b);
	}
	drop();
}
END_TEST

START_TEST(sentences_beyond_a_screen_are_counted)
{
	make();
	for (int event = 1; event <= 43; event++)
		add_row(0, event, TASK_SUCCESS, SEVERITY_MAJOR, "lost", NULL);
	says("  and more, see the report: 3\n");
	drop();
}
END_TEST

UNIT_MAIN("verdicts", a_rows_file_is_read,
    only_the_last_word_on_an_event_stands, a_file_that_is_no_verdict_is_refused,
    only_what_was_judged_has_a_part, the_report_has_verdicts_and_groups,
    the_summary_names_groups_then_each_device,
    the_summary_tells_what_was_not_compared,
    sentences_beyond_a_screen_are_counted)
