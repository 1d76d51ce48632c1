/* offload.h - what an interface's hardware, or its driver, does to packets
 * before a capture sees them: ethtool's flags (ethtool(8)).
 */
#ifndef IO_OFFLOAD_H
#define IO_OFFLOAD_H

#include <stdbool.h>

enum offload_flag {
	OFFLOAD_TSO, /* segments are bigger than on the wire, going out */
	OFFLOAD_GSO,
	OFFLOAD_GRO, /* ... and coming in */
	OFFLOAD_LRO,
	OFFLOAD_FLAGS
};
const char *offload_name(enum offload_flag f);
/* False: this interface, or this process, cannot tell. */
bool offload_read(const char *interface, bool on[OFFLOAD_FLAGS]);

#endif
