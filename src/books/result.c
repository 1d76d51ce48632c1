/* result.c - rows of tasks, outcomes of devices, the exit status.
 *
 * The campaign adds rows while it runs and sets outcomes at the end; nothing
 * here knows how a device got there.
 */
#include "books/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/name.h"
#include "base/xmem.h"

static const char *const outcomes[OUTCOME_COUNT] = {
    [OUTCOME_NONE] = "none",
    [OUTCOME_SUCCESS] = "success",
    [OUTCOME_QUIET] = "quiet",
    [OUTCOME_PARTIAL] = "partial",
    [OUTCOME_FAILED] = "failed",
    [OUTCOME_INTERRUPTED] = "interrupted",
    [OUTCOME_ONE_SIDED] = "one-sided",
    [OUTCOME_SKIPPED] = "skipped",
};

static const char *const registrations[REGISTRATION_COUNT] = {
    [REGISTRATION_NONE] = "not active",
    [REGISTRATION_ACTIVE] = "active",
    [REGISTRATION_ABORTED] = "aborted",
};

static void
add_agent(struct run_result *r, const struct agent_entry *agent)
{
	for (size_t i = 0; i < r->n_agents; i++)
		if (r->agents[i].conf == agent)
			return;
	r->agents[r->n_agents++] =
	    (struct agent_result){.conf = agent, .earlier_version = true};
}

struct run_result *
run_result_for(const struct campaign_conf *conf, const char *parent,
    const char *run, const struct device_entry *const *devices,
    size_t n_devices)
{
	struct run_result *r = xcalloc(1, sizeof(*r));

	r->conf = conf;
	r->run = xstrdup(run);
	r->folder = xasprintf("%s/%s", parent, run);
	r->n_devices = n_devices;
	r->devices = xcalloc(n_devices, sizeof(*r->devices));
	r->agents = xcalloc(n_devices, sizeof(*r->agents));
	for (size_t i = 0; i < n_devices; i++) {
		r->devices[i].conf = devices[i];
		TAILQ_INIT(&r->devices[i].rows);
		r->devices[i].round.event = 1;
		if (!devices[i]->skip)
			add_agent(r, devices[i]->agent);
	}
	return r;
}

char *
run_parent(const struct campaign_conf *conf)
{
	char shard[SHARD_NAME_MAX];

	if (conf->shard.of == 0)
		return xasprintf(
		    "%s/%s", conf->campaign.output, conf->campaign.name);
	return xasprintf("%s/%s/%s", conf->campaign.output, conf->campaign.name,
	    shard_name(&conf->shard, shard));
}

struct run_result *
run_result_new(const struct campaign_conf *conf, int64_t started)
{
	char *parent = run_parent(conf);
	size_t n = conf->n_devices, all = n + conf->n_skipped;
	const struct device_entry **devices = xcalloc(all, sizeof(*devices));
	char when[CLOCK_TEXT_MAX];
	struct run_result *r;

	for (size_t i = 0; i < all; i++)
		devices[i] = i < n ? conf->devices[i] : conf->skipped[i - n];
	r = run_result_for(
	    conf, parent, clock_file_second(started, when), devices, all);
	r->started = started;
	free(devices);
	free(parent);
	return r;
}

static void
row_free(struct row *row)
{
	free(row->description);
	free(row->file);
	free(row->note);
	free(row);
}

static void
device_result_clear(struct device_result *d)
{
	struct row *row;

	while ((row = TAILQ_FIRST(&d->rows)) != NULL) {
		TAILQ_REMOVE(&d->rows, row, next);
		row_free(row);
	}
	free(d->description);
	free(d->last_response);
	free(d->last_event);
	free(d->last_capture);
}

void
run_result_free(struct run_result *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n_devices; i++)
		device_result_clear(&r->devices[i]);
	for (size_t i = 0; i < r->n_agents; i++)
		free(r->agents[i].version);
	free(r->devices);
	free(r->agents);
	free(r->run);
	free(r->folder);
	free(r->trouble);
	free(r);
}

static bool
is_later(const struct row *a, const struct row *b)
{
	if (a->began != b->began)
		return a->began > b->began;
	return a->started > b->started; /* in one millisecond */
}

/* Tasks that go on side by side end in another order than they began. */
static void
insert_by_time(struct device_result *d, struct row *row)
{
	struct row *before = TAILQ_LAST(&d->rows, row_list);

	while (before != NULL && is_later(before, row))
		before = TAILQ_PREV(before, row_list, next);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&d->rows, before, row, next);
	else
		TAILQ_INSERT_HEAD(&d->rows, row, next);
}

struct row *
result_row(struct device_result *d, const struct row *what)
{
	struct row *row = xcalloc(1, sizeof(*row));

	*row = *what;
	d->n_rows++;
	row->description =
	    xstrdup(what->description != NULL ? what->description : "");
	row->file = xstrdup(what->file);
	row->note = xstrdup(what->note);
	if (row->attempt == 0)
		row->attempt = 1;
	if (row->severity > d->severity)
		d->severity = row->severity;
	insert_by_time(d, row);
	return row;
}

struct row *
result_last(const struct device_result *d, enum task t, int event)
{
	struct row *row;

	TAILQ_FOREACH_REVERSE(row, &d->rows, row_list, next)
	if (row->task == t && row->event == event)
		return row;
	return NULL;
}

void
result_repeat(struct device_result *d, struct row *row, enum severity severity,
    int attempt, int64_t duration)
{
	row->attempt = attempt > row->attempt ? attempt : row->attempt + 1;
	row->duration = duration;
	if (severity > row->severity)
		row->severity = severity;
	if (severity > d->severity)
		d->severity = severity;
}

void
result_fact(struct device_result *d, enum fact f)
{
	bool ends = f == FACT_ENDED && !d->round.ended;
	enum lack lacks = round_lacks(&d->round);

	round_take(&d->round, f);
	d->triggers += f == FACT_EVENT;
	d->events += f == FACT_FILE && d->round.triggered;
	if (!ends || lacks == LACK_NOTHING)
		return;
	d->one_sided++;
	if (d->lacks != LACK_NOTHING)
		return;
	d->lacks = lacks;
	d->lack_event = d->round.event;
}

void
result_settle(struct run_result *r)
{
	for (size_t i = 0; i < r->n_devices; i++) {
		struct row *row;

		TAILQ_FOREACH (row, &r->devices[i].rows, next)
			row->began = INT64_MIN;
	}
}

void
result_number(struct run_result *r)
{
	for (size_t i = 0; i < r->n_devices; i++) {
		struct row *row;
		int n = 0;

		TAILQ_FOREACH (row, &r->devices[i].rows, next)
			row->number = ++n;
	}
}

void
result_describe(struct device_result *d, const char *text)
{
	if (d->description == NULL)
		d->description = xstrdup(text);
}

enum outcome
result_failed_outcome(const struct device_result *d)
{
	return d->events > 0 ? OUTCOME_PARTIAL : OUTCOME_FAILED;
}

/* How many devices ended so. */
static size_t
count_outcome(const struct run_result *r, enum outcome o)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += r->devices[i].outcome == o;
	return n;
}

static bool
nothing_triggered(const struct run_result *r)
{
	for (size_t i = 0; i < r->n_devices; i++)
		if (r->devices[i].triggers > 0)
			return false;
	return true;
}

enum run_exit
run_exit_status(const struct run_result *r)
{
	size_t part = r->n_devices - count_outcome(r, OUTCOME_SKIPPED);
	size_t failed = count_outcome(r, OUTCOME_FAILED);
	size_t partly = count_outcome(r, OUTCOME_PARTIAL) +
			count_outcome(r, OUTCOME_ONE_SIDED);

	if (r->trouble != NULL)
		return RUN_TROUBLE;
	if (r->interrupted)
		return RUN_INTERRUPTED;
	if (failed > 0 && failed == part)
		return RUN_ALL_FAILED;
	if (failed + partly > 0)
		return RUN_SOME_FAILED;
	if (part > 0 && nothing_triggered(r))
		return RUN_NO_TRIGGER;
	return RUN_ALL_WELL;
}

const char *
outcome_name(enum outcome o)
{
	return outcomes[o];
}

enum outcome
outcome_find(const char *name)
{
	return (enum outcome)NAME_FIND(outcomes, name);
}

const char *
registration_name(enum registration r)
{
	return registrations[r];
}
