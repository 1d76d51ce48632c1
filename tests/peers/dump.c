/* dump.c - see dump.h.  With -C and -W tcpdump appends a digit to the name of
 * each of its files.
 */
#include "dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "blocking.h"
#include "local_time.h"
#include "wire/agent_message.h"

#define FILES 3 /* of -W */

static char *
file_of(const struct dump *d, unsigned n)
{
	return xasprintf("%s%u", d->file, n);
}

void
dump_start(struct dump *d, const struct dump_env *env, const char *device)
{
	char when[LOCAL_TIME_MAX];
	char host[HOST_TEXT_MAX];

	dump_abort(d);
	str_copy(host, sizeof(host), device);
	for (char *p = host; *p; p++)
		*p = *p == ':' ? '.' : *p;
	d->file = xasprintf("%s/tmp_device_%s_%s.pcap", env->folder, host,
	    local_time(clock_wall_ms(), when));
	/* Debian's tcpdump gives up root before it opens its files. */
	char *argv[] = {(char *)env->tcpdump, "-i", (char *)env->interface,
	    "-n", "-Z", "root", "-w", d->file, "-C", "10", "-W", "3", "host",
	    (char *)device, NULL};
	d->pid = blocking_spawn(argv);
}

static void
end(struct dump *d)
{
	if (d->pid > 0)
		blocking_end_child(d->pid);
	d->pid = 0;
}

bool
dump_stop(struct dump *d, const struct dump_env *env, const char *file)
{
	char name[CAPTURE_NAME_MAX];
	unsigned renamed = 0;

	end(d);
	for (unsigned n = 0; d->file && n < FILES; n++) {
		char *from = file_of(d, n);
		char *to;

		capture_name_ovoc(name, file, n);
		to = xasprintf("%s/%s", env->folder, name);
		renamed += rename(from, to) == 0;
		free(from);
		free(to);
	}
	free(d->file);
	d->file = NULL;
	return renamed > 0;
}

void
dump_abort(struct dump *d)
{
	end(d);
	for (unsigned n = 0; d->file && n < FILES; n++) {
		char *path = file_of(d, n);

		unlink(path);
		free(path);
	}
	free(d->file);
	d->file = NULL;
}
