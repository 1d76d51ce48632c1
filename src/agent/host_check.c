/* host_check.c - see host_check.h.  For the start, and for --check. */
#include "agent/host_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/ring.h"
#include "agent/shared_capture.h"
#include "base/disk.h"

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

static bool
check_shared(struct fail *why)
{
	char *path = shared_capture_program();
	bool good = is_program(path);

	if (!good)
		fail_set(why, FAIL_LOCAL,
		    "cannot run %s: install it again or set "
		    "agent.capture_with = \"tcpdump\"",
		    path);
	free(path);
	return good;
}

bool
host_check_program(const struct agent_section *c, struct fail *why)
{
	if (c->shared)
		return check_shared(why);
	if (is_program(c->tcpdump))
		return true;
	fail_set(why, FAIL_LOCAL,
	    "cannot run %s: install tcpdump or set agent.tcpdump", c->tcpdump);
	return false;
}

/* One that is not there yet is made at the start. */
static bool
check_folder(const struct agent_section *c, struct strbuf *to)
{
	long long space = disk_free_bytes(c->captures);
	struct stat st;
	int64_t ring = ring_whole_bytes(c);

	if (stat(c->captures, &st) == 0 && !S_ISDIR(st.st_mode)) {
		strbuf_addf(
		    to, "cannot write to %s: it is no folder\n", c->captures);
		return false;
	}
	/* The service may well be another user than who checks. */
	if (access(c->captures, W_OK | X_OK) != 0)
		strbuf_addf(to, "this user cannot write to %s: %s\n",
		    c->captures, strerror(errno));
	if (space >= 0)
		strbuf_addf(to,
		    "the disk of %s has room for %lld captures at the same time "
		    "(agent.files, agent.file_size, agent.min_free)\n",
		    c->captures,
		    space > c->min_free ? (space - c->min_free) / ring : 0LL);
	return true;
}

bool
host_check(const struct agent_section *c, struct strbuf *to)
{
	struct fail why;
	bool good = host_check_program(c, &why);

	if (!good)
		strbuf_addf(to, "%s\n", why.text);
	return check_folder(c, to) && good;
}
