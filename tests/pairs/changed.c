/* changed.c - what one packet meets of the changes of its way.
 */
#include <inttypes.h>
#include <netinet/in.h>

#include "changed.h"
#include "dice.h"

/* Nothing that is told of a change is older than this: the next packet of the
 * slowest talk, and a second for the clock. */
#define NEXT  (6 * SECOND)
#define CLOCK SECOND

int64_t
changed_delay(const struct settings *s, const struct packet *p)
{
	const struct change *c = &s->change;

	return (c->slow_ways & 1u << p->way) != 0 && p->sent >= c->slow_from &&
		       p->sent < c->slow_until
		   ? c->slow_by
		   : 0;
}

unsigned
changed_hops(const struct settings *s, const struct packet *p)
{
	const struct change *c = &s->change;
	bool other = (c->route_ways & 1u << p->way) != 0 &&
		     p->sent >= c->route_from &&
		     (!c->flaps || dice_byte_at(p->id, 0) % 2 == 0);

	return s->path.hops + (other ? c->more : 0);
}

unsigned
changed_dscp(const struct settings *s, const struct packet *p, enum side side)
{
	const struct change *c = &s->change;

	return (c->marked_ways & 1u << p->way) != 0
		   ? c->dscp[packet_sender(p) != side]
		   : 0;
}

/* The server does not change the address of a connection, and answers where one
 * comes from. */
static bool
is_new(const struct change *c, const struct packet *p)
{
	const struct flow *f = p->flow;

	if (p->way == BACK)
		return p->sent >= c->mapped_from;
	if (f->protocol != IPPROTO_TCP)
		return p->sent >= c->mapped_known;
	return f->begun >=
	       (f->opener == BACK ? c->mapped_from : c->mapped_known);
}

bool
changed_lost(const struct settings *s, const struct packet *p)
{
	return s->change.new_address && p->way == THERE &&
	       p->sent >= s->change.mapped_from && !is_new(&s->change, p);
}

bool
changed_address(const struct settings *s, const struct packet *p)
{
	return s->change.new_address && is_new(&s->change, p);
}

bool
changed_port(const struct settings *s, const struct packet *p)
{
	return s->change.new_ports && p->flow->protocol == IPPROTO_UDP &&
	       is_new(&s->change, p);
}

static const char *
name_of(enum way way)
{
	return way == THERE ? "there" : "back";
}

/* Is something lost on this way, for as long as the captures need to show what
 * the way did then? */
static bool
loses(const struct settings *s, enum way way)
{
	return s->loss.how == LOSS_ALL && s->loss.from > 0 &&
	       (s->loss.ways & 1u << way) != 0;
}

/* Each is true if the sentence is to speak of it. */
static bool
write_slower(FILE *f, const struct settings *s, enum way way)
{
	const struct change *c = &s->change;
	int64_t by = c->slow_by, jitter = s->path.jitter[way];

	if ((c->slow_ways & 1u << way) == 0 || !loses(s, way) ||
	    c->slow_from < s->loss.from - 10 * SECOND ||
	    c->slow_from >= s->loss.from || c->slow_until < s->loss.from)
		return false;
	fprintf(f, "path %s slower %" PRId64 " %" PRId64, name_of(way),
	    (c->slow_from - CLOCK) / MILLI, (c->slow_from + NEXT) / MILLI);
	fprintf(f, " %" PRId64 " %" PRId64 "\n", (by - jitter) / MILLI,
	    (by + jitter + MILLI) / MILLI);
	return true;
}

static bool
write_route(FILE *f, const struct settings *s, enum way way)
{
	const struct change *c = &s->change;

	if ((c->route_ways & 1u << way) == 0 || !loses(s, way) || c->flaps ||
	    c->route_from < s->loss.from || c->route_from > s->loss.until)
		return false;
	fprintf(f, "path %s route %" PRId64 " %" PRId64 " %u %u\n",
	    name_of(way), (c->route_from - CLOCK) / MILLI,
	    (c->route_from + NEXT) / MILLI, s->path.hops,
	    s->path.hops + c->more);
	return true;
}

/* Of what goes to the device: was it lost, and does it have another address?
 */
static bool
write_mapping(FILE *f, const struct settings *s, enum way way)
{
	const struct change *c = &s->change;

	if (way != THERE || (!c->new_address && !c->new_ports))
		return false;
	fprintf(f, "path there mapping %" PRId64 " %" PRId64 " %d %d\n",
	    (c->mapped_from - CLOCK) / MILLI, (c->mapped_from + NEXT) / MILLI,
	    loses(s, way), c->new_address);
	return loses(s, way);
}

static void
write_dscp(FILE *f, const struct settings *s, enum way way)
{
	const struct change *c = &s->change;

	if ((c->marked_ways & 1u << way) != 0 && c->dscp[0] != c->dscp[1])
		fprintf(f, "path %s dscp 0 0 %u %u\n", name_of(way), c->dscp[0],
		    c->dscp[1]);
}

void
changed_write(FILE *f, const struct settings *s)
{
	bool slower = false, route = false, mapping = false;
	enum way way;

	for (way = THERE; way < WAYS; way++) {
		slower |= write_slower(f, s, way);
		route |= write_route(f, s, way);
		mapping |= write_mapping(f, s, way);
		write_dscp(f, s, way);
	}
	fprintf(f, "%s ms longer|slower by\n", slower ? "must" : "mustnot");
	fprintf(f, "%s route to|other route\n", route ? "must" : "mustnot");
	fprintf(f, "%s translation changed|new mapping\n",
	    mapping ? "must" : "mustnot");
}
