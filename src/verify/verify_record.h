/* verify_record.h - the probes of a verify, one by one, for the record of an
 * event (wire/event_record.h): both programs write them down so.
 */
#ifndef VERIFY_VERIFY_RECORD_H
#define VERIFY_VERIFY_RECORD_H

#include "base/json_out.h"
#include "verify/verify.h"

/* Add the one of this fate to an array, if it was sent and has one. */
void verify_record_probe(enum verify_kind k, enum verify_probe fate,
    const struct verify_trace *t, int64_t began_us, struct json_out *to);
/* Add members: `probes`, all that were sent and have their fate, and before it
 * `probeTimeoutMs`, how long the answer to each was waited for. */
void verify_record_put(const struct verify_result *r, struct json_out *to);

#endif
