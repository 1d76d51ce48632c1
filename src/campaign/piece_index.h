/* unjudged.h - which events of a run, as its journal tells them, still want a
 * verdict.
 *
 * For a recovery, which finishes what a killed run did not come to, and for
 * --compare, which judges what could not be judged before.
 */
#ifndef CAMPAIGN_UNJUDGED_H
#define CAMPAIGN_UNJUDGED_H

#include <stdbool.h>

#include "campaign/past_event.h"

/* An event whose device's file is home.  `last`: its row `Compare captures`;
 * NULL: it has none. */
typedef void unjudged_event(
    void *arg, const struct round *round, const struct row *last);

/* For each event of the device that has no verdict: what of it is known stands
 * in `round` (event, file, triggered, home). */
void unjudged_find(
    const struct device_result *d, unjudged_event *found, void *arg);

/* The server's files in a folder of captures, found once for all events. */
struct piece_index;
/* NULL and `why`: the folder cannot be read. */
struct piece_index *piece_index_read(const char *captures, struct fail *why);
void piece_index_free(struct piece_index *p);
/* Those of the event's: its `pieces` and `sidecar`, whose memory is free(3). */
void piece_index_fill(const struct piece_index *p, struct past_event *e);

#endif
