/* check_datagram.c - the bound UDP socket, over the loopback interface. */
#include "io/datagram.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "local.h"
#include "unit.h"

#define WALL 1793500000000

struct rig {
	struct loop *lp;
	struct datagram *d;
	size_t n;
	size_t len; /* of the last one */
	char data[DATAGRAM_MAX + 1];
	struct datagram_from from;
	bool free_at_once;
};

static void
received(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct rig *r = arg;

	r->n++;
	r->len = len;
	memcpy(r->data, data, len);
	r->from = *from;
	if (r->free_at_once) {
		datagram_free(r->d);
		r->d = NULL;
	}
}

static struct rig *
rig_new(const char *listen)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct addr at = local_addr(listen);
	struct fail why = {0};

	r->lp = unit_loop_virtual(WALL);
	r->d = datagram_new(r->lp, &at, 0, received, r, &why);
	ck_assert_msg(r->d != NULL, "%s", why.text);
	ck_assert_uint_ne(datagram_port(r->d), 0);
	return r;
}

static void
rig_free(struct rig *r)
{
	datagram_free(r->d);
	unit_loop_free(r->lp);
	free(r);
}

/* A peer's socket, connected to the rig at `to`. */
static int
peer_new(const struct rig *r, const char *to)
{
	return local_connect(SOCK_DGRAM, NULL, to, datagram_port(r->d));
}

/* One datagram there, one back, on sockets of any family. */
static void
assert_round_trip(const char *listen, const char *to, const char *peer)
{
	struct rig *r = rig_new(listen);
	int fd = peer_new(r, to);
	char back[8];

	ck_assert_int_eq(send(fd, "hello", 5, 0), 5);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_uint_eq(r->len, 5);
	ck_assert_mem_eq(r->data, "hello", 5);
	local_addr_is(&r->from.addr, peer);
	local_addr_is(&r->from.local, to);
	/* The peer's socket is connected: an answer from any other address
	 * would not reach it. */
	ck_assert(datagram_send(
	    r->d, "back", 4, &r->from.addr, r->from.port, &r->from.local));
	ck_assert_int_eq(recv(fd, back, sizeof(back), MSG_DONTWAIT), 4);
	ck_assert_mem_eq(back, "back", 4);
	close(fd);
	rig_free(r);
}

START_TEST(an_answer_comes_from_the_address_that_was_asked)
{
	assert_round_trip("127.0.0.1", "127.0.0.1", "127.0.0.1");
	assert_round_trip("0.0.0.0", "127.0.0.7", "127.0.0.1");
	assert_round_trip("::1", "::1", "::1");
}
END_TEST

START_TEST(the_ipv6_wildcard_takes_ipv4_and_shows_it_as_ipv4)
{
	assert_round_trip("::", "127.0.0.9", "127.0.0.1");
	assert_round_trip("::", "::1", "::1");
}
END_TEST

START_TEST(a_send_without_local_address_follows_the_route)
{
	struct rig *r = rig_new("::");
	struct addr none = {0};
	int fd = peer_new(r, "127.0.0.1");
	char back[8];

	send(fd, "x", 1, 0);
	loop_run_for(r->lp, 5);
	ck_assert(
	    datagram_send(r->d, "one", 3, &r->from.addr, r->from.port, &none));
	ck_assert(
	    datagram_send(r->d, "two", 3, &r->from.addr, r->from.port, NULL));
	ck_assert_int_eq(recv(fd, back, sizeof(back), MSG_DONTWAIT), 3);
	ck_assert_int_eq(recv(fd, back, sizeof(back), MSG_DONTWAIT), 3);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(a_send_that_the_kernel_refuses_is_false)
{
	struct rig *r = rig_new("127.0.0.1");
	struct addr v6 = local_addr("::1"), v4 = local_addr("127.0.0.1");
	struct addr foreign = local_addr("192.0.2.1");

	ck_assert(!datagram_send(r->d, "x", 1, &v6, 9, NULL));
	ck_assert_int_eq(errno, EAFNOSUPPORT);
	ck_assert(!datagram_send(r->d, "x", 1, &v4, 9, &foreign));
	ck_assert_int_ne(errno, EAFNOSUPPORT);
	rig_free(r);
}
END_TEST

START_TEST(an_empty_datagram_is_handed_over)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");

	r->len = 99;
	send(fd, "", 0, 0);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_uint_eq(r->len, 0);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(a_datagram_beyond_the_limit_shows_by_its_length)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");
	static char data[DATAGRAM_MAX + 100];

	send(fd, data, DATAGRAM_MAX, 0);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->len, DATAGRAM_MAX);
	send(fd, data, sizeof(data), 0);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->len, DATAGRAM_MAX + 1);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(a_port_in_use_is_told_with_address_and_advice)
{
	struct rig *r = rig_new("127.0.0.1");
	struct addr at = local_addr("127.0.0.1");
	struct fail why = {0};
	char where[64];

	ck_assert_ptr_null(
	    datagram_new(r->lp, &at, datagram_port(r->d), received, r, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	snprintf(where, sizeof(where), "127.0.0.1:%u", datagram_port(r->d));
	ck_assert_ptr_nonnull(strstr(why.text, where));
	ck_assert_ptr_nonnull(strstr(why.text, "in use"));
	ck_assert_ptr_nonnull(strstr(why.text, "syslog"));
	rig_free(r);
}
END_TEST

START_TEST(a_foreign_address_is_told_with_advice)
{
	struct rig *r = rig_new("127.0.0.1");
	struct addr at = local_addr("192.0.2.1");
	struct fail why = {0};

	ck_assert_ptr_null(datagram_new(r->lp, &at, 0, received, r, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "192.0.2.1"));
	ck_assert_ptr_nonnull(strstr(why.text, "listen_address"));
	rig_free(r);
}
END_TEST

START_TEST(a_burst_larger_than_one_turn_arrives_whole)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");
	size_t sent = 0;

	for (int i = 0; i < 700; i++)
		sent += send(fd, "burst", 5, MSG_DONTWAIT) == 5;
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(sent, 700);
	ck_assert_uint_eq(r->n + datagram_dropped(r->d), 700);
	ck_assert_uint_gt(r->n, 512);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(what_the_kernel_drops_is_counted)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");
	static char data[DATAGRAM_MAX];
	size_t sent = 0;

	ck_assert_uint_eq(datagram_dropped(r->d), 0);
	for (int i = 0; i < 4000; i++)
		sent += send(fd, data, sizeof(data), 0) > 0;
	loop_run_for(r->lp, 100);
	ck_assert_uint_gt(datagram_dropped(r->d), 0);
	ck_assert_uint_eq(r->n + datagram_dropped(r->d), sent);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(the_socket_may_be_freed_by_its_callback)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");

	r->free_at_once = true;
	send(fd, "a", 1, 0);
	send(fd, "b", 1, 0);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->n, 1);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(a_closed_port_at_the_peer_does_not_stop_the_receiving)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = peer_new(r, "127.0.0.1");
	struct addr peer;
	uint16_t port;

	send(fd, "a", 1, 0);
	loop_run_for(r->lp, 5);
	peer = r->from.addr;
	port = r->from.port;
	close(fd);
	for (int i = 0; i < 3; i++)
		datagram_send(r->d, "x", 1, &peer, port, NULL);
	fd = peer_new(r, "127.0.0.1");
	send(fd, "b", 1, 0);
	loop_run_for(r->lp, 5);
	ck_assert_uint_eq(r->n, 2);
	close(fd);
	rig_free(r);
}
END_TEST

static void
on_other(void *arg, short ready)
{
	const struct rig *r = arg;

	(void)ready;
	ck_assert_uint_eq(r->n, 2);
	loop_stop(r->lp);
}

START_TEST(what_has_arrived_goes_before_other_descriptors)
{
	struct rig *r = rig_new("127.0.0.1");
	struct addr at = local_addr("127.0.0.1");
	struct fail why = {0};
	struct watch *other;
	int fd, pair[2];

	/* The other one was there first. */
	datagram_free(r->d);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	other = watch_new(r->lp, pair[0], POLLOUT, on_other, r);
	r->d = datagram_new(r->lp, &at, 0, received, r, &why);
	ck_assert_msg(r->d != NULL, "%s", why.text);
	fd = peer_new(r, "127.0.0.1");
	ck_assert_int_eq(send(fd, "a", 1, 0), 1);
	ck_assert_int_eq(send(fd, "b", 1, 0), 1);
	loop_run(r->lp);
	watch_free(other);
	close(pair[0]);
	close(pair[1]);
	close(fd);
	rig_free(r);
}
END_TEST

UNIT_MAIN("datagram", an_answer_comes_from_the_address_that_was_asked,
    the_ipv6_wildcard_takes_ipv4_and_shows_it_as_ipv4,
    a_send_without_local_address_follows_the_route,
    a_send_that_the_kernel_refuses_is_false, an_empty_datagram_is_handed_over,
    a_datagram_beyond_the_limit_shows_by_its_length,
    a_port_in_use_is_told_with_address_and_advice,
    a_foreign_address_is_told_with_advice,
    a_burst_larger_than_one_turn_arrives_whole,
    what_has_arrived_goes_before_other_descriptors,
    what_the_kernel_drops_is_counted, the_socket_may_be_freed_by_its_callback,
    a_closed_port_at_the_peer_does_not_stop_the_receiving)
