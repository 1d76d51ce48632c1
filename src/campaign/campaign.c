/* campaign.c - one run: makes what devices share, starts them, ends the run.
 *
 * Every device goes its own way; the campaign knows only the times that
 * concern all (window, grace, the run's own deadline) and how many are where.
 */
#include "campaign/campaign.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/skipped.h"
#include "campaign/aftermath.h"
#include "campaign/agent_links.h"
#include "campaign/inbox.h"
#include "campaign/toolbox.h"
#include "conf/device_label.h"
#include "device/pulse.h"
#include "wire/agent_message.h"
#include "conf/conf_load.h"

/* Beyond window and unreachable_limit, for transfers and last answers. */
#define RUN_SLACK_MS (15 * 60 * 1000)
/* Behind the last device, for what follows its event. */
#define AFTERMATH_MS (15 * 60 * 1000)

struct campaign {
	struct loop *lp;
	const struct campaign_conf *conf;
	struct run_result *result;
	struct device_env env;
	struct datagram *socket;
	struct inbox *inbox;
	struct journal *journal; /* NULL: only earlier runs are finished */
	const char *captures;
	int64_t began; /* monotonic ms */
	struct recoveries *recoveries;
	struct aftermath *aftermath;
	run_recovered *recovered;
	void *recovered_arg;
	struct agent_links *links;
	struct device **devices; /* those of result->devices that take part */
	size_t n_devices;
	unsigned counts[DEVICE_STATES];
	int64_t waits_for; /* ms, from the start; 0: without end */
	struct timer window;
	struct timer grace;
	struct timer deadline;
	struct timer aftertime;
	struct timer finish;
	bool interrupted;
	bool all_said;   /* that all devices wait */
	bool last_ended; /* of the devices; what follows goes on */
	campaign_ended *ended;
	void *arg;
};

/* --- what devices tell --- */

static void
on_resolved(void *arg, struct device *d)
{
	struct campaign *c = arg;

	inbox_add_device(c->inbox, d);
}

static unsigned
count_waiting(const struct campaign *c)
{
	unsigned n = 0;

	for (int s = 0; s <= DEVICE_CAPTURING; s++)
		n += c->counts[s];
	return n;
}

/* Without a window the run's deadline begins when nobody waits any more. */
static void
see_to_deadline(struct campaign *c)
{
	if (c->waits_for > 0)
		return;
	if (count_waiting(c) > 0)
		timer_clear(&c->deadline);
	else if (!timer_is_set(&c->deadline))
		timer_set(&c->deadline,
		    c->conf->timeouts.unreachable_limit + RUN_SLACK_MS);
}

static bool
all_ended(const struct campaign *c)
{
	return c->counts[DEVICE_DONE] + c->counts[DEVICE_FAILED] ==
	       c->n_devices;
}

/* The run ends behind its last device and what follows its event. */
static void
see_to_finish(struct campaign *c)
{
	if (!all_ended(c))
		return;
	if (!aftermath_busy(c->aftermath)) {
		timer_set(&c->finish, 0);
	} else if (!c->last_ended) {
		c->last_ended = true;
		timer_set(&c->aftertime, AFTERMATH_MS);
		log_write(loop_log(c->lp), LOGGING_NOTICE, NULL, "campaign",
		    "all devices have ended; what follows their events (%zu) "
		    "has 15 min at most",
		    aftermath_count(c->aftermath));
	}
}

static void
on_moved(void *arg, struct device *d, enum device_state from)
{
	struct campaign *c = arg;

	c->counts[from]--;
	c->counts[device_state(d)]++;
	if (!c->all_said && c->counts[DEVICE_CAPTURING] == c->n_devices) {
		c->all_said = true;
		log_write(loop_log(c->lp), LOGGING_NOTICE, NULL, "campaign",
		    "all devices capture and wait");
	}
	see_to_deadline(c);
	see_to_finish(c);
}

static void
on_event_over(
    void *arg, const struct device_books *books, const struct round *round)
{
	struct campaign *c = arg;

	aftermath_add(c->aftermath, books, round);
}

static void
on_settled(void *arg)
{
	struct campaign *c = arg;

	recoveries_look(c->recoveries);
	see_to_finish(c);
}

static bool
is_awaited(void *arg, const struct journal *j)
{
	const struct campaign *c = arg;

	return aftermath_uses(c->aftermath, j);
}

static void
on_trouble(void *arg, const char *text)
{
	struct campaign *c = arg;

	log_about(loop_log(c->lp), LOGGING_ERROR, NULL, "campaign",
	    &(struct log_facts){.error = fail_kind_name(FAIL_LOCAL)}, "%s",
	    text);
	if (c->result->trouble == NULL)
		c->result->trouble = xstrdup(text);
}

/* --- the times that concern all --- */

static void
on_window(void *arg)
{
	struct campaign *c = arg;

	log_write(loop_log(c->lp), LOGGING_NOTICE, NULL, "campaign",
	    "the window ends: no more waiting");
	c->result->window_ended = true;
	for (size_t i = 0; i < c->n_devices; i++)
		device_window_end(c->devices[i]);
}

static void
abandon_all(struct campaign *c, const char *why)
{
	for (size_t i = 0; i < c->n_devices; i++)
		device_abandon(c->devices[i], why);
}

static void
on_grace(void *arg)
{
	abandon_all(arg, "interrupted; the grace is over");
}

static void
on_deadline(void *arg)
{
	abandon_all(arg, "the run's deadline is over");
}

static void
on_aftertime(void *arg)
{
	struct campaign *c = arg;

	aftermath_abandon(c->aftermath, "no time is left: the run ends");
}

static void
on_finish(void *arg)
{
	struct campaign *c = arg;
	struct run_result *r = c->result;

	/* The last device may have left something at its very end. */
	if (aftermath_busy(c->aftermath)) {
		see_to_finish(c);
		return;
	}
	timer_clear(&c->window);
	timer_clear(&c->grace);
	timer_clear(&c->deadline);
	timer_clear(&c->aftertime);
	r->ended = loop_wall(c->lp);
	r->took = loop_now(c->lp) - c->began;
	r->dropped = datagram_dropped(c->socket);
	r->exit_status = run_exit_status(r);
	/* Finishing earlier runs is no quiet night. */
	if (c->env.recover_only && r->exit_status == RUN_NO_TRIGGER)
		r->exit_status = RUN_ALL_WELL;
	c->ended(c->arg);
}

/* --- making and freeing --- */

static bool
make_env(struct campaign *c, struct fail *why)
{
	struct device_env *env = &c->env;

	env->recover_only = c->captures == NULL;
	env->resolved = on_resolved;
	env->moved = on_moved;
	env->event_over = on_event_over;
	env->trouble = on_trouble;
	env->arg = c;
	return toolbox_fill(&env->tools, c->lp, c->conf, why);
}

static bool
bind_socket(struct campaign *c, struct fail *why)
{
	c->links = agent_links_new(c->lp, c->result, c->env.tools.resolver);
	c->inbox = inbox_new(c->lp, c->result, agent_links_all(c->links));
	c->socket = datagram_new(c->lp, &c->conf->campaign.listen_address,
	    (uint16_t)campaign_conf_port(c->conf), inbox_datagram, c->inbox,
	    why);
	if (c->socket == NULL)
		return false;
	datagram_sort(c->socket, agent_message_is_answer);
	agent_links_use(c->links, c->socket);
	return true;
}

static bool
make_journal(struct campaign *c, struct fail *why)
{
	if (c->env.recover_only)
		return true;
	c->journal = journal_create(c->lp, c->result, on_trouble, c, why);
	return c->journal != NULL;
}

static struct agent_link *
link_of(const struct campaign *c, const struct agent_entry *agent)
{
	return agent_links_all(c->links)[agent_links_find(c->links, agent)];
}

static struct server_clock
clock_of(void *arg, const struct agent_entry *agent)
{
	const struct campaign *c = arg;
	const struct agent_about *about = agent_link_about(link_of(c, agent));

	return (struct server_clock){
	    .known = about->version[0] != '\0', .ahead = about->ahead};
}

static void
make_devices(struct campaign *c)
{
	size_t n = c->n_devices;

	c->devices = xcalloc(n, sizeof(*c->devices));
	for (size_t i = 0; i < n; i++) {
		struct device_books books = {
		    .result = &c->result->devices[i],
		    .journal = c->journal,
		    .captures = c->captures,
		};

		c->devices[i] = device_new(
		    &c->env, &books, link_of(c, c->conf->devices[i]->agent));
		recoveries_give(c->recoveries, c->devices[i]);
		/* OVOC's address for it may be known before its own. */
		inbox_add_device(c->inbox, c->devices[i]);
	}
	c->counts[DEVICE_RESOLVING] = (unsigned)n;
}

/* From now on, ms; 0: without end. */
static int64_t
window_of(const struct campaign_conf *conf, int64_t wall)
{
	int minutes;

	if (!clock_day_time_read(conf->campaign.until, &minutes))
		return conf->campaign.window;
	return clock_day_time_next(wall, minutes) - wall;
}

struct campaign *
campaign_new(struct loop *lp, struct run_result *result,
    const struct run_folder *folder, run_reported *reported, struct fail *why)
{
	struct campaign *c = xcalloc(1, sizeof(*c));

	c->lp = lp;
	c->conf = result->conf;
	c->result = result;
	c->n_devices = c->conf->n_devices;
	c->waits_for = window_of(c->conf, loop_wall(lp));
	if (c->waits_for > 0)
		result->window_end = loop_wall(lp) + c->waits_for;
	timer_init(&c->window, lp, on_window, c);
	timer_init(&c->grace, lp, on_grace, c);
	timer_init(&c->deadline, lp, on_deadline, c);
	timer_init(&c->aftertime, lp, on_aftertime, c);
	timer_init(&c->finish, lp, on_finish, c);
	c->captures = run_folder_captures(folder);
	if (!make_env(c, why) || !bind_socket(c, why) ||
	    !make_journal(c, why)) {
		campaign_free(c);
		return NULL;
	}
	c->recoveries = recoveries_load(lp, c->conf,
	    c->env.recover_only ? NULL : result->run, reported, on_trouble, c);
	recoveries_await(c->recoveries, is_awaited, c);
	recoveries_settle(c->recoveries, on_event_over, c);
	c->aftermath = aftermath_new(&c->env.tools, on_settled, c);
	aftermath_use_clock(c->aftermath, clock_of, c);
	make_devices(c);
	return c;
}

void
campaign_free(struct campaign *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; c->devices != NULL && i < c->n_devices; i++)
		device_free(c->devices[i]);
	aftermath_free(c->aftermath);
	agent_links_free(c->links);
	recoveries_free(c->recoveries);
	journal_free(c->journal);
	datagram_free(c->socket);
	inbox_free(c->inbox);
	toolbox_empty(&c->env.tools);
	timer_clear(&c->window);
	timer_clear(&c->grace);
	timer_clear(&c->deadline);
	timer_clear(&c->aftertime);
	timer_clear(&c->finish);
	free(c->devices);
	free(c);
}

/* --- running --- */

static bool
on_recovered(void *arg, const struct run_result *killed)
{
	struct campaign *c = arg;

	return c->recovered == NULL || c->recovered(c->recovered_arg, killed);
}

void
campaign_on_recovered(struct campaign *c, run_recovered *recovered, void *arg)
{
	c->recovered = recovered;
	c->recovered_arg = arg;
}

/* A night's log begins with what it is about. */
static void
say_begin(const struct campaign *c)
{
	char end[CLOCK_TEXT_MAX] = "never", skipped[48];
	size_t n = c->conf->n_skipped;

	snprintf(skipped, sizeof(skipped), " and %zu skipped", n);
	if (c->waits_for > 0)
		clock_rfc3339(loop_wall(c->lp) + c->waits_for, end);
	log_write(loop_log(c->lp), LOGGING_NOTICE, NULL, "campaign",
	    "%s, %zu device%s%s; the window ends: %s; reports in %s",
	    c->conf->campaign.name, c->n_devices, c->n_devices == 1 ? "" : "s",
	    n > 0 ? skipped : "", end, c->result->folder);
}

void
campaign_start(struct campaign *c, campaign_ended *ended, void *arg)
{
	c->ended = ended;
	c->arg = arg;
	c->began = loop_now(c->lp);
	if (c->waits_for > 0) {
		if (!c->env.recover_only)
			timer_set(&c->window, c->waits_for);
		timer_set(&c->deadline,
		    c->waits_for + c->conf->timeouts.unreachable_limit +
			RUN_SLACK_MS);
	}
	if (!c->env.recover_only)
		say_begin(c);
	recoveries_begin(c->recoveries, on_recovered, c);
	for (size_t i = 0; i < c->n_devices; i++)
		device_start(c->devices[i]);
	skipped_told(c->result, c->journal, loop_wall(c->lp), loop_now(c->lp));
	see_to_finish(c);
}

void
campaign_settle(struct campaign *c)
{
	agent_links_settle(c->links);
	if (c->env.tools.pulse != NULL)
		c->result->together = pulse_together(c->env.tools.pulse);
	result_number(c->result);
}

void
campaign_close(struct campaign *c)
{
	journal_end(c->journal, c->result->exit_status);
	c->journal = NULL;
}

void
campaign_interrupt(struct campaign *c)
{
	if (c->interrupted) {
		abandon_all(c, "interrupted twice");
		return;
	}
	c->interrupted = true;
	aftermath_abandon(c->aftermath, "interrupted");
	c->result->interrupted = true;
	timer_clear(&c->window);
	timer_set(&c->grace, c->conf->timeouts.stop_grace);
	log_write(loop_log(c->lp), LOGGING_NOTICE, NULL, "campaign",
	    "interrupted: stopping and fetching for %lld s at most; once more "
	    "to give up",
	    (long long)c->conf->timeouts.stop_grace / 1000);
	for (size_t i = 0; i < c->n_devices; i++)
		device_interrupt(c->devices[i]);
}

void
campaign_trigger(struct campaign *c)
{
	for (size_t i = 0; i < c->n_devices; i++)
		device_trigger(c->devices[i]);
}

void
campaign_log_states(struct campaign *c)
{
	for (size_t i = 0; i < c->n_devices; i++) {
		const struct device *d = c->devices[i];
		char label[DEVICE_LABEL_MAX];

		const char *state = device_state_name(device_state(d));
		const struct log_facts facts = {
		    .device = device_conf(d)->address, .state = state};

		log_answer_about(loop_log(c->lp),
		    device_label(device_conf(d), label), "campaign", &facts,
		    "%s%s", state,
		    device_is_unreachable(d) ? ", unreachable" : "");
	}
}

const unsigned *
campaign_counts(const struct campaign *c)
{
	return c->counts;
}

size_t
campaign_unreachable(const struct campaign *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_devices; i++)
		n += device_is_unreachable(c->devices[i]);
	return n;
}

int64_t
campaign_time_left(const struct campaign *c)
{
	return timer_left(&c->window);
}

const struct device *
campaign_device(const struct campaign *c, size_t i)
{
	return c->devices[i];
}
