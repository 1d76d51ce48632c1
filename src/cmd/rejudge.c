/* rejudge.c - traffic-capture --compare RUN.
 */
#include "cmd/rejudge.h"

#include <signal.h>
#include <stdlib.h>

#include "books/history.h"
#include "campaign/past_run.h"
#include "cmd/process.h"
#include "report/report.h"

struct work {
	struct loop *lp;
	struct past_run *run;
	bool interrupted;
};

static void
on_done(void *arg)
{
	struct work *w = arg;

	loop_stop(w->lp);
}

static void
on_signal(void *arg, int signo)
{
	struct work *w = arg;

	(void)signo;
	w->interrupted = true;
	past_run_interrupt(w->run);
}

static bool
say(const struct work *w, bool written)
{
	const struct run_result *r = past_run_result(w->run);
	size_t n = past_run_compared(w->run), left = past_run_unjudged(w->run);
	struct strbuf text = STRBUF_INIT;
	bool ok;

	strbuf_addf(&text,
	    "Campaign %s, run %s: %zu event%s looked at, %zu without a "
	    "verdict\n",
	    r->conf->campaign.name, r->run, n, n == 1 ? "" : "s", left);
	report_comparison_summary(r, written, &text);
	ok = process_print(&text);
	strbuf_free(&text);
	return ok;
}

/* Reports, history, summary, the journal's closing line; the exit status. */
static int
finish(struct work *w)
{
	size_t left = past_run_unjudged(w->run);
	struct fail why;
	bool written = report_write(past_run_result(w->run), &why);

	if (!written)
		log_write(loop_log(w->lp), LOGGING_ERROR, NULL, "report", "%s",
		    why.text);
	history_keep(past_run_result(w->run)->conf, loop_log(w->lp));
	/* What it has now is in the journal, also where no report is. */
	if (!say(w, written))
		written = false;
	past_run_close(w->run);
	if (!written)
		return EXIT_TROUBLE;
	if (w->interrupted)
		return RUN_INTERRUPTED;
	return left > 0 ? RUN_SOME_FAILED : RUN_ALL_WELL;
}

int
rejudge(struct loop *lp, struct campaign_conf *conf, const char *run)
{
	struct work w = {.lp = lp};
	struct fail why;
	int status = EXIT_TROUBLE;

	conf->compare.run = true; /* it is asked for */
	switch (past_run_open(&w.run, lp, conf, run, &why)) {
	case PAST_RUN_OPEN:
		loop_on_signal(lp, SIGTERM, on_signal, &w);
		loop_on_signal(lp, SIGINT, on_signal, &w);
		past_run_compare(w.run, NULL, on_done, &w);
		loop_run(lp);
		return finish(&w);
	case PAST_RUN_NONE:
		status = EXIT_OPTIONS;
		break;
	case PAST_RUN_UNDER_WAY:
		status = EXIT_RUNNING;
		break;
	case PAST_RUN_TROUBLE:
		break;
	}
	log_write(loop_log(lp), LOGGING_ERROR, NULL, "compare", "%s", why.text);
	return status;
}
