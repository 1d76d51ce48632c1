/* merge.c - see merge.h.
 */
#include "books/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"

/* --- which devices --- */

struct place {
	const struct device_entry *conf;
	size_t order;  /* in the configuration, and behind it */
	size_t device; /* of the result */
	bool seen;     /* a run has it */
};

struct roll {
	struct place *v; /* by device, then by order */
	size_t n;
};

static int
by_device(const struct device_entry *a, const struct device_entry *b)
{
	int c = strcmp(a->address, b->address);

	return c != 0 ? c : a->rest_port - b->rest_port;
}

static int
compare_places(const void *a, const void *b)
{
	const struct place *p = a, *q = b;
	int c = by_device(p->conf, q->conf);

	return c != 0 ? c : (p->order > q->order) - (p->order < q->order);
}

static int
compare_orders(const void *a, const void *b)
{
	const struct place *const *p = a, *const *q = b;

	return ((*p)->order > (*q)->order) - ((*p)->order < (*q)->order);
}

static void
roll_add(struct roll *roll, const struct device_entry *d)
{
	roll->v[roll->n] = (struct place){.conf = d, .order = roll->n};
	roll->n++;
}

static size_t
count_devices(const struct shard_runs *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->v[i].earlier->n_devices;
	return n;
}

static void
add_gone(struct roll *roll, const struct shard_runs *s)
{
	for (size_t i = s->n; i-- > 0;) {
		const struct earlier_run *e = s->v[i].earlier;

		for (size_t d = 0; d < e->n_devices; d++)
			if (e->gone[d])
				roll_add(roll, e->entries[d]);
	}
}

static void
roll_fill(struct roll *roll, const struct campaign_conf *conf,
    struct shard_runs *const *shards, size_t n)
{
	size_t most = conf->n_devices + conf->n_skipped;

	for (size_t i = 0; i < n; i++)
		most += count_devices(shards[i]);
	roll->v = xcalloc(most + 1, sizeof(roll->v[0]));
	for (size_t i = 0; i < conf->n_devices; i++)
		roll_add(roll, conf->devices[i]);
	for (size_t i = 0; i < conf->n_skipped; i++)
		roll_add(roll, conf->skipped[i]);
	for (size_t i = 0; i < n; i++)
		add_gone(roll, shards[i]);
	qsort(roll->v, roll->n, sizeof(roll->v[0]), compare_places);
}

/* The first place of this device: each has one. */
static struct place *
roll_find(const struct roll *roll, const struct device_entry *d)
{
	size_t low = 0, high = roll->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_device(roll->v[middle].conf, d) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return &roll->v[low];
}

static void
see_devices(struct roll *roll, const struct shard_runs *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct earlier_run *e = s->v[i].earlier;

		for (size_t d = 0; d < e->n_devices; d++)
			roll_find(roll, e->entries[d])->seen = true;
	}
}

/* Those of any run, in the order of the configuration. */
static size_t
choose_devices(struct roll *roll, const struct device_entry **devices)
{
	struct place **seen = xcalloc(roll->n + 1, sizeof(struct place *));
	size_t n = 0;

	for (size_t i = 0; i < roll->n; i++)
		if (roll->v[i].seen)
			seen[n++] = &roll->v[i];
	qsort(seen, n, sizeof(struct place *), compare_orders);
	for (size_t i = 0; i < n; i++) {
		seen[i]->device = i;
		devices[i] = seen[i]->conf;
	}
	free(seen);
	return n;
}

/* --- one device --- */

static void
move_text(char **to, char **from)
{
	if (*from == NULL)
		return;
	free(*to);
	*to = *from;
	*from = NULL;
}

/* By wall time: the monotonic clock is each host's own.  What an earlier run
 * left is finished, and compared, while the later one is at work. */
static void
place_row(struct device_result *d, struct row *row)
{
	struct row *before = TAILQ_LAST(&d->rows, row_list);

	while (before != NULL && before->started > row->started)
		before = TAILQ_PREV(before, row_list, next);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&d->rows, before, row, next);
	else
		TAILQ_INSERT_HEAD(&d->rows, row, next);
}

static void
move_rows(struct device_result *to, struct device_result *from, int events)
{
	struct row *row;

	while ((row = TAILQ_FIRST(&from->rows)) != NULL) {
		TAILQ_REMOVE(&from->rows, row, next);
		row->event += events;
		place_row(to, row);
	}
	to->n_rows += from->n_rows;
	from->n_rows = 0;
}

static void
add_counts(
    struct device_result *to, const struct device_result *from, int events)
{
	to->triggers += from->triggers;
	to->events += from->events;
	to->one_sided += from->one_sided;
	to->bytes += from->bytes;
	to->near_misses += from->near_misses;
	to->register_attempts += from->register_attempts;
	to->coverage.on += from->coverage.on;
	to->coverage.off += from->coverage.off;
	if (from->severity > to->severity)
		to->severity = from->severity;
	if (to->lacks != LACK_NOTHING || from->lacks == LACK_NOTHING)
		return;
	to->lacks = from->lacks;
	to->lack_event = from->lack_event + events;
}

/* What is true at the end is what the later run left. */
static void
take_state(struct device_result *to, struct device_result *from)
{
	to->round = from->round;
	to->registration = from->registration;
	to->awaiting_response = from->awaiting_response;
	if (from->last_request != NULL)
		to->last_request = from->last_request;
	if (from->clock_known)
		to->clock = from->clock;
	to->clock_known = to->clock_known || from->clock_known;
	move_text(&to->last_response, &from->last_response);
	move_text(&to->last_event, &from->last_event);
	move_text(&to->last_capture, &from->last_capture);
}

/* The later run knows nothing of the events of the earlier. */
static enum outcome
joined_outcome(const struct device_result *d, enum outcome last, int wanted)
{
	switch (last) {
	case OUTCOME_NONE:
		return OUTCOME_INTERRUPTED;
	case OUTCOME_FAILED:
		return result_failed_outcome(d);
	case OUTCOME_SUCCESS:
		break;
	case OUTCOME_QUIET:
	case OUTCOME_INTERRUPTED:
		if (d->events < wanted)
			return last;
		break;
	default:
		return last;
	}
	return d->one_sided > 0 ? OUTCOME_ONE_SIDED : OUTCOME_SUCCESS;
}

static void
join_descriptions(struct device_result *to, struct device_result *from)
{
	const char *last = from->description != NULL ? from->description
						     : "the run was killed";
	struct strbuf text = STRBUF_INIT;

	if (to->outcome == OUTCOME_NONE) {
		strbuf_add(&text, last);
	} else {
		strbuf_addf(&text, "%d event%s captured in several runs",
		    to->events, to->events == 1 ? "" : "s");
		if (to->one_sided > from->one_sided)
			strbuf_addf(&text, "; %s", lack_text(to->lacks));
		strbuf_addf(&text, "; of the last: %s", last);
	}
	free(to->description);
	to->description = strbuf_take(&text);
}

/* Events of `from` are numbered on from those that there were. */
static void
join_device(struct device_result *to, struct device_result *from, int events,
    int wanted)
{
	bool skipped = from->outcome == OUTCOME_SKIPPED;
	enum outcome before = to->outcome;

	move_rows(to, from, events);
	add_counts(to, from, events);
	/* It took part before, and how that ended stays. */
	if (skipped && before != OUTCOME_NONE)
		return;
	take_state(to, from);
	if (before == OUTCOME_SKIPPED)
		to->outcome = OUTCOME_NONE;
	join_descriptions(to, from);
	to->outcome = joined_outcome(to, from->outcome, wanted);
}

/* --- one run --- */

/* Which events the device has had in the run: the number of the last. */
static void
count_events(const struct earlier_run *e, int *last)
{
	for (size_t i = 0; i < e->n_devices; i++) {
		const struct round *r = &e->result->devices[i].round;

		last[i] = r->triggered ? r->event : 0;
	}
	for (size_t i = 0; i < e->n_past; i++)
		if (e->past[i].round.event > last[e->past[i].device])
			last[e->past[i].device] = e->past[i].round.event;
}

static void
join_agent(struct run_result *r, struct agent_result *from)
{
	struct agent_result *to = r->agents, *end = to + r->n_agents;

	while (to < end && strcmp(to->conf->address, from->conf->address) != 0)
		to++;
	if (to == end)
		return; /* of devices that have gone to another one */
	to->answers += from->answers;
	to->alarms += from->alarms;
	to->refused += from->refused;
	if (from->last < to->last || from->last == 0)
		return;
	to->last = from->last;
	to->earlier_version = from->earlier_version;
	to->clock = from->clock;
	move_text(&to->version, &from->version);
}

/* `events` has room for each device of the result: how many it has had. */
static void
join_run(struct run_result *r, const struct roll *roll,
    const struct earlier_run *e, int *events)
{
	struct run_result *from = e->result;
	int *last = xcalloc(e->n_devices + 1, sizeof(last[0]));

	count_events(e, last);
	for (size_t i = 0; i < e->n_devices; i++) {
		size_t d = roll_find(roll, e->entries[i])->device;

		join_device(&r->devices[d], &from->devices[i], events[d],
		    r->conf->campaign.events_per_device);
		events[d] += last[i];
	}
	free(last);
	for (size_t i = 0; i < from->n_agents; i++)
		join_agent(r, &from->agents[i]);
	r->datagrams += from->datagrams;
	r->refused += from->refused;
	r->dropped += from->dropped;
	if (from->ended > r->ended)
		r->ended = from->ended;
}

/* --- all of them --- */

/* Devices that are gone name their agents again. */
static void
unite_agents(struct run_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_agents; i++) {
		size_t j = 0;

		while (j < n && strcmp(r->agents[j].conf->address,
				    r->agents[i].conf->address) != 0)
			j++;
		if (j == n)
			r->agents[n++] = r->agents[i];
	}
	r->n_agents = n;
}

static void
tell_shard(struct run_result *r, const struct shard_runs *s, struct strbuf *to)
{
	const struct run_result *last =
	    s->n > 0 ? s->v[0].earlier->result : NULL;
	const char *part = to->len > 0 ? "; " : "";

	if (last == NULL) {
		strbuf_addf(to, "%sshard %d of %d has no run of this night",
		    part, s->shard.index, s->shard.of);
		return;
	}
	r->interrupted = r->interrupted || last->interrupted ||
			 last->exit_status == RUN_INTERRUPTED;
	r->window_ended = r->window_ended || last->window_ended;
	if (s->v[0].killed)
		strbuf_addf(to,
		    "%sshard %d of %d: the run %s was killed: --shard %d/%d "
		    "--recover finishes it, then merge again",
		    part, s->shard.index, s->shard.of, last->run,
		    s->shard.index, s->shard.of);
	else if (last->trouble != NULL)
		strbuf_addf(to, "%sshard %d of %d: %s", part, s->shard.index,
		    s->shard.of, last->trouble);
	else if (s->unread > 0)
		strbuf_addf(to, "%sshard %d of %d: %zu run%s cannot be read",
		    part, s->shard.index, s->shard.of, s->unread,
		    s->unread == 1 ? "" : "s");
}

static void
tell_missing(
    struct shard_runs *const *shards, size_t n, int of, struct strbuf *to)
{
	for (int i = 0; i < of; i++) {
		size_t j = 0;

		while (j < n && shards[j]->shard.index != i)
			j++;
		if (j == n)
			strbuf_addf(to, "%sshard %d of %d was not given",
			    to->len > 0 ? "; " : "", i, of);
	}
}

static void
tell_trouble(
    struct run_result *r, struct shard_runs *const *shards, size_t n, int of)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < n; i++)
		tell_shard(r, shards[i], &text);
	tell_missing(shards, n, of, &text);
	if (text.len > 0)
		r->trouble = xstrdup(text.s);
	strbuf_free(&text);
}

static int64_t
first_start(struct shard_runs *const *shards, size_t n)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < shards[i]->n; j++)
			if (shards[i]->v[j].earlier->result->started < first)
				first =
				    shards[i]->v[j].earlier->result->started;
	return first != INT64_MAX ? first : 0;
}

static struct run_result *
empty_result(const struct campaign_conf *conf, struct roll *roll, int64_t start)
{
	const struct device_entry **devices =
	    xcalloc(roll->n + 1, sizeof(const struct device_entry *));
	size_t n = choose_devices(roll, devices);
	char *parent = run_parent(conf);
	char when[CLOCK_TEXT_MAX];
	struct run_result *r = run_result_for(
	    conf, parent, clock_file_second(start, when), devices, n);

	free(parent);
	free(devices);
	unite_agents(r);
	r->started = r->ended = start;
	return r;
}

struct run_result *
merge_runs(const struct campaign_conf *conf, struct shard_runs *const *shards,
    size_t n, int of)
{
	struct roll roll = {0};
	struct run_result *r;
	int *events;

	roll_fill(&roll, conf, shards, n);
	for (size_t i = 0; i < n; i++)
		see_devices(&roll, shards[i]);
	r = empty_result(conf, &roll, first_start(shards, n));
	events = xcalloc(r->n_devices + 1, sizeof(events[0]));
	for (size_t i = 0; i < n; i++)
		for (size_t j = shards[i]->n; j-- > 0;)
			join_run(r, &roll, shards[i]->v[j].earlier, events);
	free(events);
	free(roll.v);
	r->took = r->ended - r->started;
	tell_trouble(r, shards, n, of);
	result_number(r);
	r->exit_status = run_exit_status(r);
	return r;
}
