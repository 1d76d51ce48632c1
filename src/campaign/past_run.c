/* past_run.c - a run that has ended, whose events are compared now.
 */
#include "campaign/past_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/journal_read.h"
#include "books/run_folder.h"
#include "books/run_names.h"
#include "campaign/comparisons.h"
#include "campaign/piece_index.h"

struct wanted {
	struct past_event event;
	STAILQ_ENTRY(wanted) next;
};

struct past_run {
	struct tools tools;      /* the loop and the configuration alone */
	struct run_folder *lock; /* of the campaign; NULL: not needed */
	int folder;              /* ... of the run, open */
	char *captures;
	struct earlier_run *run;
	struct journal *journal;
	struct comparisons *comparisons;
	struct piece_index *pieces;
	STAILQ_HEAD(, wanted) wanted;
	size_t left, compared;
	struct timer nothing;
	void (*done)(void *arg);
	void *arg;
};

/* --- opening --- */

static void
on_trouble(void *arg, const char *text)
{
	struct past_run *p = arg;

	log_write(
	    loop_log(p->tools.lp), LOGGING_ERROR, NULL, "compare", "%s", text);
}

static enum past_run_opened
no_run(const char *parent, const char *run, struct fail *why)
{
	fail_set(why, FAIL_LOCAL, "there is no run %s in %s", run, parent);
	return PAST_RUN_NONE;
}

/* Its folder is locked before its journal is read: of two that judge it, one
 * does, and one that comes right behind knows what the first has written. */
static enum past_run_opened
lock_run(
    struct past_run *p, const char *parent, const char *run, struct fail *why)
{
	char *folder = xasprintf("%s/%s", parent, run);
	int error;

	p->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	error = p->folder < 0 || flock(p->folder, LOCK_EX | LOCK_NB) != 0
		    ? errno
		    : 0;
	fail_set(
	    why, FAIL_LOCAL, "cannot open %s: %s", folder, strerror(error));
	free(folder);
	if (error == 0)
		return PAST_RUN_OPEN;
	if (p->folder < 0 && (error == ENOENT || error == ENOTDIR))
		return no_run(parent, run, why);
	if (p->folder < 0 || error != EWOULDBLOCK)
		return PAST_RUN_TROUBLE;
	fail_set(why, FAIL_LOCAL, "run %s is being compared by another process",
	    run);
	return PAST_RUN_UNDER_WAY;
}

/* Not while a campaign, or a recovery, may write into the same journal. */
static enum past_run_opened
lock_campaign(struct past_run *p, struct fail *why)
{
	const struct run_result *r = p->run->result;

	if (p->lock != NULL)
		return PAST_RUN_OPEN;
	switch (run_folder_lock(&p->lock, r, why)) {
	case RUN_FOLDER_MADE:
		return PAST_RUN_OPEN;
	case RUN_FOLDER_LOCKED:
		fail_set(why, FAIL_LOCAL,
		    "run %s is under way, or being finished: wait for its end",
		    r->run);
		return PAST_RUN_UNDER_WAY;
	case RUN_FOLDER_TROUBLE:
		break;
	}
	return PAST_RUN_TROUBLE;
}

static enum past_run_opened
refuse_killed(struct past_run *p, struct fail *why)
{
	enum past_run_opened how = lock_campaign(p, why);

	if (how != PAST_RUN_OPEN)
		return how;
	fail_set(why, FAIL_LOCAL,
	    "run %s was killed and is not finished: the next run, or "
	    "--recover, finishes it and compares its captures",
	    p->run->result->run);
	return PAST_RUN_TROUBLE;
}

/* What a run left on the next one sees to, and may have done so just now: it is
 * read once more under the campaign's lock. */
static enum journal_verdict
read_journal(struct past_run *p, const char *parent, const char *run,
    enum past_run_opened *how, struct fail *why)
{
	const struct campaign_conf *conf = p->tools.conf;
	enum journal_verdict v =
	    journal_read_all(conf, parent, run, &p->run, why);

	*how = v == JOURNAL_LEFT_ON ? lock_campaign(p, why) : PAST_RUN_OPEN;
	if (v != JOURNAL_LEFT_ON || *how != PAST_RUN_OPEN)
		return v;
	earlier_run_free(p->run);
	p->run = NULL;
	return journal_read_all(conf, parent, run, &p->run, why);
}

static enum past_run_opened
read_run(
    struct past_run *p, const char *parent, const char *run, struct fail *why)
{
	enum past_run_opened how;

	switch (read_journal(p, parent, run, &how, why)) {
	case JOURNAL_ENDED:
	case JOURNAL_LEFT_ON:
		return how;
	case JOURNAL_KILLED:
	case JOURNAL_EMPTY:
		return refuse_killed(p, why);
	case JOURNAL_NONE:
		return no_run(parent, run, why);
	case JOURNAL_NEWER:
		fail_set(why, FAIL_LOCAL,
		    "run %s has a journal of a newer version: use that one",
		    run);
		return PAST_RUN_TROUBLE;
	case JOURNAL_UNREADABLE:
		break;
	}
	return PAST_RUN_TROUBLE;
}

static enum past_run_opened
take_run(
    struct past_run *p, const char *parent, const char *run, struct fail *why)
{
	enum past_run_opened how = lock_run(p, parent, run, why);

	return how == PAST_RUN_OPEN ? read_run(p, parent, run, why) : how;
}

static enum past_run_opened
find_run(struct past_run *p, const char *name, struct fail *why)
{
	char *parent = run_parent(p->tools.conf);
	char run[RUN_NAME_MAX];
	enum past_run_opened how = PAST_RUN_NONE;

	if (strcmp(name, RUN_LATEST) == 0 || strcmp(name, RUN_CURRENT) == 0) {
		if (run_link_read(parent, name, run))
			how = take_run(p, parent, run, why);
		else
			fail_set(
			    why, FAIL_LOCAL, "%s has no %s run", parent, name);
	} else if (run_is_name(name)) {
		how = take_run(p, parent, name, why);
	} else {
		fail_set(why, FAIL_LOCAL,
		    "%s is no run's name: that is the name of its folder in "
		    "%s, or latest",
		    name, parent);
	}
	free(parent);
	return how;
}

static bool
open_books(struct past_run *p, struct fail *why)
{
	struct run_result *r = p->run->result;

	p->captures = xasprintf("%s/" RUN_CAPTURES, r->folder);
	p->pieces = piece_index_read(p->captures, why);
	if (p->pieces == NULL)
		return false;
	p->journal = journal_reopen(p->tools.lp, r, on_trouble, p, why);
	return p->journal != NULL;
}

enum past_run_opened
past_run_open(struct past_run **to, struct loop *lp,
    const struct campaign_conf *conf, const char *name, struct fail *why)
{
	struct past_run *p = xcalloc(1, sizeof(*p));
	enum past_run_opened how;

	p->tools.lp = lp;
	p->tools.conf = conf;
	p->folder = -1;
	STAILQ_INIT(&p->wanted);
	how = find_run(p, name, why);
	if (how == PAST_RUN_OPEN && !open_books(p, why))
		how = PAST_RUN_TROUBLE;
	if (how == PAST_RUN_OPEN)
		*to = p;
	else
		past_run_free(p);
	return how;
}

/* --- comparing --- */

static void
on_nothing(void *arg)
{
	struct past_run *p = arg;

	p->done(p->arg);
}

static void
on_compared(void *arg, const struct past_event *e)
{
	struct past_run *p = arg;

	(void)e;
	p->compared++;
	if (--p->left == 0)
		p->done(p->arg);
}

/* The last word on an event; NULL: there is none. */
static const struct row *
last_word(const struct past_run *p, const struct past_round *of)
{
	return result_last(&p->run->result->devices[of->device], TASK_COMPARE,
	    of->round.event);
}

static bool
is_judged(const struct past_run *p, const struct past_round *of)
{
	const struct row *last = last_word(p, of);

	return last != NULL && last->status == TASK_SUCCESS;
}

/* Without anything new nothing new would be said. */
static void
want(struct past_run *p, const struct past_round *of)
{
	struct wanted *w = xcalloc(1, sizeof(*w));

	w->event.books = (struct device_books){
	    .result = &p->run->result->devices[of->device],
	    .journal = p->journal,
	    .captures = p->captures};
	w->event.round = of->round;
	w->event.conf = w->event.books.result->conf;
	piece_index_fill(p->pieces, &w->event);
	if (w->event.n_pieces == 0 && last_word(p, of) != NULL) {
		free(w->event.pieces);
		free(w);
		return;
	}
	STAILQ_INSERT_TAIL(&p->wanted, w, next);
	p->left++;
}

void
past_run_compare(
    struct past_run *p, const char *program, void (*done)(void *arg), void *arg)
{
	struct wanted *w;

	p->done = done;
	p->arg = arg;
	p->comparisons = comparisons_new(&p->tools, program, on_compared, p);
	timer_init(&p->nothing, p->tools.lp, on_nothing, p);
	for (size_t i = 0; i < p->run->n_past; i++)
		if (!is_judged(p, &p->run->past[i]))
			want(p, &p->run->past[i]);
	STAILQ_FOREACH (w, &p->wanted, next)
		comparisons_add(p->comparisons, &w->event);
	if (p->left == 0)
		timer_set(&p->nothing, 0);
}

void
past_run_interrupt(struct past_run *p)
{
	comparisons_abandon(p->comparisons, "interrupted");
}

/* --- what came of it --- */

const struct run_result *
past_run_result(const struct past_run *p)
{
	result_number(p->run->result);
	return p->run->result;
}

size_t
past_run_compared(const struct past_run *p)
{
	return p->compared;
}

size_t
past_run_unjudged(const struct past_run *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->run->n_past; i++)
		n += !is_judged(p, &p->run->past[i]);
	return n;
}

void
past_run_close(struct past_run *p)
{
	journal_end(p->journal, p->run->result->exit_status);
	p->journal = NULL;
	past_run_free(p);
}

void
past_run_free(struct past_run *p)
{
	struct wanted *w;

	if (p == NULL)
		return;
	timer_clear(&p->nothing);
	comparisons_free(p->comparisons);
	while ((w = STAILQ_FIRST(&p->wanted)) != NULL) {
		STAILQ_REMOVE_HEAD(&p->wanted, next);
		free(w->event.pieces);
		free(w);
	}
	piece_index_free(p->pieces);
	journal_free(p->journal);
	earlier_run_free(p->run);
	run_folder_close(p->lock);
	if (p->folder >= 0)
		close(p->folder);
	free(p->captures);
	free(p);
}
