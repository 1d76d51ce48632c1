/* recovery.c - the killed runs of this campaign, finished by this one.
 *
 * One struct for each killed run: its books, how many of its devices still have
 * something to be done, and the recovery of each.
 */
#include "campaign/recovery.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

struct killed {
	struct recoveries *all;
	struct killed_run *run;
	struct journal *journal;
	char *captures;
	struct recovery *recoveries; /* as many as it has devices */
	size_t left;                 /* devices that are not done */
	struct killed *next;
};

struct recoveries {
	struct loop *lp;
	const struct run_result *now;
	journal_trouble *trouble;
	void *trouble_arg;
	struct killed *first;
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
is_left(const struct killed_device *d)
{
	const bool *was = d->facts;

	return (was[JOURNAL_START] && !was[JOURNAL_OFF]) ||
	       (was[JOURNAL_ON] && !was[JOURNAL_FILE]) ||
	       (was[JOURNAL_ASKED] && !was[JOURNAL_CLOSED]);
}

/* --- the end of a killed run --- */

static void
killed_free(struct killed *k)
{
	journal_free(k->journal);
	killed_run_free(k->run);
	free(k->captures);
	free(k->recoveries);
	free(k);
}

static void
describe_rest(struct run_result *r)
{
	for (size_t i = 0; i < r->n_devices; i++) {
		if (r->devices[i].outcome != OUTCOME_NONE)
			continue;
		r->devices[i].outcome = OUTCOME_INTERRUPTED;
		result_describe(&r->devices[i], "the run was killed");
	}
}

static void
finish(struct killed *k)
{
	struct run_result *r = k->run->result;

	describe_rest(r);
	r->interrupted = true;
	r->ended = loop_wall(k->all->lp);
	r->exit_status = run_exit_status(r);
	result_number(r);
	if (!k->all->done(k->all->arg, r))
		return;
	journal_end(k->journal, r->exit_status);
	k->journal = NULL;
	say(k->all, LOGGING_NOTICE, r->run, "was killed, and is finished now");
}

static void
on_device_done(void *arg)
{
	struct killed *k = arg;

	if (--k->left == 0)
		finish(k);
}

/* --- finding them --- */

/* Nobody can stop what is on there: the one to read the report has to. */
static void
name_gone(struct killed *k, size_t i)
{
	struct device_result *d = &k->run->result->devices[i];
	struct row row = {
	    .task = TASK_RECOVER,
	    .status = TASK_FAILURE,
	    .severity = SEVERITY_CRITICAL,
	    .event = k->run->devices[i].event,
	    .started = loop_wall(k->all->lp),
	    .description = (char *)"capture may be on: the device is no longer "
				   "configured; stop it by hand and remove the "
				   "SNMP user",
	};

	log_write(loop_log(k->all->lp), LOGGING_ERROR, d->conf->address,
	    "recovery", "CRITICAL %s", row.description);
	d->outcome = OUTCOME_FAILED;
	result_describe(d, row.description);
	journal_row(k->journal, d, result_row(d, &row));
	journal_outcome(k->journal, d);
}

static void
add_killed(struct recoveries *r, struct killed_run *run)
{
	struct killed *k = xcalloc(1, sizeof(*k));
	struct fail why;

	k->all = r;
	k->run = run;
	k->captures = xasprintf("%s/captures", run->result->folder);
	k->recoveries = xcalloc(run->n_devices, sizeof(*k->recoveries));
	k->journal = journal_reopen(
	    r->lp, run->result, r->trouble, r->trouble_arg, &why);
	if (k->journal == NULL) {
		say(r, LOGGING_ERROR, run->result->run, why.text);
		killed_free(k);
		return;
	}
	for (size_t i = 0; i < run->n_devices; i++)
		if (is_left(&run->devices[i]) && !run->devices[i].configured)
			name_gone(k, i);
	k->next = r->first;
	r->first = k;
}

static void
look_at(struct recoveries *r, const char *parent, const char *run)
{
	struct killed_run *k;
	struct fail why;

	switch (journal_read(r->now->conf, parent, run, &k, &why)) {
	case JOURNAL_ENDED:
		return;
	case JOURNAL_KILLED:
		say(r, LOGGING_WARNING, run, "was killed; finishing it");
		add_killed(r, k);
		return;
	case JOURNAL_EMPTY:
		say(r, LOGGING_INFO, run, "was killed before it did anything");
		return;
	case JOURNAL_NEWER:
		say(r, LOGGING_ERROR, run,
		    "has a journal of a newer version: finish it with that "
		    "version; it is left alone");
		return;
	case JOURNAL_UNREADABLE:
		say(r, LOGGING_ERROR, run, why.text);
		return;
	}
}

static int
only_runs(const struct dirent *e)
{
	return e->d_name[0] >= '0' && e->d_name[0] <= '9';
}

struct recoveries *
recoveries_load(struct loop *lp, const struct run_result *now,
    journal_trouble *trouble, void *arg)
{
	struct recoveries *r = xcalloc(1, sizeof(*r));
	char *parent = xasprintf(
	    "%s/%s", now->conf->campaign.output, now->conf->campaign.name);
	struct dirent **names;
	int n = scandir(parent, &names, only_runs, alphasort);

	r->lp = lp;
	r->now = now;
	r->trouble = trouble;
	r->trouble_arg = arg;
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i]->d_name, now->run) != 0)
			look_at(r, parent, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	free(parent);
	return r;
}

void
recoveries_free(struct recoveries *r)
{
	struct killed *k;

	if (r == NULL)
		return;
	while ((k = r->first) != NULL) {
		r->first = k->next;
		killed_free(k);
	}
	free(r);
}

static void
give(struct killed *k, size_t i, struct device *d)
{
	struct recovery *one = &k->recoveries[i];

	*one = (struct recovery){
	    .books = {.result = &k->run->result->devices[i],
		.journal = k->journal,
		.captures = k->captures},
	    .left = &k->run->devices[i],
	    .done = on_device_done,
	    .arg = k,
	};
	k->left++;
	device_recover_first(d, one);
}

void
recoveries_give(struct recoveries *r, struct device *d)
{
	for (struct killed *k = r->first; k != NULL; k = k->next)
		for (size_t i = 0; i < k->run->n_devices; i++)
			if (k->run->entries[i] == device_conf(d) &&
			    is_left(&k->run->devices[i]))
				give(k, i, d);
}

void
recoveries_begin(struct recoveries *r, run_recovered *done, void *arg)
{
	r->done = done;
	r->arg = arg;
	for (struct killed *k = r->first; k != NULL; k = k->next)
		if (k->left == 0)
			finish(k);
}
