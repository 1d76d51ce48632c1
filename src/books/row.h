/* row.h - one line of a report: a task of a device, or an event.
 *
 * Plain data; see result.h for whose it is.
 */
#ifndef BOOKS_ROW_H
#define BOOKS_ROW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/digest.h"
#include "conf/shared_conf.h"

enum task {
	TASK_RESOLVE,
	TASK_REGISTER,
	TASK_SHOW,
	TASK_START,
	TASK_VERIFY_STARTED,
	TASK_OVOC_CAPTURE,
	TASK_ALARM,
	TASK_OVOC_VERIFY,
	TASK_ICMP, /* the probes, in the order of enum verify_kind */
	TASK_SNMP,
	TASK_TCP,
	TASK_RETRIEVE_SERVER,
	TASK_COMPARE,
	TASK_HOOK, /* a program of the user's */
	TASK_STOP,
	TASK_VERIFY_STOPPED,
	TASK_RETRIEVE,
	TASK_OVOC_STOP,
	TASK_RECOVER,
	TASK_LOGIN_REST, /* of --probe, as those that follow */
	TASK_LOGIN_SSH,
	TASK_CLOCKS,
	TASK_COUNT
};
enum task_status {
	TASK_SUCCESS,
	TASK_FAILURE,
	TASK_SKIPPED,
	TASK_STATUS_COUNT
};
enum severity {
	SEVERITY_NORMAL,
	SEVERITY_MINOR,
	SEVERITY_MAJOR,
	SEVERITY_CRITICAL,
	SEVERITY_COUNT
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
	bool over; /* a failure that is no longer so: it counts no more */
};

enum task task_of_probe(enum verify_kind k);
const char *task_name(enum task t);
const char *task_status_name(enum task_status s);
const char *severity_name(enum severity s);
/* The journal's word for a task: other than the name it never changes. */
const char *task_key(enum task t);
/* The reverse; ..._COUNT for any other word. */
enum task task_find(const char *key);
enum task_status task_status_find(const char *name);
enum severity severity_find(const char *name);

#endif
