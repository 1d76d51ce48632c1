/* lanes.h - when which device lost something, all of them over one time. */
#ifndef REPORT_LANES_H
#define REPORT_LANES_H

#include "report/event_list.h"
#include "report/groups.h"
#include "report/html.h"

#define LANES_MAX 200

/* A lane for each device with a comparison, those of a group together, then
 * those of an agent.  Of more devices than LANES_MAX each group is one band,
 * with a count, and so are the others of each agent.  Nothing, where nothing
 * was judged. */
void lanes_add(struct html *h, const struct run_result *r,
    const struct event_list *l, const struct loss_groups *g);

#endif
