/* rig.c - makes a campaign from text, runs it, reads its rows. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "fake_resolve.h"
#include "report/report.h"
#include "rows.h"

#define A_DAY INT64_C(86400000)

static struct rig *the_rig;

static void
on_turn_end(void *arg)
{
	const struct rig *r = arg;

	if (r->stepping)
		loop_stop(r->lp);
}

struct rig *
rig_new(int n_devices, const char *settings)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	ck_assert_ptr_null(the_rig);
	the_rig = r;
	r->files = conf_rig_new();
	r->conf = stage_conf(r->files, n_devices, settings);
	r->n_devices = r->conf->n_devices;
	r->lp = loop_new_virtual(unit_log(), RIG_WALL);
	loop_on_turn_end(r->lp, on_turn_end, r);
	r->devices = stage_devices(r->conf);
	r->net = stage_net(r->lp, r->conf);
	r->result = run_result_new(r->conf, RIG_WALL);
	return r;
}

struct rig *
rig_waiting(int n_devices, const char *settings)
{
	struct rig *r = rig_new(n_devices, settings);

	rig_start(r);
	for (size_t i = 0; i < r->n_devices; i++)
		rig_until(r, i, "capturing");
	return r;
}

void
rig_free(struct rig *r)
{
	campaign_free(r->campaign);
	run_folder_close(r->folder);
	run_result_free(r->result);
	fake_net_free(r->net);
	fake_names_clear();
	loop_free(r->lp);
	free(r->devices);
	conf_rig_free(r->files);
	free(r);
	the_rig = NULL;
}

static void
on_ended(void *arg)
{
	struct rig *r = arg;

	ck_assert(!r->ended);
	campaign_settle(r->campaign);
	r->ended = true;
	r->ended_at = rig_now(r);
	loop_stop(r->lp);
}

static bool
on_recovered(void *arg, const struct run_result *killed)
{
	struct rig *r = arg;
	struct fail why;

	if (r->killed.unwritable)
		return false;
	r->killed.finished++;
	r->killed.run = killed;
	ck_assert(report_write(killed, &why));
	return true;
}

static void
start(struct rig *r)
{
	struct fail why = {.kind = FAIL_NONE};

	r->campaign =
	    campaign_new(r->lp, r->result, r->folder, report_is_written, &why);
	ck_assert_msg(r->campaign != NULL, "%s", why.text);
	campaign_on_recovered(r->campaign, on_recovered, r);
	campaign_start(r->campaign, on_ended, r);
}

void
rig_start(struct rig *r)
{
	struct fail why = {.kind = FAIL_NONE};

	ck_assert_int_eq(
	    run_folder_open(&r->folder, r->result, &why), RUN_FOLDER_MADE);
	start(r);
}

void
rig_recover(struct rig *r)
{
	struct fail why = {.kind = FAIL_NONE};

	ck_assert_int_eq(
	    run_folder_lock(&r->folder, r->result, &why), RUN_FOLDER_MADE);
	start(r);
}

void
rig_kill(struct rig *r)
{
	campaign_free(r->campaign);
	run_folder_close(r->folder);
	run_result_free(r->result);
	r->campaign = NULL;
	r->folder = NULL;
	r->killed.run = NULL;
	r->killed.finished = 0;
	r->ended = false;
	/* Each run may try a login once. */
	for (size_t i = 0; i < r->n_devices; i++)
		r->devices[i].refused = false;
	/* The next run begins in another second. */
	loop_run_for(r->lp, 1000);
	r->result = run_result_new(r->conf, loop_wall(r->lp));
}

void
rig_advance(struct rig *r, int64_t ms)
{
	int64_t end = rig_now(r) + ms;

	while (rig_now(r) < end)
		loop_run_for(r->lp, end - rig_now(r));
}

void
rig_finish(struct rig *r, int64_t ms)
{
	if (!r->ended)
		loop_run_for(r->lp, ms);
	if (r->ended)
		return;
	for (size_t i = 0; i < r->n_devices; i++)
		if (strcmp(rig_state(r, i), "done") != 0)
			ck_abort_msg(
			    "device %zu is still %s", i, rig_state(r, i));
	ck_abort_msg("all devices ended, the campaign did not");
}

/* To the next time at which something happens; all that is due then has run.
 * A day of milliseconds, one by one, would take seconds. */
static void
next_moment(struct rig *r)
{
	r->stepping = true;
	loop_run_for(r->lp, A_DAY);
	r->stepping = false;
	loop_run_for(r->lp, 0);
}

void
rig_until(struct rig *r, size_t device, const char *state)
{
	int64_t end = rig_now(r) + A_DAY;

	if (strcmp(rig_state(r, device), state) != 0)
		loop_run_for(r->lp, 1);
	while (strcmp(rig_state(r, device), state) != 0) {
		unit_must(rig_now(r) < end && !r->ended, "%s is %s and not %s",
		    r->devices[device].text, rig_state(r, device), state);
		next_moment(r);
	}
}

void
rig_through(struct rig *r, const char *state)
{
	if (strcmp(state, "resolving") != 0)
		rig_until(r, 0, "registering");
	if (strcmp(state, "verifying") == 0 || strcmp(state, "stopping") == 0 ||
	    strcmp(state, "retrieving") == 0 || strcmp(state, "closing") == 0) {
		rig_until(r, 0, "capturing");
		rig_lost(r, 0);
	}
	rig_until(r, 0, state);
	if (strcmp(state, "starting") == 0)
		rig_until_hit(r, 0, STEP_START);
}

void
rig_until_hit(struct rig *r, size_t device, enum fake_step step)
{
	if (r->devices[device].hits[step] == 0)
		rig_advance(r, 1);
	while (r->devices[device].hits[step] == 0)
		next_moment(r);
}

int64_t
rig_now(const struct rig *r)
{
	return unit_elapsed(r->lp);
}

/* --- alarms --- */

void
rig_again(struct rig *r, size_t device, const char *text)
{
	const struct device_entry *d = r->conf->devices[device];
	char who[ADDR_TEXT_MAX];
	char *all = xasprintf("<130>Nov 23 04:00:00 ovoc New Alarm - "
			      "Connection Alarm, Source:EMS, "
			      "Severity:Critical, Unique ID:%d, "
			      "Description:%s, Device Name:x, IP Address:%s, "
			      "Tenant:t, Site:s",
	    r->alarms, text, addr_text(&r->devices[device].addr, who));

	fake_arrive(d->agent->address, all, strlen(all));
	free(all);
}

void
rig_alarm(struct rig *r, size_t device, const char *text)
{
	r->alarms++;
	rig_again(r, device, text);
}

void
rig_lost(struct rig *r, size_t device)
{
	rig_alarm(r, device, "Connection Lost");
}

/* --- what is found --- */

const struct agent_result *
rig_agent(struct rig *r)
{
	campaign_settle(r->campaign);
	return &r->result->agents[0];
}

const char *
rig_state(const struct rig *r, size_t device)
{
	return device_state_name(
	    device_state(campaign_device(r->campaign, device)));
}

const char *
rig_outcome(const struct rig *r, size_t device)
{
	return outcome_name(r->result->devices[device].outcome);
}

const struct row *
rig_row(const struct rig *r, size_t device, enum task task, int n)
{
	return rows_find(&r->result->devices[device], task, n);
}

int
rig_count(const struct rig *r, size_t device, enum task task)
{
	return rows_count(&r->result->devices[device], task);
}

const struct row *
rig_expect(const struct rig *r, size_t device, enum task task, int n,
    enum task_status status, enum severity severity, const char *has)
{
	return rows_expect(
	    &r->result->devices[device], task, n, status, severity, has);
}

long
rig_file_size(const struct rig *r, const char *name)
{
	char *path = xasprintf("%s/captures/%s", r->result->folder, name);
	long size = unit_file_size(path);

	free(path);
	return size;
}
