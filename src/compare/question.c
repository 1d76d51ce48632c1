/* question.c - questions and their answers over both captures.
 */
#include "compare/question.h"

#include <netinet/in.h>
#include <stdlib.h>

#include "base/xmem.h"

/* The same id again behind this is another question. */
#define AGAIN_NS INT64_C(10000000000)
/* An answer may seem to come before its question by the clocks' error. */
#define BEFORE_NS INT64_C(200000000)

/* A question or an answer in one of the captures. */
struct entry {
	uint32_t talk, id;
	int64_t time; /* server's */
	uint32_t record;
	uint8_t side;
	bool answers;
};

struct entries {
	struct entry *entry;
	uint32_t n, room;
};

static void
add(struct entries *l, struct entry entry)
{
	l->entry = xgrow(l->entry, l->n, &l->room, sizeof(*l->entry));
	l->entry[l->n++] = entry;
}

/* Translation changes the id of an echo, which is in the flow, too. */
static uint32_t
id_of(const struct record *r)
{
	if (r->what == RECORD_ECHO || r->what == RECORD_ECHO_ANSWER)
		return r->exchange & 0xffff;
	return r->exchange;
}

static void
collect(struct entries *l, const struct path *p, const struct trace *t)
{
	const struct record *r;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		r = &t->rec[i];
		if ((r->bits & (RECORD_ASKS | RECORD_ANSWERS)) == 0)
			continue;
		add(l, (struct entry){.talk = t->talk[r->flow],
			   .id = id_of(r),
			   .time = delay_common_time(p, t->side, r->time),
			   .record = i,
			   .side = (uint8_t)t->side,
			   .answers = (r->bits & RECORD_ANSWERS) != 0});
	}
}

static int
by_id(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->talk != y->talk)
		return x->talk < y->talk ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->record < y->record ? -1 : x->record > y->record;
}

/* Entries of one id, up to where it is used again. */
static uint32_t
cluster(const struct entries *l, uint32_t from)
{
	const struct entry *e = &l->entry[from];
	uint32_t end = from + 1;
	int64_t last = e->time;

	while (end < l->n && l->entry[end].talk == e->talk &&
	       l->entry[end].id == e->id) {
		if (!l->entry[end].answers) {
			if (l->entry[end].time - last > AGAIN_NS)
				break;
			last = l->entry[end].time;
		}
		end++;
	}
	return end;
}

static enum ask_kind
kind_of(const struct record *r)
{
	if (r->what == RECORD_ECHO)
		return ASK_ICMP;
	if (r->what == RECORD_TCP)
		return ASK_TCP;
	return r->what == RECORD_SNMP_REQUEST ? ASK_SNMP : ASK_KIND_COUNT;
}

static enum way
way_of(const struct trace *t, const struct record *r)
{
	unsigned marks = t->flow[r->flow].marks;

	if ((marks & FLOW_THERE) != 0)
		return WAY_THERE;
	return (marks & FLOW_BACK) != 0 ? WAY_BACK : WAY_COUNT;
}

static bool
is_odd_answer(const struct record *r)
{
	return r->what == RECORD_SNMP_REPORT || (r->bits & RECORD_RST) != 0;
}

/* Whom the question of a cluster is taken from: its sender, if it has it. */
static const struct entry *
question_of(
    const struct entry *e, uint32_t n, struct trace *const trace[SIDE_COUNT])
{
	const struct entry *found = NULL;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (e[i].answers)
			continue;
		if (found == NULL)
			found = &e[i];
		if (trace_sends(trace[e[i].side],
			trace[e[i].side]
			    ->flow[trace[e[i].side]->rec[e[i].record].flow]
			    .marks))
			return &e[i];
	}
	return found;
}

static void
note(struct exchange *x, const struct entry *e, const struct record *r)
{
	int64_t *at = e->answers ? x->answered : x->asked;

	if (e->answers && is_odd_answer(r))
		x->report = 1;
	if (at[e->side] != 0)
		return;
	at[e->side] = e->time;
	if (e->answers && e->side == SIDE_DEVICE)
		x->answer = e->record;
}

static bool
is_refused(const struct exchange *x)
{
	return x->report && x->kind == ASK_TCP;
}

/* A question that was sent once, and came, whatever its receiver has. */
static void
prove(struct trace *const trace[SIDE_COUNT], const struct exchange *x)
{
	struct trace *t = trace[x->of];
	struct record *r = &t->rec[x->question];

	if (x->repeated > 0 || (r->bits & TRACE_ONLY) == 0 ||
	    !trace_sends(t, t->flow[r->flow].marks))
		return;
	/* Anybody on the way can refuse a connection. */
	if (x->answered[!x->of] != 0 ||
	    (x->answered[x->of] != 0 && !is_refused(x)))
		r->bits |= TRACE_PROVED;
}

static bool
take_cluster(struct exchange *x, struct trace *const trace[SIDE_COUNT],
    const struct entry *e, uint32_t n)
{
	const struct entry *q = question_of(e, n, trace);
	const struct record *r;
	uint32_t i;

	if (q == NULL)
		return false;
	r = &trace[q->side]->rec[q->record];
	*x = (struct exchange){.question = q->record,
	    .answer = TRACE_NONE,
	    .of = q->side,
	    .way = (uint8_t)way_of(trace[q->side], r),
	    .kind = (uint8_t)kind_of(r)};
	for (i = 0; i < n; i++) {
		if (e[i].answers && e[i].time < q->time - BEFORE_NS)
			continue;
		x->repeated += !e[i].answers && e[i].side == q->side;
		note(x, &e[i], &trace[e[i].side]->rec[e[i].record]);
	}
	x->repeated--;
	prove(trace, x);
	return true;
}

static int64_t
asked_at(const struct exchange *e)
{
	return e->asked[e->of];
}

static int
by_time(const void *a, const void *b)
{
	int64_t x = asked_at(a), y = asked_at(b);

	return x < y ? -1 : x > y;
}

void
question_find(struct exchanges *x, const struct path *p,
    struct trace *const trace[SIDE_COUNT])
{
	struct entries l = {0};
	uint32_t from, end;

	collect(&l, p, trace[SIDE_SERVER]);
	collect(&l, p, trace[SIDE_DEVICE]);
	if (l.n > 0)
		qsort(l.entry, l.n, sizeof(*l.entry), by_id);
	*x = (struct exchanges){xcalloc((size_t)l.n + 1, sizeof(*x->e)), 0};
	for (from = 0; from < l.n; from = end) {
		end = cluster(&l, from);
		x->n += take_cluster(
		    &x->e[x->n], trace, &l.entry[from], end - from);
	}
	free(l.entry);
	qsort(x->e, x->n, sizeof(*x->e), by_time);
}

void
question_free(struct exchanges *x)
{
	free(x->e);
	*x = (struct exchanges){0};
}

/* By question and answer as the asker's and the other's capture have them: bit
 * 3 question at the asker's, 2 there, 1 answer there, 0 at the asker's. */
static const enum letter letters[16] = {
    [0x0] = LETTER_NOBODY,
    [0x1] = LETTER_ANSWERED, /* the other capture, or this one, misses some */
    [0x2] = LETTER_UNKNOWN,  /* to a question that nobody saw */
    [0x3] = LETTER_ANSWERED,
    [0x4] = LETTER_UNANSWERED,
    [0x5] = LETTER_ANSWERED,
    [0x6] = LETTER_LOST_BACK,
    [0x7] = LETTER_ANSWERED,
    [0x8] = LETTER_LOST_THERE,
    [0x9] = LETTER_ANSWERED,
    [0xa] = LETTER_LOST_BACK,
    [0xb] = LETTER_ANSWERED,
    [0xc] = LETTER_UNANSWERED,
    [0xd] = LETTER_ANSWERED,
    [0xe] = LETTER_LOST_BACK,
    [0xf] = LETTER_ANSWERED,
};

enum letter
question_seen(unsigned seen)
{
	return letters[seen & 0xf];
}

enum letter
question_letter(const struct exchange *e, int64_t patience)
{
	enum side asker = e->way == WAY_BACK ? SIDE_DEVICE : SIDE_SERVER;
	unsigned seen = (unsigned)(e->asked[asker] != 0) << 3 |
			(unsigned)(e->asked[!asker] != 0) << 2 |
			(unsigned)(e->answered[!asker] != 0) << 1 |
			(unsigned)(e->answered[asker] != 0);
	enum letter l = letters[seen];

	if (is_refused(e) && e->asked[!asker] == 0 && e->answered[!asker] == 0)
		return LETTER_LOST_THERE;
	if (l == LETTER_ANSWERED && e->asked[asker] != 0 &&
	    e->answered[asker] - e->asked[asker] > patience)
		return LETTER_LATE;
	return l;
}
