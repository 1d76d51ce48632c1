/* status.h - a device is asked how long it is up, and what time it has.
 *
 * One request, no second try, no row: it helps to say what happened, and what
 * comes of it is never the device's failure.  One that does not answer it with
 * HTTP 200 is not asked again: three refused logins lock an address out.
 */
#ifndef DEVICE_STATUS_H
#define DEVICE_STATUS_H

#include "device/reach.h"
#include "wire/device_status.h"

typedef void status_done(void *arg, const struct device_status *told);

struct status {   /* embedded; the fields are its own, but for reading */
	int code; /* HTTP status of the last answer, 0: none came */
	struct fail fail; /* FAIL_NONE: it was 2xx */
	int64_t date;     /* its Date header, wall ms; 0: it has none */
	struct reach *reach;
	struct ticket ticket;
	bool asking;
	bool refused;
	status_done *done;
	void *arg;
};

void status_init(
    struct status *s, struct reach *reach, status_done *done, void *arg);
/* `done` runs once, from the loop.  False: it is not asked any more. */
bool status_ask(struct status *s);
/* Harmless when nothing is asked; `done` will not run. */
void status_cancel(struct status *s);

#endif
