/* snmpd.c - the child process that answers SNMP for all devices.
 *
 * lab.c starts it before `ready` is told and ends it last.
 */
#include "snmpd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/child.h"
#include "port.h"

struct snmpd {
	struct loop *lp;
	struct child *child;
	snmpd_ready *ready;
	void *arg;
	char *folder; /* of its persistent state */
	char *config;
	char *kept; /* what it has written there: users and engine ID */
};

/* snmpd says this once its ports are open: snmpd.c of net-snmp 5.9. */
static const char ready_line[] = "NET-SNMP version";

static void
snmpd_line(void *arg, const char *text)
{
	struct snmpd *s = arg;

	log_write(loop_log(s->lp), LOGGING_DEBUG, NULL, "snmpd", "%s", text);
	if (s->ready && str_starts(text, ready_line)) {
		s->ready(s->arg);
		s->ready = NULL;
	}
}

static void
snmpd_exited(void *arg, int status)
{
	struct snmpd *s = arg;

	s->child = NULL;
	log_write(loop_log(s->lp), LOGGING_ERROR, NULL, "snmpd",
	    "ended, wait status %d: is its port taken?", status);
	if (s->ready)
		loop_stop(s->lp);
}

static const struct child_events snmpd_events = {snmpd_line, snmpd_exited};

static bool
config_write(const struct scenario *sc, const char *path, struct fail *why)
{
	mode_t before = umask(077);
	FILE *f = fopen(path, "we");

	umask(before);
	if (f) {
		fprintf(f, "createUser %s SHA \"%s\" AES \"%s\"\n",
		    sc->snmp_user, sc->snmp_auth_password,
		    sc->snmp_priv_password);
		fprintf(f, "rouser %s authpriv\n", sc->snmp_user);
		fprintf(f, "sysDescr %s\n", sc->snmp_description);
		if (sc->snmp_community)
			fprintf(f, "rocommunity %s\n", sc->snmp_community);
	}
	if (f && fclose(f) == 0)
		return true;
	fail_set(why, FAIL_LOCAL, "cannot write %s: %s", path, strerror(errno));
	return false;
}

static const char *
program_find(void)
{
	static const char *const places[] = {"/usr/sbin/snmpd",
	    "/usr/local/sbin/snmpd", "/sbin/snmpd", "/usr/bin/snmpd"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

/* One "udp:ADDRESS:PORT" an address; the caller frees the texts. */
static size_t
listen_arguments(const struct scenario *sc, char **to)
{
	char text[ADDR_TEXT_MAX];

	if (sc->wildcard) {
		to[0] = xasprintf("udp:%d", (int)sc->snmp_port);
		if (port_ipv6())
			to[1] = xasprintf("udp6:[::]:%d", (int)sc->snmp_port);
		return port_ipv6() ? 2 : 1;
	}
	for (size_t i = 0; i < sc->n_devices; i++) {
		const struct addr *a = &sc->devices[i].address;
		to[i] =
		    xasprintf("%s:%s", a->family == AF_INET ? "udp" : "udp6",
			addr_port_text(a, (uint16_t)sc->snmp_port, text));
	}
	return sc->n_devices;
}

static bool
process_start(struct snmpd *s, const struct scenario *sc, const char *program,
    struct fail *why)
{
	enum { FIXED = 5 };
	char *persistent = xasprintf("SNMP_PERSISTENT_DIR=%s", s->folder);
	const char *const env[] = {"LC_ALL=C", "MIBS=", persistent, NULL};
	const char **argv = xcalloc(FIXED + sc->n_devices + 3, sizeof(argv[0]));
	char **ports = xcalloc(sc->n_devices + 2, sizeof(ports[0]));
	const char *const fixed[FIXED] = {program, "-f", "-LE7", "-C", "-c"};

	memcpy(argv, fixed, sizeof(fixed));
	argv[FIXED] = s->config;
	size_t n = listen_arguments(sc, ports);
	for (size_t i = 0; i < n; i++)
		argv[FIXED + 1 + i] = ports[i];
	s->child = child_start(s->lp, argv, env, &snmpd_events, s, why);
	for (size_t i = 0; i < n; i++)
		free(ports[i]);
	free(ports);
	free(argv);
	free(persistent);
	return s->child != NULL;
}

struct snmpd *
snmpd_start(struct loop *lp, const struct scenario *sc, snmpd_ready *ready,
    void *arg, struct fail *why)
{
	const char *program = program_find();
	struct snmpd *s;

	if (!program) {
		fail_set(why, FAIL_LOCAL,
		    "no snmpd on this host: install the package snmpd, or set "
		    "`snmpd = false`");
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->lp = lp;
	s->ready = ready;
	s->arg = arg;
	s->folder = xasprintf("%s/snmp", sc->state);
	s->config = xasprintf("%s/snmpd.conf", sc->state);
	s->kept = xasprintf("%s/snmpd.conf", s->folder);
	unlink(s->kept);
	bool good = disk_make_folders(s->folder, DISK_PRIVATE);
	if (!good)
		fail_set(why, FAIL_LOCAL, "cannot make the folder %s: %s",
		    s->folder, strerror(errno));
	good = good && config_write(sc, s->config, why) &&
	       process_start(s, sc, program, why);
	if (good)
		return s;
	snmpd_stop(s);
	return NULL;
}

void
snmpd_stop(struct snmpd *s)
{
	if (!s)
		return;
	child_kill(s->child);
	unlink(s->kept);
	unlink(s->config);
	free(s->kept);
	free(s->config);
	free(s->folder);
	free(s);
}
