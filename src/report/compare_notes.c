/* compare_notes.c - see compare_notes.h.
 */
#include "report/compare_notes.h"

#include <inttypes.h>
#include <stdio.h>

#include "compare/result_facts.h"
#include "report/compare_words.h"

#define NS_IN_US 1000
/* Less is none when it is told. */
#define DRIFT_LEAST 0.05

struct notes {
	const struct compare_result *r;
	bool zone;
	compare_note *note;
	void *arg;
};

/* What has gathered, if anything; `b` is empty then. */
static void
tell(struct notes *n, enum note_kind kind, const char *label, struct strbuf *b)
{
	struct note what = {kind, label, strbuf_text(b)};

	if (b->len > 0)
		n->note(n->arg, &what);
	strbuf_clear(b);
}

static void
add_packets(uint64_t n, struct strbuf *b)
{
	strbuf_addf(b, "%" PRIu64 " packet%s", n, n == 1 ? "" : "s");
}

/* --- what is to be said of a row --- */

static void
say_lost(const struct loss_tally *t, struct strbuf *b)
{
	char first[WORDS_TIME_MAX], last[WORDS_TIME_MAX];

	strbuf_addf(b, "%" PRIu32 " lost", t->lost);
	if (t->at_least < t->lost)
		strbuf_addf(b,
		    " (at least %" PRIu32
		    ": the other capture misses some itself)",
		    t->at_least);
	if (t->first != 0 && t->first == t->last)
		strbuf_addf(b, " at %s", words_time(t->first, 0, first));
	else if (t->first != 0)
		strbuf_addf(b, " from %s to %s", words_time(t->first, 0, first),
		    words_time(t->last, t->first, last));
	if (t->pattern != PATTERN_NONE)
		strbuf_add(b, ", ");
	words_pattern(t, b);
	if (t->run > 1 && t->longest > 0) {
		strbuf_addf(b, "; up to %" PRIu32 " in a row, ", t->run);
		words_span(t->longest, b);
	}
	strbuf_add(b, ". ");
}

static void
say_delay(const struct loss_tally *t, struct strbuf *b)
{
	int64_t more = t->delay_during - t->delay_before;

	if (t->delay_before < 0 || t->delay_during < 0 || more == 0)
		return;
	strbuf_add(b, "The way took ");
	words_span(more, b);
	strbuf_addf(
	    b, " %s while packets got lost. ", more > 0 ? "longer" : "less");
}

static void
say_count(uint32_t n, const char *what, struct strbuf *b)
{
	if (n > 0)
		strbuf_addf(b, "%" PRIu32 " %s. ", n, what);
}

static void
say_unknown(const struct loss_tally *t, struct strbuf *b)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if (t->unknown_by[i] > 0)
			strbuf_addf(b, "%" PRIu32 " cannot be said: %s. ",
			    t->unknown_by[i], words_reason((enum reason)i));
}

static void
add_class(struct notes *n, enum traffic kind, enum way way)
{
	const struct loss_tally *t = &n->r->tally[kind][way];
	struct strbuf b = STRBUF_INIT;
	char label[64];

	if (t->lost > 0) {
		say_lost(t, &b);
		say_delay(t, &b);
	}
	say_unknown(t, &b);
	say_count(t->late, "came too late", &b);
	say_count(t->incomplete, "came without all pieces", &b);
	say_count(t->duplicated, "came twice", &b);
	say_count(t->missed,
	    "came that the other capture lacks: it misses packets", &b);
	snprintf(
	    label, sizeof(label), "%s %s", words_traffic(kind), way_name(way));
	tell(n, NOTE_CLASS, label, &b);
	strbuf_free(&b);
}

static void
add_classes(struct notes *n)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			add_class(n, (enum traffic)kind, (enum way)way);
}

static void
say_slower(const struct result_path *p, struct strbuf *b)
{
	char at[WORDS_TIME_MAX];

	if (p->slower_by == 0)
		return;
	strbuf_add(b, "; it took ");
	words_span(p->slower_by, b);
	strbuf_addf(b, " longer from %s on, before the first loss",
	    words_time(p->slower_from, 0, at));
}

static void
say_route(const struct result_path *p, struct strbuf *b)
{
	char at[WORDS_TIME_MAX];

	if (p->hops != p->hops_before)
		strbuf_addf(b,
		    "; another route from %s on, over %u routers, not %u",
		    words_time(p->route_from, 0, at), (unsigned)p->hops,
		    (unsigned)p->hops_before);
}

static void
say_dscp(const struct result_path *p, struct strbuf *b)
{
	if (p->dscp_n > 0)
		strbuf_addf(b,
		    "; %" PRIu32 " packets left with DSCP %u and arrived with "
		    "%u, which is no fault",
		    p->dscp_n, (unsigned)p->dscp_sent, (unsigned)p->dscp_seen);
}

static void
say_mapping(const struct result_path *p, struct strbuf *b)
{
	const struct result_mapping *m = &p->mapping;
	char at[WORDS_TIME_MAX], text[ADDR_TEXT_MAX];

	if (m->now.family == AF_UNSPEC)
		return;
	strbuf_addf(b, "; the receiver was %s",
	    result_end_point(&m->before, m->before_port, text));
	strbuf_addf(b, ", and from %s on %s", words_time(m->from, 0, at),
	    result_end_point(&m->now, m->port, text));
	if (m->lost > 0)
		strbuf_addf(b, ": %" PRIu32 " packets to the old one were lost",
		    m->lost);
}

/* What each way did. */
static void
add_paths(struct notes *n)
{
	struct strbuf said = STRBUF_INIT, b = STRBUF_INIT;

	for (int way = 0; way < WAY_COUNT; way++) {
		say_slower(&n->r->path[way], &said);
		say_route(&n->r->path[way], &said);
		say_dscp(&n->r->path[way], &said);
		say_mapping(&n->r->path[way], &said);
		if (said.len > 0)
			strbuf_addf(&b, "%s:%s", way_name((enum way)way),
			    strbuf_text(&said) + 1);
		tell(n, NOTE_FACT, "Way", &b);
		strbuf_clear(&said);
	}
	strbuf_free(&said);
	strbuf_free(&b);
}

/* --- requests and answers --- */

static void
say_letters(const struct letter_row *l, struct strbuf *b)
{
	const char *before = ":";

	if (l->letter != LETTER_MIXED) {
		strbuf_addf(b, "%" PRIu32 " of %" PRIu32 " %s", l->agree, l->n,
		    words_letter(l->letter));
		return;
	}
	strbuf_addf(b, "%" PRIu32 " requests", l->n);
	for (int i = 0; i < LETTER_COUNT; i++) {
		if (l->by[i] == 0)
			continue;
		strbuf_addf(b, "%s %" PRIu32 " %s", before, l->by[i],
		    words_letter((enum letter)i));
		before = ";";
	}
}

static void
add_letters(struct notes *n, const char *who, const struct letter_row *l)
{
	struct strbuf b = STRBUF_INIT;

	if (l->n > 0) {
		strbuf_addf(&b, "%s: ", who);
		say_letters(l, &b);
		if (l->letter == LETTER_LATE && l->late > 0) {
			strbuf_add(&b, ", after ");
			words_span(l->late, &b);
		}
		if (l->grade == GRADE_LIKELY)
			strbuf_add(&b, " (likely)");
		tell(n, NOTE_FACT, "Requests", &b);
	}
	strbuf_free(&b);
}

static void
add_requests(struct notes *n)
{
	const struct compare_result *r = n->r;
	char who[80], at[WORDS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	add_letters(n, "OVOC's own SNMP", &r->polls);
	for (int a = 0; a < ASKER_COUNT; a++) {
		for (int k = 0; k < ASK_KIND_COUNT; k++) {
			snprintf(who, sizeof(who), "%s by %s",
			    words_kind((enum ask_kind)k),
			    words_asker((enum asker)a));
			add_letters(n, who, &r->letter[a][k]);
		}
	}
	if (r->asked_until != 0)
		strbuf_addf(&b, "OVOC's SNMP ended at %s",
		    words_time(r->asked_until, 0, at));
	tell(n, NOTE_FACT, "Requests", &b);
	strbuf_free(&b);
}

static void
add_refusal(struct notes *n)
{
	const struct result_refusal *f = &n->r->refusal;
	struct strbuf b = STRBUF_INIT;
	char by[ADDR_TEXT_MAX];

	if (f->n > 0) {
		strbuf_addf(&b,
		    "%" PRIu32 " of the lost by %s, with ICMP type %u, code %u",
		    f->n, addr_text(&f->by, by), (unsigned)f->type,
		    (unsigned)f->code);
		tell(n, NOTE_FACT, "Refused", &b);
	}
	strbuf_free(&b);
}

/* --- clock and time --- */

static void
say_offset(const struct result_clock *c, struct strbuf *b)
{
	if (c->offset / NS_IN_US == 0) {
		strbuf_add(b, "they agree");
	} else {
		strbuf_add(b, "that of the device is ");
		words_span(c->offset, b);
		strbuf_addf(b, " %s that of the server",
		    c->offset < 0 ? "behind" : "ahead of");
	}
	if (result_clock_bounded(c)) {
		strbuf_add(b, ", to within ");
		words_span(c->error, b);
		if (c->pairs == 0)
			strbuf_add(b, " by what the hosts told of them, as no "
				      "packet is in both captures: no time "
				      "here is more exact");
	} else {
		strbuf_add(b, ", and how exact this is cannot be said: packets "
			      "of one direction only");
	}
	if (c->local_time)
		strbuf_add(b, "; the device stamps local time");
}

static void
say_drift(const struct result_clock *c, struct strbuf *b)
{
	double ppm = c->drift_ppm;

	if (result_drift_shown(c) &&
	    (ppm >= DRIFT_LEAST || ppm <= -DRIFT_LEAST))
		strbuf_addf(b,
		    "; that of the device %s %.1f millionths, to within %.1f",
		    ppm < 0 ? "loses" : "gains", ppm < 0 ? -ppm : ppm,
		    c->drift_error);
}

static void
say_steps(const struct result_clock *c, struct strbuf *b)
{
	char at[WORDS_TIME_MAX];

	for (int i = 0; i < result_held(c->n_steps, RESULT_STEPS_MAX); i++) {
		strbuf_addf(b,
		    "; at %s one of them was set: that of the device went ",
		    words_time(c->step_at[i], 0, at));
		words_span(c->step_by[i], b);
		strbuf_add(b, c->step_by[i] < 0 ? " back" : " ahead");
	}
}

static void
add_clock(struct notes *n)
{
	const struct result_clock *c = &n->r->clock;
	struct strbuf b = STRBUF_INIT;

	if (c->known) {
		say_offset(c, &b);
		say_drift(c, &b);
		say_steps(c, &b);
		strbuf_add(&b, ".");
	} else {
		strbuf_add(&b, "their difference is not known.");
	}
	tell(n, NOTE_FACT, "Clocks", &b);
	strbuf_free(&b);
}

static void
add_common(struct notes *n)
{
	const struct compare_result *r = n->r;
	char from[WORDS_TIME_MAX], until[WORDS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < result_held(r->n_common, RESULT_COMMON_MAX); i++) {
		const struct result_span *s = &r->common[i];

		strbuf_addf(&b, "%s%s to %s", i == 0 ? "" : ", ",
		    words_time(s->from, 0, from),
		    words_time(s->to, s->from, until));
	}
	if (r->n_common > 0 && n->zone)
		strbuf_addf(&b, "; times are local (%s), by the server's clock",
		    words_zone(r->common[0].from, from));
	if (r->n_common == 0)
		strbuf_add(&b, "nothing: there is no time of which both "
			       "captures are known to have run");
	tell(n, NOTE_FACT, "Judged", &b);
	strbuf_free(&b);
}

static void
add_not_judged(struct notes *n)
{
	const uint32_t *of = n->r->not_judged;
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < REASON_COUNT; i++) {
		if (of[i] == 0)
			continue;
		strbuf_add(&b, b.len > 0 ? "; " : "");
		add_packets(of[i], &b);
		strbuf_addf(&b, ": %s", words_reason((enum reason)i));
	}
	tell(n, NOTE_FACT, "Not judged", &b);
	strbuf_free(&b);
}

/* --- addresses and captures --- */

static void
add_nat(struct notes *n)
{
	const struct compare_result *r = n->r;
	char one[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
	struct strbuf b = STRBUF_INIT;

	if (r->n_nat > 0)
		strbuf_add(&b, "at the server = at the device:");
	tell(n, NOTE_FACT, "Addresses", &b);
	for (int i = 0; i < result_held(r->n_nat, RESULT_NAT_MAX); i++) {
		const struct result_nat *at = &r->nat[i];

		strbuf_addf(&b, "%s = %s",
		    result_end_point(&at->server, at->server_port, one),
		    result_end_point(&at->device, at->device_port, other));
		tell(n, NOTE_FACT, "Addresses", &b);
	}
	strbuf_free(&b);
}

static void
say_misses(const struct result_side *s, struct strbuf *b)
{
	if (s->misses > 0)
		strbuf_addf(b,
		    "; it misses packets by itself: %" PRIu32 " of %" PRIu32
		    ", at most %.1f%%",
		    s->misses, s->sample, s->miss_upper * 100);
	if (s->dropped > 0)
		strbuf_addf(b, "; %" PRIu64 " dropped by its host's kernel",
		    s->dropped);
}

static void
say_what_is_odd(const struct result_side *s, struct strbuf *b)
{
	if (s->stretches > 1)
		strbuf_addf(b, "; in %" PRIu32 " stretches", s->stretches);
	if (s->snaplen > 0)
		strbuf_addf(
		    b, "; packets are cut to %" PRIu32 " bytes", s->snaplen);
	if (s->copies > 0)
		strbuf_addf(b, "; %" PRIu64 " seen twice by it", s->copies);
	if (s->tunnelled > 0)
		strbuf_addf(b, "; %" PRIu64 " in tunnels", s->tunnelled);
	if (s->strange > 0)
		strbuf_addf(b, "; %" PRIu64 " not understood", s->strange);
	if (s->packets > s->strange && !s->both_ways)
		strbuf_add(b, "; one direction only");
}

static void
add_file(struct notes *n, const char *side, const struct result_file *f)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, "%s: ", f->name);
	add_packets(f->packets, &b);
	if (f->trouble[0] != '\0')
		strbuf_addf(&b, "; %s", f->trouble);
	else if (f->cut)
		strbuf_add(&b, ", cut off");
	tell(n, NOTE_FILE, side, &b);
	if (f->sha256[0] != '\0')
		strbuf_addf(&b, "SHA-256 %s", f->sha256);
	tell(n, NOTE_DIGEST, side, &b);
	strbuf_free(&b);
}

static void
add_side(struct notes *n, const struct result_side *s)
{
	int held = result_held(s->n_files, RESULT_FILES_MAX);
	struct strbuf b = STRBUF_INIT;

	add_packets(s->packets, &b);
	for (int i = 0; i < result_held(s->n_links, RESULT_LINKS_MAX); i++)
		strbuf_addf(&b, "%s%s", i == 0 ? " of " : ", ", s->link[i]);
	say_what_is_odd(s, &b);
	say_misses(s, &b);
	tell(n, NOTE_FACT, s->name, &b);
	for (int i = 0; i < held; i++)
		add_file(n, s->name, &s->file[i]);
	if (s->n_files > held)
		strbuf_addf(&b, "and %d more files", s->n_files - held);
	tell(n, NOTE_FILE, s->name, &b);
	strbuf_free(&b);
}

void
compare_notes(
    const struct compare_result *r, bool zone, compare_note *note, void *arg)
{
	struct notes n = {.r = r, .zone = zone, .note = note, .arg = arg};

	add_classes(&n);
	add_paths(&n);
	add_requests(&n);
	add_refusal(&n);
	add_common(&n);
	add_not_judged(&n);
	add_clock(&n);
	add_nat(&n);
	for (int i = 0; i < SIDE_COUNT; i++)
		add_side(&n, &r->side[i]);
}
