/* alike.c - of packets of one connection that are all alike, which one of one
 * capture is which of the other.
 */
#include "compare/alike.h"

#define COPY_NS INT64_C(2000000)
/* What comes later than this is another packet. */
#define WIDE_NS INT64_C(10000000000)
/* Of packets that are all alike within a moment, so many are looked at. */
#define LOOK_MAX 256
/* Where so many delays are known, none is so many times the longest, and more.
 */
#define LATE_SAMPLE 100
#define LATE_TIMES  3
#define LATE_NS     INT64_C(1000000000)

/* One flow's packets in a group. */
struct match {
	const struct path *path;
	struct trace *const *trace;
	enum side from;
	struct alike_item *sent, *seen;
	uint32_t n_sent, n_seen;
	int64_t early, narrow;
	uint32_t tie;     /* mask of what survives */
	uint32_t id;      /* ... where only an IP id may prove it */
	int64_t usual[2]; /* of most, the least and the most delay */
};

enum pass { PASS_SAME_ID, PASS_USUAL, PASS_NARROW, PASS_WIDE };

/* Could another one that was sent have come just then?  One that has come
 * already could not: with an IP id, the network's copies of it are known. */
static bool
is_anothers(const struct match *m, const struct alike_item *sent,
    const struct alike_item *seen)
{
	uint32_t low = 0, high = m->n_sent, middle, looked = 0;
	const struct alike_item *other;

	/* Those expected before it. */
	while (low < high) {
		middle = low + (high - low) / 2;
		if (m->sent[middle].time - m->early <= seen->time)
			low = middle + 1;
		else
			high = middle;
	}
	while (low-- > 0 && looked++ < LOOK_MAX) {
		other = &m->sent[low];
		if (other == sent || seen->time - other->time > m->narrow)
			return false;
		if (!other->taken || (seen->tie & TIE_ID) == 0)
			return true;
	}
	return false;
}

static bool
may_be(const struct match *m, const struct alike_item *sent,
    const struct alike_item *seen, enum pass pass)
{
	uint32_t both = sent->tie ^ seen->tie;

	if (seen->taken || seen->again || (both & m->tie) != 0)
		return false;
	if (pass == PASS_SAME_ID)
		return (sent->tie & m->id) != 0;
	if ((both & m->id) != 0)
		return false;
	if (pass == PASS_USUAL || pass == PASS_NARROW)
		return true;
	return (sent->tie & m->id) != 0 || !is_anothers(m, sent, seen);
}

static int64_t
latest(const struct match *m, enum pass pass)
{
	if (pass == PASS_WIDE)
		return WIDE_NS;
	return pass == PASS_USUAL ? m->usual[1] : m->narrow;
}

/* Had this one been sent again, would the sender's capture have it? */
static bool
is_only_one(const struct match *m, const struct alike_item *sent, int64_t seen)
{
	const struct trace *t = m->trace[m->from];
	int64_t at = m->from == SIDE_SERVER
			 ? clock_map_to_server(&m->path->clock, seen)
			 : clock_map_to_device(&m->path->clock, seen);
	uint32_t i;

	if ((sent->tie & m->id) != 0)
		return true;
	for (i = 0; i < t->n_spans; i++)
		if (at - m->usual[1] >= t->span[i].from &&
		    at - m->usual[0] <= t->span[i].to)
			return true;
	return false;
}

/* By far later than any that are known to be the same. */
static bool
is_too_late(const struct match *m, int64_t late)
{
	const struct delay_range *d =
	    &m->path->delay[m->from == SIDE_SERVER ? WAY_THERE : WAY_BACK];

	return d->n >= LATE_SAMPLE && late > LATE_TIMES * d->most + LATE_NS;
}

static void
pair(struct match *m, struct alike_item *sent, struct alike_item *seen,
    enum pass pass)
{
	struct trace *t = m->trace[m->from];

	if (pass == PASS_WIDE && !is_only_one(m, sent, seen->time)) {
		if (!is_too_late(m, seen->time - sent->time))
			t->rec[sent->record].bits |= TRACE_ALIKE;
		return;
	}
	sent->taken = seen->taken = true;
	sent->by_time = seen->by_time = pass != PASS_SAME_ID;
	t->mate[sent->record] = seen->record;
	m->trace[!m->from]->mate[seen->record] = sent->record;
}

static void
run_pass(struct match *m, enum pass pass)
{
	int64_t last = latest(m, pass);
	uint32_t i, j, first = 0;
	struct alike_item *sent;

	for (i = 0; i < m->n_sent; i++) {
		sent = &m->sent[i];
		/* Where a clock was set, the times may fall. */
		if (i > 0 && sent->time < m->sent[i - 1].time)
			first = 0;
		if (sent->taken)
			continue;
		while (first < m->n_seen &&
		       m->seen[first].time < sent->time - m->early)
			first++;
		for (j = first; j < m->n_seen && j < first + LOOK_MAX &&
				m->seen[j].time <= sent->time + last;
		     j++) {
			if (!may_be(m, sent, &m->seen[j], pass))
				continue;
			pair(m, sent, &m->seen[j], pass);
			break;
		}
		if (j == first + LOOK_MAX && !sent->taken && pass != PASS_USUAL)
			m->trace[m->from]->rec[sent->record].bits |=
			    TRACE_ALIKE;
		while (first < m->n_seen && m->seen[first].taken)
			first++;
	}
}

/* One that is on its way twice has its IP id twice, whatever the path makes of
 * ids; what was sent again has another.  (A card may have joined one with what
 * came behind it.) */
static bool
is_same(const struct match *m, const struct alike_item *one,
    const struct alike_item *like)
{
	const struct record *rec = m->trace[!m->from]->rec;

	return one->tie == like->tie &&
	       rec[one->record].length <= rec[like->record].length;
}

static bool
is_again(const struct match *m, uint32_t i)
{
	const struct alike_item *s = m->seen, *it = &s[i];
	uint32_t j, first = i > LOOK_MAX ? i - LOOK_MAX : 0;

	for (j = i; j-- > first && it->time - s[j].time <= m->narrow;)
		if (is_same(m, it, &s[j]))
			return true;
	for (j = i + 1; j < m->n_seen && j - i <= LOOK_MAX &&
			s[j].time - it->time <= m->narrow;
	     j++)
		if (s[j].taken && is_same(m, it, &s[j]))
			return true;
	return false;
}

static void
find_again(struct match *m)
{
	struct trace *seen = m->trace[!m->from];
	uint32_t i;

	for (i = 0; i < m->n_seen; i++) {
		if (m->seen[i].taken || (m->seen[i].tie & TIE_ID) == 0 ||
		    !is_again(m, i))
			continue;
		m->seen[i].again = true;
		seen->rec[m->seen[i].record].bits |= TRACE_OTHER;
	}
}

/* All that are like it have another IP id, and ids survive. */
static void
find_other(const struct match *m)
{
	struct trace *sent = m->trace[m->from];
	uint32_t i, j;
	bool same;

	if (m->id == 0 || m->n_seen > LOOK_MAX)
		return;
	for (i = 0; i < m->n_sent; i++) {
		if (m->sent[i].taken || (m->sent[i].tie & m->id) == 0)
			continue;
		same = false;
		for (j = 0; j < m->n_seen; j++)
			same |=
			    ((m->sent[i].tie ^ m->seen[j].tie) & m->id) == 0;
		if (!same)
			sent->rec[m->sent[i].record].bits |= TRACE_OTHER;
	}
}

/* Without IP ids: not all that are a capture's copies were known for that. */
static bool
may_be_copy(const struct trace *sent, const struct alike_item *a,
    const struct alike_item *b)
{
	unsigned bits = sent->rec[a->record].bits | sent->rec[b->record].bits;

	return sent->makes_copies && (bits & (RECORD_COPIED | RECORD_SYN)) != 0;
}

static bool
is_soon(const struct alike_item *a, const struct alike_item *b)
{
	return b->time > a->time - COPY_NS && b->time < a->time + COPY_NS;
}

/* Is `b` but a copy that the sender's capture made of `a`, or are they two that
 * the receiver's capture took for copies of one? */
static bool
is_copy(const struct match *m, const struct trace *sent,
    const struct record *came, const struct alike_item *a,
    const struct alike_item *b)
{
	if (is_soon(a, b) && a->tie == b->tie &&
	    ((a->tie & TIE_ID) != 0 || may_be_copy(sent, a, b)))
		return true;
	if ((came->bits & RECORD_COPIED) == 0 ||
	    ((a->tie ^ b->tie) & m->tie) != 0)
		return false;
	if ((came->tie & TIE_ID) != 0)
		return is_soon(a, b) && ((a->tie ^ b->tie) & TIE_ID) == 0;
	return b->time >= a->time - m->narrow && b->time <= a->time + m->narrow;
}

/* By their IP ids, copies are copies: the network's own, most of the time.  But
 * where ids are made anew, two of a burst may have been given the same. */
static bool
may_be_one(const struct match *m, const struct record *came,
    const struct alike_item *a, const struct alike_item *b)
{
	return (came->bits & RECORD_COPIED) != 0 && m->id == 0 &&
	       (came->tie & TIE_ID) != 0 && is_soon(a, b);
}

static void
note_copy(const struct match *m, const struct alike_item *a,
    const struct alike_item *b)
{
	struct trace *t = m->trace[m->from];
	const struct record *came;

	if (a == NULL || b->taken)
		return;
	came = &m->trace[!m->from]->rec[t->mate[a->record]];
	if (is_copy(m, t, came, a, b))
		t->rec[b->record].bits |= TRACE_BYTES;
	else if (may_be_one(m, came, a, b))
		t->rec[b->record].bits |= TRACE_ALIKE;
}

/* Does `near` stand for copies, and `a` for itself only? */
static bool
is_better(const struct trace *t, const struct trace *seen,
    const struct alike_item *near, const struct alike_item *a)
{
	return near != NULL &&
	       (seen->rec[t->mate[near->record]].bits & RECORD_COPIED) != 0 &&
	       (seen->rec[t->mate[a->record]].bits & RECORD_COPIED) == 0;
}

static void
find_copies(const struct match *m)
{
	struct trace *t = m->trace[m->from], *far = m->trace[!m->from];
	const struct alike_item *near = NULL, *a;
	uint32_t i;

	for (i = 0; i < m->n_sent; i++) {
		a = &m->sent[i];
		note_copy(m, near, a);
		if (a->taken && !is_better(t, far, near, a))
			near = a;
	}
	for (near = NULL; i-- > 0;) {
		a = &m->sent[i];
		note_copy(m, near, a);
		if (a->taken && !is_better(t, far, near, a))
			near = a;
	}
}

/* An acknowledgment, which TCP may repeat at once. */
static bool
is_bare(const struct record *r)
{
	return r->what == RECORD_TCP && r->length == 0 &&
	       (r->bits & (RECORD_SYN | RECORD_FIN | TRACE_BYTES)) == 0;
}

/* May it be one more than it seems, and that one be the other? */
static bool
may_be_two(const struct match *m, const struct alike_item *seen,
    const struct alike_item *sent)
{
	const struct record *r = &m->trace[!m->from]->rec[seen->record];
	bool copied = (r->bits & RECORD_COPIED) != 0;

	if ((seen->tie & TIE_ID) == 0)
		return false;
	/* Its mate may be one of those before. */
	return (copied && seen->time >= sent->time - m->narrow) ||
	       (seen->again && seen->time >= sent->time - m->early);
}

/* Where ids are made anew, two acknowledgments of a burst may have been given
 * the same: what seems to be one that is there twice. */
static void
find_same_id(const struct match *m)
{
	struct trace *t = m->trace[m->from];
	const struct alike_item *sent;
	uint32_t i, j = 0;

	if (m->id != 0)
		return;
	for (i = 0; i < m->n_sent; i++) {
		sent = &m->sent[i];
		if (sent->taken || !is_bare(&t->rec[sent->record]))
			continue;
		while (j < m->n_seen && !may_be_two(m, &m->seen[j], sent))
			j++;
		if (j == m->n_seen || m->seen[j].time > sent->time + m->narrow)
			continue;
		t->rec[sent->record].bits |= TRACE_ALIKE;
		j++;
	}
}

static uint32_t
untaken(const struct alike_item *item, uint32_t n)
{
	uint32_t i, left = 0;

	for (i = 0; i < n; i++)
		left += !item[i].taken && !item[i].again;
	return left;
}

/* Nobody was taken for his time. */
static void
undo(struct match *m)
{
	uint32_t i;

	for (i = 0; i < m->n_sent; i++) {
		if (!m->sent[i].by_time)
			continue;
		m->sent[i].taken = m->sent[i].by_time = false;
		m->trace[m->from]->mate[m->sent[i].record] = TRACE_NONE;
	}
	for (i = 0; i < m->n_seen; i++) {
		if (!m->seen[i].by_time)
			continue;
		m->seen[i].taken = m->seen[i].by_time = false;
		m->trace[!m->from]->mate[m->seen[i].record] = TRACE_NONE;
	}
}

/* Those that took as long as others do first, if it leaves no more over than
 * without: who comes out of order may have no other mate. */
static void
run_near(struct match *m)
{
	uint32_t left, least;

	if (m->n_sent == 1 && m->n_seen == 1) {
		run_pass(m, PASS_NARROW);
		return;
	}
	run_pass(m, PASS_USUAL);
	run_pass(m, PASS_NARROW);
	left = untaken(m->sent, m->n_sent);
	if (left == 0 || untaken(m->seen, m->n_seen) == 0)
		return;
	undo(m);
	run_pass(m, PASS_NARROW);
	least = untaken(m->sent, m->n_sent);
	if (least < left)
		return;
	undo(m);
	run_pass(m, PASS_USUAL);
	run_pass(m, PASS_NARROW);
}

void
alike_match(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct alike_item *a, uint32_t n_a, struct alike_item *b, uint32_t n_b)
{
	const struct flow *f = &trace[SIDE_SERVER]->flow[a->flow];
	bool there = (f->marks & FLOW_THERE) != 0;
	enum way w = there ? WAY_THERE : WAY_BACK;
	struct match m = {.path = p,
	    .trace = trace,
	    .from = there ? SIDE_SERVER : SIDE_DEVICE,
	    .sent = there ? a : b,
	    .n_sent = there ? n_a : n_b,
	    .seen = there ? b : a,
	    .n_seen = there ? n_b : n_a,
	    .early = delay_early(p, w),
	    .narrow = delay_narrow(p, w),
	    /* One was sent, one came: nothing to tell apart. */
	    .tie = n_a == 1 && n_b == 1 ? 0 : p->tie[w],
	    .id = p->tie[w] & TIE_ID,
	    .usual = {p->delay[w].least - COPY_NS / 2,
		p->delay[w].usual + COPY_NS / 2}};

	if ((m.tie & TIE_ID) != 0)
		run_pass(&m, PASS_SAME_ID);
	find_again(&m);
	run_near(&m);
	run_pass(&m, PASS_WIDE);
	find_copies(&m);
	find_same_id(&m);
	find_other(&m);
}
