/* check_journal.c - lines in order, on the disk before anybody goes on. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/xmem.h"
#include "books/journal.h"
#include "books/journal_read.h"
#include "books/row_fields.h"
#include "conf_rig.h"

#define WALL INT64_C(1795406400000) /* 2026-11-23T04:00:00Z */

struct rig {
	struct conf_rig *files;
	struct loop *lp;
	struct run_result *run;
	struct journal *j;
	char *path;
	int troubles;
	char *trouble;
	int went_on;
	int synced_then; /* when who waited went on */
};

static int syncs;
static int sync_error; /* errno of the next ones, 0: they succeed */
static int sync_takes; /* ms of the real clock */

/* In place of the C library's: a sync is counted, or fails. */
int
fdatasync(int fd)
{
	ck_assert_int_ge(fd, 0);
	syncs++;
	usleep((useconds_t)sync_takes * 1000);
	errno = sync_error;
	return sync_error == 0 ? 0 : -1;
}

static int folder_syncs;
static const char *watched; /* a file; NULL: none */
static off_t size_then;     /* its size at the last sync of a folder */

int
fsync(int fd)
{
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	folder_syncs++;
	if (watched != NULL && stat(watched, &st) == 0)
		size_then = st.st_size;
	errno = sync_error;
	return sync_error == 0 ? 0 : -1;
}

static void
on_trouble(void *arg, const char *text)
{
	struct rig *r = arg;

	r->troubles++;
	free(r->trouble);
	r->trouble = xstrdup(text);
}

static void
go_on(void *arg)
{
	struct rig *r = arg;

	r->went_on++;
	r->synced_then = syncs;
}

static struct rig *
rig_on(struct loop *lp)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	const struct campaign_conf *conf;
	struct fail why;

	r->files = conf_rig_with(
	    "campaign = { name = \"night\"; };"
	    "snmp = { auth_password = \"auth-secret\"; "
	    "priv_password = \"priv-secret\"; };"
	    "defaults = { username = \"Admin\"; password = \"secret-1\"; "
	    "agent = \"192.0.2.252\"; type = \"gwsbc\"; };"
	    "devices = ( { address = \"192.0.2.1\"; }, "
	    "{ address = \"192.0.2.2\"; name = \"two\"; } );");
	conf = conf_rig_right(r->files);
	r->lp = lp;
	r->run = run_result_new(conf, WALL);
	free(r->run->folder);
	r->run->folder = xstrdup(r->files->folder);
	r->path = conf_rig_path(r->files, "journal.ndjson");
	r->j = journal_create(r->lp, r->run, on_trouble, r, &why);
	ck_assert_ptr_nonnull(r->j);
	syncs = 0;
	return r;
}

static struct rig *
rig_new(void)
{
	return rig_on(loop_new_virtual(NULL, WALL));
}

static void
rig_free(struct rig *r)
{
	journal_free(r->j);
	run_result_free(r->run);
	loop_free(r->lp);
	unlink(r->path);
	free(r->path);
	free(r->trouble);
	conf_rig_free(r->files);
	free(r);
}

static void
turn(struct rig *r)
{
	loop_run_for(r->lp, 1);
}

/* The n-th line, from 0; NULL: there is none. */
static struct json *
line(const struct rig *r, int n)
{
	static char text[65536];
	int fd = open(r->path, O_RDONLY);
	ssize_t len = read(fd, text, sizeof(text) - 1);
	char *at = text, *end;
	struct json *o;

	close(fd);
	ck_assert_int_ge(len, 0);
	text[len] = '\0';
	while ((end = strchr(at, '\n')) != NULL && n-- > 0)
		at = end + 1;
	if (end == NULL)
		return NULL;
	o = json_parse(at, (size_t)(end - at));
	ck_assert_msg(o != NULL, "no JSON: %s", at);
	return o;
}

static int
count_lines(const struct rig *r)
{
	struct json *o;
	int n = 0;

	while ((o = line(r, n)) != NULL) {
		json_free(o);
		n++;
	}
	return n;
}

static void
line_is(const struct rig *r, int n, const char *key, const char *value)
{
	struct json *o = line(r, n);

	ck_assert_msg(o != NULL, "no line %d", n);
	ck_assert_str_eq(json_get_text(o, key, "(none)"), value);
	json_free(o);
}

static struct row *
add_row(struct rig *r, size_t device, const char *description)
{
	struct row what = {.task = TASK_SHOW,
	    .started = WALL,
	    .description = (char *)description};

	return journal_row(r->j, &r->run->devices[device], &what);
}

/* --- lines --- */

START_TEST(a_journal_begins_with_the_run_and_its_devices)
{
	struct rig *r = rig_new();

	turn(r);
	ck_assert_int_eq(count_lines(r), 3);
	line_is(r, 0, "kind", "run");
	line_is(r, 0, "campaign", "night");
	line_is(r, 0, "time", "2026-11-23T04:00:00.000Z");
	line_is(r, 1, "device", "192.0.2.1");
	line_is(r, 2, "kind", "device");
	line_is(r, 2, "name", "two");
	line_is(r, 2, "agent", "192.0.2.252");
	rig_free(r);
}
END_TEST

START_TEST(lines_stand_in_the_order_of_what_happened)
{
	struct rig *r = rig_new();
	struct device_result *d = r->run->devices;

	journal_state(r->j, d, "starting");
	journal_fact(r->j, d, FACT_START);
	turn(r);
	journal_fact(r->j, d, FACT_ON);
	journal_state(r->j, &d[1], "starting");
	turn(r);
	round_name(&d->round, "file.pcap");
	journal_fact(r->j, d, FACT_STOP);
	turn(r);
	ck_assert_int_eq(count_lines(r), 8);
	line_is(r, 3, "state", "starting");
	line_is(r, 4, "fact", "start");
	line_is(r, 5, "fact", "on");
	line_is(r, 6, "device", "192.0.2.2");
	line_is(r, 7, "file", "file.pcap");
	rig_free(r);
}
END_TEST

START_TEST(a_row_is_written_as_it_is_at_the_end_of_its_turn)
{
	struct rig *r = rig_new();

	add_row(r, 0, "the output: \"\x01\n\"")->code = 503;
	turn(r);
	line_is(r, 3, "task", "show");
	line_is(r, 3, "description", "the output: \"\x01\n\"");
	ck_assert_int_eq(count_lines(r), 4);
	rig_free(r);
}
END_TEST

START_TEST(no_secret_is_in_it)
{
	struct rig *r = rig_new();
	char text[4096] = "";
	int fd;

	journal_fact(r->j, r->run->devices, FACT_START);
	turn(r);
	fd = open(r->path, O_RDONLY);
	ck_assert_int_gt(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	ck_assert_ptr_null(strstr(text, "secret"));
	rig_free(r);
}
END_TEST

/* --- read back --- */

static struct earlier_run *
read_back(struct rig *r)
{
	struct earlier_run *k = NULL;
	struct fail why;

	turn(r);
	ck_assert_int_eq(
	    journal_read(r->run->conf, r->files->folder, ".", &k, &why),
	    JOURNAL_KILLED);
	return k;
}

static void
add_every_row(struct rig *r)
{
	struct row row = {.description = (char *)"", .started = WALL};

	for (int t = 0; t < TASK_COUNT; t++)
		for (int s = 0; s < TASK_STATUS_COUNT; s++)
			for (int v = 0; v < SEVERITY_COUNT; v++) {
				row.task = (enum task)t;
				row.status = (enum task_status)s;
				row.severity = (enum severity)v;
				journal_row(r->j, r->run->devices, &row);
			}
}

START_TEST(every_task_status_and_severity_comes_back)
{
	struct rig *r = rig_new();
	struct earlier_run *k;
	const struct row *was, *is;

	add_every_row(r);
	k = read_back(r);
	is = TAILQ_FIRST(&k->result->devices[0].rows);
	TAILQ_FOREACH (was, &r->run->devices[0].rows, next) {
		ck_assert_int_eq(is->task, was->task);
		ck_assert_int_eq(is->status, was->status);
		ck_assert_int_eq(is->severity, was->severity);
		is = TAILQ_NEXT(is, next);
	}
	ck_assert_ptr_null(is);
	earlier_run_free(k);
	rig_free(r);
}
END_TEST

static void
shows_the_same(const struct row *is, const struct row *was)
{
	const struct row_field *f;

	for (int i = 0; (f = row_column(i)) != NULL; i++) {
		struct row_value a, b;

		row_show(f, is, &a);
		row_show(f, was, &b);
		ck_assert_msg(a.number == b.number, "%s", f->csv);
		ck_assert_pstr_eq(a.text, b.text);
	}
}

START_TEST(every_field_of_a_row_comes_back)
{
	struct row full = {
	    .task = TASK_TCP,
	    .status = TASK_SKIPPED,
	    .severity = SEVERITY_CRITICAL,
	    .event = 2,
	    .code = 430,
	    .attempt = 3,
	    .started = WALL + 17,
	    .duration = INT64_MAX,
	    .description = (char *)"a \"b\"\n\x01",
	    .file = (char *)"CPE.pcap",
	    .bytes = 4096,
	    .sha256 = "0123abc",
	    .note = (char *)"cut",
	};
	struct row bare = {.started = WALL + 18};
	struct rig *r = rig_new();
	struct earlier_run *k;

	journal_row(r->j, r->run->devices, &full);
	journal_row(r->j, r->run->devices, &bare);
	k = read_back(r);
	result_number(r->run);
	result_number(k->result);
	shows_the_same(TAILQ_FIRST(&k->result->devices[0].rows),
	    TAILQ_FIRST(&r->run->devices[0].rows));
	shows_the_same(TAILQ_LAST(&k->result->devices[0].rows, row_list),
	    TAILQ_LAST(&r->run->devices[0].rows, row_list));
	ck_assert_uint_eq(k->result->devices[0].bytes, 4096);
	earlier_run_free(k);
	rig_free(r);
}
END_TEST

START_TEST(every_outcome_comes_back)
{
	struct rig *r = rig_new();
	struct device_result *d = r->run->devices;

	for (int o = 0; o < OUTCOME_COUNT; o++) {
		struct earlier_run *k;

		d->outcome = (enum outcome)o;
		journal_outcome(r->j, d);
		k = read_back(r);
		ck_assert_int_eq(k->result->devices[0].outcome, o);
		earlier_run_free(k);
	}
	rig_free(r);
}
END_TEST

/* --- the disk --- */

START_TEST(rows_and_states_wait_for_no_disk)
{
	struct rig *r = rig_new();

	add_row(r, 0, "x");
	journal_state(r->j, r->run->devices, "starting");
	turn(r);
	ck_assert_int_eq(syncs, 0);
	rig_free(r);
}
END_TEST

START_TEST(one_sync_a_turn_serves_everybody_who_waits)
{
	struct rig *r = rig_new();
	struct journal_wait one = {0}, two = {0};

	journal_fact(r->j, r->run->devices, FACT_START);
	journal_sync(r->j, &one, go_on, r);
	journal_fact(r->j, &r->run->devices[1], FACT_START);
	journal_sync(r->j, &two, go_on, r);
	ck_assert_int_eq(r->went_on, 0);
	turn(r);
	ck_assert_int_eq(r->went_on, 2);
	ck_assert_int_eq(r->synced_then, 1);
	ck_assert_int_eq(syncs, 1);
	line_is(r, 4, "fact", "start");
	rig_free(r);
}
END_TEST

/* One after another, who waits for the disk. */
struct queue {
	struct rig *r;
	struct journal_wait wait;
	int left;
};

static void
next_waits(void *arg)
{
	struct queue *q = arg;

	if (q->left-- == 0) {
		loop_stop(q->r->lp);
		return;
	}
	journal_fact(q->r->j, q->r->run->devices, FACT_START);
	journal_sync(q->r->j, &q->wait, next_waits, q);
}

#define WAITS 8

START_TEST(on_a_slow_disk_most_of_the_time_is_left_for_work)
{
	struct rig *r = rig_on(loop_new(NULL));
	struct queue q = {.r = r, .left = WAITS};
	int64_t began = clock_mono_ms(), written = 0;

	sync_takes = 10;
	next_waits(&q);
	loop_run(r->lp);
	/* Between two syncs three times as long as one. */
	ck_assert_int_ge(
	    clock_mono_ms() - began, WAITS * 10 + (WAITS - 1) * 30);
	ck_assert_int_eq(syncs, WAITS);
	/* Its lines are in the file meanwhile. */
	sync_takes = 500;
	q.left = 1;
	next_waits(&q);
	loop_run(r->lp);
	journal_fact(r->j, &r->run->devices[1], FACT_OFF);
	written = unit_file_size(r->path);
	loop_run_for(r->lp, 20);
	ck_assert_int_gt(unit_file_size(r->path), written);
	ck_assert_int_eq(syncs, WAITS + 1);
	sync_takes = 0;
	journal_end(r->j, 0);
	r->j = NULL;
	ck_assert_int_eq(syncs, WAITS + 2);
	rig_free(r);
}
END_TEST

static off_t
size_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

START_TEST(names_are_synced_once_a_turn_before_the_lines_that_rely_on_them)
{
	struct rig *r = rig_new();
	off_t before;

	turn(r);
	before = size_of(r->path);
	ck_assert_int_eq(folder_syncs, 0);
	watched = r->path;
	for (size_t i = 0; i < 2; i++) {
		journal_relies_on(r->j, r->files->folder);
		journal_fact(r->j, &r->run->devices[i], FACT_FILE);
	}
	ck_assert_int_eq(folder_syncs, 0);
	turn(r);
	ck_assert_int_eq(folder_syncs, 1);
	ck_assert_int_eq(size_then, before);
	ck_assert_int_gt(size_of(r->path), before);
	journal_fact(r->j, &r->run->devices[0], FACT_CLOSED);
	turn(r);
	ck_assert_int_eq(folder_syncs, 1);
	watched = NULL;
	rig_free(r);
}
END_TEST

START_TEST(names_that_cannot_be_synced_are_trouble)
{
	struct rig *r = rig_new();

	journal_relies_on(r->j, "/proc/none");
	journal_fact(r->j, &r->run->devices[0], FACT_FILE);
	turn(r);
	ck_assert_int_eq(r->troubles, 1);
	ck_assert_ptr_nonnull(strstr(r->trouble, "No such file"));
	rig_free(r);
}
END_TEST

START_TEST(who_waits_no_more_is_not_called)
{
	struct rig *r = rig_new();
	struct journal_wait one = {0}, two = {0};

	journal_fact(r->j, r->run->devices, FACT_START);
	journal_sync(r->j, &one, go_on, r);
	journal_sync(r->j, &two, go_on, r);
	journal_sync_cancel(&one);
	journal_sync_cancel(&one);
	turn(r);
	ck_assert_int_eq(r->went_on, 1);
	rig_free(r);
}
END_TEST

struct chain {
	struct rig *rig;
	struct journal_wait second;
};

static void
wait_again(void *arg)
{
	struct chain *c = arg;

	journal_fact(c->rig->j, c->rig->run->devices, FACT_STOP);
	journal_sync(c->rig->j, &c->second, go_on, c->rig);
	ck_assert_int_eq(c->rig->went_on, 0);
}

START_TEST(who_begins_to_wait_meanwhile_waits_for_the_next_sync)
{
	struct rig *r = rig_new();
	struct chain c = {.rig = r};
	struct journal_wait first = {0};

	journal_fact(r->j, r->run->devices, FACT_START);
	journal_sync(r->j, &first, wait_again, &c);
	turn(r);
	turn(r);
	ck_assert_int_eq(r->went_on, 1);
	ck_assert_int_eq(r->synced_then, 2);
	rig_free(r);
}
END_TEST

/* --- trouble --- */

static void
full_disk(rlim_t bytes)
{
	struct rlimit limit = {bytes, RLIM_INFINITY};

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

START_TEST(a_full_disk_is_told_once_and_holds_up_nobody)
{
	struct rig *r = rig_new();
	struct journal_wait w = {0};

	turn(r);
	full_disk(10);
	for (int i = 0; i < 3; i++) {
		journal_fact(r->j, r->run->devices, FACT_START);
		journal_sync(r->j, &w, go_on, r);
		turn(r);
	}
	full_disk(RLIM_INFINITY);
	ck_assert_int_eq(r->went_on, 3);
	ck_assert_int_eq(r->troubles, 1);
	ck_assert_ptr_nonnull(strstr(r->trouble, r->path));
	ck_assert_ptr_nonnull(strstr(r->trouble, strerror(EFBIG)));
	journal_end(r->j, 7);
	r->j = NULL;
	ck_assert_int_eq(count_lines(r), 9); /* none is missing */
	line_is(r, 3, "fact", "start");
	line_is(r, 6, "kind", "summary");
	line_is(r, 8, "kind", "end");
	rig_free(r);
}
END_TEST

/* It ends in the middle of a line, which goes on where it was cut. */
START_TEST(what_a_full_disk_did_not_take_is_written_later)
{
	struct rig *r = rig_new();
	long size;

	turn(r);
	size = unit_file_size(r->path);
	full_disk((rlim_t)size + 20);
	journal_fact(r->j, r->run->devices, FACT_START);
	turn(r);
	journal_fact(r->j, r->run->devices, FACT_ON);
	turn(r);
	ck_assert_int_eq(unit_file_size(r->path), size + 20);
	loop_run_for(r->lp, 20000);
	full_disk(RLIM_INFINITY);
	ck_assert_int_eq(count_lines(r), 3);
	loop_run_for(r->lp, 5001);
	ck_assert_int_eq(r->troubles, 1);
	ck_assert_int_eq(count_lines(r), 5);
	line_is(r, 3, "fact", "start");
	line_is(r, 4, "fact", "on");
	rig_free(r);
}
END_TEST

START_TEST(a_failing_sync_is_told_once_and_holds_up_nobody)
{
	struct rig *r = rig_new();
	struct journal_wait w = {0};

	sync_error = EIO;
	for (int i = 0; i < 3; i++) {
		journal_fact(r->j, r->run->devices, FACT_START);
		journal_sync(r->j, &w, go_on, r);
		turn(r);
	}
	sync_error = 0;
	ck_assert_int_eq(r->went_on, 3);
	ck_assert_int_eq(r->troubles, 1);
	ck_assert_ptr_nonnull(strstr(r->trouble, strerror(EIO)));
	rig_free(r);
}
END_TEST

START_TEST(the_journal_of_another_run_is_not_written_over)
{
	struct rig *r = rig_new();
	struct fail why;

	ck_assert_ptr_null(journal_create(r->lp, r->run, on_trouble, r, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, r->path));
	rig_free(r);
}
END_TEST

START_TEST(a_link_in_its_place_is_not_followed)
{
	struct rig *r = rig_new();
	char *target = conf_rig_path(r->files, "target");
	struct fail why;

	journal_free(r->j);
	r->j = NULL;
	ck_assert_int_eq(rename(r->path, target), 0);
	ck_assert_int_eq(symlink(target, r->path), 0);
	ck_assert_ptr_null(journal_reopen(r->lp, r->run, on_trouble, r, &why));
	unlink(target);
	free(target);
	rig_free(r);
}
END_TEST

/* --- the end --- */

START_TEST(the_closing_line_is_the_last_and_on_the_disk)
{
	struct rig *r = rig_new();

	add_row(r, 0, "x");
	journal_outcome(r->j, r->run->devices);
	journal_end(r->j, 4);
	r->j = NULL;
	ck_assert_int_eq(syncs, 1);
	ck_assert_int_eq(count_lines(r), 8);
	line_is(r, 7, "kind", "end");
	rig_free(r);
}
END_TEST

START_TEST(without_an_end_there_is_no_closing_line)
{
	struct rig *r = rig_new();

	turn(r);
	journal_free(r->j);
	r->j = NULL;
	ck_assert_int_eq(count_lines(r), 3);
	rig_free(r);
}
END_TEST

START_TEST(behind_a_cut_line_a_new_one_begins)
{
	struct rig *r = rig_new();
	struct fail why;
	int fd;

	turn(r);
	journal_free(r->j);
	fd = open(r->path, O_WRONLY | O_APPEND);
	ck_assert_int_eq(write(fd, "{}\n{\"cut", 8), 8);
	close(fd);
	r->j = journal_reopen(r->lp, r->run, on_trouble, r, &why);
	ck_assert_ptr_nonnull(r->j);
	journal_fact(r->j, r->run->devices, FACT_OFF);
	turn(r);
	line_is(r, 5, "kind", "recovery");
	line_is(r, 6, "fact", "off");
	rig_free(r);
}
END_TEST

START_TEST(without_a_journal_nothing_is_written)
{
	struct rig *r = rig_new();
	struct row row = {.description = (char *)""};

	journal_fact(NULL, r->run->devices, FACT_START);
	journal_state(NULL, r->run->devices, "starting");
	journal_row(NULL, r->run->devices, &row);
	journal_outcome(NULL, r->run->devices);
	journal_end(NULL, 0);
	journal_free(NULL);
	rig_free(r);
}
END_TEST

UNIT_MAIN("journal", a_journal_begins_with_the_run_and_its_devices,
    lines_stand_in_the_order_of_what_happened,
    a_row_is_written_as_it_is_at_the_end_of_its_turn, no_secret_is_in_it,
    every_task_status_and_severity_comes_back, every_field_of_a_row_comes_back,
    every_outcome_comes_back, rows_and_states_wait_for_no_disk,
    one_sync_a_turn_serves_everybody_who_waits,
    on_a_slow_disk_most_of_the_time_is_left_for_work,
    names_are_synced_once_a_turn_before_the_lines_that_rely_on_them,
    names_that_cannot_be_synced_are_trouble, who_waits_no_more_is_not_called,
    who_begins_to_wait_meanwhile_waits_for_the_next_sync,
    a_full_disk_is_told_once_and_holds_up_nobody,
    what_a_full_disk_did_not_take_is_written_later,
    a_failing_sync_is_told_once_and_holds_up_nobody,
    the_journal_of_another_run_is_not_written_over,
    a_link_in_its_place_is_not_followed,
    the_closing_line_is_the_last_and_on_the_disk,
    without_an_end_there_is_no_closing_line, behind_a_cut_line_a_new_one_begins,
    without_a_journal_nothing_is_written)
