/* check_ping.c - io/ping on loopback.  Where this host allows no echoes, the
 * tests that need them say so and do nothing. */
#include "io/ping.h"

#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local.h"
#include "unit.h"
#include "wire/icmp.h"

#define TIMEOUT 1000
#define MANY    500

struct rig {
	struct loop *lp;
	struct ping *ping;
	int runs;
	int verdicts[PING_IMPOSSIBLE + 1];
	enum ping_verdict verdict;
	char reason[256];
};

static void
rig_open_in(struct rig *r, struct loop *lp)
{
	memset(r, 0, sizeof(*r));
	r->lp = lp;
	r->ping = ping_new(r->lp);
}

static void
rig_open(struct rig *r)
{
	rig_open_in(r, unit_loop_virtual(0));
}

static void
rig_close(struct rig *r)
{
	ping_free(r->ping);
	unit_loop_free(r->lp);
}

static void
on_done(void *arg, enum ping_verdict v, const char *reason)
{
	struct rig *r = arg;

	r->runs++;
	r->verdict = v;
	r->verdicts[v]++;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static struct echo *
ping_text(struct rig *r, const char *text, uint16_t seq)
{
	struct addr to = local_addr(text);

	return ping_send(r->ping, &to, seq, TIMEOUT, on_done, r);
}

/* False, and says why, where no echo can be sent. */
static bool
can_ping(struct rig *r, const char *text)
{
	ping_text(r, text, 1);
	loop_run_for(r->lp, TIMEOUT + 1);
	ck_assert_int_eq(r->runs, 1);
	if (r->verdict == PING_ANSWERED) {
		r->runs = 0;
		memset(r->verdicts, 0, sizeof(r->verdicts));
		return true;
	}
	printf("skipped: ping %s: %s\n", text, r->reason);
	return false;
}

START_TEST(loopback_answers)
{
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "127.0.0.1")) {
		ping_text(&r, "127.1.2.3", 7);
		ck_assert_int_eq(r.runs, 0);
		loop_run_for(r.lp, 10);
		ck_assert_int_eq(r.runs, 1);
		ck_assert_int_eq(r.verdict, PING_ANSWERED);
	}
	rig_close(&r);
}
END_TEST

START_TEST(a_reply_that_came_in_time_counts_however_late_it_is_seen)
{
	struct addr to = local_addr("127.1.2.3");
	struct rig r;

	rig_open_in(&r, unit_loop());
	if (can_ping(&r, "127.0.0.1")) {
		ping_send(r.ping, &to, 7, 20, on_done, &r);
		unit_loop_away(r.lp, 60);
		loop_run_for(r.lp, 5);
		ck_assert_int_eq(r.runs, 1);
		ck_assert_int_eq(r.verdict, PING_ANSWERED);
	}
	rig_close(&r);
}
END_TEST

START_TEST(loopback_answers_over_ipv6)
{
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "::1")) {
		ping_text(&r, "::1", 2);
		loop_run_for(r.lp, 10);
		ck_assert_int_eq(r.verdicts[PING_ANSWERED], 1);
	}
	rig_close(&r);
}
END_TEST

/* One that is urgent and has more, so that nothing else is heard; with each
 * turn some echoes are sent. */
struct crowd {
	struct rig *r;
	struct watch *watch;
	int left;
};

static void
on_urgent(void *arg, short ready)
{
	struct crowd *c = arg;

	(void)ready;
	for (int i = 0; i < 32 && c->left > 0; i++, c->left--)
		ping_text(c->r, "127.1.2.3", 7);
	if (c->left > 0)
		watch_has_more(c->watch);
	else
		watch_set(c->watch, 0);
}

/* As where net.core.rmem_max is small. */
static void
narrow_buffers(void)
{
	int size = 200000, protocol;
	socklen_t len = sizeof(protocol);

	for (int fd = 0; fd < 64; fd++)
		if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) ==
			0 &&
		    protocol == IPPROTO_ICMP)
			setsockopt(
			    fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

START_TEST(replies_are_heard_while_something_urgent_has_the_loop)
{
	struct rig r;
	struct crowd c = {.r = &r, .left = 10 * MANY};
	int fd = eventfd(1, EFD_CLOEXEC);

	rig_open_in(&r, unit_loop());
	if (can_ping(&r, "127.0.0.1")) {
		narrow_buffers();
		c.watch = watch_new(r.lp, fd, POLLIN, on_urgent, &c);
		watch_urgent(c.watch);
		while (r.runs < 10 * MANY)
			loop_run_for(r.lp, 5);
		ck_assert_int_eq(r.verdicts[PING_ANSWERED], 10 * MANY);
		watch_free(c.watch);
	}
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(a_burst_larger_than_the_receive_buffer_loses_none)
{
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "127.0.0.1")) {
		for (int i = 0; i < MANY; i++) {
			char text[32];

			snprintf(text, sizeof(text), "127.7.%d.%d", i / 250,
			    i % 250 + 1);
			ping_text(&r, text, 1);
		}
		loop_run_for(r.lp, TIMEOUT + 1);
		ck_assert_int_eq(r.runs, MANY);
		ck_assert_int_eq(r.verdicts[PING_ANSWERED], MANY);
	}
	rig_close(&r);
}
END_TEST

START_TEST(two_pingers_do_not_take_each_others_replies)
{
	struct rig a;
	struct rig b;

	rig_open(&a);
	rig_open(&b);
	if (can_ping(&a, "127.0.0.1") && can_ping(&b, "127.0.0.1")) {
		ping_text(&a, "127.0.0.1", 3);
		loop_run_for(b.lp, 10);
		ck_assert_int_eq(b.runs, 0);
		loop_run_for(a.lp, 10);
		ck_assert_int_eq(a.verdicts[PING_ANSWERED], 1);
	}
	rig_close(&a);
	rig_close(&b);
}
END_TEST

START_TEST(a_cancelled_echo_tells_nothing_when_its_reply_comes)
{
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "127.0.0.1")) {
		/* The second has the first one's place in the table. */
		ping_cancel(ping_text(&r, "127.0.0.1", 5));
		ping_cancel(NULL);
		ping_text(&r, "127.0.0.1", 5);
		loop_run_for(r.lp, TIMEOUT + 1);
		ck_assert_int_eq(r.runs, 1);
		ck_assert_int_eq(r.verdicts[PING_ANSWERED], 1);
	}
	rig_close(&r);
}
END_TEST

START_TEST(what_the_kernel_refuses_is_unreachable_with_its_reason)
{
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "127.0.0.1")) {
		ping_text(&r, "255.255.255.255", 1);
		loop_run_for(r.lp, TIMEOUT + 1);
		ck_assert_int_eq(r.runs, 1);
		ck_assert_int_eq(r.verdicts[PING_UNREACHABLE], 1);
		ck_assert_str_ne(r.reason, "");
	}
	rig_close(&r);
}
END_TEST

START_TEST(echoes_still_queued_can_be_cancelled_in_any_order)
{
	struct echo *e[200];
	struct rig r;

	rig_open(&r);
	if (can_ping(&r, "127.0.0.1")) {
		for (int i = 0; i < 200; i++)
			e[i] = ping_text(&r, "127.0.0.1", 1);
		for (int i = 0; i < 200; i += 2)
			ping_cancel(e[(i * 7) % 200]);
		loop_run_for(r.lp, TIMEOUT + 1);
		ck_assert_int_eq(r.runs, 100);
		ck_assert_int_eq(r.verdicts[PING_ANSWERED], 100);
		ping_text(&r, "127.0.0.1", 1); /* freed with the pinger */
	}
	rig_close(&r);
}
END_TEST

START_TEST(without_the_right_it_says_what_to_do)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct rig r;

		/* As root the test may well ping; as nobody it may not,
		 * unless ping_group_range lets everybody. */
		if (getuid() == 0 &&
		    (setgroups(0, NULL) || setgid(65534) || setuid(65534)))
			_exit(2);
		rig_open(&r);
		ping_text(&r, "127.0.0.1", 1);
		if (r.runs != 0)
			_exit(3);
		loop_run_for(r.lp, TIMEOUT + 1);
		if (r.verdict == PING_ANSWERED)
			_exit(0);
		_exit(r.verdict == PING_IMPOSSIBLE &&
			      strstr(r.reason, "CAP_NET_RAW") &&
			      strstr(r.reason, "ping_group_range")
			  ? 0
			  : 4);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

START_TEST(no_descriptor_is_impossible_now_and_possible_later)
{
	struct rlimit old;
	struct rlimit none;
	struct rig r;

	rig_open(&r);
	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){0, old.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	ping_text(&r, "127.0.0.1", 1);
	setrlimit(RLIMIT_NOFILE, &old);
	loop_run_for(r.lp, 10);
	ck_assert_int_eq(r.verdicts[PING_IMPOSSIBLE], 1);
	ck_assert_ptr_nonnull(strstr(r.reason, "LimitNOFILE"));
	r.runs = 0;
	can_ping(&r, "127.0.0.1");
	rig_close(&r);
}
END_TEST

UNIT_MAIN("ping", a_reply_that_came_in_time_counts_however_late_it_is_seen,
    loopback_answers, loopback_answers_over_ipv6,
    replies_are_heard_while_something_urgent_has_the_loop,
    a_burst_larger_than_the_receive_buffer_loses_none,
    two_pingers_do_not_take_each_others_replies,
    a_cancelled_echo_tells_nothing_when_its_reply_comes,
    what_the_kernel_refuses_is_unreachable_with_its_reason,
    echoes_still_queued_can_be_cancelled_in_any_order,
    without_the_right_it_says_what_to_do,
    no_descriptor_is_impossible_now_and_possible_later)
