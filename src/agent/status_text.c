/* status_text.c - see status_text.h. */
#include "agent/status_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

#define SCHEMA    1
#define SIZE_TEXT 32

/* --- sums --- */

int64_t
status_devices_in(const struct agent_status *s, enum status_state state)
{
	int64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->devices[i].state == state;
	return n;
}

int64_t
status_running_bytes(const struct agent_status *s)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < s->n && bytes < STATUS_NUMBER_MAX; i++)
		bytes += s->devices[i].bytes;
	return bytes;
}

int64_t
status_rules(const struct agent_status *s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->devices[i].has_rule;
	return n;
}

/* --- words --- */

static const char *
local_time(int64_t wall_ms, char to[CLOCK_TEXT_MAX])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm = {0};

	if (wall_ms == 0 || localtime_r(&seconds, &tm) == NULL ||
	    strftime(to, CLOCK_TEXT_MAX, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(to, CLOCK_TEXT_MAX, "-");
	return to;
}

/* "123 MB"; of less than ten with a fraction, "1.2 GB". */
static const char *
size_words(int64_t bytes, char to[SIZE_TEXT])
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	int64_t rest = 0;
	size_t unit = 0;

	while (bytes >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		rest = bytes % 1000;
		bytes /= 1000;
		unit++;
	}
	if (unit > 0 && bytes < 10)
		snprintf(to, SIZE_TEXT, "%lld.%lld %s", (long long)bytes,
		    (long long)rest / 100, units[unit]);
	else
		snprintf(
		    to, SIZE_TEXT, "%lld %s", (long long)bytes, units[unit]);
	return bytes < 0 ? "?" : to;
}

static const char *
plural(int64_t n)
{
	return n == 1 ? "" : "s";
}

/* --- all --- */

static void
say_agent(const struct agent_status *s, struct strbuf *to)
{
	const struct status_facts *f = &s->all;
	int64_t rules = status_rules(s);
	int64_t captures = status_devices_in(s, STATUS_CAPTURING);
	char span[CLOCK_TEXT_MAX], at[CLOCK_TEXT_MAX];

	strbuf_addf(to,
	    "traffic-capture-agent %s, UDP port %lld, %s for %s "
	    "(since %s)\n",
	    f->version, (long long)f->port, f->ending ? "is ending, up" : "up",
	    clock_span(f->uptime, span), local_time(f->started, at));
	strbuf_addf(to,
	    "Devices:   %zu, %lld capture%s running, %lld forwarding rule%s\n",
	    s->n, (long long)captures, plural(captures), (long long)rules,
	    plural(rules));
	strbuf_addf(to,
	    "Captures:  %lld begun since then; %lld packet%s dropped by the "
	    "kernel in those that ended\n",
	    (long long)f->captures_begun, (long long)f->packets_dropped,
	    plural(f->packets_dropped));
	strbuf_addf(to,
	    "Requests:  %lld; datagrams refused %lld, malformed %lld, not "
	    "authentic %lld, dropped by the kernel %lld\n",
	    (long long)f->mail.requests, (long long)f->mail.refused,
	    (long long)f->mail.malformed, (long long)f->mail.unproven,
	    (long long)f->mail.dropped);
}

static void
say_room(const struct agent_status *s, struct strbuf *to)
{
	const struct status_facts *f = &s->all;
	int64_t more = f->ring > 0 ? f->left / f->ring : 0;
	char free[SIZE_TEXT], floor[SIZE_TEXT];
	char running[SIZE_TEXT], finished[SIZE_TEXT];

	strbuf_addf(to,
	    "Room:      %s free (min_free %s); running captures take %s, "
	    "finished ones %s; room for %lld more capture%s\n",
	    size_words(f->free, free), size_words(f->min_free, floor),
	    size_words(status_running_bytes(s), running),
	    size_words(f->finished, finished), (long long)more, plural(more));
}

static void
say_login(const struct ovoc_health *h, struct strbuf *to)
{
	char span[CLOCK_TEXT_MAX];

	switch (h->login) {
	case OVOC_UNTRIED:
		strbuf_add(to, "login not tried yet");
		return;
	case OVOC_TAKEN:
		strbuf_add(to, "login taken");
		return;
	case OVOC_REFUSED:
		strbuf_addf(to, "login refused (HTTP %d)", h->refused);
		if (h->pause > 0)
			strbuf_addf(to, ", not tried again for %s",
			    clock_span(h->pause, span));
		return;
	}
}

static void
say_ovoc(const struct status_facts *f, struct strbuf *to)
{
	const struct ovoc_health *h = &f->ovoc;
	char at[CLOCK_TEXT_MAX];

	strbuf_add(to, "OVOC:      ");
	if (!f->manages_rules) {
		strbuf_add(to, "not asked (ovoc.manage_rules = false)\n");
		return;
	}
	say_login(h, to);
	if (h->answered != 0)
		strbuf_addf(
		    to, "; last answer %s", local_time(h->answered, at));
	if (h->failed != 0)
		strbuf_addf(to, "; %slast unanswered %s",
		    h->reachable ? "" : "not reachable, ",
		    local_time(h->failed, at));
	if (h->trouble[0] != '\0')
		strbuf_addf(to, ": %s", h->trouble);
	if (h->waiting > 0)
		strbuf_addf(to, "; %u request%s waiting", h->waiting,
		    plural(h->waiting));
	strbuf_add(to, "\n");
}

/* --- devices --- */

enum { COLUMNS = 8 };
struct row {
	char cells[COLUMNS][HOST_TEXT_MAX];
};

static const struct row heads = {{"DEVICE", "OWNER", "STATE", "SINCE", "BYTES",
    "FILES", "RING HOLDS", "RULE"}};

#define CELL(row, i, ...) \
	snprintf((row)->cells[i], sizeof((row)->cells[i]), __VA_ARGS__)

static void
fill_row(
    const struct status_facts *f, const struct status_device *d, struct row *r)
{
	char at[CLOCK_TEXT_MAX], size[SIZE_TEXT];
	int64_t span = f->started + f->uptime - d->ring_from;

	for (size_t i = 0; i < COLUMNS; i++)
		CELL(r, i, "-");
	CELL(r, 0, "%s", d->device);
	if (d->owner[0] != '\0')
		CELL(r, 1, "%s", d->owner);
	CELL(r, 2, "%s", status_state_names[d->state]);
	if (d->has_rule && d->rule != 0)
		CELL(r, 7, "%lld", (long long)d->rule);
	else if (d->has_rule)
		CELL(r, 7, "maybe");
	if (!d->captures)
		return;
	CELL(r, 3, "%s", local_time(d->since, at));
	CELL(r, 4, "%s", size_words(d->bytes, size));
	CELL(r, 5, "%lld", (long long)d->pieces);
	if (d->ring_from != 0)
		CELL(r, 6, "%s", clock_span(span > 0 ? span : 0, at));
}

static void
widen(int widths[COLUMNS], const struct row *r)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		int len = (int)strlen(r->cells[i]);

		widths[i] = len > widths[i] ? len : widths[i];
	}
}

static void
say_row(const int widths[COLUMNS], const struct row *r, struct strbuf *to)
{
	for (size_t i = 0; i + 1 < COLUMNS; i++)
		strbuf_addf(to, "%-*s  ", widths[i], r->cells[i]);
	strbuf_addf(to, "%s\n", r->cells[COLUMNS - 1]);
}

static void
say_devices(const struct agent_status *s, struct strbuf *to)
{
	int widths[COLUMNS] = {0};
	struct row r;

	if (s->n == 0)
		return;
	widen(widths, &heads);
	for (size_t i = 0; i < s->n; i++) {
		fill_row(&s->all, &s->devices[i], &r);
		widen(widths, &r);
	}
	strbuf_add(to, "\n");
	say_row(widths, &heads, to);
	for (size_t i = 0; i < s->n; i++) {
		fill_row(&s->all, &s->devices[i], &r);
		say_row(widths, &r, to);
	}
}

void
status_text(const struct agent_status *s, struct strbuf *to)
{
	say_agent(s, to);
	say_room(s, to);
	say_ovoc(&s->all, to);
	say_devices(s, to);
}

/* --- for programs --- */

void
status_json(const struct agent_status *s, struct strbuf *to)
{
	struct json *j = json_object(), *devices;

	json_set_int(j, "schema", SCHEMA);
	status_facts_put(&s->all, j);
	devices = json_set(j, "devices", json_array());
	for (size_t i = 0; i < s->n; i++)
		status_device_put(
		    &s->devices[i], json_append(devices, json_object()));
	json_write(j, 2, to);
	strbuf_add(to, "\n");
	json_free(j);
}
