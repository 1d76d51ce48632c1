/* login.c - see login.h.
 */
#include "device/login.h"

#include "io/sftp.h"

static void
on_end(void *arg, bool logged_in, const struct fail *why)
{
	struct login *l = arg;

	(void)logged_in;
	/* It was kept: nothing is fetched. */
	sftp_cancel(l->sftp);
	l->sftp = NULL;
	gate_leave(&l->ticket);
	l->done(l->arg, why);
}

static void
on_place(void *arg)
{
	static const struct sftp_events events = {.done = on_end};
	struct login *l = arg;
	const struct tools *t = l->reach->tools;
	const struct device_entry *d = l->reach->conf;
	struct sftp_spec spec = {
	    .addr = l->reach->addrs[0],
	    .port = (uint16_t)d->ssh_port,
	    .host = d->address,
	    .username = d->username,
	    .password = d->password,
	    .hosts = t->hosts,
	    .host_keys = (const char *const *)d->host_keys,
	    .n_host_keys = d->n_host_keys,
	    .keep = true,
	    .connect_ms = (int)t->conf->timeouts.connect,
	    .stall_ms = (int)t->conf->timeouts.sftp_stall,
	};

	l->sftp = sftp_start(t->lp, &spec, &events, l);
}

void
login_init(struct login *l, struct reach *reach, login_done *done, void *arg)
{
	l->reach = reach;
	l->done = done;
	l->arg = arg;
}

void
login_try(struct login *l)
{
	gate_enter(l->reach->tools->sftp_gate, &l->ticket, true, on_place, l);
}

void
login_cancel(struct login *l)
{
	gate_leave(&l->ticket);
	sftp_cancel(l->sftp);
	l->sftp = NULL;
}
