/* sink.c - see sink.h.
 */
#include "report/sink.h"

void
sink_pass(struct sink *s)
{
	if (s->held.len < SINK_PIECE)
		return;
	s->put(s->to, s->held.s, s->held.len);
	strbuf_clear(&s->held);
}

void
sink_end(struct sink *s)
{
	s->put(s->to, strbuf_text(&s->held), s->held.len);
	strbuf_free(&s->held);
}
