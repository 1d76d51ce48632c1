/* check_switching.c - a capture is switched on, looked after, switched off. */
#include "device/switching.h"

#include <stdio.h>
#include <string.h>

#include "rig/bench.h"

/* What a refusing device says, and what is kept of it. */
#define QUOTED ": Invalid command auth-key ***********"

#define ACTIVE     "the capture is active"
#define NOT_ACTIVE "the capture is not active"
#define NEITHER    "the output of show says neither active nor not active"
#define TOOK_START "the device took the start script"
#define TOOK_STOP  "the device took the stop script"

/* Rows, with the number of the attempt. */
#define OK(task, n, text)    task " " #n " Success NORMAL 200: " text
#define MINOR(task, n, text) task " " #n " Failure MINOR 0: " text
#define MAJOR(task, n, text) task " " #n " Failure MAJOR 0: " text

#define LOOKED    OK("show", 1, NOT_ACTIVE)
#define STARTED   OK("start", 1, TOOK_START)
#define CONFIRMED OK("verify-started", 1, ACTIVE)
#define ON_ROWS   LOOKED, STARTED, CONFIRMED
#define STOPPED   OK("stop", 1, TOOK_STOP)
#define IS_OFF    OK("verify-stopped", 1, NOT_ACTIVE)

static struct {
	struct bench *b;
	struct switching s;
	enum switched how;
	struct fail why;
	/* A fault that is there once this was sent. */
	enum fake_step behind;
	struct fake_fault fault;
} it;

static void
on_switched(void *arg, enum switched how, const struct fail *why)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert(how != SWITCHED_FAILED || why != NULL);
	it.how = how;
	fail_clear(&it.why);
	if (why != NULL)
		it.why = *why;
	bench_report(it.b);
}

static void
add_fault(const struct fake_fault *f)
{
	if (f->times != 0)
		fake_fault(it.b->device, f->step, f->kind, f->n, f->times);
}

static void
on_sent(void *arg, enum fake_step step)
{
	(void)arg;
	if (step != it.behind)
		return;
	add_fault(&it.fault);
	it.fault.times = 0;
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	it.b->device->sent = on_sent;
	switching_init(&it.s, &it.b->reach, on_switched, &it);
}

static void
fault(enum fake_step step, enum fault kind, int n, int times)
{
	fake_fault(it.b->device, step, kind, n, times);
}

static enum switched
on(void)
{
	switching_on(&it.s, &it.b->ledger, false);
	bench_ends(it.b);
	return it.how;
}

static enum switched
check(void)
{
	switching_check(&it.s, &it.b->ledger);
	bench_ends(it.b);
	return it.how;
}

static enum switched
off(void)
{
	switching_off(&it.s, &it.b->ledger);
	bench_ends(it.b);
	return it.how;
}

/* Requests of the device: show, start, stop. */
static void
hits_are(int show, int start, int stop)
{
	const int *hits = it.b->device->hits;

	ck_assert_int_eq(hits[STEP_SHOW], show);
	ck_assert_int_eq(hits[STEP_START], start);
	ck_assert_int_eq(hits[STEP_STOP], stop);
}

/* A capture is on, and what was sent for it is forgotten. */
static void
make_on(const char *settings)
{
	make(settings);
	ck_assert_int_eq(on(), SWITCHED_ON);
	memset(it.b->device->hits, 0, sizeof(it.b->device->hits));
}

/* --- on and off --- */

enum what { ON, TAKE_OVER, OFF, OFF_LEFT, OFF_LEFT_ASKED };

static const struct course {
	const char *about;
	const char *settings; /* NULL: none */
	enum what what;
	bool runs; /* a capture, that nobody here started */
	struct fake_fault faults[3];
	struct fake_fault behind; /* there once the first start was sent */
	/* What follows. */
	enum switched how;
	enum fail_kind why;
	int hits[3];
	const char *facts; /* behind "start on" for OFF */
	bool may_be_on, has_file;
	const char *rows[8]; /* behind ON_ROWS for OFF */
} courses[] = {
    {"on is show, start and show", .what = ON, .how = SWITCHED_ON,
	.hits = {2, 1, 0}, .facts = "start on", .may_be_on = true,
	.has_file = true, .rows = {LOOKED, STARTED, CONFIRMED}},
    {"a capture that runs is not touched", .what = ON, .runs = true,
	.how = SWITCHED_FAILED, .why = FAIL_FINAL, .hits = {1, 0, 0},
	.facts = "",
	.rows = {MAJOR("show", 1, "another capture is running; ...")}},
    {"a capture that runs may be taken over", .what = TAKE_OVER, .runs = true,
	.how = SWITCHED_ON, .hits = {2, 1, 0}, .facts = "start on",
	.may_be_on = true, .has_file = true,
	.rows = {OK("show", 1, ACTIVE), STARTED, CONFIRMED}},
    {"a first show that says nothing is asked again",
	.settings = "campaign = { rest_attempts = 2; };", .what = ON,
	.faults = {{STEP_SHOW, FAULT_BLANK, 0, 1}}, .how = SWITCHED_ON,
	.hits = {3, 1, 0}, .facts = "start on", .may_be_on = true,
	.has_file = true,
	.rows = {MINOR("show", 1, NEITHER), OK("show", 2, NOT_ACTIVE), STARTED,
	    CONFIRMED}},
    {"a first show that never says anything is given up",
	.settings = "campaign = { rest_attempts = 2; };", .what = ON,
	.faults = {{STEP_SHOW, FAULT_BLANK, 0, -1}}, .how = SWITCHED_FAILED,
	.why = FAIL_TRANSIENT, .hits = {2, 0, 0}, .facts = "",
	.rows = {MAJOR("show", 2, NEITHER)}},
    {"a start that is refused ends it", .what = ON,
	.faults = {{STEP_START, FAULT_STATUS, 403, 1}}, .how = SWITCHED_FAILED,
	.why = FAIL_AUTH, .hits = {1, 1, 0}, .facts = "start nothing",
	.rows = {LOOKED, "start 1 Failure MAJOR 403: HTTP 403: ..."}},
    {"a start in doubt that was done is not sent again", .what = ON,
	.faults = {{STEP_START, FAULT_CUT_DONE, 0, 1}}, .how = SWITCHED_ON,
	.hits = {2, 1, 0}, .facts = "start on", .may_be_on = true,
	.has_file = true,
	.rows = {LOOKED, MINOR("start", 1, "connection cut"),
	    OK("verify-started", 2, ACTIVE)}},
    {"a start in doubt that was not done is sent again", .what = ON,
	.faults = {{STEP_START, FAULT_CUT, 0, 1}}, .how = SWITCHED_ON,
	.hits = {3, 2, 0}, .facts = "start start on", .may_be_on = true,
	.has_file = true,
	.rows = {LOOKED, MINOR("start", 1, "connection cut"),
	    MINOR("verify-started", 2, NOT_ACTIVE), OK("start", 2, TOOK_START),
	    CONFIRMED}},
    {"a start that is never done has an end",
	.settings = "campaign = { rest_attempts = 2; };", .what = ON,
	.faults = {{STEP_START, FAULT_SAYS_FAILURE, 0, -1}},
	.how = SWITCHED_FAILED, .why = FAIL_SCRIPT, .hits = {2, 2, 0},
	.facts = "start start", .may_be_on = true,
	.rows = {LOOKED, "start 2 Failure MAJOR 200: the device says ...",
	    MINOR("verify-started", 2, NOT_ACTIVE)}},
    {"a doubt that a show does not settle is shown again", .what = ON,
	.faults = {{STEP_START, FAULT_CUT_DONE, 0, 1}},
	.behind = {STEP_SHOW, FAULT_BLANK, 0, 1}, .how = SWITCHED_ON,
	.hits = {3, 1, 0}, .facts = "start on", .may_be_on = true,
	.has_file = true,
	.rows = {LOOKED, MINOR("start", 1, "connection cut"),
	    MINOR("verify-started", 2, NEITHER),
	    OK("verify-started", 3, ACTIVE)}},
    {"a start that is taken and does nothing is shown and given up",
	.settings = "campaign = { rest_attempts = 3; };", .what = ON,
	.faults = {{STEP_START, FAULT_NOT_DONE, 0, -1}}, .how = SWITCHED_FAILED,
	.why = FAIL_TRANSIENT, .hits = {4, 1, 0}, .facts = "start",
	.may_be_on = true,
	.rows = {LOOKED, STARTED, MAJOR("verify-started", 3, NOT_ACTIVE)}},
    {"one that is taken at last and does nothing is not sent again",
	.settings = "campaign = { rest_attempts = 2; };", .what = ON,
	.faults = {{STEP_START, FAULT_CUT, 0, 1},
	    {STEP_START, FAULT_NOT_DONE, 0, -1}},
	.how = SWITCHED_FAILED, .why = FAIL_TRANSIENT, .hits = {4, 2, 0},
	.facts = "start start", .may_be_on = true,
	.rows = {LOOKED, MINOR("start", 1, "connection cut"),
	    MAJOR("verify-started", 4, NOT_ACTIVE),
	    OK("start", 2, TOOK_START)}},
    {"a show that fails is no doubt about a start that was taken", .what = ON,
	.faults = {{STEP_START, FAULT_NOT_DONE, 0, -1}},
	.settings = "campaign = { rest_attempts = 2; };",
	.behind = {STEP_SHOW, FAULT_SAYS_FAILURE, 0, 1}, .how = SWITCHED_FAILED,
	.why = FAIL_TRANSIENT, .hits = {3, 1, 0}, .facts = "start",
	.may_be_on = true,
	.rows = {LOOKED, STARTED,
	    "verify-started 1 Failure MINOR 200: the device says ...",
	    MAJOR("verify-started", 2, NOT_ACTIVE)}},
    {"each step has tries of its own",
	.settings = "campaign = { rest_attempts = 2; };", .what = ON,
	.faults = {{STEP_SHOW, FAULT_STATUS, 503, 1},
	    {STEP_START, FAULT_STATUS, 409, 1}},
	.behind = {STEP_SHOW, FAULT_CUT, 0, 1}, .how = SWITCHED_ON,
	.hits = {4, 2, 0}, .facts = "start nothing start on", .may_be_on = true,
	.has_file = true,
	.rows = {"show 1 Failure MINOR 503: HTTP 503" QUOTED,
	    OK("show", 2, NOT_ACTIVE),
	    "start 1 Failure MINOR 409: HTTP 409" QUOTED,
	    OK("start", 2, TOOK_START),
	    MINOR("verify-started", 1, "connection cut"),
	    OK("verify-started", 2, ACTIVE)}},
    /* off */
    {"off is stop and show", .what = OFF, .how = SWITCHED_OFF,
	.hits = {1, 0, 1}, .facts = " off", .has_file = true,
	.rows = {STOPPED, IS_OFF}},
    {"a stop in doubt that was done is not sent again", .what = OFF,
	.faults = {{STEP_STOP, FAULT_CUT_DONE, 0, 1}}, .how = SWITCHED_OFF,
	.hits = {1, 0, 1}, .facts = " off", .has_file = true,
	.rows = {MINOR("stop", 1, "connection cut"),
	    OK("verify-stopped", 2, NOT_ACTIVE)}},
    {"a stop in doubt that was not done is sent again", .what = OFF,
	.faults = {{STEP_STOP, FAULT_CUT, 0, 1}}, .how = SWITCHED_OFF,
	.hits = {2, 0, 2}, .facts = " off", .has_file = true,
	.rows = {MINOR("stop", 1, "connection cut"),
	    MINOR("verify-stopped", 2, ACTIVE), OK("stop", 2, TOOK_STOP),
	    IS_OFF}},
    {"a stop that is never done has an end",
	.settings = "campaign = { rest_attempts = 2; };", .what = OFF,
	.faults = {{STEP_STOP, FAULT_CUT, 0, -1}}, .how = SWITCHED_FAILED,
	.why = FAIL_UNCLEAR, .hits = {1, 0, 2}, .facts = "", .may_be_on = true,
	.has_file = true,
	.rows = {MAJOR("stop", 2, "connection cut"),
	    MINOR("verify-stopped", 2, ACTIVE)}},
    {"behind a show that says nothing it is stopped again", .what = OFF,
	.faults = {{STEP_SHOW, FAULT_BLANK, 0, 1}}, .how = SWITCHED_OFF,
	.hits = {2, 0, 2}, .facts = " off", .has_file = true,
	.rows = {STOPPED, MINOR("verify-stopped", 1, NEITHER),
	    OK("stop", 2, TOOK_STOP), OK("verify-stopped", 1, NOT_ACTIVE)}},
    {"a refused stop ends it", .what = OFF,
	.faults = {{STEP_STOP, FAULT_STATUS, 401, 1}}, .how = SWITCHED_FAILED,
	.why = FAIL_AUTH, .hits = {0, 0, 1}, .facts = "", .may_be_on = true,
	.has_file = true, .rows = {"stop 1 Failure CRITICAL 401: HTTP 401..."}},
    /* what an earlier run left */
    {"what is left and off is stopped for its user", .what = OFF_LEFT_ASKED,
	.how = SWITCHED_OFF, .hits = {2, 0, 1}, .facts = "off",
	.rows = {LOOKED, STOPPED, IS_OFF}},
    {"what is left on has a file", .what = OFF_LEFT, .runs = true,
	.how = SWITCHED_OFF, .hits = {2, 0, 1}, .facts = "on stop off",
	.has_file = true, .rows = {OK("show", 1, ACTIVE), STOPPED, IS_OFF}},
    {"its agent may have been asked", .what = OFF_LEFT_ASKED, .runs = true,
	.how = SWITCHED_OFF, .hits = {2, 0, 1}, .facts = "on stop asked off",
	.has_file = true, .rows = {OK("show", 1, ACTIVE), STOPPED, IS_OFF}},
    {"what may be left on may have a file", .what = OFF_LEFT,
	.faults = {{STEP_SHOW, FAULT_BLANK, 0, 1}}, .how = SWITCHED_OFF,
	.hits = {2, 0, 1}, .facts = "on stop off", .has_file = true,
	.rows = {OK("show", 1, NEITHER), STOPPED, IS_OFF}},
    {"what cannot be looked at is not stopped", .what = OFF_LEFT,
	.faults = {{STEP_SHOW, FAULT_STATUS, 404, 1}}, .how = SWITCHED_FAILED,
	.why = FAIL_FINAL, .hits = {1, 0, 0}, .facts = "",
	.rows = {"show 1 Failure MAJOR 404: HTTP 404" QUOTED}},
};
#define COURSES (sizeof(courses) / sizeof(courses[0]))

static void
begin(enum what what)
{
	struct ledger *l = &it.b->ledger;

	if (what == ON || what == TAKE_OVER)
		switching_on(&it.s, l, what == TAKE_OVER);
	else if (what == OFF)
		switching_off(&it.s, l);
	else
		switching_off_left(&it.s, l, what == OFF_LEFT_ASKED);
}

/* The rows of `c`, and those before it. */
static void
rows_are_of(const struct course *c)
{
	static const char *const before[] = {ON_ROWS};
	const char *lines[16] = {NULL};
	size_t n = 0;

	for (size_t i = 0; c->what == OFF && i < 3; i++)
		lines[n++] = before[i];
	for (size_t i = 0; c->rows[i] != NULL; i++)
		lines[n++] = c->rows[i];
	rows_are(it.b->result, lines);
}

START_TEST(each_course_has_its_end_rows_and_facts)
{
	const struct course *c = &courses[_i];
	const char *settings = c->settings != NULL ? c->settings : "";
	char facts[64];

	printf("%s\n", c->about);
	if (c->what == OFF)
		make_on(settings);
	else
		make(settings);
	it.b->device->on = it.b->device->on || c->runs;
	for (size_t i = 0; i < 3; i++)
		add_fault(&c->faults[i]);
	it.behind = STEP_START;
	it.fault = c->behind;
	begin(c->what);
	bench_ends(it.b);
	ck_assert_int_eq(it.how, c->how);
	ck_assert_int_eq(it.why.kind, c->why);
	hits_are(c->hits[STEP_SHOW], c->hits[STEP_START], c->hits[STEP_STOP]);
	rows_are_of(c);
	snprintf(facts, sizeof(facts), "%s%s", c->what == OFF ? "start on" : "",
	    c->facts);
	bench_facts_are(it.b, facts);
	ck_assert_int_eq(round_may_be_on(bench_round(it.b)), c->may_be_on);
	ck_assert_int_eq(round_has_file(bench_round(it.b)), c->has_file);
	ck_assert(c->how == SWITCHED_FAILED || !bench_round(it.b)->unclear);
	bench_free(it.b);
}
END_TEST

START_TEST(nothing_is_started_where_there_is_no_room_for_it)
{
	make("");
	it.b->conf->campaign.min_free = INT64_MAX;
	ck_assert_int_eq(on(), SWITCHED_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_LOCAL);
	hits_are(1, 0, 0);
	ck_assert_int_eq(it.b->result->n_rows, 2);
	rows_expect(it.b->result, TASK_START, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "campaign.min_free wants");
	bench_facts_are(it.b, "");
	bench_free(it.b);
}
END_TEST

/* It needs its time, or does not do as it says at all. */
START_TEST(a_device_may_take_two_minutes_to_stop_and_no_more)
{
	make_on("campaign = { rest_attempts = 2; };");
	fault(STEP_STOP, FAULT_NOT_DONE, 0, 60);
	ck_assert_int_eq(off(), SWITCHED_OFF);
	hits_are(61, 0, 61);
	bench_free(it.b);
	make_on("campaign = { rest_attempts = 2; };");
	fault(STEP_STOP, FAULT_NOT_DONE, 0, -1);
	for (int i = 1; i <= 2; i++) {
		int64_t began = loop_now(it.b->lp);

		ck_assert_int_eq(off(), SWITCHED_FAILED);
		ck_assert_ptr_nonnull(strstr(it.why.text, "two minutes"));
		ck_assert_int_ge(loop_now(it.b->lp) - began, 120000);
		ck_assert_int_le(loop_now(it.b->lp) - began, 123000);
	}
	bench_free(it.b);
}
END_TEST

/* --- check --- */

START_TEST(a_capture_that_is_on_is_as_it_was)
{
	make_on("");
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	ck_assert_int_eq(it.why.kind, FAIL_NONE);
	hits_are(1, 0, 0);
	ROWS_ARE(it.b->result, ON_ROWS);
	bench_free(it.b);
}
END_TEST

START_TEST(a_show_that_says_nothing_is_no_proof)
{
	make_on("");
	fault(STEP_SHOW, FAULT_BLANK, 0, 1);
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	ROWS_ARE(it.b->result, ON_ROWS);
	bench_free(it.b);
}
END_TEST

START_TEST(a_capture_that_is_off_went_off_by_itself)
{
	make_on("");
	it.b->device->on = false;
	ck_assert_int_eq(check(), SWITCHED_BY_ITSELF);
	ROWS_ARE(it.b->result, ON_ROWS,
	    "show 1 Failure MAJOR 0: capture vanished ...");
	ck_assert(bench_round(it.b)->vanished);
	/* Its SNMP user may be there. */
	ck_assert(round_may_be_on(bench_round(it.b)));
	bench_free(it.b);
}
END_TEST

/* Ten seconds behind the last show, and up for so long. */
static void
went_off(const char *told, const char *row, int64_t on, int64_t off_time)
{
	make_on("");
	it.b->device->status = told;
	it.b->device->on = false;
	loop_run_for(it.b->lp, 10000);
	ck_assert_int_eq(check(), SWITCHED_BY_ITSELF);
	ROWS_ARE(it.b->result, ON_ROWS, row);
	/* A show and an answer take their time. */
	ck_assert_int_le(llabs(it.b->result->coverage.on - on), 50);
	ck_assert_int_le(llabs(it.b->result->coverage.off - off_time), 50);
	ck_assert_int_eq(it.b->device->status_hits, 1);
	bench_free(it.b);
}

START_TEST(a_capture_that_is_off_went_off_when_the_device_says)
{
	went_off("{\"systemUpTime\":2}",
	    "show 1 Failure MAJOR 0: capture vanished: the device restarted 2s "
	    "ago; fetching what is there",
	    8000, 2000);
	went_off("{\"systemUpTime\":86400}",
	    "show 1 Failure MAJOR 0: capture vanished without a restart (the "
	    "device is up for 24h 0m): somebody stopped it, or it ended by "
	    "itself; fetching what is there",
	    5000, 5000);
	went_off("{\"systemUpTime\":10}",
	    "show 1 Failure MAJOR 0: capture vanished (the device restarted, "
	    "somebody stopped it, or it ended by itself); ...",
	    5000, 5000);
	went_off("{}",
	    "show 1 Failure MAJOR 0: capture vanished (the device restarted, "
	    "somebody stopped it, or it ended by itself); ...",
	    5000, 5000);
}
END_TEST

START_TEST(a_capture_that_is_off_has_vanished_before_the_device_says_when)
{
	make_on("");
	it.b->device->status = "{\"systemUpTime\":2}";
	switching_settle(&it.s); /* nothing is under way */
	loop_run_for(it.b->lp, 10000);
	switching_check(&it.s, &it.b->ledger);
	switching_settle(&it.s); /* it is not known yet */
	bench_ends(it.b);
	ck_assert_int_eq(it.how, SWITCHED_AS_WAS);
	it.b->device->on = false;
	loop_run_for(it.b->lp, 10000);
	switching_check(&it.s, &it.b->ledger);
	while (it.b->device->status_hits == 0)
		loop_run_for(it.b->lp, 1);
	ck_assert_int_eq(it.b->ended, 0);
	switching_settle(&it.s);
	ck_assert_int_eq(it.b->ended, 1);
	ck_assert_int_eq(it.how, SWITCHED_BY_ITSELF);
	ROWS_ARE(it.b->result, ON_ROWS,
	    "show 1 Failure MAJOR 0: capture vanished (the device restarted, "
	    "somebody stopped it, or it ended by itself); ...");
	ck_assert(bench_round(it.b)->vanished);
	ck_assert_int_le(llabs(it.b->result->coverage.off - 5000), 50);
	it.b->ended = 0;
	bench_goes_on(it.b, 100000);
	bench_free(it.b);
}
END_TEST

START_TEST(a_device_whose_answers_have_no_date_is_asked_for_its_clock_once)
{
	static const char told[] =
	    "{\"localTimeStamp\":\"2000-02-29T00:00:00Z\"}";

	make("");
	it.b->device->no_date = true;
	it.b->device->status = told;
	ck_assert_int_eq(on(), SWITCHED_ON);
	ck_assert_int_eq(it.b->device->status_hits, 1);
	ck_assert(it.b->result->clock_known);
	ck_assert_int_lt(it.b->result->clock, INT64_C(-365) * 86400000);
	ck_assert_int_eq(off(), SWITCHED_OFF);
	it.b->device->unfetched = false;
	ck_assert_int_eq(on(), SWITCHED_ON);
	ck_assert_int_eq(it.b->device->status_hits, 1);
	bench_free(it.b);
	/* Refused: the start goes on all the same. */
	make("");
	it.b->device->no_date = true;
	ck_assert_int_eq(on(), SWITCHED_ON);
	ck_assert_int_eq(it.b->device->status_hits, 1);
	ck_assert(!it.b->result->clock_known);
	ROWS_ARE(it.b->result, ON_ROWS);
	bench_free(it.b);
}
END_TEST

START_TEST(a_device_that_cannot_be_asked_has_one_row_until_it_answers)
{
	make_on("");
	fault(STEP_SHOW, FAULT_UNREACHABLE, 0, 1);
	fault(STEP_SHOW, FAULT_STATUS, 503, 1);
	fault(STEP_SHOW, FAULT_SAYS_FAILURE, 0, 1);
	fault(STEP_SHOW, FAULT_STATUS, 404, 1);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(check(), SWITCHED_AS_WAS);
		ck_assert_int_ne(it.why.kind, FAIL_NONE);
	}
	hits_are(4, 0, 0);
	ROWS_ARE(it.b->result, ON_ROWS,
	    "show 1 Failure MINOR 0: connection refused");
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	fault(STEP_SHOW, FAULT_UNREACHABLE, 0, 1);
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	ck_assert_int_eq(rows_count(it.b->result, TASK_SHOW), 3);
	bench_free(it.b);
}
END_TEST

START_TEST(each_capture_has_a_row_if_it_cannot_be_checked)
{
	make_on("");
	fault(STEP_SHOW, FAULT_UNREACHABLE, 0, 1);
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	ck_assert_int_eq(off(), SWITCHED_OFF);
	it.b->device->unfetched = false;
	ck_assert_int_eq(on(), SWITCHED_ON);
	fault(STEP_SHOW, FAULT_UNREACHABLE, 0, 1);
	ck_assert_int_eq(check(), SWITCHED_AS_WAS);
	rows_expect(it.b->result, TASK_SHOW, -1, TASK_FAILURE, SEVERITY_MINOR,
	    "connection refused");
	bench_free(it.b);
}
END_TEST

START_TEST(a_refused_check_ends_it)
{
	make_on("");
	fault(STEP_SHOW, FAULT_STATUS, 401, 1);
	ck_assert_int_eq(check(), SWITCHED_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_AUTH);
	ROWS_ARE(it.b->result, ON_ROWS,
	    "show 1 Failure CRITICAL 401: HTTP 401: ...");
	bench_free(it.b);
}
END_TEST

/* --- leaving --- */

/* It is switched on, and that goes on until this was sent. */
static void
until_sent(enum fake_step step)
{
	switching_on(&it.s, &it.b->ledger, false);
	while (it.b->device->hits[step] == 0)
		bench_goes_on(it.b, 1);
}

START_TEST(a_start_in_flight_is_waited_for)
{
	make("");
	until_sent(STEP_START);
	ck_assert(switching_leave(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.how, SWITCHED_LEFT);
	hits_are(1, 1, 0);
	ROWS_ARE(it.b->result, LOOKED, STARTED);
	ck_assert(round_may_be_on(bench_round(it.b)));
	/* That was once. */
	it.b->device->on = false;
	ck_assert_int_eq(on(), SWITCHED_ON);
	bench_free(it.b);
}
END_TEST

START_TEST(a_start_in_flight_that_fails_is_not_sent_again)
{
	make("");
	fault(STEP_START, FAULT_STATUS, 409, 1);
	until_sent(STEP_START);
	ck_assert(switching_leave(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.how, SWITCHED_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_TRANSIENT);
	hits_are(1, 1, 0);
	ROWS_ARE(
	    it.b->result, LOOKED, "start 1 Failure MINOR 409: HTTP 409" QUOTED);
	bench_facts_are(it.b, "start nothing");
	bench_free(it.b);
}
END_TEST

START_TEST(a_start_in_flight_that_is_refused_is_as_bad_as_ever)
{
	make("");
	fault(STEP_START, FAULT_STATUS, 401, 1);
	until_sent(STEP_START);
	ck_assert(switching_leave(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.how, SWITCHED_FAILED);
	ck_assert_int_eq(it.why.kind, FAIL_AUTH);
	rows_expect(it.b->result, TASK_START, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "HTTP 401");
	bench_free(it.b);
}
END_TEST

START_TEST(what_else_is_under_way_is_forgotten)
{
	make("");
	ck_assert(!switching_leave(&it.s)); /* nothing */
	until_sent(STEP_SHOW);
	ck_assert(!switching_leave(&it.s));
	bench_goes_on(it.b, 100000);
	hits_are(1, 0, 0);
	until_sent(STEP_START);
	bench_goes_on(it.b, 20); /* it is confirmed */
	ck_assert(!switching_leave(&it.s));
	bench_goes_on(it.b, 100000);
	hits_are(3, 1, 0);
	switching_off(&it.s, &it.b->ledger);
	bench_goes_on(it.b, 10);
	ck_assert(!switching_leave(&it.s));
	bench_goes_on(it.b, 100000);
	hits_are(3, 1, 1);
	bench_free(it.b);
}
END_TEST

static void
on_place(void *arg)
{
	(void)arg;
}

START_TEST(so_is_a_start_that_waits_for_its_turn)
{
	struct ticket other = {.gate = NULL};

	make("");
	until_sent(STEP_SHOW);
	gate_enter(it.b->tools.rest_gate, &other, false, on_place, NULL);
	bench_goes_on(it.b, 1000);
	hits_are(1, 0, 0);
	ck_assert(!switching_leave(&it.s));
	gate_leave(&other);
	bench_goes_on(it.b, 100000);
	hits_are(1, 0, 0);
	bench_facts_are(it.b, "");
	bench_free(it.b);
}
END_TEST

/* --- cancelling --- */

static struct bench *
begin_on(void)
{
	make("");
	fault(STEP_START, FAULT_CUT, 0, 1);
	switching_on(&it.s, &it.b->ledger, false);
	return it.b;
}

static struct bench *
begin_off(void)
{
	make("");
	it.b->device->on = true;
	fault(STEP_STOP, FAULT_NOT_DONE, 0, 1);
	switching_off_left(&it.s, &it.b->ledger, true);
	return it.b;
}

static struct bench *
begin_check(void)
{
	make("");
	switching_check(&it.s, &it.b->ledger);
	return it.b;
}

static struct bench *
begin_leave(void)
{
	make("");
	until_sent(STEP_START);
	ck_assert(switching_leave(&it.s));
	return it.b;
}

static void
cancel(void)
{
	switching_cancel(&it.s);
}

START_TEST(it_can_be_cancelled_at_any_moment)
{
	ck_assert_int_ge(bench_cancel_anywhere(begin_on, cancel), 15);
	ck_assert_int_ge(bench_cancel_anywhere(begin_off, cancel), 15);
	ck_assert_int_ge(bench_cancel_anywhere(begin_check, cancel), 2);
	ck_assert_int_ge(bench_cancel_anywhere(begin_leave, cancel), 2);
}
END_TEST

START_TEST(what_comes_behind_a_cancel_is_not_left)
{
	begin_leave();
	cancel();
	it.b->device->on = false;
	ck_assert_int_eq(on(), SWITCHED_ON);
	bench_free(it.b);
}
END_TEST

UNIT_TABLE("switching", each_course_has_its_end_rows_and_facts, COURSES,
    nothing_is_started_where_there_is_no_room_for_it,
    a_device_may_take_two_minutes_to_stop_and_no_more,
    a_capture_that_is_on_is_as_it_was, a_show_that_says_nothing_is_no_proof,
    a_capture_that_is_off_went_off_by_itself,
    a_capture_that_is_off_went_off_when_the_device_says,
    a_capture_that_is_off_has_vanished_before_the_device_says_when,
    a_device_whose_answers_have_no_date_is_asked_for_its_clock_once,
    a_device_that_cannot_be_asked_has_one_row_until_it_answers,
    each_capture_has_a_row_if_it_cannot_be_checked, a_refused_check_ends_it,
    a_start_in_flight_is_waited_for,
    a_start_in_flight_that_fails_is_not_sent_again,
    a_start_in_flight_that_is_refused_is_as_bad_as_ever,
    what_else_is_under_way_is_forgotten, so_is_a_start_that_waits_for_its_turn,
    it_can_be_cancelled_at_any_moment, what_comes_behind_a_cancel_is_not_left)
