/* beside.h - what the records of an event say of its captures: when they ran,
 * what they lack, and who is who.
 *
 * Wrong is worse than silent: both captures may be rings that overwrote their
 * beginning, so of that nothing is taken; to the end a capture ran for which
 * that is confirmed and whose last piece is here.
 */
#ifndef COMPARE_BESIDE_H
#define COMPARE_BESIDE_H

#include "compare/compare.h"
#include "compare/delay.h"
#include "compare/judge.h"
#include "compare/trace.h"

/* Before the clocks are known: fills in what the input leaves open of `wish`,
 * and when the server's capture ran. */
void beside_apply(const struct compare_input *in,
    struct trace *const trace[SIDE_COUNT], struct judge_wish *wish);
/* Behind it: to when the device's capture ran, by `record` (NULL: none). */
void beside_device(const struct event_record *record, struct trace *device,
    const struct path *path);

#endif
