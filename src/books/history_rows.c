/* history_rows.c - see history_rows.h.
 */
#include "books/history_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_parts.h"
#include "base/name.h"
#include "base/xmem.h"
#include "books/result.h"

#define SCHEMA 1
/* A device has no more; what a report has beyond is left out. */
#define EVENTS_MAX 1000
/* Kinds of traffic that a verdict has. */
#define KINDS_MAX 16
/* The words of one verdict. */
#define WORDS_MAX 200

static const char *const founds[FOUND_COUNT] = {
    [FOUND_LOST] = "lost",
    [FOUND_UNREAD] = "not read",
    [FOUND_UNKNOWN] = "cannot be said",
    [FOUND_NOTHING] = "nothing lost",
};

struct made {
	struct history_event row;
	bool begun; /* by what is in `alarm` */
	char protocol[WORDS_MAX];
};

struct reader {
	history_take *take;
	void *arg;
	struct made *made; /* of one device */
	uint32_t n, room;
};

const char *
found_name(enum found f)
{
	return founds[f];
}

enum found
found_by_name(const char *name)
{
	int f = NAME_FIND(founds, name);

	return f == FOUND_COUNT ? FOUND_NO_VERDICT : (enum found)f;
}

static const char *
text_of(const struct json *o, const char *key)
{
	return json_get_text(o, key, "");
}

static int64_t
time_of(const struct json *o, const char *key)
{
	int64_t ms = 0;

	return clock_rfc3339_read(text_of(o, key), &ms) ? ms : 0;
}

/* The event of this number; NULL: it is none. */
static struct made *
event_of(struct reader *r, int64_t number)
{
	for (uint32_t i = 0; i < r->n; i++)
		if (r->made[i].row.number == number)
			return &r->made[i];
	if (number < 1 || r->n == EVENTS_MAX)
		return NULL;
	r->made = xgrow(r->made, r->n, &r->room, sizeof(*r->made));
	r->made[r->n] = (struct made){.row = {.number = number,
					  .alarm = "",
					  .icmp = "",
					  .snmp = "",
					  .tcp = "",
					  .found = FOUND_NO_VERDICT,
					  .grade = "",
					  .sentence = "",
					  .direction = ""}};
	return &r->made[r->n++];
}

/* --- tasks --- */

static bool
is_task(const struct json *task, enum task t)
{
	return strcmp(text_of(task, "task"), task_name(t)) == 0;
}

/* What the rows of waiting.c and alarms.c end with. */
static bool
ends(const char *text, const char *words)
{
	size_t len = strlen(text), n = strlen(words);

	return len >= n && strcmp(text + len - n, words) == 0;
}

static bool
begins(const char *text)
{
	return ends(text, ": the event begins");
}

/* The sign that an event came of, if one came. */
static bool
may_begin(const char *text)
{
	return begins(text) || ends(text, ": held down") ||
	       ends(text, ": held until the capture is confirmed");
}

/* An alarm may be just recorded, and a quiet capture fetched: there are events
 * that have one of these alone. */
static bool
is_of_event(const struct json *task)
{
	return is_task(task, TASK_OVOC_VERIFY) || is_task(task, TASK_ICMP) ||
	       is_task(task, TASK_SNMP) || is_task(task, TASK_TCP) ||
	       is_task(task, TASK_COMPARE) ||
	       (is_task(task, TASK_ALARM) &&
		   begins(text_of(task, "description")));
}

static void
take_task(struct made *e, const struct json *task)
{
	const char *what = text_of(task, "description");

	if (is_task(task, TASK_ALARM) && (!e->begun || may_begin(what))) {
		e->begun = may_begin(what);
		e->row.alarm = what;
		e->row.at = time_of(task, "timestamp");
	} else if (is_task(task, TASK_ICMP)) {
		e->row.icmp = what;
	} else if (is_task(task, TASK_SNMP)) {
		e->row.snmp = what;
	} else if (is_task(task, TASK_TCP)) {
		e->row.tcp = what;
	}
}

static void
take_tasks(struct reader *r, const struct json *tasks)
{
	for (size_t i = 0; i < json_count(tasks); i++) {
		const struct json *t = json_at(tasks, i);

		if (is_of_event(t))
			event_of(r, json_get_int(t, "event", 0));
	}
	for (size_t i = 0; i < json_count(tasks); i++) {
		const struct json *t = json_at(tasks, i);
		int64_t event = json_get_int(t, "event", 0);

		for (uint32_t k = 0; k < r->n; k++)
			if (r->made[k].row.number == event)
				take_task(&r->made[k], t);
	}
}

/* --- verdicts --- */

struct kind {
	const char *protocol;
	int64_t lost;
};

static void
take_time(struct history_event *e, const struct json *class)
{
	int64_t first = time_of(class, "first"), last = time_of(class, "last");

	if (first != 0 && (e->lost_from == 0 || first < e->lost_from))
		e->lost_from = first;
	if (last > e->lost_to)
		e->lost_to = last;
}

static void
count_kind(struct kind kinds[KINDS_MAX], const char *protocol, int64_t lost)
{
	for (int i = 0; i < KINDS_MAX; i++) {
		if (kinds[i].protocol == NULL)
			kinds[i].protocol = protocol;
		if (strcmp(kinds[i].protocol, protocol) == 0) {
			kinds[i].lost += lost;
			return;
		}
	}
}

static int
more_first(const void *one, const void *other)
{
	const struct kind *a = one, *b = other;

	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	return 0;
}

static void
name_kinds(struct made *e, struct kind kinds[KINDS_MAX])
{
	struct strbuf b = STRBUF_INIT;

	qsort(kinds, KINDS_MAX, sizeof(kinds[0]), more_first);
	for (int i = 0; i < KINDS_MAX && kinds[i].lost > 0; i++)
		strbuf_addf(&b, "%s%s", i > 0 ? "," : "", kinds[i].protocol);
	str_copy(e->protocol, sizeof(e->protocol), strbuf_text(&b));
	strbuf_free(&b);
}

/* What of it was lost, and which way. */
static void
take_classes(struct made *e, const struct json *classes)
{
	struct kind kinds[KINDS_MAX] = {{NULL, 0}};
	const char *way = "";

	for (size_t i = 0; i < json_count(classes); i++) {
		const struct json *c = json_at(classes, i);
		const char *direction = text_of(c, "direction");
		int64_t lost = json_get_int(c, "lost", 0);

		if (lost < 1 || lost > UINT32_MAX)
			continue;
		e->row.lost += lost;
		take_time(&e->row, c);
		count_kind(kinds, text_of(c, "protocol"), lost);
		way = way[0] == '\0' || strcmp(way, direction) == 0 ? direction
								    : "both";
	}
	name_kinds(e, kinds);
	e->row.direction = way;
}

static enum found
found_of(const struct json *verdict)
{
	switch (json_get_int(verdict, "exitStatus", -1)) {
	case 0:
		return FOUND_NOTHING;
	case 1:
		return FOUND_LOST;
	case 3:
		return FOUND_UNKNOWN;
	default:
		return FOUND_UNREAD;
	}
}

static void
take_verdicts(struct reader *r, const struct json *verdicts)
{
	for (size_t i = 0; i < json_count(verdicts); i++) {
		const struct json *v = json_at(verdicts, i);
		struct made *e = event_of(r, json_get_int(v, "event", 0));

		if (e == NULL)
			continue;
		e->row.found = found_of(v);
		e->row.grade = text_of(v, "grade");
		e->row.sentence = text_of(v, "sentence");
		e->row.lost = e->row.lost_from = e->row.lost_to = 0;
		take_classes(e, json_get(v, "classes"));
		/* Losses whose time nobody knows were at the alarm. */
		if (e->row.found == FOUND_LOST && e->row.lost_from == 0)
			e->row.lost_from = e->row.at;
	}
}

/* --- the report --- */

static void
take_device(struct reader *r, const struct json *d, struct history_night *n)
{
	*n = (struct history_night){.address = text_of(d, "device"),
	    .name = text_of(d, "name"),
	    .type = text_of(d, "type"),
	    .agent = text_of(d, "ovoc"),
	    .outcome = text_of(d, "status"),
	    .severity = text_of(d, "severity"),
	    .description = text_of(d, "description"),
	    .events = json_get_int(d, "events", 0),
	    .triggers = json_get_int(d, "triggers", 0),
	    .on_ms = json_get_int(d, "captureOnMs", 0),
	    .off_ms = json_get_int(d, "captureOffMs", 0),
	    .found = FOUND_NO_VERDICT};
	r->n = 0;
	take_tasks(r, json_get(d, "tasks"));
	take_verdicts(r, json_get(d, "verdicts"));
	for (uint32_t i = 0; i < r->n; i++)
		if (r->made[i].row.found < n->found)
			n->found = r->made[i].row.found;
}

/* A report of --recover alone has all devices; those that took part in no
 * night have rows of what an earlier one left, at most. */
static bool
took_part(const struct json *d)
{
	const struct json *tasks = json_get(d, "tasks");

	if (outcome_find(text_of(d, "status")) != OUTCOME_QUIET)
		return true;
	for (size_t i = 0; i < json_count(tasks); i++)
		if (!is_task(json_at(tasks, i), TASK_ALARM) &&
		    !is_task(json_at(tasks, i), TASK_RECOVER))
			return true;
	return false;
}

static bool
on_device(void *arg, const struct json *d)
{
	struct reader *r = arg;
	struct history_night n;
	struct history_event *rows;
	bool ok;

	take_device(r, d, &n);
	if (n.address[0] == '\0' || !took_part(d))
		return true;
	rows = xcalloc(r->n, sizeof(*rows));
	for (uint32_t i = 0; i < r->n; i++) {
		rows[i] = r->made[i].row;
		rows[i].protocol = r->made[i].protocol;
	}
	ok = r->take(r->arg, &n, rows, r->n);
	free(rows);
	return ok;
}

static void
read_run(const struct json *j, struct history_run *r)
{
	*r = (struct history_run){.name = text_of(j, "run"),
	    .version = text_of(j, "version"),
	    .note = text_of(j, "note"),
	    .started = time_of(j, "started"),
	    .ended = time_of(j, "ended"),
	    .exit_status = json_get_int(j, "exitStatus", -1)};
}

bool
history_rows_read(const char *report, size_t len, history_take *take,
    void (*run)(void *arg, const struct history_run *r), void *arg,
    struct fail *why)
{
	struct reader r = {.take = take, .arg = arg};
	struct json *j =
	    json_parse_parts(report, len, "devices", on_device, &r);
	bool ok = json_get_int(j, "schema", 0) == SCHEMA &&
		  json_is_array(json_get(j, "devices"));
	struct history_run of;

	if (ok) {
		read_run(j, &of);
		run(arg, &of);
	} else {
		fail_set(why, FAIL_LOCAL,
		    "it is cut off, or no report of this program");
	}
	json_free(j);
	free(r.made);
	return ok;
}
