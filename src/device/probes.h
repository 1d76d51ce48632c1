/* probes.h - the host's own probes of one event, beside the agent's. */
#ifndef DEVICE_PROBES_H
#define DEVICE_PROBES_H

#include "device/ledger.h"

typedef void probes_done(void *arg);

struct probes { /* embedded in the device; the fields are its own */
	const struct tools *tools;
	struct ledger *ledger;
	struct verify *verify; /* NULL: none is under way */
	struct begun begun;
	struct ticket ticket;
	struct addr to;
	probes_done *done;
	void *arg;
};

void probes_init(
    struct probes *p, const struct tools *t, probes_done *done, void *arg);
/* Send what the configuration wants, as soon as there are descriptors for it.
 * `done` runs once, from the loop, when each kind has its row. */
void probes_start(struct probes *p, struct ledger *l, const struct addr *to);
/* Cut them short: rows for what there is so far, and `why` the rest was not
 * sent. */
void probes_stop(struct probes *p, const char *why);
/* No rows.  Harmless when none are under way. */
void probes_cancel(struct probes *p);
/* Are any wanted at all? */
bool probes_are_on(const struct tools *t);

#endif
