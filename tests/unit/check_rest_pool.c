/* check_rest_pool.c - for how long connections of REST peers are kept. */
#include "io/rest_pool.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "https_server.h"
#include "io/rest.h"
#include "unit.h"

#define MOST (2 * REST_POOL_PEERS + 2)

static struct loop *lp;
static struct rest *rest;
static struct https_server *server;
static struct rest_peer *peers[MOST];
static int n_peers, left, good;

static void
make_peers(int n)
{
	struct rest_peer_spec spec = {
	    .port = https_server_port(server), .tls = {.insecure = true}};
	char host[32];

	for (n_peers = 0; n_peers < n; n_peers++) {
		snprintf(host, sizeof(host), "127.0.0.%d", n_peers + 1);
		spec.host = host;
		ck_assert(addr_parse(&spec.addr, host));
		peers[n_peers] = rest_peer_new(rest, &spec);
	}
}

static void
begin_busy(int n, size_t keep, size_t busy)
{
	signal(SIGPIPE, SIG_IGN);
	lp = unit_loop();
	rest = rest_new(lp, keep, busy);
	server = https_server_new("0.0.0.0");
	make_peers(n);
}

static void
begin(int n, size_t keep)
{
	begin_busy(n, keep, (size_t)n);
}

static void
end(void)
{
	while (n_peers > 0)
		rest_peer_free(peers[--n_peers]);
	rest_free(rest);
	https_server_free(server);
	unit_loop_free(lp);
}

static void
on_done(void *arg, const struct rest_answer *a)
{
	(void)arg;
	good += a->status == 200;
	if (--left == 0)
		loop_stop(lp);
}

/* A request of each from `from` on to `to`; how many connections were ever
 * made. */
static int
ask(int from, int to)
{
	const struct rest_request q = {.method = "GET",
	    .path = "/hello",
	    .connect_ms = 8000,
	    .total_ms = 9000};

	good = 0;
	left = to - from;
	for (int i = from; i < to; i++)
		rest_send(peers[i], &q, on_done, NULL);
	loop_run(lp);
	ck_assert_int_eq(good, to - from);
	return https_server_connections(server);
}

static int
ask_all(void)
{
	return ask(0, n_peers);
}

START_TEST(a_connection_that_nobody_used_for_long_is_closed)
{
	begin(2, 10);
	rest_close_idle_after(rest, 300);
	ck_assert_int_eq(ask_all(), 2);
	loop_run_for(lp, 10);
	ck_assert_int_eq(ask_all(), 2);
	loop_run_for(lp, 600);
	ck_assert_int_eq(ask_all(), 4);
	ck_assert_int_eq(ask_all(), 4);
	end();
}
END_TEST

/* A peer that is busy keeps the others' open, too. */
START_TEST(what_is_used_is_not_closed)
{
	begin(1, 10);
	rest_close_idle_after(rest, 500);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(ask_all(), 1);
		loop_run_for(lp, 100);
	}
	end();
}
END_TEST

START_TEST(more_peers_than_a_pool_has_keep_theirs)
{
	begin(MOST, MOST + 30);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(ask_all(), MOST);
	/* A place that is given back is taken again. */
	rest_peer_free(peers[--n_peers]);
	rest_peer_free(peers[--n_peers]);
	ck_assert_int_eq(ask_all(), MOST);
	end();
}
END_TEST

/* As many as there are descriptors for. */
START_TEST(no_more_stay_open_than_are_to_be_kept)
{
	begin(MOST, 30);
	ask_all();
	ck_assert_int_ge(ask_all(), 2 * MOST - 30);
	end();
}
END_TEST

/* Where some pools may keep all of theirs, the one that waited longest is
 * closed for another; with the first two of three pools open: */
START_TEST(a_pool_that_opens_closes_the_one_that_waited_longest)
{
	const int one = REST_POOL_PEERS, two = 2 * one;

	begin_busy(MOST, (size_t)two, 1);
	ck_assert_int_eq(ask(0, 2), 2);
	ck_assert_int_eq(ask(one, one + 2), 4);
	loop_run_for(lp, 5);
	ck_assert_int_eq(ask(0, 2), 4);
	loop_run_for(lp, 5);
	ck_assert_int_eq(ask(two, MOST), 4 + 2);
	ck_assert_int_eq(ask(0, 2), 6);
	loop_run_for(lp, 5);
	ck_assert_int_eq(ask(two, MOST), 6);
	ck_assert_int_eq(ask(one, one + 2), 6 + 2);
	end();
}
END_TEST

/* A device waits for hours. */
START_TEST(a_peer_that_waits_takes_little_more_than_a_new_one)
{
	size_t before;

	begin(REST_POOL_PEERS, REST_POOL_PEERS);
	rest_close_idle_after(rest, 50);
	ask_all(); /* what is made once, is */
	loop_run_for(lp, 200);
	for (int i = 0; i < n_peers; i++)
		rest_peer_free(peers[i]);
	n_peers = 0;
	make_peers(REST_POOL_PEERS);
	before = mallinfo2().uordblks;
	ask_all();
	loop_run_for(lp, 200);
	/* Blocks that malloc keeps for the thread count as used. */
	ck_assert_uint_le(
	    mallinfo2().uordblks, before + REST_POOL_PEERS * (size_t)2048);
	end();
}
END_TEST

UNIT_MAIN("rest_pool", a_connection_that_nobody_used_for_long_is_closed,
    a_peer_that_waits_takes_little_more_than_a_new_one,
    what_is_used_is_not_closed,
    a_pool_that_opens_closes_the_one_that_waited_longest,
    more_peers_than_a_pool_has_keep_theirs,
    no_more_stay_open_than_are_to_be_kept)
