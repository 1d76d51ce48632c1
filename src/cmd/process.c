/* process.c - what both programs' main() do alike.
 */
#include "cmd/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/random.h"

void
process_begin(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	/* An ambient CAP_NET_RAW still reaches tcpdump. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	umask(027);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
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
process_print_messages(
    const char *program, const struct conf_messages *m, const char *so)
{
	fputs(strbuf_text(&m->warnings), stderr);
	if (m->n_errors == 0)
		return;
	fputs(strbuf_text(&m->errors), stderr);
	fprintf(stderr, "%s: %u error%s in the configuration; %s\n", program,
	    m->n_errors, m->n_errors == 1 ? "" : "s", so);
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
