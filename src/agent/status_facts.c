/* status_facts.c - see status_facts.h. */
#include "agent/status_facts.h"

#include <limits.h>
#include <string.h>

#include "base/clock.h"
#include "base/name.h"
#include "base/str.h"

const char *const status_state_names[STATUS_STATES] = {
    [STATUS_UNREGISTERED] = "not registered",
    [STATUS_REGISTERING] = "registering",
    [STATUS_REGISTERED] = "registered",
    [STATUS_STARTING] = "starting",
    [STATUS_CAPTURING] = "capturing",
    [STATUS_STOPPING] = "stopping",
};

static const char *const logins[] = {
    [OVOC_UNTRIED] = "untried",
    [OVOC_TAKEN] = "taken",
    [OVOC_REFUSED] = "refused",
};

/* --- out --- */

/* What is not known is left out. */
static void
put_time(struct json *to, const char *key, int64_t wall_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (wall_ms != 0)
		json_set_text(to, key, clock_rfc3339(wall_ms, text));
}

static void
put_known(struct json *to, const char *key, int64_t value)
{
	if (value >= 0)
		json_set_int(to, key, value);
}

static void
put_requests(const struct mailbox_counts *n, struct json *to)
{
	json_set_int(to, "taken", n->requests);
	json_set_int(to, "refused", n->refused);
	json_set_int(to, "malformed", n->malformed);
	json_set_int(to, "notAuthentic", n->unproven);
	json_set_int(to, "dropped", n->dropped);
}

static void
put_room(const struct status_facts *f, struct json *to)
{
	put_known(to, "free", f->free);
	json_set_int(to, "minFree", f->min_free);
	put_known(to, "finished", f->finished);
	json_set_int(to, "left", f->left);
	json_set_int(to, "perCapture", f->ring);
}

static void
put_ovoc(const struct ovoc_health *h, struct json *to)
{
	json_set_text(to, "login", logins[h->login]);
	if (h->login == OVOC_REFUSED) {
		json_set_int(to, "httpStatus", h->refused);
		json_set_int(to, "pauseMs", h->pause);
	}
	if (h->answered != 0 || h->failed != 0)
		json_set_bool(to, "reachable", h->reachable);
	put_time(to, "lastAnswer", h->answered);
	put_time(to, "lastFailure", h->failed);
	if (h->trouble[0] != '\0')
		json_set_text(to, "trouble", h->trouble);
	json_set_int(to, "waiting", h->waiting);
}

void
status_facts_put(const struct status_facts *f, struct json *to)
{
	json_set_text(to, "version", f->version);
	json_set_text(to, "state", f->ending ? "ending" : "running");
	put_time(to, "started", f->started);
	json_set_int(to, "uptimeMs", f->uptime);
	json_set_int(to, "port", f->port);
	put_requests(&f->mail, json_set(to, "requests", json_object()));
	json_set_int(to, "capturesBegun", f->captures_begun);
	json_set_int(to, "packetsDropped", f->packets_dropped);
	put_room(f, json_set(to, "room", json_object()));
	json_set_bool(to, "managesRules", f->manages_rules);
	if (f->manages_rules)
		put_ovoc(&f->ovoc, json_set(to, "ovoc", json_object()));
}

static void
put_capture(const struct status_device *d, struct json *to)
{
	put_time(to, "since", d->since);
	json_set_int(to, "bytes", d->bytes);
	json_set_int(to, "pieces", d->pieces);
	put_time(to, "lastWritten", d->last_written);
	put_time(to, "ringFrom", d->ring_from);
	put_known(to, "dropped", d->dropped);
}

void
status_device_put(const struct status_device *d, struct json *to)
{
	struct json *rule;

	json_set_text(to, "device", d->device);
	if (d->owner[0] != '\0')
		json_set_text(to, "owner", d->owner);
	json_set_text(to, "state", status_state_names[d->state]);
	if (d->has_rule) {
		rule = json_set(to, "rule", json_object());
		if (d->rule != 0)
			json_set_int(rule, "id", d->rule);
	}
	if (d->captures)
		put_capture(d, json_set(to, "capture", json_object()));
}

static void
add_line(struct json *j, struct strbuf *to)
{
	json_write(j, 0, to);
	strbuf_add(to, "\n");
	json_free(j);
}

void
status_line_facts(const struct status_facts *f, struct strbuf *to)
{
	struct json *j = json_object();

	status_facts_put(f, j);
	add_line(j, to);
}

void
status_line_device(const struct status_device *d, struct strbuf *to)
{
	struct json *j = json_object();

	status_device_put(d, j);
	add_line(j, to);
}

void
status_line_end(int64_t devices, struct strbuf *to)
{
	struct json *j = json_object();

	json_set_int(j, "end", devices);
	add_line(j, to);
}

/* --- in --- */

static void
take_text(const struct json *from, const char *key, char *to, size_t size)
{
	str_copy(to, size, json_get_text(from, key, ""));
	str_printable(to);
}

static int64_t
take_time(const struct json *from, const char *key)
{
	int64_t ms;

	return clock_rfc3339_read(json_get_text(from, key, ""), &ms) && ms > 0
		   ? ms
		   : 0;
}

static int64_t
take_count(const struct json *from, const char *key, int64_t otherwise)
{
	int64_t n = json_get_int(from, key, otherwise);

	return n >= 0 && n <= STATUS_NUMBER_MAX ? n : otherwise;
}

static int
take_small(const struct json *from, const char *key)
{
	int64_t n = json_get_int(from, key, 0);

	return n > 0 && n <= INT_MAX ? (int)n : 0;
}

static void
take_requests(const struct json *from, struct mailbox_counts *n)
{
	n->requests = take_count(from, "taken", 0);
	n->refused = take_count(from, "refused", 0);
	n->malformed = take_count(from, "malformed", 0);
	n->unproven = take_count(from, "notAuthentic", 0);
	n->dropped = take_count(from, "dropped", 0);
}

static void
take_ovoc(const struct json *from, struct ovoc_health *h)
{
	int login = NAME_FIND(logins, json_get_text(from, "login", ""));

	if (login < NAME_COUNT(logins))
		h->login = (enum ovoc_login)login;
	h->refused = take_small(from, "httpStatus");
	h->pause = take_count(from, "pauseMs", 0);
	h->reachable = json_get_bool(from, "reachable", false);
	h->answered = take_time(from, "lastAnswer");
	h->failed = take_time(from, "lastFailure");
	take_text(from, "trouble", h->trouble, sizeof(h->trouble));
	h->waiting = (unsigned)take_small(from, "waiting");
}

static void
take_facts(const struct json *from, struct status_facts *f)
{
	const struct json *room = json_get(from, "room");

	*f = (struct status_facts){.uptime = take_count(from, "uptimeMs", 0)};
	take_text(from, "version", f->version, sizeof(f->version));
	f->ending = strcmp(json_get_text(from, "state", ""), "ending") == 0;
	f->started = take_time(from, "started");
	f->port = take_count(from, "port", 0);
	take_requests(json_get(from, "requests"), &f->mail);
	f->captures_begun = take_count(from, "capturesBegun", 0);
	f->packets_dropped = take_count(from, "packetsDropped", 0);
	f->free = take_count(room, "free", -1);
	f->min_free = take_count(room, "minFree", 0);
	f->finished = take_count(room, "finished", -1);
	f->left = take_count(room, "left", 0);
	f->ring = take_count(room, "perCapture", 0);
	f->manages_rules = json_get_bool(from, "managesRules", false);
	take_ovoc(json_get(from, "ovoc"), &f->ovoc);
}

static void
take_device(const struct json *from, struct status_device *d)
{
	const struct json *rule = json_get(from, "rule");
	const struct json *capture = json_get(from, "capture");
	int state =
	    NAME_FIND(status_state_names, json_get_text(from, "state", ""));

	*d = (struct status_device){.has_rule = json_is_object(rule)};
	take_text(from, "device", d->device, sizeof(d->device));
	take_text(from, "owner", d->owner, sizeof(d->owner));
	if (state < STATUS_STATES)
		d->state = (enum status_state)state;
	d->rule = take_count(rule, "id", 0);
	d->captures = json_is_object(capture);
	d->since = take_time(capture, "since");
	d->bytes = take_count(capture, "bytes", 0);
	d->pieces = take_count(capture, "pieces", 0);
	d->last_written = take_time(capture, "lastWritten");
	d->ring_from = take_time(capture, "ringFrom");
	d->dropped = take_count(capture, "dropped", -1);
}

bool
status_line_read(const char *text, size_t len, enum status_line *kind,
    struct status_facts *f, struct status_device *d, int64_t *devices)
{
	struct json *j = json_parse(text, len);
	bool known = true;

	if (json_get_text(j, "version", NULL) != NULL) {
		*kind = STATUS_LINE_FACTS;
		take_facts(j, f);
	} else if (json_get_text(j, "device", NULL) != NULL) {
		*kind = STATUS_LINE_DEVICE;
		take_device(j, d);
	} else {
		*kind = STATUS_LINE_END;
		*devices = json_get_int(j, "end", -1);
		known = *devices >= 0;
	}
	json_free(j);
	return known;
}
