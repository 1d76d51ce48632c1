/* state.c - see state.h.
 *
 * Pure: text to structs and back.  agent/keeper has the file, sessions fill
 * in their part and take it back.
 */
#include "agent/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xmem.h"

/* A text member that fits; "" if there is none. */
static bool
take_text(const struct json *j, const char *key, char *to, size_t size)
{
	return str_copy(to, size, json_get_text(j, key, ""));
}

static bool
code_valid(int64_t code)
{
	return code == 0 || code == AGENT_OK || code == AGENT_FLOW_FAILED ||
	       code == AGENT_UNAVAILABLE;
}

static bool
take_owner(const struct json *j, struct device_state *d)
{
	int64_t port = json_get_int(j, "port", 0);

	if (port < 1 || port > UINT16_MAX)
		return false;
	d->port = (uint16_t)port;
	return addr_parse(&d->owner, json_get_text(j, "owner", ""));
}

static bool
take_capture(const struct json *j, struct device_state *d)
{
	struct capture_state *c = &d->capture;
	int64_t protections = json_get_int(j, "protections", 0);

	if (j == NULL)
		return true;
	if (protections < 0 || protections > PROTECTIONS_MAX)
		return false;
	c->protections = (unsigned)protections;
	c->doubt = json_get_bool(j, "doubt", false);
	return take_text(j, "folder", c->folder, sizeof(c->folder)) &&
	       capture_name_folder_valid(c->folder, d->device);
}

static bool
take_last_stop(const struct json *j, struct device_state *d)
{
	int64_t code = json_get_int(j, "stopCode", 0);

	if (!take_text(j, "stopFile", d->stop_file, sizeof(d->stop_file)))
		return false;
	d->stop_code = (int)code;
	if (d->stop_file[0] == '\0')
		return code == 0;
	return code != 0 && code_valid(code) &&
	       capture_name_valid(d->stop_file, d->device);
}

static bool
take_times(const struct json *j, struct device_state *d)
{
	d->registered_at = json_get_int(j, "registeredAt", 0);
	d->renewed_at = json_get_int(j, "renewedAt", 0);
	d->verify_at = json_get_int(j, "verifyAt", 0);
	return d->registered_at >= 0 && d->renewed_at >= 0 && d->verify_at >= 0;
}

static bool
take_device(const struct json *j, struct device_state *d)
{
	const struct json *rule = json_get(j, "rule");
	int64_t verify = json_get_int(j, "verifyCode", 0);

	if (!take_text(j, "device", d->device, sizeof(d->device)) ||
	    !host_valid(d->device) || !code_valid(verify))
		return false;
	d->verify_code = (int)verify;
	d->registered = json_get_bool(j, "registered", false);
	d->armed = json_get_bool(j, "armed", false);
	d->renew = json_get_bool(j, "renew", false);
	d->rule.exists = rule != NULL;
	d->rule.id = json_get_int(rule, "id", 0);
	return d->rule.id >= 0 && take_owner(j, d) && take_times(j, d) &&
	       take_capture(json_get(j, "capture"), d) && take_last_stop(j, d);
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

	*to = (struct agent_state){NULL, 0};
	bool good = take_root(root, to, why);
	json_free(root);
	if (!good)
		agent_state_free(to);
	return good;
}

static void
put_device(const struct device_state *d, struct json *to)
{
	char owner[ADDR_TEXT_MAX];

	json_set_text(to, "device", d->device);
	json_set_text(to, "owner", addr_text(&d->owner, owner));
	json_set_int(to, "port", d->port);
	json_set_bool(to, "registered", d->registered);
	json_set_int(to, "registeredAt", d->registered_at);
	json_set_int(to, "renewedAt", d->renewed_at);
	json_set_bool(to, "armed", d->armed);
	json_set_bool(to, "renew", d->renew);
	if (d->rule.exists) {
		struct json *rule = json_set(to, "rule", json_object());
		json_set_int(rule, "id", d->rule.id);
	}
	if (d->capture.folder[0] != '\0') {
		struct json *c = json_set(to, "capture", json_object());
		json_set_text(c, "folder", d->capture.folder);
		json_set_int(c, "protections", d->capture.protections);
		json_set_bool(c, "doubt", d->capture.doubt);
	}
	if (d->verify_code != 0) {
		json_set_int(to, "verifyCode", d->verify_code);
		json_set_int(to, "verifyAt", d->verify_at);
	}
	if (d->stop_file[0] != '\0') {
		json_set_text(to, "stopFile", d->stop_file);
		json_set_int(to, "stopCode", d->stop_code);
	}
}

void
agent_state_encode(const struct agent_state *from, struct strbuf *to)
{
	struct json *root = json_object();

	json_set_int(root, "version", STATE_VERSION);
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
	*s = (struct agent_state){NULL, 0};
}
