/* status_metrics.c - see status_metrics.h. */
#include "agent/status_metrics.h"

#include "agent/status_text.h"
#include "base/metrics.h"

static void
gauge(struct metrics *m, const char *name, const char *help, int64_t value)
{
	metrics_one(m, name, METRICS_GAUGE, help, value);
}

static void
counter(struct metrics *m, const char *name, const char *help, int64_t value)
{
	metrics_one(m, name, METRICS_COUNTER, help, value);
}

static void
seconds(struct metrics *m, const char *name, const char *help, int64_t ms)
{
	metrics_family(m, name, METRICS_GAUGE, help);
	metrics_sample(m, NULL, 0, ms, 3);
}

static void
sample(struct metrics *m, const char *label, const char *value, int64_t n)
{
	const struct metrics_label l = {label, value};

	metrics_sample(m, &l, 1, n, 0);
}

static void
tell_agent(const struct agent_status *s, struct metrics *m)
{
	const struct status_facts *f = &s->all;

	metrics_family(m, "build_info", METRICS_GAUGE,
	    "Always 1, with the version of the agent that runs.");
	sample(m, "version", f->version, 1);
	seconds(m, "start_time_seconds",
	    "When the agent was started, since 1970.", f->started);
	seconds(m, "uptime_seconds", "How long the agent has been running.",
	    f->uptime);
	metrics_family(m, "devices", METRICS_GAUGE,
	    "Devices that the agent knows, by what it does with them.");
	for (int i = 0; i < STATUS_STATES; i++)
		sample(m, "state", status_state_names[i],
		    status_devices_in(s, (enum status_state)i));
	gauge(m, "forwarding_rules",
	    "Rules that are, or may be, in OVOC because of the agent.",
	    status_rules(s));
	counter(m, "captures_begun_total", "Captures that have begun.",
	    f->captures_begun);
	counter(m, "packets_dropped_total",
	    "Packets that the kernel dropped in captures that have ended.",
	    f->packets_dropped);
}

static void
tell_requests(const struct mailbox_counts *n, struct metrics *m)
{
	counter(m, "requests_total", "Requests that were taken.", n->requests);
	metrics_family(m, "datagrams_ignored_total", METRICS_COUNTER,
	    "Datagrams that got no answer, by what is wrong with them.");
	sample(m, "reason", "sender", n->refused);
	sample(m, "reason", "malformed", n->malformed);
	sample(m, "reason", "not authentic", n->unproven);
	counter(m, "datagrams_dropped_total",
	    "Datagrams that the kernel dropped, as the agent was busy.",
	    n->dropped);
}

static void
tell_room(const struct agent_status *s, struct metrics *m)
{
	const struct status_facts *f = &s->all;

	metrics_family(m, "captures_bytes", METRICS_GAUGE,
	    "What captures take on the disk.");
	sample(m, "captures", "running", status_running_bytes(s));
	if (f->finished >= 0)
		sample(m, "captures", "finished", f->finished);
	if (f->free >= 0)
		gauge(m, "disk_free_bytes",
		    "Free bytes on the disk of the captures.", f->free);
	gauge(m, "disk_min_free_bytes", "How many of them captures leave free.",
	    f->min_free);
	gauge(m, "disk_left_bytes",
	    "What is left for captures that are still to begin.", f->left);
	gauge(m, "capture_ring_bytes",
	    "What one capture has to find of that to begin.", f->ring);
}

static void
tell_ovoc(const struct ovoc_health *h, struct metrics *m)
{
	if (h->answered != 0 || h->failed != 0)
		gauge(m, "ovoc_reachable",
		    "Whether OVOC answered when it was last asked.",
		    h->reachable);
	if (h->login != OVOC_UNTRIED)
		gauge(m, "ovoc_login_refused",
		    "Whether OVOC refused the login when it was last tried.",
		    h->login == OVOC_REFUSED);
	seconds(m, "ovoc_backoff_seconds",
	    "How long it is not asked, after it refused the login.", h->pause);
	if (h->answered != 0)
		seconds(m, "ovoc_last_answer_timestamp_seconds",
		    "When OVOC last answered, since 1970.", h->answered);
	gauge(m, "ovoc_requests_waiting",
	    "Requests to OVOC that wait or are under way.", h->waiting);
}

void
status_metrics(const struct agent_status *s, struct strbuf *to)
{
	struct metrics m = {.to = to, .prefix = "traffic_capture_agent"};

	gauge(&m, "up", "Whether the agent runs and answers.", s != NULL);
	if (s == NULL)
		return;
	tell_agent(s, &m);
	tell_requests(&s->all.mail, &m);
	tell_room(s, &m);
	if (s->all.manages_rules)
		tell_ovoc(&s->all.ovoc, &m);
}
