/* reach.h - how a device is reached: its addresses, the one in use, the
 * connection that is kept for REST, the last login; and since when in vain.
 *
 * Shared by who speaks to the device, one at a time.  A device that cannot be
 * reached and never was is tried at each address of its name.
 */
#ifndef DEVICE_REACH_H
#define DEVICE_REACH_H

#include "device/ledger.h"
#include "device/retry.h"

/* FAIL_NONE: its addresses are known.  Else there will be no more tries, and a
 * row says so. */
typedef void reach_done(void *arg, const struct fail *why);

struct reach { /* embedded in the device; the fields are its own */
	const struct tools *tools;
	const struct device_entry *conf;
	struct retry retry; /* of what is tried now: begun anew by who tries */
	struct addr addrs[RESOLVE_ADDRS_MAX]; /* the first is in use */
	size_t n_addrs;
	size_t tried;
	struct rest_peer *peer;
	int64_t last_login; /* monotonic ms of the last REST answer, 0: none */
	/* The look-up under way. */
	struct resolve *resolving;
	struct ledger *ledger;
	struct begun begun;
	struct timer pause;
	reach_done *done;
	void *arg;
};

void reach_init(
    struct reach *r, const struct tools *t, const struct device_entry *conf);
/* Forget a look-up, close the connection. */
void reach_clear(struct reach *r);

/* The device is configured by its address: there is nothing to look up. */
bool reach_is_literal(struct reach *r);
/* Look its name up, with the tries that the configuration allows.  `done` runs
 * once, from the loop. */
void reach_look_up(
    struct reach *r, struct ledger *l, reach_done *done, void *arg);
/* A row for a look-up that is not waited for any more, if there is one. */
void reach_cut_short(struct reach *r, const char *text);

/* After a failed try: milliseconds to the next one, perhaps at the device's
 * next address, or RETRY_NEVER.  Counts it. */
int64_t reach_again(struct reach *r, const struct fail *why);
/* It cannot be reached, and never was: take its name's next address.  False:
 * that is the first of a new turn, for which one may pause. */
bool reach_elsewhere(struct reach *r);
/* Will a REST request now be a new login? */
bool reach_needs_login(const struct reach *r);
/* It has answered one. */
void reach_logged_in(struct reach *r);

#endif
