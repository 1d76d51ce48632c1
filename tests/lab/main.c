/* main.c - traffic-capture-lab: options, signals, exit status. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/log.h"
#include "base/str.h"
#include "lab.h"
#include "loop/loop.h"
#include "scenario.h"
#include "usage.h"

/* The exit statuses of traffic-capture(8) that the lab has. */
enum { EXIT_GOOD = 0, EXIT_USAGE = 2, EXIT_SCENARIO = 3, EXIT_HOST = 7 };

struct options {
	const char *file;
	const char *state;
	const char *stats;
	bool demo;
	enum log_level level;
};

struct run {
	struct loop *lp;
	struct lab *lab;
	const char *stats;
	bool ended; /* by a signal, as it should be */
};

enum { OPT_DEMO = 256, OPT_STATE, OPT_STATS, OPT_VERSION };
static const struct option long_options[] = {
    {"scenario", required_argument, NULL, 'f'},
    {"demo", no_argument, NULL, OPT_DEMO},
    {"state", required_argument, NULL, OPT_STATE},
    {"stats", required_argument, NULL, OPT_STATS},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"version", no_argument, NULL, OPT_VERSION},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* -1: go on; else the exit status. */
static int
option_take(struct options *o, int option)
{
	switch (option) {
	case 'f':
		o->file = optarg;
		return -1;
	case OPT_DEMO:
		o->demo = true;
		return -1;
	case OPT_STATE:
		o->state = optarg;
		return -1;
	case OPT_STATS:
		o->stats = optarg;
		return -1;
	case 'v':
		o->level = LOGGING_DEBUG;
		return -1;
	case 'q':
		o->level = LOGGING_WARNING;
		return -1;
	case OPT_VERSION:
		puts("traffic-capture-lab " VERSION);
		return EXIT_GOOD;
	case 'h':
		usage_print();
		return EXIT_GOOD;
	default:
		fputs("Try `traffic-capture-lab --help`.\n", stderr);
		return EXIT_USAGE;
	}
}

static int
options_read(struct options *o, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(
		    argc, argv, "f:vqh", long_options, NULL)) != -1) {
		int status = option_take(o, option);
		if (status >= 0)
			return status;
	}
	if (optind == argc && (o->file != NULL) != o->demo)
		return -1;
	fputs("traffic-capture-lab: give either -f FILE or --demo, and "
	      "nothing else.  Try --help.\n",
	    stderr);
	return EXIT_USAGE;
}

static void
told_to_end(void *arg, int signo)
{
	struct run *r = arg;

	(void)signo;
	r->ended = true;
	loop_stop(r->lp);
}

static void
told_to_count(void *arg, int signo)
{
	struct run *r = arg;
	struct fail why = {0};

	(void)signo;
	if (r->stats && !lab_stats(r->lab, r->stats, &why))
		log_write(loop_log(r->lp), LOGGING_ERROR, NULL, "lab", "%s",
		    why.text);
}

static void
told_to_lose(void *arg, int signo)
{
	struct run *r = arg;

	(void)signo;
	lab_lose_all(r->lab);
}

static void
ready(void *arg)
{
	(void)arg;
	puts("lab: ready");
	fflush(stdout);
}

static int
lab_run(struct run *r, const struct scenario *sc)
{
	struct fail why = {0};

	loop_on_signal(r->lp, SIGTERM, told_to_end, r);
	loop_on_signal(r->lp, SIGINT, told_to_end, r);
	loop_on_signal(r->lp, SIGUSR1, told_to_count, r);
	loop_on_signal(r->lp, SIGUSR2, told_to_lose, r);
	r->lab = lab_new(r->lp, sc, ready, r, &why);
	if (r->lab) {
		loop_run(r->lp);
		lab_quiet(r->lab);
		if (r->stats)
			lab_stats(r->lab, r->stats, &why);
	}
	if (why.kind != FAIL_NONE)
		log_write(loop_log(r->lp), LOGGING_ERROR, NULL, "lab", "%s",
		    why.text);
	lab_free(r->lab);
	return r->ended && why.kind == FAIL_NONE ? EXIT_GOOD : EXIT_HOST;
}

int
main(int argc, char **argv)
{
	struct options o = {.level = LOGGING_INFO};
	struct strbuf problems = STRBUF_INIT;
	struct run r = {0};
	int status = options_read(&o, argc, argv);

	if (status >= 0)
		return status;
	struct scenario *sc =
	    o.demo ? scenario_parse(usage_demo, o.state, &problems)
		   : scenario_load(o.file, o.state, &problems);
	if (!sc) {
		fputs(strbuf_text(&problems), stderr);
		strbuf_free(&problems);
		return EXIT_SCENARIO;
	}
	struct log *lg = log_new(LOG_FORMAT_TEXT, o.level, STDERR_FILENO);
	r.lp = loop_new(lg);
	r.stats = o.stats;
	status = lab_run(&r, sc);
	loop_free(r.lp);
	log_free(lg);
	scenario_free(sc);
	return status;
}
