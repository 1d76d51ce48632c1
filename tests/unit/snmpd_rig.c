/* snmpd_rig.c - starts and ends snmpd(8) in a folder of its own. */
#include "snmpd_rig.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmem.h"
#include "local.h"

#define SNMPD "/usr/sbin/snmpd"

static void
start(struct snmpd_rig *d)
{
	char conf[160];
	char where[64];
	int null;

	/* -C keeps this host's own configuration out, and the state of the
	 * last run with it, which is therefore named. */
	snprintf(conf, sizeof(conf), "%s/snmpd.conf,%s/start.conf", d->folder,
	    d->folder);
	snprintf(where, sizeof(where), "udp:0.0.0.0:%u,udp6:[::1]:%u", d->port,
	    d->port);
	d->pid = fork();
	if (d->pid != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	setenv("SNMP_PERSISTENT_DIR", d->folder, 1);
	setenv("MIBS", "", 1);
	unsetenv("MIBDIRS");
	unsetenv("SNMPCONFPATH");
	/* No MIB modules but the system group: a faster start. */
	execl(SNMPD, SNMPD, "-f", "-Ln", "-C", "-c", conf, "-I",
	    "system_mib,snmpEngine,usmStats_5_5,usmUser,vacm_conf,vacm_vars,"
	    "snmpv3mibs,usmConf",
	    where, (char *)NULL);
	_exit(127);
}

static void
end(struct snmpd_rig *d)
{
	kill(d->pid, SIGTERM);
	waitpid(d->pid, NULL, 0);
}

static bool
open_with(struct snmpd_rig *d, const char *more)
{
	char *path, *text;

	if (access(SNMPD, X_OK) != 0) {
		printf("skipped: there is no " SNMPD " on this host\n");
		return false;
	}
	unit_folder(d->folder);
	d->port = local_free_port(SOCK_DGRAM, "0.0.0.0");
	path = xasprintf("%s/start.conf", d->folder);
	text = xasprintf("createUser " SNMPD_USER " SHA " SNMPD_AUTH
			 " AES " SNMPD_PRIV "\nrouser " SNMPD_USER " priv\n%s",
	    more);
	unit_write(path, text);
	free(text);
	free(path);
	start(d);
	return true;
}

bool
snmpd_rig_open(struct snmpd_rig *d)
{
	return open_with(d, "");
}

bool
snmpd_rig_open_clone(struct snmpd_rig *d, int boots)
{
	/* engineBoots is what the last run left behind: one more now. */
	char *more = xasprintf("exactEngineID 0x80001f88804711471147114711\n"
			       "engineBoots %d\n"
			       "oldEngineID 0x80001f88804711471147114711\n",
	    boots - 1);
	bool ok = open_with(d, more);

	free(more);
	return ok;
}

void
snmpd_rig_restart(struct snmpd_rig *d, bool same_engine)
{
	char path[128];

	end(d);
	snprintf(path, sizeof(path), "%s/snmpd.conf", d->folder);
	if (!same_engine)
		remove(path);
	start(d);
}

void
snmpd_rig_close(struct snmpd_rig *d)
{
	end(d);
}
