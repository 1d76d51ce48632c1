/* check_campaign_summary.c - what the summary says of a night, and of whom. */
#include "unit.h"

#include <string.h>

#include "base/xmem.h"
#include "report/report.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

static struct fake_agent *
agent(struct rig *r)
{
	return &r->net->agents[0];
}

/* The night ends; the summary has these lines, "..." for the rest of one, and
 * none else between the counts and what was received. */
static void
lines_are(struct rig *r, const char *const *lines)
{
	struct strbuf said = STRBUF_INIT;
	const char *at, *end;

	rig_finish(r, 24 * 60 * MINUTE);
	report_summary(r->result, true, &said);
	at = strstr(strbuf_text(&said), "\n  ") + 3;
	for (; *lines != NULL; lines++, at = end + 3) {
		const char *rest = strstr(*lines, "...");
		size_t len =
		    rest != NULL ? (size_t)(rest - *lines) : strlen(*lines);

		end = strchr(at, '\n');
		ck_assert_msg(strncmp(at, *lines, len) == 0 &&
				  (rest != NULL || at + len == end),
		    "%s is not in\n%s", *lines, strbuf_text(&said));
	}
	ck_assert_msg(at[-2] != ' ', "more in\n%s", strbuf_text(&said));
	strbuf_free(&said);
	rig_free(r);
}
#define LINES_ARE(r, ...) \
	lines_are((r), (const char *const[]){__VA_ARGS__, NULL})

#define BEATS \
	"verify = { heartbeat = \"10s\"; }; trigger = { heartbeat_lost = 3; };"

START_TEST(devices_without_a_heartbeat_together_are_this_hosts_network)
{
	struct rig *r =
	    rig_waiting(3, BEATS "campaign = { window = \"1h\"; };");

	for (size_t i = 0; i < 3; i++)
		r->devices[i].beats_silent = true;
	rig_advance(r, 5 * MINUTE);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(r->result->devices[i].triggers, 0);
	LINES_ARE(r,
	    "MINOR this host's own network: 3 of 3 devices were without a "
	    "heartbeat together, between ...");
}
END_TEST

START_TEST(a_device_that_lost_its_heartbeat_alone_has_an_event)
{
	struct rig *r =
	    rig_waiting(3, BEATS "campaign = { window = \"1h\"; };");

	r->devices[1].beats_silent = true;
	rig_advance(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->devices[0].events, 0);
	ck_assert_int_eq(r->result->devices[1].events, 1);
	ck_assert_int_eq(r->result->devices[1].outcome, OUTCOME_SUCCESS);
	ck_assert_int_eq(r->result->together.first, 0);
	rig_free(r);
}
END_TEST

START_TEST(one_sided_devices_of_one_cause_share_a_line_that_has_it)
{
	struct rig *r = rig_new(3, "");

	fake_agent_rule(agent(r), REQUEST_CAPTURE, 503, 2);
	agent(r)->info[REQUEST_CAPTURE] = "{\"reason\":\"tcpdump ended with "
					  "status 1: dummy0: No such device "
					  "exists\"}";
	rig_start(r);
	rig_until(r, 2, "capturing");
	for (size_t i = 0; i < 3; i++)
		rig_lost(r, i);
	LINES_ARE(r,
	    "MINOR one-sided: 192.0.2.1, 192.0.2.2: 1 of 1 event captured; the "
	    "server did not capture: 503 Service Unavailable: tcpdump ended "
	    "with status 1: dummy0: No such device exists");
}
END_TEST

/* Two causes, and what both mean. */
START_TEST(an_agent_that_was_killed_lacks_its_verify_and_was_not_told)
{
	struct rig *r = rig_waiting(2, "");

	rig_advance(r, MINUTE);
	agent(r)->silent = true;
	rig_lost(r, 0);
	rig_lost(r, 1);
	LINES_ARE(r,
	    "MINOR one-sided: 192.0.2.1, 192.0.2.2: 1 of 1 event captured; the "
	    "agent did not answer VERIFY: no answer to VERIFY from the agent: "
	    "it answered until 2026-11-23T04:00:00...",
	    "MINOR agents not told: 192.0.2.1, 192.0.2.2: no answer to STOP "
	    "from the agent: it answered until 2026-11-23T04:00:00...");
}
END_TEST

START_TEST(an_agent_that_is_silent_to_stop_was_not_told)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	agent(r)->silent = true;
	LINES_ARE(r,
	    "MINOR one-sided: 192.0.2.1: 1 of 1 event captured; the agent did "
	    "not keep its capture at STOP",
	    "MINOR agents not told: 192.0.2.1: no answer to STOP ...");
}
END_TEST

START_TEST(a_stop_that_is_refused_has_its_cause)
{
	struct rig *r = rig_waiting(1, "");

	fake_agent_rule(agent(r), REQUEST_STOP, 503, 1);
	agent(r)->info[REQUEST_STOP] = "{\"reason\":\"the disk is full\"}";
	rig_lost(r, 0);
	LINES_ARE(r,
	    "MINOR one-sided: 192.0.2.1: 1 of 1 event captured; the agent did "
	    "not keep its capture at STOP: 503 Service Unavailable: the disk "
	    "is full");
}
END_TEST

static void
begins_with(int n_devices, const char *said)
{
	struct rig *r;

	unit_log_keep(LOGGING_NOTICE);
	r = rig_new(n_devices, "");
	rig_start(r);
	ck_assert_ptr_nonnull(strstr(unit_logged(), said));
	rig_free(r);
}

START_TEST(one_device_is_one)
{
	begins_with(1, ", 1 device; the window ends: ");
	begins_with(2, ", 2 devices; the window ends: ");
}
END_TEST

START_TEST(an_old_list_of_devices_is_told_with_its_age)
{
	struct rig *r = rig_waiting(1, "");
	struct inventory_section *s = &r->files->campaign->inventory;
	struct arena *values = r->conf->values;

	s->program = arena_alloc(values, 1, sizeof(*s->program));
	s->program[0] = arena_text(values, "/srv/list");
	s->n_program = 1;
	s->n_listed = 1;
	s->kept_why = arena_text(values, "it ended with status 1");
	s->kept_at = r->result->started - 90 * MINUTE;
	rig_lost(r, 0);
	LINES_ARE(r,
	    "MINOR old list of devices: /srv/list: it ended with status 1; its "
	    "list of 2026-11-23T02:30:00.000Z is used, 1h 30m old, 1 device");
}
END_TEST

UNIT_MAIN("campaign_summary", an_old_list_of_devices_is_told_with_its_age,
    devices_without_a_heartbeat_together_are_this_hosts_network,
    a_device_that_lost_its_heartbeat_alone_has_an_event, one_device_is_one,
    one_sided_devices_of_one_cause_share_a_line_that_has_it,
    an_agent_that_was_killed_lacks_its_verify_and_was_not_told,
    an_agent_that_is_silent_to_stop_was_not_told,
    a_stop_that_is_refused_has_its_cause)
