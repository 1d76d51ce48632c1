/* result.h - what a run found out: rows of tasks, outcomes of devices.
 *
 * Filled by the campaign, read by the reports.  Everything here is plain data;
 * a row belongs to its device, a device to the run.
 */
#ifndef BOOKS_RESULT_H
#define BOOKS_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "books/coverage.h"
#include "books/round.h"
#include "books/row.h"
#include "conf/campaign_conf.h"

enum outcome {
	OUTCOME_NONE,
	OUTCOME_SUCCESS,
	OUTCOME_QUIET,
	OUTCOME_ONE_SIDED, /* the device's file, but not all of the server's */
	OUTCOME_PARTIAL,
	OUTCOME_FAILED,
	OUTCOME_INTERRUPTED,
	OUTCOME_SKIPPED, /* skip = true: it took no part */
	OUTCOME_COUNT
};
enum run_exit { /* traffic-capture(8), EXIT STATUS */
	RUN_ALL_WELL = 0,
	RUN_SOME_FAILED = 1,
	RUN_ALL_FAILED = 4,
	RUN_NO_TRIGGER = 5,
	RUN_TROUBLE = 7,
	RUN_INTERRUPTED = 8
};
enum registration {
	REGISTRATION_NONE,
	REGISTRATION_ACTIVE,
	REGISTRATION_ABORTED,
	REGISTRATION_COUNT
};

struct device_result {
	const struct device_entry *conf;
	TAILQ_HEAD(row_list, row) rows; /* in the order they began */
	int n_rows;
	enum outcome outcome;
	enum severity severity; /* the worst of its rows */
	char *description;      /* the sentence that explains the outcome */
	int triggers;           /* alarms and timers that made an event */
	int events;             /* of them ended with the device's file */
	int one_sided;          /* of these lack something of the server's */
	enum lack lacks;        /* the first of them, in this event */
	int lack_event;
	uint64_t bytes;     /* of all files that were fetched */
	int near_misses;    /* alarms that may be meant as the trigger */
	struct round round; /* the present one, or the last */
	struct coverage coverage;
	bool clock_known; /* the device's, from its answers */
	int64_t clock;    /* ... less ours, ms */
	bool awaiting_response;
	enum registration registration;
	int register_attempts;
	const char *last_request; /* to the agent; NULL: none yet */
	char *last_response;      /* "200 OK"; NULL: none */
	char *last_event;         /* text of the last alarm, NULL: none */
	char *last_capture;       /* name of the last file, NULL: none */
};

struct agent_result {
	const struct agent_entry *conf;
	bool earlier_version; /* it never said 100 Trying to a REGISTER */
	char *version; /* that it told; NULL: it told nothing of itself */
	int64_t clock; /* ... its clock less ours, ms */
	uint64_t answers;
	uint64_t alarms;  /* of devices of this campaign */
	uint64_t refused; /* what came from its addresses, and was neither */
	int64_t last;     /* wall clock of the last datagram, 0: never */
};

struct silent_together {     /* by heartbeat: this host's own network */
	int64_t first, last; /* wall clock, ms; 0: it never was */
	size_t devices, of;  /* at worst */
};

struct run_result {
	const struct campaign_conf *conf;
	char *run;          /* name of its folder */
	char *folder;       /* its path */
	int64_t started;    /* wall clock, ms */
	int64_t window_end; /* the same; 0: it has none */
	int64_t ended;
	int64_t took; /* ms; both clocks may have jumped */
	bool interrupted;
	bool window_ended;
	char *trouble; /* on this host (exit status 7), NULL: none */
	int exit_status;
	struct device_result *devices;
	size_t n_devices;
	struct agent_result *agents;
	size_t n_agents;
	uint64_t datagrams; /* everything that was received */
	uint64_t refused;   /* wrong sender, unknown device, malformed, empty */
	uint64_t dropped;   /* by the kernel */
	struct silent_together together;
};

/* What lies in a run's folder, beside its reports. */
#define RUN_JOURNAL  "journal.ndjson"
#define RUN_CAPTURES "captures"

/* The folder of all runs of the campaign, or of its shard; free(3). */
char *run_parent(const struct campaign_conf *conf);
/* A run of this campaign with these devices, in the folder `run` of `parent`;
 * its agents are those of devices that take part. */
struct run_result *run_result_for(const struct campaign_conf *conf,
    const char *parent, const char *run,
    const struct device_entry *const *devices, size_t n_devices);
/* A new run of all that are configured, those without a part in it last. */
struct run_result *run_result_new(
    const struct campaign_conf *conf, int64_t started);
void run_result_free(struct run_result *r);

/* Add a row in its place by `began`; the strings are copied, `severity` raises
 * the device's. */
struct row *result_row(struct device_result *d, const struct row *what);
/* The last row of this task that began in this event; NULL: none. */
struct row *result_last(const struct device_result *d, enum task t, int event);
/* What the row tells of has failed once more. */
void result_repeat(struct device_result *d, struct row *row,
    enum severity severity, int attempt, int64_t duration);
/* One more thing is true of the device's round: events are counted by it. */
void result_fact(struct device_result *d, enum fact f);
/* Rows that come from now on stand behind those that are there: another
 * process, with another monotonic clock, adds them. */
void result_settle(struct run_result *r);
/* Number the rows of every device: once, when no more are added. */
void result_number(struct run_result *r);
/* Set the sentence that explains the outcome, unless there is one. */
void result_describe(struct device_result *d, const char *text);
/* Of a device that has failed: partial if an event was captured before. */
enum outcome result_failed_outcome(const struct device_result *d);
/* The exit status that the outcomes add up to. */
enum run_exit run_exit_status(const struct run_result *r);

const char *outcome_name(enum outcome o);
enum outcome outcome_find(const char *name); /* OUTCOME_COUNT: none */
const char *registration_name(enum registration r);

#endif
