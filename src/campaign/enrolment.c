/* enrolment.c - see enrolment.h.
 */
#include "campaign/enrolment.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "campaign/toolbox.h"
#include "conf/device_label.h"
#include "io/sftp.h"

struct pupil { /* one device */
	struct enrolment *all;
	const struct device_entry *conf;
	struct resolve *resolving;
	struct addr addrs[RESOLVE_ADDRS_MAX];
	size_t n, at; /* the one in use */
	struct ticket ticket;
	struct rest_peer *peer;
	struct sftp *ssh;
	bool failed;
};

struct enrolment {
	struct loop *lp;
	const struct campaign_conf *conf;
	struct tools tools;
	struct pupil *pupils; /* as many as conf->devices */
	size_t left;
	size_t shown; /* keys that were right, new or known */
	struct enrolment_counts counts;
	struct timer finish;
	enrolment_recorded *recorded;
	enrolment_ended *ended;
	void *arg;
};

static void try_tls(struct pupil *p);
static void try_ssh(struct pupil *p);

/* --- what is told --- */

static void
failed(struct pupil *p, const struct fail *why)
{
	struct enrolment *e = p->all;
	char label[DEVICE_LABEL_MAX];

	log_write(loop_log(e->lp), LOGGING_ERROR, device_label(p->conf, label),
	    "enroll", "%s", why->text);
	e->counts.failed += !p->failed;
	e->counts.trouble |= why->kind == FAIL_LOCAL;
	p->failed = true;
}

static void
tell(struct enrolment *e, const char *name, const char *type, const char *print)
{
	char *line = xasprintf("%s %s %s", name, type, print);

	e->counts.recorded++;
	e->recorded(e->arg, line);
	free(line);
}

static void
on_host_key(void *arg, const char *name, const char *type, const char *print)
{
	tell(arg, name, type, print);
}

static void
on_pin(void *arg, const char *name, const char *pin)
{
	tell(arg, name, "TLS", pin);
}

static void
pupil_ends(struct pupil *p)
{
	struct enrolment *e = p->all;
	struct enrolment_counts *n = &e->counts;

	if (--e->left > 0)
		return;
	/* One may show its key, and then want something else. */
	n->known = e->shown > n->recorded ? e->shown - n->recorded : 0;
	timer_set(&e->finish, 0);
}

/* One that cannot be reached may be at its name's next address. */
static bool
is_elsewhere(struct pupil *p, const struct fail *why)
{
	if (why->kind != FAIL_UNREACHABLE || p->at + 1 >= p->n)
		return false;
	p->at++;
	return true;
}

/* --- SSH --- */

static void
on_host(void *arg, bool logged_in, const struct fail *why)
{
	struct pupil *p = arg;

	(void)logged_in;
	p->ssh = NULL;
	gate_leave(&p->ticket);
	if (is_elsewhere(p, why)) {
		try_ssh(p);
		return;
	}
	if (why->kind == FAIL_NONE)
		p->all->shown++;
	else
		failed(p, why);
	pupil_ends(p);
}

static void
on_ssh_place(void *arg)
{
	static const struct sftp_events events = {.done = on_host};
	struct pupil *p = arg;
	const struct tools *t = &p->all->tools;
	const struct sftp_spec spec = {
	    .addr = p->addrs[p->at],
	    .port = (uint16_t)p->conf->ssh_port,
	    .host = p->conf->address,
	    .hosts = t->hosts,
	    .host_keys = (const char *const *)p->conf->host_keys,
	    .n_host_keys = p->conf->n_host_keys,
	    .only_key = true,
	    .connect_ms = (int)t->conf->timeouts.connect,
	    .stall_ms = (int)t->conf->timeouts.sftp_stall,
	};

	p->ssh = sftp_start(t->lp, &spec, &events, p);
}

static void
try_ssh(struct pupil *p)
{
	gate_enter(p->all->tools.sftp_gate, &p->ticket, true, on_ssh_place, p);
}

/* --- HTTPS --- */

static void
on_answer(void *arg, const struct rest_answer *a)
{
	struct pupil *p = arg;
	bool stood = a->fail.kind == FAIL_NONE;

	gate_leave(&p->ticket);
	if (!stood && is_elsewhere(p, &a->fail)) {
		rest_peer_free(p->peer);
		p->peer = NULL;
		try_tls(p);
		return;
	}
	if (stood)
		p->all->shown++;
	else
		failed(p, &a->fail);
	/* SSH may be at another one. */
	if (!stood)
		p->at = 0;
	rest_peer_free(p->peer);
	p->peer = NULL;
	try_ssh(p);
}

static void
on_tls_place(void *arg)
{
	struct pupil *p = arg;
	const struct tools *t = &p->all->tools;
	const struct rest_peer_spec spec = {
	    .host = p->conf->address,
	    .addr = p->addrs[p->at],
	    .port = (uint16_t)p->conf->rest_port,
	    .tls.minimum = (enum tls_minimum)p->conf->tls_minimum,
	    .tls.pins = (const char *const *)p->conf->tls_pins,
	    .tls.n_pins = p->conf->n_tls_pins,
	    .tls.known = t->pins,
	};
	const struct rest_request q = {
	    .method = "GET",
	    .path = "/",
	    .session = true, /* a request may count as a failed login */
	    .connect_ms = (int)t->conf->timeouts.connect,
	    .total_ms = (int)t->conf->timeouts.rest,
	};

	p->peer = rest_peer_new(t->rest, &spec);
	rest_send(p->peer, &q, on_answer, p);
}

static void
try_tls(struct pupil *p)
{
	gate_enter(p->all->tools.rest_gate, &p->ticket, true, on_tls_place, p);
}

/* --- its name --- */

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct pupil *p = arg;

	p->resolving = NULL;
	p->n = n;
	for (size_t i = 0; i < n; i++)
		p->addrs[i] = addrs[i];
	if (n > 0) {
		try_tls(p);
		return;
	}
	failed(p, why);
	pupil_ends(p);
}

/* --- all --- */

static void
on_finish(void *arg)
{
	struct enrolment *e = arg;

	e->ended(e->arg);
}

struct enrolment *
enrolment_new(struct loop *lp, struct campaign_conf *conf,
    enrolment_recorded *recorded, void *arg, struct fail *why)
{
	struct enrolment *e = xcalloc(1, sizeof(*e));

	conf->ssh.host_keys = CONF_HOST_KEYS_ACCEPT_NEW;
	conf->rest.tls = CONF_TLS_ACCEPT_NEW;
	e->lp = lp;
	e->conf = conf;
	e->recorded = recorded;
	e->arg = arg;
	timer_init(&e->finish, lp, on_finish, e);
	if (!toolbox_fill(&e->tools, lp, conf, why)) {
		enrolment_free(e);
		return NULL;
	}
	known_hosts_on_added(e->tools.hosts, on_host_key, e);
	known_pins_on_added(e->tools.pins, on_pin, e);
	return e;
}

static void
pupil_clear(struct pupil *p)
{
	resolve_cancel(p->resolving);
	gate_leave(&p->ticket);
	rest_peer_free(p->peer);
	sftp_cancel(p->ssh);
}

void
enrolment_free(struct enrolment *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; e->pupils != NULL && i < e->conf->n_devices; i++)
		pupil_clear(&e->pupils[i]);
	toolbox_empty(&e->tools);
	timer_clear(&e->finish);
	free(e->pupils);
	free(e);
}

void
enrolment_start(struct enrolment *e, enrolment_ended *ended)
{
	e->ended = ended;
	e->left = e->conf->n_devices;
	e->pupils = xcalloc(e->left, sizeof(*e->pupils));
	for (size_t i = 0; i < e->conf->n_devices; i++) {
		struct pupil *p = &e->pupils[i];

		p->all = e;
		p->conf = e->conf->devices[i];
		p->resolving =
		    resolve_start(e->tools.resolver, p->conf->address,
			(int)e->conf->timeouts.rest, on_resolved, p);
	}
}

const struct enrolment_counts *
enrolment_counts(const struct enrolment *e)
{
	return &e->counts;
}
