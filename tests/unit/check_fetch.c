/* check_fetch.c - an event's capture comes home, in as many sessions as it
 * takes. */
#include "device/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent_folder.h"
#include "base/xmem.h"
#include "rig/bench.h"
#include "rig/fake_disk_sync.h"
#include "rig/fake_sync.h"

#define THREE                              \
	"3 packets from 2026-11-23T04:00:" \
	"00.000Z to 2026-11-23T04:00:02.000Z"
#define WHOLE INT64_C(252) /* bytes: a header, and three packets */
#define CUT_AT_130                                                 \
	"/debug-capture/debug-capture-data.pcap is cut after 130 " \
	"bytes; fetching it once more"
#define PART " [cut on the way]"

static struct {
	struct bench *b;
	struct fetch fetch;
	struct fail why;
} it;

static void
on_fetch(void *arg, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	it.why = *why;
	bench_report(it.b);
}

/* A file of three packets is on the device; its name here is fixed. */
static struct bench *
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	fake_fill(it.b->device, 3, STAGE_WALL);
	ledger_fact(&it.b->ledger, FACT_ON);
	ledger_name_file(&it.b->ledger);
	fetch_init(&it.fetch, &it.b->reach, on_fetch, &it);
	return it.b;
}

static void
fault(enum fault kind, int n, int times)
{
	fake_fault(it.b->device, STEP_SFTP, kind, n, times);
}

static int
sessions(void)
{
	return it.b->device->hits[STEP_SFTP];
}

static void
start(void)
{
	fetch_start(&it.fetch, &it.b->ledger);
}

static enum fail_kind
ends(void)
{
	start();
	bench_ends(it.b);
	return it.why.kind;
}

/* The file has so many bytes, -1: it is not there; and nothing lies beside. */
static void
is_kept(int64_t bytes)
{
	char *path = ledger_path(&it.b->ledger);
	char *name = xasprintf("%s ", bench_round(it.b)->file);

	ck_assert_int_eq(unit_file_size(path), bytes);
	folder_is(it.b->ledger.books.captures, bytes < 0 ? "" : name);
	free(name);
	free(path);
}

/* --- how it ends --- */

static const struct course {
	const char *about;
	const char *settings; /* NULL: none */
	struct fake_fault faults[3];
	size_t more;  /* bytes announced beyond the file's end */
	bool empty;   /* a capture without a packet */
	bool foreign; /* no capture at all */
	/* What follows. */
	enum fail_kind why;
	int sessions;
	int64_t kept; /* bytes, -1: nothing */
	bool home, no_room;
	const char *rows[4];
} courses[] = {
    {"the file comes home", .sessions = 1, .kept = WHOLE, .home = true,
	.rows = {"retrieve 1 Success NORMAL 0: " THREE}},
    {"a file without a packet is one", .empty = true, .sessions = 1, .kept = 24,
	.home = true,
	.rows = {"retrieve 1 Success NORMAL 0: 24 bytes, no packet"}},
    {"a transfer that breaks goes on",
	.faults = {{STEP_SFTP, FAULT_CUT, 100, 1},
	    {STEP_SFTP, FAULT_HANG, 200, 1}},
	.sessions = 3, .kept = WHOLE, .home = true,
	.rows = {"retrieve 1 Failure MINOR 0: connection cut",
	    "retrieve 2 Failure MINOR 0: stalled",
	    "retrieve 3 Success NORMAL 0: " THREE}},
    {"one that breaks rest_attempts times is given up, the part kept",
	.settings = "campaign = { rest_attempts = 2; };",
	.faults = {{STEP_SFTP, FAULT_HANG, 110, -1}}, .why = FAIL_TRANSIENT,
	.sessions = 2, .kept = 110,
	.rows = {"retrieve 2 Failure MAJOR 0: stalled" PART}},
    {"one of which nothing came has no file",
	.settings = "campaign = { rest_attempts = 2; };",
	.faults = {{STEP_SFTP, FAULT_CUT, 0, -1}}, .why = FAIL_TRANSIENT,
	.sessions = 2, .kept = -1,
	.rows = {"retrieve 2 Failure MAJOR 0: connection cut"}},
    {"a port that is not reached costs no attempt",
	.settings = "campaign = { rest_attempts = 1; };",
	.faults = {{STEP_SFTP, FAULT_UNREACHABLE, 0, 2}}, .sessions = 3,
	.kept = WHOLE, .home = true,
	.rows = {"retrieve 2 Failure MINOR 0: no SSH session",
	    "retrieve 3 Success NORMAL 0: " THREE}},
    {"it is tried until the limit",
	.settings = "timeouts = { unreachable_limit = \"1m\"; };",
	.faults = {{STEP_SFTP, FAULT_UNREACHABLE, 0, -1}},
	.why = FAIL_UNREACHABLE, .sessions = 3, .kept = -1,
	.rows = {"retrieve 3 Failure MAJOR 0: no SSH session"}},
    {"a refused login is final", .faults = {{STEP_SFTP, FAULT_AUTH, 0, 1}},
	.why = FAIL_AUTH, .sessions = 1, .kept = -1,
	.rows = {"retrieve 1 Failure MAJOR 0: login refused"}},
    {"another host key is final", .faults = {{STEP_SFTP, FAULT_IDENTITY, 0, 1}},
	.why = FAIL_IDENTITY, .sessions = 1, .kept = -1,
	.rows = {"retrieve 1 Failure MAJOR 0: the host key has changed"}},
    {"no such file is final", .faults = {{STEP_SFTP, FAULT_MISSING, 0, 1}},
	.why = FAIL_FINAL, .sessions = 1, .kept = -1,
	.rows = {"retrieve 1 Failure MAJOR 0: no such file"}},
    {"a part that came before is kept whatever ends it",
	.faults = {{STEP_SFTP, FAULT_CUT, 110, 1},
	    {STEP_SFTP, FAULT_MISSING, 0, 1}},
	.why = FAIL_FINAL, .sessions = 2, .kept = 110,
	.rows = {"retrieve 1 Failure MINOR 0: connection cut",
	    "retrieve 2 Failure MAJOR 0: no such file" PART}},
    {"trouble on this host is final and leaves it on the device",
	.faults = {{STEP_SFTP, FAULT_NO_SPACE, 0, 1}}, .why = FAIL_LOCAL,
	.sessions = 1, .kept = -1, .no_room = true,
	.rows = {"retrieve 1 Failure MAJOR 0: no space left on device"}},
    {"a record that is cut once is fetched whole",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, 1}}, .sessions = 2,
	.kept = WHOLE, .home = true,
	.rows = {"retrieve 1 Failure MINOR 0: " CUT_AT_130,
	    "retrieve 2 Success NORMAL 0: " THREE}},
    {"one that is cut again is so on the device",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, 2}}, .sessions = 2,
	.kept = 130, .home = true,
	.rows = {"retrieve 1 Failure MINOR 0: " CUT_AT_130,
	    "retrieve 2 Success MINOR 0: 1 packets from ..."}},
    {"one that is cut is kept though there is no second try",
	.settings = "campaign = { rest_attempts = 1; };",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, 1}},
	.why = FAIL_TRANSIENT, .sessions = 1, .kept = 130,
	.rows = {"retrieve 1 Failure MAJOR 0: " CUT_AT_130 PART}},
    {"a smaller file than announced is a note", .more = 48, .sessions = 1,
	.kept = WHOLE, .home = true,
	.rows = {"retrieve 1 Success NORMAL 0: " THREE
		 " [the device announced 300 bytes]"}},
    {"what is no capture is kept, and a failure", .foreign = true,
	.why = FAIL_FINAL, .sessions = 2, .kept = WHOLE,
	.rows = {"retrieve 1 Failure MINOR 0: ...",
	    "retrieve 2 Failure MAJOR 0: 252 bytes, no packet [..."}},
};
#define COURSES (sizeof(courses) / sizeof(courses[0]))

START_TEST(each_course_has_its_end_rows_and_file)
{
	const struct course *c = &courses[_i];

	printf("%s\n", c->about);
	make(c->settings != NULL ? c->settings : "");
	for (size_t i = 0; i < 3; i++)
		if (c->faults[i].times != 0)
			fault(c->faults[i].kind, c->faults[i].n,
			    c->faults[i].times);
	if (c->empty)
		fake_fill(it.b->device, 0, STAGE_WALL);
	if (c->foreign)
		memset(it.b->device->file, 'x', it.b->device->len);
	it.b->device->more = c->more;
	ck_assert_int_eq(ends(), c->why);
	ck_assert_int_eq(sessions(), c->sessions);
	rows_are(it.b->result, c->rows);
	is_kept(c->kept);
	bench_facts_are(it.b, c->home ? "on stop file" : "on stop");
	ck_assert_int_eq(bench_round(it.b)->home, c->home);
	ck_assert_int_eq(bench_round(it.b)->no_room, c->no_room);
	bench_free(it.b);
}
END_TEST

START_TEST(a_row_tells_of_its_file)
{
	const struct row *row;

	make("");
	ends();
	row = rows_find(it.b->result, TASK_RETRIEVE, 1);
	ck_assert_str_eq(row->file, bench_round(it.b)->file);
	ck_assert_uint_eq(row->bytes, WHOLE);
	ck_assert_uint_eq(strlen(row->sha256), 64);
	ck_assert_uint_eq(it.b->result->bytes, WHOLE);
	bench_free(it.b);
}
END_TEST

START_TEST(a_row_of_nothing_has_none)
{
	const struct row *row;

	make("");
	fault(FAULT_MISSING, 0, 1);
	ends();
	row = rows_find(it.b->result, TASK_RETRIEVE, 1);
	ck_assert_ptr_null(row->file);
	ck_assert_uint_eq(row->bytes, 0);
	ck_assert_uint_eq(it.b->result->bytes, 0);
	bench_free(it.b);
}
END_TEST

/* --- sessions --- */

START_TEST(its_tries_are_its_own)
{
	const struct fail before = {.kind = FAIL_TRANSIENT};

	make("campaign = { rest_attempts = 2; };");
	reach_again(&it.b->reach, &before); /* of a script */
	fault(FAULT_CUT, 110, 1);
	ck_assert_int_eq(ends(), FAIL_NONE);
	ROWS_ARE(it.b->result, "retrieve 1 Failure MINOR 0: connection cut",
	    "retrieve 2 Success NORMAL 0: " THREE);
	bench_free(it.b);
}
END_TEST

START_TEST(behind_a_break_one_read_is_in_flight)
{
	make("");
	fault(FAULT_CUT, 100, 1);
	start();
	bench_goes_on(it.b, 500);
	ck_assert(!it.b->device->narrow);
	bench_ends(it.b);
	ck_assert(it.b->device->narrow);
	ck_assert_uint_eq(it.b->device->offset, 100);
	bench_free(it.b);
	make("ssh = { window = \"narrow\"; };");
	ends();
	ck_assert(it.b->device->narrow);
	bench_free(it.b);
}
END_TEST

START_TEST(a_login_ends_being_unreachable)
{
	make("timeouts = { unreachable_limit = \"1m\"; };");
	fault(FAULT_UNREACHABLE, 0, 2);
	fault(FAULT_CUT, 100, 1);
	fault(FAULT_UNREACHABLE, 0, 2);
	ck_assert_int_eq(ends(), FAIL_NONE);
	ck_assert_int_eq(sessions(), 6);
	bench_free(it.b);
}
END_TEST

START_TEST(each_session_waits_for_a_place)
{
	struct ticket other = {.gate = NULL};

	make("");
	fault(FAULT_CUT, 100, 1);
	ck_assert(gate_try(it.b->tools.sftp_gate, &other));
	start();
	bench_goes_on(it.b, 5000);
	ck_assert_int_eq(sessions(), 0);
	gate_leave(&other);
	bench_goes_on(it.b, 500);
	ck_assert_int_eq(sessions(), 1);
	/* In the pause it has none. */
	ck_assert(gate_try(it.b->tools.sftp_gate, &other));
	bench_goes_on(it.b, 5000);
	gate_leave(&other);
	bench_ends(it.b);
	ck_assert_int_eq(sessions(), 2);
	bench_free(it.b);
}
END_TEST

START_TEST(each_session_is_a_login)
{
	struct login_rate *rate;

	make("");
	rate = login_rate_new(it.b->lp, 1);
	gate_limit_logins(it.b->tools.sftp_gate, rate);
	fault(FAULT_CUT, 100, 1);
	start();
	bench_goes_on(it.b, 999);
	ck_assert_int_eq(sessions(), 0);
	bench_ends(it.b);
	ck_assert_int_eq(sessions(), 2);
	bench_free(it.b);
	login_rate_free(rate);
}
END_TEST

START_TEST(a_pause_can_be_cut)
{
	make("");
	fault(FAULT_UNREACHABLE, 0, 1);
	fetch_hurry(&it.fetch); /* there is none */
	start();
	fetch_hurry(&it.fetch);
	bench_goes_on(it.b, 10000);
	ck_assert_int_eq(sessions(), 1);
	fetch_hurry(&it.fetch);
	bench_ends(it.b);
	ck_assert_int_eq(it.b->device->at[STEP_SFTP][1], 10000);
	bench_free(it.b);
}
END_TEST

/* --- this host's disk --- */

START_TEST(without_room_no_session_is_begun)
{
	make("");
	it.b->conf->campaign.min_free = INT64_MAX;
	ck_assert_int_eq(ends(), FAIL_LOCAL);
	ck_assert_int_eq(sessions(), 0);
	ck_assert_int_eq(it.b->result->n_rows, 1);
	rows_expect(it.b->result, TASK_RETRIEVE, 1, TASK_FAILURE,
	    SEVERITY_MAJOR, "campaign.min_free wants");
	ck_assert(bench_round(it.b)->no_room);
	is_kept(-1);
	bench_free(it.b);
}
END_TEST

START_TEST(without_room_for_the_rest_the_part_is_kept)
{
	make("");
	fault(FAULT_CUT, 100, 1);
	start();
	bench_goes_on(it.b, 500);
	it.b->conf->campaign.min_free = INT64_MAX;
	bench_ends(it.b);
	ck_assert_int_eq(it.why.kind, FAIL_LOCAL);
	ck_assert_int_eq(sessions(), 1);
	rows_expect(it.b->result, TASK_RETRIEVE, 2, TASK_FAILURE,
	    SEVERITY_MAJOR, "campaign.min_free wants");
	ck_assert(bench_round(it.b)->no_room);
	is_kept(100);
	bench_free(it.b);
}
END_TEST

/* A folder is in the place of the file; it ends so. */
static enum fail_kind
ends_in_the_way(void)
{
	char *path = ledger_path(&it.b->ledger);

	ck_assert_int_eq(mkdir(path, 0700), 0);
	ends();
	ck_assert_int_eq(rmdir(path), 0);
	free(path);
	is_kept(-1);
	return it.why.kind;
}

START_TEST(a_part_that_cannot_be_kept_is_told_in_the_disks_own_words)
{
	make("");
	fault(FAULT_CUT, 110, 1);
	fault(FAULT_NO_SPACE, 0, 1);
	ck_assert_int_eq(ends_in_the_way(), FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(it.why.text, strerror(EISDIR)));
	rows_expect(it.b->result, TASK_RETRIEVE, 2, TASK_FAILURE,
	    SEVERITY_MAJOR, it.why.text);
	ck_assert(bench_round(it.b)->no_room);
	bench_free(it.b);
}
END_TEST

START_TEST(it_is_still_on_the_device_whatever_ended_it)
{
	make("campaign = { rest_attempts = 1; };");
	fault(FAULT_CUT, 110, 1);
	ck_assert_int_eq(ends_in_the_way(), FAIL_TRANSIENT);
	ROWS_ARE(it.b->result, "retrieve 1 Failure MAJOR 0: connection cut");
	ck_assert(bench_round(it.b)->no_room);
	bench_free(it.b);
}
END_TEST

START_TEST(a_file_that_cannot_be_brought_to_the_disk_is_not_here)
{
	make("");
	bench_end_journal(it.b);
	start();
	fake_sync_fails(EIO);
	bench_ends(it.b);
	fake_sync_fails(0);
	ck_assert_int_eq(it.why.kind, FAIL_LOCAL);
	rows_expect(it.b->result, TASK_RETRIEVE, 1, TASK_FAILURE,
	    SEVERITY_MAJOR, strerror(EIO));
	ck_assert(bench_round(it.b)->no_room);
	ck_assert(!bench_round(it.b)->home);
	is_kept(-1);
	bench_free(it.b);
}
END_TEST

/* --- stopping it --- */

START_TEST(with_no_time_left_what_has_come_is_kept)
{
	make("");
	fetch_abandon(&it.fetch, "there is none");
	ROWS_ARE(it.b->result, NULL);
	start();
	bench_goes_on(it.b, 32);
	fetch_abandon(&it.fetch, "no time is left");
	bench_goes_on(it.b, 60000);
	ROWS_ARE(it.b->result,
	    "retrieve 1 Failure MAJOR 0: no time is left [the device "
	    "announced 252 bytes]");
	is_kept(100);
	bench_free(it.b);
}
END_TEST

START_TEST(what_only_waits_for_the_disk_is_here)
{
	make("");
	fake_disk_sync_beside();
	start();
	bench_goes_on(it.b, 60000);
	ROWS_ARE(it.b->result, NULL);
	fetch_abandon(&it.fetch, "no time is left");
	ROWS_ARE(it.b->result, "retrieve 1 Success NORMAL 0: " THREE);
	ck_assert(bench_round(it.b)->home);
	is_kept(WHOLE);
	bench_free(it.b);
}
END_TEST

START_TEST(in_a_pause_as_well)
{
	make("");
	fault(FAULT_CUT, 150, 1);
	start();
	bench_goes_on(it.b, 500);
	fetch_abandon(&it.fetch, "no time is left");
	bench_goes_on(it.b, 60000);
	ck_assert_int_eq(sessions(), 1);
	ck_assert_int_eq(it.b->result->n_rows, 2);
	is_kept(150);
	bench_free(it.b);
}
END_TEST

START_TEST(where_nothing_has_come_there_is_a_row)
{
	make("");
	start();
	fetch_abandon(&it.fetch, "no time is left");
	bench_goes_on(it.b, 60000);
	ck_assert_int_eq(sessions(), 0);
	ROWS_ARE(it.b->result, "retrieve 1 Failure MAJOR 0: no time is left");
	is_kept(-1);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin(void)
{
	make("");
	fault(FAULT_CUT, 100, 1);
	start();
	return it.b;
}

static void
cancel(void)
{
	fetch_cancel(&it.fetch);
	if (!bench_round(it.b)->home)
		is_kept(-1);
}

START_TEST(it_can_be_cancelled_at_any_moment_and_nothing_is_kept)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin, cancel), 14);
}
END_TEST

UNIT_TABLE("fetch", each_course_has_its_end_rows_and_file, COURSES,
    a_row_tells_of_its_file, a_row_of_nothing_has_none, its_tries_are_its_own,
    behind_a_break_one_read_is_in_flight, a_login_ends_being_unreachable,
    each_session_waits_for_a_place, each_session_is_a_login, a_pause_can_be_cut,
    without_room_no_session_is_begun,
    without_room_for_the_rest_the_part_is_kept,
    a_part_that_cannot_be_kept_is_told_in_the_disks_own_words,
    it_is_still_on_the_device_whatever_ended_it,
    a_file_that_cannot_be_brought_to_the_disk_is_not_here,
    with_no_time_left_what_has_come_is_kept,
    what_only_waits_for_the_disk_is_here, in_a_pause_as_well,
    where_nothing_has_come_there_is_a_row,
    it_can_be_cancelled_at_any_moment_and_nothing_is_kept)
