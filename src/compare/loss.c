/* loss.c - how much was lost, per kind of traffic and direction.
 */
#include "compare/loss.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/bins.h"
#include "compare/pattern.h"
#include "compare/proof.h"
#include "compare/verdict.h"

/* Other packets so near show that a capture was awake. */
#define WITNESS_NS INT64_C(2000000000)
/* No capture that sleeps is awake again so soon. */
#define BRIEF_NS INT64_C(1000000000)
/* So long before the first loss is "before". */
#define BEFORE_NS INT64_C(60000000000)
/* Of more packets than one in so many it cannot be said: then of all. */
#define UNKNOWN_SHARE 200
/* Of fewer datagrams without all their pieces nothing follows. */
#define PIECES_MIN 3
#define GAPS_MIN   3
/* Nothing for so many times their distance: no more of them were sent. */
#define ONWARD_TIMES 2
/* A median of more delays is no better. */
#define MEDIAN_OF 8192
/* Segments have no more bytes on an Ethernet. */
#define SEGMENT_MAX 1460

/* One kind of traffic while its packets are gone through. */
struct line {
	struct pattern_packet *packet;
	uint32_t n, room;
	uint32_t witnessed, silences;
	bool long_silence;
	uint32_t in_gaps; /* lost segments of super-packets */
	uint32_t pieces;  /* more of them than packets: each may be missed */
	int64_t silence;  /* where the last one began */
	uint32_t run;
	int64_t run_from;
	bool asks, talks; /* questions; or answers */
	struct proof proof[PROOF_COUNT];
};

struct count {
	struct compare_result *result;
	const struct scene *scene;
	enum side from;
	enum way way;
	int64_t patience;
	struct bins *bins;
	struct line line[TRAFFIC_COUNT], all;
};

static void
keep(struct line *l, struct pattern_packet p)
{
	l->packet = xgrow(l->packet, l->n, &l->room, sizeof(*l->packet));
	l->packet[l->n++] = p;
}

/* The silence of the receiver's capture in which it should have come. */
static void
take_silence(const struct count *c, struct line *l, uint32_t i)
{
	int64_t due = fate_due(c->scene, c->from, i);
	struct trace_span s = blindness_silence(c->scene->trace[!c->from], due);

	if (l->silences == 0 || s.from != l->silence)
		l->silences++;
	l->silence = s.from;
	l->long_silence |= s.from == INT64_MIN || s.to == INT64_MAX ||
			   s.to - s.from > BRIEF_NS;
	if (s.from != INT64_MIN && s.to != INT64_MAX &&
	    due - s.from <= WITNESS_NS && s.to - due <= WITNESS_NS)
		l->witnessed++;
}

static void
take_lost(struct loss_tally *t, struct line *l, int64_t at, uint32_t pieces)
{
	t->lost += pieces;
	if (t->first == 0)
		t->first = at;
	t->last = at;
	if (l->run == 0)
		l->run_from = at;
	l->run += pieces;
	if (l->run > t->run)
		t->run = l->run;
	if (at - l->run_from > t->longest)
		t->longest = at - l->run_from;
}

static void
take_arrived(struct count *c, struct loss_tally *t, struct line *l, uint32_t i,
    int64_t *delay)
{
	const struct trace *a = c->scene->trace[c->from];
	const struct trace *b = c->scene->trace[!c->from];
	uint32_t mate = a->mate[i];

	t->arrived++;
	l->run = 0;
	if (mate == TRACE_NONE)
		return;
	*delay =
	    delay_of(c->scene->path, c->way, a->rec[i].time, b->rec[mate].time);
	if (*delay < 0)
		*delay = 0;
	t->late += *delay > c->patience;
}

/* A datagram of which the first piece came, and others did not. */
static bool
is_incomplete(const struct count *c, uint32_t i)
{
	const struct trace *a = c->scene->trace[c->from];
	const struct trace *b = c->scene->trace[!c->from];
	uint32_t mate = a->mate[i];

	return mate != TRACE_NONE &&
	       (b->rec[mate].bits & RECORD_INCOMPLETE) != 0 &&
	       (a->rec[i].bits & (RECORD_INCOMPLETE | TRACE_PROVED)) == 0;
}

/* A super-packet, of which some segments did not arrive. */
static uint32_t
pieces_lost(const struct count *c, uint32_t i)
{
	const struct byte_gap *g = byte_range_gap(&c->scene->gaps[c->from], i);

	return g == NULL ? 0 : g->pieces;
}

/* In how many more pieces than one it comes, each of which a capture may miss:
 * segments of a super-packet, fragments. */
static uint32_t
more_pieces(const struct count *c, uint32_t i)
{
	const struct record *r = &c->scene->trace[c->from]->rec[i];
	uint32_t mate = c->scene->trace[c->from]->mate[i], n = 1;

	if (r->what == RECORD_TCP && r->length > SEGMENT_MAX)
		n = (r->length + SEGMENT_MAX - 1) / SEGMENT_MAX;
	if (mate != TRACE_NONE && (c->scene->trace[!c->from]->rec[mate].bits &
				      RECORD_FRAGMENTED) != 0)
		n *= 2;
	return n - 1;
}

/* What may tell of it. */
static void
take_proof(const struct count *c, struct line *l, uint32_t i, enum fate fate)
{
	const struct trace *from = c->scene->trace[c->from];
	unsigned bits = from->rec[i].bits;

	proof_take(l->proof, from, i, fate);
	l->asks |= (bits & RECORD_ASKS) != 0;
	l->talks |= (bits & (RECORD_ASKS | RECORD_ANSWERS)) != 0;
}

static void
take_fate(struct count *c, struct loss_tally *t, struct line *l, uint32_t i,
    enum fate fate)
{
	const struct trace *from = c->scene->trace[c->from];
	const struct record *r = &from->rec[i];
	struct pattern_packet p = {fate_time(c->scene, c->from, i), -1,
	    r->head + r->length, from->talk[r->flow], false};
	uint32_t pieces = fate == FATE_LOST ? 1 : pieces_lost(c, i);

	t->sent++;
	l->pieces += more_pieces(c, i);
	if (is_incomplete(c, i)) {
		t->incomplete++;
		pieces = 1;
		fate = FATE_LOST;
	}
	if (fate != FATE_LOST)
		take_arrived(c, t, l, i, &p.delay);
	t->missed += fate == FATE_PROVED;
	if (pieces > 0) {
		t->sent += fate == FATE_LOST ? 0 : pieces;
		l->in_gaps += fate == FATE_LOST ? 0 : pieces;
		p.lost = true;
		take_silence(c, l, i);
		take_lost(t, l, p.time, pieces);
	}
	take_proof(c, l, i, fate);
	keep(l, p);
	keep(&c->all, p);
}

static void
take_sent(struct count *c, uint32_t i)
{
	const struct trace *from = c->scene->trace[c->from];
	unsigned traffic = from->flow[from->rec[i].flow].class;
	struct loss_tally *t = &c->result->tally[traffic][c->way];
	enum reason why = REASON_COUNT;
	enum fate fate = fate_of_sent(c->scene, c->from, i, &why);

	switch (fate) {
	case FATE_NOT_OURS:
	case FATE_DOUBLE:
		return;
	case FATE_OUTSIDE:
		c->result->not_judged[why]++;
		return;
	case FATE_UNKNOWN:
		t->sent++;
		t->unknown++;
		t->unknown_by[why]++;
		if (why == REASON_CAPTURE_BLIND)
			take_proof(c, &c->line[traffic], i, fate);
		return;
	case FATE_ARRIVED:
	case FATE_PROVED:
	case FATE_LOST:
		break;
	}
	take_fate(c, t, &c->line[traffic], i, fate);
}

/* What only the receiver has: the sender's capture missed it. */
static void
take_seen(struct count *c, uint32_t i)
{
	const struct trace *to = c->scene->trace[!c->from];
	unsigned traffic = to->flow[to->rec[i].flow].class;
	struct loss_tally *t = &c->result->tally[traffic][c->way];
	enum reason why = REASON_COUNT;

	switch (fate_of_seen(c->scene, (enum side) !c->from, i, &why)) {
	case FATE_OUTSIDE:
		c->result->not_judged[why]++;
		return;
	case FATE_DOUBLE:
		t->duplicated++;
		return;
	case FATE_ARRIVED:
		t->sent++;
		t->arrived++;
		return;
	case FATE_NOT_OURS:
	case FATE_PROVED:
	case FATE_LOST:
	case FATE_UNKNOWN:
		return;
	}
}

static int64_t
median_delay(const struct line *l, int64_t from, int64_t to)
{
	int64_t *value = xcalloc((size_t)l->n + 1, sizeof(*value)), median;
	uint32_t i, n = 0, step = l->n / MEDIAN_OF + 1;

	for (i = 0; i < l->n; i += step)
		if (l->packet[i].delay >= 0 && l->packet[i].time >= from &&
		    l->packet[i].time <= to)
			value[n++] = l->packet[i].delay;
	median = delay_median(value, n);
	free(value);
	return median;
}

/* It is no loss, then: it cannot be said. */
static void
take_back(struct loss_tally *t)
{
	t->unknown += t->lost;
	t->unknown_by[t->lost == 1 ? REASON_FEW : REASON_CAPTURE_DROPPED] +=
	    t->lost;
	t->lost = t->incomplete = t->run = t->among = 0;
	t->first = t->last = t->longest = 0;
}

static bool
says_little(enum pattern p)
{
	return p == PATTERN_NONE || p == PATTERN_SPREAD || p == PATTERN_BURSTS;
}

/* Is all that is missing but missed by the receiver's capture, as far as can be
 * seen? */
static bool
only_missed(
    const struct count *c, const struct loss_tally *t, const struct line *l)
{
	uint32_t blind = t->unknown_by[REASON_CAPTURE_BLIND], n;
	struct verdict_missing v = {.sent = t->sent,
	    .missing = t->lost + blind,
	    .run = t->run,
	    .talks = l->talks,
	    .own = l->proof,
	    .way = c->all.proof};

	return (uint64_t)(t->unknown - blind) * UNKNOWN_SHARE < t->sent + 1u &&
	       verdict_only_missed(&v, &c->scene->blind[!c->from]) &&
	       says_little(pattern_find(l->packet, l->n, &n));
}

/* Nothing is known to be lost. */
static enum grade
grade_rest(const struct loss_tally *t, bool missed)
{
	if (t->sent == 0)
		return GRADE_UNKNOWN;
	if ((uint64_t)t->unknown * UNKNOWN_SHARE >= t->sent + 1u)
		return missed ? GRADE_LIKELY : GRADE_UNKNOWN;
	return t->unknown > 0 ? GRADE_LIKELY : GRADE_CERTAIN;
}

static void
grade(struct count *c, struct loss_tally *t, const struct line *l)
{
	const struct blindness *b = &c->scene->blind[!c->from];
	struct verdict_case v = {.sent = t->sent + l->pieces,
	    .pieces = l->pieces,
	    .lost = t->lost,
	    .run = t->run,
	    .witnessed = l->witnessed,
	    .silences = l->silences,
	    .brief = !l->long_silence,
	    .proof = l->proof,
	    .doubt = c->scene->blind[c->from].share > 0,
	    .asks = l->asks};
	bool missed;

	if (t->lost > 0) {
		t->grade = verdict_grade(&v, b);
		/* A hole or two in what a card has cut and joined. */
		if (l->in_gaps == t->lost && t->lost < GAPS_MIN)
			t->grade = GRADE_UNKNOWN;
		t->at_least = verdict_at_least(&v, b);
		if (l->in_gaps < GAPS_MIN && l->in_gaps < t->at_least)
			t->at_least -= l->in_gaps;
		if (t->grade != GRADE_UNKNOWN)
			return;
	}
	missed = only_missed(c, t, l);
	if (t->lost > 0)
		take_back(t);
	t->grade = grade_rest(t, missed);
	t->at_least = 0;
}

/* After the last lost one nothing more was sent for much longer than between
 * them: whether it was over by then, nobody knows. */
static bool
ends_early(const struct count *c, const struct loss_tally *t)
{
	const struct common_time *common = c->scene->common;
	int64_t end = common->n == 0 ? 0 : common->span[common->n - 1].to;
	int64_t apart = t->lost < 2 ? 0 : (t->last - t->first) / (t->lost - 1);

	return end - t->last > common->guard + ONWARD_TIMES * apart;
}

static void
finish(struct count *c, struct loss_tally *t, const struct line *l)
{
	uint32_t i;

	t->delay_before = t->delay_during = -1;
	grade(c, t, l);
	if (t->lost == 0) {
		t->delay_before = median_delay(l, INT64_MIN, INT64_MAX);
		return;
	}
	for (i = 0; i < l->n; i++)
		t->among += l->packet[i].time >= t->first &&
			    l->packet[i].time <= t->last;
	t->pattern = pattern_find(l->packet, l->n, &t->pattern_n);
	if (t->pattern == PATTERN_ONWARD && ends_early(c, t))
		t->pattern = PATTERN_ALL;
	if (t->lost == t->incomplete && t->lost >= PIECES_MIN) {
		t->pattern = PATTERN_PIECES;
		t->pattern_n = 0;
	}
	t->delay_before = median_delay(l, t->first - BEFORE_NS, t->first);
	t->delay_during = median_delay(l, t->first, t->last);
}

/* What was lost of one kind looks like chance where it was one of n of all. */
static void
find_common_pattern(struct count *c)
{
	enum pattern found;
	struct loss_tally *t;
	uint32_t of;
	int traffic;

	found = pattern_of_all(c->all.packet, c->all.n, &of);
	if (found == PATTERN_NONE)
		return;
	for (traffic = 0; traffic < TRAFFIC_COUNT; traffic++) {
		t = &c->result->tally[traffic][c->way];
		if (t->lost == 0 || !says_little(t->pattern))
			continue;
		t->pattern = found;
		t->pattern_n = of;
	}
}

/* What a packet of that side has added goes into its bin, too. */
static void
follow(struct count *c, enum side s, uint32_t i)
{
	const struct trace *of = c->scene->trace[s];
	enum traffic traffic = (enum traffic)of->flow[of->rec[i].flow].class;
	const struct loss_tally *t = &c->result->tally[traffic][c->way];

	if (bins_behind(c->bins, traffic, c->way, t))
		bins_take(
		    c->bins, traffic, c->way, t, fate_time(c->scene, s, i));
}

/* What tells, of each kind and of all. */
static void
find_proof(struct count *c)
{
	const struct byte_gaps *gaps = &c->scene->gaps[c->from];
	int traffic;

	for (traffic = 0; traffic < TRAFFIC_COUNT; traffic++) {
		proof_add(c->all.proof, c->line[traffic].proof);
		proof_acks(c->line[traffic].proof, gaps);
	}
	proof_acks(c->all.proof, gaps);
}

static void
count_way(struct count *c)
{
	uint32_t i;
	int traffic;

	for (i = 0; i < c->scene->trace[c->from]->n; i++) {
		take_sent(c, i);
		follow(c, c->from, i);
	}
	for (i = 0; i < c->scene->trace[!c->from]->n; i++) {
		take_seen(c, i);
		follow(c, (enum side) !c->from, i);
	}
	find_proof(c);
	for (traffic = 0; traffic < TRAFFIC_COUNT; traffic++) {
		proof_acks(c->line[traffic].proof, &c->scene->gaps[c->from]);
		finish(
		    c, &c->result->tally[traffic][c->way], &c->line[traffic]);
		free(c->line[traffic].packet);
	}
	find_common_pattern(c);
	free(c->all.packet);
}

void
loss_count(struct compare_result *r, const struct scene *sc, int64_t patience)
{
	struct count *c = xcalloc(1, sizeof(*c));
	struct bins *bins = bins_new(sc->common);
	int s;

	for (s = 0; s < SIDE_COUNT; s++) {
		*c = (struct count){.result = r,
		    .scene = sc,
		    .from = (enum side)s,
		    .way = s == SIDE_SERVER ? WAY_THERE : WAY_BACK,
		    .patience = patience,
		    .bins = bins};
		count_way(c);
	}
	bins_finish(bins, r->tally, &r->strip);
	bins_free(bins);
	free(c);
}
