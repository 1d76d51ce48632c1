/* outage.h - nothing is in both captures, and the records of the event prove
 * that both ran: then nothing came through.
 *
 * Wrong is worse than silent.  What was translated, rewritten or tunnelled is
 * not in both captures either, nor what went by an interface that was not
 * captured: so each of these has to be ruled out, and no packet is at either
 * end that could be the other end's.
 */
#ifndef COMPARE_OUTAGE_H
#define COMPARE_OUTAGE_H

#include "compare/clock_map.h"
#include "compare/judge.h"
#include "compare/trace.h"

/* By the two records: from the server's clock to the device's, in one piece
 * made from no pair, with its error.  False: it cannot be said, `m` stays. */
bool outage_clock(struct clock_map *m, struct trace *const trace[SIDE_COUNT],
    const struct judge_wish *wish);
/* Does the server's capture have what came in, by whichever interface? */
bool outage_hears(const struct judge_wish *wish);

#endif
