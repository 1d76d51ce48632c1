/* piece_index.h - the server's files in a folder of captures, found once for
 * all its events.
 */
#ifndef CAMPAIGN_PIECE_INDEX_H
#define CAMPAIGN_PIECE_INDEX_H

#include "campaign/past_event.h"

struct piece_index;

/* NULL and `why`: the folder cannot be read. */
struct piece_index *piece_index_read(const char *captures, struct fail *why);
/* NULL is accepted. */
void piece_index_free(struct piece_index *p);
/* Those of the event's: its `pieces`, which are free(3)'s, and `sidecar`. */
void piece_index_fill(const struct piece_index *p, struct past_event *e);

#endif
