/* reach.c - the addresses of a device's name, and the way to it.
 */
#include "device/reach.h"

#include <string.h>

/* A connection is kept for its next request about this long (libcurl's
 * CURLOPT_MAXAGE_CONN is 118 s); after it, a request is a new login. */
#define LOGIN_FRESH_MS 100000

static void on_pause(void *arg);

void
reach_init(
    struct reach *r, const struct tools *t, const struct device_entry *conf)
{
	r->tools = t;
	r->conf = conf;
	timer_init(&r->pause, t->lp, on_pause, r);
}

static void
drop_peer(struct reach *r)
{
	rest_peer_free(r->peer);
	r->peer = NULL;
}

void
reach_clear(struct reach *r)
{
	resolve_cancel(r->resolving);
	r->resolving = NULL;
	timer_clear(&r->pause);
	drop_peer(r);
}

/* --- the address in use --- */

static struct rest_peer *
peer_new(const struct reach *r)
{
	const struct campaign_conf *conf = r->tools->conf;
	struct rest_peer_spec spec = {
	    .host = r->conf->address,
	    .addr = r->addrs[0],
	    .port = (uint16_t)r->conf->rest_port,
	    .username = r->conf->username,
	    .password = r->conf->password,
	    .tls.minimum = (enum tls_minimum)r->conf->tls_minimum,
	    .tls.insecure = conf->rest.tls == CONF_TLS_INSECURE,
	    .ca_file = conf->rest.ca_file,
	    .tls.pins = (const char *const *)r->conf->tls_pins,
	    .tls.n_pins = r->conf->n_tls_pins,
	    .tls.known = r->tools->pins,
	};

	return rest_peer_new(r->tools->rest, &spec);
}

bool
reach_elsewhere(struct reach *r)
{
	struct addr first = r->addrs[0];
	size_t n = r->n_addrs;

	if (n < 2 || r->last_login != 0)
		return false;
	memmove(r->addrs, r->addrs + 1, (n - 1) * sizeof(first));
	r->addrs[n - 1] = first;
	drop_peer(r);
	r->peer = peer_new(r);
	return ++r->tried % n != 0;
}

/* A device that cannot be reached and never was goes on to its next address,
 * without a pause until all have been tried. */
static int64_t
next_address(struct reach *r, const struct fail *why, int64_t pause)
{
	if (why->kind != FAIL_UNREACHABLE || pause == RETRY_NEVER)
		return pause;
	return reach_elsewhere(r) ? 0 : pause;
}

int64_t
reach_again(struct reach *r, const struct fail *why)
{
	int64_t pause =
	    retry_after(&r->retry, why, r->tools->conf, loop_now(r->tools->lp));

	r->retry.tries++;
	return next_address(r, why, pause);
}

bool
reach_needs_login(const struct reach *r)
{
	return r->last_login == 0 ||
	       loop_now(r->tools->lp) - r->last_login > LOGIN_FRESH_MS;
}

void
reach_logged_in(struct reach *r)
{
	r->last_login = loop_now(r->tools->lp);
}

/* --- finding the addresses --- */

bool
reach_is_literal(struct reach *r)
{
	if (!addr_parse(&r->addrs[0], r->conf->address))
		return false;
	r->n_addrs = 1;
	r->peer = peer_new(r);
	return true;
}

static void
found(struct reach *r)
{
	const struct fail none = {.kind = FAIL_NONE};
	char text[ADDR_TEXT_MAX];

	ledger_row(r->ledger, &r->begun, TASK_SUCCESS, SEVERITY_NORMAL,
	    addr_text(&r->addrs[0], text));
	r->peer = peer_new(r);
	r->done(r->arg, &none);
}

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct reach *r = arg;
	int64_t pause;

	r->resolving = NULL;
	r->n_addrs = n;
	for (size_t i = 0; i < n; i++)
		r->addrs[i] = addrs[i];
	if (n > 0) {
		found(r);
		return;
	}
	pause = reach_again(r, why);
	r->begun.failed = why->kind;
	ledger_row(r->ledger, &r->begun, TASK_FAILURE,
	    pause == RETRY_NEVER ? SEVERITY_MAJOR : SEVERITY_MINOR, why->text);
	if (pause == RETRY_NEVER)
		r->done(r->arg, why);
	else
		timer_set(&r->pause, pause);
}

static void
on_pause(void *arg)
{
	struct reach *r = arg;

	r->begun = ledger_begin(r->ledger, TASK_RESOLVE, r->retry.tries + 1);
	r->resolving = resolve_start(r->tools->resolver, r->conf->address,
	    (int)r->tools->conf->timeouts.rest, on_resolved, r);
}

void
reach_look_up(struct reach *r, struct ledger *l, reach_done *done, void *arg)
{
	r->ledger = l;
	r->done = done;
	r->arg = arg;
	retry_next_step(&r->retry);
	on_pause(r);
}

void
reach_cut_short(struct reach *r, const char *text)
{
	if (r->resolving != NULL || timer_is_set(&r->pause))
		ledger_skip(r->ledger, TASK_RESOLVE, r->retry.tries + 1, text);
}
