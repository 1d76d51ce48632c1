/* check_campaign_lives.c - runs that are killed, interrupted or end, one after
 * another, among random trouble.
 *
 * Whatever happens, a run that ended says what it left on; and once all trouble
 * is over, --recover stops what any of them left, in one go.  LIVES_SEED tries
 * one life, LIVES so many.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "report/report.h"
#include "rig/rig.h"
#include "rig/trouble.h"

#define DEVICES 4
#define LIVES   200
#define HOUR    INT64_C(3600000)
#define NO_ROOM (INT64_C(1) << 60)

static struct rig *
life_rig(void)
{
	char text[600];
	struct rig *r;

	snprintf(text, sizeof(text),
	    "campaign = { window = %d; events_per_device = %d; recheck = %d; "
	    "keep_quiet_captures = %s; take_over = %s; capture_for = %d; "
	    "rest_attempts = %d; }; timeouts = { unreachable_limit = 120; "
	    "unreachable_pause = 5; stop_grace = %d; agent = %d; }; trigger = "
	    "{ hold_down = %d; };",
	    one_in(6) ? 0 : 20 + up_to(60), 1 + up_to(3), up_to(2) * 15,
	    one_in(2) ? "true" : "false", one_in(4) ? "true" : "false",
	    one_in(3) ? 5 + up_to(14) : 0, 1 + up_to(4), 5 + up_to(40),
	    5 + up_to(30), up_to(5));
	r = rig_new(DEVICES, text);
	r->net->loss = up_to(20);
	r->net->doubled = up_to(10);
	r->net->delay_max = up_to(300);
	r->net->agents[0].old = one_in(2);
	return r;
}

/* --- trouble --- */

static void
room(struct rig *r, bool is)
{
	r->files->campaign->campaign.min_free = is ? 0 : NO_ROOM;
}

static void
trouble_for_agent(struct fake_agent *a)
{
	if (!a->old && one_in(10))
		fake_agent_forget(a);
	if (a->old && one_in(a->ended ? 4 : 100))
		fake_agent_restart(a);
	if (one_in(30))
		a->silent = !a->silent;
	if (one_in(20))
		a->work[REQUEST_REGISTER + up_to(4)] = up_to(5000);
	if (one_in(40))
		trouble_answers(a);
}

static void
trouble(struct rig *r)
{
	for (size_t i = 0; i < DEVICES; i++) {
		struct fake_device *d = &r->devices[i];

		if (one_in(20))
			trouble_passes(d);
		else if (one_in(80))
			trouble_lasts(d);
		else if (one_in(30))
			fake_mend(d);
		else if (one_in(200))
			fake_reboot(d);
		if (one_in(12))
			rig_lost(r, i);
		else if (one_in(20))
			rig_alarm(r, i, "Connection established");
	}
	trouble_for_agent(&r->net->agents[0]);
	if (one_in(10))
		room(r, one_in(2));
}

static void
no_trouble(struct rig *r)
{
	struct fake_agent *a = &r->net->agents[0];

	for (size_t i = 0; i < DEVICES; i++)
		fake_mend(&r->devices[i]);
	if (a->ended)
		fake_agent_restart(a);
	a->silent = false;
	a->n_rules = 0;
	r->net->loss = 0;
	room(r, true);
}

/* --- one run --- */

static void
says_what_is_on(const struct rig *r)
{
	for (size_t i = 0; i < DEVICES; i++) {
		const struct fake_device *f = &r->devices[i];

		ck_assert_msg(
		    (!f->on && !f->user) ||
			r->result->devices[i].severity == SEVERITY_CRITICAL,
		    "%s is left on and nobody says so: %s", f->text,
		    r->result->devices[i].description);
	}
}

/* So it ends, in order or by a second interruption; or it is killed. */
static void
until_its_end(struct rig *r)
{
	int64_t began = rig_now(r);
	int64_t killed = one_in(3) ? 20000 + up_to(400000) : 5 * HOUR;
	int64_t interrupted = one_in(3)   ? up_to(3000)
			      : one_in(3) ? up_to(200000)
					  : 4 * HOUR;

	while (!r->ended && rig_now(r) - began < killed) {
		trouble(r);
		if (rig_now(r) - began >= interrupted) {
			campaign_interrupt(r->campaign);
			interrupted += 100000;
		}
		rig_advance(r, 1 + up_to(one_in(3) ? 50 : 4000));
	}
}

static void
one_run(struct rig *r, bool recover)
{
	struct fail why;

	room(r, true);
	/* Between two runs nobody sees it. */
	if (r->net->agents[0].old && one_in(3))
		fake_agent_restart(&r->net->agents[0]);
	if (recover)
		rig_recover(r);
	else
		rig_start(r);
	until_its_end(r);
	if (r->ended && !recover) {
		says_what_is_on(r);
		result_number(r->result);
		ck_assert(report_write(r->result, &why));
		if (!one_in(8)) /* else killed before its closing line */
			campaign_close(r->campaign);
	}
	rig_kill(r);
	/* Whose file that is, is for the runs to know. */
	for (size_t i = 0; i < DEVICES; i++)
		r->devices[i].unfetched = false;
}

/* --- lives --- */

static void
all_ends_well(struct rig *r)
{
	int sent;

	no_trouble(r);
	rig_recover(r);
	rig_finish(r, HOUR);
	for (size_t i = 0; i < DEVICES; i++)
		ck_assert_msg(!r->devices[i].on && !r->devices[i].user,
		    "%s is still on", r->devices[i].text);
	rig_kill(r);
	sent = r->net->sent;
	rig_recover(r);
	rig_finish(r, HOUR);
	ck_assert_msg(r->net->sent == sent, "there was more to recover");
}

static void
live(unsigned seed)
{
	struct rig *r;
	int runs;

	printf("LIVES_SEED=%u\n", seed);
	fflush(stdout);
	srandom(seed);
	r = life_rig();
	runs = 1 + up_to(4);
	for (int i = 0; i < runs; i++)
		one_run(r, i > 0 && one_in(4));
	all_ends_well(r);
	rig_free(r);
}

START_TEST(whatever_happens_nothing_stays_on_unsaid)
{
	const char *seed = getenv("LIVES_SEED"), *lives = getenv("LIVES");
	unsigned first = seed != NULL ? (unsigned)atoi(seed) : 1;
	unsigned n = lives != NULL  ? (unsigned)atoi(lives)
		     : seed != NULL ? 1
				    : LIVES;

	while (n-- > 0)
		live(first++);
}
END_TEST

UNIT_MAIN("campaign_lives", whatever_happens_nothing_stays_on_unsaid)
