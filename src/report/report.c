/* report.c - writes the formats, and says in a few lines how the run went.
 */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "report/counts.h"
#include "report/csv.h"
#include "report/json_report.h"
#include "wire/agent_message.h"

/* A new format is a line here. */
static const struct {
	const char *file; /* in the run's folder */
	void (*format)(const struct run_result *r, struct sink *to);
} formats[] = {
    {"report.csv", csv_report},
    {"report.json", json_report},
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static char *
path_of(const struct run_result *r, size_t format)
{
	return xasprintf("%s/%s", r->folder, formats[format].file);
}

static void
put(void *to, const void *data, size_t len)
{
	atomic_file_write(to, data, len);
}

static bool
write_format(const struct run_result *r, size_t i, struct fail *why)
{
	char *path = path_of(r, i);
	struct atomic_file *f = atomic_file_open(path, why);
	struct sink to = {.put = put, .to = f};
	bool ok = f != NULL;

	if (ok) {
		formats[i].format(r, &to);
		sink_end(&to);
		ok = atomic_file_commit(f, why);
	}
	free(path);
	return ok;
}

bool
report_write(const struct run_result *r, struct fail *why)
{
	bool all = true;

	for (size_t i = 0; i < N_FORMATS; i++) {
		struct fail one;

		if (write_format(r, i, &one))
			continue;
		if (all)
			*why = one;
		all = false;
	}
	return all;
}

bool
report_is_written(const struct run_result *r)
{
	bool is = true;

	for (size_t i = 0; i < N_FORMATS && is; i++) {
		char *path = path_of(r, i);

		is = access(path, F_OK) == 0;
		free(path);
	}
	return is;
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
		    r->conf->campaign.listen_port);
		return;
	}
	strbuf_addf(to, "  %s: %" PRIu64 " alarms, %" PRIu64 " answers",
	    a->conf->address, a->alarms, a->answers);
	if (a->refused > 0)
		strbuf_addf(to, ", %" PRIu64 " refused", a->refused);
	strbuf_addf(to, ", the last datagram at %s%s\n",
	    clock_rfc3339(a->last, when),
	    a->earlier_version && a->answers > 0
		? " (an agent of version 1.0.6)"
		: "");
}

static void
summarize_failed(const struct device_result *d, struct strbuf *to)
{
	if (d->outcome != OUTCOME_FAILED && d->outcome != OUTCOME_PARTIAL &&
	    d->severity != SEVERITY_CRITICAL)
		return;
	strbuf_addf(to, "  %s %s: %s\n", severity_name(d->severity),
	    d->conf->address, d->description);
}

/* `code` 0: with any. */
static bool
has_failed(const struct device_result *d, enum task task, int code)
{
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next)
		if (row->task == task && row->status == TASK_FAILURE &&
		    (code == 0 || row->code == code))
			return true;
	return false;
}

/* In how many devices? */
static size_t
count_failed(const struct run_result *r, enum task task, int code)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += has_failed(&r->devices[i], task, code);
	return n;
}

static void
summarize_server_side(const struct run_result *r, struct strbuf *to)
{
	size_t n = count_failed(r, TASK_OVOC_CAPTURE, 0);

	if (n > 0)
		strbuf_addf(to,
		    "  MINOR %zu device%s without the server's capture, or "
		    "part of it: see the report and the agent's log\n",
		    n, n == 1 ? "" : "s");
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
		    count_failed(r, (enum task)(TASK_ICMP + k), 0), &text);
	add_count("the server's",
	    count_failed(r, TASK_OVOC_VERIFY, AGENT_FLOW_FAILED), &text);
	if (text.len > 0)
		strbuf_addf(to,
		    "  MINOR devices with unanswered probes:%s; see the "
		    "report\n",
		    strbuf_text(&text));
	strbuf_free(&text);
}

static void
summarize_files(const struct run_result *r, bool written, struct strbuf *to)
{
	if (!written) {
		strbuf_addf(to,
		    "Reports: not written, see above; what happened is in "
		    "%s/" RUN_JOURNAL "\n",
		    r->folder);
		return;
	}
	strbuf_addf(to, "Reports: %s/", r->folder);
	for (size_t i = 0; i < N_FORMATS; i++)
		strbuf_addf(to, "%s, ", formats[i].file);
	strbuf_add(to, RUN_CAPTURES "/\n");
}

void
report_summary(const struct run_result *r, bool written, struct strbuf *to)
{
	struct report_counts n = report_count(r);
	char span[CLOCK_TEXT_MAX];

	strbuf_addf(to, "Campaign %s, run %s, took %s\n",
	    r->conf->campaign.name, r->run, clock_span(r->took, span));
	strbuf_addf(to, "Devices: %zu", r->n_devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		if (n.outcomes[i] > 0)
			strbuf_addf(to, ", %zu %s", n.outcomes[i],
			    outcome_name((enum outcome)i));
	strbuf_addf(to, "\nEvents captured: %zu, %" PRIu64 " bytes\n", n.events,
	    n.bytes);
	for (size_t i = 0; i < r->n_devices; i++)
		summarize_failed(&r->devices[i], to);
	summarize_server_side(r, to);
	summarize_probes(r, to);
	strbuf_add(to, "Received from OVOC servers:\n");
	for (size_t i = 0; i < r->n_agents; i++)
		summarize_agent(r, &r->agents[i], to);
	if (r->refused + r->dropped > 0)
		strbuf_addf(to,
		    "  %" PRIu64 " datagrams refused, %" PRIu64
		    " dropped for want of buffer space%s\n",
		    r->refused, r->dropped,
		    r->dropped > 0 ? ": raise net.core.rmem_max" : "");
	if (r->trouble != NULL)
		strbuf_addf(to, "Trouble on this host: %s\n", r->trouble);
	summarize_files(r, written, to);
}
