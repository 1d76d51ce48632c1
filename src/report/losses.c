/* losses.c - what the comparisons of a run found, for people.
 *
 * The sentences are those of the rows; groups are found in the files.
 */
#include "report/losses.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "conf/device_label.h"
#include "report/compare_words.h"
#include "report/groups.h"

/* So many groups and sentences are said, and so many devices of a group are
 * named: the rest is counted. */
#define GROUPS_MAX    20
#define SENTENCES_MAX 40
#define NAMES_MAX     10
#define NS_IN_MS      INT64_C(1000000)

/* The last word on an event? */
static bool
stands(const struct device_result *d, const struct row *row)
{
	return row->task == TASK_COMPARE &&
	       result_last(d, TASK_COMPARE, row->event) == row;
}

/* How many events are as `is` says. */
static size_t
count(const struct run_result *r, bool (*is)(const struct row *row))
{
	const struct row *row;
	size_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		TAILQ_FOREACH (row, &r->devices[i].rows, next)
			n += stands(&r->devices[i], row) && is(row);
	return n;
}

static bool
is_lost(const struct row *row)
{
	return row->severity == SEVERITY_MAJOR;
}

static bool
is_one_side(const struct row *row)
{
	return row->status == TASK_SKIPPED;
}

/* Nothing was lost as far as anybody knows, and nobody knows. */
static bool
is_unknown(const struct row *row)
{
	return row->severity == SEVERITY_MINOR;
}

static void
add_printable(const char *text, struct strbuf *to)
{
	char *copy = xstrdup(text);

	str_printable(copy);
	strbuf_add(to, copy);
	free(copy);
}

static void
add_label(const struct run_result *r, size_t device, struct strbuf *to)
{
	char label[DEVICE_LABEL_MAX];

	strbuf_add(to, device_label(r->devices[device].conf, label));
}

static void
add_group(
    const struct run_result *r, const struct loss_group *g, struct strbuf *to)
{
	strbuf_add(to, "  ");
	loss_group_say(r, g, to);
	for (size_t i = 0; i < g->n && i < NAMES_MAX; i++) {
		strbuf_add(to, i > 0 ? ", " : ": ");
		add_label(r, g->device[i], to);
	}
	if (g->n > NAMES_MAX)
		strbuf_addf(to, " and %zu more", g->n - NAMES_MAX);
	strbuf_add(to, "\n");
}

static void
add_groups(const struct run_result *r, struct strbuf *to)
{
	struct verdicts *v = verdicts_read(r);
	struct loss_groups *g = loss_groups_find(r, v);

	for (uint32_t i = 0; i < g->n && i < GROUPS_MAX; i++)
		add_group(r, &g->group[i], to);
	if (g->n > GROUPS_MAX)
		strbuf_addf(to, "  and more groups, see the report: %u\n",
		    g->n - GROUPS_MAX);
	loss_groups_free(g);
	verdicts_free(v);
}

/* With its number where the device had more events than one. */
static void
add_sentence(const struct run_result *r, size_t device, const struct row *row,
    struct strbuf *to)
{
	strbuf_addf(to, "  %s ", severity_name(row->severity));
	add_label(r, device, to);
	if (r->devices[device].triggers > 1)
		strbuf_addf(to, ", event %d", row->event);
	strbuf_add(to, ": ");
	add_printable(row->description, to);
	strbuf_add(to, "\n");
}

static void
add_sentences(const struct run_result *r, bool (*is)(const struct row *row),
    struct strbuf *to)
{
	const struct row *row;
	size_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		TAILQ_FOREACH (row, &r->devices[i].rows, next)
			if (stands(&r->devices[i], row) && is(row) &&
			    n++ < SENTENCES_MAX)
				add_sentence(r, i, row, to);
	if (n > SENTENCES_MAX)
		strbuf_addf(
		    to, "  and more, see the report: %zu\n", n - SENTENCES_MAX);
}

void
losses_summarize(const struct run_result *r, struct strbuf *to)
{
	size_t lost = count(r, is_lost), alone = count(r, is_one_side);
	char zone[WORDS_TIME_MAX];

	if (lost + count(r, is_unknown) > 0)
		strbuf_addf(to,
		    "By the captures of both ends (times are those "
		    "of UTC%s):\n",
		    words_zone(r->ended * NS_IN_MS, zone));
	if (lost > 0)
		add_groups(r, to);
	add_sentences(r, is_lost, to);
	add_sentences(r, is_unknown, to);
	if (alone > 0)
		strbuf_addf(to,
		    "Not compared, for only the device's file is here: %zu "
		    "event%s; the report says how to do it\n",
		    alone, alone == 1 ? "" : "s");
}
