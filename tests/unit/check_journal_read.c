/* check_journal_read.c - what a killed run's journal is taken for. */
#include "unit.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/journal_read.h"
#include "conf_rig.h"
#include "mutate.h"
#include "report/csv.h"
#include "report/json_report.h"
#include "wire/agent_message.h"

#define RUN "2026-11-23T04.00.00Z"

#define HEAD                                                             \
	"{\"kind\":\"run\",\"schema\":1,\"campaign\":\"night\","         \
	"\"run\":\"" RUN "\",\"started\":1795406400000}\n"               \
	"{\"kind\":\"device\",\"n\":0,\"device\":\"192.0.2.1\","         \
	"\"name\":\"\",\"type\":\"gwsbc\",\"agent\":\"192.0.2.252\","    \
	"\"told\":\"192.0.2.1\",\"restPort\":443}\n"                     \
	"{\"kind\":\"device\",\"n\":1,\"device\":\"192.0.2.9\","         \
	"\"name\":\"gone\",\"type\":\"msbr\",\"agent\":\"192.0.2.251\"," \
	"\"told\":\"10.0.0.9\",\"restPort\":443}\n"

#define FACT(n, fact) \
	"{\"kind\":\"fact\",\"n\":" #n ",\"fact\":\"" fact "\",\"event\":1}\n"
#define STOP(file)                                                  \
	"{\"kind\":\"fact\",\"n\":0,\"fact\":\"stop\",\"event\":2," \
	"\"file\":\"" file "\"}\n"
#define ROW                                                              \
	"{\"kind\":\"task\",\"n\":0,\"task\":\"tcp\","                   \
	"\"status\":\"Success\",\"severity\":\"MINOR\",\"event\":2,"     \
	"\"code\":200,\"attempt\":3,\"started\":1795406401000,"          \
	"\"duration\":17,\"description\":\"a \\\"b\\\"\",\"file\":null," \
	"\"bytes\":0,\"sha256\":\"\",\"note\":\"n\"}\n"
#define OUTCOME                                                  \
	"{\"kind\":\"outcome\",\"n\":0,\"outcome\":\"partial\"," \
	"\"description\":\"why\",\"triggers\":2,\"events\":1}\n"
#define FILE_NAME "CPE_device_192.0.2.1_2026-11-23T04.01.02.345678Z.pcap"

#define ROW_AT(began, text)                                            \
	"{\"kind\":\"task\",\"n\":0,\"task\":\"alarm\",\"started\":0," \
	"\"began\":" #began ",\"description\":\"" text "\"}\n"

static struct conf_rig *files;
static const struct campaign_conf *conf;

static void
conf_begin(void)
{
	files = conf_rig_with(
	    "campaign = { name = \"night\"; };"
	    "snmp = { auth_password = \"auth-secret\"; "
	    "priv_password = \"priv-secret\"; };"
	    "defaults = { username = \"Admin\"; password = \"secret-1\"; "
	    "agent = \"192.0.2.252\"; type = \"gwsbc\"; };"
	    "devices = ( { address = \"192.0.2.1\"; } );");
	conf = conf_rig_right(files);
}

static void
conf_end(void)
{
	conf_rig_free(files);
}

static enum journal_verdict
decode(const char *text, size_t len, struct earlier_run **k)
{
	return journal_decode(conf, files->folder, RUN, text, len, k);
}

/* Of a run that was killed; freed by the caller. */
static struct earlier_run *
killed(const char *text)
{
	struct earlier_run *k = NULL;

	ck_assert_int_eq(decode(text, strlen(text), &k), JOURNAL_KILLED);
	return k;
}

static void
verdict_is(const char *text, enum journal_verdict wanted)
{
	struct earlier_run *k = NULL;

	ck_assert_int_eq(decode(text, strlen(text), &k), wanted);
	earlier_run_free(k);
}

/* --- verdicts --- */

START_TEST(the_closing_line_ends_a_run)
{
	conf_begin();
	verdict_is(HEAD FACT(0, "start"), JOURNAL_KILLED);
	verdict_is(HEAD FACT(0, "start") "{\"kind\":\"end\"}\n", JOURNAL_ENDED);
	verdict_is(HEAD FACT(0, "start") "{\"kind\":\"end\"}", JOURNAL_KILLED);
	conf_end();
}
END_TEST

START_TEST(without_run_or_devices_nothing_was_done)
{
	conf_begin();
	verdict_is("", JOURNAL_EMPTY);
	verdict_is("\n\n\n", JOURNAL_EMPTY);
	verdict_is("{\"kind\":\"run\",\"schema\":1}\n", JOURNAL_EMPTY);
	verdict_is("{\"kind\":\"run\",\"sch", JOURNAL_EMPTY);
	verdict_is("something else\n[1]\n\"x\"\n", JOURNAL_EMPTY);
	conf_end();
}
END_TEST

START_TEST(a_newer_versions_journal_is_known_by_its_schema)
{
	conf_begin();
	verdict_is("{\"kind\":\"run\",\"schema\":2}\n" FACT(0, "start"),
	    JOURNAL_NEWER);
	conf_end();
}
END_TEST

/* Only the last line is read of what ended long ago. */
START_TEST(a_file_tells_by_its_last_line_that_it_is_closed)
{
	static const struct {
		const char *text;
		enum journal_verdict verdict;
	} files_of[] = {
	    {"not read\n{\"kind\":\"end\",\"mayBeOn\":0}\n", JOURNAL_ENDED},
	    {HEAD "{\"kind\":\"end\",\"mayBeOn\":2}\n", JOURNAL_LEFT_ON},
	    {HEAD "{\"kind\":\"end\",\"mayBeOn\":0}\n{\"cut", JOURNAL_ENDED},
	    {HEAD FACT(0, "start"), JOURNAL_KILLED},
	    {"{\"kind\":\"end\",\"mayBeOn\":0}\n", JOURNAL_ENDED},
	    {"\n", JOURNAL_EMPTY},
	    {"", JOURNAL_EMPTY},
	};

	char *folder;

	conf_begin();
	folder = conf_rig_path(files, RUN);
	ck_assert_int_eq(mkdir(folder, 0750), 0);
	for (size_t i = 0; i < sizeof(files_of) / sizeof(files_of[0]); i++) {
		struct earlier_run *k = NULL;
		struct fail why;

		conf_rig_file(
		    files, RUN "/journal.ndjson", "%s", files_of[i].text);
		ck_assert_int_eq(
		    journal_read(conf, files->folder, RUN, &k, &why),
		    files_of[i].verdict);
		earlier_run_free(k);
	}
	free(folder);
	conf_end();
}
END_TEST

START_TEST(a_file_that_is_not_there_or_no_file_is_told)
{
	struct earlier_run *k = NULL;
	struct fail why;
	char *folder, *path;

	conf_begin();
	ck_assert_int_eq(
	    journal_read(conf, files->folder, RUN, &k, &why), JOURNAL_NONE);
	folder = conf_rig_path(files, RUN);
	path = xasprintf("%s/journal.ndjson", folder);
	mkdir(folder, 0750);
	mkdir(path, 0750);
	ck_assert_int_eq(journal_read(conf, files->folder, RUN, &k, &why),
	    JOURNAL_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(why.text, path));
	rmdir(path);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	ck_assert_int_eq(journal_read(conf, files->folder, RUN, &k, &why),
	    JOURNAL_UNREADABLE);
	ck_assert_ptr_null(k);
	unlink(path);
	rmdir(folder);
	free(path);
	free(folder);
	conf_end();
}
END_TEST

/* --- facts --- */

static const struct round *
round_of(const struct earlier_run *k)
{
	return &k->result->devices[0].round;
}

static void
is_round(const struct earlier_run *k, size_t device, struct round wanted)
{
	const struct round *r = &k->result->devices[device].round;

	ck_assert_mem_eq(r, &wanted, offsetof(struct round, file));
	ck_assert_str_eq(r->file, wanted.file);
}

START_TEST(facts_are_those_of_the_last_round)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "registered") FACT(0, "start") FACT(0, "on")
		STOP(FILE_NAME) FACT(0, "off") FACT(0, "file") FACT(0, "closed")
		    FACT(0, "registered") FACT(0, "start"));
	is_round(k, 0, (struct round){.event = 1, .sent = true});
	is_round(k, 1, (struct round){.event = 1});
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(an_event_comes_back_with_its_time)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "on") "{\"kind\":\"fact\",\"n\":0,"
				      "\"fact\":\"event\",\"event\":1,"
				      "\"at\":1795406401234}\n");
	ck_assert(round_of(k)->triggered);
	ck_assert_int_eq(round_of(k)->event_at, INT64_C(1795406401234));
	earlier_run_free(k);
	conf_end();
}
END_TEST

#define OVER STOP(FILE_NAME) FACT(0, "file") FACT(0, "kept") FACT(0, "ended")

START_TEST(events_that_were_over_are_kept_as_they_ended)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "on") FACT(0, "event") OVER FACT(0, "ended")
		FACT(0, "registered") FACT(0, "start") FACT(0, "on")
		    FACT(0, "event"));
	ck_assert_uint_eq(k->n_past, 1);
	ck_assert_uint_eq(k->past[0].device, 0);
	ck_assert(k->past[0].round.kept);
	ck_assert_str_eq(k->past[0].round.file, FILE_NAME);
	ck_assert(!round_of(k)->kept);
	earlier_run_free(k);
	/* Without an event, or its file, there is nothing to compare. */
	k = killed(HEAD FACT(0, "on") OVER FACT(0, "registered") FACT(0, "on")
		FACT(0, "event") FACT(0, "ended"));
	ck_assert_uint_eq(k->n_past, 0);
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(a_start_behind_an_off_may_be_on)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "registered") FACT(0, "start") FACT(0, "off")
		FACT(0, "start"));
	ck_assert(round_may_be_on(round_of(k)));
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(only_a_name_of_this_devices_capture_is_taken)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD STOP(FILE_NAME));
	ck_assert_str_eq(round_of(k)->file, FILE_NAME);
	ck_assert_int_eq(round_of(k)->event, 2);
	earlier_run_free(k);
	k = killed(HEAD STOP("../../etc/passwd"));
	ck_assert_int_eq(round_of(k)->event, 2);
	ck_assert_str_eq(round_of(k)->file, "");
	earlier_run_free(k);
	k = killed(
	    HEAD STOP("CPE_device_192.0.2.2_2026-11-23T04.01.02.345678Z.pcap"));
	ck_assert_str_eq(round_of(k)->file, "");
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(what_is_not_known_here_is_passed_over)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(
	    HEAD "{\"kind\":\"weather\",\"n\":0}\n{}\n7\n\n"
		 "{\"kind\":7,\"n\":\"x\"}\n" FACT(0, "flew") FACT(7, "start")
		     FACT(-1, "start") FACT(99999999999999999999,
			 "start") "\n"
				  "{\"kind\":\"fact\",\"n\":0,\"fact\":[]}\n"
				  "{\"kind\":\"fact\",\"fact\":\"start\"}\n");
	is_round(k, 0, (struct round){.event = 1});
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(devices_behind_the_first_fact_are_not_taken)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "start") "{\"kind\":\"device\",\"n\":2,"
					 "\"device\":\"192.0.2.3\"}\n");
	ck_assert_uint_eq(k->n_devices, 2);
	ck_assert_uint_eq(k->result->n_devices, 2);
	earlier_run_free(k);
	conf_end();
}
END_TEST

/* --- devices, rows, outcomes --- */

START_TEST(a_device_is_the_configured_one_or_what_is_known_of_it)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(1, "start"));
	ck_assert_uint_eq(k->n_devices, 2);
	ck_assert(k->configured[0]);
	ck_assert_ptr_eq(k->entries[0], conf->devices[0]);
	ck_assert(!k->configured[1]);
	ck_assert_str_eq(k->entries[1]->address, "192.0.2.9");
	ck_assert_str_eq(k->entries[1]->name, "gone");
	ck_assert_str_eq(k->entries[1]->told, "10.0.0.9");
	ck_assert_str_eq(k->entries[1]->agent->address, "192.0.2.251");
	ck_assert_str_eq(k->result->run, RUN);
	ck_assert_int_eq(k->result->started, INT64_C(1795406400000));
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(rows_and_outcomes_come_back)
{
	struct earlier_run *k;
	const struct device_result *d;
	const struct row *row;

	conf_begin();
	k = killed(HEAD ROW OUTCOME);
	d = &k->result->devices[0];
	row = TAILQ_FIRST(&d->rows);
	ck_assert_int_eq(d->n_rows, 1);
	ck_assert_int_eq(row->task, TASK_TCP);
	ck_assert_int_eq(row->status, TASK_SUCCESS);
	ck_assert_int_eq(row->severity, SEVERITY_MINOR);
	ck_assert_int_eq(row->event, 2);
	ck_assert_int_eq(row->code, 200);
	ck_assert_int_eq(row->attempt, 3);
	ck_assert_int_eq(row->duration, 17);
	ck_assert_str_eq(row->description, "a \"b\"");
	ck_assert_str_eq(row->note, "n");
	ck_assert_ptr_null(row->file);
	ck_assert_int_eq(d->outcome, OUTCOME_PARTIAL);
	ck_assert_int_eq(d->triggers, 2);
	ck_assert_int_eq(d->events, 1);
	ck_assert_str_eq(d->description, "why");
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(a_word_that_nobody_wrote_is_taken_for_the_worse)
{
	struct earlier_run *k;
	const struct row *row;

	conf_begin();
	k = killed(HEAD "{\"kind\":\"task\",\"n\":0,\"task\":\"fly\","
			"\"status\":7,\"severity\":\"normal\"}\n"
			"{\"kind\":\"outcome\",\"n\":0,"
			"\"outcome\":\"\"}\n");
	row = TAILQ_FIRST(&k->result->devices[0].rows);
	ck_assert_int_eq(row->task, TASK_RECOVER);
	ck_assert_int_eq(row->status, TASK_FAILURE);
	ck_assert_int_eq(row->severity, SEVERITY_MAJOR);
	ck_assert_int_eq(k->result->devices[0].outcome, OUTCOME_NONE);
	earlier_run_free(k);
	conf_end();
}
END_TEST

/* By the clock that does not jump; a recovery has one of its own. */
START_TEST(rows_come_back_in_the_order_they_began)
{
	static const char *const wanted[] = {"a", "b", "c", "d", "e"};
	struct earlier_run *k;
	struct row *row, late = {.began = 1, .description = "e"};
	size_t i = 0;

	conf_begin();
	k = killed(HEAD ROW_AT(7000, "b") ROW_AT(5000,
	    "a") "{\"kind\":\"recovery\"}\n" ROW_AT(400, "d") ROW_AT(300, "c"));
	result_row(&k->result->devices[0], &late);
	TAILQ_FOREACH (row, &k->result->devices[0].rows, next)
		ck_assert_str_eq(row->description, wanted[i++]);
	ck_assert_uint_eq(i, 5);
	earlier_run_free(k);
	conf_end();
}
END_TEST

#define REPEATED(attempt, severity, text)                                      \
	"{\"kind\":\"task\",\"n\":0,\"task\":\"show\",\"status\":\"Failure\"," \
	"\"severity\":\"" severity "\",\"event\":1,\"attempt\":" attempt       \
	",\"started\":5,\"began\":5,\"duration\":" attempt                     \
	",\"description\":\"" text "\"}\n"

START_TEST(a_failure_that_is_written_again_is_one_row)
{
	struct earlier_run *k;
	const struct row *row;

	conf_begin();
	k = killed(HEAD REPEATED("1", "MINOR", "gone") FACT(0, "start")
		REPEATED("40", "MAJOR", "gone")
		    REPEATED("1", "MINOR", "other"));
	ck_assert_int_eq(k->result->devices[0].n_rows, 2);
	row = TAILQ_FIRST(&k->result->devices[0].rows);
	ck_assert_int_eq(row->attempt, 40);
	ck_assert_int_eq(row->duration, 40);
	ck_assert_int_eq(row->severity, SEVERITY_MAJOR);
	ck_assert_int_eq(k->result->devices[0].severity, SEVERITY_MAJOR);
	earlier_run_free(k);
	conf_end();
}
END_TEST

START_TEST(events_and_files_are_counted_without_an_outcome)
{
	struct earlier_run *k;

	conf_begin();
	k = killed(HEAD FACT(0, "registered") FACT(0, "start") FACT(0, "on")
		FACT(0, "event") STOP(FILE_NAME) FACT(0, "off") FACT(0, "file")
		    FACT(0, "closed") FACT(0, "registered") FACT(0, "start")
			FACT(0, "on") FACT(0, "event"));
	ck_assert_int_eq(k->result->devices[0].triggers, 2);
	ck_assert_int_eq(k->result->devices[0].events, 1);
	ck_assert(round_of(k)->triggered);
	earlier_run_free(k);
	conf_end();
}
END_TEST

/* --- hostile --- */

#define WHOLE                                                                  \
	HEAD FACT(0, "registered") FACT(0, "start") ROW FACT(0, "on")          \
	    FACT(0, "asked") FACT(1, "start") FACT(0, "event") STOP(FILE_NAME) \
		FACT(0, "off") ROW OUTCOME FACT(0, "file") FACT(0, "closed")

static void
no_later_fact_without_the_earlier(const struct round *r)
{
	bool named = r->file[0] != '\0', off = r->was_on && !r->sent;

	ck_assert(!r->was_on || r->sent || named);
	ck_assert(!r->asked || r->was_on);
	ck_assert(!r->triggered || r->asked || r->closed);
	ck_assert(!named || r->triggered);
	ck_assert(!off || named);
	ck_assert(!r->home || off);
	ck_assert(!r->closed || r->home);
}

static void
cut(const void *data, size_t len)
{
	struct earlier_run *k = NULL;
	enum journal_verdict v = decode(data, len, &k);

	ck_assert(v == JOURNAL_KILLED || v == JOURNAL_EMPTY);
	ck_assert_ptr_nonnull(k);
	if (k->n_devices > 0)
		no_later_fact_without_the_earlier(round_of(k));
	earlier_run_free(k);
}

START_TEST(a_journal_cut_anywhere_is_what_it_was_until_then)
{
	conf_begin();
	mutate_truncate(WHOLE, strlen(WHOLE), cut);
	conf_end();
}
END_TEST

static void
any(const void *data, size_t len)
{
	struct earlier_run *k = NULL;

	decode(data, len, &k);
	earlier_run_free(k);
}

START_TEST(a_broken_journal_breaks_nothing)
{
	conf_begin();
	mutate_random(WHOLE, strlen(WHOLE), 3000, any);
	conf_end();
}
END_TEST

/* --- reports --- */

static void
put(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

static char *
report_of(struct run_result *r)
{
	struct strbuf text = STRBUF_INIT;
	struct sink to = {.put = put, .to = &text};

	result_number(r);
	json_report(r, &to);
	csv_report(r, &to);
	sink_end(&to);
	return strbuf_take(&text);
}

static void
fill_device(struct journal *j, struct device_result *d)
{
	struct row row = {.task = TASK_RETRIEVE,
	    .status = TASK_SUCCESS,
	    .severity = SEVERITY_MINOR,
	    .event = 1,
	    .started = 1795406401000,
	    .began = 5,
	    .description = (char *)"3 packets",
	    .file = (char *)FILE_NAME,
	    .bytes = 17,
	    .note = (char *)"n"};
	struct row verdict = {.task = TASK_COMPARE,
	    .event = 1,
	    .started = 1795406402000,
	    .began = 6,
	    .description = (char *)"Nothing was lost.",
	    .file = (char *)"COMPARE_device_x.json",
	    .bytes = 1000};

	journal_row(j, d, &row);
	d->bytes += 17; /* of what was fetched */
	journal_row(j, d, &verdict);
	d->severity = SEVERITY_MAJOR; /* by a failure that has no row */
	d->coverage.on = 5000;
	d->coverage.off = 20;
	d->clock_known = true;
	d->clock = -3;
	d->registration = REGISTRATION_ABORTED;
	d->register_attempts = 4;
	d->last_request = agent_request_name(REQUEST_STOP);
	d->last_response = xstrdup("200 OK");
	d->last_event = xstrdup("Connection Lost");
	d->last_capture = xstrdup(FILE_NAME);
	d->awaiting_response = true;
	d->outcome = OUTCOME_PARTIAL;
	result_describe(d, "why");
	journal_outcome(j, d);
}

static void
fill_run(struct run_result *r)
{
	struct agent_result *a = &r->agents[0];

	r->ended = r->started + 65000;
	r->took = 65000;
	r->window_ended = true;
	r->trouble = xstrdup("the disk is full");
	r->datagrams = 9;
	r->refused = 2;
	r->dropped = 1;
	r->exit_status = 7;
	a->version = xstrdup("0.1.9");
	a->clock = -250;
	a->answers = 5;
	a->alarms = 3;
	a->refused = 1;
	a->last = r->started + 60000;
	a->earlier_version = false;
}

/* --compare writes them anew. */
START_TEST(all_that_reports_tell_is_in_the_journal)
{
	struct loop *lp = unit_loop();
	struct run_result *r;
	struct earlier_run *k = NULL;
	struct journal *j;
	struct fail why;
	char *was, *is;

	conf_begin();
	r = run_result_new(conf, 1795406400000);
	free(r->folder);
	r->folder = xasprintf("%s/" RUN, files->folder);
	ck_assert_int_eq(mkdir(r->folder, 0700), 0);
	j = journal_create(lp, r, NULL, NULL, &why);
	fill_device(j, &r->devices[0]);
	fill_run(r);
	journal_end(j, r->exit_status);
	was = report_of(r);
	ck_assert_int_eq(
	    journal_read(conf, files->folder, RUN, &k, &why), JOURNAL_ENDED);
	ck_assert_ptr_null(k);
	ck_assert_int_eq(journal_read_all(conf, files->folder, RUN, &k, &why),
	    JOURNAL_ENDED);
	ck_assert_ptr_nonnull(k);
	is = report_of(k->result);
	ck_assert_str_eq(is, was);
	free(is);
	free(was);
	earlier_run_free(k);
	run_result_free(r);
	unit_loop_free(lp);
	conf_end();
}
END_TEST

UNIT_MAIN("journal_read", all_that_reports_tell_is_in_the_journal,
    the_closing_line_ends_a_run, without_run_or_devices_nothing_was_done,
    a_newer_versions_journal_is_known_by_its_schema,
    a_file_tells_by_its_last_line_that_it_is_closed,
    a_file_that_is_not_there_or_no_file_is_told,
    facts_are_those_of_the_last_round, an_event_comes_back_with_its_time,
    events_that_were_over_are_kept_as_they_ended,
    a_start_behind_an_off_may_be_on,
    only_a_name_of_this_devices_capture_is_taken,
    what_is_not_known_here_is_passed_over,
    devices_behind_the_first_fact_are_not_taken,
    a_device_is_the_configured_one_or_what_is_known_of_it,
    rows_and_outcomes_come_back,
    a_word_that_nobody_wrote_is_taken_for_the_worse,
    rows_come_back_in_the_order_they_began,
    a_failure_that_is_written_again_is_one_row,
    events_and_files_are_counted_without_an_outcome,
    a_journal_cut_anywhere_is_what_it_was_until_then,
    a_broken_journal_breaks_nothing)
