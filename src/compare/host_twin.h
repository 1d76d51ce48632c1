/* host_twin.h - which host of one capture is which of the other, as far as
 * addresses tell: the same address is the same host.
 *
 * What addresses do not tell (translation) is learned from packets by
 * certain_pair.
 */
#ifndef COMPARE_HOST_TWIN_H
#define COMPARE_HOST_TWIN_H

#include "compare/trace.h"

/* Fills in `twin` of hosts that both captures have. */
void host_twin_by_address(struct trace *const trace[SIDE_COUNT]);
/* The host with this address; TRACE_NONE: not in this capture. */
uint32_t host_twin_find(const struct trace *t, const struct addr *a);
/* Do both captures know it by the same address? */
bool host_twin_same(struct trace *const trace[SIDE_COUNT], uint32_t server);

#endif
