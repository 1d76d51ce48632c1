/* witness.c - see witness.h.  For compare/letters.
 */
#include "compare/witness.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "compare/question.h"

#define US_NS INT64_C(1000)
#define MS_NS INT64_C(1000000)
/* A probe and its packet are not further apart than that by clocks that are
 * known, but for their error. */
#define NEAR_NS INT64_C(3000000000)
/* One way of a probe that comes in time. */
#define WAY_NS INT64_C(500000000)
/* Fewer may be others' packets. */
#define CLOCK_PROBES_MIN 3

struct search {
	const struct scene *sc;
	const struct trace *t; /* the device's */
	const struct event_record *record;
	uint32_t host;
	int64_t patience;
	struct probe_index index;
	struct sought *sought; /* of each in the index */
	uint32_t n;
	/* The device's clock less the campaign's. */
	bool clocks;
	int64_t ahead, error; /* with the way there in it */
};

struct sought { /* one probe */
	const struct event_probe *probe;
	int64_t sent;   /* ns, the campaign's clock */
	int64_t d1, d2; /* device's; 0: not seen */
};

static const enum ask_kind kinds[PROBE_KIND_COUNT] = {
    [PROBE_KIND_ICMP] = ASK_ICMP,
    [PROBE_KIND_SNMP] = ASK_SNMP,
    [PROBE_KIND_TCP] = ASK_TCP,
};

static uint64_t
key_of(enum ask_kind kind, uint32_t identity)
{
	return (uint64_t)kind << 32 | identity;
}

static uint32_t
identity_of(const struct event_probe *p)
{
	if (p->kind == PROBE_KIND_ICMP)
		return p->id << 16 | p->seq;
	return p->kind == PROBE_KIND_SNMP ? p->id : p->port;
}

/* --- by what finds them --- */

static int
by_key(const void *a, const void *b)
{
	const struct indexed_probe *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->probe->sent_us < y->probe->sent_us ? -1 : 1;
}

/* TCP that failed at its host was never sent; one without an identity cannot be
 * found. */
static void
add(struct probe_index *ix, const struct event_probe *all, size_t n)
{
	const struct event_probe *p;
	size_t i;

	for (i = 0; i < n; i++) {
		p = &all[i];
		if (identity_of(p) == 0 ||
		    (p->kind == PROBE_KIND_TCP && p->fate == PROBE_FATE_FAILED))
			continue;
		ix->all[ix->n++] = (struct indexed_probe){
		    key_of(kinds[p->kind], identity_of(p)), p};
	}
}

void
probe_index_make(struct probe_index *ix, const struct event_record *record)
{
	*ix = (struct probe_index){0};
	if (record == NULL)
		return;
	ix->all = xcalloc(
	    record->n_probes + record->n_heartbeats + 1, sizeof(*ix->all));
	add(ix, record->heartbeat, record->n_heartbeats);
	add(ix, record->probe, record->n_probes);
	if (ix->n > 0)
		qsort(ix->all, ix->n, sizeof(*ix->all), by_key);
}

void
probe_index_free(struct probe_index *ix)
{
	free(ix->all);
	*ix = (struct probe_index){0};
}

/* The first of those with this key; n: there is none. */
static uint32_t
first_of(const struct probe_index *ix, uint64_t key)
{
	uint32_t low = 0, high = ix->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (ix->all[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ix->n && ix->all[low].key == key ? low : ix->n;
}

const struct event_probe *
probe_index_find(const struct probe_index *ix, enum ask_kind kind,
    uint32_t identity, int64_t at)
{
	uint64_t key = key_of(kind, identity);
	uint32_t i;

	for (i = first_of(ix, key); i < ix->n && ix->all[i].key == key; i++)
		if (llabs(ix->all[i].probe->sent_us * US_NS - at) < NEAR_NS)
			return ix->all[i].probe;
	return NULL;
}

/* --- packets --- */

/* What a packet of the device's capture could be of: false if it is no question
 * and no answer. */
static bool
key_of_record(const struct search *s, const struct record *r, bool *answers,
    uint64_t *key)
{
	const struct flow *f = &s->t->flow[r->flow];
	bool tcp = r->what == RECORD_TCP && (r->bits & RECORD_SYN) != 0;

	*answers = (r->bits & RECORD_ANSWERS) != 0;
	if (!*answers && (r->bits & RECORD_ASKS) == 0)
		return false;
	if (r->what == RECORD_TCP && (*answers || tcp))
		*key = key_of(ASK_TCP, *answers ? f->to_port : f->from_port);
	else if (r->what == RECORD_ECHO || r->what == RECORD_ECHO_ANSWER)
		*key = key_of(ASK_ICMP, r->exchange);
	else if (r->what != RECORD_SNMP_INFORM)
		*key = key_of(ASK_SNMP, r->exchange);
	else
		return false;
	/* Others than SNMP's are only the campaign host's by its address. */
	return *key >> 32 == ASK_SNMP ||
	       (s->host != TRACE_NONE &&
		   (*answers ? f->to : f->from) == s->host);
}

static int64_t
distance(const struct search *s, const struct sought *p, int64_t time)
{
	return llabs(time - p->sent - s->ahead);
}

/* Of probes that are alike, that which is nearest, if it is near. */
static struct sought *
match(const struct search *s, uint64_t key, int64_t time)
{
	const struct probe_index *ix = &s->index;
	uint32_t i = first_of(ix, key), best = i;

	if (i == ix->n)
		return NULL;
	for (; i < ix->n && ix->all[i].key == key; i++)
		if (distance(s, &s->sought[i], time) <
		    distance(s, &s->sought[best], time))
			best = i;
	if (s->clocks && distance(s, &s->sought[best], time) >
			     NEAR_NS + s->error + s->patience)
		return NULL;
	return &s->sought[best];
}

/* Each of `kind` only, or all others. */
static void
look(struct search *s, bool snmp)
{
	const struct record *r;
	struct sought *p;
	bool answers;
	uint64_t key;
	uint32_t i;

	for (i = 0; i < s->t->n; i++) {
		r = &s->t->rec[i];
		if (!key_of_record(s, r, &answers, &key) ||
		    (key >> 32 == ASK_SNMP) != snmp)
			continue;
		p = match(s, key, r->time);
		if (p == NULL)
			continue;
		if (answers && p->d2 == 0)
			p->d2 = r->time;
		else if (!answers && p->d1 == 0)
			p->d1 = r->time;
	}
}

/* --- the clocks --- */

/* By the agent's clock, which is the server's, and the fit of the two captures:
 * where that is known. */
static void
clocks_by_agent(struct search *s)
{
	const struct clock_map *m = &s->sc->path->clock;
	const struct event_clock *agent = &s->record->agent_clock;
	int64_t at;

	if (!agent->known || m->n == 0 || m->piece[0].error == INT64_MAX ||
	    s->n == 0)
		return;
	at = s->sought[0].sent + agent->ahead * MS_NS;
	s->clocks = true;
	s->ahead = clock_map_to_device(m, at) - s->sought[0].sent;
	s->error = agent->error * MS_NS + m->piece[0].error + WAY_NS;
}

/* By those that were found: their way there is in it, and may be longer. */
static void
clocks_by_probes(struct search *s)
{
	int64_t *ahead = xcalloc((size_t)s->n + 1, sizeof(*ahead));
	uint32_t i, n = 0;

	for (i = 0; i < s->n; i++)
		if (s->sought[i].d1 != 0)
			ahead[n++] = s->sought[i].d1 - s->sought[i].sent;
	if (n > 0) {
		s->clocks = true;
		s->ahead = delay_median(ahead, n);
		s->error = WAY_NS;
	}
	free(ahead);
}

/* --- letters --- */

static bool
was_answered(const struct event_probe *p)
{
	return p->fate == PROBE_FATE_ANSWERED ||
	       p->fate == PROBE_FATE_REFUSED ||
	       (p->fate == PROBE_FATE_FAILED && p->kind == PROBE_KIND_SNMP);
}

/* The device's capture would show what came or left then. */
static bool
is_awake(const struct search *s, int64_t from, int64_t to)
{
	const struct blindness *b = &s->sc->blind[SIDE_DEVICE];
	struct trace_span silence = blindness_silence(s->t, from + 1);
	uint32_t i;

	for (i = 0; i < s->t->n_spans; i++)
		if (from >= s->t->span[i].from && to <= s->t->span[i].to)
			return !blindness_in(b, &silence);
	return false;
}

/* No other clock is needed for what the campaign sent behind the last show that
 * confirmed the capture and before it stopped it.  When in it that was, nobody
 * knows: it has to have missed nothing at all. */
static bool
is_before_stop(const struct search *s, const struct sought *p)
{
	const struct event_spans *ran = &s->record->ran;

	return ran->n > 0 && p->sent >= ran->at[ran->n - 1].from * MS_NS &&
	       p->sent + WAY_NS <= s->record->stopped * MS_NS &&
	       s->sc->blind[SIDE_DEVICE].n_miss == 0;
}

/* It never came there. */
static bool
is_missing(const struct search *s, const struct sought *p)
{
	int64_t due = p->sent + s->ahead;

	if (s->sc->no_in[SIDE_DEVICE] ||
	    (p->probe->kind != PROBE_KIND_SNMP && s->host == TRACE_NONE))
		return false;
	return is_before_stop(s, p) ||
	       (s->clocks && is_awake(s, due - s->error, due + s->error));
}

static int64_t
patience(const struct search *s)
{
	int64_t told = s->record->probe_timeout * MS_NS;

	return told > 0 ? told : s->patience;
}

static enum letter
letter_of(const struct search *s, const struct sought *p)
{
	bool answered = was_answered(p->probe), sure = true;
	unsigned seen = 8u | (unsigned)(p->d1 != 0) << 2 |
			(unsigned)(p->d2 != 0) << 1 | (unsigned)answered;
	enum letter l = question_seen(seen);

	if (l == LETTER_ANSWERED && p->probe->took_us * US_NS > s->patience)
		return LETTER_LATE;
	if (l == LETTER_LOST_THERE)
		sure = is_missing(s, p);
	else if (l == LETTER_UNANSWERED)
		sure = !s->sc->no_out[SIDE_DEVICE] &&
		       is_awake(s, p->d1, p->d1 + patience(s));
	else if (l == LETTER_LOST_BACK && p->d1 != 0 &&
		 p->d2 - p->d1 > patience(s))
		return LETTER_LATE;
	return sure ? l : LETTER_UNKNOWN;
}

/* --- all of it --- */

static int64_t
server_time(const struct search *s, int64_t device)
{
	return device == 0 || s->sc->path->clock.n == 0
		   ? 0
		   : delay_common_time(s->sc->path, SIDE_DEVICE, device);
}

/* The campaign knows: the device's capture ran when it asked. */
static bool
is_within(const struct search *s, const struct sought *p)
{
	const struct event_spans *ran = &s->record->ran;

	return ran->n > 0 && p->sent >= ran->at[0].from * MS_NS &&
	       (s->record->stopped == 0 ||
		   p->sent <= s->record->stopped * MS_NS);
}

static struct testimony
testimony_of(const struct search *s, const struct sought *p)
{
	struct testimony t = {.kind = kinds[p->probe->kind],
	    .letter = letter_of(s, p),
	    .within = is_within(s, p),
	    .s1 = p->sent,
	    .d1 = server_time(s, p->d1),
	    .d2 = server_time(s, p->d2)};

	if (s->record->agent_clock.known)
		t.s1 += s->record->agent_clock.ahead * MS_NS;
	else if (s->clocks || s->sc->path->clock.n == 0)
		t.s1 = server_time(s, p->sent + s->ahead);
	if (t.s1 != 0 && was_answered(p->probe) && p->probe->took_us >= 0)
		t.s2 = t.s1 + p->probe->took_us * US_NS;
	return t;
}

static void
search_begin(struct search *s)
{
	uint32_t i;

	probe_index_make(&s->index, s->record);
	s->n = s->index.n;
	s->sought = xcalloc((size_t)s->n + 1, sizeof(*s->sought));
	for (i = 0; i < s->n; i++)
		s->sought[i] = (struct sought){.probe = s->index.all[i].probe,
		    .sent = s->index.all[i].probe->sent_us * US_NS};
}

static void
search_end(struct search *s)
{
	probe_index_free(&s->index);
	free(s->sought);
}

void
witness_hear(struct witness *w, const struct scene *sc,
    const struct event_record *record, uint32_t host, int64_t patience)
{
	struct search s = {.sc = sc,
	    .t = sc->trace[SIDE_DEVICE],
	    .record = record,
	    .host = host,
	    .patience = patience};
	uint32_t i;

	search_begin(&s);
	clocks_by_agent(&s);
	/* SNMP first, whose ids are no one else's. */
	look(&s, true);
	clocks_by_probes(&s);
	look(&s, false);
	clocks_by_probes(&s);
	*w = (struct witness){xcalloc((size_t)s.n + 1, sizeof(*w->said)), s.n};
	for (i = 0; i < s.n; i++)
		w->said[i] = testimony_of(&s, &s.sought[i]);
	search_end(&s);
}

/* One that came through the fastest tells it best; what differs by more than a
 * way does may be others' packets. */
bool
witness_clock(const struct trace *device, const struct event_record *record,
    uint32_t host, int64_t *ahead, int64_t *error)
{
	struct search s = {.t = device, .record = record, .host = host};
	int64_t least = INT64_MAX, most = INT64_MIN, more;
	uint32_t i, n = 0;

	search_begin(&s);
	look(&s, true);
	look(&s, false);
	for (i = 0; i < s.n; i++) {
		if (s.sought[i].d1 == 0)
			continue;
		more = s.sought[i].d1 - s.sought[i].sent;
		least = more < least ? more : least;
		most = more > most ? more : most;
		n++;
	}
	search_end(&s);
	*ahead = least;
	*error = 2 * WAY_NS;
	return n >= CLOCK_PROBES_MIN && most - least <= 2 * WAY_NS;
}

void
witness_free(struct witness *w)
{
	free(w->said);
	*w = (struct witness){0};
}
