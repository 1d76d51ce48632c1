/* summary.c - how a run went, for people.
 *
 * One line for each thing worth knowing, the devices by name behind it; those
 * of which the same is said stand together.
 */
#include "report/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "conf/device_label.h"
#include "conf/inventory.h"
#include "report/counts.h"
#include "report/losses.h"
#include "wire/agent_message.h"
#include "conf/conf_load.h"

/* So many devices are named in a line, and so many different lines are said of
 * devices: the rest is counted. */
#define NAMES_MAX  10
#define GROUPS_MAX 40
/* So much of a cause is said; the report has it whole. */
#define CAUSE_MAX 200

/* Of these devices the same is said. */
struct group {
	char *what, *text; /* before and behind the names; text may be "" */
	struct strbuf names;
	size_t n;
};
struct groups {
	struct group of[GROUPS_MAX];
	size_t n;
	size_t more; /* devices that found no place */
};

static struct group *
group_for(struct groups *g, const char *what, const char *text)
{
	for (size_t i = 0; i < g->n; i++)
		if (strcmp(g->of[i].what, what) == 0 &&
		    strcmp(g->of[i].text, text) == 0)
			return &g->of[i];
	if (g->n == GROUPS_MAX)
		return NULL;
	g->of[g->n] = (struct group){
	    .what = xstrdup(what), .text = xstrdup(text), .names = STRBUF_INIT};
	return &g->of[g->n++];
}

/* How long the device's own address and the colon behind it are there; 0: it is
 * another word. */
static size_t
own_address(const char *at, const char *address)
{
	size_t n = strlen(address);

	if (at[0] == '[' && str_starts(at + 1, address) &&
	    str_starts(at + 1 + n, "]:"))
		return n + 3;
	return str_starts(at, address) && at[n] == ':' ? n + 1 : 0;
}

/* The names say whose it is: "port 443: Connection refused" is then the same
 * text of every device. */
static char *
without_address(const char *text, const char *address)
{
	struct strbuf b = STRBUF_INIT;
	const char *at = text;

	while (*at != '\0') {
		bool begins = at == text || strchr(" (", at[-1]) != NULL;
		size_t n = begins ? own_address(at, address) : 0;

		at += n;
		if (n > 0 && *at >= '0' && *at <= '9')
			strbuf_add(&b, "port ");
		else if (n > 0)
			at += *at == ' ';
		if (*at != '\0')
			strbuf_add_bytes(&b, at++, 1);
	}
	return strbuf_take(&b);
}

static void
group_add(struct groups *g, const char *what, const char *text,
    const struct device_result *d)
{
	char *shared = without_address(text, d->conf->address);
	struct group *of = group_for(g, what, shared);
	char label[DEVICE_LABEL_MAX];

	free(shared);
	if (of == NULL) {
		g->more++;
		return;
	}
	if (of->n++ < NAMES_MAX)
		strbuf_addf(&of->names, "%s%s", of->names.len > 0 ? ", " : "",
		    device_label(d->conf, label));
}

static void
groups_print(struct groups *g, struct strbuf *to)
{
	for (size_t i = 0; i < g->n; i++) {
		struct group *of = &g->of[i];

		strbuf_addf(to, "  %s: %s", of->what, strbuf_text(&of->names));
		if (of->n > NAMES_MAX)
			strbuf_addf(to, " and %zu more", of->n - NAMES_MAX);
		strbuf_addf(
		    to, "%s%s\n", of->text[0] != '\0' ? ": " : "", of->text);
		strbuf_free(&of->names);
		free(of->what);
		free(of->text);
	}
	if (g->more > 0)
		strbuf_addf(to, "  and more, see the report: %zu\n", g->more);
	free(g);
}

static struct groups *
groups_new(void)
{
	return xcalloc(1, sizeof(struct groups));
}

/* --- what is looked for in a device --- */

/* The first row of the task that ended so; `code` 0: with any. */
static const struct row *
find_row(
    const struct device_result *d, enum task task, enum task_status s, int code)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next)
		if (row->task == task && row->status == s &&
		    (code == 0 || row->code == code))
			return row;
	return NULL;
}

/* Nothing came back: not even 100 Trying. */
static bool
is_silence(const struct row *row)
{
	return row->status == TASK_FAILURE && row->code == 0 &&
	       str_starts(row->description, "no answer to ");
}

static const struct row *
find_silence(const struct device_result *d, enum task task)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next)
		if (row->task == task && is_silence(row))
			return row;
	return NULL;
}

static size_t
count_failed(const struct run_result *r, enum task task, int code)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += find_row(&r->devices[i], task, TASK_FAILURE, code) != NULL;
	return n;
}

/* --- lines --- */

/* The note of the answer that told it, "": none is there. */
static const char *
note_of_end(const struct device_result *d)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next)
		if (row->event == d->lack_event && row->note != NULL &&
		    (row->task == TASK_OVOC_VERIFY ||
			row->task == TASK_OVOC_STOP))
			return row->note;
	return "";
}

/* Why a one-sided device lacks what it lacks, as far as a row says it and no
 * other line does; "": none. */
static const char *
cause_of(const struct device_result *d)
{
	static const enum task tasks[LACK_COUNT] = {
	    [LACK_CAPTURE] = TASK_OVOC_CAPTURE,
	    [LACK_VERIFY] = TASK_OVOC_VERIFY,
	    [LACK_STOP] = TASK_OVOC_STOP,
	};
	const struct row *row;

	if (d->lacks == LACK_END)
		return note_of_end(d);
	row = result_last(d, tasks[d->lacks], d->lack_event);
	if (row == NULL || row->status != TASK_FAILURE ||
	    (d->lacks == LACK_STOP && is_silence(row)))
		return "";
	return row->description;
}

static void
add_one_sided(struct groups *g, const struct device_result *d)
{
	const char *text = d->description != NULL ? d->description : "";
	char cause[CAUSE_MAX], *line;

	str_copy(cause, sizeof(cause), cause_of(d));
	line = xasprintf("%s%s%s", text, cause[0] != '\0' ? ": " : "", cause);
	group_add(g, "MINOR one-sided", line, d);
	free(line);
}

/* How it ended, where that is not as it should be; nor what somebody may have
 * forgotten. */
static void
add_outcome(struct groups *g, const struct device_result *d)
{
	char what[64];
	bool worth_it = d->outcome == OUTCOME_FAILED ||
			d->outcome == OUTCOME_PARTIAL ||
			d->severity == SEVERITY_CRITICAL;

	if (d->outcome == OUTCOME_ONE_SIDED)
		add_one_sided(g, d);
	if (d->outcome == OUTCOME_SKIPPED)
		group_add(g, "skipped", "skip = true", d);
	if (d->outcome == OUTCOME_ONE_SIDED || !worth_it)
		return;
	snprintf(what, sizeof(what), "%s %s", severity_name(d->severity),
	    outcome_name(d->outcome));
	group_add(g, what, d->description != NULL ? d->description : "", d);
}

static void
add_server_side(struct groups *g, const struct device_result *d)
{
	const struct row *row = find_row(d, TASK_OVOC_CAPTURE, TASK_FAILURE, 0);

	/* Of a one-sided one it was said. */
	if (row != NULL && d->outcome != OUTCOME_ONE_SIDED)
		group_add(g,
		    "MINOR without the server's capture, or part of it",
		    row->description, d);
	row = find_row(d, TASK_OVOC_STOP, TASK_SKIPPED, 0);
	if (row == NULL)
		row = find_silence(d, TASK_OVOC_STOP);
	if (row != NULL)
		group_add(g, "MINOR agents not told", row->description, d);
}

static void
add_impossible(struct groups *g, const struct device_result *d)
{
	char what[64];

	for (int k = 0; k < VERIFY_KINDS; k++) {
		const struct row *row = find_row(
		    d, task_of_probe((enum verify_kind)k), TASK_SKIPPED, 0);

		if (row == NULL)
			continue;
		snprintf(what, sizeof(what), "MINOR %s not sent",
		    verify_kind_name((enum verify_kind)k));
		group_add(g, what, row->description, d);
	}
}

static void
add_near_misses(struct groups *g, const struct device_result *d)
{
	if (d->near_misses > 0)
		group_add(g, "MINOR near misses",
		    "alarms that have trigger.text in them, but not at their "
		    "beginning; see the report",
		    d);
}

static void
summarize_devices(const struct run_result *r, struct strbuf *to)
{
	static void (*const lines[])(
	    struct groups * g, const struct device_result *d) = {
	    add_outcome, add_server_side, add_impossible, add_near_misses};

	for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++) {
		struct groups *g = groups_new();

		for (size_t i = 0; i < r->n_devices; i++)
			lines[k](g, &r->devices[i]);
		groups_print(g, to);
	}
}

static void
add_count(const char *name, size_t n, struct strbuf *to)
{
	if (n > 0)
		strbuf_addf(to, "%s %s %zu", to->len > 0 ? "," : "", name, n);
}

/* A device that was captured well may have told nothing. */
static void
summarize_probes(const struct run_result *r, struct strbuf *to)
{
	struct strbuf text = STRBUF_INIT;

	for (int k = 0; k < VERIFY_KINDS; k++)
		add_count(verify_kind_name((enum verify_kind)k),
		    count_failed(r, task_of_probe((enum verify_kind)k), 0),
		    &text);
	add_count("the server's",
	    count_failed(r, TASK_OVOC_VERIFY, AGENT_FLOW_FAILED), &text);
	if (text.len > 0)
		strbuf_addf(to,
		    "  MINOR devices with unanswered probes:%s; see the "
		    "report\n",
		    strbuf_text(&text));
	strbuf_free(&text);
}

/* What no event came of, for it was not the devices. */
static void
summarize_together(const struct silent_together *t, struct strbuf *to)
{
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	if (t->first == 0)
		return;
	strbuf_addf(to,
	    "  MINOR this host's own network: %zu of %zu devices were without "
	    "a heartbeat together, between %s and %s; no event came of it\n",
	    t->devices, t->of, clock_rfc3339(t->first, from),
	    clock_rfc3339(t->last, until));
}

/* A blocked port must not look like a quiet night. */
static void
summarize_agent(
    const struct run_result *r, const struct agent_result *a, struct strbuf *to)
{
	char when[CLOCK_TEXT_MAX];

	if (a->last == 0) {
		strbuf_addf(to,
		    "  %s: MINOR nothing was ever received from OVOC %s on "
		    "UDP %d\n",
		    a->conf->address, a->conf->address,
		    campaign_conf_port(r->conf));
		return;
	}
	strbuf_addf(to, "  %s: %" PRIu64 " alarm%s, %" PRIu64 " answer%s",
	    a->conf->address, a->alarms, a->alarms == 1 ? "" : "s", a->answers,
	    a->answers == 1 ? "" : "s");
	if (a->refused > 0)
		strbuf_addf(to, ", %" PRIu64 " refused", a->refused);
	strbuf_addf(to, ", the last datagram at %s%s\n",
	    clock_rfc3339(a->last, when),
	    a->earlier_version && a->answers > 0
		? " (an agent of version 1.0.6)"
		: "");
}

static void
summarize_received(const struct run_result *r, struct strbuf *to)
{
	strbuf_add(to, "Received from OVOC servers:\n");
	for (size_t i = 0; i < r->n_agents; i++)
		summarize_agent(r, &r->agents[i], to);
	if (r->refused + r->dropped > 0)
		strbuf_addf(to,
		    "  %" PRIu64 " datagram%s refused, %" PRIu64
		    " dropped for want of buffer space%s\n",
		    r->refused, r->refused == 1 ? "" : "s", r->dropped,
		    r->dropped > 0 ? ": raise net.core.rmem_max" : "");
}

static void
summarize_outcomes(const struct run_result *r, struct strbuf *to)
{
	struct report_counts n = report_count(r);

	strbuf_addf(to, "Devices: %zu", r->n_devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		if (n.outcomes[i] > 0)
			strbuf_addf(to, ", %zu %s", n.outcomes[i],
			    outcome_name((enum outcome)i));
	strbuf_add(to, "\n");
}

static void
summarize_counts(const struct run_result *r, struct strbuf *to)
{
	struct report_counts n = report_count(r);

	summarize_outcomes(r, to);
	strbuf_addf(
	    to, "Events captured: %zu, %" PRIu64 " bytes\n", n.events, n.bytes);
}

static void
summarize_head(const struct run_result *r, struct strbuf *to)
{
	char span[CLOCK_TEXT_MAX], from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	strbuf_addf(to,
	    "Campaign %s, run %s, version " VERSION "\n"
	    "From %s to %s, took %s%s\n",
	    r->conf->campaign.name, r->run, clock_rfc3339(r->started, from),
	    clock_rfc3339(r->ended, until), clock_span(r->took, span),
	    r->interrupted ? "; interrupted, what was cut short is in the "
			     "report"
			   : "");
}

/* Devices may have come and gone since. */
static void
summarize_list(const struct run_result *r, struct strbuf *to)
{
	const struct inventory_section *s = &r->conf->inventory;

	if (s->kept_why == NULL)
		return;
	strbuf_add(to, "  MINOR old list of devices: ");
	inventory_old_text(s, r->started, to);
	strbuf_add(to, "\n");
}

void
summary_of_run(const struct run_result *r, struct strbuf *to)
{
	summarize_head(r, to);
	summarize_counts(r, to);
	summarize_list(r, to);
	summarize_devices(r, to);
	summarize_probes(r, to);
	summarize_together(&r->together, to);
	losses_summarize(r, to);
	summarize_received(r, to);
	if (r->trouble != NULL)
		strbuf_addf(to, "Trouble on this host: %s\n", r->trouble);
}

/* --- a probe --- */

/* Everything that is not as it should be, and what to do. */
static void
add_findings(struct groups *g, const struct device_result *d)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next) {
		char *what, *text;

		if (row->severity == SEVERITY_NORMAL)
			continue;
		what = xasprintf("%s %s", severity_name(row->severity),
		    task_name(row->task));
		text = xasprintf("%s%s%s", row->description,
		    row->note != NULL ? "; " : "",
		    row->note != NULL ? row->note : "");
		group_add(g, what, text, d);
		free(what);
		free(text);
	}
}

static void
summarize_agents(const struct run_result *r, struct strbuf *to)
{
	char text[CLOCK_AHEAD_MAX];

	strbuf_add(to, "Agents:\n");
	for (size_t i = 0; i < r->n_agents; i++) {
		const struct agent_result *a = &r->agents[i];

		strbuf_addf(to, "  %s: ", a->conf->address);
		if (a->answers == 0)
			strbuf_add(to, "no answer\n");
		else if (a->version == NULL)
			strbuf_addf(to, "it answers%s\n",
			    a->earlier_version ? ", of version 1.0.6" : "");
		else
			strbuf_addf(to,
			    "version %s, its clock is %s this host's\n",
			    a->version, clock_ahead(a->clock, text));
	}
}

void
summary_of_probe(const struct run_result *r, struct strbuf *to)
{
	struct groups *g = groups_new();

	summarize_head(r, to);
	summarize_outcomes(r, to);
	for (size_t i = 0; i < r->n_devices; i++)
		add_findings(g, &r->devices[i]);
	groups_print(g, to);
	summarize_agents(r, to);
	if (r->trouble != NULL)
		strbuf_addf(to, "Trouble on this host: %s\n", r->trouble);
}

/* --- recovery --- */

bool
summary_is_of_recovery(const struct run_result *r)
{
	const struct row *row;

	for (size_t i = 0; i < r->n_devices; i++)
		TAILQ_FOREACH (row, &r->devices[i].rows, next)
			if (row->task == TASK_RECOVER)
				return true;
	return false;
}

void
summary_of_recovery(const struct run_result *r, struct strbuf *to)
{
	struct groups *g = groups_new();
	const struct row *row;

	for (size_t i = 0; i < r->n_devices; i++) {
		TAILQ_FOREACH (row, &r->devices[i].rows, next) {
			if (row->task != TASK_RECOVER)
				continue;
			group_add(g,
			    row->status == TASK_SUCCESS
				? "finished"
				: severity_name(row->severity),
			    row->description, &r->devices[i]);
		}
	}
	if (summary_is_of_recovery(r))
		strbuf_addf(to, "Campaign %s, what earlier runs left:\n",
		    r->conf->campaign.name);
	groups_print(g, to);
	if (r->trouble != NULL)
		strbuf_addf(to, "Trouble on this host: %s\n", r->trouble);
}
