/* compare_text.c - see compare_text.h.  Called by the command when it ends.
 */
#include "report/compare_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "compare/result_facts.h"
#include "report/compare_words.h"
#include "report/paragraph.h"

#define INDENT 18 /* the first two columns of the table */
/* A digest of 64 digits has to fit behind its name. */
#define INDENT_FILE 2

/* What has gathered, as a paragraph; `b` is empty then. */
static void
flush(const char *label, struct strbuf *b, struct strbuf *to)
{
	paragraph(label, INDENT, strbuf_text(b), to);
	strbuf_clear(b);
}

static void
add_packets(uint64_t n, struct strbuf *b)
{
	strbuf_addf(b, "%" PRIu64 " packet%s", n, n == 1 ? "" : "s");
}

/* --- the table --- */

static void
table_row(enum traffic kind, enum way way, const struct loss_tally *t,
    struct strbuf *to)
{
	strbuf_addf(to,
	    "%-12s%-6s%9" PRIu32 " %9" PRIu32 " %9" PRIu32 " %9" PRIu32
	    "  %s\n",
	    words_traffic(kind), way_name(way), t->sent, t->arrived, t->lost,
	    t->unknown, grade_name(t->grade));
}

static void
add_table(const struct compare_result *r, struct strbuf *to)
{
	if (!result_judged(r))
		return;
	strbuf_addf(to, "\n%-18s%9s %9s %9s %9s\n", "", "sent", "arrived",
	    "lost", "unclear");
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (result_seen(&r->tally[kind][way]))
				table_row((enum traffic)kind, (enum way)way,
				    &r->tally[kind][way], to);
	strbuf_add(to, "(there: to the device, back: from it)\n");
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
add_note(enum traffic kind, enum way way, const struct loss_tally *t,
    struct strbuf *to)
{
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
	flush(label, &b, to);
	strbuf_free(&b);
}

static void
add_notes(const struct compare_result *r, struct strbuf *to)
{
	size_t before;

	strbuf_add(to, "\n");
	before = to->len;
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			add_note((enum traffic)kind, (enum way)way,
			    &r->tally[kind][way], to);
	if (to->len > before)
		strbuf_add(to, "\n");
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
add_letters(const char *label, const char *who, const struct letter_row *l,
    struct strbuf *to)
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
		flush(label, &b, to);
	}
	strbuf_free(&b);
}

static void
add_requests(const struct compare_result *r, struct strbuf *to)
{
	size_t before = to->len;
	char who[80], at[WORDS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	add_letters("Requests", "OVOC's own SNMP", &r->polls, to);
	for (int a = 0; a < ASKER_COUNT; a++) {
		for (int k = 0; k < ASK_KIND_COUNT; k++) {
			snprintf(who, sizeof(who), "%s by %s",
			    words_kind((enum ask_kind)k),
			    words_asker((enum asker)a));
			add_letters(to->len == before ? "Requests" : "", who,
			    &r->letter[a][k], to);
		}
	}
	if (r->asked_until != 0)
		strbuf_addf(&b, "OVOC's SNMP ended at %s",
		    words_time(r->asked_until, 0, at));
	flush(to->len == before ? "Requests" : "", &b, to);
	strbuf_free(&b);
}

static void
add_refusal(const struct result_refusal *f, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;
	char by[ADDR_TEXT_MAX];

	if (f->n > 0) {
		strbuf_addf(&b,
		    "%" PRIu32 " of the lost by %s, with ICMP type %u, code %u",
		    f->n, addr_text(&f->by, by), (unsigned)f->type,
		    (unsigned)f->code);
		flush("Refused", &b, to);
	}
	strbuf_free(&b);
}

/* --- clock and time --- */

static void
say_offset(const struct result_clock *c, struct strbuf *b)
{
	strbuf_add(b, "that of the device is ");
	words_span(c->offset, b);
	strbuf_addf(
	    b, " %s that of the server", c->offset < 0 ? "behind" : "ahead of");
	if (result_clock_bounded(c)) {
		strbuf_add(b, ", to within ");
		words_span(c->error, b);
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

	if (result_drift_shown(c))
		strbuf_addf(b, "; it %s %.1f millionths, to within %.1f",
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
add_clock(const struct result_clock *c, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	if (c->known) {
		say_offset(c, &b);
		say_drift(c, &b);
		say_steps(c, &b);
		strbuf_add(&b, ".");
	} else {
		strbuf_add(&b, "their difference is not known.");
	}
	flush("Clocks", &b, to);
	strbuf_free(&b);
}

static void
add_common(const struct compare_result *r, struct strbuf *to)
{
	char from[WORDS_TIME_MAX], until[WORDS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < result_held(r->n_common, RESULT_COMMON_MAX); i++) {
		const struct result_span *s = &r->common[i];

		strbuf_addf(&b, "%s%s to %s", i == 0 ? "" : ", ",
		    words_time(s->from, 0, from),
		    words_time(s->to, s->from, until));
	}
	if (r->n_common > 0)
		strbuf_addf(&b, "; times are local (%s), by the server's clock",
		    words_zone(r->common[0].from, from));
	else
		strbuf_add(&b, "nothing: there is no time of which both "
			       "captures are known to have run");
	flush("Judged", &b, to);
	strbuf_free(&b);
}

static void
add_not_judged(const struct compare_result *r, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < REASON_COUNT; i++) {
		if (r->not_judged[i] == 0)
			continue;
		strbuf_add(&b, b.len > 0 ? "; " : "");
		add_packets(r->not_judged[i], &b);
		strbuf_addf(&b, ": %s", words_reason((enum reason)i));
	}
	flush("Not judged", &b, to);
	strbuf_free(&b);
}

/* --- addresses and captures --- */

static void
add_nat(const struct compare_result *r, struct strbuf *to)
{
	char one[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];
	struct strbuf b = STRBUF_INIT;

	if (r->n_nat > 0)
		strbuf_add(&b, "at the server = at the device:");
	flush("Addresses", &b, to);
	for (int i = 0; i < result_held(r->n_nat, RESULT_NAT_MAX); i++) {
		const struct result_nat *n = &r->nat[i];

		strbuf_addf(&b, "%s = %s",
		    result_end_point(&n->server, n->server_port, one),
		    result_end_point(&n->device, n->device_port, other));
		flush("", &b, to);
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
add_file(const struct result_file *f, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, "%s: ", f->name);
	add_packets(f->packets, &b);
	if (f->trouble[0] != '\0')
		strbuf_addf(&b, "; %s", f->trouble);
	else if (f->cut)
		strbuf_add(&b, ", cut off");
	paragraph("", INDENT_FILE, strbuf_text(&b), to);
	strbuf_clear(&b);
	if (f->sha256[0] != '\0')
		strbuf_addf(&b, "SHA-256 %s", f->sha256);
	paragraph("", 2 * INDENT_FILE, strbuf_text(&b), to);
	strbuf_free(&b);
}

static void
add_side(const struct result_side *s, struct strbuf *to)
{
	int held = result_held(s->n_files, RESULT_FILES_MAX);
	struct strbuf b = STRBUF_INIT;

	add_packets(s->packets, &b);
	for (int i = 0; i < result_held(s->n_links, RESULT_LINKS_MAX); i++)
		strbuf_addf(&b, "%s%s", i == 0 ? " of " : ", ", s->link[i]);
	say_what_is_odd(s, &b);
	say_misses(s, &b);
	flush(s->name, &b, to);
	for (int i = 0; i < held; i++)
		add_file(&s->file[i], to);
	if (s->n_files > held) {
		strbuf_addf(&b, "and %d more files", s->n_files - held);
		paragraph("", INDENT_FILE, strbuf_text(&b), to);
	}
	strbuf_free(&b);
}

void
compare_text(const struct compare_result *r, struct strbuf *to)
{
	if (r->trouble[0] != '\0' && !result_judged(r))
		return;
	paragraph("", 0, r->sentence, to);
	add_table(r, to);
	add_notes(r, to);
	add_requests(r, to);
	add_refusal(&r->refusal, to);
	add_common(r, to);
	add_not_judged(r, to);
	add_clock(&r->clock, to);
	add_nat(r, to);
	for (int i = 0; i < SIDE_COUNT; i++)
		add_side(&r->side[i], to);
}
