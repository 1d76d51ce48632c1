/* show_device.c - see show_device.h.
 *
 * The report may have been written by a later version or by anybody: what is
 * missing or of another kind is left out; paragraph.c makes texts printable.
 */
#include "report/show_device.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "books/result.h"
#include "report/paragraph.h"
#include "report/show_words.h"

/* So much of a text is shown; ours are far shorter. */
#define TEXT_MAX 4000
/* Where the columns begin: of a device's own lines, of the time of day and of
 * what happened then. */
#define INDENT      2
#define INDENT_FILE 12 /* a file's name is long */
#define INDENT_TASK 37

struct timeline {
	struct strbuf *to;
	const struct json *verdicts; /* they are told above it */
	const struct json *held; /* not yet written: the next may be the same */
	int64_t times;
	char until[WORDS_TIME_MAX]; /* when it was so for the last time */
	char date[WORDS_TIME_MAX];  /* that was written last */
	int64_t event;              /* likewise */
};

static const char *
text_of(const struct json *o, const char *key)
{
	return json_get_text(o, key, "");
}

static void
add_cut(const char *text, struct strbuf *to)
{
	char cut[TEXT_MAX];
	bool whole = str_copy(cut, sizeof(cut), text);

	strbuf_add(to, cut);
	strbuf_add(to, whole ? "" : " [...]");
}

/* Of a row or a device: neither told nor worth telling. */
static bool
is_normal(const char *severity)
{
	return severity[0] == '\0' ||
	       strcmp(severity, severity_name(SEVERITY_NORMAL)) == 0;
}

/* --- what is to be said of it as a whole --- */

static void
add_head(const struct json *d, struct strbuf *to)
{
	const char *name = text_of(d, "name"), *address = text_of(d, "device");
	struct strbuf b = STRBUF_INIT;

	add_cut(name[0] != '\0' ? name : address, &b);
	if (name[0] != '\0') {
		strbuf_add(&b, " (");
		add_cut(address, &b);
		strbuf_add(&b, ")");
	}
	strbuf_addf(&b, "%s: %.80s", b.len > 0 ? "" : "?",
	    json_get_text(d, "status", "?"));
	if (!is_normal(text_of(d, "severity")))
		strbuf_addf(&b, ", %.80s", text_of(d, "severity"));
	paragraph("", 0, strbuf_text(&b), to);
	strbuf_clear(&b);
	add_cut(text_of(d, "description"), &b);
	paragraph("", INDENT, strbuf_text(&b), to);
	strbuf_free(&b);
}

static void
add_note(const char *note, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	if (note[0] != '\0') {
		strbuf_add(&b, "Note: ");
		add_cut(note, &b);
	}
	paragraph("", INDENT, strbuf_text(&b), to);
	strbuf_free(&b);
}

static void
add_verdict(const struct json *v, bool many, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	if (text_of(v, "sentence")[0] == '\0')
		return;
	if (many)
		strbuf_addf(
		    &b, "Event %" PRId64 ": ", json_get_int(v, "event", 0));
	add_cut(text_of(v, "sentence"), &b);
	paragraph("", INDENT, strbuf_text(&b), to);
	strbuf_free(&b);
}

static void
add_verdicts(const struct json *d, struct strbuf *to)
{
	const struct json *list = json_get(d, "verdicts");
	bool many = json_get_int(d, "triggers", 0) > 1;

	for (size_t i = 0; i < json_count(list); i++)
		add_verdict(json_at(list, i), many, to);
}

/* --- the time line --- */

static bool
is_same_text(const struct json *a, const struct json *b, const char *key)
{
	return strcmp(text_of(a, key), text_of(b, key)) == 0;
}

static bool
is_same(const struct json *a, const struct json *b)
{
	static const char *const keys[] = {
	    "task", "status", "severity", "description", "note", "filename"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!is_same_text(a, b, keys[i]))
			return false;
	return json_get_int(a, "event", 0) == json_get_int(b, "event", 0);
}

/* "Failure, MINOR: "; nothing of what went well. */
static void
add_status(const struct json *task, struct strbuf *b)
{
	const char *status = text_of(task, "status");
	const char *severity = text_of(task, "severity");
	bool well = status[0] == '\0' ||
		    strcmp(status, task_status_name(TASK_SUCCESS)) == 0;
	bool normal = is_normal(severity);

	if (!well)
		strbuf_addf(b, "%.80s", status);
	if (!normal)
		strbuf_addf(b, "%s%.80s", well ? "" : ", ", severity);
	strbuf_add(b, well && normal ? "" : ": ");
}

static void
add_more(const char *text, struct strbuf *b)
{
	if (text[0] == '\0')
		return;
	strbuf_add(b, "; ");
	add_cut(text, b);
}

/* A comparison's row has the sentence that was told of its event. */
static bool
is_told(const struct timeline *l, const char *description)
{
	for (size_t i = 0; i < json_count(l->verdicts); i++)
		if (strcmp(text_of(json_at(l->verdicts, i), "sentence"),
			description) == 0)
			return true;
	return false;
}

static void
add_what(const struct timeline *l, struct strbuf *b)
{
	int64_t attempt = json_get_int(l->held, "attempt", 1);
	const char *what = json_get_text(l->held, "description", "-");

	add_status(l->held, b);
	add_cut(is_told(l, what) ? "as above" : what, b);
	add_more(text_of(l->held, "note"), b);
	if (attempt > 1)
		strbuf_addf(b, " (attempt %" PRId64 ")", attempt);
	if (l->times > 1)
		strbuf_addf(b, " (%" PRId64 " times, until %s)", l->times,
		    l->until[0] != '\0' ? l->until : "?");
}

/* A line where another day or another event begins. */
static void
add_heading(struct timeline *l, const struct show_time *at, bool many)
{
	int64_t event = json_get_int(l->held, "event", 0);
	struct strbuf b = STRBUF_INIT;

	if (strcmp(at->date, l->date) != 0)
		strbuf_add(&b, at->date);
	if (many && event != l->event)
		strbuf_addf(
		    &b, "%sevent %" PRId64, b.len > 0 ? ", " : "", event);
	str_copy(l->date, sizeof(l->date), at->date);
	l->event = event;
	paragraph("", INDENT, strbuf_text(&b), l->to);
	strbuf_free(&b);
}

/* What is held becomes a line. */
static void
write_held(struct timeline *l, bool many)
{
	struct strbuf label = STRBUF_INIT, what = STRBUF_INIT;
	struct show_time at;

	if (l->held == NULL)
		return;
	show_time_read(text_of(l->held, "timestamp"), &at);
	add_heading(l, &at, many);
	strbuf_addf(
	    &label, "  %8.8s  %.80s", at.clock, text_of(l->held, "task"));
	add_what(l, &what);
	paragraph(strbuf_text(&label), INDENT_TASK, strbuf_text(&what), l->to);
	strbuf_clear(&what);
	add_cut(text_of(l->held, "filename"), &what);
	paragraph("", INDENT_FILE, strbuf_text(&what), l->to);
	strbuf_free(&label);
	strbuf_free(&what);
	l->held = NULL;
}

static void
add_timeline(const struct json *d, struct strbuf *to)
{
	const struct json *tasks = json_get(d, "tasks");
	bool many = json_get_int(d, "triggers", 0) > 1;
	struct timeline l = {.to = to, .verdicts = json_get(d, "verdicts")};

	for (size_t i = 0; i < json_count(tasks); i++) {
		const struct json *task = json_at(tasks, i);
		struct show_time at;

		if (l.held != NULL && is_same(l.held, task)) {
			l.times++;
		} else {
			write_held(&l, many);
			l.held = task;
			l.times = 1;
		}
		show_time_read(text_of(task, "timestamp"), &at);
		str_copy(l.until, sizeof(l.until), at.clock);
	}
	write_held(&l, many);
}

void
show_device(const struct json *device, struct strbuf *to)
{
	add_head(device, to);
	add_note(text_of(device, "note"), to);
	add_verdicts(device, to);
	add_timeline(device, to);
}

/* Where the captures of both ends say that nothing was lost, it does not matter
 * that something took a second attempt. */
bool
show_device_is_plain(const struct json *device)
{
	const struct json *list = json_get(device, "verdicts");
	enum outcome o = outcome_find(text_of(device, "status"));
	enum severity s = severity_find(text_of(device, "severity"));

	for (size_t i = 0; i < json_count(list); i++)
		if (json_get_int(json_at(list, i), "exitStatus", -1) != 0)
			return false;
	return (o == OUTCOME_SUCCESS || o == OUTCOME_QUIET) &&
	       (s == SEVERITY_NORMAL ||
		   (s == SEVERITY_MINOR && json_count(list) > 0));
}
