/* json_report.c - the report for scripts.
 *
 * Written as it goes, row by row: ten thousand devices as a tree would take ten
 * times the memory of the result.
 */
#include "report/json_report.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/json_out.h"
#include "base/secret.h"
#include "books/row_fields.h"
#include "compare/result_json.h"
#include "report/counts.h"
#include "report/groups.h"

#define NS_IN_MS 1000000

static void
add_time(struct json_out *o, const char *key, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	json_out_text(
	    o, key, wall_ms != 0 ? clock_rfc3339(wall_ms, text) : NULL);
}

static void
add_task(const struct row *row, struct json_out *o)
{
	const struct row_field *f;
	struct row_value v;

	json_out_object(o, NULL);
	for (int i = 0; (f = row_member(i)) != NULL; i++) {
		row_show(f, row, &v);
		if (v.is_number)
			json_out_int(o, f->json.name, v.number);
		else if (v.number == 0 && f->zero == ZERO_NULL)
			json_out_text(o, f->json.name, NULL);
		else if (v.text != NULL)
			json_out_text(o, f->json.name, v.text);
	}
	json_out_end(o);
}

static void
add_tasks(const struct device_result *d, struct json_out *o, struct sink *to)
{
	const struct row *row;

	json_out_array(o, "tasks");
	TAILQ_FOREACH (row, &d->rows, next) {
		add_task(row, o);
		sink_pass(to);
	}
	json_out_end(o);
}

static void
add_verdicts(const struct run_result *r, const struct device_result *d,
    struct json_out *o, struct sink *to)
{
	const struct row *row;

	sink_pass(to);
	json_out_array(o, "verdicts");
	TAILQ_FOREACH (row, &d->rows, next) {
		struct compare_result *found;
		struct fail why;

		if (!verdict_stands(d, row))
			continue;
		found = verdict_read(r, row, &why);
		if (found == NULL)
			continue;
		json_out_object(o, NULL);
		json_out_int(o, "event", row->event);
		result_json_members(found, false, o);
		json_out_end(o);
		free(found);
		sink_pass(to);
	}
	json_out_end(o);
}

static const char *
active(bool on)
{
	return on ? "active" : "not active";
}

static void
add_identity(const struct device_entry *conf, struct json_out *o)
{
	json_out_text(o, "device", conf->address);
	json_out_text(o, "name", conf->name);
	json_out_text(o, "note", conf->note);
	json_out_text(o, "type", conf->type->name);
	json_out_array(o, "interfaces");
	for (size_t i = 0; i < conf->n_interfaces; i++)
		json_out_text(o, NULL, conf->interfaces[i]);
	json_out_end(o);
	json_out_text(o, "username", conf->username);
	json_out_text(o, "password", SECRET_MASK);
	json_out_text(o, "ovoc", conf->agent->address);
}

static void
add_device(const struct run_result *r, const struct device_result *d,
    struct json_out *o, struct sink *to)
{
	json_out_object(o, NULL);
	add_identity(d->conf, o);
	json_out_text(o, "status", outcome_name(d->outcome));
	json_out_text(o, "severity", severity_name(d->severity));
	json_out_text(o, "description", d->description);
	json_out_bool(o, "completed",
	    d->outcome == OUTCOME_SUCCESS || d->outcome == OUTCOME_QUIET);
	json_out_text(o, "cpeCapture", active(d->round.on));
	json_out_text(o, "cpeEvent", d->last_event);
	json_out_int(o, "events", d->events);
	json_out_int(o, "triggers", d->triggers);
	json_out_int(o, "captureOnMs", d->coverage.on);
	json_out_int(o, "captureOffMs", d->coverage.off);
	if (d->clock_known)
		json_out_int(o, "clockDifferenceMs", d->clock);
	json_out_text(o, "ovocCapture", active(d->round.agent_on));
	json_out_text(o, "registration", registration_name(d->registration));
	json_out_int(o, "registerAttempts", d->register_attempts);
	json_out_text(o, "lastRequest", d->last_request);
	json_out_text(o, "lastResponse", d->last_response);
	json_out_bool(o, "awaitingResponse", d->awaiting_response);
	json_out_text(o, "lastCapture", d->last_capture);
	add_verdicts(r, d, o, to);
	add_tasks(d, o, to);
	json_out_end(o);
}

static void
add_agent(const struct agent_result *a, struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "agent", a->conf->address);
	if (a->version != NULL) {
		json_out_text(o, "version", a->version);
		json_out_int(o, "clockDifferenceMs", a->clock);
	}
	json_out_int(o, "answers", (int64_t)a->answers);
	json_out_int(o, "alarms", (int64_t)a->alarms);
	json_out_int(o, "refused", (int64_t)a->refused);
	add_time(o, "lastReceived", a->last);
	json_out_end(o);
}

static void
add_agents(const struct run_result *r, struct json_out *o, struct sink *to)
{
	json_out_array(o, "agents");
	for (size_t i = 0; i < r->n_agents; i++) {
		add_agent(&r->agents[i], o);
		sink_pass(to);
	}
	json_out_end(o);
}

static void
add_together(const struct silent_together *t, struct json_out *o)
{
	if (t->first == 0)
		return;
	json_out_object(o, "silentTogether");
	add_time(o, "first", t->first);
	add_time(o, "last", t->last);
	json_out_int(o, "devices", (int64_t)t->devices);
	json_out_int(o, "of", (int64_t)t->of);
	json_out_end(o);
}

static void
add_group(
    const struct run_result *r, const struct loss_group *g, struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "agent", g->agent->address);
	json_out_text(o, "protocol", traffic_name(g->kind));
	json_out_text(o, "direction", way_name(g->way));
	add_time(o, "from", g->lost.from / NS_IN_MS);
	add_time(o, "to", g->lost.to / NS_IN_MS);
	json_out_int(o, "lost", (int64_t)g->n);
	json_out_int(o, "judged", (int64_t)g->of);
	json_out_array(o, "devices");
	for (size_t i = 0; i < g->n; i++)
		json_out_text(o, NULL, r->devices[g->device[i]].conf->address);
	json_out_end(o);
	json_out_end(o);
}

static void
add_groups(const struct run_result *r, struct json_out *o, struct sink *to)
{
	struct verdicts *v = verdicts_read(r);
	struct loss_groups *g = loss_groups_find(r, v);

	json_out_array(o, "groups");
	for (uint32_t i = 0; i < g->n; i++) {
		add_group(r, &g->group[i], o);
		sink_pass(to);
	}
	json_out_end(o);
	loss_groups_free(g);
	verdicts_free(v);
}

/* Of devices_command; kept_why: it could not be asked. */
static void
add_list(const struct inventory_section *s, struct json_out *o)
{
	if (s->n_program == 0)
		return;
	json_out_object(o, "deviceList");
	json_out_text(o, "program", s->program[0]);
	json_out_int(o, "devices", (int64_t)s->n_listed);
	json_out_text(o, "trouble", s->kept_why);
	add_time(o, "printed", s->kept_at);
	json_out_end(o);
}

static void
add_summary(const struct run_result *r, struct json_out *o, struct sink *to)
{
	struct report_counts n = report_count(r);

	json_out_object(o, "summary");
	json_out_int(o, "devices", (int64_t)r->n_devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		json_out_int(
		    o, outcome_name((enum outcome)i), (int64_t)n.outcomes[i]);
	json_out_int(o, "events", (int64_t)n.events);
	json_out_int(o, "bytes", (int64_t)n.bytes);
	json_out_int(o, "datagrams", (int64_t)r->datagrams);
	json_out_int(o, "refused", (int64_t)r->refused);
	json_out_int(o, "dropped", (int64_t)r->dropped);
	add_together(&r->together, o);
	json_out_bool(o, "windowEnded", r->window_ended);
	json_out_text(o, "trouble", r->trouble);
	add_list(&r->conf->inventory, o);
	add_agents(r, o, to);
	add_groups(r, o, to);
	json_out_end(o);
}

static void
add_run(const struct run_result *r, struct json_out *o)
{
	json_out_int(o, "schema", 1);
	json_out_text(o, "campaign", r->conf->campaign.name);
	json_out_text(o, "run", r->run);
	json_out_text(o, "note", r->conf->campaign.note);
	json_out_text(o, "version", VERSION);
	add_time(o, "started", r->started);
	add_time(o, "ended", r->ended);
	json_out_int(o, "exitStatus", r->exit_status);
}

void
json_report(const struct run_result *r, struct sink *to)
{
	struct json_out o = {.to = &to->held};

	json_out_object(&o, NULL);
	add_run(r, &o);
	add_summary(r, &o, to);
	json_out_array(&o, "devices");
	for (size_t i = 0; i < r->n_devices; i++) {
		add_device(r, &r->devices[i], &o, to);
		sink_pass(to);
	}
	json_out_end(&o);
	json_out_end(&o);
	strbuf_add(&to->held, "\n");
}
