/* stats.h - what has happened so far, as JSON, for the tests to judge. */
#ifndef LAB_STATS_H
#define LAB_STATS_H

#include "ovoc.h"

/* Write counters and states of all devices (and of the OVOC, if not NULL) to
 * `path`, at once and whole. */
bool stats_write(const char *path, const struct fleet *fleet,
    const struct ovoc *ovoc, struct fail *why);

#endif
