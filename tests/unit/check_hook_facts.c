/* check_hook_facts.c - what a hook is told. */
#include "campaign/hook_facts.h"

#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "conf_rig.h"

static const char *
value_of(const struct hook_facts *f, const char *name)
{
	const char *const *env = hook_facts_env(f);
	size_t len = strlen(name);

	for (; *env != NULL; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

static void
is(const struct hook_facts *f, const char *name, const char *value)
{
	char *whole = xasprintf("TRAFFIC_CAPTURE_%s", name);
	const char *got = value_of(f, whole);

	ck_assert_msg(got != NULL, "no %s", whole);
	ck_assert_str_eq(got, value);
	free(whole);
}

START_TEST(of_ours_it_has_where_programs_are_and_how_people_read)
{
	struct hook_facts *f;

	clearenv();
	f = hook_facts_new();
	ck_assert_ptr_nonnull(strstr(value_of(f, "PATH"), "/usr/bin"));
	ck_assert_ptr_null(value_of(f, "LANG"));
	ck_assert_ptr_null(value_of(f, "TZ"));
	hook_facts_free(f);
	hook_facts_free(NULL);
	setenv("PATH", "/opt/bin", 1);
	setenv("TZ", "UTC", 1);
	f = hook_facts_new();
	ck_assert_str_eq(value_of(f, "PATH"), "/opt/bin");
	ck_assert_str_eq(value_of(f, "TZ"), "UTC");
	hook_facts_free(f);
}
END_TEST

START_TEST(no_value_leaves_its_line)
{
	struct hook_facts *f = hook_facts_new();
	char *long_text = xcalloc(100001, 1);
	const char *got;

	hook_fact(f, "A", "x\nB=y\r\x1b[2J\xff\xe2\x80\xae \xc3\xa9");
	is(f, "A", "x?B=y??[2J???? \xc3\xa9");
	hook_fact(f, "NONE", NULL);
	is(f, "NONE", "");
	memset(long_text, 'x', 100000);
	hook_fact(f, "LONG", long_text);
	got = value_of(f, "TRAFFIC_CAPTURE_LONG");
	ck_assert_uint_eq(strlen(got), 4095);
	hook_fact_lines(f, "LINES", "one\x1b\n  two\t\n\nthree");
	is(f, "LINES", "one?\n  two?\n\nthree");
	hook_fact_lines(f, "MANY", long_text);
	ck_assert_uint_eq(strlen(value_of(f, "TRAFFIC_CAPTURE_MANY")), 32768);
	hook_fact_number(f, "N", UINT64_MAX);
	is(f, "N", "18446744073709551615");
	hook_fact_time(f, "NEVER", 0);
	is(f, "NEVER", "");
	hook_fact_time(f, "WHEN", 1795403400123);
	is(f, "WHEN", "2026-11-23T03:10:00.123Z");
	free(long_text);
	hook_facts_free(f);
}
END_TEST

START_TEST(an_event_is_told_with_its_verdict)
{
	struct conf_rig *files = conf_rig_with(CONF_RIG_WHOLE);
	struct campaign_conf *conf = conf_rig_right(files);
	struct run_result *run = run_result_new(conf, 1795403400000);
	struct past_event e = {.books = {.result = &run->devices[0],
				   .captures = (char *)"/o/test/R/captures"},
	    .conf = run->devices[0].conf,
	    .n_pieces = 3};
	struct row row = {.task = TASK_COMPARE,
	    .severity = SEVERITY_MAJOR,
	    .event = 2,
	    .description = (char *)"7 lost on the way to the device",
	    .file = (char *)"COMPARE_device_x.json"};
	struct hook_facts *f = hook_facts_new();

	e.round.event = 2;
	e.round.home = true;
	e.round.event_at = 1795403400123;
	str_copy(e.round.file, sizeof(e.round.file), "CPE_device_x.pcap");
	result_row(&run->devices[0], &row);
	hook_facts_of_run(f, "on_event", conf, "/o/test/R");
	hook_facts_of_event(f, &e);
	is(f, "HOOK", "on_event");
	is(f, "VERSION", VERSION);
	is(f, "CAMPAIGN", conf->campaign.name);
	is(f, "RUN", "R");
	is(f, "FOLDER", "/o/test/R");
	is(f, "DEVICE", conf->devices[0]->address);
	is(f, "OVOC", conf->devices[0]->agent->address);
	is(f, "DEVICE_TYPE", conf->devices[0]->type->name);
	is(f, "EVENT", "2");
	is(f, "EVENT_TIME", "2026-11-23T03:10:00.123Z");
	is(f, "CAPTURE", "CPE_device_x.pcap");
	is(f, "SERVER_CAPTURES", "3");
	is(f, "VERDICT", "7 lost on the way to the device");
	is(f, "VERDICT_STATUS", "Success");
	is(f, "VERDICT_SEVERITY", "MAJOR");
	is(f, "VERDICT_FILE", "COMPARE_device_x.json");
	hook_facts_free(f);
	f = hook_facts_new();
	e.round.event = 1; /* it has none */
	e.round.home = false;
	hook_facts_of_event(f, &e);
	is(f, "VERDICT", "");
	is(f, "VERDICT_STATUS", "");
	is(f, "VERDICT_FILE", "");
	is(f, "CAPTURE", "");
	hook_facts_free(f);
	run_result_free(run);
	conf_rig_free(files);
}
END_TEST

UNIT_MAIN("hook_facts", of_ours_it_has_where_programs_are_and_how_people_read,
    no_value_leaves_its_line, an_event_is_told_with_its_verdict)
