/* event_notes.c - see event_notes.h.  device/ledger keeps them up.
 */
#include "device/event_notes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/xmem.h"
#include "device/beats.h"
#include "device/reach.h"
#include "io/route.h"
#include "link/agent_link.h"
#include "verify/verify_record.h"
#include "wire/event_record.h"

/* The date of an answer has whole seconds. */
#define DATE_MS 1000

_Static_assert(NOTES_SPANS_MAX <= EVENT_SPANS_MAX, "too many");
_Static_assert(NOTES_ALARM_MAX <= EVENT_WORD_MAX, "too long");

void
event_notes_init(struct event_notes *n, const struct reach *reach,
    const struct agent_link *link, const struct beats *beats)
{
	*n = (struct event_notes){.reach = reach, .link = link, .beats = beats};
}

void
event_notes_clear(struct event_notes *n)
{
	free(n->probes);
	file_sync_cancel(&n->syncing);
	atomic_file_abort(n->file);
	event_notes_init(n, n->reach, n->link, n->beats);
}

/* --- collecting --- */

static void
see_on(struct event_notes *n, int64_t now)
{
	n->stopped = n->off = 0;
	/* One that has no room is no part of the last one. */
	if (!n->on && n->n_shown == NOTES_SPANS_MAX)
		return;
	if (!n->on)
		n->shown[n->n_shown++].from = now;
	n->on = true;
	n->shown[n->n_shown - 1].to = now;
}

/* Whatever began the event has its row, the last of them by now. */
static void
see_event(struct event_notes *n, const struct device_result *r, int64_t now)
{
	const struct row *row = result_last(r, TASK_ALARM, r->round.event);

	n->alarm_at = row != NULL && row->began > 0 ? row->began : now;
	if (row != NULL)
		str_copy(n->alarm, sizeof(n->alarm), row->description);
}

void
event_notes_fact(struct event_notes *n, const struct device_result *r,
    enum fact f, int64_t now)
{
	if (f == FACT_ON || f == FACT_STILL_ON)
		see_on(n, now);
	else if (f == FACT_VANISHED)
		n->on = false;
	else if (f == FACT_EVENT)
		see_event(n, r, now);
	else if (f == FACT_STOP && n->on)
		n->stopped = now;
	else if (f == FACT_OFF && n->stopped != 0)
		n->off = now;
}

void
event_notes_probes(struct event_notes *n, const struct verify_result *p)
{
	free(n->probes);
	n->probes = verify_result_copy(p);
}

/* --- encoding --- */

/* By the wall clock of now: it may have jumped since. */
static int64_t
wall_of(const struct tools *t, int64_t mono)
{
	return loop_wall(t->lp) - (loop_now(t->lp) - mono);
}

static void
put_addrs(struct json_out *o, const struct addr *all, size_t n)
{
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < n && i < EVENT_ADDRS_MAX; i++)
		json_out_text(o, NULL, addr_text(&all[i], text));
}

/* What it is called may be one more: the address that OVOC has for it. */
static void
put_device(const struct event_notes *n, const struct device_entry *conf,
    struct json_out *o)
{
	struct addr told;
	size_t room = EVENT_ADDRS_MAX - 1;

	json_out_array(o, "deviceAddresses");
	put_addrs(o, n->reach->addrs,
	    n->reach->n_addrs < room ? n->reach->n_addrs : room);
	if (addr_parse(&told, conf->told) &&
	    (n->reach->n_addrs == 0 ||
		addr_cmp(&told, &n->reach->addrs[0]) != 0))
		put_addrs(o, &told, 1);
	json_out_end(o);
}

/* Our agent runs on OVOC's server: what it sends from, OVOC may send from. */
static void
put_server(const struct event_notes *n, const struct agent_entry *conf,
    struct json_out *o)
{
	const struct agent_place *p = agent_link_place(n->link);
	size_t room = EVENT_ADDRS_MAX - (p->n < EVENT_ADDRS_MAX ? p->n : 0);

	json_out_array(o, "agentAddresses");
	put_addrs(o, p->addrs, p->n);
	json_out_end(o);
	json_out_array(o, "ovocAddresses");
	put_addrs(o, p->addrs, p->n);
	put_addrs(
	    o, conf->sources, conf->n_sources < room ? conf->n_sources : room);
	json_out_end(o);
}

static void
put_source(const struct event_notes *n, struct json_out *o)
{
	struct addr from;

	json_out_array(o, "campaignAddresses");
	if (n->reach->n_addrs > 0 && route_source(&n->reach->addrs[0], &from))
		put_addrs(o, &from, 1);
	json_out_end(o);
}

static bool
is_among(char *const *all, size_t n, const char *one)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i], one) == 0)
			return true;
	return false;
}

static bool
is_wan(const char *interface)
{
	static const char wan[] = "-wan";
	size_t len = strlen(interface), end = sizeof(wan) - 1;

	return len > end && strcmp(interface + len - end, wan) == 0;
}

/* That all ways out are captured is known where all that a device of this type
 * may name are; others may not be there, or lead nowhere. */
static bool
has_all(const struct device_entry *conf)
{
	const struct device_type *t = conf->type;
	size_t ways = 0, captured = 0;

	for (size_t i = 0; i < t->n_allowed; i++) {
		if (!is_wan(t->allowed[i]))
			continue;
		ways++;
		captured += is_among(
		    conf->interfaces, conf->n_interfaces, t->allowed[i]);
	}
	return ways > 0 ? captured == ways : conf->n_interfaces == t->n_allowed;
}

static void
put_interfaces(const struct device_entry *conf, struct json_out *o)
{
	json_out_array(o, "interfaces");
	for (size_t i = 0; i < conf->n_interfaces && i < EVENT_INTERFACES_MAX;
	     i++)
		json_out_text(o, NULL, conf->interfaces[i]);
	json_out_end(o);
	if (has_all(conf))
		json_out_bool(o, "allInterfaces", true);
}

static void
put_clock(struct json_out *o, const char *key, int64_t ahead, int64_t error)
{
	json_out_object(o, key);
	json_out_int(o, "aheadMs", ahead);
	json_out_int(o, "errorMs", error);
	json_out_end(o);
}

/* A device's answer is as old as its way here at least, and as its time-out at
 * most. */
static void
put_clocks(const struct event_notes *n, const struct tools *t,
    const struct device_result *r, struct json_out *o)
{
	const struct agent_about *about = agent_link_about(n->link);
	const struct timeouts_section *outs = &t->conf->timeouts;

	if (r->clock_known)
		put_clock(o, "deviceClock", r->clock, outs->rest + DATE_MS);
	if (about->version[0] != '\0')
		put_clock(o, "agentClock", about->ahead, about->error);
}

/* An earlier run's is only in its rows. */
static void
put_alarm(const struct event_notes *n, const struct tools *t,
    const struct device_result *r, struct json_out *o)
{
	const struct row *row = result_last(r, TASK_ALARM, r->round.event);
	bool noted = n->alarm_at != 0;

	if (!noted && (row == NULL || !r->round.triggered))
		return;
	json_out_object(o, "alarm");
	json_out_int(o, "at", noted ? wall_of(t, n->alarm_at) : row->started);
	json_out_text(o, "text", noted ? n->alarm : row->description);
	json_out_end(o);
}

static void
put_times(
    const struct event_notes *n, const struct tools *t, struct json_out *o)
{
	json_out_array(o, "confirmed");
	for (int i = 0; i < n->n_shown; i++) {
		json_out_object(o, NULL);
		json_out_int(o, "from", wall_of(t, n->shown[i].from));
		json_out_int(o, "to", wall_of(t, n->shown[i].to));
		json_out_end(o);
	}
	json_out_end(o);
	if (n->stopped != 0)
		json_out_int(o, "stopped", wall_of(t, n->stopped));
	if (n->off != 0)
		json_out_int(o, "off", wall_of(t, n->off));
}

static void
put_beats(const struct beats *beats, struct json_out *o)
{
	json_out_array(o, "heartbeats");
	for (size_t i = 0; i < beats_count(beats); i++) {
		const struct beat *b = beats_at(beats, i);

		for (int k = 0; k < VERIFY_KINDS; k++)
			verify_record_probe(
			    (enum verify_kind)k, &b->probe[k], b->began_us, o);
	}
	json_out_end(o);
}

void
event_notes_encode(const struct event_notes *n, const struct tools *t,
    const struct device_result *r, struct strbuf *to)
{
	static const struct verify_result none;
	struct json_out o = {.to = to};

	json_out_object(&o, NULL);
	json_out_int(&o, "schema", EVENT_RECORD_SCHEMA);
	json_out_text(&o, "writer", "campaign");
	json_out_text(&o, "version", VERSION);
	json_out_text(&o, "campaign", t->conf->campaign.name);
	json_out_text(&o, "device", r->conf->told);
	json_out_text(&o, "address", r->conf->address);
	json_out_text(&o, "name", r->conf->name);
	json_out_text(&o, "file", r->round.file);
	put_device(n, r->conf, &o);
	put_server(n, r->conf->agent, &o);
	put_source(n, &o);
	put_interfaces(r->conf, &o);
	put_times(n, t, &o);
	put_alarm(n, t, r, &o);
	put_clocks(n, t, r, &o);
	verify_record_put(n->probes != NULL ? n->probes : &none, &o);
	put_beats(n->beats, &o);
	json_out_end(&o);
	strbuf_add(to, "\n");
}

/* --- writing --- */

/* True with no file, too: one is there. */
static bool
open_record(struct event_notes *n, const struct tools *t,
    const struct device_result *r, const char *folder, struct fail *why)
{
	struct strbuf text = STRBUF_INIT;
	char name[CAPTURE_NAME_MAX], *path;
	bool there;

	capture_name_campaign(name, r->round.file);
	path = xasprintf("%s/%s", folder, name);
	there = access(path, F_OK) == 0;
	if (!there)
		n->file = atomic_file_open(path, why);
	if (n->file != NULL) {
		event_notes_encode(n, t, r, &text);
		atomic_file_write(n->file, strbuf_text(&text), text.len);
	}
	strbuf_free(&text);
	free(path);
	return there || n->file != NULL;
}

bool
event_notes_sync(struct event_notes *n, const struct tools *t,
    const struct device_result *r, const char *folder, file_sync_done *synced,
    void *arg)
{
	struct fail why;

	if (file_sync_busy(&n->syncing))
		return true;
	if (!open_record(n, t, r, folder, &why) || n->file == NULL)
		return false;
	return file_sync_begin(&n->syncing, t->disk, n->file, synced, arg);
}

bool
event_notes_write(struct event_notes *n, const struct tools *t,
    const struct device_result *r, const char *folder, struct fail *why)
{
	struct atomic_file *file;

	if (n->file == NULL && !open_record(n, t, r, folder, why))
		return false;
	file_sync_wait(&n->syncing);
	file = n->file;
	n->file = NULL;
	return file == NULL || atomic_file_put(file, why);
}
