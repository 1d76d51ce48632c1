/* verify.c - sends the probes of one verify on its interval, keeps the score.
 *
 * Both programs start one on each alarm.  A verifier owns what all devices
 * share (ICMP sockets, SNMP keys); a verify owns its timer, its SNMP session
 * and the handles of the probes under way.
 */
#include "verify/verify.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/ping.h"
#include "io/snmp.h"
#include "io/tcp_probe.h"
#include "loop/timer.h"

/* Sockets and encryption for one device's turn cost about 60 us; with more in
 * a row, the alarms and replies that arrive meanwhile would wait too long. */
#define TURNS_A_MS 50

struct verifier {
	struct loop *lp;
	struct ping *ping;
	struct snmp *snmp;   /* NULL: no user */
	struct crowd *crowd; /* for TCP */
	int64_t turn_ms;     /* monotonic; the moment that `turns` counts */
	int turns;
};

struct probe { /* one under way, or over */
	struct verify *verify;
	enum verify_kind kind;
	int number;            /* from 0 */
	struct echo *echo;     /* NULL: not under way */
	struct tcp_probe *tcp; /* the same */
};

struct verify {
	struct verifier *verifier;
	struct addr to;
	struct verify_plan plan;
	struct snmp_peer *peer;
	struct timer next; /* the next number of each kind, or the end */
	int64_t began;     /* monotonic ms: the interval does not drift */
	int64_t began_us;  /* monotonic: what the traces count from */
	int number;        /* the next one */
	int open;          /* probes without their fate */
	struct probe *probes[VERIFY_KINDS];
	struct verify_result result;
	verify_done *done;
	void *arg;
};

/* --- fates --- */

static void
give_reason(struct verify_count *c, const char *reason)
{
	if (c->reason[0] == '\0')
		str_copy(c->reason, sizeof(c->reason), reason);
}

static int64_t
since_began_us(const struct verify *f)
{
	return loop_moment(f->verifier->lp).mono - f->began_us;
}

static void
fate(struct probe *pr, enum verify_fate what, const char *reason)
{
	struct verify *f = pr->verify;
	struct verify_count *c = &f->result.kind[pr->kind];
	struct verify_probe *t = &c->probe[pr->number];

	t->fate = what;
	if (what == VERIFY_ANSWERED || what == VERIFY_REFUSED)
		t->took_us = since_began_us(f) - t->sent_us;
	c->took_ms = loop_now(f->verifier->lp) - f->began;
	if (what == VERIFY_ANSWERED || what == VERIFY_REFUSED)
		c->answered++;
	else
		give_reason(c, reason);
	f->open--;
	if (f->open == 0 && f->number >= f->plan.count)
		timer_set(&f->next, 0);
}

/* Nothing of this kind can leave this host, so no more is tried. */
static void
impossible(struct probe *pr, const char *reason)
{
	struct verify_count *c = &pr->verify->result.kind[pr->kind];

	c->impossible = true;
	c->sent--;
	fate(pr, VERIFY_NOT_SENT, reason);
}

static void
on_echo(void *arg, enum ping_verdict v, const char *reason)
{
	struct probe *pr = arg;

	pr->echo = NULL;
	switch (v) {
	case PING_ANSWERED:
		fate(pr, VERIFY_ANSWERED, reason);
		break;
	case PING_SILENT:
		fate(pr, VERIFY_LOST, reason);
		break;
	case PING_UNREACHABLE:
		fate(pr, VERIFY_BAD, reason);
		break;
	case PING_IMPOSSIBLE:
		impossible(pr, reason);
		break;
	}
}

static void
on_snmp(void *arg, enum snmp_verdict v, const char *reason)
{
	struct probe *pr = arg;
	struct verify *f = pr->verify;
	struct verify_probe *t = &f->result.kind[VERIFY_SNMP].probe[pr->number];

	t->id = snmp_peer_message(f->peer, &t->port);
	switch (v) {
	case SNMP_ANSWERED:
		fate(pr, VERIFY_ANSWERED, reason);
		break;
	case SNMP_SILENT:
		fate(pr, VERIFY_LOST, reason);
		break;
	case SNMP_REPORTED:
		if (f->plan.reports)
			give_reason(&f->result.kind[VERIFY_SNMP], reason);
		fate(
		    pr, f->plan.reports ? VERIFY_ANSWERED : VERIFY_BAD, reason);
		break;
	case SNMP_TROUBLE:
		fate(pr, VERIFY_BAD, reason);
		break;
	}
}

static void
on_tcp(void *arg, enum probe_verdict v, const char *reason)
{
	struct probe *pr = arg;

	pr->tcp = NULL;
	switch (v) {
	case PROBE_ANSWERED:
		fate(pr, VERIFY_ANSWERED, reason);
		break;
	case PROBE_REFUSED:
		fate(pr, VERIFY_REFUSED, reason);
		break;
	case PROBE_SILENT:
		fate(pr, VERIFY_LOST, reason);
		break;
	case PROBE_ERROR:
		fate(pr, VERIFY_BAD, reason);
		break;
	}
}

/* --- sending --- */

static void
send_echo(struct verify *f, struct probe *pr, struct verify_probe *t)
{
	/* Numbered from 1, as people count. */
	t->seq = (uint16_t)(f->plan.first + pr->number + 1);
	pr->echo = ping_send(f->verifier->ping, &f->to, t->seq,
	    (int)f->plan.timeout_ms, on_echo, pr);
	t->id = ping_identifier(f->verifier->ping, &f->to);
}

static void
send_probe(struct verify *f, enum verify_kind kind, int number)
{
	struct verify_count *c = &f->result.kind[kind];
	struct verify_probe *t = &c->probe[number];
	struct probe *pr = &f->probes[kind][number];
	int timeout = (int)f->plan.timeout_ms;

	if (!c->on || c->impossible)
		return;
	*pr = (struct probe){.verify = f, .kind = kind, .number = number};
	c->sent++;
	f->open++;
	*t = (struct verify_probe){.sent_us = since_began_us(f), .took_us = -1};
	switch (kind) {
	case VERIFY_ICMP:
		send_echo(f, pr, t);
		break;
	case VERIFY_SNMP:
		if (f->plan.light)
			snmp_discover(f->peer, timeout, on_snmp, pr);
		else
			snmp_get(f->peer, timeout, on_snmp, pr);
		break;
	case VERIFY_TCP:
		pr->tcp = tcp_probe_start(f->verifier->crowd, &f->to,
		    f->plan.tcp_port, timeout, on_tcp, pr);
		t->port = tcp_probe_port(pr->tcp);
		break;
	case VERIFY_KINDS:
		break;
	}
}

/* Its result stays. */
static void
verify_free(struct verify *f)
{
	timer_clear(&f->next);
	for (int k = 0; k < VERIFY_KINDS; k++) {
		for (int i = 0; i < f->result.kind[k].n; i++) {
			ping_cancel(f->probes[k][i].echo);
			tcp_probe_cancel(f->probes[k][i].tcp);
		}
		free(f->probes[k]);
	}
	snmp_peer_free(f->peer);
	free(f);
}

static void
finish(struct verify *f)
{
	verify_done *done = f->done;
	void *arg = f->arg;
	struct verify_result result = f->result;

	verify_free(f);
	done(arg, &result);
	verify_result_clear(&result);
}

/* Is there a kind that is asked for and possible here? */
static bool
any_possible(const struct verify *f)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (f->result.kind[k].on && !f->result.kind[k].impossible)
			return true;
	return false;
}

/* Have enough devices had their turn in this millisecond? */
static bool
crowded(struct verifier *v, int64_t now)
{
	if (v->turn_ms != now) {
		v->turn_ms = now;
		v->turns = 0;
	}
	return ++v->turns > TURNS_A_MS;
}

/* One of each kind; the first echo has left already. */
static void
send_turn(struct verify *f)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		if (k != VERIFY_ICMP || f->number > 0)
			send_probe(f, (enum verify_kind)k, f->number);
	f->number++;
}

static void
on_next(void *arg)
{
	struct verify *f = arg;
	int64_t now = loop_now(f->verifier->lp), due;

	if (!any_possible(f))
		f->number = f->plan.count;
	if (f->number < f->plan.count && crowded(f->verifier, now)) {
		timer_set(&f->next, 1);
		return;
	}

	if (f->number < f->plan.count)
		send_turn(f);
	if (f->number < f->plan.count) {
		due = f->began + f->number * f->plan.interval_ms;
		timer_set(&f->next, due > now ? due - now : 0);
	} else if (f->open == 0) {
		finish(f);
	}
}

/* --- life --- */

struct verifier *
verifier_new(struct loop *lp, const char *snmp_user, const char *snmp_auth,
    const char *snmp_priv, struct fail *why)
{
	struct verifier *v = xcalloc(1, sizeof(*v));

	v->lp = lp;
	if (snmp_user != NULL) {
		v->snmp = snmp_new(lp, snmp_user, snmp_auth, snmp_priv, why);
		if (v->snmp == NULL) {
			free(v);
			return NULL;
		}
	}
	v->ping = ping_new(lp);
	v->crowd = crowd_new(lp);
	return v;
}

void
verifier_free(struct verifier *v)
{
	if (v == NULL)
		return;
	ping_free(v->ping);
	crowd_free(v->crowd);
	snmp_free(v->snmp);
	free(v);
}

static void
kind_start(struct verify *f, enum verify_kind k)
{
	f->result.kind[k].on = true;
	verify_count_plan(&f->result.kind[k], f->plan.count);
	f->probes[k] = xcalloc((size_t)f->plan.count, sizeof(struct probe));
}

static void
result_start(struct verify *f)
{
	struct verify_count *snmp = &f->result.kind[VERIFY_SNMP];

	for (int k = 0; k < VERIFY_KINDS; k++)
		if (f->plan.on[k])
			kind_start(f, (enum verify_kind)k);
	if (!snmp->on)
		return;
	if (f->verifier->snmp != NULL) {
		f->peer =
		    snmp_peer_new(f->verifier->snmp, &f->to, f->plan.snmp_port);
	} else {
		snmp->impossible = true;
		give_reason(snmp, "no SNMP user is configured");
	}
}

struct verify *
verify_start(struct verifier *v, const struct addr *to,
    const struct verify_plan *plan, verify_done *done, void *arg)
{
	struct verify *f = xcalloc(1, sizeof(*f));
	struct loop_moment now = loop_moment(v->lp);

	assert(plan->count >= 1 && plan->count <= VERIFY_COUNT_MAX);
	f->verifier = v;
	f->to = *to;
	f->plan = *plan;
	f->done = done;
	f->arg = arg;
	f->began = loop_now(v->lp);
	f->began_us = now.mono;
	f->result.began_us = now.wall;
	f->result.timeout_ms = plan->timeout_ms;
	timer_init(&f->next, v->lp, on_next, f);
	result_start(f);
	/* In a burst of alarms every device's echo leaves before the first
	 * costlier probe. */
	send_probe(f, VERIFY_ICMP, 0);
	timer_set(&f->next, 0);
	return f;
}

const struct verify_result *
verify_so_far(const struct verify *f)
{
	return &f->result;
}

void
verify_cancel(struct verify *f)
{
	if (f == NULL)
		return;
	verify_result_clear(&f->result);
	verify_free(f);
}
