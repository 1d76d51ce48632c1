/* run_made.c - see run_made.h.
 */
#include "run_made.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xmem.h"
#include "books/history_store.h"
#include "compare/result_json.h"

#define HOURS_MS INT64_C(28800000)
#define MS_NS    INT64_C(1000000)
/* A multiplier that strews the events over the night. */
#define STREW INT64_C(7919000)

static void
fill_conf(struct run_made *m, const char *output, size_t n)
{
	struct campaign_conf *c = &m->conf;

	c->campaign.name = xstrdup("night");
	c->campaign.note = xstrdup("ticket 4711");
	c->campaign.output = xstrdup(output);
	m->type.name = xstrdup("msbr");
	for (size_t i = 0; i < RUN_MADE_AGENTS; i++) {
		m->agent[i].address = xasprintf("198.51.100.%zu", i + 1);
		m->agents[i] = &m->agent[i];
	}
	c->agents = m->agents;
	c->n_agents = RUN_MADE_AGENTS;
	m->device = xcalloc(n, sizeof(*m->device));
	m->devices = xcalloc(n, sizeof(*m->devices));
	for (size_t i = 0; i < n; i++) {
		struct device_entry *d = &m->device[i];

		d->address = xasprintf("10.%zu.%zu.1", i / 250, i % 250);
		d->name = xasprintf("branch %zu", i + 1);
		d->note = xstrdup("");
		d->type = &m->type;
		d->agent = &m->agent[i * RUN_MADE_AGENTS / n];
		m->devices[i] = d;
	}
	c->devices = m->devices;
	c->n_devices = n;
}

struct run_made *
run_made_new(const char *output, size_t n_devices)
{
	struct run_made *m = xcalloc(1, sizeof(*m));
	char *path;

	fill_conf(m, output, n_devices);
	m->r = run_result_new(&m->conf, RUN_MADE_AT);
	m->r->ended = RUN_MADE_AT + HOURS_MS;
	m->r->took = HOURS_MS;
	path = xasprintf("%s/night", output);
	mkdir(path, 0750);
	free(path);
	mkdir(m->r->folder, 0750);
	path = xasprintf("%s/captures", m->r->folder);
	mkdir(path, 0750);
	free(path);
	for (size_t i = 0; i < n_devices; i++) {
		m->r->devices[i].outcome = OUTCOME_QUIET;
		result_describe(
		    &m->r->devices[i], "no alarm in the whole window");
	}
	for (size_t i = 0; i < m->r->n_agents; i++)
		m->r->agents[i].version = xstrdup("0.2.0");
	return m;
}

void
run_made_free(struct run_made *m)
{
	run_result_free(m->r);
	for (size_t i = 0; i < m->conf.n_devices; i++) {
		free(m->device[i].address);
		free(m->device[i].name);
		free(m->device[i].note);
	}
	for (size_t i = 0; i < RUN_MADE_AGENTS; i++)
		free(m->agent[i].address);
	free(m->device);
	free(m->devices);
	free(m->type.name);
	free(m->conf.campaign.name);
	free(m->conf.campaign.note);
	free(m->conf.campaign.output);
	free(m);
}

int64_t
run_made_time(size_t i, int event)
{
	int64_t ms =
	    ((int64_t)i * STREW + event * STREW / 3) % (HOURS_MS - 900000);

	return (RUN_MADE_AT + ms) * MS_NS;
}

static char *
name_of(const struct run_made *m, size_t i, int event, const char *prefix,
    const char *suffix)
{
	return xasprintf("%s_device_%s_2026-11-23T03.%02d.%02zu.100000Z%s",
	    prefix, m->device[i].address, event, i % 60, suffix);
}

static void
add_row(struct run_made *m, size_t i, int event, struct row *row)
{
	row->event = event;
	row->began = run_made_time(i, event) / MS_NS - RUN_MADE_AT + row->task;
	row->started = RUN_MADE_AT + row->began;
	result_row(&m->r->devices[i], row);
}

void
run_made_event(struct run_made *m, size_t i, int event)
{
	struct device_result *d = &m->r->devices[i];
	char *file = name_of(m, i, event, "CPE", ".pcap"), words[32];
	struct row alarm = {.task = TASK_ALARM,
	    .description = "Connection Lost: the event begins"};
	struct row home = {.task = TASK_RETRIEVE,
	    .file = file,
	    .bytes = 4096,
	    .description = "661 packets"};

	d->outcome = OUTCOME_SUCCESS;
	d->events++;
	free(d->description);
	snprintf(words, sizeof(words), "%d of %d events captured", d->events,
	    d->events);
	d->description = xstrdup(words);
	add_row(m, i, event, &alarm);
	add_row(m, i, event, &home);
	free(file);
}

static void
keep(const struct run_made *m, const char *name, const struct compare_result *r)
{
	char *path = xasprintf("%s/captures/%s", m->r->folder, name);
	struct strbuf text = STRBUF_INIT;
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		perror(path);
		abort();
	}
	result_json(r, &text);
	fwrite(text.s, 1, text.len, f);
	fclose(f);
	strbuf_free(&text);
	free(path);
}

void
run_made_compared(
    struct run_made *m, size_t i, int event, struct compare_result *r)
{
	char *name = name_of(m, i, event, "COMPARE", ".json");
	struct row row = {.task = TASK_COMPARE,
	    .severity = r->exit_status == 0   ? SEVERITY_NORMAL
			: r->exit_status == 1 ? SEVERITY_MAJOR
					      : SEVERITY_MINOR,
	    .file = name,
	    .description = r->sentence};

	run_made_event(m, i, event);
	keep(m, name, r);
	add_row(m, i, event, &row);
	free(name);
	free(r);
}

void
run_made_skipped(struct run_made *m, size_t i, int event)
{
	struct row row = {.task = TASK_COMPARE,
	    .status = TASK_SKIPPED,
	    .description = "only the device's file is here",
	    .note = "traffic-capture-compare CPE_x OVOC_x"};

	run_made_event(m, i, event);
	add_row(m, i, event, &row);
}

static void
add_past_run(struct run_made *m, struct database *db, int k)
{
	char sql[1000];
	int64_t at = RUN_MADE_AT - k * INT64_C(86400000);

	snprintf(sql, sizeof(sql),
	    "INSERT INTO run (id, name, started) VALUES (%d, '%d', %lld);"
	    "INSERT INTO night (run, device, outcome, verdict) SELECT %d, id,"
	    " iif(%d %% 11 = 0, 'failed', iif(%d %% ((id - 1) %% 7 + 2) = 0,"
	    " 'success', 'quiet')),"
	    " iif(%d %% 11 <> 0 AND %d %% ((id - 1) %% 7 + 2) = 0, 'lost',"
	    " NULL) FROM device WHERE (%d + id) %% 13 <> 0 AND id <= %zu",
	    k, k, (long long)at, k, k, k, k, k, k, m->conf.n_devices);
	if (!database_do(db, sql))
		abort();
}

void
run_made_history(struct run_made *m, int runs)
{
	char *parent = run_parent(&m->conf);
	enum database_state state;
	struct fail why;
	struct database *db = history_open(parent, DATABASE_MAKE, &state, &why);
	struct query *q;

	if (db == NULL || !database_do(db, "BEGIN"))
		abort();
	q = query_new(db, "INSERT INTO device (address) VALUES (?)");
	for (size_t i = 0; i < m->conf.n_devices; i++) {
		query_set_text(q, 1, m->device[i].address);
		query_run(q);
	}
	query_free(q);
	for (int k = 1; k <= runs; k++)
		add_past_run(m, db, k);
	if (!database_do(db, "COMMIT"))
		abort();
	database_close(db);
	free(parent);
}
