/* ending.c - how a device's run ended.
 */
#include "device/ending.h"

#include "base/clock.h"
#include "base/str.h"

static int
events_wanted(const struct ledger *l)
{
	return l->tools->conf->campaign.events_per_device;
}

static enum outcome
outcome_of(struct ledger *l, const struct standing *s, bool may_be_on)
{
	const struct device_result *r = ledger_result(l);
	bool enough = r->events >= events_wanted(l);

	if (!standing_is_well(s))
		return result_failed_outcome(r);
	if (coverage_is_poor(&r->coverage))
		return OUTCOME_PARTIAL;
	if (!may_be_on && enough)
		return r->one_sided > 0 ? OUTCOME_ONE_SIDED : OUTCOME_SUCCESS;
	if (s->interrupted)
		return OUTCOME_INTERRUPTED;
	if (may_be_on)
		return result_failed_outcome(r);
	return r->one_sided > 0 ? OUTCOME_ONE_SIDED : OUTCOME_QUIET;
}

static void
add_coverage(const struct coverage *c, struct strbuf *to)
{
	char off[CLOCK_TEXT_MAX], all[CLOCK_TEXT_MAX];

	if (coverage_is_poor(c))
		strbuf_addf(to, "; its capture was off for %s of %s",
		    clock_span(c->off, off), clock_span(c->on + c->off, all));
}

static void
describe(struct ledger *l, const struct standing *s, bool may_be_on)
{
	struct device_result *r = ledger_result(l);
	struct strbuf text = STRBUF_INIT;
	int wanted = events_wanted(l);

	if (may_be_on)
		strbuf_add(&text, "capture may be on; ");
	if (!standing_is_well(s))
		strbuf_add(&text, s->failure.text);
	else
		strbuf_addf(&text, "%d of %d event%s captured", r->events,
		    wanted, wanted == 1 ? "" : "s");
	if (standing_is_well(s) && r->one_sided > 0)
		strbuf_addf(&text, "; %s", lack_text(r->lacks));
	add_coverage(&r->coverage, &text);
	result_describe(r, strbuf_text(&text));
	strbuf_free(&text);
}

void
ending_write(struct ledger *l, const struct standing *s, bool may_be_on,
    const char *untold)
{
	struct device_result *r = ledger_result(l);

	coverage_end(&r->coverage, loop_now(l->tools->lp));
	if (may_be_on)
		ledger_may_be_on(l);
	if (untold != NULL)
		ledger_untold(l, untold);
	r->outcome = outcome_of(l, s, may_be_on);
	describe(l, s, may_be_on);
	journal_outcome(l->books.journal, r);
}

static enum task
task_at(enum device_state s)
{
	if (s == DEVICE_RESOLVING)
		return TASK_RESOLVE;
	return s == DEVICE_REGISTERING ? TASK_REGISTER : TASK_START;
}

void
ending_never_captured(
    struct ledger *l, enum device_state at, const char *doing, struct fail *why)
{
	const struct row *last = TAILQ_LAST(&ledger_result(l)->rows, row_list);
	const char *reason = at == DEVICE_REGISTERING
				 ? "no answer to REGISTER from the agent"
				 : "no answer yet";

	if (last != NULL && last->status == TASK_FAILURE)
		reason = last->description;
	fail_set(why, FAIL_FINAL,
	    "the window ended before the capture was on, while %s: %s", doing,
	    reason);
	ledger_note(l, task_at(at), TASK_FAILURE, SEVERITY_MAJOR, why->text);
}
