/* verdicts.c - what comparisons of a run's events found.
 */
#include "report/verdicts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/xmem.h"
#include "compare/result_decode.h"
#include "compare/result_facts.h"
#include "compare/result_json.h"
#include "wire/capture_name.h"

bool
verdict_stands(const struct device_result *d, const struct row *row)
{
	return row->task == TASK_COMPARE && row->file != NULL &&
	       result_last(d, TASK_COMPARE, row->event) == row;
}

struct compare_result *
verdict_read(
    const struct run_result *r, const struct row *row, struct fail *why)
{
	const char *name = row->file != NULL ? row->file : "";
	struct compare_result *result;
	struct stat st;
	size_t len;
	char *path, *text;

	if (!capture_name_is_verdict(name) || strchr(name, '/') != NULL) {
		fail_set(why, FAIL_FINAL, "no file of a verdict");
		return NULL;
	}
	path = xasprintf("%s/" RUN_CAPTURES "/%s", r->folder, name);
	text = bytes_read(
	    bytes_open(path, O_NOFOLLOW, &st), RESULT_JSON_MAX, &len);
	free(path);
	if (text == NULL) {
		fail_set(why, FAIL_LOCAL, "%s: %s", name, strerror(errno));
		return NULL;
	}
	result = result_decode(text, len, why);
	bytes_free(text, len + 1);
	return result;
}

/* --- all of a run --- */

/* Of this kind and way something could be said. */
static bool
is_judged(const struct loss_tally *t)
{
	return t->sent > t->unknown || t->lost > 0;
}

static void
add_part(struct verdicts *v, const struct verdict_part *part)
{
	v->part = xgrow(v->part, v->n, &v->room, sizeof(*v->part));
	v->part[v->n++] = *part;
}

static void
add_verdict(struct verdicts *v, const struct compare_result *r, size_t device,
    int event)
{
	struct verdict_part part = {.device = device, .event = event};

	if (r->n_common == 0)
		return;
	part.judged.from = r->common[0].from;
	part.judged.to = r->common[r->n_common - 1].to;
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++) {
		for (int way = 0; way < WAY_COUNT; way++) {
			const struct loss_tally *t = &r->tally[kind][way];

			part.kind = (enum traffic)kind;
			part.way = (enum way)way;
			part.lost = (struct result_span){0, 0};
			if (t->lost > 0)
				part.lost =
				    (struct result_span){t->first, t->last};
			if (is_judged(t))
				add_part(v, &part);
		}
	}
}

static void
add_device(struct verdicts *v, const struct run_result *r, size_t i)
{
	const struct device_result *d = &r->devices[i];
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next) {
		struct compare_result *result;
		struct fail why;

		if (!verdict_stands(d, row))
			continue;
		result = verdict_read(r, row, &why);
		if (result != NULL)
			add_verdict(v, result, i, row->event);
		free(result);
	}
}

struct verdicts *
verdicts_read(const struct run_result *r)
{
	struct verdicts *v = xcalloc(1, sizeof(*v));

	for (size_t i = 0; i < r->n_devices; i++)
		add_device(v, r, i);
	return v;
}

void
verdicts_free(struct verdicts *v)
{
	if (v != NULL)
		free(v->part);
	free(v);
}
