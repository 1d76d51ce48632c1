/* rig.c - makes a campaign from text, runs it, reads its rows. */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "fake_resolve.h"
#include "report/report.h"

#define AGENT "198.51.100.1"
#define A_DAY INT64_C(86400000)

static struct rig *the_rig;

static const char settings_of_all[] =
    "campaign = { name = \"test\"; min_free = 0; };\n"
    "snmp = { auth_password = \"auth-secret\"; "
    "priv_password = \"priv-secret\"; };\n"
    "defaults = { type = \"msbr\"; username = \"Admin\"; "
    "password = \"device-secret\"; agent = \"" AGENT "\"; };\n";

static void
write_conf(struct rig *r, int n_devices, const char *settings)
{
	struct strbuf text = STRBUF_INIT;

	conf_rig_file(r->files, "a.conf", "%s", settings_of_all);
	conf_rig_file(r->files, "b.conf",
	    "campaign = { output = \"%s/out\"; };\n", r->files->folder);
	strbuf_add(&text, "devices = (");
	for (int i = 0; i < n_devices; i++)
		strbuf_addf(&text,
		    "%s{ address = \"192.0.%d.%d\"; "
		    "interfaces = [ \"eth-wan\" ]; }",
		    i > 0 ? ", " : "", 2 + (i + 1) / 256, (i + 1) % 256);
	strbuf_add(&text, ");\n");
	if (n_devices > 0)
		conf_rig_file(r->files, "c.conf", "%s", strbuf_text(&text));
	conf_rig_file(r->files, "d.conf", "%s", settings);
	strbuf_free(&text);
}

static void
make_devices(struct rig *r)
{
	r->n_devices = r->conf->n_devices;
	r->devices = xcalloc(r->n_devices, sizeof(*r->devices));
	for (size_t i = 0; i < r->n_devices; i++) {
		struct fake_device *d = &r->devices[i];
		const char *text = r->conf->devices[i]->address;

		str_copy(d->text, sizeof(d->text), text);
		/* A name's address is 203.0.113.<its place>. */
		if (!addr_parse(&d->addr, text)) {
			char own[ADDR_TEXT_MAX];

			snprintf(own, sizeof(own), "203.0.113.%zu", i);
			ck_assert(addr_parse(&d->addr, own));
		}
	}
	fake_devices(r->devices, r->n_devices);
}

static void
make_net(struct rig *r)
{
	r->net = fake_net_new(r->lp, r->conf->n_agents);
	for (size_t i = 0; i < r->net->n_agents; i++)
		fake_agent_init(
		    &r->net->agents[i], r->lp, r->conf->agents[i]->address);
}

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
	write_conf(r, n_devices, settings);
	r->conf = conf_rig_right(r->files);
	r->lp = loop_new_virtual(NULL, RIG_WALL);
	loop_on_turn_end(r->lp, on_turn_end, r);
	make_devices(r);
	make_net(r);
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
	const struct row *row, *last = NULL;

	TAILQ_FOREACH (row, &r->result->devices[device].rows, next) {
		if (row->task != task)
			continue;
		last = row;
		if (--n == 0)
			return row;
	}
	return n < 0 ? last : NULL;
}

int
rig_count(const struct rig *r, size_t device, enum task task)
{
	const struct row *row;
	int n = 0;

	TAILQ_FOREACH (row, &r->result->devices[device].rows, next)
		n += row->task == task;
	return n;
}

static void
print_rows(const struct rig *r, size_t device)
{
	const struct row *row;
	char name[32];

	TAILQ_FOREACH (row, &r->result->devices[device].rows, next)
		fprintf(stderr, "  %d %s %s %s: %s (%s)\n", row->event,
		    task_name(row->task, 443, name),
		    task_status_name(row->status), severity_name(row->severity),
		    row->description, row->note != NULL ? row->note : "");
}

const struct row *
rig_expect(const struct rig *r, size_t device, enum task task, int n,
    enum task_status status, enum severity severity, const char *has)
{
	const struct row *row = rig_row(r, device, task, n);

	if (row != NULL && row->status == status && row->severity == severity &&
	    (strstr(row->description, has) != NULL ||
		(row->note != NULL && strstr(row->note, has) != NULL)))
		return row;
	print_rows(r, device);
	ck_abort_msg("no such row with \"%s\"", has);
	return NULL;
}

long
rig_file_size(const struct rig *r, const char *name)
{
	char *path = xasprintf("%s/captures/%s", r->result->folder, name);
	long size = unit_file_size(path);

	free(path);
	return size;
}
