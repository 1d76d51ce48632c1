/* server_plan.h - which of the server's files matter to an event.
 *
 * Pure functions, of what the agent's sidecar tells and of the event's time.
 */
#ifndef CAMPAIGN_SERVER_PLAN_H
#define CAMPAIGN_SERVER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "books/round.h"
#include "wire/event_record.h"

/* The server's clock less ours, ms, as far as its agent told. */
struct server_clock {
	bool known;
	int64_t ahead;
};

/* From when on, of the server's clock, in us; INT64_MIN: its clock, or when the
 * event was, is not known, so that all of it matters. */
int64_t server_plan_from(
    const struct round *r, const struct server_clock *c, int64_t before_ms);
/* The numbers of the pieces that hold something of that time, ascending, each
 * once; free(3).  NULL, and `*n` 0: none does. */
unsigned *server_plan_pieces(
    const struct event_record *sidecar, int64_t from_us, size_t *n);

#endif
