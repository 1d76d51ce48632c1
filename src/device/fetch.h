/* fetch.h - an event's capture comes home by SFTP, in as many sessions as the
 * configuration allows; one that is slow takes turns with those who wait.
 */
#ifndef DEVICE_FETCH_H
#define DEVICE_FETCH_H

#include "device/reach.h"
#include "device/retrieval.h"

/* FAIL_NONE: the file is home.  Else it will not come, and a row says so; what
 * has come of it is kept. */
typedef void fetch_done(void *arg, const struct fail *why);

struct fetch { /* embedded in the device; the fields are its own */
	const struct tools *tools;
	const struct device_entry *conf;
	struct reach *reach;
	struct ledger *ledger;
	struct retrieval *retrieval; /* NULL: nothing is under way */
	struct ticket ticket;
	struct begun begun;
	struct timer pause;
	struct timer share; /* of the place that it has */
	int64_t since;      /* it has its place */
	bool goes_on;       /* it gave its place up, and is no new attempt */
	uint64_t had;       /* bytes, when it last did */
	fetch_done *done;
	void *arg;
};

void fetch_init(
    struct fetch *f, struct reach *reach, fetch_done *done, void *arg);
/* Fetch the file that the round has named.  `done` runs once, from the loop. */
void fetch_start(struct fetch *f, struct ledger *l);
/* `done` will not run; nothing is kept. */
void fetch_cancel(struct fetch *f);
/* No time is left: keep what has come, and say why it is no more. */
void fetch_abandon(struct fetch *f, const char *why);
/* Do not wait for the pause before the next session. */
void fetch_hurry(struct fetch *f);

#endif
