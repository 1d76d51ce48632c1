/* tcp_end.c - the arithmetic of one end. */
#include "tcp_end.h"

uint32_t
tcp_end_segment(const struct tcp_end *e, uint32_t off)
{
	uint32_t end = e->limit;

	if (off == 0)
		return 1;
	if (off >= e->limit)
		return off == e->limit && e->fin ? 1 : 0;
	if (off < e->old_limit)
		end = e->old_limit; /* cut where it was cut before */
	return end - off < TCP_END_MSS ? end - off : TCP_END_MSS;
}

static void
forget(struct tcp_end *e, unsigned i)
{
	e->n_kept--;
	e->kept[i] = e->kept[e->n_kept];
	e->kept_len[i] = e->kept_len[e->n_kept];
}

bool
tcp_end_take(struct tcp_end *e, uint32_t off, uint32_t len)
{
	unsigned i;

	if (off > e->rcv) {
		if (e->n_kept < TCP_END_KEPT) {
			e->kept[e->n_kept] = off;
			e->kept_len[e->n_kept++] = len;
		}
		return false;
	}
	if (off + len > e->rcv)
		e->rcv = off + len;
	for (i = 0; i < e->n_kept;) {
		if (e->kept[i] > e->rcv) {
			i++;
			continue;
		}
		if (e->kept[i] + e->kept_len[i] > e->rcv)
			e->rcv = e->kept[i] + e->kept_len[i];
		forget(e, i);
		i = 0;
	}
	return true;
}

bool
tcp_end_acknowledged(struct tcp_end *e, uint32_t ack, bool bare)
{
	if (ack > e->una && ack <= e->nxt) {
		e->una = ack;
		e->tries = e->repeats = 0;
		return false;
	}
	if (ack == e->una && bare && e->nxt > e->una)
		e->repeats++;
	return e->repeats == 3 && bare;
}
