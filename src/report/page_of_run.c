/* page_of_run.c - see page_of_run.h.
 */
#include "report/page_of_run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "conf/device_label.h"
#include "conf/inventory.h"
#include "report/compare_words.h"
#include "report/counts.h"
#include "report/device_table.h"
#include "report/event_list.h"
#include "report/event_view.h"
#include "report/groups.h"
#include "report/html.h"
#include "report/lanes.h"
#include "report/loss_table.h"
#include "report/nights.h"
#include "report/strip.h"
#include "report/verdicts.h"

#define MS_NS INT64_C(1000000)
/* So many are written open: paper shows no others. */
#define OPEN_MAX 10
/* So many of those that were not judged are named. */
#define COMMANDS_MAX 10
/* So many groups are told, and so many devices of each are named. */
#define GROUPS_MAX 30
#define NAMES_MAX  12
/* Whole details take so much of the page, in tenths; then sentence and table
 * have to do. */
#define FULL_TENTHS 8
/* What html_new() and the end write, and what links add. */
#define SPARE_BYTES    UINT64_C(20000)
#define SPARE_ELEMENTS 2000

#define NOT_COMPARED "not-compared"

enum detail { DETAIL_FULL, DETAIL_SHORT };

struct page {
	struct html *h;
	const struct run_result *r;
	struct event_list events;
	struct loss_groups *groups;
	struct nights *nights; /* NULL: nothing is known of them */
	/* The first n_full of the events have whole details, and those up to
	 * n_shown the sentence and the table. */
	size_t n_full, n_shown;
};

static const char *
time_text(int64_t wall_ms, int64_t before, char buf[WORDS_TIME_MAX])
{
	return words_time(wall_ms * MS_NS, before * MS_NS, buf);
}

/* --- the head --- */

static void
add_outcomes(struct page *p)
{
	struct report_counts n = report_count(p->r);

	html_open(p->h, "ul", "class", "counts", NULL);
	html_leaff(p->h, "li", NULL, "%zu device%s", p->r->n_devices,
	    p->r->n_devices == 1 ? "" : "s");
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		if (n.outcomes[i] > 0)
			html_leaff(p->h, "li", NULL, "%zu %s", n.outcomes[i],
			    outcome_name((enum outcome)i));
	html_leaff(p->h, "li", NULL, "%zu event%s captured", n.events,
	    n.events == 1 ? "" : "s");
	html_close(p->h);
}

static void
add_times(struct page *p)
{
	const struct run_result *r = p->r;
	char from[WORDS_TIME_MAX], to[WORDS_TIME_MAX], zone[WORDS_TIME_MAX];
	char took[CLOCK_TEXT_MAX];

	html_leaff(p->h, "p", NULL, "From %s to %s, took %s.",
	    time_text(r->started, 0, from), time_text(r->ended, r->started, to),
	    clock_span(r->took, took));
	html_leaff(p->h, "p", "dim",
	    "Times are local (UTC%s); those within an event are by the OVOC "
	    "server's clock.",
	    words_zone(r->started * MS_NS, zone));
}

static void
add_head(struct page *p)
{
	const struct run_result *r = p->r;
	struct strbuf old = STRBUF_INIT;

	html_open(p->h, "h1", NULL);
	html_textf(p->h, "Campaign %s, run %s", r->conf->campaign.name, r->run);
	html_close(p->h);
	if (r->conf->campaign.note != NULL && r->conf->campaign.note[0] != '\0')
		html_leaf(p->h, "p", NULL, r->conf->campaign.note);
	add_times(p);
	if (r->interrupted)
		html_leaf(p->h, "p", "bad", "It was interrupted.");
	if (r->trouble != NULL)
		html_leaff(p->h, "p", "bad", "Trouble on the campaign host: %s",
		    r->trouble);
	if (r->conf->inventory.kept_why != NULL) {
		inventory_old_text(&r->conf->inventory, r->started, &old);
		html_leaf(p->h, "p", "bad", strbuf_text(&old));
		strbuf_free(&old);
	}
	add_outcomes(p);
}

/* --- where packets were lost --- */

static void
add_group(struct page *p, const struct loss_group *g)
{
	struct strbuf text = STRBUF_INIT;
	char label[DEVICE_LABEL_MAX];

	loss_group_say(p->r, g, &text);
	html_open(p->h, "li", NULL);
	html_leaf(p->h, "b", NULL, strbuf_text(&text));
	strbuf_clear(&text);
	for (size_t i = 0; i < g->n && i < NAMES_MAX; i++)
		strbuf_addf(&text, "%s%s", i > 0 ? ", " : ": ",
		    device_label(p->r->devices[g->device[i]].conf, label));
	if (g->n > NAMES_MAX)
		strbuf_addf(&text, " and %zu more", g->n - NAMES_MAX);
	html_text(p->h, strbuf_text(&text));
	html_close(p->h);
	strbuf_free(&text);
}

/* Who lost in the same way at the same time. */
static void
add_groups(struct page *p)
{
	const struct loss_groups *g = p->groups;

	if (g->n == 0)
		return;
	html_open(p->h, "ul", "class", "groups", NULL);
	for (uint32_t i = 0; i < g->n && i < GROUPS_MAX; i++)
		add_group(p, &g->group[i]);
	if (g->n > GROUPS_MAX)
		html_leaff(p->h, "li", NULL,
		    "and %" PRIu32 " more such groups: see report.json",
		    g->n - GROUPS_MAX);
	html_close(p->h);
}

static void
add_nothing(struct page *p)
{
	html_open(p->h, "p", NULL);
	if (p->events.n == 0) {
		html_text(p->h, "No event was captured.");
	} else {
		html_text(p->h, "No event's captures were compared: ");
		html_open(p->h, "a", "href", "#" NOT_COMPARED, NULL);
		html_text(p->h, "how to do it");
		html_close(p->h);
		html_text(p->h, ".");
	}
	html_close(p->h);
}

static void
add_verdicts(struct page *p)
{
	const struct event_list *l = &p->events;

	html_leaf(p->h, "h2", NULL, "Where packets were lost");
	if (l->n_judged == 0) {
		add_nothing(p);
		return;
	}
	html_open(p->h, "ul", "class", "counts", NULL);
	for (int m = 0; m < MARK_COUNT; m++) {
		if (l->n_marked[m] == 0)
			continue;
		html_open(p->h, "li", "class", mark_class((enum mark)m), NULL);
		mark_add(p->h, (enum mark)m, mark_compare_word((enum mark)m));
		html_textf(p->h, ": %zu event%s", l->n_marked[m],
		    l->n_marked[m] == 1 ? "" : "s");
		html_close(p->h);
	}
	if (l->n > l->n_judged)
		html_leaff(
		    p->h, "li", NULL, "not compared: %zu", l->n - l->n_judged);
	html_close(p->h);
	add_groups(p);
	lanes_add(p->h, p->r, l, p->groups);
}

/* The two ends' files have this in common; free(3). */
static char *
common_part(const char *file)
{
	const char *from = strstr(file, "_device_");
	const char *end = strrchr(file, '.');

	if (from == NULL || end == NULL || end < from)
		return NULL;
	return xstrndup(from, (size_t)(end - from));
}

static void
add_command(struct page *p, const struct event_entry *e)
{
	char label[DEVICE_LABEL_MAX], *part = NULL;

	if (e->file != NULL)
		part = common_part(e->file->file);
	html_open(p->h, "li", NULL);
	html_textf(p->h, "%s, event %d: ", device_label(e->device->conf, label),
	    e->event);
	if (e->row != NULL)
		html_textf(p->h, "%s ", e->row->description);
	if (e->row != NULL && e->row->note != NULL)
		html_leaf(p->h, "code", NULL, e->row->note);
	else if (part != NULL)
		html_leaff(
		    p->h, "code", NULL, "traffic-capture-compare *%s*", part);
	html_close(p->h);
	free(part);
}

static void
add_not_judged(struct page *p)
{
	const struct event_list *l = &p->events;
	size_t left = l->n - l->n_judged;

	if (left == 0)
		return;
	html_open(p->h, "h2", "id", NOT_COMPARED, NULL);
	html_text(p->h, "Not compared");
	html_close(p->h);
	html_leaff(p->h, "p", NULL,
	    "Of %zu event%s the captures of both ends were not compared, or "
	    "what that found cannot be read. Where only the device's file is "
	    "on the campaign host, copy the server's to %s/" RUN_CAPTURES
	    " and then:",
	    left, left == 1 ? "" : "s", p->r->folder);
	html_open(p->h, "ul", NULL);
	for (size_t i = l->n_judged; i < l->n && i < l->n_judged + COMMANDS_MAX;
	     i++)
		add_command(p, &l->e[i]);
	if (left > COMMANDS_MAX)
		html_leaff(p->h, "li", NULL,
		    "and so for %zu more: each device's file is named in "
		    "report.csv",
		    left - COMMANDS_MAX);
	html_close(p->h);
}

/* --- the events --- */

/* By the server's clock, as far as its agent told it. */
static int64_t
alarm_there(const struct run_result *r, const struct event_entry *e)
{
	for (size_t i = 0; i < r->n_agents; i++)
		if (r->agents[i].conf == e->device->conf->agent &&
		    r->agents[i].version != NULL && e->alarm != 0)
			return (e->alarm + r->agents[i].clock) * MS_NS;
	return 0;
}

static void
add_detail(struct page *p, size_t i, enum detail as)
{
	const struct event_entry *e = &p->events.e[i];
	struct fail why;
	struct compare_result *r = verdict_read(p->r, e->row, &why);
	char label[DEVICE_LABEL_MAX], at[WORDS_TIME_MAX];

	if (r == NULL)
		return;
	html_open(p->h, "details", "class", mark_class(e->mark), NULL);
	html_attr(p->h, "id", EVENT_ID, i);
	if (i < OPEN_MAX)
		html_attr(p->h, "open", "%s", "open");
	html_open(p->h, "summary", NULL);
	mark_add(p->h, e->mark, mark_compare_word(e->mark));
	html_text(p->h, " ");
	html_leaf(p->h, "b", NULL, device_label(e->device->conf, label));
	html_textf(p->h, ", event %d", e->event);
	if (e->alarm != 0)
		html_textf(
		    p->h, " at %s", time_text(e->alarm, p->r->started, at));
	html_textf(p->h, ": %s", r->sentence);
	html_close(p->h);
	if (as == DETAIL_FULL)
		event_view_add(p->h, r, alarm_there(p->r, e));
	else
		loss_table_add(p->h, r);
	html_close(p->h);
	free(r);
}

static void
add_details(struct page *p)
{
	size_t left = p->events.n_judged - p->n_shown;

	if (p->events.n_judged == 0)
		return;
	html_leaf(p->h, "h2", NULL, "Event by event");
	for (size_t i = 0; i < p->n_shown; i++)
		add_detail(p, i, i < p->n_full ? DETAIL_FULL : DETAIL_SHORT);
	if (left > 0)
		html_leaff(p->h, "p", "dim",
		    "And %zu more events, none of them worse: the table of "
		    "devices has their sentences, report.json all of them.",
		    left);
}

static void
add_all(struct page *p)
{
	strip_begin(p->h);
	add_head(p);
	add_verdicts(p);
	html_leaf(p->h, "h2", NULL, "Devices");
	device_table_add(p->h, p->r, &p->events, p->nights, p->n_shown);
	add_not_judged(p);
	add_details(p);
	html_open(p->h, "footer", NULL);
	html_leaf(p->h, "p", "dim", "traffic-capture " VERSION);
	html_close(p->h);
}

/* --- what fits --- */

static bool
fits(struct html_size s, uint64_t tenths)
{
	return s.bytes <= (PAGE_BYTES_MAX - SPARE_BYTES) * tenths / 10 &&
	       s.elements <= (PAGE_ELEMENTS_MAX - SPARE_ELEMENTS) * tenths / 10;
}

/* Write it for nobody, detail by detail, to see how many there can be. */
static void
measure(struct page *p)
{
	bool full = true;
	size_t i;

	p->h = html_new(NULL, p->r->run);
	p->n_full = p->n_shown = 0;
	add_all(p);
	for (i = 0; i < p->events.n_judged; i++) {
		full = full && i < PAGE_DETAILS_MAX &&
		       fits(html_size(p->h), FULL_TENTHS);
		add_detail(p, i, full ? DETAIL_FULL : DETAIL_SHORT);
		if (!fits(html_size(p->h), 10))
			break;
		p->n_full += full;
	}
	p->n_shown = i;
	html_free(p->h);
}

void
page_of_run(const struct run_result *r, struct sink *to)
{
	struct page p = {.r = r};
	struct verdicts *verdicts;
	char *title = xasprintf("%s, run %s", r->conf->campaign.name, r->run);

	verdicts = verdicts_read(r);
	p.groups = loss_groups_find(r, verdicts);
	verdicts_free(verdicts);
	event_list_of(&p.events, r);
	p.nights = nights_read(r);
	measure(&p);
	p.h = html_new(to, title);
	add_all(&p);
	html_free(p.h);
	loss_groups_free(p.groups);
	event_list_free(&p.events);
	nights_free(p.nights);
	free(title);
}
