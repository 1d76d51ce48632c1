/* confine.c - gives up what reading files does not need.
 */
#include "cmd/confine.h"

#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/capabilities.h"

/* A network without any interface that is up.  With a capability for it at
 * once, else in a namespace of users of its own, where that is allowed. */
static void
leave_network(void)
{
	if (unshare(CLONE_NEWNET) != 0)
		(void)unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static void
drop_capabilities(void)
{
	for (unsigned long cap = 0; cap <= CAP_LAST_CAP; cap++)
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	(void)capabilities_keep(0);
}

static void
limit(int what, uint64_t to)
{
	struct rlimit r;

	if (getrlimit(what, &r) != 0)
		return;
	if (to < r.rlim_max)
		r.rlim_max = to;
	r.rlim_cur = r.rlim_max;
	(void)setrlimit(what, &r);
}

/* The kernel tells of it before the limit itself. */
static void
soften(int what, uint64_t to)
{
	struct rlimit r;

	if (getrlimit(what, &r) != 0 || to >= r.rlim_cur)
		return;
	r.rlim_cur = to;
	(void)setrlimit(what, &r);
}

/* Bytes of address space that are in use; 0: not known. */
static uint64_t
used_memory(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

void
confine(const struct confinement *c)
{
	uint64_t used = used_memory();

	leave_network();
	drop_capabilities();
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (used > 0)
		limit(RLIMIT_AS, used + c->memory);
	/* At the harder limit it would be SIGKILL, as where memory is short. */
	limit(RLIMIT_CPU, c->seconds + 1);
	soften(RLIMIT_CPU, c->seconds);
	limit(RLIMIT_FSIZE, c->written);
	limit(RLIMIT_NOFILE, (uint64_t)c->descriptors);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NPROC, 0);
}
