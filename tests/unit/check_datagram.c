/* check_datagram.c - the bound UDP socket, over the loopback interface. */
#include "io/datagram.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "local.h"
#include "loop/timer.h"
#include "unit.h"

#define WALL 1793500000000
/* More than are taken in one turn. */
#define BURST 100

struct rig {
	struct loop *lp;
	struct datagram *d;
	size_t n;
	size_t len; /* of the last one */
	char data[DATAGRAM_MAX + 1];
	struct datagram_from from;
	char first[2000]; /* the first byte of each */
	bool free_at_once;
	int slow_left, slow_left_at_first; /* timers; at the first datagram */
};

static void
received(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct rig *r = arg;

	if (len > 0 && r->n < sizeof(r->first) - 1)
		r->first[r->n] = *(const char *)data;
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
rig_on(struct loop *lp, const char *listen)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct addr at = local_addr(listen);
	struct fail why = {0};

	r->lp = lp;
	r->d = datagram_new(r->lp, &at, 0, received, r, &why);
	ck_assert_msg(r->d != NULL, "%s", why.text);
	ck_assert_uint_ne(datagram_port(r->d), 0);
	return r;
}

static struct rig *
rig_new(const char *listen)
{
	return rig_on(unit_loop_virtual(WALL), listen);
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
	ck_assert_uint_eq(r->n, BURST);
	loop_stop(r->lp);
}

START_TEST(what_has_arrived_goes_before_other_descriptors)
{
	struct rig *r = rig_on(loop_new(NULL), "127.0.0.1");
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
	for (int i = 0; i < BURST; i++)
		ck_assert_int_eq(send(fd, "a", 1, 0), 1);
	loop_run(r->lp);
	watch_free(other);
	close(pair[0]);
	close(pair[1]);
	close(fd);
	rig_free(r);
}
END_TEST

static bool
is_low(const void *data, size_t len)
{
	return len > 0 && islower(*(const unsigned char *)data);
}

/* Send these letters, one each, to a rig whose small ones can wait. */
static int
send_letters(struct rig *r, const char *letters)
{
	int fd = peer_new(r, "127.0.0.1");

	datagram_sort(r->d, is_low);
	for (; *letters != '\0'; letters++)
		ck_assert_int_eq(send(fd, letters, 1, 0), 1);
	return fd;
}

START_TEST(those_that_can_wait_come_behind_the_others_in_their_order)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = send_letters(r, "abAcBdC");

	loop_run_for(r->lp, 5);
	ck_assert_str_eq(r->first, "ABCabcd");
	/* They are whole, and from whom they are. */
	ck_assert_uint_eq(r->len, 1);
	ck_assert_mem_eq(r->data, "d", 1);
	local_addr_is(&r->from.addr, "127.0.0.1");
	local_addr_is(&r->from.local, "127.0.0.1");
	close(fd);
	rig_free(r);
}
END_TEST

/* Due before those that wait, and slow: a turn has time for two. */
static void
on_slow(void *arg)
{
	static const struct timespec moment = {.tv_nsec = 4000000};
	struct rig *r = arg;

	nanosleep(&moment, NULL);
	r->slow_left--;
	if (r->n == 0)
		r->slow_left_at_first = r->slow_left;
}

START_TEST(more_than_256_do_not_wait)
{
	struct rig *r = rig_on(loop_new(NULL), "127.0.0.1");
	struct timer slow[20];
	char letters[400 + 1] = {0};
	int fd;

	memset(letters, 'a', 400);
	letters[0] = 'b';
	fd = send_letters(r, letters);
	r->slow_left = 20;
	for (int i = 0; i < 20; i++) {
		timer_init(&slow[i], r->lp, on_slow, r);
		timer_set(&slow[i], 0);
	}
	loop_run_for(r->lp, 200);
	ck_assert_uint_eq(r->n, 400);
	ck_assert_int_eq(r->first[0], 'b');
	ck_assert_int_gt(r->slow_left_at_first, 0);
	ck_assert_int_lt(r->slow_left_at_first, 18);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(the_socket_may_be_freed_while_some_wait)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = send_letters(r, "abAc");

	r->free_at_once = true;
	loop_run_for(r->lp, 5);
	ck_assert_str_eq(r->first, "A");
	close(fd);
	rig_free(r);
	/* And by one that waited. */
	r = rig_new("127.0.0.1");
	fd = send_letters(r, "abc");
	r->free_at_once = true;
	loop_run_for(r->lp, 5);
	ck_assert_str_eq(r->first, "a");
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
    a_closed_port_at_the_peer_does_not_stop_the_receiving,
    those_that_can_wait_come_behind_the_others_in_their_order,
    more_than_256_do_not_wait, the_socket_may_be_freed_while_some_wait)
