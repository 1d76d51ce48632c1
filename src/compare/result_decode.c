/* result_decode.c - a comparison's result from its JSON, whoever wrote it.
 *
 * In the order of result_json.c, member by member.
 */
#include "compare/result_decode.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xmem.h"
#include "compare/result_facts.h"
#include "compare/result_json.h"
#include "compare/result_member.h"

#define CLASSES_MAX   (TRAFFIC_COUNT * WAY_COUNT)
#define EXCHANGES_MAX (ASKER_COUNT * ASK_KIND_COUNT)
#define DSCP_MAX      63 /* RFC 2474: 6 bits */

/* --- clock and time --- */

static void
get_steps(struct members *m, const struct json *j, struct result_clock *c)
{
	const struct json *all, *step;

	all = member_array(m, j, "steps", RESULT_STEPS_MAX, &c->n_steps);
	for (int i = 0; i < c->n_steps; i++) {
		step = json_at(all, (size_t)i);
		c->step_at[i] = member_time(m, step, "at");
		member_seconds(m, step, "bySeconds", &c->step_by[i]);
	}
}

static void
get_clock(struct members *m, const struct json *j, struct result_clock *c)
{
	c->known = member_bool(m, j, "known");
	c->at = member_time(m, j, "at");
	if (!member_seconds(m, j, "offsetSeconds", &c->offset) && c->known)
		member_spoil(m, "clock", "is known, and has no offset");
	c->error = INT64_MAX;
	if (member_seconds(m, j, "errorSeconds", &c->error) && c->error < 0)
		member_spoil(m, "errorSeconds", "is below 0");
	c->drift_ppm = member_real(m, j, "driftPpm");
	c->drift_error = member_real(m, j, "driftErrorPpm");
	c->pairs = member_u32(m, j, "pairs");
	get_steps(m, j, c);
	c->local_time = member_bool(m, j, "localTime");
}

static struct result_span
get_span(struct members *m, const struct json *j)
{
	struct result_span s;

	s.from = member_time(m, j, "from");
	s.to = member_time(m, j, "to");
	return s;
}

static void
get_common(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all =
	    member_array(m, j, "common", RESULT_COMMON_MAX, &r->n_common);

	for (int i = 0; i < r->n_common; i++)
		r->common[i] = get_span(m, json_at(all, (size_t)i));
}

/* --- the captures --- */

static void
get_file(struct members *m, const struct json *j, struct result_file *f)
{
	member_text(m, j, "name", f->name, sizeof(f->name));
	member_text(m, j, "sha256", f->sha256, sizeof(f->sha256));
	f->packets = (uint64_t)member_count(m, j, "packets", INT64_MAX);
	f->cut = member_bool(m, j, "cut");
	member_text(m, j, "trouble", f->trouble, sizeof(f->trouble));
}

/* A report of many has the count alone. */
static void
get_files(struct members *m, const struct json *j, struct result_side *s)
{
	const struct json *all;
	int n;

	s->n_files = (int)member_count(m, j, "fileCount", INT_MAX);
	all = member_array(m, j, "files", RESULT_FILES_MAX, &n);
	if (all != NULL && n != result_held(s->n_files, RESULT_FILES_MAX))
		member_spoil(m, "fileCount", "is not that of the files");
	for (int i = 0; i < n; i++)
		get_file(m, json_at(all, (size_t)i), &s->file[i]);
}

static void
get_links(struct members *m, const struct json *j, struct result_side *s)
{
	const struct json *all =
	    member_array(m, j, "linkTypes", RESULT_LINKS_MAX, &s->n_links);

	for (int i = 0; i < s->n_links; i++)
		member_element(m, json_at(all, (size_t)i), "linkTypes",
		    s->link[i], sizeof(s->link[i]));
}

static void
get_side(struct members *m, const struct json *j, struct result_side *s)
{
	member_text(m, j, "name", s->name, sizeof(s->name));
	get_files(m, j, s);
	s->packets = (uint64_t)member_count(m, j, "packets", INT64_MAX);
	s->first = member_time(m, j, "first");
	s->last = member_time(m, j, "last");
	s->stretches = member_u32(m, j, "stretches");
	s->both_ways = member_bool(m, j, "bothWays");
	s->all_interfaces = member_bool(m, j, "allInterfaces");
	s->copies = (uint64_t)member_count(m, j, "copies", INT64_MAX);
	s->misses = member_u32(m, j, "misses");
	s->sample = member_u32(m, j, "missSample");
	s->miss_share = member_real(m, j, "missShare");
	s->miss_upper = member_real(m, j, "missUpper");
	s->dropped = (uint64_t)member_count(m, j, "droppedByKernel", INT64_MAX);
	s->snaplen = member_u32(m, j, "snaplen");
	get_links(m, j, s);
	s->tunnelled = (uint64_t)member_count(m, j, "tunnelled", INT64_MAX);
	s->strange = (uint64_t)member_count(m, j, "notUnderstood", INT64_MAX);
}

static void
get_sides(struct members *m, const struct json *j, struct compare_result *r)
{
	int n;
	const struct json *all = member_array(m, j, "sides", SIDE_COUNT, &n);

	if (n != SIDE_COUNT)
		member_spoil(m, "sides", "are not two");
	for (int i = 0; i < n; i++)
		get_side(m, json_at(all, (size_t)i), &r->side[i]);
}

static void
get_end_point(struct members *m, const struct json *j, const char *key,
    struct addr *a, uint16_t *port)
{
	if (!result_end_point_read(json_get_text(j, key, ""), a, port))
		member_spoil(m, key, "is no address");
}

static void
get_nat(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all =
	    member_array(m, j, "nat", RESULT_NAT_MAX, &r->n_nat);

	for (int i = 0; i < r->n_nat; i++) {
		const struct json *one = json_at(all, (size_t)i);
		struct result_nat *to = &r->nat[i];

		get_end_point(m, one, "server", &to->server, &to->server_port);
		get_end_point(m, one, "device", &to->device, &to->device_port);
	}
}

/* --- what was lost --- */

static void
get_unknown(struct members *m, const struct json *j, struct loss_tally *t)
{
	const struct json *by = json_get(j, "unknownBecause");
	uint64_t sum = 0;

	t->unknown = member_u32(m, j, "unknown");
	for (int i = 0; i < REASON_COUNT; i++) {
		t->unknown_by[i] =
		    member_u32(m, by, reason_name((enum reason)i));
		sum += t->unknown_by[i];
	}
	if (sum != t->unknown)
		member_spoil(m, "unknown", "is not the sum of its reasons");
}

static void
get_tally(struct members *m, const struct json *j, struct loss_tally *t)
{
	const struct json *pattern = json_get(j, "pattern");

	t->sent = member_u32(m, j, "sent");
	t->arrived = member_u32(m, j, "arrived");
	t->lost = member_u32(m, j, "lost");
	t->at_least = member_u32(m, j, "atLeast");
	if (t->at_least > t->lost)
		member_spoil(m, "atLeast", "is more than all that was lost");
	get_unknown(m, j, t);
	t->late = member_u32(m, j, "late");
	t->duplicated = member_u32(m, j, "duplicated");
	t->missed = member_u32(m, j, "missedByCapture");
	t->incomplete = member_u32(m, j, "incomplete");
	t->first = member_time(m, j, "first");
	t->last = member_time(m, j, "last");
	member_seconds(m, j, "longestSeconds", &t->longest);
	t->run = member_u32(m, j, "run");
	t->among = member_u32(m, j, "among");
	t->pattern =
	    member_name(m, pattern, "kind", pattern_by_name, PATTERN_COUNT);
	t->pattern_n = member_u32(m, pattern, "n");
	t->delay_before = member_ms(m, j, "delayBeforeMs");
	t->delay_during = member_ms(m, j, "delayDuringMs");
	t->grade = member_name(m, j, "grade", grade_by_name, GRADE_COUNT);
}

static void
get_classes(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all, *one;
	int n, kind, way;

	all = member_array(m, j, "classes", CLASSES_MAX, &n);
	for (int i = 0; i < n; i++) {
		one = json_at(all, (size_t)i);
		kind = member_name(
		    m, one, "protocol", traffic_by_name, TRAFFIC_COUNT);
		way = member_name(m, one, "direction", way_by_name, WAY_COUNT);
		get_tally(m, one, &r->tally[kind][way]);
	}
}

static void
get_mapping(struct members *m, const struct json *j, struct result_mapping *to)
{
	if (json_get(j, "mapping") == NULL)
		return;
	to->from = member_time(m, j, "mappingFrom");
	get_end_point(m, j, "mappingBefore", &to->before, &to->before_port);
	get_end_point(m, j, "mapping", &to->now, &to->port);
	to->lost = member_u32(m, j, "mappingLost");
}

static void
get_path(struct members *m, const struct json *j, struct result_path *p)
{
	int64_t by = member_ms(m, j, "slowerByMs");

	p->slower_by = by > 0 ? by : 0;
	p->slower_from = member_time(m, j, "slowerFrom");
	p->route_from = member_time(m, j, "routeFrom");
	p->hops_before = (uint8_t)member_count(m, j, "hopsBefore", UINT8_MAX);
	p->hops = (uint8_t)member_count(m, j, "hops", UINT8_MAX);
	p->dscp_sent = (uint8_t)member_count(m, j, "dscpSent", DSCP_MAX);
	p->dscp_seen = (uint8_t)member_count(m, j, "dscpSeen", DSCP_MAX);
	p->dscp_n = member_u32(m, j, "dscpPackets");
	get_mapping(m, j, &p->mapping);
}

static void
get_paths(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all, *one;
	int n, way;

	all = member_array(m, j, "paths", WAY_COUNT, &n);
	for (int i = 0; i < n; i++) {
		one = json_at(all, (size_t)i);
		way = member_name(m, one, "direction", way_by_name, WAY_COUNT);
		get_path(m, one, &r->path[way]);
	}
}

/* --- requests and answers --- */

static void
get_letter(struct members *m, const struct json *j, struct letter_row *l)
{
	const struct json *by = json_get(j, "by");
	int64_t late;

	l->letter = member_name(m, j, "letter", letter_by_name, LETTER_COUNT);
	l->n = member_u32(m, j, "of");
	l->agree = member_u32(m, j, "agree");
	if (l->agree > l->n)
		member_spoil(m, "agree", "is more than there are");
	for (int i = 0; i < LETTER_COUNT; i++)
		l->by[i] = member_u32(m, by, letter_name((enum letter)i));
	l->first = member_time(m, j, "first");
	l->last = member_time(m, j, "last");
	late = member_ms(m, j, "lateMs");
	l->late = late > 0 ? late : 0;
	l->grade = member_name(m, j, "grade", grade_by_name, GRADE_COUNT);
}

static void
get_refusal(struct members *m, const struct json *j, struct result_refusal *f)
{
	if (j == NULL)
		return;
	f->n = member_u32(m, j, "packets");
	if (!addr_parse(&f->by, json_get_text(j, "by", "")))
		member_spoil(m, "by", "is no address");
	f->type = (uint8_t)member_count(m, j, "type", UINT8_MAX);
	f->code = (uint8_t)member_count(m, j, "code", UINT8_MAX);
}

static void
get_event(struct members *m, const struct json *j, struct compare_result *r)
{
	if (j == NULL)
		return;
	r->trouble_time = get_span(m, j);
	r->reports =
	    member_name(m, j, "ownMessages", reports_by_name, REPORTS_COUNT);
	r->asked_until = member_time(m, j, "askedUntil");
}

static void
get_exchanges(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *polls = json_get(j, "polls"), *all, *one;
	int n, asker, kind;

	if (polls != NULL)
		get_letter(m, polls, &r->polls);
	r->witness = member_bool(m, j, "witness");
	all = member_array(m, j, "exchanges", EXCHANGES_MAX, &n);
	for (int i = 0; i < n; i++) {
		one = json_at(all, (size_t)i);
		asker =
		    member_name(m, one, "asker", asker_by_name, ASKER_COUNT);
		kind = member_name(
		    m, one, "kind", ask_kind_by_name, ASK_KIND_COUNT);
		get_letter(m, one, &r->letter[asker][kind]);
	}
}

static void
get_rung(struct members *m, const struct json *j, struct ladder_row *l)
{
	l->asker = member_name(m, j, "asker", asker_by_name, ASKER_COUNT);
	l->kind = member_name(m, j, "kind", ask_kind_by_name, ASK_KIND_COUNT);
	l->letter = member_name(m, j, "letter", letter_by_name, LETTER_COUNT);
	l->s1 = member_time(m, j, "asked");
	l->d1 = member_time(m, j, "reached");
	l->d2 = member_time(m, j, "answered");
	l->s2 = member_time(m, j, "received");
}

static void
get_ladder(struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all =
	    member_array(m, j, "ladder", RESULT_LADDER_MAX, &r->n_ladder);

	for (int i = 0; i < r->n_ladder; i++)
		get_rung(m, json_at(all, (size_t)i), &r->ladder[i]);
}

static void
get_bins(struct members *m, const struct json *j, const char *key, int n,
    uint32_t *first)
{
	const struct json *all = json_get(j, key);
	size_t step = sizeof(struct strip_bin) / sizeof(*first);

	if (all == NULL)
		return;
	if (json_count(all) != (size_t)n) {
		member_spoil(m, key, "has another number of bins");
		return;
	}
	for (int i = 0; i < n; i++) {
		int64_t in = json_int(json_at(all, (size_t)i), -1);

		if (in < 0 || in > UINT32_MAX)
			member_spoil(m, key, "has no count, or too high");
		first[(size_t)i * step] = (uint32_t)in;
	}
}

static void
get_strip(struct members *m, const struct json *j, struct result_strip *s)
{
	const struct json *all, *one;

	if (j == NULL)
		return;
	s->from = member_time(m, j, "from");
	if (!member_seconds(m, j, "binSeconds", &s->width) || s->width <= 0)
		member_spoil(m, "binSeconds", "is no time");
	s->n_bins = (int)member_count(m, j, "bins", STRIP_BINS_MAX);
	s->alarm = member_time(m, j, "alarm");
	all = member_array(m, j, "rows", STRIP_ROWS_MAX, &s->n_rows);
	for (int i = 0; i < s->n_rows; i++) {
		struct strip_row *row = &s->row[i];

		one = json_at(all, (size_t)i);
		row->traffic = member_name(
		    m, one, "protocol", traffic_by_name, TRAFFIC_COUNT);
		row->way =
		    member_name(m, one, "direction", way_by_name, WAY_COUNT);
		get_bins(m, one, "arrived", s->n_bins, &row->bin[0].arrived);
		get_bins(m, one, "lost", s->n_bins, &row->bin[0].lost);
		get_bins(m, one, "unknown", s->n_bins, &row->bin[0].unknown);
	}
}

static void
get_not_judged(
    struct members *m, const struct json *j, struct compare_result *r)
{
	const struct json *all, *one;
	int n, why;

	all = member_array(m, j, "notJudged", REASON_COUNT, &n);
	for (int i = 0; i < n; i++) {
		one = json_at(all, (size_t)i);
		why = member_name(m, one, "why", reason_by_name, REASON_COUNT);
		r->not_judged[why] = member_u32(m, one, "packets");
	}
}

/* --- the verdict --- */

static bool
any_lost(const struct compare_result *r)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (r->tally[kind][way].lost > 0)
				return true;
	return false;
}

/* Do the status and what stands beside it agree? */
static void
check_status(struct members *m, const struct compare_result *r)
{
	bool trouble = r->trouble[0] != '\0', agrees = false;

	switch (r->exit_status) {
	case 0:
	case 3:
		agrees = !trouble && !any_lost(r);
		break;
	case 1:
		agrees = !trouble;
		break;
	case 7:
		agrees = trouble;
		break;
	}
	if (!agrees)
		member_spoil(m, "exitStatus", "is not what the rest says");
}

static void
get_verdict(struct members *m, const struct json *j, struct compare_result *r)
{
	if (json_get_int(j, "schema", 0) != 1)
		member_spoil(m, "schema", "is not 1");
	member_text(m, j, "sentence", r->sentence, sizeof(r->sentence));
	if (r->sentence[0] == '\0')
		member_spoil(m, "sentence", "is empty");
	r->grade = member_name(m, j, "grade", grade_by_name, GRADE_COUNT);
	r->exit_status = (int)member_count(m, j, "exitStatus", INT_MAX);
	member_text(m, j, "trouble", r->trouble, sizeof(r->trouble));
}

static void
get_all(struct members *m, const struct json *j, struct compare_result *r)
{
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			r->tally[kind][way].delay_before =
			    r->tally[kind][way].delay_during = -1;
	get_verdict(m, j, r);
	get_clock(m, json_get(j, "clock"), &r->clock);
	get_common(m, j, r);
	get_sides(m, j, r);
	get_nat(m, j, r);
	get_classes(m, j, r);
	get_paths(m, j, r);
	get_refusal(m, json_get(j, "refused"), &r->refusal);
	get_event(m, json_get(j, "troubleTime"), r);
	get_exchanges(m, j, r);
	get_ladder(m, j, r);
	get_strip(m, json_get(j, "strip"), &r->strip);
	get_not_judged(m, j, r);
	check_status(m, r);
}

struct compare_result *
result_decode(const char *text, size_t len, struct fail *why)
{
	struct members m = {.why = why};
	struct compare_result *r;
	struct json *j;

	if (len > RESULT_JSON_MAX) {
		fail_set(why, FAIL_FINAL, "it is too long");
		return NULL;
	}
	j = json_parse(text, len);
	if (!json_is_object(j)) {
		fail_set(why, FAIL_FINAL, "it is no JSON object");
		json_free(j);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	get_all(&m, j, r);
	json_free(j);
	if (!m.spoilt)
		return r;
	free(r);
	return NULL;
}
