/* process.c - what both programs' main() do alike.
 */
#include "cmd/process.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/random.h"
#include "base/xmem.h"

/* Libraries would write the keys of TLS sessions, go through somebody's proxy,
 * load code or send a name elsewhere; net-snmp's are io/snmp_engine's. */
static void
clean_environment(void)
{
	static const char *const names[] = {"SSLKEYLOGFILE", "http_proxy",
	    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
	    "NO_PROXY", "OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES",
	    "HOSTALIASES"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
}

void
process_begin(void)
{
	const struct rlimit none = {0, 0};

	clean_environment();
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	/* An ambient CAP_NET_RAW still reaches tcpdump. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	umask(027);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* A file that would pass RLIMIT_FSIZE is a write that fails. */
	signal(SIGXFSZ, SIG_IGN);
	random_seed();
}

void
process_raise_descriptors(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

void
process_say(const struct options *o, enum log_level level, const char *fmt, ...)
{
	struct log *lg;
	va_list ap;

	va_start(ap, fmt);
	if (o->format == LOG_FORMAT_JSON) {
		lg = options_log(o);
		log_vwrite(lg, level, NULL, "start", fmt, ap);
		log_free(lg);
	} else {
		vfprintf(stderr, fmt, ap);
		fputs("\n", stderr);
	}
	va_end(ap);
}

static void
say_lines(
    const struct options *o, enum log_level level, const struct strbuf *lines)
{
	const char *s = strbuf_text(lines);

	for (size_t len; *s != '\0'; s += len + 1) {
		len = strcspn(s, "\n");
		process_say(o, level, "%.*s", (int)len, s);
	}
}

void
process_print_messages(const struct options *o, const struct program_words *p,
    const struct conf_messages *m, const char *so)
{
	const char *where = m->n_option_errors < m->n_errors
				? "in the configuration"
				: "on the command line";

	say_lines(o, LOGGING_WARNING, &m->warnings);
	say_lines(o, LOGGING_ERROR, &m->errors);
	if (m->n_errors > 0)
		process_say(o, LOGGING_ERROR, "%s: %u error%s %s; %s", p->name,
		    m->n_errors, m->n_errors == 1 ? "" : "s", where, so);
}

void
process_print_notes(const struct options *o, const struct conf_messages *m)
{
	if (o->verbosity >= 0)
		say_lines(o, LOGGING_NOTICE, &m->notes);
}

void
process_complain(const struct options *o, const struct program_words *p,
    const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	str_printable(text);
	process_say(o, LOGGING_ERROR, "%s: %s", p->name, text);
	free(text);
}

int
process_conf_status(const struct conf_messages *m)
{
	return m->n_option_errors > 0 ? EXIT_OPTIONS : EXIT_CONF;
}

struct campaign_conf *
process_load_place(const struct options *o, const struct program_words *p,
    const struct run_place *place, const char *so, int *status)
{
	struct conf_messages m = {0};
	struct conf_sources from = {.paths = o->paths.texts,
	    .n_paths = o->paths.n,
	    .sets = o->sets.texts,
	    .n_sets = o->sets.n,
	    .place = *place};
	struct campaign_conf *conf = campaign_conf_load_place(&from, &m);

	process_print_messages(o, p, &m, so);
	if (conf == NULL)
		*status = process_conf_status(&m);
	conf_messages_free(&m);
	return conf;
}

bool
process_print(const struct strbuf *text)
{
	fputs(strbuf_text(text), stdout);
	if (fflush(stdout) == 0)
		return true;
	fprintf(
	    stderr, "cannot write to standard output: %s\n", strerror(errno));
	return false;
}
