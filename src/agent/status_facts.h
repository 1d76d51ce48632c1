/* status_facts.h - what a running agent tells of itself, and its form: JSON.
 *
 * The agent sends a line with the facts of all, one for each device, and one
 * that is the end.  Who asked may be of another version: members that are
 * missing are as 0, unknown ones are not looked at, texts are made printable.
 */
#ifndef AGENT_STATUS_FACTS_H
#define AGENT_STATUS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/mailbox.h"
#include "agent/ovoc.h"
#include "base/addr.h"
#include "base/json.h"
#include "wire/capture_name.h"

/* No number is greater: two of them can be added. */
#define STATUS_NUMBER_MAX INT64_C(1000000000000000000)

struct status_facts { /* times are wall ms, 0: never; sizes bytes */
	char version[32];
	int64_t started;
	int64_t uptime; /* ms */
	int64_t port;
	bool ending;
	struct mailbox_counts mail;
	int64_t captures_begun; /* since the start, as are all counts */
	int64_t packets_dropped;
	int64_t free, min_free, finished; /* -1: it cannot be told */
	int64_t left;                     /* for captures still to begin ... */
	int64_t ring;                     /* ... each of which needs this */
	bool manages_rules;
	struct ovoc_health ovoc;
};

enum status_state {
	STATUS_UNREGISTERED,
	STATUS_REGISTERING,
	STATUS_REGISTERED,
	STATUS_STARTING,
	STATUS_CAPTURING,
	STATUS_STOPPING,
	STATUS_STATES
};
extern const char *const status_state_names[STATUS_STATES];

struct status_device {
	char device[HOST_TEXT_MAX];
	char owner[ADDR_TEXT_MAX]; /* with its port; "": nobody's */
	enum status_state state;
	bool has_rule;
	int64_t rule; /* OVOC's number; 0: not known */
	bool captures;
	int64_t since, last_written;
	int64_t ring_from; /* when its ring's first packet was */
	int64_t bytes, pieces;
	int64_t dropped; /* -1: not known */
};

/* Their members of a JSON object, and back. */
void status_facts_put(const struct status_facts *f, struct json *to);
void status_device_put(const struct status_device *d, struct json *to);

enum status_line { STATUS_LINE_FACTS, STATUS_LINE_DEVICE, STATUS_LINE_END };
/* One of them with its newline; the end tells how many devices there were. */
void status_line_facts(const struct status_facts *f, struct strbuf *to);
void status_line_device(const struct status_device *d, struct strbuf *to);
void status_line_end(int64_t devices, struct strbuf *to);
/* What a line is, in the one that it is; false: it is none. */
bool status_line_read(const char *text, size_t len, enum status_line *kind,
    struct status_facts *f, struct status_device *d, int64_t *devices);

#endif
