/* alarm_sender.h - alarms by syslog, as OVOC forwards them: UDP, RFC 3164. */
#ifndef LAB_ALARM_SENDER_H
#define LAB_ALARM_SENDER_H

#include <stdint.h>

#include "base/addr.h"
#include "base/str.h"
#include "loop/loop.h"
#include "scenario.h"

struct alarm_note {
	const char *name; /* of the device */
	struct addr address;
	const char *text; /* "Connection Lost" */
	bool clear;
	unsigned unique_id;
	int64_t wall_ms;
};

struct alarm_sender;

struct alarm_sender *alarm_sender_new(
    struct loop *lp, const struct ovoc_conf *conf);
void alarm_write(const struct ovoc_conf *conf, const struct alarm_note *note,
    struct strbuf *to);
/* One datagram from OVOC's address, or from `source` if not NULL.  Trouble is
 * logged. */
void alarm_send(struct alarm_sender *s, const void *data, size_t len,
    const struct addr *to, uint16_t port, const struct addr *source);
void alarm_sender_free(struct alarm_sender *s);

#endif
