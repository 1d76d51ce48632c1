/* byte_range.c - TCP's bytes, where packets are not the same on both sides.
 */
#include "compare/byte_range.h"

#include <stdlib.h>

#include "base/xmem.h"

/* So many packets of the other side are looked at for one. */
#define LOOK_MAX 512
/* Segments have no more on an Ethernet (RFC 9293 section 3.7.1). */
#define SEGMENT_MAX 1460
/* Every host can take these (the same); what is shorter was the end of data. */
#define SEGMENT_LEAST 536
/* An acknowledgment so far behind is of a later connection of the same ports:
 * its first number is another (RFC 6528). */
#define ACK_NEAR (INT64_C(1) << 20)

struct segment {
	int64_t time; /* server's */
	int32_t at;   /* from the flow's first number */
	uint32_t length, flow, record;
	uint8_t side;
	bool loose; /* no mate, or one of another length */
};

/* It says that the bytes before `at` have arrived. */
struct ack {
	int64_t time; /* server's */
	int32_t at;
	uint32_t flow;
};

/* One direction of one connection: what was sent, and what was seen. */
struct stream {
	const struct segment *sent, *seen;
	uint32_t n_sent, n_seen, longest[2]; /* sent, seen */
	enum way way;
};

struct run {
	const struct path *path;
	struct trace *const *trace;
	unsigned char *wanted; /* of the server's flows */
	uint32_t *base;        /* near the first sequence number; 0: none */
	struct segment *segment;
	uint32_t n, room;
	struct ack *ack;
	uint32_t n_acks, acks_room;
	struct byte_gaps *gaps;
};

/* The server's number of a flow; FLOW_NONE: it has none, or no way. */
static uint32_t
server_flow(const struct trace *t, uint32_t flow)
{
	const struct flow *f = &t->flow[flow];

	if (f->partner == FLOW_NONE || (f->marks & FLOW_CHANGED) != 0 ||
	    (f->marks & (FLOW_THERE | FLOW_BACK)) == 0)
		return FLOW_NONE;
	return t->side == SIDE_SERVER ? flow : f->partner;
}

static bool
is_loose(const struct run *r, const struct trace *t, uint32_t i)
{
	const struct trace *other = r->trace[!t->side];

	/* One that the network doubled stands for no other. */
	if (t->mate[i] == TRACE_NONE)
		return trace_sends(t, t->flow[t->rec[i].flow].marks) ||
		       (t->rec[i].bits & TRACE_OTHER) == 0;
	return other->rec[t->mate[i]].length != t->rec[i].length ||
	       (other->rec[t->mate[i]].bits & RECORD_INCOMPLETE) != 0;
}

/* Bytes that an acknowledgment counts: the beginning and the end of a
 * connection are one each (RFC 9293 section 3.4). */
static uint32_t
length_of(const struct record *r)
{
	return r->length + ((r->bits & RECORD_SYN) != 0) +
	       ((r->bits & RECORD_FIN) != 0);
}

static bool
is_data(const struct record *r)
{
	return r->what == RECORD_TCP && length_of(r) > 0;
}

static void
find_wanted(struct run *r, const struct trace *t)
{
	uint32_t i, flow;

	for (i = 0; i < t->n; i++) {
		if (!is_data(&t->rec[i]) || !is_loose(r, t, i))
			continue;
		flow = server_flow(t, t->rec[i].flow);
		if (flow != FLOW_NONE)
			r->wanted[flow] = 1;
	}
}

static void
add(struct run *r, struct segment s)
{
	r->segment = xgrow(r->segment, r->n, &r->room, sizeof(*r->segment));
	r->segment[r->n++] = s;
}

static void
take_data(struct run *r, const struct trace *t)
{
	const struct record *rec;
	uint32_t i, flow;

	for (i = 0; i < t->n; i++) {
		rec = &t->rec[i];
		if (!is_data(rec))
			continue;
		flow = server_flow(t, rec->flow);
		if (flow == FLOW_NONE || !r->wanted[flow])
			continue;
		if (r->base[flow] == 0)
			r->base[flow] = rec->seq | 1;
		add(r, (struct segment){.time = delay_common_time(
					    r->path, t->side, rec->time),
			   .at = (int32_t)(rec->seq - r->base[flow]),
			   .length = length_of(rec),
			   .flow = flow,
			   .record = i,
			   .side = (uint8_t)t->side,
			   .loose = is_loose(r, t, i)});
	}
}

static void
add_ack(struct run *r, struct ack a)
{
	r->ack = xgrow(r->ack, r->n_acks, &r->acks_room, sizeof(*r->ack));
	r->ack[r->n_acks++] = a;
}

/* An acknowledgment that either capture has was sent. */
static void
take_acks(struct run *r, const struct trace *t)
{
	const struct record *rec;
	uint32_t i, flow;

	for (i = 0; i < t->n; i++) {
		rec = &t->rec[i];
		if (rec->what != RECORD_TCP || (rec->bits & RECORD_ACK) == 0 ||
		    (rec->bits & RECORD_RST) != 0)
			continue;
		flow = t->flow[rec->flow].reverse;
		if (flow != FLOW_NONE)
			flow = server_flow(t, flow);
		if (flow == FLOW_NONE || r->base[flow] == 0)
			continue;
		add_ack(r, (struct ack){.time = delay_common_time(
					    r->path, t->side, rec->time),
			       .at = (int32_t)(rec->exchange - r->base[flow]),
			       .flow = flow});
	}
}

static int
by_number(const void *a, const void *b)
{
	const struct ack *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->time < y->time ? -1 : x->time > y->time;
}

static int
by_place(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

static bool
in_time(const struct run *r, enum way w, int64_t sent, int64_t seen)
{
	return seen - sent >= -delay_early(r->path, w) &&
	       seen - sent <= delay_narrow(r->path, w);
}

/* The first of `n` that may reach up to `at`. */
static uint32_t
begin(const struct segment *s, uint32_t n, int64_t at, uint32_t longest)
{
	uint32_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if ((int64_t)s[middle].at + longest <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same bytes that were sent again, by what of the tie survives the path. */
static bool
is_another(const struct run *r, const struct stream *st,
    const struct segment *a, const struct segment *b)
{
	const struct record *x = &r->trace[a->side]->rec[a->record];
	const struct record *y = &r->trace[b->side]->rec[b->record];

	return a->at == b->at && a->length == b->length &&
	       ((x->tie ^ y->tie) & r->path->tie[st->way]) != 0;
}

/* Bytes of `of` that others of the other side have at the right time. */
static uint32_t
covered(const struct run *r, const struct stream *st, const struct segment *of,
    bool sent)
{
	const struct segment *o = sent ? st->seen : st->sent;
	uint32_t n = sent ? st->n_seen : st->n_sent, i, looked, bytes = 0;
	uint32_t mate = r->trace[of->side]->mate[of->record];
	int64_t at = of->at, end = at + of->length, from, to;

	i = begin(o, n, at, st->longest[sent]);
	for (looked = 0; i < n && o[i].at < end && looked < LOOK_MAX;
	     i++, looked++) {
		if (o[i].record != mate &&
		    (!o[i].loose || is_another(r, st, of, &o[i]) ||
			!in_time(r, st->way, sent ? of->time : o[i].time,
			    sent ? o[i].time : of->time)))
			continue;
		from = o[i].at > at ? o[i].at : at;
		to = (int64_t)o[i].at + o[i].length;
		if (to > end)
			to = end;
		if (to <= from)
			continue;
		bytes += (uint32_t)(to - from);
		at = to;
	}
	if (looked == LOOK_MAX)
		r->trace[of->side]->rec[of->record].bits |= TRACE_ALIKE;
	return bytes;
}

/* Nothing else that was sent has a byte of it. */
static bool
sent_once(const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i];
	uint32_t j = begin(st->sent, st->n_sent, s->at, st->longest[0]), k;

	for (k = 0; j < st->n_sent && k < LOOK_MAX; j++, k++) {
		if (st->sent[j].at >= (int64_t)s->at + s->length)
			return true;
		if (j != i &&
		    (int64_t)st->sent[j].at + st->sent[j].length > s->at)
			return false;
	}
	return j == st->n_sent;
}

/* The other side has bytes of it in a packet that this side's capture lacks:
 * they were sent again, and that may be what was acknowledged. */
static bool
came_again(const struct run *r, const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i], *o;
	uint32_t j = begin(st->seen, st->n_seen, s->at, st->longest[1]), k;

	for (k = 0; j < st->n_seen && k < LOOK_MAX; j++, k++) {
		o = &st->seen[j];
		if (o->at >= (int64_t)s->at + s->length)
			break;
		if (o->loose && (int64_t)o->at + o->length > s->at &&
		    r->trace[o->side]->mate[o->record] == TRACE_NONE)
			return true;
	}
	return false;
}

static void
add_gap(struct run *r, const struct stream *st, const struct segment *s,
    uint32_t bytes)
{
	struct byte_gaps *g = &r->gaps[s->side];
	uint32_t segment = SEGMENT_MAX;

	if (st->longest[1] >= SEGMENT_LEAST && st->longest[1] < segment)
		segment = st->longest[1];
	g->gap = xgrow(g->gap, g->n, &g->room, sizeof(*g->gap));
	g->gap[g->n++] = (struct byte_gap){
	    s->record, bytes, (bytes + segment - 1) / segment};
}

/* Did the capture of this side run all the while?  What was sent again
 * meanwhile is in it then. */
static bool
ran(const struct run *r, enum side side, int64_t from, int64_t to)
{
	const struct trace *t = r->trace[side];
	uint32_t i;

	for (i = 0; i < t->n_spans; i++)
		if (from >= delay_common_time(r->path, side, t->span[i].from) &&
		    to <= delay_common_time(r->path, side, t->span[i].to))
			return true;
	return false;
}

/* The first acknowledgment of all bytes before `at`. */
static uint32_t
first_ack(const struct run *r, uint32_t flow, int64_t at)
{
	uint32_t low = 0, high = r->n_acks, middle;
	const struct ack *a;

	while (low < high) {
		middle = low + (high - low) / 2;
		a = &r->ack[middle];
		if (a->flow < flow || (a->flow == flow && a->at < at))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_acknowledged(const struct run *r, const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i];
	int64_t end = (int64_t)s->at + s->length;
	int64_t early = s->time - delay_early(r->path, st->way);
	uint32_t j = first_ack(r, s->flow, end), k;
	const struct ack *a;

	for (k = 0; j < r->n_acks && k < LOOK_MAX; j++, k++) {
		a = &r->ack[j];
		if (a->flow != s->flow || a->at > end + ACK_NEAR)
			return false;
		if (a->time >= early &&
		    ran(r, (enum side)s->side, s->time, a->time))
			return sent_once(st, i) && !came_again(r, st, i);
	}
	return false;
}

/* One in pieces is counted as it is, whole or not; the missing pieces may have
 * been missed by the capture alone. */
static void
judge_pieces(struct run *r, const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i];

	if (is_acknowledged(r, st, i))
		r->trace[s->side]->rec[s->record].bits |= TRACE_PROVED;
}

static void
judge_sent(struct run *r, const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i];
	struct trace *t = r->trace[s->side];
	uint32_t has, mate = t->mate[s->record];
	const struct record *m =
	    mate == TRACE_NONE ? NULL : &r->trace[!s->side]->rec[mate];

	if (m != NULL && (m->bits & RECORD_INCOMPLETE) != 0) {
		judge_pieces(r, st, i);
		return;
	}
	if (m != NULL && length_of(m) >= s->length)
		return;
	has = covered(r, st, s, true);
	if (has == s->length) {
		if (mate == TRACE_NONE)
			t->rec[s->record].bits |= TRACE_BYTES;
		return;
	}
	if (is_acknowledged(r, st, i)) {
		if (mate == TRACE_NONE)
			t->rec[s->record].bits |= TRACE_PROVED;
		return;
	}
	if (has == 0 || (t->rec[s->record].bits & TRACE_ALIKE) != 0)
		return;
	if (mate == TRACE_NONE)
		t->rec[s->record].bits |= TRACE_BYTES;
	add_gap(r, st, s, s->length - has);
}

/* It came, and so tells how often an acknowledgment would prove that. */
static void
judge_mated(struct run *r, const struct stream *st, uint32_t i)
{
	const struct segment *s = &st->sent[i];

	r->gaps[s->side].tried++;
	if (!is_acknowledged(r, st, i))
		return;
	r->gaps[s->side].would++;
	r->trace[s->side]->rec[s->record].bits |= TRACE_PROVED;
}

static uint32_t
longest_of(const struct segment *s, uint32_t n)
{
	uint32_t i, longest = 0;

	for (i = 0; i < n; i++)
		if (s[i].length > longest)
			longest = s[i].length;
	return longest;
}

static void
judge_stream(struct run *r, const struct segment *a, uint32_t n_a,
    const struct segment *b, uint32_t n_b)
{
	uint32_t flow = n_a > 0 ? a->flow : b->flow, i;
	unsigned marks = r->trace[SIDE_SERVER]->flow[flow].marks;
	bool there = (marks & FLOW_THERE) != 0;
	struct stream st = {.way = there ? WAY_THERE : WAY_BACK,
	    .sent = there ? a : b,
	    .n_sent = there ? n_a : n_b,
	    .seen = there ? b : a,
	    .n_seen = there ? n_b : n_a};
	const struct segment *s;

	st.longest[0] = longest_of(st.sent, st.n_sent);
	st.longest[1] = longest_of(st.seen, st.n_seen);
	for (i = 0; i < st.n_sent; i++)
		if (st.sent[i].loose)
			judge_sent(r, &st, i);
		else
			judge_mated(r, &st, i);
	for (i = 0; i < st.n_seen; i++) {
		s = &st.seen[i];
		if (r->trace[s->side]->mate[s->record] == TRACE_NONE &&
		    s->loose && covered(r, &st, s, false) == s->length)
			r->trace[s->side]->rec[s->record].bits |= TRACE_BYTES;
	}
}

static void
judge_all(struct run *r)
{
	const struct segment *s = r->segment;
	uint32_t i = 0, middle, end;

	while (i < r->n) {
		end = middle = i;
		while (end < r->n && s[end].flow == s[i].flow) {
			if (s[end].side == SIDE_SERVER)
				middle = end + 1;
			end++;
		}
		judge_stream(r, &s[i], middle - i, &s[middle], end - middle);
		i = end;
	}
}

static int
by_record(const void *a, const void *b)
{
	const struct byte_gap *x = a, *y = b;

	return x->record < y->record ? -1 : x->record > y->record;
}

void
byte_range_run(const struct path *p, struct trace *const trace[SIDE_COUNT],
    struct byte_gaps gaps[SIDE_COUNT])
{
	size_t flows = (size_t)trace[SIDE_SERVER]->n_flows + 1;
	struct run r = {.path = p, .trace = trace, .gaps = gaps};
	int s;

	r.wanted = xcalloc(flows, 1);
	r.base = xcalloc(flows, sizeof(*r.base));
	for (s = 0; s < SIDE_COUNT; s++)
		find_wanted(&r, trace[s]);
	for (s = 0; s < SIDE_COUNT; s++)
		take_data(&r, trace[s]);
	for (s = 0; s < SIDE_COUNT; s++)
		take_acks(&r, trace[s]);
	if (r.n > 0)
		qsort(r.segment, r.n, sizeof(*r.segment), by_place);
	if (r.n_acks > 0)
		qsort(r.ack, r.n_acks, sizeof(*r.ack), by_number);
	judge_all(&r);
	for (s = 0; s < SIDE_COUNT; s++)
		if (gaps[s].n > 0)
			qsort(gaps[s].gap, gaps[s].n, sizeof(*gaps[s].gap),
			    by_record);
	free(r.wanted);
	free(r.base);
	free(r.ack);
	free(r.segment);
}

void
byte_range_free(struct byte_gaps gaps[SIDE_COUNT])
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		free(gaps[s].gap);
		gaps[s] = (struct byte_gaps){0};
	}
}

const struct byte_gap *
byte_range_gap(const struct byte_gaps *g, uint32_t record)
{
	struct byte_gap like = {.record = record};

	if (g->n == 0)
		return NULL;
	return bsearch(&like, g->gap, g->n, sizeof(like), by_record);
}
