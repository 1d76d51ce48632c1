/* state.c - see state.h.
 *
 * Pure: text to structs and back.  agent/keeper has the file, agent/server
 * collects the devices and gives them back.
 */
#include "agent/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xmem.h"
#include "wire/agent_message.h"

/* A text member that fits; "" if there is none. */
static bool
take_text(const struct json *j, const char *key, char *to, size_t size)
{
	return str_copy(to, size, json_get_text(j, key, ""));
}

/* What a request is answered with in the end. */
static bool
code_valid(int64_t code)
{
	return code == AGENT_OK || code == AGENT_FLOW_FAILED ||
	       code == AGENT_UNAVAILABLE;
}

static bool
take_registration(const struct json *j, struct registration_state *r)
{
	int64_t port = json_get_int(j, "port", 0);

	if (port < 1 || port > UINT16_MAX)
		return false;
	r->port = (uint16_t)port;
	r->registered = json_get_bool(j, "registered", false);
	r->registered_at = json_get_int(j, "registeredAt", 0);
	return r->registered_at >= 0 &&
	       addr_parse(&r->owner, json_get_text(j, "owner", ""));
}

static bool
take_rule(const struct json *j, struct rule_state *r)
{
	r->exists = j != NULL;
	r->id = json_get_int(j, "id", 0);
	return r->id >= 0;
}

static bool
take_capture(const struct json *j, const char *device, struct capture_state *c)
{
	int64_t protections = json_get_int(j, "protections", 0);

	if (j == NULL)
		return true;
	if (protections < 0 || protections > PROTECTIONS_MAX)
		return false;
	c->protections = (unsigned)protections;
	c->doubt = json_get_bool(j, "doubt", false);
	record_take(&c->record, j);
	return take_text(j, "folder", c->folder, sizeof(c->folder)) &&
	       capture_name_folder_valid(c->folder, device);
}

static bool
take_lease(const struct json *j, const char *device, struct lease_state *l)
{
	l->renewed_at = json_get_int(j, "renewedAt", 0);
	l->modern = json_get_bool(j, "modern", false);
	return l->renewed_at >= 0 &&
	       take_capture(json_get(j, "capture"), device, &l->capture);
}

static bool
take_last_verify(const struct json *j, struct verify_state *v)
{
	int64_t code = json_get_int(j, "code", 0);

	if (j == NULL)
		return true;
	v->code = (int)code;
	v->at = json_get_int(j, "at", 0);
	return code_valid(code) && v->at >= 0;
}

static bool
take_last_stop(const struct json *j, const char *device, struct stop_state *s)
{
	int64_t code = json_get_int(j, "code", 0);

	if (j == NULL)
		return true;
	s->code = (int)code;
	return code_valid(code) &&
	       take_text(j, "file", s->file, sizeof(s->file)) &&
	       capture_name_valid(s->file, device);
}

static bool
take_orders(const struct json *j, const char *device, struct orders_state *o)
{
	o->armed = json_get_bool(j, "armed", false);
	o->replace = json_get_bool(j, "replace", false);
	if (!take_text(j, "ended", o->ended, sizeof(o->ended)) ||
	    (o->ended[0] != '\0' &&
		!capture_name_folder_valid(o->ended, device)))
		return false;
	if (!take_text(j, "endedWhy", o->ended_why, sizeof(o->ended_why)))
		return false;
	return take_last_stop(json_get(j, "lastStop"), device, &o->last_stop);
}

static bool
take_device(const struct json *j, struct device_state *d)
{
	return take_text(j, "device", d->device, sizeof(d->device)) &&
	       host_valid(d->device) &&
	       take_registration(j, &d->registration) &&
	       take_rule(json_get(j, "rule"), &d->rule) &&
	       take_lease(j, d->device, &d->lease) &&
	       take_last_verify(json_get(j, "lastVerify"), &d->last_verify) &&
	       take_orders(j, d->device, &d->orders);
}

static int
by_device(const void *a, const void *b)
{
	const struct device_state *x = a, *y = b;

	return strcmp(x->device, y->device);
}

static bool
sort_and_compare(struct agent_state *s)
{
	if (s->n > 1)
		qsort(s->devices, s->n, sizeof(*s->devices), by_device);
	for (size_t i = 1; i < s->n; i++) {
		if (by_device(&s->devices[i - 1], &s->devices[i]) == 0)
			return false;
	}
	return true;
}

static bool
take_devices(const struct json *list, struct agent_state *to, struct fail *why)
{
	size_t n = json_count(list);

	if (!json_is_array(list) || n > STATE_DEVICES_MAX) {
		fail_set(why, FAIL_LOCAL,
		    "no list of devices in it, or one "
		    "that is too long");
		return false;
	}
	to->devices = xcalloc(n > 0 ? n : 1, sizeof(*to->devices));
	for (; to->n < n; to->n++) {
		if (!take_device(json_at(list, to->n), &to->devices[to->n])) {
			fail_set(why, FAIL_LOCAL,
			    "its device number %zu is not understood",
			    to->n + 1);
			return false;
		}
	}
	if (sort_and_compare(to))
		return true;
	fail_set(why, FAIL_LOCAL, "a device is in it twice");
	return false;
}

static bool
take_root(const struct json *root, struct agent_state *to, struct fail *why)
{
	int64_t version = json_get_int(root, "version", 0);

	to->newest = json_get_int(root, "newestStamp", 0);
	if (version == STATE_VERSION)
		return take_devices(json_get(root, "devices"), to, why);
	if (version > STATE_VERSION)
		fail_set(why, FAIL_LOCAL,
		    "a newer version of the agent wrote it (%lld, this one "
		    "reads %d)",
		    (long long)version, STATE_VERSION);
	else
		fail_set(why, FAIL_LOCAL, "it is cut off or not a state");
	return false;
}

bool
agent_state_decode(
    const char *text, size_t len, struct agent_state *to, struct fail *why)
{
	struct json *root =
	    len <= STATE_BYTES_MAX ? json_parse(text, len) : NULL;

	*to = (struct agent_state){.n = 0};
	bool good = take_root(root, to, why);
	json_free(root);
	if (!good)
		agent_state_free(to);
	return good;
}

static void
put_registration(const struct registration_state *r, struct json *to)
{
	char owner[ADDR_TEXT_MAX];

	json_set_text(to, "owner", addr_text(&r->owner, owner));
	json_set_int(to, "port", r->port);
	json_set_bool(to, "registered", r->registered);
	if (r->registered)
		json_set_int(to, "registeredAt", r->registered_at);
}

static void
put_rule(const struct rule_state *r, struct json *to)
{
	if (!r->exists)
		return;
	struct json *rule = json_set(to, "rule", json_object());
	json_set_int(rule, "id", r->id);
}

static void
put_lease(const struct lease_state *l, struct json *to)
{
	if (l->capture.folder[0] == '\0')
		return;
	json_set_int(to, "renewedAt", l->renewed_at);
	json_set_bool(to, "modern", l->modern);
	struct json *c = json_set(to, "capture", json_object());
	json_set_text(c, "folder", l->capture.folder);
	json_set_int(c, "protections", l->capture.protections);
	json_set_bool(c, "doubt", l->capture.doubt);
	record_put(&l->capture.record, c);
}

static void
put_last_verify(const struct verify_state *v, struct json *to)
{
	if (v->code == 0)
		return;
	struct json *last = json_set(to, "lastVerify", json_object());
	json_set_int(last, "code", v->code);
	json_set_int(last, "at", v->at);
}

static void
put_orders(const struct orders_state *o, struct json *to)
{
	json_set_bool(to, "armed", o->armed);
	json_set_bool(to, "replace", o->replace);
	if (o->ended[0] != '\0')
		json_set_text(to, "ended", o->ended);
	if (o->ended_why[0] != '\0')
		json_set_text(to, "endedWhy", o->ended_why);
	if (o->last_stop.file[0] == '\0')
		return;
	struct json *last = json_set(to, "lastStop", json_object());
	json_set_text(last, "file", o->last_stop.file);
	json_set_int(last, "code", o->last_stop.code);
}

static void
put_device(const struct device_state *d, struct json *to)
{
	json_set_text(to, "device", d->device);
	put_registration(&d->registration, to);
	put_rule(&d->rule, to);
	put_lease(&d->lease, to);
	put_last_verify(&d->last_verify, to);
	put_orders(&d->orders, to);
}

void
agent_state_encode(const struct agent_state *from, struct strbuf *to)
{
	struct json *root = json_object();

	json_set_int(root, "version", STATE_VERSION);
	if (from->newest != 0)
		json_set_int(root, "newestStamp", from->newest);
	struct json *list = json_set(root, "devices", json_array());
	for (size_t i = 0; i < from->n; i++)
		put_device(&from->devices[i], json_append(list, json_object()));
	json_write(root, 0, to);
	strbuf_add(to, "\n");
	json_free(root);
}

void
agent_state_free(struct agent_state *s)
{
	free(s->devices);
	*s = (struct agent_state){.n = 0};
}
