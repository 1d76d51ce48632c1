/* ledger.c - what a device finds, written into the books that are open.
 */
#include "device/ledger.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/run_folder.h"
#include "device/event_notes.h"

void
ledger_open(
    struct ledger *l, const struct tools *t, const struct device_books *books)
{
	*l = (struct ledger){.tools = t, .books = *books};
}

const struct round *
ledger_round(const struct ledger *l)
{
	return &l->books.result->round;
}

struct device_result *
ledger_result(struct ledger *l)
{
	return l->books.result;
}

/* A line about the device and its event, and what `more` says. */
static void __attribute__((format(printf, 5, 0)))
vsay(const struct ledger *l, enum log_level level, const char *subsystem,
    const struct log_facts *more, const char *fmt, va_list ap)
{
	struct log_facts facts = *more;

	facts.device = l->books.result->conf->address;
	facts.event = ledger_round(l)->event;
	log_vabout(loop_log(l->tools->lp), level, facts.device, subsystem,
	    &facts, fmt, ap);
}

void
ledger_log(const struct ledger *l, enum log_level level, const char *subsystem,
    const char *fmt, ...)
{
	const struct log_facts none = {0};
	va_list ap;

	va_start(ap, fmt);
	vsay(l, level, subsystem, &none, fmt, ap);
	va_end(ap);
}

static bool
is_of_agent(enum task t)
{
	return t == TASK_REGISTER || t == TASK_OVOC_CAPTURE ||
	       t == TASK_OVOC_VERIFY || t == TASK_OVOC_STOP;
}

/* `failed` counts of a failure only. */
static void __attribute__((format(printf, 6, 7)))
say_task(const struct ledger *l, enum log_level level, enum task t,
    enum task_status s, enum fail_kind failed, const char *fmt, ...)
{
	const char *kind =
	    failed == FAIL_NONE ? "other" : fail_kind_name(failed);
	const struct log_facts facts = {.task = task_name(t),
	    .agent =
		is_of_agent(t) ? l->books.result->conf->agent->address : NULL,
	    .error = s == TASK_FAILURE ? kind : NULL};
	va_list ap;

	va_start(ap, fmt);
	vsay(l, level, "task", &facts, fmt, ap);
	va_end(ap);
}

static void __attribute__((format(printf, 5, 6)))
say(const struct ledger *l, enum log_level level, const char *subsystem,
    const struct log_facts *facts, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(l, level, subsystem, facts, fmt, ap);
	va_end(ap);
}

/* --- rows and facts --- */

struct begun
ledger_begin(const struct ledger *l, enum task t, int attempt)
{
	return (struct begun){
	    .task = t,
	    .attempt = attempt,
	    .wall = loop_wall(l->tools->lp),
	    .mono = loop_now(l->tools->lp),
	};
}

/* --- failures that repeat --- */

/* Nothing more is added to the row that repeats: the journal has it whole. */
static void
end_repeating(struct ledger *l)
{
	const struct row *row = l->repeating;
	char span[CLOCK_TEXT_MAX];

	l->repeating = NULL;
	if (row == NULL)
		return;
	journal_row_again(l->books.journal, l->books.result, row);
	say_task(l, LOGGING_WARNING, row->task, row->status, l->failing,
	    "%s: %s, %d attempts in %s: %s", task_name(row->task),
	    row->severity > SEVERITY_MINOR ? "given up" : "no longer so",
	    row->attempt, clock_span(row->duration, span), row->description);
}

/* The same failure again and again is one row; NULL: it is another one. */
static struct row *
repeat(struct ledger *l, const struct begun *b, enum severity severity,
    const char *description)
{
	int event = ledger_round(l)->event;
	struct row *row = result_last(l->books.result, b->task, event);
	int64_t took = loop_now(l->tools->lp);

	if (row == NULL || row->status != TASK_FAILURE || row->over ||
	    strcmp(row->description, description) != 0)
		return NULL;
	if (l->repeating != row)
		end_repeating(l);
	took -= row->began > 0 ? row->began : b->mono;
	result_repeat(l->books.result, row, severity, row->attempt + 1, took);
	say_task(l, LOGGING_DEBUG, b->task, TASK_FAILURE, b->failed,
	    "%s: again, attempt %d: %s", task_name(b->task), row->attempt,
	    description);
	l->repeating = row;
	l->failing = b->failed;
	if (severity > SEVERITY_MINOR)
		end_repeating(l);
	return row;
}

struct row *
ledger_row(struct ledger *l, const struct begun *b, enum task_status s,
    enum severity severity, const char *description)
{
	struct row row = {
	    .task = b->task,
	    .status = s,
	    .severity = severity,
	    .event = ledger_round(l)->event,
	    .attempt = b->attempt,
	    .started = b->wall,
	    .began = b->mono,
	    .duration = loop_now(l->tools->lp) - b->mono,
	    .description = (char *)description,
	};
	struct row *again =
	    s == TASK_FAILURE ? repeat(l, b, severity, description) : NULL;

	if (again != NULL)
		return again;
	if (l->repeating != NULL && l->repeating->task == b->task)
		end_repeating(l);
	say_task(l, s == TASK_FAILURE ? LOGGING_WARNING : LOGGING_INFO, b->task,
	    s, b->failed, "%s: %s: %s", task_name(b->task), task_status_name(s),
	    description);
	return journal_row(l->books.journal, l->books.result, &row);
}

void
ledger_note(struct ledger *l, enum task t, enum task_status s,
    enum severity severity, const char *description)
{
	struct begun now = ledger_begin(l, t, 1);

	ledger_row(l, &now, s, severity, description);
}

void
ledger_skip(struct ledger *l, enum task t, int attempt, const char *why)
{
	struct begun now = ledger_begin(l, t, attempt);

	ledger_row(l, &now, TASK_SKIPPED, SEVERITY_MINOR, why);
}

void
ledger_over(struct ledger *l, enum task t)
{
	struct row *row =
	    result_last(l->books.result, t, ledger_round(l)->event);

	if (row == NULL || row->status != TASK_FAILURE)
		return;
	row->over = true;
	if (l->repeating == row)
		end_repeating(l);
}

/* What a fact says of the time that the capture is on. */
static void
see_coverage(struct ledger *l, enum fact f)
{
	struct coverage *c = &l->books.result->coverage;
	int64_t now = loop_now(l->tools->lp);

	if (f == FACT_ON || f == FACT_STILL_ON)
		coverage_seen(c, now, true);
	else if (f == FACT_VANISHED)
		coverage_seen(c, now, false);
	else if (f == FACT_BLIND)
		coverage_blind(c);
	else if (f == FACT_STOP && c->was_on)
		coverage_end(c, now);
}

/* When the capture began and ended, by the wall clock of its end: that may have
 * jumped.  The event was when the loss was first seen. */
static void
see_times(struct round *r, enum fact f, struct loop *lp)
{
	if (f == FACT_ON)
		r->on_mono = loop_now(lp);
	if (f == FACT_LOST || (f == FACT_EVENT && r->event_at == 0))
		r->event_at = loop_wall(lp);
	if (f == FACT_CLEARED)
		r->event_at = 0;
	if (f != FACT_STOP || r->on_mono == 0)
		return;
	r->stop_at = loop_wall(lp);
	r->on_at = r->stop_at - (loop_now(lp) - r->on_mono);
}

void
ledger_fact(struct ledger *l, enum fact f)
{
	see_coverage(l, f);
	see_times(&l->books.result->round, f, l->tools->lp);
	if (l->notes != NULL)
		event_notes_fact(
		    l->notes, l->books.result, f, loop_now(l->tools->lp));
	if (f == FACT_FILE)
		journal_relies_on(l->books.journal, l->books.captures);
	journal_fact(l->books.journal, l->books.result, f);
}

void
ledger_state(struct ledger *l, enum device_state from, enum device_state to)
{
	const struct log_facts facts = {.state = device_state_name(to)};

	say(l, LOGGING_INFO, "device", &facts, "%s -> %s",
	    device_state_name(from), device_state_name(to));
	journal_state(l->books.journal, l->books.result, device_state_name(to));
}

bool
ledger_has_room(const struct ledger *l, struct fail *why)
{
	return run_folder_has_room(
	    l->books.captures, l->tools->conf->campaign.min_free, why);
}

static bool
wants_record(const struct ledger *l)
{
	return l->notes != NULL && round_lacks_record(ledger_round(l));
}

bool
ledger_syncs_record(struct ledger *l, void (*synced)(void *), void *arg)
{
	struct fail why;

	return wants_record(l) && ledger_has_room(l, &why) &&
	       event_notes_sync(l->notes, l->tools, l->books.result,
		   l->books.captures, synced, arg);
}

/* What cannot be written there is not missed by the device. */
static void
write_notes(struct ledger *l)
{
	bool wanted = wants_record(l);
	struct fail why;

	if (l->notes == NULL)
		return;
	if (wanted && (!ledger_has_room(l, &why) ||
			  !event_notes_write(l->notes, l->tools,
			      l->books.result, l->books.captures, &why)))
		say(l, LOGGING_WARNING, "record",
		    &(struct log_facts){.error = fail_kind_name(why.kind)},
		    "%s", why.text);
	else if (wanted)
		journal_relies_on(l->books.journal, l->books.captures);
	event_notes_clear(l->notes);
}

bool
ledger_ended(struct ledger *l)
{
	const struct round *r = ledger_round(l);
	bool first = !r->ended;

	write_notes(l);
	end_repeating(l);
	ledger_fact(l, FACT_ENDED);
	return first && r->triggered;
}

void
ledger_next_round(struct ledger *l, int event)
{
	round_begin(&l->books.result->round, event);
}

/* A capture that could not be stopped is the one thing that must not be
 * overlooked: it goes on using the device, and its SNMP user stays. */
void
ledger_may_be_on(struct ledger *l)
{
	ledger_note(l, TASK_VERIFY_STOPPED, TASK_FAILURE, SEVERITY_CRITICAL,
	    "capture may be on: stop it by hand and remove the SNMP user");
}

void
ledger_untold(struct ledger *l, const char *why)
{
	ledger_note(l, TASK_OVOC_STOP, TASK_SKIPPED, SEVERITY_MINOR, why);
	ledger_fact(l, FACT_UNTOLD);
}

void
ledger_clock(struct ledger *l, int64_t shown)
{
	l->books.result->clock_known = true;
	l->books.result->clock = shown - loop_wall(l->tools->lp);
}

/* --- the round's files --- */

void
ledger_name_file(struct ledger *l)
{
	struct device_result *r = l->books.result;
	int64_t wall = loop_wall(l->tools->lp);
	int64_t *last = l->tools->last_name;
	char name[CAPTURE_NAME_MAX];

	if (r->round.file[0] != '\0')
		return;
	/* Two devices behind two agents may be told by the same address, and
	 * all are stopped in one turn when the window ends. */
	*last = wall > *last ? wall : *last + 1;
	capture_name_cpe(name, r->conf->told, *last);
	round_name(&r->round, name);
	free(r->last_capture);
	r->last_capture = xstrdup(name);
	ledger_fact(l, FACT_STOP);
}

char *
ledger_path(const struct ledger *l)
{
	return xasprintf("%s/%s", l->books.captures, ledger_round(l)->file);
}

void
ledger_sync(struct ledger *l, struct journal_wait *w, void (*done)(void *arg),
    void *arg)
{
	if (l->books.journal != NULL)
		journal_sync(l->books.journal, w, done, arg);
	else
		done(arg);
}
