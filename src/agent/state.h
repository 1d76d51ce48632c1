/* state.h - what the agent has to know again after it was killed.
 *
 * Each part of a device keeps its state as it stands here.  The file is one
 * JSON object, `{"version": 1, "devices": [...]}`, its members named as the
 * fields.  One wrong value and all is refused: captures must not be mixed up.
 */
#ifndef AGENT_STATE_H
#define AGENT_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "agent/record.h"
#include "base/addr.h"
#include "base/fail.h"
#include "wire/capture_name.h"

#define STATE_VERSION     1
#define STATE_DEVICES_MAX 20512 /* most of max_devices, and who leaves */
#define PROTECTIONS_MAX   2     /* of one capture's ring */
#define ENDED_WHY_MAX     320
#define STATE_BYTES_MAX   (STATE_DEVICES_MAX * (2048 + 2 * ENDED_WHY_MAX))

struct registration_state {
	struct addr owner; /* whose device it is */
	uint16_t port;     /* 0: nobody's */
	bool registered;
	int64_t registered_at;
};
struct rule_state {
	bool exists; /* in OVOC, or may, because of us */
	int64_t id;  /* 0: not known */
};
struct capture_state {
	char folder[CAPTURE_NAME_MAX]; /* of its pieces; "": no capture */
	unsigned protections;          /* of its ring */
	bool doubt;                    /* the disk was full meanwhile */
	struct capture_record record;
};
struct lease_state {
	struct capture_state capture;
	int64_t renewed_at; /* when the owner last asked for something */
	bool modern;        /* no version 1.0 */
};
struct verify_state {
	int code; /* of the last answer for this capture; 0: none */
	int64_t at;
};
struct stop_state {
	char file[CAPTURE_NAME_MAX]; /* of the last one answered; "": none */
	int code;
};
struct orders_state {
	bool armed;                   /* a CAPTURE would count */
	bool replace;                 /* ... and begin a new one in any case */
	char ended[CAPTURE_NAME_MAX]; /* folder of one before its STOP; "" */
	struct stop_state last_stop;
	char ended_why[ENDED_WHY_MAX]; /* see orders_ended_why() */
};
struct device_state {
	char device[HOST_TEXT_MAX];
	struct registration_state registration;
	struct rule_state rule;
	struct lease_state lease;
	struct verify_state last_verify;
	struct orders_state orders;
};
struct agent_state {
	struct device_state *devices;
	size_t n;
	int64_t newest; /* no signed message up to then counts; 0: none did */
};

/* False and a sentence in `why` if it is none of this version. */
bool agent_state_decode(
    const char *text, size_t len, struct agent_state *to, struct fail *why);
void agent_state_encode(const struct agent_state *from, struct strbuf *to);
void agent_state_free(struct agent_state *s);

#endif
