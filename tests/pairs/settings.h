/* settings.h - all that makes one scenario differ from another.
 *
 * Times are nanoseconds since the event began, by a clock that is right.
 * Pure data: feature.c writes it, everybody else reads it.
 */
#ifndef PAIRS_SETTINGS_H
#define PAIRS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "change.h"
#include "recorder.h"

enum kind { KIND_SNMP, KIND_TRAP, KIND_ICMP, KIND_TCP, KIND_UDP, KIND_COUNT };
#define KINDS_ALL ((1u << KIND_COUNT) - 1)
/* The one who sends on a way, and its capture, have the same number. */
enum way { THERE, BACK, WAYS };
enum side { SERVER, DEVICE, SIDES };
#define WAYS_BOTH 3u

#define SECOND     INT64_C(1000000000)
#define MILLI      INT64_C(1000000)
#define MICRO      INT64_C(1000)
#define EVENT_WALL INT64_C(1795402800) /* 2026-11-23T03:00:00Z */

enum loss_how {
	LOSS_NONE,
	LOSS_ALL,
	LOSS_EVERY,
	LOSS_ABOVE,
	LOSS_RANDOM,
	LOSS_BURSTS,
	LOSS_ONE,
	LOSS_PIECES,
	LOSS_FLOWS,
	LOSS_FIRST,
	LOSS_RATE
};
/* `n`: of every n-th, or every n-th flow; larger than n bytes; n in 1 000; more
 * than n a second. */
struct loss {
	enum loss_how how;
	unsigned kinds, ways, n;
	int64_t from, until;
};

struct way_settings {
	int64_t base[WAYS], jitter[WAYS], reorder_by;
	unsigned reorder, again; /* in 1 000 */
	unsigned mtu;            /* 0: no limit */
	unsigned hops;
	bool fresh_ids, shifts_seq; /* IP ids, TCP numbers are rewritten */
	bool nat_device, nat_ports, nat_server;
};

/* Of the device; the server's is right. */
struct wrong_clock {
	int64_t offset, step_at, step_by; /* step_by 0: none */
	int64_t drift;                    /* ns a second */
};

struct settings {
	int64_t span;
	struct loss loss;
	struct way_settings path;
	struct change change;
	struct wrong_clock clock;
	struct recorder recorder[SIDES];
	/* Who sends on that way says nothing of these kinds any more. */
	unsigned muted[WAYS];
	int64_t muted_from;
	bool refuses; /* a router tells OVOC what it throws away */
	bool quiet, v2c, like_pings, no_ids, fragile, fresh_ports, v6, bulk,
	    mixture;
};

#endif
