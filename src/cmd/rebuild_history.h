/* rebuild_history.h - `traffic-capture --rebuild-history`. */
#ifndef CMD_REBUILD_HISTORY_H
#define CMD_REBUILD_HISTORY_H

#include "cmd/options.h"
#include "conf/run_place.h"

/* Make the history of nights anew from the reports, and say what came of it;
 * returns the exit status: 0, 1 (some reports cannot be read), 7. */
int rebuild_history(const struct options *o, const struct program_words *p,
    const struct run_place *place);

#endif
