/* finish_hook.c - see finish_hook.h.
 *
 * Has a loop of its own: nothing of the campaign is to go on meanwhile.
 */
#include "cmd/finish_hook.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>

#include "campaign/hook.h"
#include "report/counts.h"
#include "report/report.h"

#define KEY "on_finish"
/* Who interrupts a run waits for its end. */
#define HURRY_MS 10000

struct work {
	struct loop *lp;
	struct hook *hook; /* NULL: it has ended */
};

static void
on_done(void *arg, const struct fail *why)
{
	struct work *w = arg;

	w->hook = NULL;
	if (why->kind != FAIL_NONE)
		log_write(loop_log(w->lp), LOGGING_WARNING, NULL, "hook",
		    KEY ": %s", why->text);
	else
		log_write(loop_log(w->lp), LOGGING_INFO, NULL, "hook",
		    KEY " has run");
	loop_stop(w->lp);
}

static void
on_signal(void *arg, int signo)
{
	struct work *w = arg;

	(void)signo;
	log_write(loop_log(w->lp), LOGGING_WARNING, NULL, "hook",
	    KEY ": interrupted, it was killed");
	hook_cancel(w->hook);
	w->hook = NULL;
	loop_stop(w->lp);
}

/* "DEVICES_ONE_SIDED" */
static void
add_outcome(struct hook_facts *f, enum outcome o, size_t n)
{
	char name[64] = "DEVICES_";
	size_t len = strlen(name);

	for (const char *p = outcome_name(o);
	     *p != '\0' && len < sizeof(name) - 1; p++)
		name[len++] =
		    *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	name[len] = '\0';
	hook_fact_number(f, name, n);
}

static void
add_counts(struct hook_facts *f, const struct run_result *r)
{
	struct report_counts n = report_count(r);

	hook_fact_number(f, "DEVICES", r->n_devices);
	for (int i = OUTCOME_SUCCESS; i < OUTCOME_COUNT; i++)
		add_outcome(f, (enum outcome)i, n.outcomes[i]);
	hook_fact_number(f, "EVENTS", n.events);
	hook_fact_number(f, "EVENTS_LOST", n.verdicts[VERDICT_LOST]);
	hook_fact_number(f, "EVENTS_NOT_COMPARED", n.verdicts[VERDICT_NONE]);
	hook_fact_number(f, "BYTES", n.bytes);
	hook_fact_number(f, "NEAR_MISSES", n.near_misses);
}

static void
add_facts(
    struct hook_facts *f, const struct run_result *r, int status, bool written)
{
	struct strbuf summary = STRBUF_INIT;

	hook_facts_of_run(f, KEY, r->conf, r->folder);
	hook_fact_time(f, "STARTED", r->started);
	hook_fact_time(f, "ENDED", r->ended);
	hook_fact_number(f, "EXIT_STATUS", (uint64_t)status);
	hook_fact(f, "REPORTS", written ? "written" : "not written");
	add_counts(f, r);
	report_summary(r, written, &summary);
	hook_fact_lines(f, "SUMMARY", strbuf_text(&summary));
	strbuf_free(&summary);
}

void
finish_hook_run(
    struct log *lg, const struct run_result *r, int status, bool written)
{
	const struct hooks_section *conf = &r->conf->hooks;
	struct hook_facts *facts = hook_facts_new();
	struct hook_call call = {.key = KEY,
	    .program = conf->on_finish,
	    .folder = r->folder,
	    .facts = facts,
	    .timeout = conf->timeout};
	struct work w = {.lp = loop_new(lg)};

	if (conf->on_finish != NULL) {
		add_facts(facts, r, status, written);
		loop_on_signal(w.lp, SIGTERM, on_signal, &w);
		loop_on_signal(w.lp, SIGINT, on_signal, &w);
		w.hook = hook_start(w.lp, &call, on_done, &w);
		if (r->interrupted)
			hook_hurry(w.hook, HURRY_MS);
		loop_run(w.lp);
	}
	hook_facts_free(facts);
	loop_free(w.lp);
}
