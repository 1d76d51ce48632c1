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
	char name[128];             /* "Connection Alarm" */
	char text[256];             /* "Connection Lost" */
	char unique_id[64];         /* "" where the form has none */
	char severity[32];          /* "" where it is missing */
	char device[HOST_TEXT_MAX]; /* as it is named, without brackets */
	struct addr address; /* the same; AF_UNSPEC where it is a host name */
};

enum alarm_parse {
	ALARM_OK,
	ALARM_EMPTY,
	ALARM_MALFORMED,
	ALARM_AMBIGUOUS /* two devices are named in it */
};

/* Decode one datagram of any content; trailing NULs and newlines ignored.
 * Where a form has a blank any white space may stand, also as relays write line
 * ends (#012).  Over 4096 bytes is malformed. */
enum alarm_parse alarm_parse(const void *data, size_t len, struct alarm *a);

enum alarm_says {
	ALARM_LOST,  /* the text begins with the trigger's, or a part behind a
		      * comma does, at the end of a word */
	ALARM_NEAR,  /* it has that text elsewhere */
	ALARM_CLEAR, /* its severity says that the loss is over */
	ALARM_OTHER_TEXT,
	ALARM_OTHER_NAME
};
/* What it says of the trigger; case and runs of white space do not count. */
enum alarm_says alarm_says(
    const struct alarm *a, const char *name, const char *text);

#endif
