/* fake_device.h - a device: its truth, which scripts change and `show` tells,
 * and the faults that take the place of its next answers.
 *
 * fake_rest, fake_sftp and fake_verify are what reaches it, in place of the
 * adapters; a rule that they see broken (two requests at once to a device, a
 * login after a refused one, ...) ends the test.
 */
#ifndef RIG_FAKE_DEVICE_H
#define RIG_FAKE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "fake_fault.h"
#include "loop/loop.h"

enum { FAULTS_MAX = 16, FAKE_FILE_MAX = 2048, FAKE_HITS_MAX = 512 };

struct fake_device {
	struct addr addr;
	char text[HOST_TEXT_MAX];
	bool same_file;     /* a start leaves the file that is there */
	int64_t clock;      /* it is so far ahead of ours, ms */
	bool no_date;       /* its answers have no Date header */
	const char *status; /* what it tells of itself; NULL: HTTP 404 */
	bool status_hangs;  /* and that takes its time */
	int status_hits;
	bool on;
	bool user;    /* the SNMP user is there */
	bool refused; /* a login was; nothing may come after it */
	bool dots;    /* line ends of the output are dots, no `status` */
	char file[FAKE_FILE_MAX];
	size_t len;
	size_t more; /* announced beyond its length */
	size_t less; /* so much of its length is not announced */
	uint64_t mtime;
	bool unfetched; /* the file of an event nobody has asked for yet */
	struct fake_fault faults[FAULTS_MAX];
	size_t n_faults;
	int hits[FAKE_STEPS];
	int64_t at[FAKE_STEPS][FAKE_HITS_MAX]; /* ms since the loop began */
	char scripts[FAKE_STEPS][1024];        /* the last */
	uint64_t offset;                       /* the last SFTP read from */
	bool narrow;
	bool busy;         /* a REST request is under way */
	int sessions;      /* of SFTP, at the moment */
	int probes_lost;   /* of each kind of our own */
	bool probes_open;  /* none has its fate before the end */
	bool no_icmp;      /* not possible here */
	int64_t probes_at; /* the first was sent */
	bool beats_silent; /* no kind of a heartbeat is answered */
	int beats;         /* so many were sent */
	/* Told of every script as it is sent; NULL: nobody. */
	void (*sent)(void *arg, enum fake_step step);
	void *sent_arg;
};

/* These are the devices that there are; the array stays the caller's. */
void fake_devices(struct fake_device *all, size_t n);

/* For the next `times` (-1: all) requests of this kind. */
void fake_fault(struct fake_device *d, enum fake_step step, enum fault kind,
    int n, int times);
void fake_mend(struct fake_device *d); /* no fault is left */
/* A reboot: capture, user and file are gone. */
void fake_reboot(struct fake_device *d);
/* Put a capture with so many packets into the file. */
void fake_fill(struct fake_device *d, int packets, int64_t wall_ms);

/* For the fakes: who has this address, and must be there; or NULL. */
struct fake_device *fake_device_at(const struct addr *a);
struct fake_device *fake_device_find(const struct addr *a);
/* For the fakes: a request of this kind begins; it is counted and timed.
 * Returns its fault. */
struct fake_fault fake_hit(
    struct fake_device *d, enum fake_step step, const struct loop *lp);

#endif
