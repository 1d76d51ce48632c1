/* check_campaign_cost.c - what a device costs is the same however many there
 * are.
 *
 * Here a campaign of COST_DEVICES (100) devices goes its way, a step of it a
 * function; tests/cost/run has callgrind count the instructions of each.
 */
#include "unit.h"

#include <stdio.h>

#include "report/report.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

/* callgrind ends a count where it enters one of these. */
#define COUNTED __attribute__((noinline))

static size_t
devices(void)
{
	const char *text = getenv("COST_DEVICES");

	return text != NULL ? strtoul(text, NULL, 10) : 100;
}

static void
all_are(struct rig *r, const char *state)
{
	for (size_t i = 0; i < r->n_devices; i++)
		rig_until(r, i, state);
}

static COUNTED void
cost_of_arming(struct rig *r)
{
	rig_start(r);
	all_are(r, "capturing");
}

/* All within a moment, until the agent has been told of each. */
static COUNTED void
cost_of_alarm(struct rig *r)
{
	for (size_t i = 0; i < r->n_devices; i++)
		rig_lost(r, i);
	all_are(r, "verifying");
}

/* The event's end: probes, both captures stopped, the file fetched, its rows
 * in the journal. */
static COUNTED void
cost_of_rows(struct rig *r)
{
	rig_finish(r, 24 * 60 * MINUTE);
}

static COUNTED void
cost_of_report(struct rig *r)
{
	struct fail why = {.kind = FAIL_NONE};

	ck_assert_msg(report_write(r->result, &why), "%s", why.text);
}

static COUNTED void
cost_of_none(struct rig *r)
{
	rig_free(r);
}

START_TEST(a_device_goes_its_way_among_many)
{
	struct rig *r = rig_new((int)devices(), "");

	cost_of_arming(r);
	cost_of_alarm(r);
	cost_of_rows(r);
	for (size_t i = 0; i < r->n_devices; i++)
		ck_assert_int_eq(
		    r->result->devices[i].outcome, OUTCOME_SUCCESS);
	cost_of_report(r);
	cost_of_none(r);
}
END_TEST

UNIT_MAIN("campaign_cost", a_device_goes_its_way_among_many)
