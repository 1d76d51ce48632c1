/* proof.c - what tells of packets that they came, by what may tell.
 */
#include "compare/proof.h"

#include <math.h>

#include "compare/chance.h"

static enum proof_by
by_what(const struct record *r)
{
	if (r->what == RECORD_TCP)
		return r->length > 0 ||
			       (r->bits & (RECORD_SYN | RECORD_FIN)) != 0
			   ? PROOF_ACK
			   : PROOF_NOTHING;
	return (r->bits & RECORD_ASKS) != 0 ? PROOF_ANSWER : PROOF_NOTHING;
}

void
proof_take(struct proof p[PROOF_COUNT], const struct trace *t, uint32_t i,
    enum fate fate)
{
	const struct record *r = &t->rec[i];
	enum proof_by by = by_what(r);

	p[by].n++;
	switch (fate) {
	case FATE_LOST:
		p[by].missing++;
		return;
	case FATE_UNKNOWN:
		p[by].blind++;
		return;
	case FATE_PROVED:
		p[by].told++;
		return;
	case FATE_ARRIVED:
		if (t->mate[i] == TRACE_NONE || by != PROOF_ANSWER)
			return;
		p[by].tried++;
		p[by].would += (r->bits & TRACE_PROVED) != 0;
		return;
	case FATE_NOT_OURS:
	case FATE_OUTSIDE:
	case FATE_DOUBLE:
		return;
	}
}

void
proof_add(struct proof p[PROOF_COUNT], const struct proof more[PROOF_COUNT])
{
	int i;

	for (i = 0; i < PROOF_COUNT; i++) {
		p[i].n += more[i].n;
		p[i].missing += more[i].missing;
		p[i].blind += more[i].blind;
		p[i].told += more[i].told;
		p[i].tried += more[i].tried;
		p[i].would += more[i].would;
	}
}

void
proof_acks(struct proof p[PROOF_COUNT], const struct byte_gaps *gaps)
{
	struct proof *a = &p[PROOF_ACK];

	a->tried = gaps->tried;
	a->would = gaps->would;
	if (a->tried == 0 && a->missing + a->blind + a->told == 0)
		a->tried = a->would = a->n;
}

double
proof_silent(const struct proof p[PROOF_COUNT], int n)
{
	double silent = 0;
	int i;

	for (i = 0; i < n; i++)
		silent += p[i].tried == 0
			      ? p[i].n
			      : (double)p[i].n * (p[i].tried - p[i].would) /
				    p[i].tried;
	return silent;
}

double
proof_silent_most(const struct proof p[PROOF_COUNT], int n, double least)
{
	double silent = 0;
	int i;

	for (i = 0; i < n; i++)
		silent += p[i].n *
			  fmax(least,
			      chance_most(p[i].tried - p[i].would, p[i].tried));
	return silent;
}
