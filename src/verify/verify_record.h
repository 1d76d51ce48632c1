/* verify_record.h - the probes of a verify, one by one, for the record of an
 * event (wire/event_record.h): both programs write them down so.
 */
#ifndef VERIFY_VERIFY_RECORD_H
#define VERIFY_VERIFY_RECORD_H

#include "base/json_out.h"
#include "verify/verify_result.h"

/* Add one to an array, if it was sent and has its fate. */
void verify_record_probe(enum verify_kind k, const struct verify_probe *v,
    int64_t began_us, struct json_out *to);
/* Add members: `probes`, all that were sent and have their fate, and before it
 * `probeTimeoutMs`, how long the answer to each was waited for. */
void verify_record_put(const struct verify_result *r, struct json_out *to);

#endif
