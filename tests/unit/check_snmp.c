/* check_snmp.c - io/snmp against a real snmpd(8), a silent port and noise. */
#include "io/snmp.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "local.h"
#include "loop/timer.h"
#include "snmpd_rig.h"
#include "unit.h"

#define PATIENCE 3000 /* an answer is sure to come */
#define SHORT    60   /* none is, or one is asked for again */
#define SILENCE  200
/* No step may hold the loop longer: a machine under load needs some slack over
 * what is measured alone (2 ms). */
#define STALL_MAX 50

struct rig {
	struct loop *lp;
	struct snmp *snmp;
	struct snmp_peer *peer;
	struct addr to;
	int runs;
	int verdicts[SNMP_TROUBLE + 1];
	enum snmp_verdict verdict;
	char reason[128];
	bool free_peer_when_done;
	struct timer tick; /* measures how long the loop was held */
	int64_t ticked;
	int64_t stall;
};

static void
on_tick(void *arg)
{
	struct rig *r = arg;
	int64_t now = clock_mono_ms();

	if (r->ticked && now - r->ticked > r->stall)
		r->stall = now - r->ticked;
	r->ticked = now;
	timer_set(&r->tick, 1);
}

static void
rig_open(struct rig *r, const char *user, const char *auth, const char *priv)
{
	struct fail why;

	memset(r, 0, sizeof(*r));
	r->lp = unit_loop();
	r->snmp = snmp_new(r->lp, user, auth, priv, &why);
	ck_assert_ptr_nonnull(r->snmp);
	timer_init(&r->tick, r->lp, on_tick, r);
}

static void
rig_peer(struct rig *r, const char *address, uint16_t port)
{
	r->to = local_addr(address);
	r->peer = snmp_peer_new(r->snmp, &r->to, port);
}

static void
rig_close(struct rig *r)
{
	timer_clear(&r->tick);
	snmp_peer_free(r->peer);
	snmp_free(r->snmp);
	unit_loop_free(r->lp);
}

static void
on_done(void *arg, enum snmp_verdict v, const char *reason)
{
	struct rig *r = arg;

	r->runs++;
	r->verdict = v;
	r->verdicts[v]++;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
	if (r->free_peer_when_done) {
		snmp_peer_free(r->peer);
		r->peer = NULL;
	}
	loop_stop(r->lp);
}

/* One GET, to its verdict. */
static enum snmp_verdict
get(struct rig *r, int timeout)
{
	int before = r->runs;

	snmp_get(r->peer, timeout, on_done, r);
	ck_assert_int_eq(r->runs, before);
	while (r->runs == before)
		loop_run(r->lp);
	return r->verdict;
}

/* snmpd takes a moment to start. */
static void
get_until_answered(struct rig *r)
{
	int64_t limit = clock_mono_ms() + 20000;

	while (clock_mono_ms() < limit && get(r, SHORT) == SNMP_SILENT)
		;
}

/* With a real one that answers; false where there is none. */
static bool
rig_answered(struct rig *r, struct snmpd_rig *d, const char *address)
{
	if (!snmpd_rig_open(d))
		return false;
	rig_open(r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(r, address, d->port);
	get_until_answered(r);
	ck_assert_int_eq(r->verdict, SNMP_ANSWERED);
	return true;
}

/* It says nothing, unless the test reads it and answers. */
static int
udp_socket(uint16_t *port)
{
	return local_bind(SOCK_DGRAM | SOCK_NONBLOCK, "127.0.0.1", port);
}

START_TEST(a_get_is_answered_also_after_the_device_was_restarted)
{
	struct snmpd_rig d;
	struct rig r;

	if (!rig_answered(&r, &d, "127.0.0.1"))
		return;
	ck_assert_str_eq(r.reason, "");
	ck_assert_int_eq(get(&r, PATIENCE), SNMP_ANSWERED);
	/* Other engine boots: RFC 3414's time window is missed once. */
	snmpd_rig_restart(&d, true);
	get_until_answered(&r);
	ck_assert_int_eq(r.verdict, SNMP_ANSWERED);
	snmpd_rig_restart(&d, false);
	/* Another engine: no answer that counts, but more than silence. */
	for (int i = 0; i < 20 && !strstr(r.reason, "engine ID"); i++)
		ck_assert_int_eq(get(&r, SHORT), SNMP_SILENT);
	ck_assert_ptr_nonnull(strstr(r.reason, "engine ID"));
	rig_close(&r);
	snmpd_rig_close(&d);
}
END_TEST

/* The second time the answer to a discovery is what came. */
START_TEST(what_came_in_time_counts_however_late_it_is_seen)
{
	struct snmpd_rig d;
	struct rig r;

	if (!rig_answered(&r, &d, "127.0.0.1"))
		return;
	for (int i = 0; i < 2; i++) {
		r.runs = 0;
		r.verdict = SNMP_TROUBLE;
		snmp_get(r.peer, 300, on_done, &r);
		unit_loop_away(r.lp, 400);
		while (r.runs == 0)
			loop_run(r.lp);
		ck_assert_int_eq(r.verdict, SNMP_ANSWERED);
		snmp_peer_free(r.peer);
		rig_peer(&r, "127.0.0.1", d.port);
	}
	rig_close(&r);
	snmpd_rig_close(&d);
}
END_TEST

START_TEST(gets_at_once_and_over_ipv6_are_answered)
{
	struct snmpd_rig d;
	struct rig r;

	if (!rig_answered(&r, &d, "::1"))
		return;
	/* A new peer: all five wait for the discovery. */
	snmp_peer_free(r.peer);
	rig_peer(&r, "127.0.0.2", d.port);
	r.verdicts[SNMP_ANSWERED] = 0;
	for (int i = 0; i < 5; i++)
		snmp_get(r.peer, PATIENCE, on_done, &r);
	for (r.runs = 0; r.runs < 5;)
		loop_run(r.lp);
	ck_assert_int_eq(r.verdicts[SNMP_ANSWERED], 5);
	rig_close(&r);
	snmpd_rig_close(&d);
}
END_TEST

/* Two devices that are copies of one: its engine ID, boots of their own.  The
 * boots that one GET learns must not go into the next one's request to the
 * other, in whatever order they are asked. */
#define CLONES 2
static const int clone_boots[CLONES] = {6, 901};

static void
clones_ask(struct rig *r, const struct snmpd_rig *d, int first)
{
	struct snmp_peer *peers[2 * CLONES];

	for (int i = 0; i < 2 * CLONES; i++)
		peers[i] = snmp_peer_new(
		    r->snmp, &r->to, d[(first + i) % CLONES].port);
	for (int round = 0; round < 3; round++) {
		r->runs = r->verdicts[SNMP_ANSWERED] = 0;
		for (int i = 0; i < 2 * CLONES; i++)
			snmp_get(peers[i], PATIENCE, on_done, r);
		while (r->runs < 2 * CLONES)
			loop_run(r->lp);
		ck_assert_int_eq(r->verdicts[SNMP_ANSWERED], 2 * CLONES);
	}
	for (int i = 0; i < 2 * CLONES; i++) {
		r->peer = peers[i];
		ck_assert_int_eq(get(r, PATIENCE), SNMP_ANSWERED);
	}
	for (int i = 0; i < 2 * CLONES; i++)
		snmp_peer_free(peers[i]);
	r->peer = NULL;
}

START_TEST(devices_with_one_engine_id_are_all_answered)
{
	struct snmpd_rig d[CLONES];
	struct rig r;

	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	for (int i = 0; i < CLONES; i++) {
		if (!snmpd_rig_open_clone(&d[i], clone_boots[i])) {
			rig_close(&r);
			return;
		}
		rig_peer(&r, "127.0.0.1", d[i].port);
		get_until_answered(&r);
		ck_assert_int_eq(r.verdict, SNMP_ANSWERED);
		snmp_peer_free(r.peer);
		r.peer = NULL;
	}
	clones_ask(&r, d, 0);
	clones_ask(&r, d, 1);
	/* What one learns of a restart is its own, too. */
	snmpd_rig_restart(&d[0], true);
	rig_peer(&r, "127.0.0.1", d[0].port);
	get_until_answered(&r);
	snmp_peer_free(r.peer);
	clones_ask(&r, d, 1);
	rig_close(&r);
	for (int i = 0; i < CLONES; i++)
		snmpd_rig_close(&d[i]);
}
END_TEST

/* Each wrong in one thing; all in one test, as an snmpd takes its time. */
START_TEST(wrong_user_and_keys_are_reported_with_the_reason)
{
	struct snmpd_rig d;
	struct rig r;

	if (!snmpd_rig_open(&d))
		return;
	rig_open(&r, "Nobody", SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", d.port);
	get_until_answered(&r);
	ck_assert_int_eq(r.verdict, SNMP_REPORTED);
	ck_assert_str_eq(r.reason, "unknown user name");
	rig_close(&r);

	rig_open(&r, SNMPD_USER, "another-password", SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", d.port);
	ck_assert_int_eq(get(&r, PATIENCE), SNMP_REPORTED);
	ck_assert_str_eq(
	    r.reason, "authentication failure (wrong auth password)");
	rig_close(&r);

	/* The same name and engine once more: nothing of the old keys is left.
	 * snmpd drops what it cannot decipher. */
	rig_open(&r, SNMPD_USER, SNMPD_AUTH, "another-password");
	rig_peer(&r, "127.0.0.1", d.port);
	ck_assert_int_ne(get(&r, SHORT), SNMP_ANSWERED);
	rig_close(&r);

	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", d.port);
	ck_assert_int_eq(get(&r, PATIENCE), SNMP_ANSWERED);
	rig_close(&r);
	snmpd_rig_close(&d);
}
END_TEST

START_TEST(a_silent_device_costs_its_timeout_and_never_holds_the_loop)
{
	uint16_t port;
	int fd = udp_socket(&port);
	int64_t start;
	char buf[2000];
	int probes = 0;
	struct rig r;

	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", port);
	start = clock_mono_ms();
	timer_set(&r.tick, 0);
	ck_assert_int_eq(get(&r, SILENCE), SNMP_SILENT);
	ck_assert_int_eq(get(&r, SILENCE), SNMP_SILENT);
	ck_assert_int_ge(clock_mono_ms() - start, 2 * SILENCE - 50);
	ck_assert_int_lt(clock_mono_ms() - start, 2 * SILENCE + 200);
	ck_assert_int_le(r.stall, STALL_MAX);
	while (recv(fd, buf, sizeof(buf), 0) > 0)
		probes++;
	ck_assert_int_eq(probes, 2); /* known traffic: one a GET, no retries */
	rig_close(&r);
	close(fd);
}
END_TEST

START_TEST(a_closed_port_is_silent_and_says_so)
{
	uint16_t port;
	struct rig r;

	port = local_free_port(SOCK_DGRAM, "127.0.0.1");
	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", port);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(get(&r, SHORT), SNMP_SILENT);
		ck_assert_str_eq(r.reason, "port unreachable");
	}
	rig_close(&r);
}
END_TEST

struct noise {
	int fd;
	unsigned seed;
	int sent;
};

/* Answer with what was asked, some bytes of it changed. */
static void
on_noise(void *arg, short ready)
{
	struct noise *n = arg;
	unsigned char buf[2000];
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	ssize_t got = recvfrom(
	    n->fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);

	(void)ready;
	for (int i = 0; got > 0 && i < 20; i++) {
		for (int k = 0; k < 3; k++)
			buf[(size_t)rand_r(&n->seed) % (size_t)got] =
			    (unsigned char)rand_r(&n->seed);
		sendto(n->fd, buf, (size_t)rand_r(&n->seed) % (size_t)got + 1,
		    0, (struct sockaddr *)&from, len);
		n->sent++;
	}
}

START_TEST(noise_is_not_taken_for_an_answer)
{
	struct noise n = {.seed = (unsigned)time(NULL)};
	struct watch *w;
	uint16_t port;
	struct rig r;

	printf("seed %u\n", n.seed);
	n.fd = udp_socket(&port);
	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	w = watch_new(r.lp, n.fd, POLLIN, on_noise, &n);
	rig_peer(&r, "127.0.0.1", port);
	for (int i = 0; i < 20; i++)
		snmp_get(r.peer, 200, on_done, &r);
	while (r.runs < 20)
		loop_run(r.lp);
	ck_assert_int_eq(r.verdicts[SNMP_ANSWERED], 0);
	ck_assert_int_gt(n.sent, 0);
	watch_free(w);
	close(n.fd);
	rig_close(&r);
}
END_TEST

START_TEST(a_peer_may_be_freed_with_gets_open_and_inside_done)
{
	uint16_t port;
	int fd = udp_socket(&port);
	struct rig r;

	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", port);
	snmp_get(r.peer, 20, on_done, &r);
	snmp_get(r.peer, 20, on_done, &r);
	snmp_peer_free(r.peer);
	snmp_peer_free(NULL);
	rig_peer(&r, "127.0.0.1", port);
	r.free_peer_when_done = true;
	for (int i = 0; i < 3; i++)
		snmp_get(r.peer, 20, on_done, &r);
	loop_run(r.lp);
	loop_run_for(r.lp, 50);
	ck_assert_int_eq(r.runs, 1); /* the first one's; the rest forgotten */
	rig_close(&r);
	close(fd);
}
END_TEST

START_TEST(no_descriptor_is_trouble_now_and_none_later)
{
	struct rlimit none;
	struct rlimit old;
	uint16_t port;
	int fd = udp_socket(&port);
	struct rig r;

	rig_open(&r, SNMPD_USER, SNMPD_AUTH, SNMPD_PRIV);
	rig_peer(&r, "127.0.0.1", port);
	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){0, old.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	snmp_get(r.peer, 20, on_done, &r);
	setrlimit(RLIMIT_NOFILE, &old);
	loop_run(r.lp);
	ck_assert_int_eq(r.runs, 1);
	ck_assert_int_eq(r.verdict, SNMP_TROUBLE);
	ck_assert_str_ne(r.reason, "");
	snmp_get(r.peer, 20, on_done, &r);
	loop_run(r.lp);
	ck_assert_int_eq(r.verdict, SNMP_SILENT);
	rig_close(&r);
	close(fd);
}
END_TEST

START_TEST(a_short_password_is_refused_with_a_sentence)
{
	struct loop *lp = unit_loop();
	struct fail why = {0};

	ck_assert_ptr_null(snmp_new(lp, "u", "1234567", SNMPD_PRIV, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "auth password"));
	ck_assert_ptr_null(strstr(why.text, "1234567"));
	ck_assert_ptr_null(snmp_new(lp, "u", SNMPD_AUTH, "", &why));
	ck_assert_ptr_nonnull(strstr(why.text, "priv password"));
	unit_loop_free(lp);
}
END_TEST

UNIT_MAIN("snmp", a_get_is_answered_also_after_the_device_was_restarted,
    what_came_in_time_counts_however_late_it_is_seen,
    gets_at_once_and_over_ipv6_are_answered,
    devices_with_one_engine_id_are_all_answered,
    wrong_user_and_keys_are_reported_with_the_reason,
    a_silent_device_costs_its_timeout_and_never_holds_the_loop,
    a_closed_port_is_silent_and_says_so, noise_is_not_taken_for_an_answer,
    a_peer_may_be_freed_with_gets_open_and_inside_done,
    no_descriptor_is_trouble_now_and_none_later,
    a_short_password_is_refused_with_a_sentence)
