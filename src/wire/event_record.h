/* event_record.h - what was written down of an event beside its captures: by
 * the agent (the sidecar, OVOC_....json) and the campaign (CAMPAIGN_....json).
 *
 * One JSON object each; traffic-capture-report(5) has their members.  Pure
 * functions.
 */
#ifndef WIRE_EVENT_RECORD_H
#define WIRE_EVENT_RECORD_H

#include <stddef.h>

#include "base/fail.h"
#include "wire/capture_name.h"
#include "wire/event_facts.h"
#include "wire/event_probe.h"

#define EVENT_RECORD_SCHEMA 1
#define EVENT_RECORD_BYTES  (4 << 20) /* a reader takes no more */

enum event_writer { EVENT_AGENT, EVENT_CAMPAIGN, EVENT_WRITERS };

struct event_record {
	enum event_writer writer;
	char version[EVENT_WORD_MAX];
	char device[HOST_TEXT_MAX];   /* as the agent is told */
	char event[CAPTURE_NAME_MAX]; /* "<device>_<time>"; "": not known */
	char interface[EVENT_INTERFACES_MAX][EVENT_WORD_MAX];
	size_t n_interfaces;
	/* When the writer's capture ran, in order; none: its clock was set back
	 * meanwhile, or it does not know. */
	struct event_spans ran, holes;
	struct event_probe *probe, *heartbeat;
	size_t n_probes, n_heartbeats;
	int64_t probe_timeout; /* how long an answer was waited for, ms; 0: ? */
	/* The agent's. */
	int64_t snaplen, dropped; /* 0: all; -1: not known */
	bool disk_was_full;
	struct event_piece *piece;
	size_t n_pieces;
	/* The campaign's. */
	char campaign[EVENT_WORD_MAX];
	int all_interfaces; /* all WAN interfaces captured; -1: not known */
	struct event_addrs device_at, agent_at, ovoc_at, campaign_at;
	struct event_clock device_clock, agent_clock;
	int64_t alarm_at; /* wall ms; 0: there was none */
	int64_t stopped;  /* wall ms, when the stop was asked for; 0: ? */
	char alarm[EVENT_WORD_MAX];
};

/* NULL and a sentence in `why` if it is no such record of this schema: one
 * wrong member and nothing of it is believed.  event_record_free(). */
struct event_record *event_record_decode(
    const char *text, size_t len, struct fail *why);
void event_record_free(struct event_record *r); /* NULL is accepted */

#endif
