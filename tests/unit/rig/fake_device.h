/* fake_device.h - a device: its truth, which scripts change and `show` tells,
 * and the faults that take the place of its next answers. */
#ifndef RIG_FAKE_DEVICE_H
#define RIG_FAKE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum fake_step { STEP_SHOW, STEP_START, STEP_STOP, STEP_SFTP, FAKE_STEPS };

enum fault {
	FAULT_NONE,
	FAULT_UNREACHABLE, /* no session */
	FAULT_IDENTITY,    /* another certificate or host key */
	FAULT_STATUS,      /* HTTP status `n`; nothing was done */
	FAULT_STATUS_DONE, /* HTTP status `n`, though it was done */
	FAULT_CUT,         /* session, no answer; for SFTP after `n` bytes */
	FAULT_CUT_DONE,    /* it was done, and no answer */
	FAULT_HANG,        /* the same as FAULT_CUT, after the whole time */
	FAULT_GARBLED,     /* done, HTTP 200, not JSON */
	FAULT_SAYS_FAILURE,
	FAULT_SAYS_FAILURE_DONE,
	FAULT_NOT_DONE,   /* it says success, and does nothing */
	FAULT_BLANK,      /* done, but the output says nothing */
	FAULT_AUTH,       /* SFTP: login refused */
	FAULT_MISSING,    /* SFTP: no such file */
	FAULT_ENDS_EARLY, /* SFTP: end of file after `n` bytes */
	FAULT_NO_SPACE    /* SFTP: trouble on our side */
};

enum { FAULTS_MAX = 16, FAKE_FILE_MAX = 2048, FAKE_HITS_MAX = 512 };

struct fake_fault {
	enum fake_step step;
	enum fault kind;
	int n;
	int times; /* left; -1: for ever */
};

struct fake_device {
	struct addr addr;
	char text[HOST_TEXT_MAX];
	bool on;
	bool user;    /* the SNMP user is there */
	bool refused; /* a login was; nothing may come after it */
	bool dots;    /* line ends of the output are dots, no `status` */
	char file[FAKE_FILE_MAX];
	size_t len;
	size_t more; /* announced beyond its length */
	uint64_t mtime;
	bool unfetched; /* the file of an event nobody has asked for yet */
	struct fake_fault faults[FAULTS_MAX];
	size_t n_faults;
	int hits[FAKE_STEPS];
	int64_t at[FAKE_STEPS][FAKE_HITS_MAX]; /* ms since the rig began */
	char scripts[FAKE_STEPS][1024];        /* the last */
	uint64_t offset;                       /* the last SFTP read from */
	bool narrow;
	bool busy;         /* a REST request is under way */
	int sessions;      /* of SFTP, at the moment */
	int probes_lost;   /* of each kind of our own */
	bool no_icmp;      /* not possible here */
	int64_t probes_at; /* the first was sent */
};

/* For the next `times` (-1: all) requests of this kind. */
void fake_fault(struct fake_device *d, enum fake_step step, enum fault kind,
    int n, int times);
void fake_mend(struct fake_device *d); /* no fault is left */
/* A reboot: capture, user and file are gone. */
void fake_reboot(struct fake_device *d);
/* Put a capture with so many packets into the file. */
void fake_fill(struct fake_device *d, int packets, int64_t wall_ms);

#endif
