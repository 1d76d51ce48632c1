/* state.h - what the agent has to know again after it was killed.
 *
 * One JSON object a file, `{"version": 1, "devices": [...]}`, replaced as a
 * whole at every change.  Times are wall-clock milliseconds.  The file is read
 * as if somebody else had written it: one wrong value and all of it is
 * refused, since a capture that is mistaken for another would be worse than
 * one that is kept as aborted.
 */
#ifndef AGENT_STATE_H
#define AGENT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "base/str.h"
#include "wire/agent_message.h"

#define STATE_VERSION     1
#define STATE_DEVICES_MAX 20000 /* twice the largest campaign */
#define PROTECTIONS_MAX   2     /* of one capture's ring */
#define STATE_BYTES_MAX   (STATE_DEVICES_MAX * 2048)

struct capture_state {
	char folder[CAPTURE_NAME_MAX]; /* of its pieces; "": no capture */
	unsigned protections;          /* of its ring */
	bool doubt;                    /* the disk was full meanwhile */
};

struct rule_state {
	bool exists; /* in OVOC, or may, because of us */
	int64_t id;  /* 0: not known */
};

struct device_state {
	char device[HOST_TEXT_MAX];
	struct addr owner;
	uint16_t port;
	bool registered;
	int64_t registered_at;
	int64_t renewed_at; /* when the owner last asked for something */
	bool armed;         /* a CAPTURE would count */
	bool renew;         /* the next CAPTURE begins a new one */
	struct rule_state rule;
	struct capture_state capture;
	int verify_code; /* 0: none */
	int64_t verify_at;
	char stop_file[CAPTURE_NAME_MAX]; /* "": none */
	int stop_code;
};

struct agent_state {
	struct device_state *devices;
	size_t n;
};

/* Decode `len` bytes.  False and a sentence in `why` if they are not a state
 * of this version; `to` is empty then. */
bool agent_state_decode(
    const char *text, size_t len, struct agent_state *to, struct fail *why);
void agent_state_encode(const struct agent_state *from, struct strbuf *to);
void agent_state_free(struct agent_state *s);

#endif
