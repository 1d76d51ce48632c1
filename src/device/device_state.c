/* device_state.c - what the states are called, in logs and progress lines.
 */
#include "device/device_state.h"

const char *
device_state_name(enum device_state s)
{
	static const char *const names[DEVICE_STATES] = {
	    [DEVICE_RESOLVING] = "resolving",
	    [DEVICE_RECOVERING] = "recovering",
	    [DEVICE_REGISTERING] = "registering",
	    [DEVICE_STARTING] = "starting",
	    [DEVICE_ARMING] = "arming",
	    [DEVICE_CAPTURING] = "capturing",
	    [DEVICE_VERIFYING] = "verifying",
	    [DEVICE_STOPPING] = "stopping",
	    [DEVICE_RETRIEVING] = "retrieving",
	    [DEVICE_CLOSING] = "closing",
	    [DEVICE_DONE] = "done",
	    [DEVICE_FAILED] = "failed",
	};

	return names[s];
}
