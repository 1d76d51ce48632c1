/* check_campaign_moments.c - signals and SIGKILL at many moments of a life.
 *
 * Two devices: the first has an event, the second waits.  Whatever happens
 * when, nothing stays on, nothing is lost, and the reports say so.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "rig/fake_disk_sync.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

static const char *const moments[] = {"registering", "starting", "arming",
    "capturing", "verifying", "stopping", "retrieving", "closing", "done"};
static const int64_t later[] = {0, 1, 19, 20, 41, 110, 1190};
/* What a sync beside the loop takes, ms; 0: it is in the loop. */
static const int64_t syncs[] = {0, 30};

/* A campaign at this moment of its first device. */
static struct rig *
rig_at(const char *moment, int64_t ms)
{
	struct rig *r = rig_new(2, "verify = { count = 1; };");
	bool event = false;

	r->net->agents[0].work[REQUEST_VERIFY] = 1000;
	rig_start(r);
	for (size_t i = 4; i < sizeof(moments) / sizeof(moments[0]); i++)
		event |= strcmp(moment, moments[i]) == 0;
	if (event) {
		rig_until(r, 0, "capturing");
		rig_lost(r, 0);
	}
	rig_until(r, 0, moment);
	rig_advance(r, ms);
	return r;
}

static void
with_this_disk(void (*test)(const char *moment, int64_t ms))
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		for (size_t j = 0; j < sizeof(later) / sizeof(later[0]); j++)
			test(moments[i], later[j]);
}

static void
everywhere(void (*test)(const char *moment, int64_t ms))
{
	for (size_t i = 0; i < sizeof(syncs) / sizeof(syncs[0]); i++) {
		fake_disk_sync_takes(syncs[i]);
		with_this_disk(test);
		ck_assert_int_eq(fake_disk_sync_begun() > 0, syncs[i] > 0);
	}
}

static bool
has_critical(const struct rig *r, size_t device)
{
	const struct row *row = rig_row(r, device, TASK_VERIFY_STOPPED, -1);

	return row != NULL && row->severity == SEVERITY_CRITICAL;
}

/* No device is given up without a row that says why, and a capture of the
 * server's that goes on is told of. */
static void
rows_say_why(const struct rig *r)
{
	const struct agent_device *d;

	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_result *result = &r->result->devices[i];
		bool told = result->outcome == OUTCOME_SUCCESS;
		const struct row *row;

		TAILQ_FOREACH (row, &result->rows, next)
			told |= row->status == TASK_SKIPPED ||
				row->task == TASK_VERIFY_STOPPED ||
				row->task == TASK_OVOC_STOP;
		ck_assert_msg(
		    told, "nothing says why %s ended", r->devices[i].text);
		STAILQ_FOREACH (d, &r->net->agents[0].devices, next)
			if (d->capturing &&
			    strcmp(d->device, r->devices[i].text) == 0)
				ck_assert_ptr_nonnull(
				    rig_row(r, i, TASK_OVOC_STOP, -1));
	}
}

/* --- one signal --- */

static void
interrupted(const char *moment, int64_t ms)
{
	struct rig *r = rig_at(moment, ms);

	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_all_is_off(r);
	rows_say_why(r);
	for (size_t i = 0; i < 2; i++) {
		ck_assert(!has_critical(r, i));
		ck_assert_ptr_nonnull(r->result->devices[i].description);
	}
	rig_free(r);
}

START_TEST(a_signal_at_any_moment_leaves_nothing_on)
{
	everywhere(interrupted);
}
END_TEST

/* --- two --- */

static void
interrupted_twice(const char *moment, int64_t ms)
{
	struct rig *r = rig_at(moment, ms);

	campaign_interrupt(r->campaign);
	rig_advance(r, 3);
	campaign_interrupt(r->campaign);
	if (!r->ended)
		rig_finish(r, 1);
	ck_assert_int_eq(r->result->exit_status, 8);
	rows_say_why(r);
	for (size_t i = 0; i < 2; i++) {
		ck_assert(!r->devices[i].on || has_critical(r, i));
		ck_assert_str_ne(rig_outcome(r, i), "none");
		ck_assert_ptr_nonnull(r->result->devices[i].description);
	}
	rig_free(r);
}

START_TEST(a_second_signal_ends_at_once_and_says_what_may_be_on)
{
	everywhere(interrupted_twice);
}
END_TEST

/* --- the grace ends --- */

static void
interrupted_in_vain(const char *moment, int64_t ms)
{
	struct rig *r = rig_at(moment, ms);
	int64_t at = rig_now(r);

	for (size_t i = 0; i < 2; i++)
		fake_fault(&r->devices[i], STEP_STOP, FAULT_UNREACHABLE, 0, -1);
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE + 1000);
	ck_assert_int_le(r->ended_at, at + MINUTE + 1);
	ck_assert_int_eq(r->result->exit_status, 8);
	rows_say_why(r);
	for (size_t i = 0; i < 2; i++)
		ck_assert(!r->devices[i].on || has_critical(r, i));
	rig_free(r);
}

START_TEST(a_device_that_cannot_be_stopped_in_the_grace_is_critical)
{
	everywhere(interrupted_in_vain);
}
END_TEST

/* --- SIGKILL --- */

/* The first device's event, if the journal has it, is written down beside its
 * files. */
static bool
has_event(const struct run_result *run)
{
	const struct round *round = &run->devices->round;
	char name[CAPTURE_NAME_MAX], *path;

	if (run->n_devices == 0 || !round->triggered)
		return false;
	ck_assert_str_ne(round->file, "");
	capture_name_campaign(name, round->file);
	path = xasprintf("%s/captures/%s", run->folder, name);
	ck_assert_msg(access(path, F_OK) == 0, "there is no %s", path);
	free(path);
	return true;
}

static void
killed(const char *moment, int64_t ms)
{
	struct rig *r = rig_at(moment, ms);

	rig_kill(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_int_eq(r->killed.run->exit_status, 8);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_all_is_off(r);
	for (size_t i = 0; i < 2; i++)
		ck_assert(!r->devices[i].unfetched);
	ck_assert(has_event(r->killed.run) || strcmp(moment, "closing") != 0);
	rig_free(r);
}

START_TEST(a_kill_at_any_moment_leaves_nothing_on_behind_the_next_run)
{
	everywhere(killed);
}
END_TEST

UNIT_MAIN("campaign_moments", a_signal_at_any_moment_leaves_nothing_on,
    a_second_signal_ends_at_once_and_says_what_may_be_on,
    a_device_that_cannot_be_stopped_in_the_grace_is_critical,
    a_kill_at_any_moment_leaves_nothing_on_behind_the_next_run)
