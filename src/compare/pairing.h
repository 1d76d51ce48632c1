/* pairing.h - which packet of one capture is which of the other.
 *
 * What has the same key in both and is of the same conversation, however the
 * path names it; alike.h does the rest.
 */
#ifndef COMPARE_PAIRING_H
#define COMPARE_PAIRING_H

#include <stdint.h>

#include "compare/delay.h"
#include "compare/trace.h"

/* Fills in `mate` of all records, FLOW_MATCHED and FLOW_CHANGED. */
void pairing_run(const struct path *p, struct trace *const trace[SIDE_COUNT]);

#endif
