/* host_moved.h - a host that one capture knows by one address, and later by
 * another one: its translation changed.
 *
 * Behind one address there may be many hosts, and before one host many
 * addresses: only the one of which nothing comes any more when the other one
 * begins is the same host.
 */
#ifndef COMPARE_HOST_MOVED_H
#define COMPARE_HOST_MOVED_H

#include "compare/trace.h"

/* Is there a host without a twin who speaks with one that has? */
bool host_moved_may_be(struct trace *const trace[SIDE_COUNT]);
/* Fills in `twin` of such hosts, by packets of which each capture has one; the
 * twin keeps its own.  The others are learned.  `alone` is nobody's twin.
 * False: there is none. */
bool host_moved_learn(struct trace *const trace[SIDE_COUNT], uint32_t alone);

#endif
