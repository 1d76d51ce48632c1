/* visits.h - every device and agent tried once: what --probe does.
 *
 * Devices as many at once as the limits allow.  Of an agent one device is asked
 * for first: one of version 1.0.6 keeps every rule for ever, so it is not asked
 * for more, and one that is silent needs no more time.
 */
#ifndef CAMPAIGN_VISITS_H
#define CAMPAIGN_VISITS_H

#include "books/result.h"
#include "loop/loop.h"

struct visits;

/* Rows, outcomes and exit status are in the result. */
typedef void visits_ended(void *arg);

/* Bind the socket, read the known hosts, make keys.  The result's configuration
 * is one of visit_limit().  NULL and FAIL_LOCAL in `why` if this host does not
 * allow it; nothing was sent then. */
struct visits *visits_new(
    struct loop *lp, struct run_result *result, struct fail *why);
void visits_free(struct visits *v);

/* `ended` runs once, from the loop. */
void visits_start(struct visits *v, visits_ended *ended, void *arg);
/* End now: what was under way has rows that say so. */
void visits_interrupt(struct visits *v);
/* How many have not ended. */
size_t visits_left(const struct visits *v);

#endif
