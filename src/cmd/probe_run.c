/* probe_run.c - traffic-capture --probe.
 */
#include "cmd/probe_run.h"

#include <signal.h>
#include <stdlib.h>

#include "books/run_folder.h"
#include "campaign/preflight.h"
#include "campaign/visits.h"
#include "cmd/process.h"
#include "device/visit.h"
#include "report/report.h"

struct work {
	struct loop *lp;
	struct run_result *result;
	struct run_folder *folder;
	struct visits *visits;
};

static void
on_ended(void *arg)
{
	struct work *w = arg;

	loop_stop(w->lp);
}

static void
on_signal(void *arg, int signo)
{
	struct work *w = arg;

	(void)signo;
	visits_interrupt(w->visits);
}

static int
refuse(const struct work *w, const struct fail *why, int status)
{
	log_write(
	    loop_log(w->lp), LOGGING_ERROR, NULL, "probe", "%s", why->text);
	return status;
}

/* Folder and visits; EXIT_SUCCESS, or the status to end with. */
static int
begin(struct work *w)
{
	struct fail why;

	switch (run_folder_for_probe(&w->folder, w->result, &why)) {
	case RUN_FOLDER_MADE:
		break;
	case RUN_FOLDER_LOCKED:
		return refuse(w, &why, EXIT_RUNNING);
	case RUN_FOLDER_TROUBLE:
		return refuse(w, &why, EXIT_TROUBLE);
	}
	w->visits = visits_new(w->lp, w->result, &why);
	if (w->visits != NULL)
		return EXIT_SUCCESS;
	run_folder_discard(w->folder, w->result);
	return refuse(w, &why, EXIT_TROUBLE);
}

/* Reports and summary; the exit status. */
static int
finish(struct work *w)
{
	struct strbuf text = STRBUF_INIT;
	struct fail why;
	bool written = report_write(w->result, &why);
	int status = w->result->exit_status;

	if (!written)
		status = refuse(w, &why, EXIT_TROUBLE);
	report_probe_summary(w->result, written, &text);
	if (!process_print(&text))
		status = EXIT_TROUBLE;
	strbuf_free(&text);
	return status;
}

static int
visit_all(struct work *w)
{
	loop_on_signal(w->lp, SIGTERM, on_signal, w);
	loop_on_signal(w->lp, SIGINT, on_signal, w);
	visits_start(w->visits, on_ended, w);
	loop_run(w->lp);
	return finish(w);
}

int
probe_run(struct loop *lp, struct campaign_conf *conf)
{
	struct work w = {.lp = lp};
	int status;

	visit_limit(conf);
	w.result = run_result_new(conf, loop_wall(lp));
	status = begin(&w);
	if (status == EXIT_SUCCESS) {
		if (host_facts_now().clock_wrong)
			log_write(loop_log(lp), LOGGING_WARNING, NULL, "probe",
			    HOST_CLOCK_WRONG);
		status = visit_all(&w);
	}
	visits_free(w.visits);
	run_folder_close(w.folder);
	run_result_free(w.result);
	return status;
}
