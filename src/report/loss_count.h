/* loss_count.h - how often a device lost packets, at what time of the day and
 * in which direction: for the history of nights.
 */
#ifndef REPORT_LOSS_COUNT_H
#define REPORT_LOSS_COUNT_H

#include <stdint.h>

#include "base/str.h"

#define HOURS 24

enum loss_way { LOSS_THERE, LOSS_BACK, LOSS_BOTH, LOSS_WAYS };

struct loss_count {
	unsigned runs, times;
	unsigned hour[HOURS]; /* local */
	unsigned way[LOSS_WAYS];
	int64_t last;     /* wall ms */
	int64_t last_run; /* that was counted */
};

/* One more, at this wall ms (0: not known), in the direction of that name; runs
 * come one behind the other. */
void loss_count_add(
    struct loss_count *c, int64_t run, int64_t at, const char *direction);
/* "from the device 18, both ways 3" */
void loss_count_ways(const struct loss_count *c, struct strbuf *to);
/* "02:00 4, 03:00 11": each hour of the day in which something was lost. */
void loss_count_hours(const struct loss_count *c, struct strbuf *to);

#define LOSS_TIME_MAX 40
/* Local, in whole seconds: "2026-11-23 04:00:00"; "" for 0.  Returns buf. */
const char *loss_time(int64_t wall_ms, char buf[LOSS_TIME_MAX]);
/* "lost SNMP, ICMP from the device": of an event's columns. */
void loss_words(const char *protocol, const char *direction, struct strbuf *to);

#endif
