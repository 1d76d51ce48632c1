/* ovoc.c - OVOC's REST API, as far as an agent uses it, and the rules.
 *
 * web.c brings the requests; outage.c asks where a device's alarms go.
 */
#include "ovoc.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/str.h"
#include "base/xmem.h"

#define DEVICES_PATH "/ovoc/v1/topology/devices"
#define RULES_PATH   "/ovoc/v1/alarms/fwdRules"
#define RULES_MAX    20000
#define FIRST_RULE   500

struct rule {
	int64_t id;
	char *name;
	struct addr to;
	uint16_t port;
	int64_t *devices;
	size_t n_devices;
};

struct ovoc {
	struct loop *lp;
	const struct ovoc_conf *conf;
	const struct fleet *fleet;
	const struct ovoc_events *events;
	void *arg;
	struct faults faults;
	struct rule *rules;
	size_t n_rules;
	int64_t next_id;
	int64_t requests, refused, made, changed, deleted;
};

static void
rule_clear(struct rule *r)
{
	free(r->name);
	free(r->devices);
	memset(r, 0, sizeof(*r));
}

static bool
rule_names(const struct rule *r, int64_t device)
{
	for (size_t i = 0; i < r->n_devices; i++)
		if (r->devices[i] == device)
			return true;
	return false;
}

/* Tell about every device of a rule. */
static void
rule_announce(struct ovoc *o, const int64_t *devices, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < o->fleet->n; k++)
			if (o->fleet->list[k]->id == devices[i])
				o->events->rule_changed(
				    o->arg, o->fleet->list[k]);
}

static struct rule *
rule_add(struct ovoc *o)
{
	o->rules = xreallocarray(o->rules, o->n_rules + 1, sizeof(o->rules[0]));
	struct rule *r = &o->rules[o->n_rules++];
	memset(r, 0, sizeof(*r));
	r->id = o->next_id++;
	return r;
}

/* The rule that a real OVOC's operator has made by hand, beforehand. */
static void
rule_ready_made(struct ovoc *o)
{
	struct rule *r = rule_add(o);

	r->name = xstrdup("All devices");
	r->to = o->conf->forward_to;
	r->port = (uint16_t)o->conf->forward_port;
	r->n_devices = o->fleet->n;
	r->devices = xcalloc(o->fleet->n + 1, sizeof(r->devices[0]));
	for (size_t i = 0; i < o->fleet->n; i++)
		r->devices[i] = o->fleet->list[i]->id;
}

struct ovoc *
ovoc_new(struct loop *lp, const struct ovoc_conf *conf,
    const struct fleet *fleet, const struct ovoc_events *events, void *arg)
{
	struct ovoc *o = xcalloc(1, sizeof(*o));

	o->lp = lp;
	o->conf = conf;
	o->fleet = fleet;
	o->events = events;
	o->arg = arg;
	o->faults = faults_copy(&conf->faults);
	o->next_id = FIRST_RULE;
	if (conf->forward_to.family != AF_UNSPEC)
		rule_ready_made(o);
	return o;
}

static void
answer_json(struct web_answer *a, int code, struct json *j)
{
	a->code = code;
	strbuf_clear(&a->body);
	json_write(j, 0, &a->body);
	json_free(j);
}

static void
answer_error(struct web_answer *a, int code, const char *text)
{
	struct json *j = json_object();

	json_set_text(j, "description", text);
	answer_json(a, code, j);
}

/* The value of filter=(field='value'); false if it reads otherwise. */
static bool
filter_value(const char *filter, const char *field, char value[HOST_TEXT_MAX])
{
	char *head = xasprintf("(%s='", field);
	size_t len = filter ? strlen(filter) : 0;
	bool fits = filter && str_starts(filter, head) &&
		    len >= strlen(head) + 2 &&
		    strcmp(filter + len - 2, "')") == 0;

	if (fits)
		fits = str_copy_n(value, HOST_TEXT_MAX, filter + strlen(head),
		    len - strlen(head) - 2);
	free(head);
	return fits;
}

static bool
device_matches(const struct device *d, const char *filter)
{
	char value[HOST_TEXT_MAX];
	struct addr a;

	if (!d->conf->managed)
		return false;
	if (!filter)
		return true;
	if (filter_value(filter, "ipAddress", value))
		return addr_parse(&a, value) &&
		       addr_cmp(&a, &d->conf->ovoc_address) == 0;
	return filter_value(filter, "fqdn", value) && d->conf->fqdn &&
	       strcasecmp(d->conf->fqdn, value) == 0;
}

static void
nothing_found(struct web_answer *a, int code)
{
	if (code == 404)
		answer_error(a, code, "not found");
	else if (code == 200)
		answer_json(a, code, json_object());
	else
		a->code = 204;
}

static void
devices_get(struct ovoc *o, const struct web_request *rq, struct web_answer *a)
{
	const struct fault *f =
	    fault_hit(&o->faults, ON_OVOC_FIND, KIND_UNKNOWN);
	struct json *root = json_object();
	struct json *list = json_set(root, "devices", json_array());
	char ip[ADDR_TEXT_MAX];

	for (size_t i = 0; i < o->fleet->n && !f; i++) {
		const struct device *d = o->fleet->list[i];
		if (!device_matches(d, rq->filter))
			continue;
		struct json *j = json_append(list, json_object());
		json_set_int(j, "id", d->id);
		json_set_text(j, "name", d->conf->name);
		json_set_text(
		    j, "ipAddress", addr_text(&d->conf->ovoc_address, ip));
		json_set_text(j, "fqdn", d->conf->fqdn ? d->conf->fqdn : "");
	}
	if (json_count(list) > 0) {
		answer_json(a, 200, root);
		return;
	}
	json_free(root);
	nothing_found(a, f ? (int)f->code : 204);
}

static void
rule_json(const struct rule *r, struct json *j)
{
	char ip[ADDR_TEXT_MAX];

	json_set_int(j, "id", r->id);
	json_set_text(j, "name", r->name);
	json_set_text(j, "ruleDestType", "SYSLOG");
	struct json *dest = json_set(j, "destSyslog", json_object());
	json_set_text(dest, "syslogServerIP", addr_text(&r->to, ip));
	json_set_int(dest, "syslogServerPort", r->port);
	struct json *devices = json_set(j, "alarmDevicesFilter", json_array());
	for (size_t i = 0; i < r->n_devices; i++)
		json_append_int(devices, r->devices[i]);
}

static void
rules_get(struct ovoc *o, const struct web_request *rq, struct web_answer *a)
{
	char name[HOST_TEXT_MAX + 64] = "";
	bool by_name = filter_value(rq->filter, "name", name);
	struct json *root = json_object();
	struct json *list = json_set(root, "fwdRules", json_array());

	for (size_t i = 0; i < o->n_rules; i++)
		if (!rq->filter ||
		    (by_name && strcmp(o->rules[i].name, name) == 0))
			rule_json(
			    &o->rules[i], json_append(list, json_object()));
	if (json_count(list) > 0) {
		answer_json(a, 200, root);
		return;
	}
	json_free(root);
	nothing_found(a, 204);
}

/* Destination and devices of a rule; NULL, or what is wrong with them. */
static const char *
rule_fill(struct rule *r, const struct json *j)
{
	const struct json *dest = json_get(j, "destSyslog");
	const struct json *devices = json_get(j, "alarmDevicesFilter");
	int64_t port = json_get_int(dest, "syslogServerPort", 0);
	struct addr to;

	if (!addr_parse(&to, json_get_text(dest, "syslogServerIP", "")))
		return "destSyslog: syslogServerIP is no address";
	if (port < 1 || port > 65535)
		return "destSyslog: syslogServerPort is no port";
	if (!json_is_array(devices) || json_count(devices) == 0)
		return "alarmDevicesFilter is no list of devices";
	r->to = to;
	r->port = (uint16_t)port;
	free(r->devices);
	r->n_devices = json_count(devices);
	r->devices = xcalloc(r->n_devices, sizeof(r->devices[0]));
	for (size_t i = 0; i < r->n_devices; i++)
		r->devices[i] = json_int(json_at(devices, i), -1);
	return NULL;
}

static void
rule_log(struct ovoc *o, const struct rule *r, const char *what)
{
	char to[ADDR_TEXT_MAX];

	log_write(loop_log(o->lp), LOGGING_INFO, NULL, "ovoc",
	    "rule %lld %s: `%s` to %s", (long long)r->id, what, r->name,
	    addr_port_text(&r->to, r->port, to));
}

static const char *
post_problem(const struct ovoc *o, const struct json *j)
{
	const char *name = json_get_text(j, "name", "");

	if (name[0] == '\0')
		return "name is missing";
	if (strcmp(json_get_text(j, "ruleDestType", ""), "SYSLOG") != 0)
		return "ruleDestType is not SYSLOG";
	if (strcmp(json_get_text(j, "forwardType", ""), "ALLOW") != 0)
		return "forwardType is not ALLOW";
	if (o->n_rules >= RULES_MAX)
		return "too many rules";
	for (size_t i = 0; i < o->n_rules; i++)
		if (strcmp(o->rules[i].name, name) == 0)
			return "a rule of this name exists";
	return NULL;
}

static void
rule_post(struct ovoc *o, const struct json *j, struct web_answer *a)
{
	const char *wrong = post_problem(o, j);
	struct rule fresh = {0};

	if (!wrong)
		wrong = rule_fill(&fresh, j);
	if (wrong) {
		answer_error(a, 400, wrong);
		return;
	}
	struct rule *r = rule_add(o);
	fresh.id = r->id;
	fresh.name = xstrdup(json_get_text(j, "name", ""));
	*r = fresh;
	o->made++;
	rule_log(o, r, "made");
	struct json *answer = json_object();
	json_set_int(answer, "id", r->id);
	answer_json(a, 201, answer);
	rule_announce(o, r->devices, r->n_devices);
}

static void
rule_put(
    struct ovoc *o, struct rule *r, const struct json *j, struct web_answer *a)
{
	const char *wrong = rule_fill(r, j);

	if (wrong) {
		answer_error(a, 400, wrong);
		return;
	}
	o->changed++;
	rule_log(o, r, "changed");
	answer_json(a, 200, json_object());
	rule_announce(o, r->devices, r->n_devices);
}

static void
rule_delete(struct ovoc *o, struct rule *r, struct web_answer *a)
{
	struct rule gone = *r;

	*r = o->rules[--o->n_rules];
	o->deleted++;
	rule_log(o, &gone, "deleted");
	answer_json(a, 200, json_object());
	rule_announce(o, gone.devices, gone.n_devices);
	rule_clear(&gone);
}

static struct rule *
rule_find(struct ovoc *o, const char *id_text)
{
	int64_t id;

	if (!str_to_int64(id_text, 1, INT64_MAX, &id))
		return NULL;
	for (size_t i = 0; i < o->n_rules; i++)
		if (o->rules[i].id == id)
			return &o->rules[i];
	return NULL;
}

/* POST, PUT and DELETE: what changes rules. */
static void
rule_request(struct ovoc *o, const struct web_request *rq, struct web_answer *a)
{
	const char *tail = rq->path + strlen(RULES_PATH);
	struct json *j = json_parse(rq->body, strlen(rq->body));
	struct rule *r = tail[0] == '/' ? rule_find(o, tail + 1) : NULL;

	if (strcmp(rq->method, "POST") == 0 && tail[0] == '\0')
		rule_post(o, j, a);
	else if (!r)
		answer_error(a, 404, "no such rule");
	else if (strcmp(rq->method, "PUT") == 0)
		rule_put(o, r, j, a);
	else if (strcmp(rq->method, "DELETE") == 0)
		rule_delete(o, r, a);
	else
		answer_error(a, 405, "no such method");
	json_free(j);
}

static bool
login_right(const struct ovoc *o, const struct web_request *rq)
{
	return rq->username && rq->password &&
	       strcmp(rq->username, o->conf->username) == 0 &&
	       strcmp(rq->password, o->conf->password) == 0;
}

static void
request_route(
    struct ovoc *o, const struct web_request *rq, struct web_answer *a)
{
	bool get = strcmp(rq->method, "GET") == 0;

	if (get && strcmp(rq->path, DEVICES_PATH) == 0)
		devices_get(o, rq, a);
	else if (get && strcmp(rq->path, RULES_PATH) == 0)
		rules_get(o, rq, a);
	else if (!get && str_starts(rq->path, RULES_PATH))
		rule_request(o, rq, a);
	else
		answer_error(a, 404, "no such resource");
}

void
ovoc_request(struct ovoc *o, const struct web_request *rq, struct web_answer *a)
{
	bool changes = strcmp(rq->method, "GET") != 0;
	bool finds = strcmp(rq->path, DEVICES_PATH) == 0;
	const enum fault_on places[] = {
	    ON_OVOC, finds ? ON_OVOC_FIND : ON_OVOC_RULE};
	size_t n = finds || changes ? 2 : 1;

	o->requests++;
	log_write(loop_log(o->lp), LOGGING_DEBUG, NULL, "ovoc", "%s %s %s",
	    rq->method, rq->path, rq->filter ? rq->filter : "");
	struct answer_fate fate = answer_before(&o->faults, places, n);
	if (!login_right(o, rq)) {
		o->refused++;
		answer_error(a, 401, "wrong user name or password");
		return;
	}
	if (!fate.struck || fate.obey)
		request_route(o, rq, a);
	a->shape = fate.shape;
	if (fate.code != 0)
		answer_error(a, fate.code, "fault of the scenario");
	else
		answer_after(&o->faults, places, n, a);
}

bool
ovoc_refuses(struct ovoc *o, int64_t *ms)
{
	const struct fault *f = fault_hit(&o->faults, ON_OVOC, KIND_REFUSE);

	*ms = f ? f->for_ms : 0;
	return f != NULL;
}

bool
ovoc_forwards(const struct ovoc *o, const struct device *d)
{
	for (size_t i = 0; i < o->n_rules; i++)
		if (rule_names(&o->rules[i], d->id))
			return true;
	return false;
}

void
ovoc_destinations(const struct ovoc *o, const struct device *d,
    ovoc_destination *to, void *arg)
{
	for (size_t i = 0; i < o->n_rules; i++)
		if (rule_names(&o->rules[i], d->id))
			to(arg, &o->rules[i].to, o->rules[i].port);
}

void
ovoc_stats(const struct ovoc *o, struct json *to)
{
	json_set_int(to, "requests", o->requests);
	json_set_int(to, "logins_refused", o->refused);
	json_set_int(to, "rules_made", o->made);
	json_set_int(to, "rules_changed", o->changed);
	json_set_int(to, "rules_deleted", o->deleted);
	json_set_int(to, "rules_left", (int64_t)o->n_rules);
	struct json *list = json_set(to, "rules", json_array());
	for (size_t i = 0; i < o->n_rules; i++)
		rule_json(&o->rules[i], json_append(list, json_object()));
}

void
ovoc_free(struct ovoc *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n_rules; i++)
		rule_clear(&o->rules[i]);
	free(o->rules);
	faults_free(&o->faults);
	free(o);
}
