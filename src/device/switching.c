/* switching.c - the CLI scripts that switch a capture on and off.
 */
#include "device/switching.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/xmem.h"

/* So long may a device that took the stop script go on capturing. */
#define STILL_ON_MS (2 * 60 * 1000)

/* --- the scripts --- */

enum phase {
	PHASE_LOOK,      /* on: is somebody else's there? */
	PHASE_START,     /* on */
	PHASE_CONFIRM,   /* on: is it? */
	PHASE_CHECK,     /* check */
	PHASE_LOOK_LEFT, /* off: is an earlier run's there? */
	PHASE_STOP,      /* off */
	PHASE_CONFIRM_OFF
};

static void looked(struct switching *s, const struct script_answer *a);
static void started(struct switching *s, const struct script_answer *a);
static void shown_started(struct switching *s, const struct script_answer *a);
static void checked(struct switching *s, const struct script_answer *a);
static void looked_left(struct switching *s, const struct script_answer *a);
static void stopped(struct switching *s, const struct script_answer *a);
static void shown_stopped(struct switching *s, const struct script_answer *a);

static const struct {
	struct cli_script script;
	void (*answered)(struct switching *s, const struct script_answer *a);
	enum phase in_doubt; /* what settles it */
} phases[] = {
    [PHASE_LOOK] = {{.task = TASK_SHOW, .text = device_script_show}, looked,
	PHASE_LOOK},
    [PHASE_START] = {{.task = TASK_START,
			 .text = device_script_start,
			 .changes = true,
			 .starts = true},
	started, PHASE_CONFIRM},
    [PHASE_CONFIRM] = {{.task = TASK_VERIFY_STARTED,
			   .text = device_script_show},
	shown_started, PHASE_CONFIRM},
    [PHASE_CHECK] = {{.task = TASK_SHOW,
			 .text = device_script_show,
			 .once = true},
	checked, PHASE_CHECK},
    [PHASE_LOOK_LEFT] = {{.task = TASK_SHOW, .text = device_script_show},
	looked_left, PHASE_LOOK_LEFT},
    [PHASE_STOP] = {{.task = TASK_STOP,
			.text = device_script_stop,
			.changes = true},
	stopped, PHASE_CONFIRM_OFF},
    [PHASE_CONFIRM_OFF] = {{.task = TASK_VERIFY_STOPPED,
			       .text = device_script_show},
	shown_stopped, PHASE_CONFIRM_OFF},
};

static void
run(struct switching *s, enum phase phase, int64_t pause)
{
	s->phase = (int)phase;
	cli_run(&s->cli, s->ledger, &phases[phase].script, pause);
}

/* A step has succeeded: the next one has tries of its own. */
static void
next(struct switching *s, enum phase phase)
{
	retry_reset(&s->cli.reach->retry);
	run(s, phase, 0);
}

static void
finish(struct switching *s, enum switched how, const struct fail *why)
{
	s->leaving = false;
	s->done(s->arg, how, why);
}

/* --- rows --- */

/* The answer to a show, in words; empty output has none of its own. */
static const char *
shown_text(const struct script_answer *a)
{
	switch (device_script_shown(a)) {
	case CAPTURE_ACTIVE:
		return "the capture is active";
	case CAPTURE_NOT_ACTIVE:
		return "the capture is not active";
	case CAPTURE_UNKNOWN:
		return "the output of show says neither active nor not active";
	}
	abort();
}

/* The device did as it was told, or is as it should be. */
static void
row_of_success(struct switching *s, const char *text)
{
	ledger_row(
	    s->ledger, &s->cli.begun, TASK_SUCCESS, SEVERITY_NORMAL, text)
	    ->code = 200;
}

static void
row_of_failure(struct switching *s, enum severity severity, enum fail_kind kind,
    const char *text)
{
	s->cli.begun.failed = kind;
	ledger_row(s->ledger, &s->cli.begun, TASK_FAILURE, severity, text);
}

/* The show is not what it should be: a row, and `phase` after a pause. */
static void
shown_wrong(
    struct switching *s, enum phase phase, const struct script_answer *a)
{
	struct fail f;
	bool again;

	fail_set(&f, FAIL_TRANSIENT, "%s", shown_text(a));
	s->phase = (int)phase;
	again = cli_run_again(&s->cli, &phases[phase].script, &f);
	row_of_failure(
	    s, again ? SEVERITY_MINOR : SEVERITY_MAJOR, f.kind, f.text);
	if (!again)
		finish(s, SWITCHED_FAILED, &f);
}

/* The show settles a doubt: what was asked for did not happen.  That attempt is
 * counted and was paused for already. */
static void
not_done(struct switching *s, enum phase phase, const struct script_answer *a)
{
	row_of_failure(s, SEVERITY_MINOR, FAIL_TRANSIENT, shown_text(a));
	run(s, phase, 0);
}

/* --- on --- */

static void
looked(struct switching *s, const struct script_answer *a)
{
	struct fail f;

	switch (device_script_shown(a)) {
	case CAPTURE_NOT_ACTIVE:
		break;
	case CAPTURE_UNKNOWN:
		shown_wrong(s, PHASE_LOOK, a);
		return;
	case CAPTURE_ACTIVE:
		if (s->take_over)
			break;
		fail_set(&f, FAIL_FINAL,
		    "another capture is running; stop it, or set "
		    "campaign.take_over");
		row_of_failure(s, SEVERITY_MAJOR, f.kind, f.text);
		finish(s, SWITCHED_FAILED, &f);
		return;
	}
	row_of_success(s, shown_text(a));
	if (!ledger_has_room(s->ledger, &f)) {
		ledger_note(s->ledger, TASK_START, TASK_FAILURE, SEVERITY_MAJOR,
		    f.text);
		finish(s, SWITCHED_FAILED, &f);
	} else if (ledger_result(s->ledger)->clock_known ||
		   !status_ask(&s->status)) {
		next(s, PHASE_START);
	}
}

static void
started(struct switching *s, const struct script_answer *a)
{
	(void)a;
	row_of_success(s, "the device took the start script");
	ledger_fact(s->ledger, FACT_SURE);
	if (s->leaving)
		finish(s, SWITCHED_LEFT, NULL);
	else
		next(s, PHASE_CONFIRM);
}

static void
shown_started(struct switching *s, const struct script_answer *a)
{
	bool unclear = ledger_round(s->ledger)->unclear;

	if (unclear && device_script_shown(a) == CAPTURE_NOT_ACTIVE) {
		not_done(s, PHASE_START, a);
		return;
	}
	if (device_script_shown(a) != CAPTURE_ACTIVE) {
		shown_wrong(s, PHASE_CONFIRM, a);
		return;
	}
	row_of_success(s, shown_text(a));
	ledger_fact(s->ledger, FACT_ON);
	finish(s, SWITCHED_ON, NULL);
}

/* --- check --- */

/* `up` of the device, -1: it does not tell. */
static char *
vanished_text(int64_t up, bool restarted)
{
	char span[CLOCK_TEXT_MAX];

	if (up < 0)
		return xstrdup("capture vanished (the device restarted, "
			       "somebody stopped it, or it ended by itself); "
			       "fetching what is there");
	return xasprintf(
	    restarted
		? "capture vanished: the device restarted %s ago; fetching "
		  "what is there"
		: "capture vanished without a restart (the device is up for "
		  "%s): somebody stopped it, or it ended by itself; fetching "
		  "what is there",
	    clock_span(up, span));
}

static void
vanished(struct switching *s, int64_t up)
{
	struct coverage *c = &ledger_result(s->ledger)->coverage;
	int64_t now = loop_now(s->cli.tools->lp);
	bool restarted = up >= 0 && now - up > c->seen;
	char *text;

	/* It tells whole seconds: that one might be either. */
	if (restarted && now - up - 1000 <= c->seen) {
		restarted = false;
		up = -1;
	}
	text = vanished_text(up, restarted);
	row_of_failure(s, SEVERITY_MAJOR, FAIL_FINAL, text);
	free(text);
	if (restarted)
		coverage_went_off(c, now, now - up);
	ledger_fact(s->ledger, FACT_VANISHED);
	finish(s, SWITCHED_BY_ITSELF, NULL);
}

static void
checked(struct switching *s, const struct script_answer *a)
{
	enum capture_shown shown = device_script_shown(a);

	s->check_failed = false;
	ledger_over(s->ledger, TASK_SHOW);
	if (shown != CAPTURE_NOT_ACTIVE) {
		ledger_fact(s->ledger,
		    shown == CAPTURE_ACTIVE ? FACT_STILL_ON : FACT_BLIND);
		finish(s, SWITCHED_AS_WAS, NULL);
		return;
	}
	if (!status_ask(&s->status))
		vanished(s, -1);
}

/* A device that cannot be asked just now is what this campaign waits for: it
 * is no reason to give the capture up.  One row says since when. */
static void
check_failed(struct switching *s, const struct fail *why)
{
	if (!s->check_failed)
		row_of_failure(s, SEVERITY_MINOR, why->kind, why->text);
	s->check_failed = true;
	ledger_fact(s->ledger, FACT_BLIND);
	finish(s, SWITCHED_AS_WAS, why);
}

/* --- off --- */

static void
stopped(struct switching *s, const struct script_answer *a)
{
	(void)a;
	row_of_success(s, "the device took the stop script");
	ledger_fact(s->ledger, FACT_SURE);
	next(s, PHASE_CONFIRM_OFF);
}

/* The stop was taken and the capture goes on: a device may need its time to
 * write the file, but not for ever. */
static void
still_on(struct switching *s, const struct script_answer *a)
{
	int64_t now = loop_now(s->cli.tools->lp);
	struct fail f;

	if (s->still_on_since == 0)
		s->still_on_since = now;
	if (now - s->still_on_since < STILL_ON_MS) {
		shown_wrong(s, PHASE_STOP, a);
		return;
	}
	fail_set(&f, FAIL_FINAL, "%s, two minutes behind the stop script",
	    shown_text(a));
	row_of_failure(s, SEVERITY_MAJOR, f.kind, f.text);
	finish(s, SWITCHED_FAILED, &f);
}

static void
shown_stopped(struct switching *s, const struct script_answer *a)
{
	bool unclear = ledger_round(s->ledger)->unclear;

	if (unclear && device_script_shown(a) == CAPTURE_ACTIVE) {
		not_done(s, PHASE_STOP, a);
		return;
	}
	if (device_script_shown(a) != CAPTURE_NOT_ACTIVE) {
		still_on(s, a);
		return;
	}
	row_of_success(s, shown_text(a));
	ledger_fact(s->ledger, FACT_OFF);
	finish(s, SWITCHED_OFF, NULL);
}

/* A capture that is still on, or may be, has a file.  One that is not may have
 * left its SNMP user: it is stopped as well. */
static void
looked_left(struct switching *s, const struct script_answer *a)
{
	row_of_success(s, shown_text(a));
	if (device_script_shown(a) != CAPTURE_NOT_ACTIVE) {
		ledger_fact(s->ledger, FACT_ON);
		ledger_name_file(s->ledger);
		/* The run may have asked the agent in its last moment. */
		if (s->may_be_asked)
			ledger_fact(s->ledger, FACT_ASKED);
	}
	next(s, PHASE_STOP);
}

/* --- public --- */

static void
on_status(void *arg, const struct device_status *told)
{
	struct switching *s = arg;

	if (told->clock != 0 && !ledger_result(s->ledger)->clock_known)
		ledger_clock(s->ledger, told->clock);
	if (s->phase == PHASE_CHECK)
		vanished(s, told->up);
	else
		next(s, PHASE_START);
}

static void
on_cli(void *arg, const struct cli_end *end)
{
	struct switching *s = arg;

	switch (end->outcome) {
	case CLI_DONE:
		phases[s->phase].answered(s, end->answer);
		return;
	case CLI_DOUBT:
		run(s, phases[s->phase].in_doubt, end->pause);
		return;
	case CLI_FAILED:
		if (s->phase == PHASE_CHECK && !fail_is_refusal(end->why))
			check_failed(s, end->why);
		else
			finish(s, SWITCHED_FAILED, end->why);
		return;
	}
}

void
switching_init(
    struct switching *s, struct reach *reach, switching_done *done, void *arg)
{
	cli_init(&s->cli, reach, on_cli, s);
	status_init(&s->status, reach, on_status, s);
	s->done = done;
	s->arg = arg;
}

static void
begin(struct switching *s, struct ledger *l, enum phase phase)
{
	s->ledger = l;
	s->still_on_since = 0;
	retry_next_step(&s->cli.reach->retry);
	run(s, phase, 0);
}

void
switching_on(struct switching *s, struct ledger *l, bool take_over)
{
	s->take_over = take_over;
	s->check_failed = false; /* that was of another capture */
	begin(s, l, PHASE_LOOK);
}

void
switching_check(struct switching *s, struct ledger *l)
{
	begin(s, l, PHASE_CHECK);
}

void
switching_off(struct switching *s, struct ledger *l)
{
	begin(s, l, PHASE_STOP);
}

void
switching_off_left(struct switching *s, struct ledger *l, bool may_be_asked)
{
	s->may_be_asked = may_be_asked;
	begin(s, l, PHASE_LOOK_LEFT);
}

void
switching_settle(struct switching *s)
{
	if (!s->status.asking || s->phase != PHASE_CHECK)
		return;
	status_cancel(&s->status);
	vanished(s, -1);
}

void
switching_cancel(struct switching *s)
{
	cli_cancel(&s->cli);
	status_cancel(&s->status);
	s->leaving = false;
}

bool
switching_leave(struct switching *s)
{
	s->leaving = cli_start_in_flight(&s->cli);
	if (s->leaving)
		cli_last_try(&s->cli);
	else
		switching_cancel(s);
	return s->leaving;
}
