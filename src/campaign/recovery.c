/* recovery.c - the unfinished runs of this campaign, finished by this one.
 *
 * One struct for each: its books, how many of its devices still have something
 * to be done, and the recovery of each.
 */
#include "campaign/recovery.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/xmem.h"
#include "books/run_folder.h"

struct unfinished {
	struct recoveries *all;
	bool ended; /* it was not killed, but left captures on */
	struct earlier_run *run;
	struct journal *journal;
	char *captures;
	struct earlier *parts; /* as many as it has devices */
	size_t left;           /* devices that are not done */
	bool finished;
	SLIST_ENTRY(unfinished) link;
};

struct recoveries {
	struct loop *lp;
	const struct campaign_conf *conf;
	run_reported *reported;
	journal_trouble *trouble;
	void *trouble_arg;
	SLIST_HEAD(, unfinished) unfinished; /* the newest first */
	run_awaited *awaited; /* NULL: no rows come but of devices */
	void *awaited_arg;
	run_event_over *event_over; /* NULL: nobody does */
	void *event_over_arg;
	run_recovered *done;
	void *arg;
};

static void
say(struct recoveries *r, enum log_level level, const char *run,
    const char *what)
{
	log_write(
	    loop_log(r->lp), level, NULL, "recovery", "run %s %s", run, what);
}

/* Is there still something of this device to be done? */
static bool
is_left(const struct unfinished *u, size_t i)
{
	const struct device_result *d = &u->run->result->devices[i];

	return round_left(&d->round, u->ended, d->outcome == OUTCOME_QUIET);
}

/* --- the end of an unfinished run --- */

static void
unfinished_free(struct unfinished *u)
{
	journal_free(u->journal);
	earlier_run_free(u->run);
	free(u->captures);
	free(u->parts);
	free(u);
}

/* The reports have rows, and it has none: it would not be in them. */
static void
name_untouched(struct unfinished *u, struct device_result *d)
{
	const struct row row = {
	    .task = TASK_RECOVER,
	    .status = TASK_SKIPPED,
	    .severity = SEVERITY_MINOR,
	    .event = d->round.event,
	    .started = loop_wall(u->all->lp),
	    .began = loop_now(u->all->lp),
	    .description = (char *)"the run was killed before anything was "
				   "done for it",
	};

	journal_row(u->journal, d, &row);
}

static void
describe_rest(struct unfinished *u)
{
	struct run_result *r = u->run->result;

	for (size_t i = 0; i < r->n_devices; i++) {
		struct device_result *d = &r->devices[i];

		if (TAILQ_EMPTY(&d->rows))
			name_untouched(u, d);
		if (d->outcome != OUTCOME_NONE)
			continue;
		d->outcome = OUTCOME_INTERRUPTED;
		result_describe(d, "the run was killed");
	}
}

static bool
write_reports(struct unfinished *u)
{
	struct run_result *r = u->run->result;

	describe_rest(u);
	r->interrupted = true;
	r->ended = loop_wall(u->all->lp);
	r->exit_status = run_exit_status(r);
	result_number(r);
	return u->all->done(u->all->arg, r);
}

/* In its order: how it ended is said of each device. */
static void
say_finished(const struct unfinished *u)
{
	const struct run_result *r = u->run->result;
	size_t failed = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		failed += round_may_be_on(&r->devices[i].round) ||
			  r->devices[i].outcome == OUTCOME_FAILED;
	if (failed > 0)
		log_write(loop_log(u->all->lp), LOGGING_WARNING, NULL,
		    "recovery", "run %s: %zu of its %zu device%s failed",
		    r->run, failed, r->n_devices, r->n_devices == 1 ? "" : "s");
	else
		say(u->all, LOGGING_NOTICE, r->run,
		    u->ended ? "is finished now"
			     : "was killed, and is finished now");
}

/* It may also have been killed between its reports and this. */
static void
point_latest(const struct unfinished *u)
{
	struct fail why;

	if (!run_folder_recovered(u->run->result, &why))
		u->all->trouble(u->all->trouble_arg, why.text);
}

static void
finish(struct unfinished *u)
{
	const struct run_result *r = u->run->result;

	u->finished = true;
	if (!u->ended && !write_reports(u))
		return;
	point_latest(u);
	journal_end(u->journal, r->exit_status);
	u->journal = NULL;
	say_finished(u);
}

/* All its devices are done, and all its rows are there. */
static void
finish_if_done(struct unfinished *u)
{
	const struct recoveries *r = u->all;

	if (u->left > 0 || u->finished ||
	    (r->awaited != NULL && r->awaited(r->awaited_arg, u->journal)))
		return;
	finish(u);
}

static void
on_device_done(void *arg)
{
	struct unfinished *u = arg;

	u->left--;
	finish_if_done(u);
}

void
recoveries_await(struct recoveries *r, run_awaited *awaited, void *arg)
{
	r->awaited = awaited;
	r->awaited_arg = arg;
}

void
recoveries_settle(struct recoveries *r, run_event_over *over, void *arg)
{
	r->event_over = over;
	r->event_over_arg = arg;
}

void
recoveries_look(struct recoveries *r)
{
	struct unfinished *u;

	SLIST_FOREACH (u, &r->unfinished, link)
		finish_if_done(u);
}

/* --- finding them --- */

static const char *
text_gone(const struct round *r)
{
	if (round_may_be_on(r))
		return "capture may be on: the device is no longer configured; "
		       "stop it by hand and remove the SNMP user";
	if (round_has_file(r) || r->asked)
		return "the device is no longer configured: its file is not "
		       "fetched, its agent not told";
	return "the device is no longer configured: what was sent at its event "
	       "is not recorded";
}

/* Nobody can stop what is on there: the one to read the report has to. */
static void
name_gone(struct unfinished *u, size_t i)
{
	struct device_result *d = &u->run->result->devices[i];
	struct row row = {
	    .task = TASK_RECOVER,
	    .status = TASK_FAILURE,
	    .severity =
		round_may_be_on(&d->round) ? SEVERITY_CRITICAL : SEVERITY_MAJOR,
	    .event = d->round.event,
	    .started = loop_wall(u->all->lp),
	    .began = loop_now(u->all->lp),
	    .description = (char *)text_gone(&d->round),
	};

	log_about(loop_log(u->all->lp), LOGGING_ERROR, d->conf->address,
	    "recovery",
	    &(struct log_facts){.device = d->conf->address,
		.event = row.event,
		.task = task_name(row.task),
		.error = "other"},
	    "%s %s", severity_name(row.severity), row.description);
	d->outcome = OUTCOME_FAILED;
	round_take(&d->round, FACT_OFF); /* the next run could do no more */
	result_describe(d, row.description);
	journal_row(u->journal, d, &row);
	journal_outcome(u->journal, d);
}

/* The run was killed behind the event and before its verdict; of a run that
 * ended rows say what became of it. */
static bool
is_unjudged(const struct unfinished *u, const struct past_round *p)
{
	return !u->ended && result_last(&u->run->result->devices[p->device],
				TASK_COMPARE, p->round.event) == NULL;
}

/* A run of some devices, or one in which it is skipped, leaves it to a run of
 * all of them. */
static bool
is_away(const struct unfinished *u, size_t i)
{
	return !u->run->configured[i] &&
	       (u->all->conf->partial || u->run->entries[i]->skip);
}

/* Events of devices that take no part. */
static size_t
count_unjudged(const struct unfinished *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->run->n_past; i++)
		n += is_away(u, u->run->past[i].device) &&
		     is_unjudged(u, &u->run->past[i]);
	return n;
}

/* Devices that nobody can be asked about, or not in this run. */
static void
name_missing(struct unfinished *u)
{
	size_t n = count_unjudged(u);

	for (size_t i = 0; i < u->run->n_devices; i++) {
		if (u->run->configured[i] || !is_left(u, i))
			continue;
		if (is_away(u, i))
			n++;
		else
			name_gone(u, i);
	}
	if (n == 0)
		return;
	u->left += n;
	say(u->all, LOGGING_NOTICE, u->run->result->run,
	    "has devices that take no part now: a run of all finishes it");
}

/* What it left is left on, so this is no small trouble. */
static void
cannot_finish(struct recoveries *r, const char *run, const struct fail *why)
{
	char *text = xasprintf("run %s cannot be finished: %s", run, why->text);

	r->trouble(r->trouble_arg, text);
	free(text);
}

static void
add_unfinished(struct recoveries *r, struct earlier_run *run, bool ended)
{
	struct unfinished *u = xcalloc(1, sizeof(*u));
	struct fail why;

	u->all = r;
	u->ended = ended;
	u->run = run;
	u->captures = xasprintf("%s/" RUN_CAPTURES, run->result->folder);
	u->parts = xcalloc(run->n_devices, sizeof(*u->parts));
	u->journal = journal_reopen(
	    r->lp, run->result, r->trouble, r->trouble_arg, &why);
	if (u->journal == NULL) {
		cannot_finish(r, run->result->run, &why);
		unfinished_free(u);
		return;
	}
	name_missing(u);
	SLIST_INSERT_HEAD(&r->unfinished, u, link);
}

static void
take_unfinished(struct recoveries *r, struct earlier_run *e, enum log_level l,
    const char *as)
{
	/* It may have ended, though its journal could not be closed. */
	bool ended = r->reported(e->result);

	say(r, l, e->result->run, ended ? "is not closed" : as);
	add_unfinished(r, e, ended);
}

static void
look_at(struct recoveries *r, const char *parent, const char *run)
{
	struct earlier_run *e;
	struct fail why;

	switch (journal_read(r->conf, parent, run, &e, &why)) {
	case JOURNAL_ENDED:
		return;
	case JOURNAL_LEFT_ON:
		say(r, LOGGING_WARNING, run,
		    "ended, but a capture may be on; seeing to it");
		add_unfinished(r, e, true);
		return;
	case JOURNAL_KILLED:
		take_unfinished(
		    r, e, LOGGING_WARNING, "was killed; finishing it");
		return;
	case JOURNAL_EMPTY:
		take_unfinished(
		    r, e, LOGGING_NOTICE, "was killed before it did anything");
		return;
	case JOURNAL_NONE:
		say(r, LOGGING_DEBUG, run, "has no journal");
		return;
	case JOURNAL_NEWER:
		say(r, LOGGING_ERROR, run,
		    "has a journal of a newer version: finish it with that "
		    "version; it is left alone");
		return;
	case JOURNAL_UNREADABLE:
		cannot_finish(r, run, &why);
		return;
	}
}

static int
only_runs(const struct dirent *e)
{
	return e->d_name[0] >= '0' && e->d_name[0] <= '9';
}

static void
look_at_all(struct recoveries *r, const char *parent, const char *own)
{
	struct dirent **names;
	int n = scandir(parent, &names, only_runs, alphasort);

	if (n < 0) {
		char *text =
		    xasprintf("cannot look for unfinished runs in %s: %s",
			parent, strerror(errno));

		r->trouble(r->trouble_arg, text);
		free(text);
		return;
	}
	for (int i = 0; i < n; i++) {
		if (own == NULL || strcmp(names[i]->d_name, own) != 0)
			look_at(r, parent, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

struct recoveries *
recoveries_load(struct loop *lp, const struct campaign_conf *conf,
    const char *own, run_reported *reported, journal_trouble *trouble,
    void *arg)
{
	struct recoveries *r = xcalloc(1, sizeof(*r));
	char *parent = run_parent(conf);

	r->lp = lp;
	r->conf = conf;
	r->reported = reported;
	r->trouble = trouble;
	r->trouble_arg = arg;
	SLIST_INIT(&r->unfinished);
	look_at_all(r, parent, own);
	free(parent);
	return r;
}

void
recoveries_free(struct recoveries *r)
{
	struct unfinished *u;

	if (r == NULL)
		return;
	while ((u = SLIST_FIRST(&r->unfinished)) != NULL) {
		SLIST_REMOVE_HEAD(&r->unfinished, link);
		unfinished_free(u);
	}
	free(r);
}

static struct device_books
books_of(const struct unfinished *u, size_t device)
{
	return (struct device_books){
	    .result = &u->run->result->devices[device],
	    .journal = u->journal,
	    .captures = u->captures,
	};
}

static void
give(struct unfinished *u, size_t i, struct device *d)
{
	struct earlier *one = &u->parts[i];

	*one = (struct earlier){
	    .books = books_of(u, i),
	    .run = u->run->result->run,
	    .ended = u->ended,
	    .done = on_device_done,
	    .arg = u,
	};
	u->left++;
	device_finish_first(d, one);
}

void
recoveries_give(struct recoveries *r, struct device *d)
{
	struct unfinished *u;

	SLIST_FOREACH (u, &r->unfinished, link)
		for (size_t i = 0; i < u->run->n_devices; i++)
			if (u->run->entries[i] == device_conf(d) &&
			    is_left(u, i))
				give(u, i, d);
}

static void
settle_past(struct unfinished *u)
{
	const struct recoveries *r = u->all;

	for (size_t i = 0; i < u->run->n_past; i++) {
		const struct past_round *p = &u->run->past[i];
		struct device_books books = books_of(u, p->device);

		if (is_unjudged(u, p) && !is_away(u, p->device))
			r->event_over(r->event_over_arg, &books, &p->round);
	}
}

void
recoveries_begin(struct recoveries *r, run_recovered *done, void *arg)
{
	struct unfinished *u;

	r->done = done;
	r->arg = arg;
	if (r->event_over != NULL)
		SLIST_FOREACH (u, &r->unfinished, link)
			settle_past(u);
	recoveries_look(r);
}
