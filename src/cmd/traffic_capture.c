/* traffic_capture.c - main() of the campaign: options, signals, exit status.
 *
 * Everything else is in campaign/, conf/ and report/.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "campaign/campaign.h"
#include "campaign/dry_run.h"
#include "cmd/process.h"
#include "conf/conf_load.h"
#include "loop/timer.h"
#include "report/report.h"

#define PROGRESS_MS  500
#define DEFAULT_CONF "/etc/traffic-capture/conf.d"

enum { EXIT_OPTIONS = 2, EXIT_CONF = 3, EXIT_RUNNING = 6, EXIT_TROUBLE = 7 };

struct options {
	struct text_list paths;
	struct text_list sets;
	struct text_list globs;
	const char *output;
	bool check;
	bool dry;
	bool recover;
	int verbosity; /* -1 quiet, 0, 1 verbose */
	enum log_format format;
};

struct program {
	const struct options *opt;
	struct log *log;
	struct loop *lp;
	struct run_result *result;
	struct run_folder *folder;
	struct campaign *campaign;
	struct timer progress;
	bool unwritten; /* a report could not be written */
};

static const char usage[] =
    "Usage: traffic-capture [OPTION]...\n"
    "Run one capture campaign to its end and write its reports.\n"
    "\n"
    "  -c PATH          configuration file or folder, repeatable\n"
    "                   (default " DEFAULT_CONF ")\n"
    "  -d GLOB          only devices whose address or name matches, repeatable\n"
    "  -o DIR           write below DIR instead of campaign.output\n"
    "      --set K=V    override one setting, such as campaign.window=2h\n"
    "      --check      check and print the configuration, send nothing\n"
    "      --dry-run    also print every script and message, send nothing\n"
    "      --recover    only finish what earlier runs left\n"
    "  -v | -q          more, or less, on stderr\n"
    "      --log-format text|json\n"
    "      --version, --help\n"
    "\n"
    "Exit status: 0 all devices did what was configured, 1 some failed,\n"
    "2 wrong command line, 3 wrong configuration, 4 every device failed,\n"
    "5 no device saw a trigger, 6 already running, 7 trouble on this host,\n"
    "8 interrupted.  See traffic-capture(8).\n";

enum {
	OPT_SET = 256,
	OPT_CHECK,
	OPT_DRY,
	OPT_RECOVER,
	OPT_FORMAT,
	OPT_VERSION,
	OPT_HELP
};

static const struct option long_options[] = {
    {"set", required_argument, NULL, OPT_SET},
    {"check", no_argument, NULL, OPT_CHECK},
    {"dry-run", no_argument, NULL, OPT_DRY},
    {"recover", no_argument, NULL, OPT_RECOVER},
    {"log-format", required_argument, NULL, OPT_FORMAT},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static void
bad_options(void)
{
	fputs("Try 'traffic-capture --help'.\n", stderr);
	exit(EXIT_OPTIONS);
}

static void
take_option(struct options *o, int c)
{
	switch (c) {
	case 'c':
		text_list_add(&o->paths, optarg);
		return;
	case 'd':
		text_list_add(&o->globs, optarg);
		return;
	case 'o':
		o->output = optarg;
		return;
	case 'v':
		o->verbosity = 1;
		return;
	case 'q':
		o->verbosity = -1;
		return;
	case OPT_SET:
		text_list_add(&o->sets, optarg);
		return;
	case OPT_CHECK:
		o->check = true;
		return;
	case OPT_DRY:
		o->dry = true;
		return;
	case OPT_RECOVER:
		o->recover = true;
		return;
	case OPT_FORMAT:
		if (!process_log_format(optarg, &o->format))
			bad_options();
		return;
	case OPT_VERSION:
		puts("traffic-capture " VERSION);
		exit(EXIT_SUCCESS);
	case OPT_HELP:
		fputs(usage, stdout);
		exit(EXIT_SUCCESS);
	default:
		bad_options();
	}
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	int c;

	while (
	    (c = getopt_long(argc, argv, "c:d:o:vq", long_options, NULL)) != -1)
		take_option(o, c);
	if (optind < argc) {
		fprintf(stderr, "traffic-capture: unexpected argument '%s'\n",
		    argv[optind]);
		bad_options();
	}
	if (o->check + o->dry + o->recover > 1) {
		fputs("traffic-capture: --check, --dry-run and --recover "
		      "exclude each other\n",
		    stderr);
		bad_options();
	}
	if (o->paths.n == 0)
		text_list_add(&o->paths, DEFAULT_CONF);
}

/* --- configuration --- */

static void
select_devices(const struct options *o, struct campaign_conf *conf)
{
	const char *none =
	    campaign_conf_unmatched(conf, o->globs.texts, o->globs.n);

	if (none == NULL) {
		campaign_conf_select(conf, o->globs.texts, o->globs.n);
		return;
	}
	fprintf(stderr, "traffic-capture: -d %s matches no device\n", none);
	campaign_conf_free(conf);
	exit(EXIT_OPTIONS);
}

static struct campaign_conf *
load(const struct options *o)
{
	struct conf_messages m = {0};
	struct conf_sources from = {.paths = o->paths.texts,
	    .n_paths = o->paths.n,
	    .sets = o->sets.texts,
	    .n_sets = o->sets.n,
	    .output = o->output};
	struct campaign_conf *conf = campaign_conf_load(&from, &m);

	process_print_messages("traffic-capture", &m);
	conf_messages_free(&m);
	if (conf == NULL)
		exit(EXIT_CONF);
	if (o->globs.n > 0)
		select_devices(o, conf);
	return conf;
}

static int
print_only(const struct options *o, struct loop *lp, struct campaign_conf *conf)
{
	struct strbuf text = STRBUF_INIT;
	int status;

	if (o->check)
		campaign_conf_print(conf, &text);
	else
		dry_run(lp, conf, &text);
	status = process_print(&text) ? EXIT_SUCCESS : EXIT_TROUBLE;
	strbuf_free(&text);
	return status;
}

/* --- the run --- */

static void
on_progress(void *arg)
{
	struct program *p = arg;
	const unsigned *counts = campaign_counts(p->campaign);
	struct strbuf text = STRBUF_INIT;

	for (int s = 0; s < DEVICE_STATES; s++)
		if (counts[s] > 0)
			strbuf_addf(&text, "%s%u %s", text.len ? ", " : "",
			    counts[s], device_state_name(s));
	log_status_line(p->log, strbuf_text(&text));
	strbuf_free(&text);
	timer_set(&p->progress, PROGRESS_MS);
}

static void
on_ended(void *arg)
{
	struct program *p = arg;

	timer_clear(&p->progress);
	log_status_line(p->log, NULL);
	loop_stop(p->lp);
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
		campaign_interrupt(p->campaign);
}

static void
take_signals(struct program *p)
{
	loop_on_signal(p->lp, SIGTERM, on_signal, p);
	loop_on_signal(p->lp, SIGINT, on_signal, p);
	loop_on_signal(p->lp, SIGUSR1, on_signal, p);
	loop_on_signal(p->lp, SIGUSR2, on_signal, p);
}

static bool
write_reports(struct program *p, const struct run_result *r)
{
	struct fail why;

	if (report_write(r, &why))
		return true;
	log_write(p->log, LOGGING_ERROR, NULL, "report", "%s", why.text);
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

	report_summary(p->result, &text);
	if (!process_print(&text))
		p->unwritten = true;
	strbuf_free(&text);
}

/* Reports, the journal's closing line, summary; the exit status. */
static int
finish(struct program *p)
{
	result_number(p->result); /* a last alarm may have come */
	if (!p->opt->recover && write_reports(p, p->result))
		campaign_close(p->campaign);
	if (!p->opt->recover)
		print_summary(p);
	return p->unwritten ? EXIT_TROUBLE : p->result->exit_status;
}

static enum run_folder_made
open_folder(struct program *p, struct fail *why)
{
	if (p->opt->recover)
		return run_folder_lock(&p->folder, p->result, why);
	return run_folder_open(&p->folder, p->result, why);
}

static int
run(struct program *p)
{
	struct fail why;

	switch (open_folder(p, &why)) {
	case RUN_FOLDER_MADE:
		break;
	case RUN_FOLDER_LOCKED:
		log_write(p->log, LOGGING_ERROR, NULL, "run", "%s", why.text);
		return EXIT_RUNNING;
	case RUN_FOLDER_TROUBLE:
		log_write(p->log, LOGGING_ERROR, NULL, "run", "%s", why.text);
		return EXIT_TROUBLE;
	}
	p->campaign = campaign_new(p->lp, p->result, p->folder, &why);
	if (p->campaign == NULL) {
		run_folder_discard(p->folder, p->result);
		log_write(p->log, LOGGING_ERROR, NULL, "run", "%s", why.text);
		return EXIT_TROUBLE;
	}
	take_signals(p);
	campaign_on_recovered(p->campaign, on_recovered, p);
	campaign_start(p->campaign, on_ended, p);
	timer_init(&p->progress, p->lp, on_progress, p);
	if (p->opt->verbosity >= 0 && isatty(STDERR_FILENO))
		timer_set(&p->progress, 0);
	loop_run(p->lp);
	return finish(p);
}

static int
run_program(const struct options *o, struct campaign_conf *conf)
{
	struct program p = {.opt = o};
	int status;

	p.log =
	    log_new(o->format, process_log_level(o->verbosity), STDERR_FILENO);
	p.lp = loop_new(p.log);
	if (o->check || o->dry) {
		status = print_only(o, p.lp, conf);
	} else {
		p.result = run_result_new(
		    conf, conf->campaign.output, loop_wall(p.lp));
		status = run(&p);
		campaign_free(p.campaign);
		run_folder_close(p.folder);
		run_result_free(p.result);
	}
	loop_free(p.lp);
	log_free(p.log);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct campaign_conf *conf;
	int status;

	process_harden();
	parse_options(&o, argc, argv);
	process_raise_descriptors();
	conf = load(&o);
	status = run_program(&o, conf);
	campaign_conf_free(conf);
	text_list_free(&o.paths);
	text_list_free(&o.sets);
	text_list_free(&o.globs);
	return status;
}
