/* lab.c - puts the parts together: who listens where, who tells whom.
 *
 * main.c makes one.  Connections find their device by the address and port that
 * they were made to, so a wildcard port serves as well as one for each.
 */
#include "lab.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "alarm_sender.h"
#include "base/disk.h"
#include "base/xmem.h"
#include "device.h"
#include "device_rest.h"
#include "device_ssh.h"
#include "identity.h"
#include "outage.h"
#include "ovoc.h"
#include "port.h"
#include "silent.h"
#include "snmpd.h"
#include "stats.h"
#include "web_group.h"

#define FIRST_DEVICE_ID 1001

struct lab {
	struct loop *lp;
	const struct scenario *sc;
	lab_ready *ready;
	void *arg;
	struct timer ready_soon;
	struct fleet fleet;
	struct device **by_address; /* sorted */
	struct outage **outages;    /* by device index; NULL without OVOC */
	struct web_group **groups;  /* of devices, in order of their index */
	size_t n_groups;
	struct web_group *ovoc_web;
	struct port *ovoc_port;
	struct port **shared; /* wildcard ports */
	size_t n_shared;
	struct ovoc *ovoc;
	struct alarm_sender *sender;
	struct identity *identity;
	struct ssh_server *ssh;
	struct silent *silent;
	struct snmpd *snmpd;
};

/* ---- finding devices ---- */

static int
device_order(const void *a, const void *b)
{
	const struct device *const *x = a;
	const struct device *const *y = b;

	return addr_cmp(&(*x)->conf->address, &(*y)->conf->address);
}

static int
address_order(const void *key, const void *member)
{
	const struct device *const *d = member;

	return addr_cmp(key, &(*d)->conf->address);
}

static struct device *
device_at(const struct lab *lab, const struct addr *at)
{
	struct device **found =
	    !lab->fleet.n ? NULL
			  : bsearch(at, lab->by_address, lab->fleet.n,
				sizeof(lab->by_address[0]), address_order);

	return found ? *found : NULL;
}

/* ---- connections ---- */

/* Closing with SO_LINGER 0 sends RST, not FIN. */
static void
connection_reset(int fd)
{
	const struct linger hard = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	close(fd);
}

static void
tls_serve(
    struct lab *lab, struct web_group *g, enum identity_variant variant, int fd)
{
	struct fail why = {0};
	struct web *w = web_group_server(g, variant, &why);

	if (w) {
		web_add(w, fd);
		return;
	}
	log_write(
	    loop_log(lab->lp), LOGGING_ERROR, NULL, "https", "%s", why.text);
	connection_reset(fd);
}

static void
rest_accept(struct lab *lab, struct device *d, int fd)
{
	enum identity_variant variant = IDENTITY_USUAL;
	bool hang = fault_hit(&d->faults, ON_TLS, KIND_HANG);

	d->n.rest_connections++;
	if (fault_hit(&d->faults, ON_TLS, KIND_KEY))
		variant = IDENTITY_OTHER_KEY;
	if (fault_hit(&d->faults, ON_TLS, KIND_STRANGER))
		variant = IDENTITY_STRANGER;
	if (fault_hit(&d->faults, ON_TLS, KIND_EARLY))
		variant = IDENTITY_EARLY;
	if (fault_hit(&d->faults, ON_TLS, KIND_OLD))
		variant = IDENTITY_OLD;
	if (fault_hit(&d->faults, ON_TLS, KIND_CLOSE))
		close(fd);
	else if (hang)
		silent_add(lab->silent, fd);
	else
		tls_serve(
		    lab, lab->groups[d->index / WEB_GROUP_MAX], variant, fd);
}

static bool
is_ovoc(const struct lab *lab, const struct addr *at, uint16_t port)
{
	return lab->ovoc && lab->sc->ovoc.port == port &&
	       addr_cmp(at, &lab->sc->ovoc.address) == 0;
}

static void
accepted(void *arg, int fd, const struct addr *local, uint16_t port)
{
	struct lab *lab = arg;
	struct device *d = device_at(lab, local);
	bool rest = d && d->conf->rest_port == port;
	bool ssh = d && d->conf->ssh_port == port;

	if (is_ovoc(lab, local, port))
		tls_serve(lab, lab->ovoc_web, IDENTITY_USUAL, fd);
	else if (rest && !service_is_shut(d, &d->rest))
		rest_accept(lab, d, fd);
	else if (ssh && !service_is_shut(d, &d->ssh))
		device_ssh_accept(d, lab->ssh, lab->silent, fd);
	else
		connection_reset(fd);
}

static void
device_request(void *arg, struct web_request *rq, struct web_answer *a)
{
	struct device *d = device_at(arg, &rq->local);

	rq->owner = d;
	if (d)
		device_rest_request(d, rq, a);
}

static void
device_request_done(void *arg, void *owner)
{
	(void)arg;
	if (owner)
		device_rest_done(owner);
}

static const struct web_events device_web_events = {
    device_request, device_request_done};

static void
ovoc_web_request(void *arg, struct web_request *rq, struct web_answer *a)
{
	struct lab *lab = arg;

	ovoc_request(lab->ovoc, rq, a);
}

static void
ovoc_web_done(void *arg, void *owner)
{
	(void)arg;
	(void)owner;
}

static const struct web_events ovoc_web_events = {
    ovoc_web_request, ovoc_web_done};

/* ---- what changes elsewhere ---- */

static void
device_changed(void *arg, struct device *d)
{
	struct lab *lab = arg;

	if (lab->outages)
		outage_review(lab->outages[d->index]);
}

static void
device_shut(void *arg, struct device *d, const struct service *s)
{
	struct lab *lab = arg;

	if (s == &d->rest)
		web_group_drop(
		    lab->groups[d->index / WEB_GROUP_MAX], &d->conf->address);
	else
		ssh_server_drop(lab->ssh, d);
}

static const struct device_events device_events = {device_changed, device_shut};
static const struct ovoc_events ovoc_events = {device_changed};

/* ---- start ---- */

static bool
port_add(struct lab *lab, struct port **to, const struct addr *at,
    int64_t number, struct fail *why)
{
	*to = port_open(lab->lp, at, (uint16_t)number, accepted, lab, why);
	return *to != NULL;
}

static void
devices_make(struct lab *lab)
{
	const struct scenario *sc = lab->sc;
	size_t n = sc->n_devices;

	lab->fleet.n = n;
	lab->fleet.list = xcalloc(n + 1, sizeof(lab->fleet.list[0]));
	lab->by_address = xcalloc(n + 1, sizeof(lab->by_address[0]));
	for (size_t i = 0; i < n; i++) {
		struct device *d = device_new(lab->lp, &sc->devices[i],
		    sc->state, sc->tcpdump, &device_events, lab);
		d->index = i;
		d->id = FIRST_DEVICE_ID + (int64_t)i;
		lab->fleet.list[i] = lab->by_address[i] = d;
	}
	qsort(lab->by_address, n, sizeof(lab->by_address[0]), device_order);
}

static bool
groups_make(struct lab *lab, struct fail *why)
{
	size_t n = (lab->fleet.n + WEB_GROUP_MAX - 1) / WEB_GROUP_MAX;

	lab->groups = xcalloc(n + 1, sizeof(lab->groups[0]));
	for (size_t i = 0; i < lab->fleet.n; i++) {
		const struct device_conf *c = lab->fleet.list[i]->conf;
		if (i % WEB_GROUP_MAX == 0)
			lab->groups[lab->n_groups++] = web_group_new(
			    lab->lp, lab->identity, &device_web_events, lab);
		web_group_add(
		    lab->groups[lab->n_groups - 1], &c->address, c->fqdn);
	}
	for (size_t i = 0; i < lab->n_groups; i++)
		if (!web_group_server(lab->groups[i], IDENTITY_USUAL, why))
			return false;
	return true;
}

static bool
ovoc_make(struct lab *lab, struct fail *why)
{
	const struct ovoc_conf *c = &lab->sc->ovoc;

	if (!c->present)
		return true;
	lab->ovoc = ovoc_new(lab->lp, c, &lab->fleet, &ovoc_events, lab);
	lab->sender = alarm_sender_new(lab->lp, c);
	lab->outages = xcalloc(lab->fleet.n + 1, sizeof(lab->outages[0]));
	for (size_t i = 0; i < lab->fleet.n; i++)
		lab->outages[i] = outage_new(
		    lab->lp, lab->fleet.list[i], c, lab->ovoc, lab->sender);
	lab->ovoc_web =
	    web_group_new(lab->lp, lab->identity, &ovoc_web_events, lab);
	web_group_add(lab->ovoc_web, &c->address, "localhost");
	return web_group_server(lab->ovoc_web, IDENTITY_USUAL, why) != NULL;
}

static bool
shared_port(
    struct lab *lab, const struct addr *at, int64_t number, struct fail *why)
{
	lab->shared = xreallocarray(
	    lab->shared, lab->n_shared + 1, sizeof(lab->shared[0]));
	if (!port_add(lab, &lab->shared[lab->n_shared], at, number, why))
		return false;
	lab->n_shared++;
	return true;
}

/* 0.0.0.0 and :: for each port that some device has; OVOC's port is among them
 * where the numbers are equal. */
static bool
wildcard_ports(struct lab *lab, struct fail *why)
{
	bool *seen = xcalloc(65536, sizeof(seen[0]));
	struct addr any[2] = {{.family = AF_INET}, {.family = AF_INET6}};
	bool good = true;

	for (size_t i = 0; i < lab->fleet.n; i++) {
		seen[lab->fleet.list[i]->conf->rest_port] = true;
		seen[lab->fleet.list[i]->conf->ssh_port] = true;
	}
	if (lab->ovoc)
		seen[lab->sc->ovoc.port] = true;
	for (int number = 1; number < 65536 && good; number++) {
		if (!seen[number])
			continue;
		good = shared_port(lab, &any[0], number, why);
		if (good && port_ipv6())
			good = shared_port(lab, &any[1], number, why);
	}
	free(seen);
	return good;
}

static bool
ports_open(struct lab *lab, struct fail *why)
{
	const struct ovoc_conf *o = &lab->sc->ovoc;

	if (lab->sc->wildcard)
		return wildcard_ports(lab, why);
	for (size_t i = 0; i < lab->fleet.n; i++) {
		struct device *d = lab->fleet.list[i];
		const struct device_conf *c = d->conf;
		if (!port_add(
			lab, &d->rest.port, &c->address, c->rest_port, why) ||
		    !port_add(lab, &d->ssh.port, &c->address, c->ssh_port, why))
			return false;
	}
	return !lab->ovoc ||
	       port_add(lab, &lab->ovoc_port, &o->address, o->port, why);
}

/* Devices are reached at the same time: a descriptor for each connection. */
static void
descriptors_raise(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static void
all_ready(void *arg)
{
	struct lab *lab = arg;
	int64_t ms;

	for (size_t i = 0; i < lab->fleet.n; i++)
		device_ready(lab->fleet.list[i]);
	if (lab->ovoc_port && ovoc_refuses(lab->ovoc, &ms))
		port_shut(lab->ovoc_port, ms);
	lab->ready(lab->arg);
}

static bool
parts_start(struct lab *lab, struct fail *why)
{
	const struct scenario *sc = lab->sc;

	if (!disk_make_folders(sc->state, DISK_PRIVATE)) {
		fail_set(why, FAIL_LOCAL, "cannot make the folder %s: %s",
		    sc->state, strerror(errno));
		return false;
	}
	lab->silent = silent_new(lab->lp);
	devices_make(lab);
	lab->identity = identity_open(sc->state, why);
	if (!lab->identity || !groups_make(lab, why) || !ovoc_make(lab, why))
		return false;
	lab->ssh = ssh_server_new(lab->lp, sc->state, why);
	if (!lab->ssh || !ports_open(lab, why))
		return false;
	if (!sc->snmpd || sc->n_devices == 0) {
		timer_set(&lab->ready_soon, 0);
		return true;
	}
	lab->snmpd = snmpd_start(lab->lp, sc, all_ready, lab, why);
	return lab->snmpd != NULL;
}

struct lab *
lab_new(struct loop *lp, const struct scenario *sc, lab_ready *ready, void *arg,
    struct fail *why)
{
	struct lab *lab = xcalloc(1, sizeof(*lab));

	descriptors_raise();
	signal(SIGPIPE, SIG_IGN);
	lab->lp = lp;
	lab->sc = sc;
	lab->ready = ready;
	lab->arg = arg;
	timer_init(&lab->ready_soon, lp, all_ready, lab);
	if (parts_start(lab, why))
		return lab;
	lab_free(lab);
	return NULL;
}

/* ---- life and end ---- */

void
lab_lose_all(struct lab *lab)
{
	for (size_t i = 0; lab->outages && i < lab->fleet.n; i++)
		outage_now(lab->outages[i]);
}

bool
lab_stats(const struct lab *lab, const char *path, struct fail *why)
{
	return stats_write(path, &lab->fleet, lab->ovoc, why);
}

void
lab_quiet(struct lab *lab)
{
	timer_clear(&lab->ready_soon);
	port_free(lab->ovoc_port);
	lab->ovoc_port = NULL;
	while (lab->n_shared > 0)
		port_free(lab->shared[--lab->n_shared]);
	for (size_t i = 0; i < lab->fleet.n; i++) {
		struct device *d = lab->fleet.list[i];
		port_free(d->rest.port);
		port_free(d->ssh.port);
		d->rest.port = d->ssh.port = NULL;
	}
	ssh_server_free(lab->ssh);
	lab->ssh = NULL;
	while (lab->n_groups > 0)
		web_group_free(lab->groups[--lab->n_groups]);
	web_group_free(lab->ovoc_web);
	lab->ovoc_web = NULL;
}

void
lab_free(struct lab *lab)
{
	if (!lab)
		return;
	lab_quiet(lab);
	snmpd_stop(lab->snmpd);
	silent_free(lab->silent);
	for (size_t i = 0; i < lab->fleet.n; i++) {
		if (lab->outages)
			outage_free(lab->outages[i]);
		device_free(lab->fleet.list[i]);
	}
	free(lab->outages);
	alarm_sender_free(lab->sender);
	ovoc_free(lab->ovoc);
	identity_close(lab->identity);
	free(lab->groups);
	free(lab->shared);
	free(lab->by_address);
	free(lab->fleet.list);
	free(lab);
}
