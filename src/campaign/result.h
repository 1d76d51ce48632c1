/* result.h - what a run found out: rows of tasks, outcomes of devices.
 *
 * Filled by the campaign, read by the reports.  Everything here is plain data;
 * a row belongs to its device, a device to the run.
 */
#ifndef CAMPAIGN_RESULT_H
#define CAMPAIGN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/digest.h"
#include "conf/campaign_conf.h"

enum task {
	TASK_RESOLVE,
	TASK_REGISTER,
	TASK_SHOW,
	TASK_START,
	TASK_VERIFY_STARTED,
	TASK_OVOC_CAPTURE,
	TASK_ALARM,
	TASK_OVOC_VERIFY,
	TASK_ICMP,
	TASK_SNMP,
	TASK_TCP,
	TASK_STOP,
	TASK_VERIFY_STOPPED,
	TASK_RETRIEVE,
	TASK_OVOC_STOP,
	TASK_RECOVER
};
enum task_status { TASK_SUCCESS, TASK_FAILURE, TASK_SKIPPED };
enum severity {
	SEVERITY_NORMAL,
	SEVERITY_MINOR,
	SEVERITY_MAJOR,
	SEVERITY_CRITICAL
};
enum outcome {
	OUTCOME_NONE,
	OUTCOME_SUCCESS,
	OUTCOME_QUIET,
	OUTCOME_PARTIAL,
	OUTCOME_FAILED,
	OUTCOME_INTERRUPTED
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
	REGISTRATION_ABORTED
};

struct row {
	TAILQ_ENTRY(row) next;
	enum task task;
	enum task_status status;
	enum severity severity;
	int event;       /* which event it belongs to, from 1 */
	int number;      /* of the device's rows, from 1; see result_number() */
	int code;        /* HTTP or agent status, 0: none */
	int attempt;     /* from 1 */
	int64_t started; /* wall clock, ms */
	int64_t began;   /* monotonic ms: rows stand in this order */
	int64_t duration;            /* ms */
	char *description;           /* never NULL */
	char *file;                  /* NULL: none */
	uint64_t bytes;              /* of the file */
	char sha256[DIGEST_HEX_MAX]; /* "": none */
	char *note;                  /* NULL: none */
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
	uint64_t bytes;         /* of all files */
	bool may_be_on;   /* a start is in the journal, and no confirmed stop */
	bool cpe_capture; /* on, as far as is known */
	bool ovoc_capture;
	bool awaiting_response;
	enum registration registration;
	int register_attempts;
	int last_request;   /* enum agent_request */
	int last_response;  /* its code, 0: none */
	char *last_event;   /* text of the last alarm, NULL: none */
	char *last_capture; /* name of the last file, NULL: none */
};

struct agent_result {
	const struct agent_entry *conf;
	bool earlier_version; /* it never said 100 Trying to a REGISTER */
	uint64_t answers;
	uint64_t alarms; /* of devices of this campaign */
	int64_t last;    /* wall clock of the last datagram, 0: never */
};

struct run_result {
	const struct campaign_conf *conf;
	char *run;       /* name of its folder */
	char *folder;    /* its path */
	int64_t started; /* wall clock, ms */
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
};

/* A run of this campaign with these devices, in the folder `run` of `parent`;
 * its agents are those of the devices. */
struct run_result *run_result_for(const struct campaign_conf *conf,
    const char *parent, const char *run,
    const struct device_entry *const *devices, size_t n_devices);
/* The same for a new run of all configured devices, begun at `started`. */
struct run_result *run_result_new(const struct campaign_conf *conf,
    const char *output_folder, int64_t started);
void run_result_free(struct run_result *r);

/* Add a row in its place by `began`; the strings are copied, `severity` raises
 * the device's. */
struct row *result_row(struct device_result *d, const struct row *what);
/* Rows that come from now on stand behind those that are there: another
 * process, with another monotonic clock, adds them. */
void result_settle(struct run_result *r);
/* Number the rows of every device: once, when no more are added. */
void result_number(struct run_result *r);
/* Set the sentence that explains the outcome, unless there is one. */
void result_describe(struct device_result *d, const char *text);
/* The exit status that the outcomes add up to. */
enum run_exit run_exit_status(const struct run_result *r);

/* "Send TCP (Port 443)" needs the port, the others do not. */
const char *task_name(enum task t, int tcp_port, char buf[32]);
const char *task_status_name(enum task_status s);
const char *severity_name(enum severity s);
const char *outcome_name(enum outcome o);
const char *registration_name(enum registration r);

#endif
