/* device_env.h - what a device is given: what all devices share, where its
 * findings are kept, and the states that it tells of.
 */
#ifndef DEVICE_DEVICE_ENV_H
#define DEVICE_DEVICE_ENV_H

#include "loop/gate.h"
#include "link/agent_link.h"
#include "books/journal_read.h"
#include "books/result.h"
#include "io/known_hosts.h"
#include "io/rest.h"
#include "io/resolve.h"
#include "verify/verify.h"

struct device;
enum device_state {
	DEVICE_RESOLVING,
	DEVICE_RECOVERING,
	DEVICE_REGISTERING,
	DEVICE_STARTING,
	DEVICE_ARMING,
	DEVICE_CAPTURING,
	DEVICE_VERIFYING,
	DEVICE_STOPPING,
	DEVICE_RETRIEVING,
	DEVICE_CLOSING,
	DEVICE_DONE,
	DEVICE_FAILED,
	DEVICE_STATES
};

/* What all devices share; filled by the campaign before the first device. */
struct device_env {
	struct loop *lp;
	const struct campaign_conf *conf;
	struct verify_plan plan;
	struct rest *rest;
	struct resolver *resolver;
	struct verifier *verifier;
	struct known_hosts *hosts; /* NULL: host keys are not checked */
	struct gate *rest_gate;
	struct gate *sftp_gate;
	struct gate *verify_gate;
	bool recover_only;  /* finish what earlier runs left, begin nothing */
	int64_t *last_name; /* wall ms in the last file's name: no two alike */
	/* The device's addresses are known: alarms may name it by them. */
	void (*resolved)(void *arg, struct device *d);
	/* It went from one state to another. */
	void (*moved)(void *arg, struct device *d, enum device_state from);
	/* This host is in trouble (a full disk): exit status 7. */
	void (*trouble)(void *arg, const char *text);
	void *arg;
};

/* Where what a device finds is kept: this run's books, or an earlier run's. */
struct device_books {
	struct device_result *result;
	struct journal *journal; /* NULL: none is kept */
	const char *captures;    /* folder */
};

/* What an earlier run left of a device. */
struct recovery {
	STAILQ_ENTRY(recovery) next;
	struct device_books books;
	const char *run;         /* its name */
	bool ended;              /* in order, but for this device's capture */
	void (*done)(void *arg); /* finished, or given up: see the books */
	void *arg;
};

#endif
