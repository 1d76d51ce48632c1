/* alarm.h - OVOC's alarms as they arrive by UDP syslog.
 *
 * Two bodies exist: `New Alarm - <name>, Source:.., Description:.., IP
 * Address:..` (as forwarded in the field) and `Title: Alarm <name>, received
 * from <node>, <ip> with Severity <s>. Description: <source>, <text>` (as in
 * AudioCodes' OVOC documentation).  Either may lack the RFC 3164 header.
 */
#ifndef WIRE_ALARM_H
#define WIRE_ALARM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct alarm {
	char name[128];      /* "Connection Alarm" */
	char text[256];      /* "Connection Lost" */
	char unique_id[64];  /* "" where the form has none */
	char severity[32];   /* "" where it is missing */
	struct addr address; /* the device, by its address */
};

enum alarm_parse { ALARM_OK, ALARM_EMPTY, ALARM_MALFORMED };

/* Decode one datagram of any content; trailing NULs and newlines ignored.  Over
 * 4096 bytes is malformed. */
enum alarm_parse alarm_parse(const void *data, size_t len, struct alarm *a);
/* Name and text are the trigger's, without regard to case and outer blanks. */
bool alarm_matches(const struct alarm *a, const char *name, const char *text);

#endif
