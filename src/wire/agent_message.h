/* agent_message.h - the UDP messages between campaign and agent.
 *
 * One datagram, one message, UTF-8, trailing NULs ignored:
 *   request  `CAPTURE 192.0.2.10`, `STOP 192.0.2.10 CPE_device_....pcap`
 *   answer   `200 OK 192.0.2.10 CAPTURE`; up to 1.0.5 without the last word
 * Between programs of ours more lines may follow, one newline before each:
 * `want info` in a request, `info <json>` (agent_info.h) in an answer, and the
 * signature (agent_auth.h) as the last.  Other lines are of later versions, and
 * are ignored.  See traffic-capture-agent(8), MESSAGES.  Pure functions.
 */
#ifndef WIRE_AGENT_MESSAGE_H
#define WIRE_AGENT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "wire/capture_name.h"

#define AGENT_MESSAGE_MAX 1024 /* a longer request is refused */
#define AGENT_TEXT_MAX    1264 /* all lines of an answer but its signature */
/* Of an `info`'s JSON: behind it the longest first line still fits. */
#define AGENT_INFO_MAX 960

enum agent_request {
	REQUEST_NONE,
	REQUEST_REGISTER,
	REQUEST_CAPTURE,
	REQUEST_VERIFY,
	REQUEST_STOP
};

enum agent_code {
	AGENT_TRYING = 100,
	AGENT_OK = 200,
	AGENT_NOT_FOUND = 404,
	AGENT_CLOCK = 408,
	AGENT_FLOW_FAILED = 430,
	AGENT_UNAVAILABLE = 503
};

struct agent_message {
	enum agent_request request;  /* in an answer REQUEST_NONE: not said */
	int code;                    /* 0 in a request */
	char device[HOST_TEXT_MAX];  /* as it was written: address or name */
	char file[CAPTURE_NAME_MAX]; /* of a STOP, else "" */
	bool wants_info;             /* in a request */
};

const char *agent_request_name(enum agent_request r);
/* "OK", "Trying", ...; "Unknown" for other numbers. */
const char *agent_code_reason(int code);

/* Is this the beginning of an answer (three digits and a blank)?  What the
 * campaign's socket receives is an answer or an alarm. */
bool agent_message_is_answer(const void *data, size_t len);

/* Decode.  False and a sentence in `*why` (static text) for anything else than
 * a well-formed message: an unknown word, a device that is neither an address
 * nor a host name, a file name outside the patterns of capture_name_valid(). */
bool agent_message_parse_request(
    const void *data, size_t len, struct agent_message *m, const char **why);
bool agent_message_parse_answer(
    const void *data, size_t len, struct agent_message *m, const char **why);

/* Encode; returns the length, always below AGENT_MESSAGE_MAX. */
size_t agent_message_format_request(
    char buf[AGENT_MESSAGE_MAX], const struct agent_message *m);
size_t agent_message_format_answer(
    char buf[AGENT_MESSAGE_MAX], const struct agent_message *m);

/* Add the line `info <json>` (shorter than AGENT_INFO_MAX, one line) to an
 * answer of `len` bytes; returns its length. */
size_t agent_message_add_info(
    char buf[AGENT_TEXT_MAX], size_t len, const char *json);
/* The JSON of a well-formed answer's, `*json_len` bytes within `data`; NULL: it
 * has none. */
const char *agent_message_info(const void *data, size_t len, size_t *json_len);

#endif
