/* conversation.h - who asks whom, over both ways and both captures. */
#ifndef COMPARE_CONVERSATION_H
#define COMPARE_CONVERSATION_H

#include "compare/trace.h"

/* Fills in `talk` of all flows: a flow, its reverse and the partners of both
 * have the same number, even where each capture has one way only. */
void conversation_number(struct trace *const trace[SIDE_COUNT]);
/* Fills in `class` of all flows, by what their packets are, else by ports; of
 * partners the one counts that knows. */
void conversation_classify(struct trace *const trace[SIDE_COUNT]);

#endif
