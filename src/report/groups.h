/* groups.h - devices that lost in the same way at the same time.
 *
 * The same agent, kind of traffic and direction, and times that overlap by half
 * or more: "17 of 18 devices of agent X lost SNMP towards the device between
 * 03:11:02 and 03:12:40".  Of one device alone no group is made.
 */
#ifndef REPORT_GROUPS_H
#define REPORT_GROUPS_H

#include "base/str.h"
#include "report/verdicts.h"

struct loss_group {
	const struct agent_entry *agent;
	enum traffic kind;
	enum way way;
	struct result_span lost; /* from the first to the last of all of them */
	size_t n;                /* devices that lost */
	size_t
	    of; /* of these: devices of the agent that could be judged then */
	size_t *device; /* the `n`, of the run's, ascending */
};

struct loss_groups {
	struct loss_group *group; /* the largest first */
	uint32_t n, room;
};

struct loss_groups *loss_groups_find(
    const struct run_result *r, const struct verdicts *v);
/* NULL is accepted. */
void loss_groups_free(struct loss_groups *g);

/* The sentence, without a point; times are local (TZ), with their date if the
 * run took longer than a day. */
void loss_group_say(
    const struct run_result *r, const struct loss_group *g, struct strbuf *to);

#endif
