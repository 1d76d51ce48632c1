/* rig_map.h - compare_rig.h: a translation that changes. */
#ifndef UNIT_RIG_MAP_H
#define UNIT_RIG_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/traffic.h"

/* True ms: then the one who `sends` that way has another address or port at the
 * other end, whose host knows it only later; at 0: never. */
struct rig_map {
	int64_t at, known;
	enum way sends;
	bool address, port;
	bool each; /* each connection has a port of its own there, always */
};

#endif
