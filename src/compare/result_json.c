/* result_json.c - see result_json.h.  Called by the command when it ends, and
 * by whoever makes a report of many.
 */
#include "compare/result_json.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "compare/result_facts.h"

#define NS_IN_US     1000
#define US_IN_MS     1000
#define NS_IN_S      INT64_C(1000000000)
#define US_PLACES    6
#define SHARE_PLACES 6
#define PPM_PLACES   3

static void
add_text(struct json_out *o, const char *key, const char *text)
{
	char *copy = xstrdup(text);

	str_printable(copy);
	json_out_text(o, key, copy);
	free(copy);
}

/* null for "". */
static void
add_known_text(struct json_out *o, const char *key, const char *text)
{
	if (text[0] != '\0')
		add_text(o, key, text);
	else
		json_out_text(o, key, NULL);
}

/* Nanoseconds as microseconds, rounded down. */
static int64_t
to_us(int64_t ns)
{
	return ns / NS_IN_US - (ns % NS_IN_US < 0);
}

static void
add_time(struct json_out *o, const char *key, int64_t ns)
{
	char text[CLOCK_TEXT_MAX];
	int64_t us = to_us(ns), ms = us / US_IN_MS - (us % US_IN_MS < 0);

	json_out_text(o, key, ms != 0 ? clock_rfc3339(ms, text) : NULL);
}

static void
add_fine_time(struct json_out *o, const char *key, int64_t ns)
{
	char text[CLOCK_TEXT_MAX];
	int64_t us = to_us(ns);

	json_out_text(o, key, us != 0 ? clock_rfc3339_us(us, text) : NULL);
}

/* Microseconds, not beyond what can be told. */
static int64_t
told_us(int64_t us)
{
	const int64_t most = RESULT_SECONDS_MAX * 1000000;

	if (us > most)
		return most;
	return us < -most ? -most : us;
}

/* Nanoseconds as seconds. */
static void
add_seconds(struct json_out *o, const char *key, bool known, int64_t ns)
{
	if (known)
		json_out_decimal(o, key, told_us(to_us(ns)), US_PLACES);
	else
		json_out_text(o, key, NULL);
}

/* Microseconds are all that such a time is good for. */
static void
add_ms(struct json_out *o, const char *key, int64_t ns)
{
	if (ns < 0)
		json_out_text(o, key, NULL);
	else
		json_out_decimal(o, key, told_us(to_us(ns)), 3);
}

/* So many of the last place; false: it is none, or out of all reason. */
static bool
to_places(double value, unsigned places, int64_t *out)
{
	double one = 1;

	for (unsigned i = 0; i < places; i++)
		one *= 10;
	if (!isfinite(value) || value > 1e9 || value < -1e9)
		return false;
	*out = (int64_t)(value * one + (value < 0 ? -0.5 : 0.5));
	return true;
}

/* A number to so many places; null, if it is none. */
static void
add_real(struct json_out *o, const char *key, double value, unsigned places)
{
	int64_t n;

	if (to_places(value, places, &n))
		json_out_decimal(o, key, n, places);
	else
		json_out_text(o, key, NULL);
}

/* --- clock and time --- */

static void
add_steps(const struct result_clock *c, struct json_out *o)
{
	json_out_array(o, "steps");
	for (int i = 0; i < result_held(c->n_steps, RESULT_STEPS_MAX); i++) {
		json_out_object(o, NULL);
		add_time(o, "at", c->step_at[i]);
		add_seconds(o, "bySeconds", true, c->step_by[i]);
		json_out_end(o);
	}
	json_out_end(o);
}

/* The clock as it is told: what is cut off from the offset is in the error, and
 * what follows from a number follows from the rounded one. */
static struct result_clock
rounded_clock(const struct result_clock *from)
{
	struct result_clock c = *from;
	int64_t us = to_us(c.offset), cut, n;

	cut = (c.offset % NS_IN_US + NS_IN_US) % NS_IN_US;
	c.known = c.known && us == told_us(us);
	if (c.error < RESULT_SECONDS_MAX * NS_IN_S)
		c.error = -to_us(-c.error - cut) * NS_IN_US;
	else
		c.error = INT64_MAX;
	if (to_places(c.drift_error, PPM_PLACES, &n))
		c.drift_error = (double)n / 1000;
	return c;
}

static void
add_clock(const struct result_clock *from, struct json_out *o)
{
	struct result_clock c = rounded_clock(from);

	json_out_object(o, "clock");
	json_out_bool(o, "known", c.known);
	add_time(o, "at", c.at);
	add_seconds(o, "offsetSeconds", c.known, c.offset);
	add_seconds(o, "errorSeconds", result_clock_bounded(&c), c.error);
	add_real(o, "driftPpm", result_drift_shown(&c) ? c.drift_ppm : NAN,
	    PPM_PLACES);
	add_real(o, "driftErrorPpm", c.known ? c.drift_error : NAN, PPM_PLACES);
	json_out_int(o, "pairs", c.pairs);
	add_steps(&c, o);
	json_out_bool(o, "localTime", c.local_time);
	json_out_end(o);
}

static void
add_common(const struct compare_result *r, struct json_out *o)
{
	json_out_array(o, "common");
	for (int i = 0; i < result_held(r->n_common, RESULT_COMMON_MAX); i++) {
		json_out_object(o, NULL);
		add_time(o, "from", r->common[i].from);
		add_time(o, "to", r->common[i].to);
		json_out_end(o);
	}
	json_out_end(o);
}

/* --- the captures --- */

static void
add_file(const struct result_file *f, struct json_out *o)
{
	json_out_object(o, NULL);
	add_text(o, "name", f->name);
	add_known_text(o, "sha256", f->sha256);
	json_out_int(o, "packets", (int64_t)f->packets);
	json_out_bool(o, "cut", f->cut);
	add_known_text(o, "trouble", f->trouble);
	json_out_end(o);
}

static void
add_files(const struct result_side *s, struct json_out *o)
{
	json_out_array(o, "files");
	for (int i = 0; i < result_held(s->n_files, RESULT_FILES_MAX); i++)
		add_file(&s->file[i], o);
	json_out_end(o);
}

static void
add_misses(const struct result_side *s, struct json_out *o)
{
	json_out_int(o, "misses", s->misses);
	json_out_int(o, "missSample", s->sample);
	add_real(o, "missShare", s->miss_share, SHARE_PLACES);
	add_real(o, "missUpper", s->miss_upper, SHARE_PLACES);
	json_out_int(o, "droppedByKernel", (int64_t)s->dropped);
}

static void
add_side(const struct result_side *s, bool files, struct json_out *o)
{
	json_out_object(o, NULL);
	add_text(o, "name", s->name);
	json_out_int(o, "fileCount", s->n_files);
	if (files)
		add_files(s, o);
	json_out_int(o, "packets", (int64_t)s->packets);
	add_time(o, "first", s->first);
	add_time(o, "last", s->last);
	json_out_int(o, "stretches", s->stretches);
	json_out_bool(o, "bothWays", s->both_ways);
	json_out_bool(o, "allInterfaces", s->all_interfaces);
	json_out_int(o, "copies", (int64_t)s->copies);
	add_misses(s, o);
	json_out_int(o, "snaplen", s->snaplen);
	json_out_array(o, "linkTypes");
	for (int i = 0; i < result_held(s->n_links, RESULT_LINKS_MAX); i++)
		add_text(o, NULL, s->link[i]);
	json_out_end(o);
	json_out_bool(o, "tunnel", s->tunnelled > 0);
	json_out_int(o, "tunnelled", (int64_t)s->tunnelled);
	json_out_int(o, "notUnderstood", (int64_t)s->strange);
	json_out_end(o);
}

static void
add_sides(const struct compare_result *r, bool files, struct json_out *o)
{
	json_out_array(o, "sides");
	for (int i = 0; i < SIDE_COUNT; i++)
		add_side(&r->side[i], files, o);
	json_out_end(o);
}

static void
add_nat(const struct compare_result *r, struct json_out *o)
{
	char text[ADDR_TEXT_MAX];

	json_out_array(o, "nat");
	for (int i = 0; i < result_held(r->n_nat, RESULT_NAT_MAX); i++) {
		const struct result_nat *n = &r->nat[i];

		json_out_object(o, NULL);
		json_out_text(o, "server",
		    result_end_point(&n->server, n->server_port, text));
		json_out_text(o, "device",
		    result_end_point(&n->device, n->device_port, text));
		json_out_end(o);
	}
	json_out_end(o);
}

/* --- what was lost --- */

static void
add_pattern(const struct loss_tally *t, struct json_out *o)
{
	json_out_object(o, "pattern");
	json_out_text(o, "kind", pattern_name(t->pattern));
	json_out_int(o, "n", t->pattern_n);
	json_out_end(o);
}

static void
add_unknown(const struct loss_tally *t, struct json_out *o)
{
	json_out_int(o, "unknown", t->unknown);
	json_out_object(o, "unknownBecause");
	for (int i = 0; i < REASON_COUNT; i++)
		if (t->unknown_by[i] > 0)
			json_out_int(
			    o, reason_name((enum reason)i), t->unknown_by[i]);
	json_out_end(o);
}

static void
add_class(enum traffic kind, enum way way, const struct loss_tally *t,
    struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "protocol", traffic_name(kind));
	json_out_text(o, "direction", way_name(way));
	json_out_int(o, "sent", t->sent);
	json_out_int(o, "arrived", t->arrived);
	json_out_int(o, "lost", t->lost);
	json_out_int(o, "atLeast", t->at_least);
	add_unknown(t, o);
	json_out_int(o, "late", t->late);
	json_out_int(o, "duplicated", t->duplicated);
	json_out_int(o, "missedByCapture", t->missed);
	json_out_int(o, "incomplete", t->incomplete);
	add_time(o, "first", t->first);
	add_time(o, "last", t->last);
	add_seconds(o, "longestSeconds", true, t->longest);
	json_out_int(o, "run", t->run);
	json_out_int(o, "among", t->among);
	add_pattern(t, o);
	add_ms(o, "delayBeforeMs", t->delay_before);
	add_ms(o, "delayDuringMs", t->delay_during);
	json_out_text(o, "grade", grade_name(t->grade));
	json_out_end(o);
}

static void
add_classes(const struct compare_result *r, struct json_out *o)
{
	json_out_array(o, "classes");
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (result_seen(&r->tally[kind][way]))
				add_class((enum traffic)kind, (enum way)way,
				    &r->tally[kind][way], o);
	json_out_end(o);
}

/* Where it went, and whether that was lost. */
static void
add_mapping(const struct result_mapping *m, struct json_out *o)
{
	char text[ADDR_TEXT_MAX];

	add_time(o, "mappingFrom", m->from);
	json_out_text(o, "mappingBefore",
	    result_end_point(&m->before, m->before_port, text));
	json_out_text(o, "mapping", result_end_point(&m->now, m->port, text));
	json_out_int(o, "mappingLost", m->lost);
}

static void
add_path(enum way way, const struct result_path *p, struct json_out *o)
{
	bool slower = p->slower_by >= NS_IN_US;
	bool other = p->hops_before != p->hops;

	bool moved = p->mapping.now.family != AF_UNSPEC;

	if (!slower && !other && p->dscp_n == 0 && !moved)
		return;
	json_out_object(o, NULL);
	json_out_text(o, "direction", way_name(way));
	if (slower) {
		add_time(o, "slowerFrom", p->slower_from);
		add_ms(o, "slowerByMs", p->slower_by);
	}
	if (other) {
		add_time(o, "routeFrom", p->route_from);
		json_out_int(o, "hopsBefore", p->hops_before);
		json_out_int(o, "hops", p->hops);
	}
	if (p->dscp_n > 0) {
		json_out_int(o, "dscpSent", p->dscp_sent);
		json_out_int(o, "dscpSeen", p->dscp_seen);
		json_out_int(o, "dscpPackets", p->dscp_n);
	}
	if (moved)
		add_mapping(&p->mapping, o);
	json_out_end(o);
}

/* What each way did, if anything. */
static void
add_paths(const struct compare_result *r, struct json_out *o)
{
	json_out_array(o, "paths");
	for (int way = 0; way < WAY_COUNT; way++)
		add_path((enum way)way, &r->path[way], o);
	json_out_end(o);
}

/* --- requests and answers --- */

static void
add_letter(const struct letter_row *l, struct json_out *o)
{
	json_out_text(o, "letter", letter_name(l->letter));
	json_out_int(o, "of", l->n);
	json_out_int(o, "agree", l->agree);
	json_out_object(o, "by");
	for (int i = 0; i < LETTER_COUNT; i++)
		if (l->by[i] > 0)
			json_out_int(o, letter_name((enum letter)i), l->by[i]);
	json_out_end(o);
	add_time(o, "first", l->first);
	add_time(o, "last", l->last);
	add_ms(o, "lateMs", l->late >= NS_IN_US ? l->late : -1);
	json_out_text(o, "grade", grade_name(l->grade));
}

/* What is known of the time of trouble, beside the letters. */
static void
add_event(const struct compare_result *r, struct json_out *o)
{
	json_out_object(o, "troubleTime");
	add_time(o, "from", r->trouble_time.from);
	add_time(o, "to", r->trouble_time.to);
	json_out_text(o, "ownMessages", reports_name(r->reports));
	add_time(o, "askedUntil", r->asked_until);
	json_out_end(o);
}

static void
add_refusal(const struct result_refusal *f, struct json_out *o)
{
	char text[ADDR_TEXT_MAX];

	if (f->n == 0)
		return;
	json_out_object(o, "refused");
	json_out_int(o, "packets", f->n);
	json_out_text(o, "by", addr_text(&f->by, text));
	json_out_int(o, "type", f->type);
	json_out_int(o, "code", f->code);
	json_out_end(o);
}

static void
add_exchange(enum asker asker, enum ask_kind kind, const struct letter_row *l,
    struct json_out *o)
{
	if (l->n == 0)
		return;
	json_out_object(o, NULL);
	json_out_text(o, "asker", asker_name(asker));
	json_out_text(o, "kind", ask_kind_name(kind));
	add_letter(l, o);
	json_out_end(o);
}

static void
add_exchanges(const struct compare_result *r, struct json_out *o)
{
	if (r->polls.n > 0) {
		json_out_object(o, "polls");
		add_letter(&r->polls, o);
		json_out_end(o);
	}
	json_out_bool(o, "witness", r->witness);
	json_out_array(o, "exchanges");
	for (int a = 0; a < ASKER_COUNT; a++)
		for (int k = 0; k < ASK_KIND_COUNT; k++)
			add_exchange((enum asker)a, (enum ask_kind)k,
			    &r->letter[a][k], o);
	json_out_end(o);
}

static void
add_ladder(const struct compare_result *r, struct json_out *o)
{
	json_out_array(o, "ladder");
	for (int i = 0; i < result_held(r->n_ladder, RESULT_LADDER_MAX); i++) {
		const struct ladder_row *l = &r->ladder[i];

		json_out_object(o, NULL);
		json_out_text(o, "asker", asker_name(l->asker));
		json_out_text(o, "kind", ask_kind_name(l->kind));
		json_out_text(o, "letter", letter_name(l->letter));
		add_fine_time(o, "asked", l->s1);
		add_fine_time(o, "reached", l->d1);
		add_fine_time(o, "answered", l->d2);
		add_fine_time(o, "received", l->s2);
		json_out_end(o);
	}
	json_out_end(o);
}

static void
add_not_judged(const struct compare_result *r, struct json_out *o)
{
	json_out_array(o, "notJudged");
	for (int i = 0; i < REASON_COUNT; i++) {
		if (r->not_judged[i] == 0)
			continue;
		json_out_object(o, NULL);
		json_out_text(o, "why", reason_name((enum reason)i));
		json_out_int(o, "packets", r->not_judged[i]);
		json_out_end(o);
	}
	json_out_end(o);
}

/* --- the strip --- */

static uint32_t
part_of(const struct strip_bin *b, int part)
{
	return part == 0 ? b->arrived : part == 1 ? b->lost : b->unknown;
}

/* Nothing, where there was nothing of it. */
static void
add_bins(const struct result_strip *s, const struct strip_row *row, int part,
    const char *key, struct json_out *o)
{
	bool any = false;

	for (int i = 0; i < s->n_bins; i++)
		any |= part_of(&row->bin[i], part) > 0;
	if (!any)
		return;
	json_out_array(o, key);
	for (int i = 0; i < s->n_bins; i++)
		json_out_int(o, NULL, part_of(&row->bin[i], part));
	json_out_end(o);
}

static void
add_strip(const struct result_strip *s, struct json_out *o)
{
	if (to_us(s->width) <= 0 || to_us(s->width) != told_us(to_us(s->width)))
		return;
	json_out_object(o, "strip");
	add_time(o, "from", s->from);
	add_seconds(o, "binSeconds", true, s->width);
	json_out_int(o, "bins", s->n_bins);
	add_time(o, "alarm", s->alarm);
	json_out_array(o, "rows");
	for (int i = 0; i < s->n_rows; i++) {
		const struct strip_row *row = &s->row[i];

		json_out_object(o, NULL);
		json_out_text(o, "protocol", traffic_name(row->traffic));
		json_out_text(o, "direction", way_name(row->way));
		add_bins(s, row, 0, "arrived", o);
		add_bins(s, row, 1, "lost", o);
		add_bins(s, row, 2, "unknown", o);
		json_out_end(o);
	}
	json_out_end(o);
	json_out_end(o);
}

void
result_json_members(
    const struct compare_result *r, bool files, struct json_out *o)
{
	add_text(o, "sentence", r->sentence);
	json_out_text(o, "grade", grade_name(r->grade));
	json_out_int(o, "exitStatus", r->exit_status);
	add_known_text(o, "trouble", r->trouble);
	add_clock(&r->clock, o);
	add_common(r, o);
	add_sides(r, files, o);
	add_nat(r, o);
	add_classes(r, o);
	add_paths(r, o);
	add_refusal(&r->refusal, o);
	add_event(r, o);
	add_exchanges(r, o);
	add_ladder(r, o);
	if (files)
		add_strip(&r->strip, o);
	add_not_judged(r, o);
}

void
result_json(const struct compare_result *r, struct strbuf *to)
{
	struct json_out o = {.to = to};

	json_out_object(&o, NULL);
	json_out_int(&o, "schema", 1);
	json_out_text(&o, "version", VERSION);
	result_json_members(r, true, &o);
	json_out_end(&o);
	strbuf_add(to, "\n");
}
