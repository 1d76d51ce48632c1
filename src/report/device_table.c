/* device_table.c - see device_table.h.
 */
#include "report/device_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "conf/device_label.h"

/* Bytes of a name and of a sentence: of a thousand devices no more has room. */
#define LABEL_MAX 120
#define TEXT_MAX  360

struct table {
	struct html *h;
	const struct event_list *l;
	const struct nights *nights;
	size_t n_shown; /* events with details */
};

struct line {
	const struct device_result *d;
	size_t index;
	enum mark mark;
};

static enum mark
mark_of_severity(enum severity s)
{
	static const enum mark marks[SEVERITY_COUNT] = {
	    [SEVERITY_NORMAL] = MARK_GOOD,
	    [SEVERITY_MINOR] = MARK_DOUBT,
	    [SEVERITY_MAJOR] = MARK_LOST,
	    [SEVERITY_CRITICAL] = MARK_BAD,
	};

	return marks[s];
}

static int
worse_first(const void *one, const void *other)
{
	const struct line *a = one, *b = other;

	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static void
add_cut(struct html *h, const char *text, size_t max)
{
	char buf[TEXT_MAX + sizeof("...")];

	if (!str_copy(buf, max, text))
		memcpy(buf + strlen(buf), "...", sizeof("..."));
	html_text(h, buf);
}

/* The sentence of its worst comparison; NULL: there is none. */
static const char *
sentence_of(const struct event_list *l, const struct line *line)
{
	size_t at = l->worst[line->index];

	return at != SIZE_MAX && l->e[at].judged ? l->e[at].row->description
						 : NULL;
}

static enum found
found_of(const struct event_list *l, const struct line *line)
{
	static const enum found found[MARK_COUNT] = {
	    [MARK_BAD] = FOUND_UNREAD,
	    [MARK_LOST] = FOUND_LOST,
	    [MARK_DOUBT] = FOUND_UNKNOWN,
	    [MARK_SILENT] = FOUND_NOTHING,
	    [MARK_GOOD] = FOUND_NOTHING,
	};
	size_t at = l->worst[line->index];

	return at != SIZE_MAX && l->e[at].judged ? found[l->e[at].mark]
						 : FOUND_NO_VERDICT;
}

/* What explains an outcome, and then where packets were lost. */
static void
add_what(const struct table *t, const struct line *line)
{
	const char *sentence = sentence_of(t->l, line);
	const char *why = line->d->description;
	struct html *h = t->h;

	html_open(h, "td", NULL);
	if (why != NULL &&
	    (sentence == NULL || line->d->outcome != OUTCOME_SUCCESS)) {
		add_cut(h, why, TEXT_MAX);
		html_text(h, sentence != NULL ? ". " : "");
	}
	if (sentence != NULL)
		add_cut(h, sentence, TEXT_MAX);
	nights_add(
	    h, t->nights, line->index, line->d->outcome, found_of(t->l, line));
	html_close(h);
}

static void
add_device(const struct table *t, const struct line *line)
{
	size_t at = t->l->worst[line->index];
	struct html *h = t->h;
	char label[DEVICE_LABEL_MAX];

	html_open(h, "th", "scope", "row", NULL);
	device_label(line->d->conf, label);
	if (at < t->n_shown) {
		html_open(h, "a", NULL);
		html_attr(h, "href", "#" EVENT_ID, at);
	}
	add_cut(h, label, LABEL_MAX);
	if (at < t->n_shown)
		html_close(h);
	html_close(h);
}

static void
add_line(const struct table *t, const struct line *line)
{
	struct html *h = t->h;

	html_open(h, "tr", NULL);
	add_device(t, line);
	html_open(h, "td", "class", mark_class(line->mark), NULL);
	mark_add(h, line->mark, severity_name(line->d->severity));
	html_close(h);
	html_leaf(h, "td", NULL, outcome_name(line->d->outcome));
	html_leaff(h, "td", "n", "%d", line->d->events);
	add_what(t, line);
	html_close(h);
}

static void
add_head(struct html *h)
{
	static const char *const columns[] = {
	    "device", "severity", "outcome", "events", "what happened"};

	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		html_open(h, "th", "scope", "col", NULL);
		html_text(h, columns[i]);
		html_close(h);
	}
	html_close(h);
	html_close(h);
}

void
device_table_add(struct html *h, const struct run_result *r,
    const struct event_list *l, const struct nights *nights, size_t n_shown)
{
	struct table t = {h, l, nights, n_shown};
	struct line *lines = xcalloc(r->n_devices + 1, sizeof(*lines));
	size_t n = r->n_devices;

	for (size_t i = 0; i < n; i++)
		lines[i] = (struct line){&r->devices[i], i,
		    mark_of_severity(r->devices[i].severity)};
	if (n > 0)
		qsort(lines, n, sizeof(*lines), worse_first);
	if (n > DEVICE_ROWS_MAX)
		n = DEVICE_ROWS_MAX;
	nights_add_legend(h, nights);
	html_open(h, "table", "class", "devices", NULL);
	add_head(h);
	html_open(h, "tbody", NULL);
	for (size_t i = 0; i < n; i++)
		add_line(&t, &lines[i]);
	html_close(h);
	html_close(h);
	if (n < r->n_devices)
		html_leaff(h, "p", "dim",
		    "And %zu more devices, none of them worse: see report.csv.",
		    r->n_devices - n);
	free(lines);
}
