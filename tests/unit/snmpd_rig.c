/* snmpd_rig.c - starts and ends snmpd(8) in a folder of its own. */
#include "snmpd_rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SNMPD "/usr/sbin/snmpd"

static uint16_t
free_port(void)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&sin, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0)
		abort();
	close(fd);
	return ntohs(sin.sin_port);
}

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

bool
snmpd_rig_open(struct snmpd_rig *d)
{
	char path[128];
	FILE *f;

	if (access(SNMPD, X_OK) != 0) {
		printf("skipped: there is no " SNMPD " on this host\n");
		return false;
	}
	unit_folder(d->folder);
	d->port = free_port();
	snprintf(path, sizeof(path), "%s/start.conf", d->folder);
	f = fopen(path, "w");
	if (!f)
		abort();
	fprintf(f, "createUser %s SHA %s AES %s\nrouser %s priv\n", SNMPD_USER,
	    SNMPD_AUTH, SNMPD_PRIV, SNMPD_USER);
	fclose(f);
	start(d);
	return true;
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
