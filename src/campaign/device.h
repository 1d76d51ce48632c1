/* device.h - one device's life: armed, waiting, verified, stopped, fetched.
 *
 * A device goes through its states at its own pace; nothing that happens to it
 * concerns another.  Everything it finds goes into its struct device_result.
 */
#ifndef CAMPAIGN_DEVICE_H
#define CAMPAIGN_DEVICE_H

#include "campaign/admission.h"
#include "campaign/agent_link.h"
#include "campaign/journal_read.h"
#include "campaign/result.h"
#include "io/known_hosts.h"
#include "io/rest.h"
#include "io/resolve.h"
#include "verify/verify.h"
#include "wire/alarm.h"

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

struct device;

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
	bool recover_only; /* finish what killed runs left, begin nothing */
	/* The device's addresses are known: alarms may name it by them. */
	void (*resolved)(void *arg, struct device *d);
	/* It went from one state to another. */
	void (*moved)(void *arg, struct device *d, enum device_state from);
	/* This host is in trouble (a full disk): exit status 7. */
	void (*trouble)(void *arg, const char *text);
	void *arg;
};

/* Where what a device finds is kept: this run's books, or a killed run's. */
struct device_books {
	struct device_result *result;
	struct journal *journal; /* NULL: none is kept */
	const char *captures;    /* folder */
};

/* What a killed run left of a device. */
struct recovery {
	STAILQ_ENTRY(recovery) next;
	struct device_books books;
	const struct killed_device *left;
	void (*done)(void *arg); /* finished, or given up: see the books */
	void *arg;
};

struct device *device_new(const struct device_env *env,
    const struct device_books *books, struct agent_link *link);
/* Finish this first; before device_start().  `r` outlives the device. */
void device_recover_first(struct device *d, struct recovery *r);
/* Whatever is under way is dropped. */
void device_free(struct device *d);

void device_start(struct device *d);
/* An alarm that names this device, from its agent. */
void device_alarm(struct device *d, const struct alarm *a);
/* SIGUSR2: an event for a device that waits, for others nothing. */
void device_trigger(struct device *d);
/* No more waiting and arming; an event under way goes on to its end. */
void device_window_end(struct device *d);
/* Stop what runs, fetch what can be fetched, end. */
void device_interrupt(struct device *d);
/* End now, whatever is under way; `why` goes into the report. */
void device_abandon(struct device *d, const char *why);

bool device_ended(const struct device *d);
enum device_state device_state(const struct device *d);
const char *device_state_name(enum device_state s);
const char *device_name(const struct device *d);
const struct device_entry *device_conf(const struct device *d);
struct agent_link *device_link(const struct device *d);
/* Its addresses as resolved so far. */
const struct addr *device_addrs(const struct device *d, size_t *n);

#endif
