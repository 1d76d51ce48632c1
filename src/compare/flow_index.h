/* flow_index.h - a flow of a side by its hosts and ports. */
#ifndef COMPARE_FLOW_INDEX_H
#define COMPARE_FLOW_INDEX_H

#include <stdint.h>

#include "compare/trace.h"

struct flow_index;

/* The flows that the trace has now. */
struct flow_index *flow_index_new(const struct trace *t);
/* NULL is accepted. */
void flow_index_free(struct flow_index *x);
/* The flow with these hosts (of this trace), ports and protocol; FLOW_NONE:
 * there is none.  Only `from` ... `protocol` of `like` are looked at. */
uint32_t flow_index_find(const struct flow_index *x, const struct flow *like);

#endif
