/* earlier.c - closes the books of an earlier run's round.
 */
#include "device/earlier.h"

#include <stdlib.h>

#include "base/xmem.h"

static bool
may_be_on(const struct earlier *e)
{
	return round_may_be_on(&e->books.result->round);
}

/* --- while it is finished --- */

void
earlier_init(struct earlier_runs *r)
{
	STAILQ_INIT(&r->waiting);
}

bool
earlier_has_more(const struct earlier_runs *r)
{
	return !STAILQ_EMPTY(&r->waiting);
}

struct ledger *
earlier_open(struct earlier_runs *r, const struct tools *t)
{
	r->now = STAILQ_FIRST(&r->waiting);
	STAILQ_REMOVE_HEAD(&r->waiting, next);
	ledger_open(&r->ledger, t, &r->now->books);
	ledger_fact(&r->ledger, FACT_TAKEN);
	return &r->ledger;
}

void
earlier_registered(struct earlier_runs *r, bool takes_stop, const char *untold)
{
	const struct round *round = ledger_round(&r->ledger);

	r->bears_stop = takes_stop && !round->closed;
	if (!r->bears_stop && round->asked)
		ledger_untold(&r->ledger, untold);
}

void
earlier_is_off(const struct earlier_runs *r, struct ledger *own)
{
	if (r->now != NULL && round_may_be_on(ledger_round(own)))
		ledger_fact(own, FACT_OFF);
}

void
earlier_give_up(struct earlier_runs *r)
{
	if (r->now != NULL)
		r->given_up = ledger_round(&r->ledger);
	r->now = NULL;
}

/* --- its end --- */

bool
earlier_is_put_off(const struct earlier_runs *r, const struct fail *why)
{
	return why->kind == FAIL_LOCAL || ledger_round(&r->ledger)->no_room;
}

bool
earlier_is_lasting(const struct earlier_runs *r, const struct fail *why)
{
	return earlier_is_put_off(r, why) || fail_is_refusal(why);
}

/* How bad it is that the earlier run's books cannot be closed well. */
static enum severity
severity_of_failure(const struct earlier *e)
{
	return may_be_on(e) ? SEVERITY_CRITICAL : SEVERITY_MAJOR;
}

static void
row_of_recovery(const struct earlier *e, struct ledger *l,
    const struct fail *why, enum severity failed, const char *done)
{
	bool ok = why->kind == FAIL_NONE;
	char *text =
	    ok ? xstrdup(done)
	       : xasprintf("%s%s", may_be_on(e) ? "capture may be on: " : "",
		     why->text);

	ledger_note(l, TASK_RECOVER, ok ? TASK_SUCCESS : TASK_FAILURE,
	    ok ? SEVERITY_NORMAL : failed, text);
	free(text);
}

static void
describe(const struct earlier *e, const struct fail *why)
{
	struct device_result *r = e->books.result;

	if (r->outcome == OUTCOME_NONE && why->kind != FAIL_NONE)
		r->outcome = result_failed_outcome(r);
	else if (r->outcome == OUTCOME_NONE)
		r->outcome = OUTCOME_INTERRUPTED;
	result_describe(r, why->kind == FAIL_NONE
			       ? "the run was killed; finished later"
			       : why->text);
	journal_outcome(e->books.journal, r);
}

/* In this run's books: a run that had ended has its reports already, and what
 * fails here is of this night. */
static void
row_of_now(const struct earlier_runs *r, struct ledger *own,
    const struct fail *why, bool recover_only)
{
	const struct earlier *e = r->now;
	char *done = xasprintf(e->ended ? "what run %s left on is off"
					: "what run %s left is finished",
	    e->run);

	if (e->ended || why->kind != FAIL_NONE || recover_only)
		row_of_recovery(e, own, why,
		    earlier_is_lasting(r, why) || recover_only
			? severity_of_failure(e)
			: SEVERITY_MINOR,
		    done);
	free(done);
}

/* The next run must know of a start from one journal or the other at any
 * moment. */
static void
hand_over(struct ledger *its, struct ledger *own)
{
	ledger_fact(own, FACT_INHERITED);
	journal_flush(own->books.journal);
	/* As far as the earlier run is asked. */
	ledger_fact(its, FACT_OFF);
}

void
earlier_close(struct earlier_runs *r, struct ledger *own,
    const struct fail *why, bool recover_only)
{
	const struct earlier *e = r->now;
	bool put_off = earlier_is_put_off(r, why);

	ledger_ended(&r->ledger);
	row_of_recovery(e, &r->ledger, why, severity_of_failure(e),
	    e->ended ? "what the run left on is off"
		     : "what the killed run left is finished");
	if (!put_off)
		describe(e, why);
	row_of_now(r, own, why, recover_only);
	r->now = NULL;
	if (put_off)
		return;
	if (may_be_on(e) && !recover_only)
		hand_over(&r->ledger, own);
	ledger_fact(&r->ledger, FACT_RECOVERED);
	e->done(e->arg);
}

bool
earlier_left_on(const struct earlier_runs *r)
{
	return r->given_up != NULL && round_may_be_on(r->given_up);
}

bool
earlier_untold(const struct earlier_runs *r)
{
	return r->given_up != NULL && r->given_up->asked;
}
