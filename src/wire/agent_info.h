/* agent_info.h - what an answer of our agent says beside its code.
 *
 * One JSON object in one line, every member optional:
 *   REGISTER  {"version":"0.2.0","clock":<unix ms>,"free":<bytes>}
 *   VERIFY    {"icmp":[10,10],"snmp":[0,10,"no answer"],"tcp":[10,10]}
 *   STOP      {"pieces":{"first":"OVOC_device_....pcap","count":2,
 *             "bytes":..,"packets":..,"from":<unix ms>,"to":<unix ms>,
 *             "dropped":0}}
 *   refused   {"reason":"..."}, beside those; VERIFY and STOP have it also
 *             where the capture ended before its STOP
 * A kind of probe is answered, sent, reason.  Pure functions.
 */
#ifndef WIRE_AGENT_INFO_H
#define WIRE_AGENT_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "wire/agent_message.h"

enum info_kind { INFO_ICMP, INFO_SNMP, INFO_TCP, INFO_KINDS };
#define INFO_PROBES_MAX 100000
#define INFO_VERSION    32

struct info_probes {
	bool on; /* this kind is told */
	int answered, sent;
	char reason[160]; /* why some were not, or "" */
};
struct info_pieces {
	bool told;
	char first[CAPTURE_NAME_MAX]; /* the name of the first, or "" */
	int64_t count;
	int64_t bytes, packets, from_ms, to_ms, dropped; /* -1: not known */
};
struct agent_info {
	char version[INFO_VERSION]; /* "": not told, as of the others */
	int64_t clock, free_bytes;  /* -1: not told */
	char reason[AGENT_INFO_MAX];
	struct info_probes probe[INFO_KINDS];
	struct info_pieces pieces;
};

/* Nothing is told. */
void agent_info_clear(struct agent_info *i);
/* Returns the length, always below AGENT_INFO_MAX: reasons are cut to fit. */
size_t agent_info_encode(const struct agent_info *i, char buf[AGENT_INFO_MAX]);
/* Decode what a peer sent: texts are printable, numbers within bounds, and what
 * is not so, or not known, is left out.  False: it is no JSON object (`i` is
 * cleared all the same). */
bool agent_info_decode(const char *json, size_t len, struct agent_info *i);

#endif
