/* device_rest.h - the REST interface of a simulated device. */
#ifndef LAB_DEVICE_REST_H
#define LAB_DEVICE_REST_H

#include "device.h"
#include "web.h"

/* Answer one request: PUT /api/v1/files/cliScript/incremental, or GET
 * /api/v1/status (AudioCodes, "REST API for SBC, Gateway and MSBR"). */
void device_rest_request(
    struct device *d, const struct web_request *rq, struct web_answer *a);
/* That answer was sent, or its connection broke. */
void device_rest_done(struct device *d);

#endif
