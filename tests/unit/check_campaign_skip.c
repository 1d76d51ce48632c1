/* check_campaign_skip.c - devices that take no part: in the report, not asked,
 * not failed; and what an earlier run left on one of them. */
#include "unit.h"

#include <string.h>

#include "report/report.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define SKIPPED                                                        \
	"devices = ( { address = \"192.0.9.9\"; name = \"branch 9\"; " \
	"interfaces = [ \"eth-wan\" ]; skip = true; agent = "          \
	"\"198.51.100.9\"; } );"

static char *
summary(const struct rig *r)
{
	struct strbuf text = STRBUF_INIT;

	report_summary(r->result, true, &text);
	return strbuf_take(&text);
}

START_TEST(a_skipped_device_is_reported_and_nobody_is_asked_of_it)
{
	struct rig *r = rig_waiting(1, SKIPPED);
	const struct device_result *d = &r->result->devices[1];
	char *text;

	rig_lost(r, 0);
	rig_finish(r, 24 * 60 * MINUTE);
	ck_assert_uint_eq(r->result->n_devices, 2);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	ck_assert_str_eq(d->conf->address, "192.0.9.9");
	ck_assert_int_eq(d->outcome, OUTCOME_SKIPPED);
	ck_assert_int_eq(d->severity, SEVERITY_NORMAL);
	ck_assert_int_eq(d->n_rows, 1);
	ck_assert_int_eq(TAILQ_FIRST(&d->rows)->status, TASK_SKIPPED);
	ck_assert_str_eq(TAILQ_FIRST(&d->rows)->description,
	    "skip = true: it takes no part");
	/* Its agent is nobody's. */
	ck_assert_uint_eq(r->result->n_agents, 1);
	text = summary(r);
	ck_assert_ptr_nonnull(
	    strstr(text, "Devices: 2, 1 success, 1 skipped\n"));
	ck_assert_ptr_nonnull(
	    strstr(text, "  skipped: branch 9 (192.0.9.9): skip = true\n"));
	free(text);
	rig_free(r);
}
END_TEST

START_TEST(skipped_devices_are_not_counted_in_the_exit_status)
{
	struct rig *r = rig_new(1, SKIPPED "campaign = { window = \"1h\"; };");

	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 401, -1);
	rig_start(r);
	rig_finish(r, 24 * 60 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_FAILED);
	rig_free(r);
	r = rig_waiting(1, SKIPPED "campaign = { window = \"1h\"; };");
	rig_finish(r, 24 * 60 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, RUN_NO_TRIGGER);
	rig_free(r);
}
END_TEST

START_TEST(a_campaign_of_skipped_devices_ends_at_once_and_well)
{
	struct rig *r = rig_new(0, SKIPPED);

	rig_start(r);
	rig_finish(r, 1000);
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	ck_assert_uint_eq(r->result->n_devices, 1);
	rig_free(r);
}
END_TEST

/* Somebody changes the configuration between two runs. */
static void
set_skip(struct rig *r, bool skip)
{
	struct campaign_conf *c = r->files->campaign;

	if (skip) {
		c->devices[0]->skip = true;
		c->skipped[c->n_skipped++] = c->devices[0];
		c->devices[0] = c->devices[--c->n_devices];
	} else {
		c->devices[c->n_devices] = c->devices[0];
		c->devices[0] = c->skipped[--c->n_skipped];
		c->n_devices++;
		c->devices[0]->skip = false;
	}
}

START_TEST(what_a_killed_run_left_on_it_waits_until_it_takes_part)
{
	struct rig *r = rig_waiting(
	    2, "campaign = { window = \"1h\"; keep_quiet_captures = true; };");
	int asked = r->devices[0].hits[STEP_SHOW];

	ck_assert(r->devices[0].on);
	set_skip(r, true);
	rig_kill(r);
	rig_start(r);
	rig_finish(r, 24 * 60 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], asked);
	ck_assert(r->devices[0].on);
	ck_assert(!r->devices[1].on);
	ck_assert_int_eq(r->result->devices[1].outcome, OUTCOME_SKIPPED);
	set_skip(r, false);
	rig_close(r);
	rig_start(r);
	rig_finish(r, 24 * 60 * MINUTE);
	ck_assert(!r->devices[0].on);
	ck_assert(!r->devices[0].user);
	ck_assert_str_eq(rig_outcome(r, 0), "quiet");
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_skip",
    a_skipped_device_is_reported_and_nobody_is_asked_of_it,
    skipped_devices_are_not_counted_in_the_exit_status,
    a_campaign_of_skipped_devices_ends_at_once_and_well,
    what_a_killed_run_left_on_it_waits_until_it_takes_part)
