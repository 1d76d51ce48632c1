/* enrolment.h - host keys and certificate pins of devices, recorded before they
 * are needed: what --enroll does.
 *
 * Each device is connected to by HTTPS and by SSH, and shows its keys; no user
 * name and no password is sent.  What is not known yet goes into known_pins and
 * known_hosts; what differs from what is known, or is configured, is a failure.
 */
#ifndef CAMPAIGN_ENROLMENT_H
#define CAMPAIGN_ENROLMENT_H

#include "base/fail.h"
#include "conf/campaign_conf.h"
#include "loop/loop.h"

struct enrolment;
struct enrolment_counts {
	size_t recorded; /* keys and pins */
	size_t known;    /* that were right, and there before */
	size_t failed;   /* devices */
	bool trouble;    /* on this host: a file could not be written */
};

/* A key was recorded: "192.0.2.10 ssh-ed25519 SHA256:...". */
typedef void enrolment_recorded(void *arg, const char *line);
typedef void enrolment_ended(void *arg);

/* `conf` is changed for it: both files are read, and written to.  NULL and
 * FAIL_LOCAL in `why` if that cannot be; nothing was sent then. */
struct enrolment *enrolment_new(struct loop *lp, struct campaign_conf *conf,
    enrolment_recorded *recorded, void *arg, struct fail *why);
void enrolment_free(struct enrolment *e);
/* `ended` runs once, from the loop; with the `arg` of enrolment_new(). */
void enrolment_start(struct enrolment *e, enrolment_ended *ended);
const struct enrolment_counts *enrolment_counts(const struct enrolment *e);

#endif
