/* run_metrics.c - see run_metrics.h.
 */
#include "report/run_metrics.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/metrics.h"
#include "base/xmem.h"
#include "report/counts.h"
#include "report/verdicts.h"

#define PREFIX "traffic_capture"
#define START  "run_start_timestamp_seconds"
#define BUILD  "build_info"
/* Ours has some ten thousand bytes. */
#define FILE_MOST (1024 * 1024)

struct work {
	struct metrics m;
	const char *campaign;
};

static void
family(struct work *w, const char *name, const char *help)
{
	metrics_family(&w->m, name, METRICS_GAUGE, help);
}

static void
sample(struct work *w, int64_t value, unsigned places)
{
	const struct metrics_label l = {"campaign", w->campaign};

	metrics_sample(&w->m, &l, 1, value, places);
}

static void
labelled(struct work *w, const char *label, const char *is, int64_t value)
{
	const struct metrics_label l[] = {
	    {"campaign", w->campaign}, {label, is}};

	metrics_sample(&w->m, l, 2, value, 0);
}

static void
one(struct work *w, const char *name, const char *help, int64_t value)
{
	family(w, name, help);
	sample(w, value, 0);
}

static void
thousandths(struct work *w, const char *name, const char *help, int64_t value)
{
	family(w, name, help);
	sample(w, value, 3);
}

static void
tell_start(struct work *w, const struct run_result *r)
{
	family(w, BUILD,
	    "Always 1, with the version of the program of the last run.");
	labelled(w, "version", VERSION, 1);
	thousandths(
	    w, START, "When the last run began, since 1970.", r->started);
}

static void
tell_end(struct work *w, const struct run_result *r, int status)
{
	thousandths(w, "run_end_timestamp_seconds",
	    "When the last run that ended did so, since 1970.", r->ended);
	one(w, "run_exit_status",
	    "Its exit status: 0 well, 5 a quiet night, see the manual.",
	    status);
	thousandths(w, "run_duration_seconds", "How long it took.", r->took);
}

static void
tell_devices(struct work *w, const struct report_counts *n)
{
	family(w, "devices", "Devices of the run, by what became of them.");
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		labelled(w, "outcome", outcome_name((enum outcome)i),
		    (int64_t)n->outcomes[i]);
}

static void
tell_events(struct work *w, const struct report_counts *n)
{
	one(w, "events_begun", "Alarms and timers that made an event.",
	    (int64_t)n->triggers);
	one(w, "events_captured", "Events with the file of the device.",
	    (int64_t)n->events);
	one(w, "events_one_sided",
	    "Events of them that lack something of the server's part.",
	    (int64_t)n->one_sided);
	family(w, "events_compared",
	    "Events by what the comparison of their captures found.");
	for (int k = 0; k < VERDICT_KINDS; k++)
		labelled(w, "verdict", verdict_kind_name((enum verdict_kind)k),
		    (int64_t)n->verdicts[k]);
	one(w, "captures_bytes", "Bytes of all files that were fetched.",
	    (int64_t)n->bytes);
	one(w, "near_misses",
	    "Alarms that may be meant as the trigger and were not it.",
	    (int64_t)n->near_misses);
}

/* Each kind of traffic and direction in which an event lost something. */
static void
tell_losses(struct work *w, const struct run_result *r)
{
	int64_t n[TRAFFIC_COUNT][WAY_COUNT] = {{0}};
	struct verdicts *v = verdicts_read(r);

	for (uint32_t i = 0; i < v->n; i++)
		if (v->part[i].lost.from != 0)
			n[v->part[i].kind][v->part[i].way]++;
	verdicts_free(v);
	family(w, "events_with_loss",
	    "Events that lost packets of this traffic towards the device "
	    "(there) or from it (back).");
	for (int k = 0; k < TRAFFIC_COUNT; k++)
		for (int way = 0; way < WAY_COUNT; way++) {
			const struct metrics_label l[] = {
			    {"campaign", w->campaign},
			    {"traffic", traffic_name((enum traffic)k)},
			    {"direction", way_name((enum way)way)}};

			metrics_sample(&w->m, l, 3, n[k][way], 0);
		}
}

static void
tell_received(struct work *w, const struct run_result *r)
{
	family(w, "alarms", "Alarms that came from an OVOC server.");
	for (size_t i = 0; i < r->n_agents; i++)
		labelled(w, "ovoc", r->agents[i].conf->address,
		    (int64_t)r->agents[i].alarms);
	one(w, "datagrams_received", "All datagrams that came.",
	    (int64_t)r->datagrams);
	one(w, "datagrams_refused",
	    "Those of a wrong sender, an unknown device, or malformed.",
	    (int64_t)r->refused);
	one(w, "datagrams_dropped",
	    "Those that the kernel dropped for want of buffer space.",
	    (int64_t)r->dropped);
}

struct task_sum {
	int64_t took, failed, n;
};

static void
sum_tasks(const struct run_result *r, struct task_sum sum[TASK_COUNT])
{
	const struct row *row;

	for (size_t i = 0; i < r->n_devices; i++)
		TAILQ_FOREACH (row, &r->devices[i].rows, next) {
			sum[row->task].n++;
			sum[row->task].took += row->duration;
			sum[row->task].failed += row->status == TASK_FAILURE;
		}
}

static void
tell_tasks(struct work *w, const struct run_result *r)
{
	struct task_sum sum[TASK_COUNT] = {{0}};

	sum_tasks(r, sum);
	family(w, "task_rows", "Rows of the report, by task.");
	for (int t = 0; t < TASK_COUNT; t++)
		labelled(w, "task", task_name((enum task)t), sum[t].n);
	family(w, "task_failures", "Those of them that failed.");
	for (int t = 0; t < TASK_COUNT; t++)
		labelled(w, "task", task_name((enum task)t), sum[t].failed);
	family(w, "task_duration_seconds", "What they took, all together.");
	for (int t = 0; t < TASK_COUNT; t++) {
		const struct metrics_label l[] = {{"campaign", w->campaign},
		    {"task", task_name((enum task)t)}};

		metrics_sample(&w->m, l, 2, sum[t].took, 3);
	}
}

/* --- what is there --- */

/* Of which family is the line, a sample or told of one?  Its name, or NULL
 * where it is none of ours. */
static const char *
family_of(const char *line)
{
	if (str_starts(line, "# HELP ") || str_starts(line, "# TYPE "))
		line += strlen("# HELP ");
	return str_starts(line, PREFIX "_") ? line + strlen(PREFIX "_") : NULL;
}

static bool
is_family(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncmp(line, name, len) == 0 &&
	       (line[len] == ' ' || line[len] == '{');
}

/* What this campaign's last run left there, but for what is told anew. */
static bool
is_kept(const char *line, const char *label)
{
	const char *name = family_of(line);

	if (name == NULL || is_family(name, START) || is_family(name, BUILD))
		return false;
	return line[0] == '#' || strstr(line, label) != NULL;
}

static void
keep_rest(const char *path, const char *campaign, struct strbuf *to)
{
	char *label = xasprintf("{campaign=\"%s\"", campaign);
	struct stat st;
	size_t len;
	char *text =
	    bytes_read(bytes_open(path, O_NOFOLLOW, &st), FILE_MOST, &len);
	char *at = text, *end;

	/* A line that is cut off is not ours. */
	while (at != NULL && (end = strchr(at, '\n')) != NULL) {
		*end = '\0';
		if (is_kept(at, label))
			strbuf_addf(to, "%s\n", at);
		at = end + 1;
	}
	if (text != NULL)
		bytes_free(text, len + 1);
	free(label);
}

static void
put(const char *path, const struct strbuf *text, struct log *lg)
{
	struct fail why;

	if (!metrics_write(path, text, &why))
		log_write(lg, LOGGING_ERROR, NULL, "metrics", "%s", why.text);
}

void
run_metrics_begin(const char *path, const struct run_result *r, struct log *lg)
{
	struct strbuf text = STRBUF_INIT;
	struct work w = {.m = {.to = &text, .prefix = PREFIX},
	    .campaign = r->conf->campaign.name};

	if (path == NULL)
		return;
	tell_start(&w, r);
	keep_rest(path, w.campaign, &text);
	put(path, &text, lg);
	strbuf_free(&text);
}

void
run_metrics_end(
    const char *path, const struct run_result *r, int status, struct log *lg)
{
	struct strbuf text = STRBUF_INIT;
	struct work w = {.m = {.to = &text, .prefix = PREFIX},
	    .campaign = r->conf->campaign.name};
	struct report_counts n = report_count(r);

	if (path == NULL)
		return;
	tell_start(&w, r);
	tell_end(&w, r, status);
	tell_devices(&w, &n);
	tell_events(&w, &n);
	tell_losses(&w, r);
	tell_received(&w, r);
	tell_tasks(&w, r);
	put(path, &text, lg);
	strbuf_free(&text);
}
