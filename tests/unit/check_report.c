/* check_report.c - report.csv, report.json and the summary of a made-up run. */
#include "unit.h"

#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xmem.h"
#include "books/row_fields.h"
#include "books/run_folder.h"
#include "conf_rig.h"
#include "report/csv.h"
#include "report/json_report.h"
#include "report/report.h"

#define WALL INT64_C(1795406400123) /* 2026-11-23T04:00:00.123Z */

struct made {
	struct conf_rig *files;
	struct run_result *r;
	struct run_folder *folder;
};

static const char conf[] =
    "campaign = { name = \"night\"; note = \"ticket 4711\"; output = "
    "\"%s/out\"; min_free = 0; };\n"
    "snmp = { auth_password = \"auth-secret\"; priv_password = "
    "\"priv-secret\"; };\n"
    "defaults = { type = \"msbr\"; username = \"Admin\"; password = "
    "\"device-secret\"; agent = \"198.51.100.1\"; };\n"
    "devices = ( { address = \"192.0.2.1\"; name = \"branch, 1\"; interfaces "
    "= [ \"eth-wan\", \"cellular-wan\" ]; },\n"
    "{ address = \"192.0.2.2\"; type = \"gwsbc\"; agent = "
    "\"198.51.100.2\"; note = \"=cmd()\"; } );\n";

static void
fill(struct run_result *r)
{
	struct device_result *d = &r->devices[0];
	struct row row = {.task = TASK_REGISTER,
	    .event = 1,
	    .code = 200,
	    .started = WALL,
	    .duration = 51,
	    .description = "200 OK"};

	result_row(d, &row);
	row = (struct row){.task = TASK_TCP,
	    .status = TASK_FAILURE,
	    .severity = SEVERITY_MINOR,
	    .event = 1,
	    .attempt = 2,
	    .started = WALL + 2000,
	    .began = 2000,
	    .description = "=HYPERLINK(\"http://x\"), said the device\r\nand"};
	result_row(d, &row);
	row = (struct row){.task = TASK_RETRIEVE,
	    .event = 1,
	    .started = WALL + 1000,
	    .began = 1000,
	    .file = "CPE_x.pcap",
	    .bytes = 4096,
	    .sha256 = "abc",
	    .note = "cut on the device",
	    .description = "3 packets"};
	result_row(d, &row);
	d->outcome = OUTCOME_SUCCESS;
	d->events = 1;
	d->triggers = 1;
	d->bytes = 4096;
	d->last_request = "STOP";
	d->last_response = xstrdup("200 OK");
	d->registration = REGISTRATION_ACTIVE;
	d->register_attempts = 1;
	d->last_event = xstrdup("Connection Lost");
	d->last_capture = xstrdup("CPE_x.pcap");
	result_describe(d, "1 of 1 event captured");
	result_describe(d, "only the first sentence counts");
	r->devices[1].outcome = OUTCOME_FAILED;
	row = (struct row){.task = TASK_SHOW,
	    .status = TASK_FAILURE,
	    .severity = SEVERITY_MAJOR,
	    .event = 1,
	    .started = WALL,
	    .description = "HTTP 401"};
	result_row(&r->devices[1], &row);
	result_describe(&r->devices[1], "HTTP 401");
	r->agents[0].last = WALL;
	r->agents[0].alarms = 3;
	r->agents[0].version = xstrdup("0.1.9");
	r->agents[0].clock = -250;
	r->ended = WALL + 65000;
	r->took = 65000;
	r->refused = 2;
	r->exit_status = 1;
	result_number(r);
}

static struct made
make(void)
{
	struct made m = {.files = conf_rig_new()};
	struct fail why;

	conf_rig_file(m.files, "a.conf", conf, m.files->folder);
	conf_rig_right(m.files);
	m.r = run_result_new(m.files->campaign, WALL);
	ck_assert_int_eq(
	    run_folder_open(&m.folder, m.r, &why), RUN_FOLDER_MADE);
	fill(m.r);
	return m;
}

static void
unmake(struct made *m)
{
	run_folder_close(m->folder);
	run_result_free(m->r);
	conf_rig_free(m->files);
}

static void
field_is(const char *text, const char *wanted)
{
	struct strbuf b = STRBUF_INIT;

	csv_field(text, &b);
	ck_assert_str_eq(strbuf_text(&b), wanted);
	strbuf_free(&b);
}

START_TEST(a_field_is_quoted_where_it_must_be)
{
	field_is("plain text", "plain text");
	field_is("", "");
	field_is("a,b", "\"a,b\"");
	field_is("a \"b\"", "\"a \"\"b\"\"\"");
	field_is("a\nb", "\"a\nb\"");
	field_is("a\rb", "\"a\rb\"");
}
END_TEST

START_TEST(a_field_that_a_spreadsheet_would_run_is_guarded)
{
	field_is("=1+1", "'=1+1");
	field_is("+1", "'+1");
	field_is("-1", "'-1");
	field_is("@SUM(A1)", "'@SUM(A1)");
	field_is("\tx", "'\tx");
	field_is("\rx", "\"'\rx\"");
	field_is("\r=x", "\"'\r'=x\""); /* two guards: see below */
	field_is("=a,\"b\"", "\"'=a,\"\"b\"\"\"");
	field_is("a=b", "a=b");
	field_is("\nx", "\"'\nx\"");
	field_is("  =1", "'  =1");
	field_is("\xc2\xa0\xe3\x80\x80-1", "'\xc2\xa0\xe3\x80\x80-1");
	field_is("\xef\xbb\xbf=1", "'\xef\xbb\xbf=1");
	field_is("\xef\xbc\x9dz", "'\xef\xbc\x9dz");
	field_is("\xef\xbc\x8b", "'\xef\xbc\x8b");
	field_is("\xef\xbc\x8d", "'\xef\xbc\x8d");
	field_is("\xef\xbc\xa0", "'\xef\xbc\xa0");
	field_is("'=1", "'=1");
	field_is("\xc3\xa4=1", "\xc3\xa4=1");
}
END_TEST

/* Excel splits at the list separator of the system, which is ; in half of
 * Europe; a line end or a tab within a field divides there as well. */
START_TEST(a_field_that_another_separator_splits_is_guarded_too)
{
	field_is("a;=1+1", "a;'=1+1");
	field_is("a; \xc2\xa0@x", "a; \xc2\xa0'@x");
	field_is(";;=1", ";;'=1");
	field_is("a;\"=1\"", "\"a;\"\"'=1\"\"\"");
	field_is("a\tb\t-1", "a\tb\t'-1");
	field_is("a\r\n=1", "\"a\r\n'=1\"");
	field_is("a;\xef\xbc\x9dz", "a;'\xef\xbc\x9dz");
	field_is("=1;=2", "'=1;'=2");
	field_is("a;b=1", "a;b=1");
	field_is("a; ", "a; ");
	field_is("a;'=1", "a;'=1");
}
END_TEST

static void
collect(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

typedef void format(const struct run_result *r, struct sink *to);

static void
text_by(format *f, const struct run_result *r, struct strbuf *b)
{
	struct sink s = {.put = collect, .to = b};

	f(r, &s);
	sink_end(&s);
}

START_TEST(the_table_has_its_columns_and_rows_in_order)
{
	struct made m = make();
	struct strbuf b = STRBUF_INIT;

	text_by(csv_report, m.r, &b);
	ck_assert_str_eq(strbuf_text(&b),
	    "campaign,run,device,name,type,agent,device_status,severity,event,"
	    "task_number,task,status,status_code,attempt,started,duration_ms,"
	    "description,file,bytes,sha256,note\r\n"
	    "night,2026-11-23T04.00.00Z,192.0.2.1,\"branch, 1\",msbr,"
	    "198.51.100.1,success,NORMAL,1,1,Register,Success,200,1,"
	    "2026-11-23T04:00:00.123Z,51,200 OK,,,,\r\n"
	    "night,2026-11-23T04.00.00Z,192.0.2.1,\"branch, 1\",msbr,"
	    "198.51.100.1,success,NORMAL,1,2,Retrieve capture,Success,,1,"
	    "2026-11-23T04:00:01.123Z,0,3 packets,CPE_x.pcap,4096,abc,cut on "
	    "the device\r\n"
	    "night,2026-11-23T04.00.00Z,192.0.2.1,\"branch, 1\",msbr,"
	    "198.51.100.1,success,MINOR,1,3,Send TCP,Failure,,2,"
	    "2026-11-23T04:00:02.123Z,0,\"'=HYPERLINK(\"\"http://x\"\"), said "
	    "the device\r\nand\",,,,\r\n"
	    "night,2026-11-23T04.00.00Z,192.0.2.2,,gwsbc,198.51.100.2,failed,"
	    "MAJOR,1,1,Show capture,Failure,,1,2026-11-23T04:00:00.123Z,0,"
	    "HTTP 401,,,,\r\n");
	strbuf_free(&b);
	unmake(&m);
}
END_TEST

/* Excel's sign for UTF-8. */
START_TEST(the_table_begins_with_a_mark_if_it_should)
{
	static const char start[] = "\xef\xbb\xbf"
				    "campaign,run,";
	struct made m = make();
	struct strbuf b = STRBUF_INIT;

	m.files->campaign->report.csv_mark = true;
	text_by(csv_report, m.r, &b);
	ck_assert(str_starts(strbuf_text(&b), start));
	strbuf_free(&b);
	unmake(&m);
}
END_TEST

/* --- the object --- */

/* What make() holds, without blanks. */
static const char whole[] =
    "{\"schema\":1,\"campaign\":\"night\",\"run\":\"2026-11-23T04.00.00Z\","
    "\"note\":\"ticket 4711\",\"version\":\"" VERSION "\","
    "\"started\":\"2026-11-23T04:00:00.123Z\","
    "\"ended\":\"2026-11-23T04:01:05.123Z\",\"exitStatus\":1,"
    "\"summary\":{\"devices\":2,\"success\":1,\"quiet\":0,\"one-sided\":0,"
    "\"partial\":0,"
    "\"failed\":1,\"interrupted\":0,\"skipped\":0,\"events\":1,\"bytes\":4096,"
    "\"datagrams\":0,\"refused\":2,\"dropped\":0,\"windowEnded\":false,"
    "\"trouble\":null,\"agents\":[{\"agent\":\"198.51.100.1\","
    "\"version\":\"0.1.9\",\"clockDifferenceMs\":-250,"
    "\"answers\":0,\"alarms\":3,\"refused\":0,"
    "\"lastReceived\":\"2026-11-23T04:00:00.123Z\"},"
    "{\"agent\":\"198.51.100.2\",\"answers\":0,\"alarms\":0,\"refused\":0,"
    "\"lastReceived\":null}],\"groups\":[]},\"devices\":[{\"device\":\"192.0.2.1\","
    "\"name\":\"branch, 1\",\"note\":\"\",\"type\":\"msbr\","
    "\"interfaces\":[\"eth-wan\",\"cellular-wan\"],\"username\":\"Admin\","
    "\"password\":\"*****\",\"ovoc\":\"198.51.100.1\","
    "\"status\":\"success\",\"severity\":\"MINOR\","
    "\"description\":\"1 of 1 event captured\",\"completed\":true,"
    "\"cpeCapture\":\"not active\",\"cpeEvent\":\"Connection Lost\","
    "\"events\":1,\"triggers\":1,\"captureOnMs\":0,\"captureOffMs\":0,\"ovocCapture\":\"not active\","
    "\"registration\":\"active\",\"registerAttempts\":1,"
    "\"lastRequest\":\"STOP\",\"lastResponse\":\"200 OK\","
    "\"awaitingResponse\":false,\"lastCapture\":\"CPE_x.pcap\","
    "\"verdicts\":[],"
    "\"tasks\":[{\"number\":1,\"event\":1,\"task\":\"Register\","
    "\"status\":\"Success\",\"severity\":\"NORMAL\",\"statusCode\":200,"
    "\"description\":\"200 OK\",\"timestamp\":\"2026-11-23T04:00:00.123Z\","
    "\"durationMs\":51,\"attempt\":1},{\"number\":2,\"event\":1,"
    "\"task\":\"Retrieve capture\",\"status\":\"Success\","
    "\"severity\":\"NORMAL\","
    "\"description\":\"3 packets\","
    "\"timestamp\":\"2026-11-23T04:00:01.123Z\",\"durationMs\":0,"
    "\"attempt\":1,\"filename\":\"CPE_x.pcap\",\"bytes\":4096,"
    "\"sha256\":\"abc\",\"note\":\"cut on the device\"},{\"number\":3,"
    "\"event\":1,\"task\":\"Send TCP\",\"status\":\"Failure\","
    "\"severity\":\"MINOR\","
    "\"description\":\"=HYPERLINK(\\\"http://x\\\"), said the device\\r\\nand\","
    "\"timestamp\":\"2026-11-23T04:00:02.123Z\",\"durationMs\":0,"
    "\"attempt\":2}]},{\"device\":\"192.0.2.2\",\"name\":\"\","
    "\"note\":\"=cmd()\",\"type\":\"gwsbc\",\"interfaces\":[\"eth-lan\"],"
    "\"username\":\"Admin\",\"password\":\"*****\","
    "\"ovoc\":\"198.51.100.2\",\"status\":\"failed\","
    "\"severity\":\"MAJOR\",\"description\":\"HTTP 401\","
    "\"completed\":false,\"cpeCapture\":\"not active\",\"cpeEvent\":null,"
    "\"events\":0,\"triggers\":0,\"captureOnMs\":0,\"captureOffMs\":0,\"ovocCapture\":\"not active\","
    "\"registration\":\"not active\",\"registerAttempts\":0,"
    "\"lastRequest\":null,\"lastResponse\":null,\"awaitingResponse\":false,"
    "\"lastCapture\":null,\"verdicts\":[],\"tasks\":[{\"number\":1,\"event\":1,"
    "\"task\":\"Show capture\",\"status\":\"Failure\","
    "\"severity\":\"MAJOR\",\"description\":\"HTTP 401\","
    "\"timestamp\":\"2026-11-23T04:00:00.123Z\",\"durationMs\":0,"
    "\"attempt\":1}]}]}";

/* The text that a tree of all would give. */
START_TEST(the_json_report_has_its_members_in_order)
{
	struct made m = make();
	struct strbuf b = STRBUF_INIT, wanted = STRBUF_INIT;
	struct json *j = json_parse(whole, strlen(whole));

	text_by(json_report, m.r, &b);
	json_write(j, 2, &wanted);
	strbuf_add(&wanted, "\n");
	ck_assert_str_eq(strbuf_text(&b), strbuf_text(&wanted));
	json_free(j);
	strbuf_free(&wanted);
	strbuf_free(&b);
	unmake(&m);
}
END_TEST

static const char *
text_of(const struct json *o, const char *key)
{
	return json_get_text(o, key, "(none)");
}

static struct json *
parsed(const struct run_result *r)
{
	struct strbuf b = STRBUF_INIT;
	struct json *j;

	text_by(json_report, r, &b);
	j = json_parse(strbuf_text(&b), b.len);
	ck_assert_ptr_nonnull(j);
	strbuf_free(&b);
	return j;
}

START_TEST(the_json_report_says_which_run_it_is)
{
	struct made m = make();
	struct json *j = parsed(m.r);
	const struct json *s = json_get(j, "summary");

	ck_assert_int_eq(json_get_int(j, "schema", 0), 1);
	ck_assert_str_eq(text_of(j, "campaign"), "night");
	ck_assert_str_eq(text_of(j, "run"), "2026-11-23T04.00.00Z");
	ck_assert_str_eq(text_of(j, "note"), "ticket 4711");
	ck_assert_str_eq(text_of(j, "version"), VERSION);
	ck_assert_str_eq(text_of(j, "started"), "2026-11-23T04:00:00.123Z");
	ck_assert_str_eq(text_of(j, "ended"), "2026-11-23T04:01:05.123Z");
	ck_assert_int_eq(json_get_int(j, "exitStatus", 0), 1);
	ck_assert_int_eq(json_get_int(s, "devices", 0), 2);
	ck_assert_int_eq(json_get_int(s, "success", 0), 1);
	ck_assert_int_eq(json_get_int(s, "failed", 0), 1);
	ck_assert_int_eq(json_get_int(s, "events", 0), 1);
	ck_assert_int_eq(json_get_int(s, "bytes", 0), 4096);
	ck_assert_int_eq(json_get_int(s, "refused", 0), 2);
	ck_assert_uint_eq(json_count(json_get(s, "agents")), 2);
	json_free(j);
	unmake(&m);
}
END_TEST

START_TEST(a_device_keeps_the_field_names_that_users_know)
{
	static const char *const keys[] = {"device", "status", "severity",
	    "description", "type", "interfaces", "username", "password", "ovoc",
	    "completed", "tasks", "cpeCapture", "cpeEvent", "events",
	    "ovocCapture", "registration", "registerAttempts", "lastRequest",
	    "lastResponse", "awaitingResponse", "lastCapture"};
	static const char *const task_keys[] = {
	    "task", "status", "description", "timestamp"};
	struct made m = make();
	struct json *j = parsed(m.r);
	const struct json *d = json_at(json_get(j, "devices"), 0), *t;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		ck_assert_msg(json_get(d, keys[i]) != NULL, "no %s", keys[i]);
	ck_assert_str_eq(text_of(d, "password"), "*****");
	ck_assert_str_eq(text_of(d, "lastRequest"), "STOP");
	ck_assert_str_eq(text_of(d, "lastResponse"), "200 OK");
	ck_assert_str_eq(text_of(d, "cpeEvent"), "Connection Lost");
	ck_assert_str_eq(text_of(d, "registration"), "active");
	ck_assert_uint_eq(json_count(json_get(d, "interfaces")), 2);
	ck_assert_uint_eq(json_count(json_get(d, "tasks")), 3);
	t = json_at(json_get(d, "tasks"), 1);
	for (size_t i = 0; i < sizeof(task_keys) / sizeof(task_keys[0]); i++)
		ck_assert_ptr_nonnull(json_get(t, task_keys[i]));
	ck_assert_str_eq(text_of(t, "filename"), "CPE_x.pcap");
	json_free(j);
	unmake(&m);
}
END_TEST

/* A run of many devices; each has the rows of the first one of make(). */
static struct run_result *
make_many(const struct made *m, size_t n)
{
	const struct device_entry **all = xcalloc(n, sizeof(*all));
	const struct row *row;
	struct run_result *r;

	for (size_t i = 0; i < n; i++)
		all[i] = m->r->conf->devices[0];
	r = run_result_for(m->r->conf, m->files->folder, "many", all, n);
	for (size_t i = 0; i < n; i++)
		TAILQ_FOREACH (row, &m->r->devices[0].rows, next)
			result_row(&r->devices[i], row);
	free(all);
	return r;
}

struct weight {
	size_t total;
	size_t largest; /* of the pieces */
	size_t before;  /* in use */
	size_t most;
};

static void
weigh(void *arg, const void *data, size_t len)
{
	struct weight *w = arg;
	size_t used = mallinfo2().uordblks;

	(void)data;
	w->total += len;
	w->largest = len > w->largest ? len : w->largest;
	w->most = used > w->most ? used : w->most;
}

START_TEST(a_report_is_never_whole_in_memory)
{
	static format *const formats[] = {csv_report, json_report};
	struct made m = make();
	struct run_result *many = make_many(&m, 2000);

	for (size_t i = 0; i < 2; i++) {
		struct weight w = {.before = mallinfo2().uordblks};
		struct sink s = {.put = weigh, .to = &w};

		formats[i](many, &s);
		sink_end(&s);
		ck_assert_uint_gt(w.total, 900000);
		ck_assert_uint_lt(w.largest, SINK_PIECE + 1024);
		ck_assert_uint_lt(w.most, w.before + 65536);
	}
	run_result_free(many);
	unmake(&m);
}
END_TEST

static char *
content(const struct made *m, const char *name)
{
	char *path = xasprintf("%s/%s", m->r->folder, name);
	char *text = xcalloc(65536, 1);
	struct stat st;
	int fd = open(path, O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	ck_assert_int_gt(read(fd, text, 65535), 0);
	close(fd);
	free(path);
	return text;
}

START_TEST(no_password_is_in_any_report)
{
	struct made m = make();
	struct strbuf b = STRBUF_INIT;
	struct fail why;
	char *csv, *json, *html;

	umask(022);
	ck_assert(report_write(m.r, &why));
	report_summary(m.r, true, &b);
	csv = content(&m, "report.csv");
	json = content(&m, "report.json");
	html = content(&m, "report.html");
	ck_assert_ptr_null(strstr(csv, "secret"));
	ck_assert_ptr_null(strstr(html, "secret"));
	ck_assert_ptr_null(strstr(json, "secret"));
	ck_assert_ptr_null(strstr(strbuf_text(&b), "secret"));
	free(csv);
	free(json);
	free(html);
	strbuf_free(&b);
	unmake(&m);
}
END_TEST

START_TEST(a_run_is_reported_when_all_its_files_are_there)
{
	struct made m = make();
	char *csv = xasprintf("%s/report.csv", m.r->folder);
	struct fail why;

	ck_assert(!report_is_written(m.r));
	ck_assert(report_write(m.r, &why));
	ck_assert(report_is_written(m.r));
	ck_assert_int_eq(unlink(csv), 0);
	ck_assert(!report_is_written(m.r));
	free(csv);
	unmake(&m);
}
END_TEST

START_TEST(a_report_that_cannot_be_written_is_local_trouble)
{
	struct made m = make();
	struct fail why;

	free(m.r->folder);
	m.r->folder = xstrdup("/nonexistent/run");
	ck_assert(!report_write(m.r, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "report.csv"));
	unmake(&m);
}
END_TEST

START_TEST(the_summary_tells_a_blocked_port_from_a_quiet_night)
{
	struct made m = make();
	struct strbuf b = STRBUF_INIT;
	/* It was answered by a REGISTER, and the probes were sent. */
	struct row unknown = {.task = TASK_OVOC_VERIFY,
	    .status = TASK_FAILURE,
	    .code = 404,
	    .description = "404 Not Found"};
	const char *text;

	result_row(&m.r->devices[0], &unknown);
	report_summary(m.r, true, &b);
	text = strbuf_text(&b);
	ck_assert_ptr_nonnull(strstr(text, "1 success, 1 failed"));
	ck_assert_ptr_nonnull(strstr(text, "took 1m 5s"));
	ck_assert_ptr_nonnull(strstr(text,
	    "MINOR nothing was ever received from OVOC 198.51.100.2 on UDP "
	    "20001"));
	ck_assert_ptr_nonnull(strstr(text, "198.51.100.1: 3 alarms"));
	ck_assert_ptr_nonnull(strstr(text, "2026-11-23T04:00:00.123Z"));
	ck_assert_ptr_nonnull(
	    strstr(text, "MAJOR failed: 192.0.2.2: HTTP 401"));
	ck_assert_ptr_nonnull(strstr(text, "2 datagrams refused"));
	ck_assert_ptr_nonnull(strstr(text, m.r->folder));
	ck_assert_ptr_nonnull(
	    strstr(text, "/report.csv, report.json, report.html, captures/\n"));
	ck_assert_ptr_null(strstr(text, "not written"));
	ck_assert_ptr_nonnull(
	    strstr(text, "unanswered probes: TCP 1; see the report"));
	strbuf_clear(&b);
	report_summary(m.r, false, &b);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&b),
	    "Reports: not written, see above; the journal could not be"));
	ck_assert_ptr_null(strstr(strbuf_text(&b), "report.csv"));
	ck_assert_ptr_null(strstr(strbuf_text(&b), "journal.ndjson"));
	strbuf_free(&b);
	unmake(&m);
}
END_TEST

/* The text of each device begins with, or has, its own address. */
static void
shares_a_line(const char *first, const char *second, const char *wanted)
{
	struct made m = make();
	struct strbuf b = STRBUF_INIT;
	char *line = xasprintf(
	    "  MAJOR failed: branch, 1 (192.0.2.1), 192.0.2.2: %s\n", wanted);

	for (size_t i = 0; i < 2; i++) {
		struct device_result *d = &m.r->devices[i];

		free(d->description);
		d->description = xstrdup(i == 0 ? first : second);
		d->outcome = OUTCOME_FAILED;
		d->severity = SEVERITY_MAJOR;
	}
	report_summary(m.r, true, &b);
	ck_assert_msg(strstr(strbuf_text(&b), line) != NULL, "%s lacks %s",
	    strbuf_text(&b), line);
	free(line);
	strbuf_free(&b);
	unmake(&m);
}

START_TEST(a_devices_own_address_does_not_set_it_apart)
{
	shares_a_line("192.0.2.1:443: Connection refused",
	    "192.0.2.2:443: Connection refused",
	    "port 443: Connection refused");
	shares_a_line("SFTP 192.0.2.1:22: no (192.0.2.1: no)",
	    "SFTP 192.0.2.2:22: no (192.0.2.2: no)", "SFTP port 22: no (no)");
	shares_a_line("192.0.2.1: no such name", "192.0.2.2: no such name",
	    "no such name");
	/* These are other addresses. */
	shares_a_line("x192.0.2.1:443 is not 192.0.2.10: so",
	    "x192.0.2.1:443 is not 192.0.2.10: so",
	    "x192.0.2.1:443 is not 192.0.2.10: so");
}
END_TEST

START_TEST(a_field_has_its_column_and_its_place_in_the_object)
{
	const struct row_field *f;
	int columns = 0, members = 0;

	while ((f = row_column(columns)) != NULL) {
		ck_assert_ptr_nonnull(f->json.name);
		ck_assert_ptr_eq(row_member(f->json.place - 1), f);
		columns++;
	}
	while (row_member(members) != NULL)
		members++;
	ck_assert_int_eq(members, columns);
}
END_TEST

START_TEST(tasks_and_words_are_those_of_the_manual)
{
	static const char *const names[] = {"Resolve", "Register",
	    "Show capture", "Start capture", "Verify started", "OVOC capture",
	    "Alarm", "OVOC verify", "Send ICMP (Ping)", "Send UDP (SNMPv3)",
	    "Send TCP", "Retrieve server capture", "Compare captures", "Hook",
	    "Stop capture", "Verify stopped", "Retrieve capture", "OVOC stop",
	    "Recover", "Log in by REST", "Log in by SSH", "Compare clocks"};

	for (int t = TASK_RESOLVE; t < TASK_COUNT; t++)
		ck_assert_str_eq(task_name((enum task)t), names[t]);
	ck_assert_str_eq(task_status_name(TASK_SKIPPED), "Skipped");
	ck_assert_str_eq(severity_name(SEVERITY_CRITICAL), "CRITICAL");
	ck_assert_str_eq(outcome_name(OUTCOME_PARTIAL), "partial");
	ck_assert_str_eq(outcome_name(OUTCOME_INTERRUPTED), "interrupted");
	ck_assert_str_eq(registration_name(REGISTRATION_ABORTED), "aborted");
}
END_TEST

START_TEST(a_row_raises_its_devices_severity_and_takes_its_place_by_time)
{
	struct made m = make();
	struct device_result *d = &m.r->devices[0];
	const struct row *row;
	int n = 0;

	ck_assert_int_eq(d->severity, SEVERITY_MINOR);
	ck_assert_int_eq(m.r->devices[1].severity, SEVERITY_MAJOR);
	TAILQ_FOREACH (row, &d->rows, next)
		ck_assert_int_eq(row->number, ++n);
	ck_assert_int_eq(TAILQ_LAST(&d->rows, row_list)->task, TASK_TCP);
	ck_assert_str_eq(d->description, "1 of 1 event captured");
	unmake(&m);
}
END_TEST

UNIT_MAIN("report", a_field_is_quoted_where_it_must_be,
    a_field_that_a_spreadsheet_would_run_is_guarded,
    a_field_that_another_separator_splits_is_guarded_too,
    the_table_begins_with_a_mark_if_it_should,
    the_table_has_its_columns_and_rows_in_order,
    the_json_report_has_its_members_in_order,
    the_json_report_says_which_run_it_is,
    a_device_keeps_the_field_names_that_users_know,
    a_report_is_never_whole_in_memory, no_password_is_in_any_report,
    a_run_is_reported_when_all_its_files_are_there,
    a_report_that_cannot_be_written_is_local_trouble,
    the_summary_tells_a_blocked_port_from_a_quiet_night,
    a_devices_own_address_does_not_set_it_apart,
    a_field_has_its_column_and_its_place_in_the_object,
    tasks_and_words_are_those_of_the_manual,
    a_row_raises_its_devices_severity_and_takes_its_place_by_time)
