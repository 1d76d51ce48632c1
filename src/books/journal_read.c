/* journal_read.c - decodes the journal of an earlier run.
 *
 * Called at the start of a run for every earlier one.  The first line says
 * whose it is, the next ones which devices, all others what happened to them.
 */
#include "books/journal_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/row_fields.h"
#include "wire/agent_message.h"

/* A closing line is far shorter. */
#define LAST_LINE_MAX 4096

struct reader {
	const struct campaign_conf *conf;
	const char *parent;
	const char *run;
	struct earlier_run *k;
	int64_t started, window_end;
	bool headed; /* the first line was there */
	bool newer;
	bool ended;
	int64_t left_on; /* devices, by the closing line */
	int exit_status; /* the same */
};

/* --- devices --- */

static const struct device_entry *
find_in(struct device_entry *const *devices, size_t n, const struct json *o)
{
	const char *address = json_get_text(o, "device", "");
	int64_t port = json_get_int(o, "restPort", 0);

	for (size_t i = 0; i < n; i++)
		if (strcmp(devices[i]->address, address) == 0 &&
		    devices[i]->rest_port == port)
			return devices[i];
	return NULL;
}

static const struct device_entry *
find_configured(const struct campaign_conf *conf, const struct json *o)
{
	const struct device_entry *d =
	    find_in(conf->devices, conf->n_devices, o);

	return d != NULL ? d : find_in(conf->skipped, conf->n_skipped, o);
}

static char *
member_copy(const struct json *o, const char *key)
{
	return xstrdup(json_get_text(o, key, ""));
}

/* An entry for a device that the configuration does not know any more. */
static struct device_entry *
make_gone(const struct json *o)
{
	struct device_entry *d = xcalloc(1, sizeof(*d));
	struct device_type *type = xcalloc(1, sizeof(*type));
	struct agent_entry *agent = xcalloc(1, sizeof(*agent));

	type->name = member_copy(o, "type");
	agent->address = member_copy(o, "agent");
	d->address = member_copy(o, "device");
	d->name = member_copy(o, "name");
	d->told = member_copy(o, "told");
	d->rest_port = (int)json_get_int(o, "restPort", 0);
	d->note = xstrdup("no longer configured");
	d->username = xstrdup("");
	d->type = type;
	d->agent = agent;
	return d;
}

static void
free_gone(struct device_entry *d)
{
	struct device_type *type = (struct device_type *)d->type;
	struct agent_entry *agent = (struct agent_entry *)d->agent;

	free(type->name);
	free(type);
	free(agent->address);
	free(agent);
	free(d->address);
	free(d->name);
	free(d->told);
	free(d->note);
	free(d->username);
	free(d);
}

static void
take_device(struct reader *r, const struct json *o)
{
	struct earlier_run *k = r->k;
	const struct device_entry *d = find_configured(r->conf, o);
	size_t n = k->n_devices;

	if (json_get_int(o, "n", -1) != (int64_t)n)
		return;
	k->configured =
	    xreallocarray(k->configured, n + 1, sizeof(*k->configured));
	k->entries = xreallocarray(k->entries, n + 1, sizeof(*k->entries));
	k->gone = xreallocarray(k->gone, n + 1, sizeof(*k->gone));
	k->gone[n] = d == NULL;
	k->configured[n] = d != NULL && !d->skip;
	k->entries[n] = d != NULL ? d : make_gone(o);
	k->n_devices++;
}

/* All devices are known: what happens to them follows. */
static void
begin_result(struct reader *r)
{
	struct earlier_run *k = r->k;

	if (k->result == NULL)
		k->result = run_result_for(
		    r->conf, r->parent, r->run, k->entries, k->n_devices);
}

/* --- lines --- */

/* What follows it may not have been done. */
static void
keep_past(struct earlier_run *k, size_t device, const struct round *r)
{
	k->past = xreallocarray(k->past, k->n_past + 1, sizeof(*k->past));
	k->past[k->n_past++] =
	    (struct past_round){.device = device, .round = *r};
}

static void
take_fact(struct earlier_run *k, size_t n, const struct json *o)
{
	struct device_result *d = &k->result->devices[n];
	bool was_over = d->round.ended;
	enum fact f = fact_find(json_get_text(o, "fact", ""));
	const char *file = json_get_text(o, "file", "");

	if (f == FACT_COUNT)
		return;
	d->round.event = (int)json_get_int(o, "event", 1);
	result_fact(d, f);
	if (f == FACT_STOP && capture_name_valid(file, d->conf->told))
		round_name(&d->round, file);
	if (f == FACT_EVENT)
		d->round.event_at = json_get_int(o, "at", 0);
	if (f == FACT_ENDED && !was_over && d->round.triggered && d->round.home)
		keep_past(k, n, &d->round);
}

/* Failures that repeat are one row, written again at their end. */
static bool
is_again(const struct row *was, const struct row *row)
{
	return was != NULL && row->status == TASK_FAILURE &&
	       row->attempt > was->attempt && was->started == row->started &&
	       was->began == row->began &&
	       strcmp(was->description, row->description) == 0;
}

static void
take_row(struct device_result *d, const struct json *o)
{
	struct row row = {0}, *was;

	row_read(&row, o);
	was = result_last(d, row.task, row.event);
	if (is_again(was, &row)) {
		result_repeat(d, was, row.severity, row.attempt, row.duration);
		return;
	}
	if (row.task != TASK_COMPARE) /* whose file was not fetched */
		d->bytes += row.bytes;
	result_row(d, &row);
}

static char *
text_or_null(const struct json *o, const char *key)
{
	return xstrdup(json_get_text(o, key, NULL));
}

/* The name itself, which stays; NULL: none. */
static const char *
find_request(const char *name)
{
	for (int i = REQUEST_REGISTER; i <= REQUEST_STOP; i++) {
		const char *known = agent_request_name((enum agent_request)i);

		if (strcmp(known, name) == 0)
			return known;
	}
	return NULL;
}

static void
take_standing(struct device_result *d, const struct json *o)
{
	const char *registration = json_get_text(o, "registration", "");

	d->coverage.on = json_get_int(o, "on", 0);
	d->coverage.off = json_get_int(o, "off", 0);
	d->clock_known = json_get(o, "clock") != NULL;
	d->clock = json_get_int(o, "clock", 0);
	for (int i = 0; i < REGISTRATION_COUNT; i++)
		if (strcmp(registration_name((enum registration)i),
			registration) == 0)
			d->registration = (enum registration)i;
	d->register_attempts = (int)json_get_int(o, "registerAttempts", 0);
	d->last_request = find_request(json_get_text(o, "lastRequest", ""));
	d->awaiting_response = json_get_bool(o, "awaitingResponse", false);
	d->near_misses = (int)json_get_int(o, "nearMisses", 0);
	free(d->last_response);
	free(d->last_event);
	free(d->last_capture);
	d->last_response = text_or_null(o, "lastResponse");
	d->last_event = text_or_null(o, "lastEvent");
	d->last_capture = text_or_null(o, "lastCapture");
}

static void
take_outcome(struct device_result *d, const struct json *o)
{
	enum severity severity;

	d->outcome = outcome_find(json_get_text(o, "outcome", ""));
	if (d->outcome == OUTCOME_COUNT)
		d->outcome = OUTCOME_NONE;
	severity = severity_find(json_get_text(o, "severity", ""));
	if (severity != SEVERITY_COUNT && severity > d->severity)
		d->severity = severity;
	d->triggers = (int)json_get_int(o, "triggers", 0);
	d->events = (int)json_get_int(o, "events", 0);
	result_describe(d, json_get_text(o, "description", ""));
	take_standing(d, o);
}

/* How it ended: a run that is closed has it. */
static void
take_summary(struct run_result *r, const struct json *o)
{
	r->ended = json_get_int(o, "ended", 0);
	r->took = json_get_int(o, "took", 0);
	r->interrupted = json_get_bool(o, "interrupted", false);
	r->window_ended = json_get_bool(o, "windowEnded", false);
	free(r->trouble);
	r->trouble = xstrdup(json_get_text(o, "trouble", NULL));
	r->datagrams = (uint64_t)json_get_int(o, "datagrams", 0);
	r->refused = (uint64_t)json_get_int(o, "refused", 0);
	r->dropped = (uint64_t)json_get_int(o, "dropped", 0);
}

static void
fill_agent(struct agent_result *a, const struct json *o)
{
	a->earlier_version = json_get_bool(o, "earlierVersion", true);
	free(a->version);
	a->version = xstrdup(json_get_text(o, "version", NULL));
	a->clock = json_get_int(o, "clock", 0);
	a->answers = (uint64_t)json_get_int(o, "answers", 0);
	a->alarms = (uint64_t)json_get_int(o, "alarms", 0);
	a->refused = (uint64_t)json_get_int(o, "refused", 0);
	a->last = json_get_int(o, "last", 0);
}

static void
take_agent(struct run_result *r, const struct json *o)
{
	const char *address = json_get_text(o, "agent", "");

	for (size_t i = 0; i < r->n_agents; i++) {
		if (strcmp(r->agents[i].conf->address, address) != 0)
			continue;
		fill_agent(&r->agents[i], o);
		return;
	}
}

static void
take_device_line(struct reader *r, const char *kind, const struct json *o)
{
	int64_t n = json_get_int(o, "n", -1);

	begin_result(r);
	if (n < 0 || (uint64_t)n >= r->k->n_devices)
		return;
	if (strcmp(kind, "fact") == 0)
		take_fact(r->k, (size_t)n, o);
	else if (strcmp(kind, "task") == 0)
		take_row(&r->k->result->devices[n], o);
	else if (strcmp(kind, "outcome") == 0)
		take_outcome(&r->k->result->devices[n], o);
}

static void
take_line(struct reader *r, const struct json *o)
{
	const char *kind = json_get_text(o, "kind", "");

	if (strcmp(kind, "run") == 0) {
		r->headed = true;
		r->newer = json_get_int(o, "schema", 0) > JOURNAL_SCHEMA;
		r->started = json_get_int(o, "started", 0);
		r->window_end = json_get_int(o, "windowEnd", 0);
	} else if (strcmp(kind, "end") == 0) {
		r->ended = true;
		r->left_on = json_get_int(o, "mayBeOn", 0);
		r->exit_status = (int)json_get_int(o, "exitStatus", 0);
	} else if (strcmp(kind, "device") == 0 && r->k->result == NULL) {
		take_device(r, o);
	} else if (strcmp(kind, "summary") == 0) {
		begin_result(r);
		take_summary(r->k->result, o);
	} else if (strcmp(kind, "agent") == 0) {
		begin_result(r);
		take_agent(r->k->result, o);
	} else if (strcmp(kind, "recovery") == 0) {
		begin_result(r);
		result_settle(r->k->result);
	} else {
		take_device_line(r, kind, o);
	}
}

static enum journal_verdict
verdict(const struct reader *r)
{
	if (r->newer)
		return JOURNAL_NEWER;
	if (r->ended)
		return r->left_on > 0 ? JOURNAL_LEFT_ON : JOURNAL_ENDED;
	return r->headed && r->k->n_devices > 0 ? JOURNAL_KILLED
						: JOURNAL_EMPTY;
}

/* `all`: of a run that ended in order, too. */
static enum journal_verdict
decode(const struct campaign_conf *conf, const char *parent, const char *run,
    const char *text, size_t len, bool all, struct earlier_run **k)
{
	struct reader r = {.conf = conf, .parent = parent, .run = run};
	const char *end = text + len;
	enum journal_verdict v;

	r.k = xcalloc(1, sizeof(*r.k));
	while (text < end && !r.newer) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		struct json *o;

		if (stop == NULL)
			break; /* cut while it was written */
		o = json_parse(text, (size_t)(stop - text));
		if (json_is_object(o))
			take_line(&r, o);
		json_free(o);
		text = stop + 1;
	}
	begin_result(&r);
	r.k->result->started = r.started;
	r.k->result->window_end = r.window_end;
	result_settle(r.k->result);
	r.k->result->exit_status = r.exit_status;
	v = verdict(&r);
	if (v == JOURNAL_KILLED || v == JOURNAL_EMPTY || v == JOURNAL_LEFT_ON ||
	    (all && v == JOURNAL_ENDED))
		*k = r.k;
	else
		earlier_run_free(r.k);
	return v;
}

enum journal_verdict
journal_decode(const struct campaign_conf *conf, const char *parent,
    const char *run, const char *text, size_t len, struct earlier_run **k)
{
	return decode(conf, parent, run, text, len, false, k);
}

/* --- the file --- */

/* Nearly all runs have ended long since: their last line says so, and the rest
 * need not be read. */
static bool
is_closed(int fd, off_t size)
{
	char text[LAST_LINE_MAX], *line = NULL;
	off_t from = size < LAST_LINE_MAX ? 0 : size - LAST_LINE_MAX;
	ssize_t len = pread(fd, text, sizeof(text), from);
	struct json *o = NULL;
	bool closed;

	if (len > 0 && text[len - 1] == '\n')
		line = memrchr(text, '\n', (size_t)len - 1);
	if (line != NULL)
		o = json_parse(line + 1, (size_t)(text + len - line) - 2);
	closed = json_is_object(o) &&
		 strcmp(json_get_text(o, "kind", ""), "end") == 0 &&
		 json_get_int(o, "mayBeOn", 0) == 0;
	json_free(o);
	return closed;
}

/* It closes `fd`, which is -1 if the file cannot be opened. */
static enum journal_verdict
read_open(const struct campaign_conf *conf, const char *parent, const char *run,
    int fd, const struct stat *st, bool all, struct earlier_run **k)
{
	enum journal_verdict v;
	size_t len;
	char *text;

	if (fd >= 0 && !all && is_closed(fd, st->st_size)) {
		close(fd);
		return JOURNAL_ENDED;
	}
	text = bytes_read(fd, JOURNAL_SIZE_MAX, &len);
	if (text == NULL)
		return errno == ENOENT || errno == ENOTDIR ? JOURNAL_NONE
							   : JOURNAL_UNREADABLE;
	v = decode(conf, parent, run, text, len, all, k);
	bytes_free(text, len + 1);
	return v;
}

static enum journal_verdict
read_run(const struct campaign_conf *conf, const char *parent, const char *run,
    bool all, struct earlier_run **k, struct fail *why)
{
	char *path = xasprintf("%s/%s/" RUN_JOURNAL, parent, run);
	struct stat st;
	int fd = bytes_open(path, O_NOFOLLOW, &st);
	enum journal_verdict v = read_open(conf, parent, run, fd, &st, all, k);

	if (v == JOURNAL_UNREADABLE && (errno == EINVAL || errno == EFBIG))
		fail_set(why, FAIL_LOCAL, "%s is no journal", path);
	else if (v == JOURNAL_UNREADABLE)
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", path,
		    strerror(errno));
	free(path);
	return v;
}

enum journal_verdict
journal_read(const struct campaign_conf *conf, const char *parent,
    const char *run, struct earlier_run **k, struct fail *why)
{
	return read_run(conf, parent, run, false, k, why);
}

enum journal_verdict
journal_read_all(const struct campaign_conf *conf, const char *parent,
    const char *run, struct earlier_run **k, struct fail *why)
{
	return read_run(conf, parent, run, true, k, why);
}

void
earlier_run_free(struct earlier_run *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->n_devices; i++)
		if (k->gone[i])
			free_gone((struct device_entry *)k->entries[i]);
	run_result_free(k->result);
	free(k->past);
	free(k->configured);
	free(k->gone);
	free(k->entries);
	free(k);
}
