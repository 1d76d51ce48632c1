/* journal.c - what is in the lines of a journal; see line_file.h for how they
 * reach the disk.
 */
#include "books/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/row_fields.h"

struct pending {
	const struct device_result *device;
	const struct row *row;
};

struct journal {
	struct loop *lp;
	const struct run_result *run;
	char *path;
	struct line_file *file;
	int64_t wall; /* of the last line, as `when` says it */
	char when[CLOCK_TEXT_MAX];
	struct pending *rows; /* not even made yet: a row is complete only at
				 the end of the turn that adds it */
	size_t n_rows;
	journal_trouble *trouble;
	void *arg;
};

/* --- writing --- */

/* The next line, to be ended before another begins. */
static struct json_out
line_begin(struct journal *j, const char *kind)
{
	struct json_out o = {.to = line_file_lines(j->file), .compact = true};
	int64_t wall = loop_wall(j->lp);

	if (j->when[0] == '\0' || wall != j->wall)
		clock_rfc3339(wall, j->when);
	j->wall = wall;
	json_out_object(&o, NULL);
	json_out_text(&o, "time", j->when);
	json_out_text(&o, "kind", kind);
	return o;
}

static struct json_out
device_line_begin(
    struct journal *j, const struct device_result *d, const char *kind)
{
	struct json_out o = line_begin(j, kind);

	json_out_int(&o, "n", d - j->run->devices);
	json_out_text(&o, "device", d->conf->address);
	return o;
}

static void
line_end(struct journal *j, struct json_out *o)
{
	json_out_end(o);
	strbuf_add(o->to, "\n");
	line_file_added(j->file);
}

static void
add_row(struct journal *j, const struct device_result *d, const struct row *row)
{
	struct json_out o = device_line_begin(j, d, "task");

	row_write(row, &o);
	line_end(j, &o);
}

static void
add_rows(void *arg)
{
	struct journal *j = arg;

	for (size_t i = 0; i < j->n_rows; i++)
		add_row(j, j->rows[i].device, j->rows[i].row);
	j->n_rows = 0;
}

/* --- its file --- */

static void
on_broke(void *arg, int error)
{
	struct journal *j = arg;
	char *text =
	    xasprintf("cannot write %s: %s; a run that is killed now cannot be "
		      "finished by the next",
		j->path, strerror(error));

	j->trouble(j->arg, text);
	free(text);
}

static const struct line_file_events events = {
    .complete = add_rows, .broke = on_broke};

/* --- opening and closing --- */

static void
add_header(struct journal *j)
{
	const struct run_result *r = j->run;
	struct json_out o = line_begin(j, "run");

	json_out_int(&o, "schema", JOURNAL_SCHEMA);
	json_out_text(&o, "version", VERSION);
	json_out_text(&o, "campaign", r->conf->campaign.name);
	json_out_text(&o, "run", r->run);
	json_out_int(&o, "started", r->started);
	json_out_int(&o, "windowEnd", r->window_end);
	line_end(j, &o);
	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_entry *d = r->devices[i].conf;

		o = device_line_begin(j, &r->devices[i], "device");
		json_out_text(&o, "name", d->name);
		json_out_text(&o, "type", d->type->name);
		json_out_text(&o, "agent", d->agent->address);
		json_out_text(&o, "told", d->told);
		json_out_int(&o, "restPort", d->rest_port);
		line_end(j, &o);
	}
}

static struct journal *
open_file(struct loop *lp, const struct run_result *r, int flags,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j = xcalloc(1, sizeof(*j));

	j->lp = lp;
	j->run = r;
	j->trouble = trouble;
	j->arg = arg;
	j->path = xasprintf("%s/" RUN_JOURNAL, r->folder);
	j->file = line_file_open(lp, j->path, flags, &events, j);
	if (j->file != NULL)
		return j;
	fail_set(
	    why, FAIL_LOCAL, "cannot open %s: %s", j->path, strerror(errno));
	journal_free(j);
	return NULL;
}

struct journal *
journal_create(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j =
	    open_file(lp, r, O_CREAT | O_EXCL, trouble, arg, why);

	if (j != NULL)
		add_header(j);
	return j;
}

struct journal *
journal_reopen(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j = open_file(lp, r, 0, trouble, arg, why);
	struct json_out o;

	if (j == NULL)
		return NULL;
	/* A line that was cut stays as it is; ours begin on their own. */
	if (line_file_is_cut(j->file))
		strbuf_add(line_file_lines(j->file), "\n");
	o = line_begin(j, "recovery");
	line_end(j, &o);
	return j;
}

static int64_t
count_on(const struct run_result *r)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += round_may_be_on(&r->devices[i].round);
	return n;
}

/* What a report says of the whole run beside its devices. */
static void
add_summary(struct journal *j)
{
	const struct run_result *r = j->run;
	struct json_out o = line_begin(j, "summary");

	json_out_int(&o, "ended", r->ended);
	json_out_int(&o, "took", r->took);
	json_out_bool(&o, "interrupted", r->interrupted);
	json_out_bool(&o, "windowEnded", r->window_ended);
	json_out_text(&o, "trouble", r->trouble);
	json_out_int(&o, "datagrams", (int64_t)r->datagrams);
	json_out_int(&o, "refused", (int64_t)r->refused);
	json_out_int(&o, "dropped", (int64_t)r->dropped);
	line_end(j, &o);
	for (size_t i = 0; i < r->n_agents; i++) {
		const struct agent_result *a = &r->agents[i];

		o = line_begin(j, "agent");
		json_out_text(&o, "agent", a->conf->address);
		json_out_bool(&o, "earlierVersion", a->earlier_version);
		json_out_text(&o, "version", a->version);
		json_out_int(&o, "clock", a->clock);
		json_out_int(&o, "answers", (int64_t)a->answers);
		json_out_int(&o, "alarms", (int64_t)a->alarms);
		json_out_int(&o, "refused", (int64_t)a->refused);
		json_out_int(&o, "last", a->last);
		line_end(j, &o);
	}
}

void
journal_end(struct journal *j, int exit_status)
{
	struct json_out o;

	if (j == NULL)
		return;
	add_rows(j); /* nothing comes behind the closing line */
	add_summary(j);
	o = line_begin(j, "end");
	json_out_int(&o, "exitStatus", exit_status);
	json_out_int(&o, "mayBeOn", count_on(j->run));
	line_end(j, &o);
	line_file_flush(j->file);
	journal_free(j);
}

void
journal_flush(struct journal *j)
{
	line_file_flush(j->file);
}

void
journal_free(struct journal *j)
{
	if (j == NULL)
		return;
	line_file_free(j->file);
	free(j->rows);
	free(j->path);
	free(j);
}

/* A journal's files are in one folder. */
void
journal_relies_on(struct journal *j, const char *folder)
{
	if (j == NULL)
		(void)atomic_file_sync_folder(folder);
	else
		line_file_relies_on(j->file, folder);
}

/* --- lines; without a journal (--recover alone) there are none --- */

void
journal_fact(struct journal *j, struct device_result *d, enum fact f)
{
	struct json_out o;

	result_fact(d, f);
	if (j == NULL || fact_name(f) == NULL)
		return;
	o = device_line_begin(j, d, "fact");
	json_out_text(&o, "fact", fact_name(f));
	json_out_int(&o, "event", d->round.event);
	if (f == FACT_STOP)
		json_out_text(&o, "file", d->round.file);
	if (f == FACT_EVENT)
		json_out_int(&o, "at", d->round.event_at);
	if (fact_wants_disk(f))
		line_file_wants_disk(j->file);
	line_end(j, &o);
}

void
journal_state(
    struct journal *j, const struct device_result *d, const char *state)
{
	struct json_out o;

	if (j == NULL)
		return;
	o = device_line_begin(j, d, "state");
	json_out_text(&o, "state", state);
	line_end(j, &o);
}

void
journal_row_again(
    struct journal *j, const struct device_result *d, const struct row *row)
{
	if (j == NULL)
		return;
	j->rows = xreallocarray(j->rows, j->n_rows + 1, sizeof(*j->rows));
	j->rows[j->n_rows++] = (struct pending){.device = d, .row = row};
	line_file_added(j->file);
}

struct row *
journal_row(struct journal *j, struct device_result *d, const struct row *what)
{
	struct row *row = result_row(d, what);

	journal_row_again(j, d, row);
	return row;
}

/* What a report says of a device beside its rows. */
static void
add_standing(const struct device_result *d, struct json_out *o)
{
	json_out_int(o, "on", d->coverage.on);
	json_out_int(o, "off", d->coverage.off);
	if (d->clock_known)
		json_out_int(o, "clock", d->clock);
	json_out_text(o, "registration", registration_name(d->registration));
	json_out_int(o, "registerAttempts", d->register_attempts);
	json_out_text(o, "lastRequest", d->last_request);
	json_out_text(o, "lastResponse", d->last_response);
	json_out_bool(o, "awaitingResponse", d->awaiting_response);
	json_out_text(o, "lastEvent", d->last_event);
	json_out_text(o, "lastCapture", d->last_capture);
	json_out_int(o, "nearMisses", d->near_misses);
}

void
journal_outcome(struct journal *j, const struct device_result *d)
{
	struct json_out o;

	if (j == NULL)
		return;
	o = device_line_begin(j, d, "outcome");
	json_out_text(&o, "outcome", outcome_name(d->outcome));
	json_out_text(&o, "severity", severity_name(d->severity));
	json_out_text(&o, "description", d->description);
	json_out_int(&o, "triggers", d->triggers);
	json_out_int(&o, "events", d->events);
	add_standing(d, &o);
	line_end(j, &o);
}

/* --- waiting --- */

void
journal_sync(struct journal *j, struct journal_wait *w, void (*done)(void *arg),
    void *arg)
{
	line_file_wait(j->file, &w->line, done, arg);
}

void
journal_sync_cancel(struct journal_wait *w)
{
	line_wait_cancel(&w->line);
}
