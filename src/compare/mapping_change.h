/* mapping_change.h - did the translation of a sender's address or port change?
 *
 * One of its connections, or all that it sends, is seen by the receiver with
 * one address and port till a moment and with another one from then on; what is
 * sent to the old one arrives no more.  Where each connection has a mapping of
 * its own nothing changed, nor where old and new one are in use together.
 */
#ifndef COMPARE_MAPPING_CHANGE_H
#define COMPARE_MAPPING_CHANGE_H

#include "compare/fate.h"
#include "compare/result_path.h"

struct mapping_change;

/* Of the packets that side `sender` sends. */
struct mapping_change *mapping_change_new(
    const struct scene *sc, enum side sender);
/* NULL is accepted. */
void mapping_change_free(struct mapping_change *m);
/* The next of them, in the order of time, of which each capture has just one:
 * record `sent` of the sender's and `seen` of the other one. */
void mapping_change_take(
    struct mapping_change *m, uint32_t sent, uint32_t seen);
/* All were taken: of several changes the one that lost most, else the first
 * one.  `lossy`: something that was sent to the sender is called lost. */
void mapping_change_find(
    const struct mapping_change *m, bool lossy, struct result_mapping *to);

#endif
