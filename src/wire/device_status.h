/* device_status.h - what a device tells of itself: how long it is up, and what
 * time it has.
 *
 * The answer to GET /api/v1/status is JSON; of its members (AudioCodes, "REST
 * API for Mediant Devices", /status) two are read: `systemUpTime`, seconds, and
 * `localTimeStamp`, "2010-01-17T17:29:15.000Z".
 */
#ifndef WIRE_DEVICE_STATUS_H
#define WIRE_DEVICE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#define DEVICE_STATUS_PATH "/api/v1/status"

struct device_status {
	int64_t up;    /* ms since its last restart; -1: not told */
	int64_t clock; /* wall ms; 0: not told */
};

/* Decode the body of an HTTP 200; what is not plain is not told. */
void device_status_read(const char *body, size_t len, struct device_status *s);

#endif
