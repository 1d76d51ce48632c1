/* path.c - the way between the server and the device. */
#include <netinet/in.h>

#include "changed.h"
#include "path.h"

void
path_init(struct path *path, const struct settings *s)
{
	*path = (struct path){.settings = s};
}

unsigned
path_ip_length(const struct settings *s, const struct packet *p)
{
	unsigned header = s->v6 ? 40 : 20;

	if (p->flow->protocol != IPPROTO_TCP)
		return header + 8 + p->len;
	if (p->flow->bare)
		return header + 20 + ((p->flags & TCP_SYN) != 0 ? 4 : 0) +
		       p->len;
	return header + 20 + ((p->flags & TCP_SYN) != 0 ? 20 : 12) + p->len;
}

static bool
concerns(const struct loss *l, const struct packet *p)
{
	return (l->kinds & 1u << p->flow->kind) != 0 &&
	       (l->ways & 1u << p->way) != 0 && p->sent >= l->from &&
	       p->sent < l->until;
}

static bool
in_burst(struct path *path, struct dice *d, const struct packet *p)
{
	if (path->burst[p->way] > 0) {
		path->burst[p->way]--;
		return true;
	}
	if (dice_hit(d, path->settings->loss.n, 1000))
		path->burst[p->way] = dice_in(d, 2, 12);
	return false;
}

static bool
is_too_much(struct path *path, const struct packet *p)
{
	if (path->second[p->way] != p->sent / SECOND) {
		path->second[p->way] = p->sent / SECOND;
		path->in_second[p->way] = 0;
	}
	return ++path->in_second[p->way] > path->settings->loss.n;
}

static bool
loses(struct path *path, struct dice *d, const struct packet *p)
{
	const struct loss *l = &path->settings->loss;

	if (changed_lost(path->settings, p))
		return true;
	if (!concerns(l, p))
		return false;
	switch (l->how) {
	case LOSS_NONE:
	case LOSS_PIECES:
		return false;
	case LOSS_ALL:
		return true;
	case LOSS_EVERY:
		return path->matched[p->way]++ % l->n == l->n - 1;
	case LOSS_ABOVE:
		return path_ip_length(path->settings, p) > l->n;
	case LOSS_RANDOM:
		return dice_hit(d, l->n, 1000);
	case LOSS_BURSTS:
		return in_burst(path, d, p);
	case LOSS_FLOWS:
		return p->flow->number % l->n == 0;
	case LOSS_FIRST:
		return p->flow->sent[p->way] == 1;
	case LOSS_RATE:
		return is_too_much(path, p);
	case LOSS_ONE:
		if (path->one_gone)
			return false;
		return path->one_gone = true;
	}
	return false;
}

static void
cut_up(struct path *path, struct dice *d, struct packet *p)
{
	const struct settings *s = path->settings;
	unsigned room = (s->path.mtu - 20) / 8 * 8;
	unsigned length = path_ip_length(s, p) - 20;

	if (s->path.mtu == 0 || p->whole || s->v6 || length <= room)
		return;
	p->pieces = (length + room - 1) / room;
	if (s->loss.how == LOSS_PIECES && concerns(&s->loss, p) &&
	    dice_hit(d, s->loss.n, 1000))
		p->lost_pieces = 1u << (p->pieces - 1);
}

static int64_t
arrival(struct path *path, struct dice *d, const struct packet *p)
{
	const struct settings *s = path->settings;
	int64_t at = p->sent + s->path.base[p->way] + changed_delay(s, p) +
		     dice_in(d, 0, s->path.jitter[p->way]);

	if (s->path.reorder > 0 && dice_hit(d, s->path.reorder, 1000))
		return at +
		       dice_in(d, s->path.reorder_by / 4, s->path.reorder_by);
	if (at <= path->last[p->way])
		at = path->last[p->way] + dice_in(d, 1, 12) * MICRO;
	return path->last[p->way] = at;
}

void
path_fate(struct path *path, struct dice *d, struct packet *p)
{
	const struct settings *s = path->settings;

	if (!packet_counts(p)) {
		p->arrived = p->sent + dice_in(d, 8, 12) * MILLI;
		return;
	}
	if (loses(path, d, p))
		return;
	cut_up(path, d, p);
	if (s->path.fresh_ids)
		p->ip_id_there = dice_next(d);
	p->arrived = arrival(path, d, p);
	if (s->path.again > 0 && p->lost_pieces == 0 &&
	    dice_hit(d, s->path.again, 1000))
		p->again = p->arrived + dice_in(d, 10, 3000) * MICRO;
}
