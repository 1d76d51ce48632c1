/* check_campaign_trouble.c - what follows on each kind of trouble. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "rig/rig.h"

#define HOURS INT64_C(3600000)
#define ANY   -1 /* number: the pauses are a little random */

/* --- one trouble, what is told of it, how the campaign ends --- */

struct expected_row {
	enum task task;
	int n; /* of this task, from 1; -1: the last; 0: no row */
	enum task_status status;
	enum severity severity;
	const char *has;
};

struct trouble {
	const char *about;
	const char *settings; /* NULL: none */
	/* What is scripted. */
	bool foreign; /* a capture runs that is not ours */
	bool dots;    /* for line ends, and no `status` */
	size_t more;  /* bytes announced beyond the file's end */
	int packets;  /* are in the file before the campaign */
	struct fake_fault faults[5];
	/* It captures, an alarm comes, the agent is told to stop; false: it
	 * ends before. */
	bool lost;
	/* What follows. */
	struct expected_row rows[3];
	int hits[FAKE_STEPS]; /* of show, start, stop, SFTP; or ANY */
	const char *outcome;
	enum severity severity; /* of the device */
	int exit_status;
	int64_t within; /* ms from the start or the alarm on; 0: a minute */
	void (*also)(struct rig *r);
};
#define ENDS(end, worst, status) \
	.outcome = end, .severity = SEVERITY_##worst, .exit_status = status

/* Pauses between the requests of a kind: each in [at_least, at_least * 5/4 +
 * slack]. */
static void
pauses_are(const struct fake_device *d, enum fake_step step, int n,
    const int64_t *at_least, int64_t slack)
{
	for (int i = 1; i < n; i++) {
		int64_t gap = d->at[step][i] - d->at[step][i - 1];

		ck_assert_int_ge(gap, at_least[i - 1]);
		ck_assert_int_le(gap, at_least[i - 1] * 5 / 4 + slack);
	}
}

static void
pauses_double(struct rig *r)
{
	static const int64_t pauses[] = {
	    1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000};

	pauses_are(&r->devices[0], STEP_SHOW, 10, pauses, 100);
	ck_assert_int_eq(rig_row(r, 0, TASK_SHOW, 1)->attempt, 10);
	ck_assert_int_eq(rig_count(r, 0, TASK_SHOW), 1);
}

static void
row_has_code_503(struct rig *r)
{
	const struct row *row = rig_row(r, 0, TASK_SHOW, 1);

	ck_assert_int_eq(row->code, 503);
	ck_assert_ptr_nonnull(strstr(row->description, "HTTP 503"));
}

static void
shown_three_times(struct rig *r)
{
	ck_assert_int_eq(rig_row(r, 0, TASK_VERIFY_STARTED, 1)->attempt, 3);
	ck_assert_int_eq(rig_count(r, 0, TASK_VERIFY_STARTED), 1);
}

static void
second_read_goes_on(struct rig *r)
{
	ck_assert_uint_eq(r->devices[0].offset, 100);
	ck_assert(r->devices[0].narrow);
}

/* The file of the last try is kept, whole or not. */
static void
kept(struct rig *r, long bytes)
{
	const struct row *row = rig_row(r, 0, TASK_RETRIEVE, -1);

	ck_assert_ptr_nonnull(row->file);
	ck_assert_int_eq((long)row->bytes, bytes);
	ck_assert_int_eq(rig_file_size(r, row->file), bytes);
}

static void
part_is_kept(struct rig *r)
{
	kept(r, 100);
}

static void
cut_record_is_kept(struct rig *r)
{
	ck_assert_uint_eq(r->devices[0].offset, 0);
	kept(r, 130);
}

static void
run_has_trouble(struct rig *r)
{
	ck_assert_ptr_nonnull(r->result->trouble);
}

static void
capture_is_still_on(struct rig *r)
{
	ck_assert(r->devices[0].on);
}

/* Ten tries are what rest_attempts has if nothing is said. */
#define TRIED_OFTEN(about, fault, n)                                      \
	{                                                                 \
		about " is tried rest_attempts times",                    \
		    .faults = {{STEP_SHOW, fault, n, -1}},                \
		    .rows = {{TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR, \
			""}},                                             \
		    .hits = {10, 0, 0, 0}, ENDS("failed", MAJOR, 4),      \
		    .within = HOURS, .also = pauses_double                \
	}
#define FINAL(status, has)                                                \
	{                                                                 \
		"HTTP " #status " is final",                              \
		    .faults = {{STEP_SHOW, FAULT_STATUS, status, -1}},    \
		    .rows = {{TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR, \
			has}},                                            \
		    .hits = {1, 0, 0, 0}, ENDS("failed", MAJOR, 4)        \
	}

static const struct trouble troubles[] = {
    /* no session */
    {"a device that is never reached again may be capturing",
	.faults = {{STEP_STOP, FAULT_UNREACHABLE, 0, -1},
	    {STEP_SFTP, FAULT_UNREACHABLE, 0, -1}},
	.lost = true,
	.rows = {{TASK_VERIFY_STOPPED, -1, TASK_FAILURE, SEVERITY_CRITICAL,
	    "capture may be on"}},
	.hits = {2, 1, ANY, 1}, ENDS("failed", CRITICAL, 4),
	.within = 2 * HOURS + 120000},
    {"an SSH port that is not reached costs no attempt",
	.settings = "campaign = { rest_attempts = 2; };",
	.faults = {{STEP_SFTP, FAULT_UNREACHABLE, 0, 20}}, .lost = true,
	.hits = {3, 1, 1, 21}, ENDS("success", MINOR, 0), .within = HOURS},
    /* an answer that may be better next time */
    TRIED_OFTEN("HTTP 409: Invalid command auth-key ", FAULT_STATUS, 409),
    TRIED_OFTEN("HTTP 429", FAULT_STATUS, 429),
    TRIED_OFTEN("HTTP 503", FAULT_STATUS, 503),
    TRIED_OFTEN("an answer that is not JSON", FAULT_GARBLED, 0),
    TRIED_OFTEN("a connection that is cut", FAULT_CUT, 0),
    TRIED_OFTEN("a show that fails", FAULT_SAYS_FAILURE, 0),
    TRIED_OFTEN("a show that says nothing", FAULT_BLANK, 0),
    {"a row tells the HTTP status",
	.faults = {{STEP_SHOW, FAULT_STATUS, 503, 1}}, .lost = true,
	.rows = {{TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MINOR, "HTTP 503"}},
	.hits = {4, 1, 1, 1}, ENDS("success", MINOR, 0),
	.also = row_has_code_503},
    {"attempts are counted anew in each step",
	.settings = "campaign = { rest_attempts = 4; };",
	.faults = {{STEP_SHOW, FAULT_STATUS, 409, 3},
	    {STEP_START, FAULT_STATUS, 409, 3},
	    {STEP_STOP, FAULT_STATUS, 409, 3}, {STEP_SFTP, FAULT_CUT, 10, 3}},
	.lost = true, .hits = {6, 4, 4, 4}, ENDS("success", MINOR, 0),
	.within = HOURS},
    /* refused */
    FINAL(401, "check username and password_file: Invalid command auth-key "
	       "***********"),
    FINAL(403, "refused"),
    FINAL(405, "refused"),
    FINAL(400, "does not accept the script: Invalid command auth-key "
	       "***********"),
    FINAL(302, "HTTP 302"),
    FINAL(404, "HTTP 404: Invalid command auth-key ***********"),
    {"a show that fails is no doubt about the start behind it",
	.faults = {{STEP_SHOW, FAULT_SAYS_FAILURE, 0, 1},
	    {STEP_START, FAULT_STATUS, 401, -1}},
	.rows = {{TASK_START, 1, TASK_FAILURE, SEVERITY_MAJOR, "HTTP 401"}},
	.hits = {2, 1, 0, 0}, ENDS("failed", MAJOR, 4)},
    {"a refused login at stop is critical and ends SFTP, too",
	.faults = {{STEP_STOP, FAULT_STATUS, 401, -1}}, .lost = true,
	.rows = {{TASK_STOP, 1, TASK_FAILURE, SEVERITY_CRITICAL, "HTTP 401"},
	    {TASK_VERIFY_STOPPED, -1, TASK_FAILURE, SEVERITY_CRITICAL,
		"capture may be on"}},
	.hits = {2, 1, 1, 0}, ENDS("failed", CRITICAL, 4)},
    {"a rejected SSH login is final for REST, too",
	.settings = "campaign = { events_per_device = 2; };",
	.faults = {{STEP_SFTP, FAULT_AUTH, 0, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "login refused"}},
	.hits = {3, 1, 1, 1}, ENDS("failed", MAJOR, 4)},
    {"another host key is final, with a message of its own",
	.faults = {{STEP_SFTP, FAULT_IDENTITY, 0, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "host key"}},
	.hits = {3, 1, 1, 1}, ENDS("failed", MAJOR, 4)},
    {"another certificate is final, with a message of its own",
	.faults = {{STEP_SHOW, FAULT_IDENTITY, 0, -1}},
	.rows = {{TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR, "certificate"}},
	.hits = {1, 0, 0, 0}, ENDS("failed", MAJOR, 4)},
    /* unclear: show decides */
    {"a start that was done and is cut is not sent again",
	.faults = {{STEP_START, FAULT_CUT_DONE, 0, 1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was done and is answered with HTTP 500 is not sent again",
	.faults = {{STEP_START, FAULT_STATUS_DONE, 500, 1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was done and is answered with no JSON is not sent again",
	.faults = {{STEP_START, FAULT_GARBLED, 0, 1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was done and says failure is not sent again",
	.faults = {{STEP_START, FAULT_SAYS_FAILURE_DONE, 0, 1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was not done and is cut is sent again",
	.faults = {{STEP_START, FAULT_CUT, 0, 1}}, .lost = true,
	.hits = {4, 2, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was not done and is answered with HTTP 500 is sent again",
	.faults = {{STEP_START, FAULT_STATUS, 500, 1}}, .lost = true,
	.hits = {4, 2, 1, 1}, ENDS("success", MINOR, 0)},
    {"a start that was not done and says failure is sent again",
	.faults = {{STEP_START, FAULT_SAYS_FAILURE, 0, 1}}, .lost = true,
	.hits = {4, 2, 1, 1}, ENDS("success", MINOR, 0)},
    {"a stop of unclear outcome is settled by show",
	.faults = {{STEP_STOP, FAULT_CUT_DONE, 0, 1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a stop that says failure is settled by show",
	.faults = {{STEP_STOP, FAULT_SAYS_FAILURE_DONE, 0, -1}}, .lost = true,
	.hits = {3, 1, 1, 1}, ENDS("success", MINOR, 0)},
    {"a stop without effect is sent again",
	.faults = {{STEP_STOP, FAULT_NOT_DONE, 0, 2}}, .lost = true,
	.hits = {5, 1, 3, 1}, ENDS("success", MINOR, 0)},
    {"a start without effect is shown until given up, and stopped",
	.settings = "campaign = { rest_attempts = 3; };",
	.faults = {{STEP_START, FAULT_NOT_DONE, 0, -1}},
	.rows = {{TASK_VERIFY_STARTED, 1, TASK_FAILURE, SEVERITY_MAJOR, ""}},
	.hits = {5, 1, 1, 0}, ENDS("failed", MAJOR, 4),
	.also = shown_three_times},
    {"a failed stop does not lose the capture", .packets = 2,
	.faults = {{STEP_STOP, FAULT_STATUS, 400, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "2 packets"},
	    {TASK_VERIFY_STOPPED, -1, TASK_FAILURE, SEVERITY_CRITICAL,
		"capture may be on"}},
	.hits = {2, 1, 1, 1}, ENDS("partial", CRITICAL, 1)},
    {"dots for line ends and no status are understood", .dots = true,
	.lost = true, .hits = {3, 1, 1, 1}, ENDS("success", NORMAL, 0)},
    /* SFTP after the login */
    {"a broken transfer goes on where it broke, with one read",
	.faults = {{STEP_SFTP, FAULT_CUT, 100, 1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MINOR, "cut"},
	    {TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_NORMAL, "3 packets"}},
	.hits = {3, 1, 1, 2}, ENDS("success", MINOR, 0),
	.also = second_read_goes_on},
    {"a stalled transfer is tried rest_attempts times, the part kept",
	.settings = "campaign = { rest_attempts = 3; };",
	.faults = {{STEP_SFTP, FAULT_HANG, 100, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "stalled"}},
	.hits = {3, 1, 1, 3}, ENDS("failed", MAJOR, 4), .within = HOURS,
	.also = part_is_kept},
    {"no such file is final, and the agent is told",
	.faults = {{STEP_SFTP, FAULT_MISSING, 0, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "no such file"}},
	.hits = {3, 1, 1, 1}, ENDS("failed", MAJOR, 4)},
    {"a record that is cut twice is kept and minor",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_MINOR,
	    "cut on the device"}},
	.hits = {3, 1, 1, 2}, ENDS("success", MINOR, 0),
	.also = cut_record_is_kept},
    {"a record that is cut once is fetched whole",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, 1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 2, TASK_SUCCESS, SEVERITY_NORMAL,
	    "3 packets"}},
	.hits = {3, 1, 1, 2}, ENDS("success", MINOR, 0)},
    {"a cut record is kept though there is no second try",
	.settings = "campaign = { rest_attempts = 1; };",
	.faults = {{STEP_SFTP, FAULT_ENDS_EARLY, 130, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "is cut"}},
	.hits = {3, 1, 1, 1}, ENDS("failed", MAJOR, 4),
	.also = cut_record_is_kept},
    {"a smaller file than announced is a note", .more = 4096, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "announced"}},
	.hits = {3, 1, 1, 1}, ENDS("success", NORMAL, 0)},
    {"trouble on this host is exit status 7",
	.faults = {{STEP_SFTP, FAULT_NO_SPACE, 0, -1}}, .lost = true,
	.rows = {{TASK_RETRIEVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "no space"}},
	.hits = {3, 1, 1, 1}, ENDS("failed", MAJOR, 7),
	.also = run_has_trouble},
    /* another capture */
    {"a capture that is not ours is not touched", .foreign = true,
	.rows = {{TASK_SHOW, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "another capture is running"}},
	.hits = {1, 0, 0, 0}, ENDS("failed", MAJOR, 4),
	.also = capture_is_still_on},
    {"take_over takes a capture that runs",
	.settings = "campaign = { take_over = true; };", .foreign = true,
	.lost = true, .hits = {3, 1, 1, 1}, ENDS("success", NORMAL, 0)},
};

static struct rig *
scripted(const struct trouble *t)
{
	struct rig *r = rig_new(1, t->settings != NULL ? t->settings : "");
	struct fake_device *d = &r->devices[0];

	d->on = t->foreign;
	d->dots = t->dots;
	d->more = t->more;
	if (t->packets > 0)
		fake_fill(d, t->packets, RIG_WALL);
	for (const struct fake_fault *f = t->faults; f->times != 0; f++)
		fake_fault(d, f->step, f->kind, f->n, f->times);
	return r;
}

static void
play(const struct trouble *t, struct rig *r)
{
	rig_start(r);
	if (t->lost) {
		rig_until(r, 0, "capturing");
		rig_lost(r, 0);
	}
	rig_finish(r, t->within > 0 ? t->within : 60000);
}

START_TEST(each_trouble_has_its_rows_outcome_and_exit_status)
{
	const struct trouble *t = &troubles[_i];
	struct rig *r = scripted(t);

	printf("%s\n", t->about);
	play(t, r);
	for (const struct expected_row *e = t->rows; e->n != 0; e++)
		rig_expect(r, 0, e->task, e->n, e->status, e->severity, e->has);
	for (int i = 0; i < FAKE_STEPS; i++)
		if (t->hits[i] != ANY)
			ck_assert_int_eq(r->devices[0].hits[i], t->hits[i]);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], t->lost);
	ck_assert_str_eq(rig_outcome(r, 0), t->outcome);
	ck_assert_int_eq(r->result->devices[0].severity, t->severity);
	ck_assert_int_eq(r->result->exit_status, t->exit_status);
	if (t->also != NULL)
		t->also(r);
	rig_free(r);
}
END_TEST

/* --- what takes more than a row --- */

START_TEST(unreachable_is_tried_every_pause_and_counts_no_attempt)
{
	struct rig *r = rig_new(1, "campaign = { rest_attempts = 2; };");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_SHOW, FAULT_UNREACHABLE, 0, 40);
	rig_start(r);
	rig_advance(r, 40 * 30000);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(d->hits[STEP_SHOW], 42);
	for (int i = 1; i < 41; i++)
		ck_assert_int_eq(
		    (d->at[STEP_SHOW][i] - d->at[STEP_SHOW][i - 1]) / 100, 300);
	ck_assert_int_eq(rig_expect(r, 0, TASK_SHOW, 1, TASK_FAILURE,
			     SEVERITY_MINOR, "connection refused")
			     ->attempt,
	    40);
	ck_assert_int_eq(rig_row(r, 0, TASK_SHOW, 2)->attempt, 41);
	rig_free(r);
}
END_TEST

START_TEST(unreachable_is_given_up_after_its_limit)
{
	struct rig *r = rig_new(2, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_advance(r, 2 * HOURS - 1);
	ck_assert_str_ne(rig_state(r, 0), "failed");
	rig_advance(r, 60000);
	ck_assert_str_eq(rig_state(r, 0), "failed");
	rig_expect(r, 0, TASK_SHOW, -1, TASK_FAILURE, SEVERITY_MAJOR, "refuse");
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 0);
	ck_assert_str_eq(rig_state(r, 1), "capturing");
	rig_lost(r, 1);
	rig_finish(r, 60000);
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(unreachable_while_stopping_keeps_the_agent_capturing)
{
	struct rig *r = rig_waiting(1, "");
	struct fake_device *d = &r->devices[0];

	fake_fault(d, STEP_STOP, FAULT_UNREACHABLE, 0, 100);
	rig_lost(r, 0);
	rig_advance(r, 3000000);
	ck_assert_str_eq(rig_state(r, 0), "stopping");
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 0);
	rig_finish(r, 600000);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(a_refused_login_at_recheck_is_critical)
{
	struct rig *r = rig_waiting(1, "");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 401, -1);
	rig_finish(r, HOURS);
	rig_expect(
	    r, 0, TASK_SHOW, -1, TASK_FAILURE, SEVERITY_CRITICAL, "HTTP 401");
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 0);
	ck_assert_int_eq(r->net->agents[0].done[REQUEST_STOP], 1);
	rig_free(r);
}
END_TEST

START_TEST(something_else_than_a_capture_is_kept_and_fails)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	memset(r->devices[0].file, 'x', 64);
	rig_finish(r, 60000);
	rig_expect(r, 0, TASK_RETRIEVE, 2, TASK_FAILURE, SEVERITY_MAJOR,
	    "not a capture");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

START_TEST(a_name_that_is_not_there_is_final)
{
	struct rig *r =
	    rig_new(0, "devices = ( { address = \"r1.example\"; interfaces = "
		       "[ \"eth-wan\" ]; } );");

	rig_start(r);
	rig_finish(r, 60000);
	rig_expect(
	    r, 0, TASK_RESOLVE, 1, TASK_FAILURE, SEVERITY_MAJOR, "no such");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	rig_free(r);
}
END_TEST

UNIT_TABLE("campaign_trouble",
    each_trouble_has_its_rows_outcome_and_exit_status,
    sizeof(troubles) / sizeof(troubles[0]),
    unreachable_is_tried_every_pause_and_counts_no_attempt,
    unreachable_is_given_up_after_its_limit,
    unreachable_while_stopping_keeps_the_agent_capturing,
    a_refused_login_at_recheck_is_critical,
    something_else_than_a_capture_is_kept_and_fails,
    a_name_that_is_not_there_is_final)
