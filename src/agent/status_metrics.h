/* status_metrics.h - what an agent told of itself, for a monitoring. */
#ifndef AGENT_STATUS_METRICS_H
#define AGENT_STATUS_METRICS_H

#include "agent/status_ask.h"
#include "base/str.h"

/* Prometheus' text format, as traffic-capture-agent(8) lists it; without a
 * device's name, so that it has as many lines for many as for one.  `s` NULL:
 * none runs, which is the one thing that is told. */
void status_metrics(const struct agent_status *s, struct strbuf *to);

#endif
