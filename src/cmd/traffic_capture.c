/* traffic_capture.c - main() of the campaign: options, signals, exit status.
 *
 * Everything else is in campaign/, conf/ and report/.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/history.h"
#include "books/run_keep.h"
#include "campaign/campaign.h"
#include "campaign/dry_run.h"
#include "campaign/preflight.h"
#include "cmd/campaign_options.h"
#include "cmd/campaign_source.h"
#include "cmd/enroll_run.h"
#include "cmd/finish_hook.h"
#include "cmd/merge_run.h"
#include "cmd/first_conf.h"
#include "cmd/probe_run.h"
#include "cmd/process.h"
#include "cmd/rebuild_history.h"
#include "cmd/rejudge.h"
#include "cmd/show_history.h"
#include "cmd/show_run.h"
#include "conf/conf_load.h"
#include "io/notify.h"
#include "loop/timer.h"
#include "loop/turn_time.h"
#include "report/report.h"
#include "report/run_metrics.h"
#include "report/summary.h"

#define PROGRESS_MS      500
#define STATUS_MS        5000
#define SECOND_SIGNAL_MS 1000

struct program {
	const struct campaign_options *opt;
	struct log *log;
	struct loop *lp;
	struct run_result *result;
	struct run_folder *folder;
	struct campaign *campaign;
	struct timer progress; /* tells it to who looks: */
	bool terminal;         /* somebody at one, else systemd */
	bool recover;          /* only what earlier runs left */
	bool ended;            /* a run, with a folder of its own */
	bool interrupted;
	int64_t interrupted_at; /* monotonic ms */
	bool unwritten;         /* a report could not be written */
	bool astray;            /* `latest` could not be set */
};

/* --- looking only --- */

/* The status is that of a run in which the same devices fail. */
static int
print_dry_run(const struct campaign_options *o, struct loop *lp,
    const struct campaign_conf *conf, struct strbuf *text)
{
	struct strbuf names = STRBUF_INIT;
	size_t lost = dry_run(lp, conf, text, &names);
	int status = RUN_ALL_WELL;

	if (names.len > 0) {
		process_say(&o->common, LOGGING_ERROR,
		    "traffic-capture: %zu of %zu device%s cannot take part; no "
		    "address was found for %s",
		    lost, conf->n_devices, conf->n_devices == 1 ? "" : "s",
		    names.s);
		status =
		    lost == conf->n_devices ? RUN_ALL_FAILED : RUN_SOME_FAILED;
	}
	strbuf_free(&names);
	return status;
}

/* What is in effect, though this host would not let it run. */
static int
print_check(
    struct loop *lp, const struct campaign_conf *conf, struct strbuf *text)
{
	struct host_facts host = host_facts_now();

	campaign_conf_print(conf, text);
	return preflight(lp, conf, &host) ? EXIT_SUCCESS : EXIT_TROUBLE;
}

static int
print_only(const struct campaign_options *o, struct loop *lp,
    struct campaign_conf *conf)
{
	struct strbuf text = STRBUF_INIT;
	int status = EXIT_SUCCESS;
	char skipped[48];

	snprintf(skipped, sizeof(skipped), " and %zu skipped", conf->n_skipped);
	if (o->common.verbosity >= 0)
		process_say(&o->common, LOGGING_NOTICE,
		    "traffic-capture: the configuration is right: %zu device%s%s, %zu "
		    "agent%s",
		    conf->n_devices, conf->n_devices == 1 ? "" : "s",
		    conf->n_skipped > 0 ? skipped : "", conf->n_agents,
		    conf->n_agents == 1 ? "" : "s");
	if (o->common.check)
		status = print_check(lp, conf, &text);
	else
		status = print_dry_run(o, lp, conf, &text);
	if (!process_print(&text))
		status = EXIT_TROUBLE;
	strbuf_free(&text);
	return status;
}

/* --- the run --- */

static void
on_progress(void *arg)
{
	struct program *p = arg;
	const unsigned *counts = campaign_counts(p->campaign);
	size_t lost = campaign_unreachable(p->campaign);
	int64_t left = campaign_time_left(p->campaign);
	struct strbuf text = STRBUF_INIT;
	char span[CLOCK_TEXT_MAX];

	for (int s = 0; s < DEVICE_STATES; s++)
		if (counts[s] > 0)
			strbuf_addf(&text, "%s%u %s", text.len ? ", " : "",
			    counts[s], device_state_name((enum device_state)s));
	if (lost > 0)
		strbuf_addf(&text, "; %zu of them unreachable", lost);
	if (left > 0)
		strbuf_addf(
		    &text, "; the window ends in %s", clock_span(left, span));
	if (p->terminal)
		log_status_line(p->log, strbuf_text(&text));
	notify_status(strbuf_text(&text));
	strbuf_free(&text);
	timer_set(&p->progress, p->terminal ? PROGRESS_MS : STATUS_MS);
}

static void
on_ended(void *arg)
{
	struct program *p = arg;

	timer_clear(&p->progress);
	log_status_line(p->log, NULL);
	loop_stop(p->lp);
}

/* timeout(1) and terminals signal a process and then its group: what comes at
 * once is no second signal. */
static void
interrupt(struct program *p)
{
	int64_t now = loop_now(p->lp);

	if (p->interrupted && now - p->interrupted_at < SECOND_SIGNAL_MS)
		return;
	p->interrupted = true;
	p->interrupted_at = now;
	campaign_interrupt(p->campaign);
}

static void
on_signal(void *arg, int signo)
{
	struct program *p = arg;

	if (signo == SIGUSR1)
		campaign_log_states(p->campaign);
	else if (signo == SIGUSR2)
		campaign_trigger(p->campaign);
	else
		interrupt(p);
}

static void
take_signals(struct program *p)
{
	loop_on_signal(p->lp, SIGTERM, on_signal, p);
	loop_on_signal(p->lp, SIGINT, on_signal, p);
	loop_on_signal(p->lp, SIGUSR1, on_signal, p);
	loop_on_signal(p->lp, SIGUSR2, on_signal, p);
}

static void
say_failed(struct program *p, const char *subsystem, const struct fail *why)
{
	log_about(p->log, LOGGING_ERROR, NULL, subsystem,
	    &(struct log_facts){.error = fail_kind_name(why->kind)}, "%s",
	    why->text);
}

static bool
write_reports(struct program *p, const struct run_result *r)
{
	struct fail why;

	if (report_write(r, &why))
		return true;
	say_failed(p, "report", &why);
	p->unwritten = true;
	return false;
}

static bool
on_recovered(void *arg, const struct run_result *killed)
{
	return write_reports(arg, killed);
}

static void
print_summary(struct program *p)
{
	struct strbuf text = STRBUF_INIT;

	if (p->recover)
		report_recovery_summary(p->result, !p->unwritten, &text);
	else
		report_summary(p->result, !p->unwritten, &text);
	if (!process_print(&text))
		p->unwritten = true;
	strbuf_free(&text);
}

/* A recovery that found nothing to do leaves nothing either. */
static void
report_recovery(struct program *p)
{
	struct fail why;

	if (!summary_is_of_recovery(p->result))
		return;
	if (run_folder_for_recovery(p->result, &why)) {
		write_reports(p, p->result);
		return;
	}
	say_failed(p, "report", &why);
	p->unwritten = true;
}

/* `latest`, then the journal's closing line: who is killed in between leaves
 * the link to the next run. */
static void
close_run(struct program *p)
{
	struct fail why;

	if (!run_folder_ended(p->result, &why)) {
		say_failed(p, "run", &why);
		p->astray = true;
	}
	campaign_close(p->campaign);
}

/* What is told of a whole run, --merge tells when all shards have ended. */
static bool
is_part(const struct program *p)
{
	return p->result->conf->shard.of > 0;
}

/* Reports, the journal's closing line, history, summary; the exit status. */
static int
finish(struct program *p)
{
	campaign_settle(p->campaign); /* a last alarm may have come */
	loop_tell_longest_turn(p->lp);
	p->ended = !p->recover;
	if (p->recover)
		report_recovery(p);
	else if (write_reports(p, p->result))
		close_run(p);
	history_keep(p->result->conf, p->log);
	print_summary(p);
	if (p->unwritten || p->astray)
		return EXIT_TROUBLE;
	return p->result->exit_status;
}

static int
refuse(struct program *p, const struct fail *why, int status)
{
	p->result->ended = loop_wall(p->lp);
	say_failed(p, "run", why);
	if (status == EXIT_TROUBLE && p->result->trouble == NULL)
		p->result->trouble = xstrdup(why->text);
	return status;
}

/* A disk that is full of old runs has room when they have gone. */
static enum run_folder_made
open_folder(struct program *p, struct fail *why)
{
	enum run_folder_made made = run_folder_open(&p->folder, p->result, why);

	if (made == RUN_FOLDER_LOCKED)
		return made;
	if (run_keep(p->result->conf, p->log) > 0 && made == RUN_FOLDER_TROUBLE)
		made = run_folder_open(&p->folder, p->result, why);
	return made;
}

/* What a monitoring reads; NULL: nothing.  What earlier runs left is no run. */
static const char *
metrics_of(const struct program *p)
{
	if (p->opt->recover || is_part(p))
		return NULL;
	return p->opt->metrics != NULL ? p->opt->metrics
				       : p->result->conf->metrics;
}

/* Folder and campaign; EXIT_SUCCESS, or the status to end with. */
static int
begin(struct program *p)
{
	struct fail why;
	enum run_folder_made made =
	    p->recover ? run_folder_lock(&p->folder, p->result, &why)
		       : open_folder(p, &why);

	switch (made) {
	case RUN_FOLDER_MADE:
		break;
	case RUN_FOLDER_LOCKED:
		return refuse(p, &why, EXIT_RUNNING);
	case RUN_FOLDER_TROUBLE:
		return refuse(p, &why, EXIT_TROUBLE);
	}
	p->campaign =
	    campaign_new(p->lp, p->result, p->folder, report_is_written, &why);
	if (p->campaign != NULL)
		return EXIT_SUCCESS;
	run_folder_discard(p->folder, p->result);
	run_folder_close(p->folder);
	p->folder = NULL;
	return refuse(p, &why, EXIT_TROUBLE);
}

/* A full disk must not keep what an earlier run left on from being stopped: if
 * this run cannot begin, it does at least what --recover does. */
static int
begin_or_recover(struct program *p)
{
	int status;

	p->recover = p->opt->recover;
	status = begin(p);
	if (status != EXIT_TROUBLE || p->recover)
		return status;
	p->recover = true;
	return begin(p);
}

static int
run(struct program *p)
{
	int status = begin_or_recover(p);

	if (status != EXIT_SUCCESS)
		return status;
	if (!p->recover)
		run_metrics_begin(metrics_of(p), p->result, p->log);
	take_signals(p);
	campaign_on_recovered(p->campaign, on_recovered, p);
	campaign_start(p->campaign, on_ended, p);
	timer_init(&p->progress, p->lp, on_progress, p);
	p->terminal =
	    p->opt->common.verbosity >= 0 && isatty(STDERR_FILENO) != 0;
	if (p->terminal || notify_wanted())
		timer_set(&p->progress, 0);
	loop_run(p->lp);
	return finish(p);
}

static int
run_program(const struct campaign_options *o, struct campaign_conf *conf)
{
	struct program p = {.opt = o};
	const struct merge_options merge = {
	    .folders = &o->merge, .since = o->since, .metrics = o->metrics};
	int status;

	p.log = options_log(&o->common);
	p.lp = loop_new(p.log);
	if (o->common.check || o->dry) {
		status = print_only(o, p.lp, conf);
	} else if (o->probe) {
		status = probe_run(p.lp, conf);
	} else if (o->enroll) {
		status = enroll_run(p.lp, conf);
	} else if (o->compare != NULL) {
		status = rejudge(p.lp, conf, o->compare);
	} else if (o->merge.n > 0) {
		status = merge_run(conf, p.log, &merge);
	} else {
		p.result = run_result_new(conf, loop_wall(p.lp));
		status = run(&p);
		campaign_free(p.campaign);
		run_folder_close(p.folder);
		/* Where another one runs, it is that one's file. */
		if (status != EXIT_RUNNING)
			run_metrics_end(
			    metrics_of(&p), p.result, status, p.log);
		if (p.ended && !is_part(&p))
			finish_hook_run(p.log, p.result, status, !p.unwritten);
		run_result_free(p.result);
	}
	loop_free(p.lp);
	log_free(p.log);
	return status;
}

/* What a run, or a look at what it would do, needs the whole configuration
 * for. */
static int
load_and_run(const struct campaign_options *o)
{
	const struct campaign_source source = {.common = &o->common,
	    .words = &campaign_words,
	    .globs = &o->globs,
	    .place = o->place,
	    .only = o->common.check || o->dry,
	    .check = o->common.check,
	    .last_first = o->recover || o->compare != NULL || o->merge.n > 0};
	struct campaign_conf *conf;
	int status;

	process_raise_descriptors();
	xmem_keep();
	conf = campaign_source_load(&source, &status);
	if (conf != NULL)
		status = run_program(o, conf);
	campaign_conf_free(conf);
	return status;
}

int
main(int argc, char **argv)
{
	struct campaign_options o = {0};
	struct show_options show = {.globs = &o.globs};
	struct history_options history = {.globs = &o.globs};
	int status;

	process_begin();
	campaign_options_take(&o, argc, argv);
	show.run = o.run;
	history.place = show.place = o.place;
	history.since = o.since;
	if (o.show)
		status = show_run(&o.common, &campaign_words, &show);
	else if (o.history)
		status = show_history(&o.common, &campaign_words, &history);
	else if (o.rebuild)
		status = rebuild_history(&o.common, &campaign_words, &o.place);
	else if (o.init)
		status = first_conf_run(
		    &first_conf_campaign, &o.common, &campaign_words);
	else
		status = load_and_run(&o);
	campaign_options_free(&o);
	return status;
}
