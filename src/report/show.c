/* show.c - see show.h.  Called by the command; the devices are show_device.c's.
 *
 * They are read one at a time: a report may have ten thousand.
 */
#include "report/show.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_parts.h"
#include "base/xmem.h"
#include "books/result.h"
#include "report/paragraph.h"
#include "report/show_device.h"
#include "report/show_groups.h"
#include "report/show_words.h"

#define SCHEMA 1

struct show {
	struct show_wish *wish;
	bool *matched; /* by pattern */
	struct strbuf devices;
	size_t n; /* of all of them */
	size_t
	    others[OUTCOME_COUNT]; /* not shown, by outcome; 0: of no known */
};

/* --- devices --- */

static bool
is_matched(const struct json *d, const char *glob)
{
	const char *name = json_get_text(d, "name", "");

	return fnmatch(glob, json_get_text(d, "device", ""), 0) == 0 ||
	       (name[0] != '\0' && fnmatch(glob, name, 0) == 0);
}

static bool
is_wished(struct show *s, const struct json *d)
{
	bool wished = false;

	for (size_t i = 0; i < s->wish->n_globs; i++)
		if (is_matched(d, s->wish->globs[i]))
			wished = s->matched[i] = true;
	return s->wish->n_globs > 0 ? wished : !show_device_is_plain(d);
}

static bool
on_device(void *arg, const struct json *d)
{
	struct show *s = arg;
	enum outcome o = outcome_find(json_get_text(d, "status", ""));

	s->n++;
	if (is_wished(s, d)) {
		strbuf_add(&s->devices, "\n");
		show_device(d, &s->devices);
	} else {
		s->others[o == OUTCOME_COUNT ? OUTCOME_NONE : o]++;
	}
	return true;
}

static void
add_others(const struct show *s, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;
	size_t n = 0;

	for (int i = 0; i < OUTCOME_COUNT; i++) {
		n += s->others[i];
		if (s->others[i] > 0)
			strbuf_addf(&b, "%s%zu %s", b.len > 0 ? ", " : "",
			    s->others[i], outcome_name((enum outcome)i));
	}
	if (n > 0 && s->wish->n_globs == 0)
		strbuf_addf(to,
		    "\nAll is well with %zu%s device%s: %s; -d "
		    "shows %s\n",
		    n, n == s->n ? "" : " other", n == 1 ? "" : "s",
		    strbuf_text(&b), n == 1 ? "it" : "them");
	strbuf_free(&b);
}

/* --- the run --- */

/* A label and a text, in one paragraph. */
static void
add_line(const char *label, const char *text, struct strbuf *to)
{
	char *line = xasprintf("%s%s", label, text);

	if (text[0] != '\0')
		paragraph("", 0, line, to);
	free(line);
}

static void
add_times(const struct json *r, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;
	struct show_time from, until;
	char span[CLOCK_TEXT_MAX];

	show_time_read(json_get_text(r, "started", ""), &from);
	show_time_read(json_get_text(r, "ended", ""), &until);
	strbuf_addf(&b, "%s %s", from.date, from.clock);
	if (until.date[0] != '\0') {
		strbuf_add(&b, " to ");
		if (strcmp(from.date, until.date) != 0)
			strbuf_addf(&b, "%s ", until.date);
		strbuf_addf(&b, "%s, took %s", until.clock,
		    clock_span(until.wall_ms - from.wall_ms, span));
	}
	strbuf_addf(&b, "; times are local (%s", from.zone);
	/* Summer time ended, or began. */
	if (until.date[0] != '\0' && strcmp(from.zone, until.zone) != 0)
		strbuf_addf(&b, ", %s at the end", until.zone);
	strbuf_add(&b, ")");
	add_line("From ", from.date[0] != '\0' ? strbuf_text(&b) : "", to);
	strbuf_free(&b);
}

static void
add_status(const struct json *r, struct strbuf *to)
{
	int64_t status = json_get_int(r, "exitStatus", -1);
	const char *words = show_status_words(status);
	struct strbuf b = STRBUF_INIT;

	strbuf_add_int(&b, status);
	if (words != NULL)
		strbuf_addf(&b, ": %s", words);
	add_line("Exit status ", status >= 0 ? strbuf_text(&b) : "", to);
	strbuf_free(&b);
}

static void
add_counts(const struct json *summary, size_t devices, struct strbuf *to)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, "%zu", devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++) {
		const char *name = outcome_name((enum outcome)i);
		int64_t n = json_get_int(summary, name, 0);

		if (n > 0)
			strbuf_addf(&b, ", %" PRId64 " %s", n, name);
	}
	add_line("Devices: ", strbuf_text(&b), to);
	strbuf_clear(&b);
	strbuf_addf(&b, "%" PRId64 ", %" PRId64 " bytes",
	    json_get_int(summary, "events", 0),
	    json_get_int(summary, "bytes", 0));
	add_line("Events captured: ", strbuf_text(&b), to);
	strbuf_free(&b);
}

static void
add_run(const struct json *r, const struct show *s, struct strbuf *to)
{
	const struct json *summary = json_get(r, "summary");
	char *name = xasprintf("%s, run %s, version %s",
	    json_get_text(r, "campaign", "?"), json_get_text(r, "run", "?"),
	    json_get_text(r, "version", "?"));

	add_line("Campaign ", name, to);
	free(name);
	add_times(r, to);
	add_line("Note: ", json_get_text(r, "note", ""), to);
	add_status(r, to);
	add_counts(summary, s->n, to);
	add_line("Trouble on the campaign's host: ",
	    json_get_text(summary, "trouble", ""), to);
}

/* --- the report --- */

static bool
is_report(const struct json *r, struct fail *why)
{
	int64_t schema = json_get_int(r, "schema", 0);

	if (r == NULL)
		fail_set(why, FAIL_LOCAL,
		    "it is cut off, or no report of this program");
	else if (schema < SCHEMA || !json_is_array(json_get(r, "devices")))
		fail_set(why, FAIL_LOCAL, "it is no report of this program");
	else if (schema > SCHEMA)
		fail_set(why, FAIL_LOCAL,
		    "it is of a newer version, whose traffic-capture shows it");
	else
		return true;
	return false;
}

static const char *
first_unmatched(const struct show *s)
{
	for (size_t i = 0; i < s->wish->n_globs; i++)
		if (!s->matched[i])
			return s->wish->globs[i];
	return NULL;
}

bool
show_report(const char *text, size_t len, struct show_wish *wish,
    struct strbuf *to, struct fail *why)
{
	struct show s = {.wish = wish};
	struct json *r;
	bool ok;

	s.matched = xcalloc(wish->n_globs, sizeof(*s.matched));
	r = json_parse_parts(text, len, "devices", on_device, &s);
	ok = is_report(r, why);
	wish->unmatched = ok ? first_unmatched(&s) : NULL;
	if (ok) {
		add_run(r, &s, to);
		show_groups(r, to);
		strbuf_add_bytes(to, strbuf_text(&s.devices), s.devices.len);
		add_others(&s, to);
	}
	json_free(r);
	strbuf_free(&s.devices);
	free(s.matched);
	return ok;
}
