/* check_campaign_soak.c - 200 devices, 2 000 events, everything goes wrong.
 *
 * Random faults of devices, agents and the network for a day of virtual time;
 * whatever happens, every device ends and nothing is left behind unsaid.  The
 * fakes watch the rules.  SOAK_SEED repeats a run.
 */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/xmem.h"
#include "rig/rig.h"
#include "rig/trouble.h"

#define DEVICES 200
#define STEP_MS 5000
#define DAY     INT64_C(86400000)

static void
trouble_for(struct fake_device *d)
{
	if (one_in(400))
		trouble_lasts(d);
	else if (one_in(8))
		trouble_passes(d);
	else if (one_in(300))
		fake_reboot(d);
}

static void
trouble_for_agents(struct rig *r)
{
	for (size_t i = 0; i < r->net->n_agents; i++) {
		struct fake_agent *a = &r->net->agents[i];

		if (one_in(50))
			trouble_answers(a);
		if (!a->old && one_in(500))
			fake_agent_forget(a);
		a->silent = a->silent ? !one_in(5) : one_in(200);
	}
}

static void
alarms_for(struct rig *r, size_t i)
{
	enum device_state s = device_state(campaign_device(r->campaign, i));

	if (s == DEVICE_CAPTURING && one_in(40))
		rig_lost(r, i);
	else if (one_in(200))
		rig_lost(r, i);
	else if (one_in(200))
		rig_alarm(r, i, "Connection established");
}

static void
step(struct rig *r)
{
	static const char junk[] = "404 Not Found 192.0.2.17";

	for (size_t i = 0; i < r->n_devices; i++) {
		if (one_in(20))
			trouble_for(&r->devices[i]);
		alarms_for(r, i);
	}
	trouble_for_agents(r);
	fake_arrive("203.0.113.1", junk, (size_t)random() % sizeof(junk));
	rig_advance(r, STEP_MS);
}

static void
check_device(const struct rig *r, size_t i)
{
	const struct device_result *d = &r->result->devices[i];
	const struct fake_device *f = &r->devices[i];
	const struct row *row;
	int64_t at = 0;

	ck_assert_int_ne(d->outcome, OUTCOME_NONE);
	ck_assert_ptr_nonnull(d->description);
	ck_assert_msg(d->severity == SEVERITY_CRITICAL || (!f->on && !f->user),
	    "%s is left on and nobody says so", f->text);
	if (d->outcome == OUTCOME_SUCCESS)
		ck_assert_int_eq(d->events, 10);
	if (d->outcome == OUTCOME_FAILED || d->outcome == OUTCOME_PARTIAL)
		ck_assert_int_ge(d->severity, SEVERITY_MAJOR);
	TAILQ_FOREACH (row, &d->rows, next) {
		unit_must(row->began >= at, "%s", row->description);
		unit_must(row->duration >= 0, "%s", row->description);
		at = row->began;
		if (row->task == TASK_RETRIEVE && row->status == TASK_SUCCESS)
			ck_assert_int_eq(
			    rig_file_size(r, row->file), (long)row->bytes);
	}
}

static unsigned
seed_of_run(void)
{
	const char *text = getenv("SOAK_SEED");
	unsigned seed = text != NULL ? (unsigned)strtoul(text, NULL, 10)
				     : (unsigned)time(NULL);

	printf("SOAK_SEED=%u\n", seed);
	fflush(stdout);
	srandom(seed);
	return seed;
}

static struct rig *
soak_rig(int window_s)
{
	struct strbuf text = STRBUF_INIT;
	struct rig *r;

	strbuf_addf(&text,
	    "campaign = { window = %d; events_per_device = 10; recheck = "
	    "\"5m\"; }; timeouts = { unreachable_limit = \"30m\"; }; limits = "
	    "{ rest = 20; sftp = 5; requests_per_agent = 10; }; devices = (",
	    window_s);
	for (int i = 0; i < DEVICES; i++)
		strbuf_addf(&text,
		    "%s{ address = \"192.0.2.%d\"; interfaces = "
		    "[ \"eth-wan\" ]; agent = \"198.51.100.%d\"; }",
		    i > 0 ? ", " : "", i + 1, 1 + i % 5 / 2);
	strbuf_add(&text, ");");
	r = rig_new(0, strbuf_text(&text));
	strbuf_free(&text);
	r->net->loss = 3;
	r->net->doubled = 3;
	r->net->delay_max = 100;
	r->net->agents[r->net->n_agents - 1].old = true;
	return r;
}

START_TEST(whatever_goes_wrong_every_device_ends)
{
	struct rig *r;
	int triggers = 0, files = 0;

	seed_of_run();
	r = soak_rig(86400);
	rig_start(r);
	while (!r->ended && rig_now(r) < 2 * DAY)
		step(r);
	rig_finish(r, DAY);
	for (size_t i = 0; i < r->n_devices; i++) {
		check_device(r, i);
		triggers += r->result->devices[i].triggers;
		files += r->result->devices[i].events;
	}
	printf("%d events, %d files, %" PRId64 " s, %d datagrams\n", triggers,
	    files, r->ended_at / 1000, r->net->sent);
	ck_assert_int_ge(triggers, DEVICES);
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

/* One of version 1.0.6 says each answer once: where it is lost, nobody knows
 * what the server has. */
static bool
is_well(const struct rig *r, size_t device)
{
	const struct device_result *d = &r->result->devices[device];
	bool is_old = strcmp(d->conf->agent->address,
			  r->net->agents[r->net->n_agents - 1].address) == 0;

	return d->outcome == OUTCOME_SUCCESS ||
	       (is_old && d->outcome == OUTCOME_ONE_SIDED);
}

START_TEST(without_trouble_every_event_has_its_file)
{
	struct rig *r;

	seed_of_run();
	r = soak_rig(86400);
	rig_start(r);
	while (!r->ended && rig_now(r) < DAY) {
		for (size_t i = 0; i < r->n_devices; i++)
			alarms_for(r, i);
		rig_advance(r, STEP_MS);
	}
	rig_finish(r, DAY);
	for (size_t i = 0; i < r->n_devices; i++) {
		check_device(r, i);
		ck_assert_msg(is_well(r, i), "%s: %s", r->devices[i].text,
		    r->result->devices[i].description);
	}
	ck_assert_int_le(r->result->exit_status, 1);
	for (size_t i = 0; i < r->net->n_agents; i++)
		ck_assert(!r->net->agents[i].ended);
	rig_free(r);
}
END_TEST

/* At most a second of the grace may be gone for the last answers. */
#define GRACE_MS 61000

START_TEST(whenever_it_is_interrupted_the_run_ends_in_its_grace)
{
	struct rig *r;
	bool by_itself;

	seed_of_run();
	r = soak_rig(86400);
	rig_start(r);
	for (long n = random() % 1500; n > 0 && !r->ended; n--)
		step(r);
	by_itself = r->ended;
	campaign_interrupt(r->campaign);
	rig_finish(r, GRACE_MS);
	for (size_t i = 0; i < r->n_devices; i++)
		check_device(r, i);
	/* What has ended before cannot be interrupted. */
	ck_assert_int_eq(r->result->exit_status == 8, !by_itself);
	rig_free(r);
}
END_TEST

START_TEST(whatever_goes_wrong_a_short_window_ends)
{
	struct rig *r;

	seed_of_run();
	r = soak_rig(60 + (int)(random() % 3600));
	rig_start(r);
	while (!r->ended && rig_now(r) < DAY)
		step(r);
	rig_finish(r, 1);
	ck_assert_int_le(
	    r->ended_at, r->conf->campaign.window + 45 * 60 * 1000);
	for (size_t i = 0; i < r->n_devices; i++)
		check_device(r, i);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_soak", whatever_goes_wrong_every_device_ends,
    without_trouble_every_event_has_its_file,
    whenever_it_is_interrupted_the_run_ends_in_its_grace,
    whatever_goes_wrong_a_short_window_ends)
