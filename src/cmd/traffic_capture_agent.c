/* traffic_capture_agent.c - main() of the agent: options, signals, exit status.
 *
 * Everything else is in agent/ and conf/.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/host_check.h"
#include "agent/server.h"
#include "base/metrics.h"
#include "base/xmem.h"
#include "cmd/ask_agent.h"
#include "cmd/first_conf.h"
#include "cmd/options.h"
#include "cmd/process.h"
#include "conf/conf_load.h"
#include "io/notify.h"
#include "loop/timer.h"
#include "loop/turn_time.h"

#define PROGRAM      "traffic-capture-agent"
#define DEFAULT_CONF ETCDIR "/agent.d"

struct program {
	struct loop *lp;
	struct server *server;
	bool ending;
	bool clear;
	struct timer status; /* systemd is told again */
	struct timer watchdog;
	int64_t watchdog_ms; /* 0: systemd wants no sign of life */
};

#define STATUS_MS 10000

struct agent_options {
	struct options common;
	bool clear;
	bool init;
	struct ask_agent ask;
	const char *format; /* NULL: not given */
};

static const struct program_words words = {
    PROGRAM, DEFAULT_CONF, &agent_option_table};

static void __attribute__((noreturn)) wrong(const char *what)
{
	fprintf(stderr, PROGRAM ": %s\n", what);
	options_wrong(&words);
}

/* One that only the agent has. */
static bool
take_own(struct agent_options *o, int c)
{
	switch (c) {
	case OPTION_CLEAR:
		o->clear = true;
		return true;
	case OPTION_INIT:
		o->init = true;
		return true;
	case OPTION_STATUS:
		o->ask.status = true;
		return true;
	case OPTION_OUTPUT:
		o->format = optarg;
		o->ask.json = strcmp(optarg, "json") == 0;
		return true;
	case OPTION_METRICS:
		options_not_empty(&words, "--metrics");
		o->ask.metrics = optarg;
		return true;
	default:
		return false;
	}
}

static void
check_options(const struct agent_options *o)
{
	const char *file = o->ask.metrics;

	if (o->init + o->clear + o->common.check + o->ask.status +
		(file != NULL) >
	    1)
		wrong("--init, --check, --clear, --status and --metrics "
		      "exclude each other");
	if (o->format != NULL && !o->ask.status)
		wrong("--format is for --status");
	if (o->format != NULL && !o->ask.json && strcmp(o->format, "text") != 0)
		wrong("--format: it is text or json");
	if (file != NULL && strcmp(file, "-") != 0 &&
	    !metrics_is_file_name(file))
		wrong("--metrics: the collector reads files named *.prom");
}

static void
parse_options(struct agent_options *o, int argc, char **argv)
{
	struct option_words w;
	int c;

	option_table_words(words.table, &w);
	while ((c = getopt_long(argc, argv, w.letters, w.names, NULL)) != -1)
		if (!take_own(o, c))
			options_take(&o->common, &words, c);
	options_end(&o->common, &words, argc, argv);
	check_options(o);
}

static struct agent_conf *
load(const struct options *o)
{
	struct conf_messages m = {0};
	const struct conf_sources from = {.paths = o->paths.texts,
	    .n_paths = o->paths.n,
	    .sets = o->sets.texts,
	    .n_sets = o->sets.n};
	struct agent_conf *conf = agent_conf_load(&from, &m);

	process_print_messages(o, &words, &m, "it does not start");
	if (conf == NULL)
		exit(process_conf_status(&m));
	conf_messages_free(&m);
	return conf;
}

static int
print_only(const struct agent_conf *conf)
{
	struct strbuf text = STRBUF_INIT;
	bool ok;

	agent_conf_print(conf, &text);
	ok = process_print(&text);
	strbuf_clear(&text);
	ok = host_check(&conf->agent, &text) && ok;
	fputs(strbuf_text(&text), stderr);
	strbuf_free(&text);
	return ok ? EXIT_SUCCESS : EXIT_TROUBLE;
}

/* The first one ends in order, a second one at once. */
static void
on_signal(void *arg, int signo)
{
	struct program *p = arg;

	(void)signo;
	if (p->ending || p->server == NULL) {
		loop_stop(p->lp);
		return;
	}
	p->ending = true;
	notify_stopping();
	server_end(p->server);
}

static void
on_show(void *arg, int signo)
{
	struct program *p = arg;

	(void)signo;
	if (p->server != NULL)
		server_show(p->server);
}

static void
on_status(void *arg)
{
	struct program *p = arg;
	struct strbuf text = STRBUF_INIT;

	server_status(p->server, &text);
	notify_status(strbuf_text(&text));
	strbuf_free(&text);
	timer_set(&p->status, STATUS_MS);
}

static void
on_watchdog(void *arg)
{
	struct program *p = arg;

	notify_alive();
	timer_set(&p->watchdog, p->watchdog_ms);
}

static void
begin_watchdog(struct program *p)
{
	p->watchdog_ms = notify_alive_ms();
	if (p->watchdog_ms > 0)
		timer_set(&p->watchdog, p->watchdog_ms);
}

/* Nobody will delete them for who has the agent go. */
static bool
left(const struct program *p, struct log *lg)
{
	unsigned n = server_rules_left(p->server);

	if (!p->clear || n == 0)
		return false;
	log_write(lg, LOGGING_ERROR, NULL, "clear",
	    "%u forwarding rule%s may still be in OVOC, see above; delete %s "
	    "there by hand",
	    n, n == 1 ? "" : "s", n == 1 ? "it" : "them");
	return true;
}

static int
serve(struct program *p, const struct agent_conf *conf, struct log *lg)
{
	struct fail why;

	loop_on_signal(p->lp, SIGTERM, on_signal, p);
	loop_on_signal(p->lp, SIGINT, on_signal, p);
	loop_on_signal(p->lp, SIGUSR1, on_show, p);
	p->server = server_new(p->lp, conf, &why);
	if (p->server == NULL) {
		log_write(lg, LOGGING_ERROR, NULL, "start", "%s", why.text);
		return EXIT_TROUBLE;
	}
	log_write(lg, LOGGING_NOTICE, NULL, "start",
	    PROGRAM " " VERSION " listens on UDP port %u",
	    (unsigned)server_port(p->server));
	notify_ready();
	on_status(p);
	begin_watchdog(p);
	if (p->clear) {
		p->ending = true;
		server_clear(p->server);
	}
	loop_run(p->lp);
	loop_tell_longest_turn(p->lp);
	return server_ended(p->server) && !left(p, lg) ? EXIT_SUCCESS
						       : EXIT_TROUBLE;
}

static int
run(const struct options *o, bool clear, const struct agent_conf *conf)
{
	struct log *lg = options_log(o);
	struct program p = {.lp = loop_new(lg), .clear = clear};
	int status;

	timer_init(&p.watchdog, p.lp, on_watchdog, &p);
	timer_init(&p.status, p.lp, on_status, &p);
	status = serve(&p, conf, lg);
	timer_clear(&p.watchdog);
	timer_clear(&p.status);
	server_free(p.server);
	loop_free(p.lp);
	log_free(lg);
	return status;
}

static int
load_and_run(const struct agent_options *o)
{
	struct agent_conf *conf;
	int status;

	process_raise_descriptors();
	conf = load(&o->common);
	status = o->common.check ? print_only(conf)
				 : run(&o->common, o->clear, conf);
	agent_conf_free(conf);
	return status;
}

int
main(int argc, char **argv)
{
	struct agent_options o = {.clear = false};
	int status;

	process_begin();
	parse_options(&o, argc, argv);
	if (o.init)
		status = first_conf_run(&first_conf_agent, &o.common, &words);
	else if (o.ask.status || o.ask.metrics != NULL)
		status = ask_agent(&o.ask, &o.common, &words);
	else
		status = load_and_run(&o);
	options_free(&o.common);
	return status;
}
