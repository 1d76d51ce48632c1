/* history_show.c - see history_show.h.
 */
#include "report/history_show.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "books/history_ask.h"
#include "books/history_rows.h"
#include "report/compare_words.h"
#include "report/loser.h"
#include "report/loss_pairs.h"
#include "report/paragraph.h"

/* So many of the devices that lost most often are told, */
#define TOLD_MAX 20
/* and so many events of one. */
#define EVENTS_MAX  30
#define BAR_MAX     40
#define INDENT      2
#define INDENT_WHAT 23

struct show {
	struct database *db;
	const struct history_wish *wish;
	struct losers all;
	struct loser **loser; /* those that lost, most often first */
	uint32_t n;
	struct loss_count sum;
	int64_t runs;
	struct strbuf *to;
};

/* --- the runs --- */

static void
add_runs(struct show *s)
{
	struct query *q = history_ask(s->db, ASK_RUNS);
	char first[LOSS_TIME_MAX], last[LOSS_TIME_MAX];
	char zone[WORDS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	query_set_int(q, 1, s->wish->since);
	if (query_row(q))
		s->runs = query_int(q, 0);
	strbuf_addf(&b, "Campaign %s: %lld run%s", s->wish->campaign,
	    (long long)s->runs, s->runs == 1 ? "" : "s");
	if (s->runs > 0)
		strbuf_addf(&b, ", begun from %s to %s; times are local (%s)",
		    loss_time(history_time(q, 1), first),
		    loss_time(history_time(q, 2), last),
		    words_zone(history_time(q, 2) * 1000000, zone));
	else if (s->wish->since != 0)
		strbuf_addf(&b, " since %s", loss_time(s->wish->since, first));
	query_free(q);
	paragraph("", 0, strbuf_text(&b), s->to);
	strbuf_free(&b);
}

/* --- what was lost --- */

static int
most_first(const void *one, const void *other)
{
	const struct loser *a = *(struct loser *const *)one,
			   *b = *(struct loser *const *)other;

	if (a->count.runs != b->count.runs)
		return a->count.runs > b->count.runs ? -1 : 1;
	if (a->count.times != b->count.times)
		return a->count.times > b->count.times ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void
count_losses(struct show *s)
{
	struct query *q = history_ask(s->db, ASK_LOSSES);

	query_set_int(q, 1, s->wish->since);
	while (query_row(q)) {
		struct loser *l = losers_find(&s->all, query_int(q, 0));

		if (l == NULL)
			continue;
		loss_count_add(&l->count, query_int(q, 1), history_time(q, 2),
		    query_text(q, 3));
		loss_count_add(&s->sum, query_int(q, 1), history_time(q, 2),
		    query_text(q, 3));
	}
	query_free(q);
	s->loser = xcalloc(s->all.n, sizeof(struct loser *));
	for (uint32_t i = 0; i < s->all.n; i++)
		if (s->all.loser[i].count.times > 0)
			s->loser[s->n++] = &s->all.loser[i];
	if (s->n > 0)
		qsort(s->loser, s->n, sizeof(struct loser *), most_first);
}

/* "label: text", or nothing. */
static void
add_line(const struct show *s, const char *label, struct strbuf *text)
{
	char *line = xasprintf("%s: %s", label, strbuf_text(text));

	if (text->len > 0)
		paragraph("", INDENT, line, s->to);
	free(line);
	strbuf_clear(text);
}

static void
add_loser(const struct show *s, const struct loser *l)
{
	const struct loss_count *c = &l->count;
	struct strbuf b = STRBUF_INIT;
	char last[LOSS_TIME_MAX];

	strbuf_add(s->to, "\n");
	loser_label(l, &b);
	strbuf_addf(&b, ": lost packets in %u of %lld runs", c->runs,
	    (long long)s->runs);
	if (c->times != c->runs)
		strbuf_addf(&b, ", %u times", c->times);
	if (c->last != 0)
		strbuf_addf(&b, ", last at %s", loss_time(c->last, last));
	paragraph("", 0, strbuf_text(&b), s->to);
	strbuf_clear(&b);
	loss_count_ways(c, &b);
	add_line(s, "Direction", &b);
	loss_count_hours(c, &b);
	add_line(s, "Time of the day", &b);
	strbuf_free(&b);
}

/* --- all devices --- */

static void
add_hours(const struct show *s)
{
	unsigned most = 1;

	strbuf_add(s->to, "\nTime of the day, and how often packets were lost "
			  "then:\n");
	for (int i = 0; i < HOURS; i++)
		if (s->sum.hour[i] > most)
			most = s->sum.hour[i];
	for (int i = 0; i < HOURS; i++) {
		unsigned n = s->sum.hour[i];

		if (n > 0)
			strbuf_addf(s->to, "  %02d:00 %7u %.*s\n", i, n,
			    1 + (int)((uint64_t)n * (BAR_MAX - 1) / most),
			    "########################################");
	}
}

static void
add_all(const struct show *s)
{
	strbuf_addf(
	    s->to, "Devices that lost packets: %u of %u\n", s->n, s->all.n);
	for (uint32_t i = 0; i < s->n && i < TOLD_MAX; i++)
		add_loser(s, s->loser[i]);
	if (s->n > TOLD_MAX)
		strbuf_addf(s->to, "\nAnd %u more devices, less often.\n",
		    s->n - TOLD_MAX);
	if (s->n == 0)
		return;
	add_hours(s);
	loss_pairs_add(s->db, s->wish->since, s->loser, s->n, s->to);
}

/* --- one device --- */

static void
add_outcomes(const struct show *s, const struct loser *l)
{
	struct query *q = history_ask(s->db, ASK_OUTCOMES);
	struct strbuf b = STRBUF_INIT;

	query_set_int(q, 1, s->wish->since);
	query_set_int(q, 2, l->id);
	while (query_row(q))
		strbuf_addf(&b, "%s%.80s %lld", b.len > 0 ? ", " : "",
		    query_text(q, 0), (long long)query_int(q, 1));
	query_free(q);
	add_line(s, "Runs", &b);
	strbuf_free(&b);
}

static void
add_event(const struct show *s, struct query *q)
{
	bool lost = found_by_name(query_text(q, 2)) == FOUND_LOST;
	int64_t at = history_time(q, lost ? 6 : 1);
	char label[2 * LOSS_TIME_MAX], time[LOSS_TIME_MAX];
	struct strbuf b = STRBUF_INIT;

	snprintf(label, sizeof(label), "  %s",
	    loss_time(at != 0 ? at : history_time(q, 1), time));
	if (lost)
		loss_words(query_text(q, 5), query_text(q, 4), &b);
	else
		strbuf_addf(&b, "%.80s", query_text(q, 2));
	if (b.len == 0)
		strbuf_add(&b, "not compared");
	if (lost && query_text(q, 3)[0] != '\0')
		strbuf_addf(&b, " (%.80s)", query_text(q, 3));
	paragraph(label, INDENT_WHAT, strbuf_text(&b), s->to);
	strbuf_free(&b);
}

static void
add_events(const struct show *s, const struct loser *l)
{
	struct query *q = history_ask(s->db, ASK_EVENTS);
	int n = 0;

	query_set_int(q, 1, s->wish->since);
	query_set_int(q, 2, l->id);
	while (query_row(q))
		if (n++ < EVENTS_MAX)
			add_event(s, q);
	if (n > EVENTS_MAX)
		strbuf_addf(s->to, "  and %d earlier events\n", n - EVENTS_MAX);
	query_free(q);
}

/* Its losses alone: those of all devices would take a year's rows. */
static void
count_of(const struct show *s, struct loser *l)
{
	struct query *q = history_ask(s->db, ASK_EVENTS);

	query_set_int(q, 1, s->wish->since);
	query_set_int(q, 2, l->id);
	while (query_row(q))
		if (found_by_name(query_text(q, 2)) == FOUND_LOST)
			loss_count_add(&l->count, query_int(q, 0),
			    history_time(q, 6), query_text(q, 4));
	query_free(q);
}

static void
add_one(const struct show *s, struct loser *l)
{
	count_of(s, l);
	add_loser(s, l);
	add_outcomes(s, l);
	loss_partners_add(s->db, &s->all, s->wish->since, l, s->to);
	add_events(s, l);
}

static bool
is_wished(const struct show *s, const struct loser *l, bool *matched)
{
	bool wished = false;

	for (size_t i = 0; i < s->wish->n_globs; i++) {
		const char *glob = s->wish->globs[i];

		if (fnmatch(glob, l->address, 0) == 0 ||
		    (l->name[0] != '\0' && fnmatch(glob, l->name, 0) == 0))
			wished = matched[i] = true;
	}
	return wished;
}

/* NULL, or the pattern that matches none. */
static const char *
add_wished(struct show *s)
{
	bool *matched = xcalloc(s->wish->n_globs, sizeof(*matched));
	const char *unmatched = NULL;

	for (uint32_t i = 0; i < s->all.n; i++)
		if (is_wished(s, &s->all.loser[i], matched))
			add_one(s, &s->all.loser[i]);
	for (size_t i = s->wish->n_globs; i-- > 0;)
		if (!matched[i])
			unmatched = s->wish->globs[i];
	free(matched);
	return unmatched;
}

bool
history_show(struct database *db, struct history_wish *wish, struct strbuf *to)
{
	struct show s = {.db = db, .wish = wish, .to = to};

	losers_read(&s.all, db);
	wish->unmatched = NULL;
	add_runs(&s);
	if (wish->n_globs > 0) {
		wish->unmatched = add_wished(&s);
	} else {
		count_losses(&s);
		add_all(&s);
	}
	free(s.loser);
	losers_free(&s.all);
	return database_state(db, NULL) == DATABASE_FINE;
}
