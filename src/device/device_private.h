/* device_private.h - the inside of a device, for the device_*.c files only.
 *
 * device.c          states, rounds, failure, the end
 * device_row.c      what is written into the books
 * device_resolve.c  the addresses of its name
 * device_alarm.c    what an alarm means in each state
 * device_rest.c     one CLI script: place, request, verdict, retry
 * device_steps.c    the scripts of starting, rechecking and stopping
 * device_agent.c    REGISTER, CAPTURE, VERIFY, STOP
 * device_probe.c    the host's own probes beside the agent's
 * device_fetch.c    the SFTP transfer
 * device_recover.c  what an earlier run left
 */
#ifndef DEVICE_DEVICE_PRIVATE_H
#define DEVICE_DEVICE_PRIVATE_H

#include "device/device.h"
#include "device/retrieval.h"
#include "device/retry.h"
#include "wire/device_script.h"

/* One CLI script as a step of a device's life. */
struct rest_step {
	enum task task;
	char *(*script)(const struct device_script *s);
	/* HTTP 200, and the answer says success. */
	void (*done)(struct device *d, const struct script_answer *a);
	/* Where the device itself is asked when the outcome is in doubt; NULL:
	 * the step changes nothing and is simply repeated. */
	const struct rest_step *in_doubt;
	/* Asked before anything else about a failure; true: it is dealt with.
	 * NULL: never. */
	bool (*failed)(struct device *d, const struct fail *why);
};

struct moment {
	int64_t wall; /* for people */
	int64_t mono; /* for the order and the length of things */
};

/* So many alarms may come between one and its repeat. */
#define ALARMS_KEPT 4

struct device {
	const struct device_env *env;
	const struct device_entry *conf;
	struct device_books own;      /* of this run */
	struct device_result *result; /* the books in use */
	struct journal *journal;
	const char *captures;
	STAILQ_HEAD(, recovery) recoveries;
	struct recovery *recovery; /* the one under way */
	bool left_shown;           /* recovering: show said what was left */
	bool bears_stop;           /* recovering: the agent takes a STOP */
	struct agent_link *link;
	enum device_state state;
	struct round *round; /* theirs */

	/* Why there is no further round. */
	struct fail failure;     /* FAIL_NONE: it has not failed */
	struct fail unrecovered; /* of --recover, which goes on behind it */
	bool interrupted, window_over;
	bool leaving; /* winds down behind the answer to a start in flight */
	bool ever_on; /* a capture of this run was confirmed once */

	/* What is under way. */
	struct resolve *resolving;
	struct rest_peer *peer;
	struct ticket rest_ticket;
	struct ticket sftp_ticket;
	struct ticket verify_ticket;
	struct device_script script; /* what the steps' texts are made of */
	const struct rest_step *step;
	bool sent; /* the step's script is on its way, or answered just now */
	struct journal_wait wait;
	struct ask ask;
	enum agent_request after_register; /* what a 404 interrupted */
	bool registered_again;             /* after a 404, for this request */
	struct verify *probes;
	struct moment probes_began;
	struct retrieval *retrieval;
	struct retry retry;
	bool recheck_failed;      /* and a row says so */
	struct moment task_began; /* of the task under way */
	struct moment ask_began;  /* of the request to the agent */
	int64_t last_login;       /* monotonic ms of the last REST answer */

	struct timer pause;   /* before the next try */
	struct timer hold;    /* trigger.hold_down */
	struct timer timed;   /* campaign.capture_for */
	struct timer recheck; /* campaign.recheck */
	struct timer reask;   /* CAPTURE again, after a refusal */

	struct addr addrs[RESOLVE_ADDRS_MAX]; /* the first is in use */
	size_t n_addrs;
	size_t addrs_tried;

	/* The last alarms, to know a duplicate; the latest is `alarm_last`. */
	struct {
		char text[256];
		char id[64];
		int64_t at; /* monotonic ms, 0: none yet */
	} alarms[ALARMS_KEPT];
	size_t alarm_last;
	int alarm_rows;
};

/* --- device.c --- */

void device_goto(struct device *d, enum device_state to);
void device_log(struct device *d, enum log_level level, const char *subsystem,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* It cannot be helped: go on to what is left to do, and end as failed. */
void device_fail(struct device *d, const struct fail *why);
/* Milliseconds to the next try of what failed so, or RETRY_NEVER; counts it. */
int64_t device_retry_after(struct device *d, const struct fail *why);
/* Is the capture, or the SNMP user, perhaps still on the device? */
bool device_may_be_on(const struct device *d);
/* Enough of the round is done; see to what comes next. */
void device_round_ends(struct device *d);
/* The event begins (from ARMING or CAPTURING). */
void device_event_begins(struct device *d);
/* No next state in this round. */
void device_ends(struct device *d);
/* No more waiting and arming: stop what may be on, and end. */
void device_wind_down(struct device *d);
/* It has not done what was configured: what went wrong last is the reason. */
void device_never_captured(struct device *d, const char *doing);

/* --- device_row.c --- */

struct moment device_now(const struct device *d);
/* The task that begins now; its row tells the time since. */
void device_task_begins(struct device *d);
/* A row of the task that began last.  More may be put into it in this turn. */
struct row *device_row(struct device *d, enum task task, enum task_status s,
    enum severity severity, const char *description);
/* The same of something else, beside which the task may go on. */
struct row *device_row_since(struct device *d, const struct moment *began,
    enum task task, enum task_status s, enum severity severity,
    const char *description);
/* The same of something that takes no time and has no tries. */
void device_row_at_once(struct device *d, enum task task, enum task_status s,
    enum severity severity, const char *description);
/* One more thing is true of the round. */
void device_fact(struct device *d, enum fact f);
/* Captures that go on: the device's, and the server's (not for ever). */
void device_row_may_be_on(struct device *d);
void device_row_not_told(struct device *d);

/* --- device_resolve.c --- */

void device_resolving(struct device *d);
/* The pause after this failure.  A device that cannot be reached and never was
 * goes on to its next address, without a pause until all have been tried. */
int64_t device_next_address(
    struct device *d, const struct fail *why, int64_t pause);

/* --- device_recover.c --- */

void device_recovering(struct device *d);
/* The agent was asked; `known`: it will take a STOP. */
void device_recover_registered(struct device *d, bool known);
/* Back to this run's books; the earlier run's hold what became of it. */
void device_recovered(struct device *d);
/* The same, but nothing became of it: the next run tries again. */
void device_recovery_drop(struct device *d);
/* Where a device begins, and goes on behind a recovery. */
enum device_state device_first_state(const struct device *d);

/* --- device_steps.c --- */

/* Is there a file on the device that is wanted here? */
bool device_wants_file(const struct device *d);
void device_starting(struct device *d);
void device_stopping(struct device *d);
void device_capturing(struct device *d);
void device_on_recheck(void *arg);
/* No further recheck, and forget one under way. */
void device_recheck_stop(struct device *d);

/* --- device_rest.c --- */

void device_run(struct device *d, const struct rest_step *step);
/* Run the step after a pause, as the kind of trouble wants; false (and
 * nothing) if it was the last try. */
bool device_run_again(
    struct device *d, const struct rest_step *step, const struct fail *why);
void device_rest_cancel(struct device *d);
/* The device has a start script that it may just be carrying out. */
bool device_start_in_flight(const struct device *d);

/* --- device_agent.c --- */

void device_registering(struct device *d);
void device_arming(struct device *d);
/* Ask again in a while, so that the server captures, or goes on; if the agent
 * bears it. */
void device_ask_capture_later(struct device *d);
void device_on_reask(void *arg);
void device_ask_verify(struct device *d);
void device_closing(struct device *d);
/* A row for the request that is not waited for any more, if there is one. */
void device_ask_cut_short(struct device *d, const char *text);

/* --- device_probe.c --- */

void device_verifying(struct device *d);
/* Both sides have sent what they had to: stop the captures. */
void device_verified(struct device *d);
/* Cut the probes short; rows for what there is, or with cancel none. */
void device_probes_stop(struct device *d);
void device_probes_cancel(struct device *d);

/* --- device_fetch.c --- */

void device_retrieving(struct device *d);
void device_fetch_cancel(struct device *d);
/* No time is left: keep what has come, and say why it is no more. */
void device_fetch_abandon(struct device *d, const char *why);
/* Fix the names that this round's files get on both sides. */
void device_name_file(struct device *d);

#endif
