/* reach.c - the resolving state: the addresses of the device's name.
 */
#include "device/device_private.h"

#include <string.h>

static struct rest_peer *
peer_new(const struct device *d)
{
	const struct campaign_conf *conf = d->env->conf;
	struct rest_peer_spec spec = {
	    .host = d->conf->address,
	    .addr = d->addrs[0],
	    .port = (uint16_t)d->conf->rest_port,
	    .username = d->conf->username,
	    .password = d->conf->password,
	    .insecure = conf->rest.insecure,
	    .ca_file = conf->rest.ca_file,
	    .pin = d->conf->tls_pin,
	};

	return rest_peer_new(d->env->rest, &spec);
}

int64_t
device_next_address(struct device *d, const struct fail *why, int64_t pause)
{
	struct addr first = d->addrs[0];
	size_t n = d->n_addrs;

	if (why->kind != FAIL_UNREACHABLE || pause == RETRY_NEVER || n < 2 ||
	    d->last_login != 0)
		return pause;
	memmove(d->addrs, d->addrs + 1, (n - 1) * sizeof(first));
	d->addrs[n - 1] = first;
	rest_peer_free(d->peer);
	d->peer = peer_new(d);
	return ++d->addrs_tried % n != 0 ? 0 : pause;
}

static void
is_resolved(struct device *d)
{
	d->peer = peer_new(d);
	d->env->resolved(d->env->arg, d);
	device_goto(d, device_first_state(d));
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct device *d = arg;
	int64_t pause;

	d->resolving = NULL;
	d->n_addrs = n;
	for (size_t i = 0; i < n; i++)
		d->addrs[i] = addrs[i];
	if (n > 0) {
		char text[ADDR_TEXT_MAX];

		device_row(d, TASK_RESOLVE, TASK_SUCCESS, SEVERITY_NORMAL,
		    addr_text(&addrs[0], text));
		is_resolved(d);
		return;
	}
	pause = device_retry_after(d, why);
	device_row(d, TASK_RESOLVE, TASK_FAILURE,
	    pause == RETRY_NEVER ? SEVERITY_MAJOR : SEVERITY_MINOR, why->text);
	d->retry.tries++;
	if (pause == RETRY_NEVER)
		device_fail(d, why);
	else
		timer_set(&d->pause, pause);
}

void
device_resolving(struct device *d)
{
	device_task_begins(d);
	if (addr_parse(&d->addrs[0], d->conf->address)) {
		d->n_addrs = 1;
		is_resolved(d);
		return;
	}
	d->resolving = resolve_start(d->env->resolver, d->conf->address,
	    (int)d->env->conf->timeouts.rest, on_resolved, d);
}
