/* event_record.c - see event_record.h.
 *
 * The campaign decodes the agent's to know what to fetch, the comparison both.
 * Both come from elsewhere: the agent's from another host, and a file may have
 * been changed by anybody.
 */
#include "wire/event_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/name.h"
#include "base/xmem.h"

#define TIME_MAX_MS  (EVENT_TIME_MAX_US / 1000)
#define CLOCK_MAX_MS TIME_MAX_MS

static const char *const writers[EVENT_WRITERS] = {
    [EVENT_AGENT] = "agent",
    [EVENT_CAMPAIGN] = "campaign",
};

/* Reads on behind the first wrong member, which is the one that is told. */
struct reader {
	struct fail *why;
	bool wrong;
};

static void
refuse(struct reader *rd, const char *what)
{
	if (!rd->wrong)
		fail_set(rd->why, FAIL_FINAL, "its %s is not right", what);
	rd->wrong = true;
}

/* --- single members; one that is not there is `otherwise` --- */

static int64_t
number(struct reader *rd, const struct json *of, const char *key, int64_t least,
    int64_t most, int64_t otherwise)
{
	const struct json *j = json_get(of, key);
	int64_t value;

	if (j == NULL)
		return otherwise;
	value = json_int(j, least - 1);
	if (value >= least && value <= most)
		return value;
	refuse(rd, key);
	return otherwise;
}

static int64_t
time_of(struct reader *rd, const struct json *of, const char *key)
{
	return number(rd, of, key, 0, TIME_MAX_MS, 0);
}

/* One that has to be there. */
static int64_t
needed(struct reader *rd, const struct json *of, const char *key, int64_t most)
{
	if (json_get(of, key) == NULL)
		refuse(rd, key);
	return number(rd, of, key, 0, most, 0);
}

static bool
flag(struct reader *rd, const struct json *of, const char *key, bool otherwise)
{
	bool value = json_get_bool(of, key, otherwise);

	if (json_get(of, key) != NULL &&
	    value != json_get_bool(of, key, !value))
		refuse(rd, key);
	return value;
}

/* Cut to fit. */
static void
word(struct reader *rd, const struct json *j, const char *key, char *to,
    size_t size)
{
	if (j != NULL && json_text(j, NULL) == NULL)
		refuse(rd, key);
	str_copy(to, size, json_text(j, ""));
	str_printable(to);
}

/* An array of at most `most`; its length. */
static size_t
array(struct reader *rd, const struct json *of, const char *key, size_t most,
    const struct json **all)
{
	*all = json_get(of, key);
	if (*all == NULL)
		return 0;
	if (json_is_array(*all) && json_count(*all) <= most)
		return json_count(*all);
	refuse(rd, key);
	return 0;
}

/* --- what both have --- */

static struct event_span
span_of(struct reader *rd, const struct json *from, const char *begin,
    const char *end)
{
	int64_t at = needed(rd, from, begin, TIME_MAX_MS);

	return (struct event_span){at, needed(rd, from, end, TIME_MAX_MS)};
}

static void
take_spans(struct reader *rd, const struct json *of, const char *key,
    struct event_spans *to)
{
	const struct json *all;

	to->n = array(rd, of, key, EVENT_SPANS_MAX, &all);
	for (size_t i = 0; i < to->n; i++)
		to->at[i] = span_of(rd, json_at(all, i), "from", "to");
}

/* They are not where the writer's clock was set back meanwhile. */
static bool
in_order(const struct event_spans *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].from > s->at[i].to ||
		    (i > 0 && s->at[i - 1].to > s->at[i].from))
			return false;
	return true;
}

static struct event_probe *
take_probes(struct reader *rd, const struct json *of, const char *key,
    size_t most, size_t *n)
{
	const struct json *all;
	struct event_probe *probe;

	*n = array(rd, of, key, most, &all);
	probe = xcalloc(*n + 1, sizeof(*probe));
	for (size_t i = 0; i < *n; i++)
		if (!event_probe_take(&probe[i], json_at(all, i)))
			refuse(rd, key);
	return probe;
}

/* One text, or several. */
static void
take_interfaces(
    struct reader *rd, struct event_record *r, const struct json *root)
{
	const struct json *all;
	size_t n = array(rd, root, "interfaces", EVENT_INTERFACES_MAX, &all);

	if (r->writer == EVENT_AGENT) {
		word(rd, json_get(root, "interface"), "interface",
		    r->interface[0], EVENT_WORD_MAX);
		r->n_interfaces = r->interface[0][0] != '\0';
		return;
	}
	for (size_t i = 0; i < n; i++)
		word(rd, json_at(all, i), "interfaces", r->interface[i],
		    EVENT_WORD_MAX);
	r->n_interfaces = n;
}

static void
take_device(struct reader *rd, struct event_record *r, const struct json *root)
{
	word(rd, json_get(root, "version"), "version", r->version,
	    sizeof(r->version));
	word(rd, json_get(root, "device"), "device", r->device,
	    sizeof(r->device));
	if (!host_valid(json_get_text(root, "device", "")))
		refuse(rd, "device");
}

/* --- the agent's --- */

static void
take_piece(struct reader *rd, struct event_record *r, const struct json *from)
{
	struct event_piece *p = &r->piece[r->n_pieces++];
	const char *name = json_get_text(from, "name", "");
	char event[CAPTURE_NAME_MAX];

	if (!capture_name_number(&p->number, name) ||
	    !capture_name_event(event, name))
		refuse(rd, "pieces");
	else if (r->event[0] == '\0' || !capture_name_is_aborted(name))
		str_copy(r->event, sizeof(r->event), event);
	p->aborted = capture_name_is_aborted(name);
	p->bytes = needed(rd, from, "bytes", INT64_MAX);
	p->first_us = needed(rd, from, "firstUs", EVENT_TIME_MAX_US);
	p->last_us = needed(rd, from, "lastUs", EVENT_TIME_MAX_US);
	p->packets = number(rd, from, "packets", 0, INT64_MAX, -1);
	p->cut = flag(rd, from, "cut", false);
}

/* Is it the <device> of this "<device>_<time>"? */
static bool
is_device(const char *device, const char *event)
{
	char name[CAPTURE_NAME_MAX];

	snprintf(name, sizeof(name), "CPE_device_%.*s.pcap",
	    CAPTURE_NAME_MAX - 20, event);
	return capture_name_valid(name, device);
}

static void
take_agents(struct reader *rd, struct event_record *r, const struct json *root)
{
	const struct json *all;
	size_t n = array(rd, root, "pieces", EVENT_PIECES_MAX, &all);

	r->piece = xcalloc(n + 1, sizeof(*r->piece));
	for (size_t i = 0; i < n; i++)
		take_piece(rd, r, json_at(all, i));
	if (r->event[0] != '\0' && !is_device(r->device, r->event))
		refuse(rd, "device");
	r->snaplen = number(rd, root, "snaplen", 0, INT32_MAX, 0);
	r->dropped = number(rd, root, "dropped", 0, INT64_MAX, -1);
	r->disk_was_full = flag(rd, root, "diskWasFull", false);
	r->ran.at[r->ran.n++] = span_of(rd, root, "began", "ended");
	take_spans(rd, root, "holes", &r->holes);
}

/* --- the campaign's --- */

static void
take_addrs(struct reader *rd, const struct json *of, const char *key,
    struct event_addrs *to)
{
	const struct json *all;

	to->n = array(rd, of, key, EVENT_ADDRS_MAX, &all);
	for (size_t i = 0; i < to->n; i++)
		if (!addr_parse(&to->at[i], json_text(json_at(all, i), "")))
			refuse(rd, key);
}

static struct event_clock
clock_of(struct reader *rd, const struct json *root, const char *key)
{
	const struct json *from = json_get(root, key);
	struct event_clock c = {.known = from != NULL};

	if (!c.known)
		return c;
	if (json_get(from, "aheadMs") == NULL)
		refuse(rd, key);
	c.ahead = number(rd, from, "aheadMs", -CLOCK_MAX_MS, CLOCK_MAX_MS, 0);
	c.error = needed(rd, from, "errorMs", CLOCK_MAX_MS);
	return c;
}

static void
take_file(struct reader *rd, struct event_record *r, const struct json *root)
{
	const char *name = json_get_text(root, "file", "");

	if (!capture_name_valid(name, r->device) ||
	    !capture_name_event(r->event, name))
		refuse(rd, "file");
}

static void
take_campaigns(
    struct reader *rd, struct event_record *r, const struct json *root)
{
	const struct json *alarm = json_get(root, "alarm");

	take_file(rd, r, root);
	word(rd, json_get(root, "campaign"), "campaign", r->campaign,
	    sizeof(r->campaign));
	if (json_get(root, "allInterfaces") != NULL)
		r->all_interfaces = flag(rd, root, "allInterfaces", false);
	take_addrs(rd, root, "deviceAddresses", &r->device_at);
	take_addrs(rd, root, "agentAddresses", &r->agent_at);
	take_addrs(rd, root, "ovocAddresses", &r->ovoc_at);
	take_addrs(rd, root, "campaignAddresses", &r->campaign_at);
	r->device_clock = clock_of(rd, root, "deviceClock");
	r->agent_clock = clock_of(rd, root, "agentClock");
	r->alarm_at = time_of(rd, alarm, "at");
	word(rd, json_get(alarm, "text"), "alarm", r->alarm, sizeof(r->alarm));
	take_spans(rd, root, "confirmed", &r->ran);
	r->stopped = time_of(rd, root, "stopped");
	r->heartbeat = take_probes(
	    rd, root, "heartbeats", EVENT_HEARTBEATS_MAX, &r->n_heartbeats);
}

/* --- the whole --- */

static void
take(struct reader *rd, struct event_record *r, const struct json *root)
{
	take_device(rd, r, root);
	take_interfaces(rd, r, root);
	r->probe =
	    take_probes(rd, root, "probes", EVENT_PROBES_MAX, &r->n_probes);
	r->probe_timeout =
	    number(rd, root, "probeTimeoutMs", 1, EVENT_TOOK_MAX_US / 1000, 0);
	if (r->writer == EVENT_AGENT)
		take_agents(rd, r, root);
	else
		take_campaigns(rd, r, root);
	if (!in_order(&r->ran) || !in_order(&r->holes))
		r->ran.n = 0;
}

/* Is it one at all, and of a form that is known here? */
static bool
take_writer(struct reader *rd, struct event_record *r, const struct json *root)
{
	int64_t schema = json_get_int(root, "schema", 0);
	int writer = NAME_FIND(writers, json_get_text(root, "writer", ""));

	if (root == NULL)
		fail_set(rd->why, FAIL_FINAL, "it is no JSON, or not whole");
	else if (schema > EVENT_RECORD_SCHEMA)
		fail_set(rd->why, FAIL_FINAL,
		    "its form (schema %lld) is of a later version",
		    (long long)schema);
	else if (schema != EVENT_RECORD_SCHEMA || writer == EVENT_WRITERS)
		fail_set(rd->why, FAIL_FINAL,
		    "it is no record of a capture's event");
	else
		r->writer = (enum event_writer)writer;
	rd->wrong = schema != EVENT_RECORD_SCHEMA || writer == EVENT_WRITERS;
	return !rd->wrong;
}

struct event_record *
event_record_decode(const char *text, size_t len, struct fail *why)
{
	struct event_record *r = xcalloc(1, sizeof(*r));
	struct json *root =
	    len > EVENT_RECORD_BYTES ? NULL : json_parse(text, len);
	struct reader rd = {.why = why};

	r->dropped = r->all_interfaces = -1;
	if (len > EVENT_RECORD_BYTES) {
		fail_set(why, FAIL_FINAL, "it is larger than %d bytes",
		    EVENT_RECORD_BYTES);
		rd.wrong = true;
	} else if (take_writer(&rd, r, root)) {
		take(&rd, r, root);
	}
	json_free(root);
	if (!rd.wrong)
		return r;
	event_record_free(r);
	return NULL;
}

void
event_record_free(struct event_record *r)
{
	if (r == NULL)
		return;
	free(r->piece);
	free(r->probe);
	free(r->heartbeat);
	free(r);
}
