/* mapping_change.c - did the translation of a sender's address or port change?
 */
#include "compare/mapping_change.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

/* So many packets with the old one, and with the new one. */
#define SEEN_MIN 3
/* Fewer that got lost on their way to the old one may be chance. */
#define LOST_MIN 3

/* What connections, or hosts, of the sender are at the receiver: one thing,
 * then another one. */
struct view {
	uint32_t as[2]; /* flows, or hosts, of the receiver's capture */
	uint32_t n[2];
	uint32_t last, then; /* records: the last with the first one, ... */
	uint32_t host;       /* of a flow: the sender of what it is now */
	bool restless;       /* it went back, or there was a third one */
};

struct views {
	struct view *v;
	uint32_t n;
	bool hosts; /* not connections */
	bool any;   /* one changed */
};

struct mapping_change {
	const struct scene *scene;
	enum side sender;
	struct views flow, host;
};

/* An address and port of the receiver's capture; of a host: any port. */
struct point {
	uint32_t host;
	uint16_t port;
	uint8_t protocol;
};

/* All that was seen as one end point. */
struct change {
	struct point old, now;
	uint32_t n[2], last, then;
	bool moved, stays;
	int64_t at; /* the first with the new one, or that was lost */
	uint32_t lost;
	bool answers; /* what was sent to the old one arrived */
};

struct mapping_change *
mapping_change_new(const struct scene *sc, enum side sender)
{
	struct mapping_change *m = xcalloc(1, sizeof(*m));
	const struct trace *t = sc->trace[sender];

	m->scene = sc;
	m->sender = sender;
	m->flow.n = t->n_flows;
	m->host.n = t->n_hosts;
	m->host.hosts = true;
	m->flow.v = xcalloc((size_t)m->flow.n + 1, sizeof(*m->flow.v));
	m->host.v = xcalloc((size_t)m->host.n + 1, sizeof(*m->host.v));
	return m;
}

void
mapping_change_free(struct mapping_change *m)
{
	if (m == NULL)
		return;
	free(m->flow.v);
	free(m->host.v);
	free(m);
}

static void
look(struct views *all, uint32_t which, uint32_t as, uint32_t sent)
{
	struct view *v = &all->v[which];
	int now = v->n[1] > 0;

	if (v->n[0] == 0)
		v->as[0] = as;
	if (as != v->as[now]) {
		v->restless |= now == 1;
		v->as[1] = as;
		v->then = now == 1 ? v->then : sent;
		now = 1;
		all->any = true;
	}
	v->n[now]++;
	if (now == 0)
		v->last = sent;
}

void
mapping_change_take(struct mapping_change *m, uint32_t sent, uint32_t seen)
{
	const struct trace *from = m->scene->trace[m->sender];
	const struct trace *to = m->scene->trace[!m->sender];
	uint32_t flow = from->rec[sent].flow, as = to->rec[seen].flow;
	struct view *v = &m->flow.v[flow];

	/* Another connection with the same ports is translated anew. */
	if ((from->rec[sent].bits & RECORD_SYN) != 0)
		*v = (struct view){.n = {0, 0}};
	/* The other flows are not in the cache. */
	if (v->n[0] == 0 || as != v->as[v->n[1] > 0])
		v->host = to->flow[as].from;
	look(&m->flow, flow, as, sent);
	look(&m->host, from->flow[flow].from, v->host, sent);
}

static struct point
point_of(const struct mapping_change *m, const struct views *all, uint32_t as)
{
	const struct flow *f = &m->scene->trace[!m->sender]->flow[as];

	if (all->hosts)
		return (struct point){.host = as};
	return (struct point){f->from, f->from_port, f->protocol};
}

static int
by_point(const struct point *x, const struct point *y)
{
	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->protocol < y->protocol ? -1 : x->protocol > y->protocol;
}

static int
by_old(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return by_point(&x->old, &y->old);
}

/* What changes is the sender: to whom it sends does not. */
static bool
same_receiver(const struct mapping_change *m, const struct views *all,
    const struct view *v)
{
	const struct flow *f = m->scene->trace[!m->sender]->flow;

	return all->hosts || (f[v->as[0]].to == f[v->as[1]].to &&
				 f[v->as[0]].to_port == f[v->as[1]].to_port);
}

static struct change
change_of(const struct mapping_change *m, const struct views *all,
    const struct view *v)
{
	struct change c = {.old = point_of(m, all, v->as[0]),
	    .n = {v->n[0], v->n[1]},
	    .last = v->last,
	    .then = v->then,
	    .moved = v->n[1] > 0};

	c.stays = v->restless;
	if (!c.moved)
		return c;
	c.now = point_of(m, all, v->as[1]);
	c.stays |= !same_receiver(m, all, v);
	return c;
}

/* Another one that was seen as the same end point. */
static void
join(struct change *c, const struct change *other)
{
	c->stays |= other->stays || (c->moved && other->moved &&
					by_point(&c->now, &other->now) != 0);
	if (other->last > c->last)
		c->last = other->last;
	if (other->moved) {
		c->then =
		    !c->moved || other->then < c->then ? other->then : c->then;
		c->now = other->now;
		c->moved = true;
		c->n[1] += other->n[1];
	}
	c->n[0] += other->n[0];
}

/* Each end point once, in order; how many. */
static uint32_t
gather(
    const struct mapping_change *m, const struct views *all, struct change *to)
{
	uint32_t i, n = 0, kept = 0;

	for (i = 0; i < all->n; i++)
		if (all->v[i].n[0] > 0)
			to[n++] = change_of(m, all, &all->v[i]);
	if (n == 0)
		return 0;
	qsort(to, n, sizeof(*to), by_old);
	for (i = 1; i < n; i++) {
		if (by_old(&to[kept], &to[i]) == 0)
			join(&to[kept], &to[i]);
		else
			to[++kept] = to[i];
	}
	return kept + 1;
}

/* Of connections: the port, as the address is looked for by hosts. */
static bool
has_changed(const struct views *all, const struct change *c)
{
	return c->moved && !c->stays && c->last < c->then &&
	       c->n[0] >= SEEN_MIN && c->n[1] >= SEEN_MIN &&
	       (all->hosts || c->old.host == c->now.host);
}

/* Only those that changed are left. */
static uint32_t
sift(const struct views *all, struct change *c, uint32_t n)
{
	uint32_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (has_changed(all, &c[i]))
			c[kept++] = c[i];
	return kept;
}

/* To which of the old ones a flow of the receiver's goes; NULL: to none. */
static struct change *
target(
    const struct views *all, const struct flow *f, struct change *c, uint32_t n)
{
	struct change key = {.old = {.host = f->to}};

	if (!all->hosts) {
		key.old.port = f->to_port;
		key.old.protocol = f->protocol;
	}
	return bsearch(&key, c, n, sizeof(*c), by_old);
}

/* A packet to the old one: sent behind the last that came from there, it may be
 * lost; sent behind the first that came from the new one it cannot arrive. */
static void
take_answer(const struct mapping_change *m, struct change *c, uint32_t i)
{
	const struct scene *sc = m->scene;
	enum side back = (enum side) !m->sender;
	int64_t at = fate_time(sc, back, i);
	enum reason why;

	if (at < fate_time(sc, m->sender, c->last))
		return;
	switch (fate_of_sent(sc, back, i, &why)) {
	case FATE_LOST:
		c->lost++;
		if (at < c->at)
			c->at = at;
		break;
	case FATE_ARRIVED:
	case FATE_PROVED:
		c->answers |=
		    at > fate_time(sc, m->sender, c->then) + sc->common->guard;
		break;
	case FATE_NOT_OURS:
	case FATE_OUTSIDE:
	case FATE_DOUBLE:
	case FATE_UNKNOWN:
		break;
	}
}

static void
take_answers(const struct mapping_change *m, const struct views *all,
    struct change *c, uint32_t n)
{
	const struct trace *t = m->scene->trace[!m->sender];
	struct change **of =
	    xcalloc((size_t)t->n_flows + 1, sizeof(struct change *));
	uint32_t i;

	for (i = 0; i < n; i++)
		c[i].at = fate_time(m->scene, m->sender, c[i].then);
	for (i = 0; i < t->n_flows; i++)
		of[i] = target(all, &t->flow[i], c, n);
	for (i = 0; i < t->n; i++)
		if (of[t->rec[i].flow] != NULL)
			take_answer(m, of[t->rec[i].flow], i);
	free(of);
}

static bool
is_better(const struct change *c, const struct change *than)
{
	if (than == NULL || c->lost != than->lost)
		return than == NULL || c->lost > than->lost;
	return c->then < than->then;
}

/* A connection from before the change is known by the new address. */
static bool
goes_on(const struct mapping_change *m, const struct change *c)
{
	const struct flow *f = m->scene->trace[!m->sender]->flow;
	const struct view *v;
	uint32_t i;

	for (i = 0; i < m->flow.n; i++) {
		v = &m->flow.v[i];
		if (!v->restless && v->n[0] >= SEEN_MIN &&
		    v->n[1] >= SEEN_MIN && f[v->as[0]].from == c->old.host &&
		    f[v->as[1]].from == c->now.host)
			return true;
	}
	return false;
}

/* New connections may have another address than those of before: that it is not
 * one of two only the loss of what goes to the old one tells. */
static const struct change *
choose(const struct mapping_change *m, const struct views *all,
    struct change *c, uint32_t n, bool lossy)
{
	const struct change *best = NULL;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (c[i].lost < LOST_MIN || !lossy) {
			c[i].lost = 0;
			c[i].at = fate_time(m->scene, m->sender, c[i].then);
		}
		if (c[i].answers ||
		    (all->hosts && c[i].lost == 0 && !goes_on(m, &c[i])))
			continue;
		if (is_better(&c[i], best))
			best = &c[i];
	}
	return best;
}

/* Other ports of the address that changed with it may tell more exactly when
 * that was, and they lose what is sent to them, too. */
static struct change
sum_up(const struct change *best, const struct change *c, uint32_t n)
{
	struct change sum = *best;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (&c[i] == best || c[i].old.host != best->old.host ||
		    c[i].last > best->then || c[i].then < best->last)
			continue;
		sum.lost += c[i].lost;
		if (c[i].at < sum.at)
			sum.at = c[i].at;
	}
	return sum;
}

static void
tell(const struct mapping_change *m, const struct change *c,
    struct result_mapping *to)
{
	struct flow_table *table = m->scene->trace[!m->sender]->table;

	*to = (struct result_mapping){.from = c->at,
	    .before = *flow_table_host(table, c->old.host),
	    .now = *flow_table_host(table, c->now.host),
	    .before_port = c->old.port,
	    .port = c->now.port,
	    .lost = c->lost};
}

static bool
find(const struct mapping_change *m, const struct views *all, bool lossy,
    struct result_mapping *to)
{
	const struct change *best = NULL;
	struct change *c, sum;
	uint32_t n;

	if (!all->any)
		return false;
	c = xcalloc((size_t)all->n + 1, sizeof(*c));
	n = sift(all, c, gather(m, all, c));
	if (n > 0) {
		take_answers(m, all, c, n);
		best = choose(m, all, c, n, lossy);
	}
	if (best != NULL) {
		sum = sum_up(best, c, n);
		tell(m, &sum, to);
	}
	free(c);
	return best != NULL;
}

void
mapping_change_find(
    const struct mapping_change *m, bool lossy, struct result_mapping *to)
{
	if (!find(m, &m->host, lossy, to))
		(void)find(m, &m->flow, lossy, to);
}
