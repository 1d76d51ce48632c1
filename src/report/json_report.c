/* json_report.c - the report for scripts.
 */
#include "report/json_report.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "books/row_fields.h"
#include "report/counts.h"

static void
set_time(struct json *o, const char *key, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	json_set_text(
	    o, key, wall_ms != 0 ? clock_rfc3339(wall_ms, text) : NULL);
}

static void
add_task(const struct run_result *r, const struct row *row, struct json *to)
{
	struct json *o = json_append(to, json_object());
	const struct row_field *f;
	struct row_value v;

	for (int i = 0; (f = row_member(i)) != NULL; i++) {
		row_show(f, row, r->conf->verify.tcp_port, &v);
		if (v.is_number)
			json_set_int(o, f->json.name, v.number);
		else if (v.number == 0 && f->zero == ZERO_NULL)
			json_set_text(o, f->json.name, NULL);
		else if (v.text != NULL)
			json_set_text(o, f->json.name, v.text);
	}
}

static const char *
active(bool on)
{
	return on ? "active" : "not active";
}

static void
set_identity(const struct device_entry *conf, struct json *o)
{
	struct json *list;

	json_set_text(o, "device", conf->address);
	json_set_text(o, "name", conf->name);
	json_set_text(o, "note", conf->note);
	json_set_text(o, "type", conf->type->name);
	list = json_set(o, "interfaces", json_array());
	for (size_t i = 0; i < conf->n_interfaces; i++)
		json_append_text(list, conf->interfaces[i]);
	json_set_text(o, "username", conf->username);
	json_set_text(o, "password", SECRET_MASK);
	json_set_text(o, "ovoc", conf->agent->address);
}

static void
add_device(
    const struct run_result *r, const struct device_result *d, struct json *to)
{
	struct json *o = json_append(to, json_object());
	struct json *tasks;
	const struct row *row;

	set_identity(d->conf, o);
	json_set_text(o, "status", outcome_name(d->outcome));
	json_set_text(o, "severity", severity_name(d->severity));
	json_set_text(o, "description", d->description);
	json_set_bool(o, "completed",
	    d->outcome == OUTCOME_SUCCESS || d->outcome == OUTCOME_QUIET);
	json_set_text(o, "cpeCapture", active(d->round.on));
	json_set_text(o, "cpeEvent", d->last_event);
	json_set_int(o, "events", d->events);
	json_set_int(o, "triggers", d->triggers);
	json_set_text(o, "ovocCapture", active(d->round.agent_on));
	json_set_text(o, "registration", registration_name(d->registration));
	json_set_int(o, "registerAttempts", d->register_attempts);
	json_set_text(o, "lastRequest", d->last_request);
	json_set_text(o, "lastResponse", d->last_response);
	json_set_bool(o, "awaitingResponse", d->awaiting_response);
	json_set_text(o, "lastCapture", d->last_capture);
	tasks = json_set(o, "tasks", json_array());
	TAILQ_FOREACH (row, &d->rows, next)
		add_task(r, row, tasks);
}

static void
add_agent(const struct agent_result *a, struct json *to)
{
	struct json *o = json_append(to, json_object());

	json_set_text(o, "agent", a->conf->address);
	json_set_int(o, "answers", (int64_t)a->answers);
	json_set_int(o, "alarms", (int64_t)a->alarms);
	json_set_int(o, "refused", (int64_t)a->refused);
	set_time(o, "lastReceived", a->last);
}

static void
set_summary(const struct run_result *r, struct json *root)
{
	struct report_counts n = report_count(r);
	struct json *o = json_set(root, "summary", json_object());
	struct json *agents;

	json_set_int(o, "devices", (int64_t)r->n_devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		json_set_int(
		    o, outcome_name((enum outcome)i), (int64_t)n.outcomes[i]);
	json_set_int(o, "events", (int64_t)n.events);
	json_set_int(o, "bytes", (int64_t)n.bytes);
	json_set_int(o, "datagrams", (int64_t)r->datagrams);
	json_set_int(o, "refused", (int64_t)r->refused);
	json_set_int(o, "dropped", (int64_t)r->dropped);
	json_set_bool(o, "windowEnded", r->window_ended);
	json_set_text(o, "trouble", r->trouble);
	agents = json_set(o, "agents", json_array());
	for (size_t i = 0; i < r->n_agents; i++)
		add_agent(&r->agents[i], agents);
}

void
json_report(const struct run_result *r, struct strbuf *to)
{
	struct json *root = json_object();
	struct json *devices;

	json_set_int(root, "schema", 1);
	json_set_text(root, "campaign", r->conf->campaign.name);
	json_set_text(root, "run", r->run);
	json_set_text(root, "note", r->conf->campaign.note);
	json_set_text(root, "version", VERSION);
	set_time(root, "started", r->started);
	set_time(root, "ended", r->ended);
	json_set_int(root, "exitStatus", r->exit_status);
	set_summary(r, root);
	devices = json_set(root, "devices", json_array());
	for (size_t i = 0; i < r->n_devices; i++)
		add_device(r, &r->devices[i], devices);
	json_write(root, 2, to);
	strbuf_add(to, "\n");
	json_free(root);
}
