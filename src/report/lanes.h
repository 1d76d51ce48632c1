/* lanes.h - when which device lost something, all of them over one time. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "report/event_list.h"
#include "report/html.h"

#define LANES_MAX 200

/* A lane for each device with a comparison, those that lost the same night
 * together: by agent, then by time.  Of more devices than LANES_MAX those of an
 * agent are one band, with a count.  Nothing, where nothing was judged. */
void lanes_add(
    struct html *h, const struct run_result *r, const struct event_list *l);

#endif
