/* check_splitter.c - one real capture of a loopback, split by address.
 *
 * In a network namespace of each test's own, which an ordinary user may make,
 * too, on most systems; where nobody may, there is nothing to be captured.
 */
#include "split/splitter.h"

#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent_folder.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "capture_rig.h"
#include "loop/timer.h"
#include "split/order.h"
#include "unit.h"

struct rig {
	struct loop *lp;
	struct splitter *s;
	int ours, theirs;
	struct watch *answers;
	struct timer late;
	char folder[UNIT_PATH_MAX];
	int listening, ended, failed; /* answers */
	bool flooded;
	char text[ORDER_MAX]; /* of the last that failed */
};

static void
on_late(void *arg)
{
	(void)arg;
	ck_abort_msg("nothing happened for 20 s");
}

static void
on_answer(void *arg, short ready)
{
	struct rig *r = arg;
	char text[ORDER_MAX];
	struct order o;
	ssize_t n = recv(r->ours, text, sizeof(text) - 1, 0);

	(void)ready;
	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	ck_assert(order_parse(&o, text));
	ck_assert(r->flooded || o.drops == 0);
	r->listening += o.kind == ORDER_LISTENING;
	r->ended += o.kind == ORDER_ENDED;
	r->failed += o.kind == ORDER_FAILED;
	if (o.kind == ORDER_FAILED)
		snprintf(r->text, sizeof(r->text), "%s", o.text);
	loop_stop(r->lp);
}

/* False: not here. */
static bool
own_loopback(void)
{
	int flags =
	    geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;
	struct ifreq up = {.ifr_flags = IFF_UP};
	int fd;

	if (unshare(flags) != 0)
		return false;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	snprintf(up.ifr_name, sizeof(up.ifr_name), "lo");
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &up), 0);
	close(fd);
	return true;
}

static struct rig *
rig_new(int snaplen, int64_t file_bytes)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	struct splitter_plan plan = {.interface = "lo",
	    .snaplen = snaplen,
	    .buffer = 8000000,
	    .file_bytes = file_bytes,
	    .files = 3};
	struct fail why;
	int ends[2];

	unit_folder(r->folder);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	r->ours = ends[0];
	r->theirs = plan.orders = ends[1];
	r->lp = unit_loop();
	r->s = splitter_new(r->lp, &plan, &why);
	ck_assert_msg(r->s != NULL, "%s", why.text);
	ck_assert_str_eq(splitter_link_type(r->s), "EN10MB");
	r->answers = watch_new(r->lp, r->ours, POLLIN, on_answer, r);
	timer_init(&r->late, r->lp, on_late, r);
	timer_set(&r->late, 20000);
	return r;
}

static void
rig_free(struct rig *r)
{
	struct fail why;

	ck_assert(!splitter_failed(r->s, &why));
	timer_clear(&r->late);
	watch_free(r->answers);
	splitter_free(r->s);
	close(r->ours);
	close(r->theirs);
	unit_loop_free(r->lp);
	free(r);
}

static void
wait_for(struct rig *r, const int *answers, int n)
{
	while (*answers < n)
		loop_run(r->lp);
}

static void
order(struct rig *r, const char *text)
{
	ck_assert_int_gt(send(r->ours, text, strlen(text), 0), 0);
}

static void
add(struct rig *r, int id, const char *addrs)
{
	char *text =
	    xasprintf("add %d %s %s/%d.pcap", id, addrs, r->folder, id);

	order(r, text);
	free(text);
	wait_for(r, &r->listening, r->listening + 1);
}

static void
end(struct rig *r, int id)
{
	char text[32];

	snprintf(text, sizeof(text), "end %d", id);
	order(r, text);
}

/* So many datagrams of 100 bytes between these. */
static void
send_many(const char *from, const char *to, int n)
{
	static const char data[100];
	struct sockaddr_storage at;
	struct addr a, b;
	socklen_t len;
	int fd, sink;

	ck_assert(addr_parse(&a, from) && addr_parse(&b, to));
	fd = socket(a.family, SOCK_DGRAM, 0);
	sink = socket(a.family, SOCK_DGRAM, 0);
	len = addr_to_sockaddr(&a, 0, &at);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, len), 0);
	len = addr_to_sockaddr(&b, 4000, &at);
	ck_assert_int_eq(bind(sink, (struct sockaddr *)&at, len), 0);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(sendto(fd, data, sizeof(data), 0,
				     (struct sockaddr *)&at, len),
		    sizeof(data));
	close(fd);
	close(sink);
}

static int64_t
packets_of(const struct rig *r, int id, int number)
{
	char *path = xasprintf("%s/%d.pcap%d", r->folder, id, number);
	int64_t n = capture_packets_in(path, NULL);

	free(path);
	return n;
}

/* On a loopback each side of a talk is seen once. */
START_TEST(each_device_has_its_own_packets_and_a_talk_is_in_both)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 1000000);
	add(r, 1, "127.1.0.1");
	add(r, 2, "127.1.0.2 ::1");
	add(r, 3, "127.1.0.1 127.1.0.3"); /* two of one address */
	send_many("127.0.0.1", "127.1.0.1", 10);
	send_many("127.1.0.2", "127.0.0.1", 20);
	send_many("127.1.0.1", "127.1.0.2", 40);
	send_many("127.0.0.1", "127.1.0.3", 80);
	send_many("127.0.0.1", "127.1.0.4", 1000); /* nobody's */
	send_many("::1", "::1", 160);
	for (int id = 1; id <= 3; id++)
		end(r, id);
	wait_for(r, &r->ended, 3);
	ck_assert_int_eq(packets_of(r, 1, 0), 10 + 40);
	ck_assert_int_eq(packets_of(r, 2, 0), 20 + 40 + 160);
	ck_assert_int_eq(packets_of(r, 3, 0), 10 + 40 + 80);
	rig_free(r);
}
END_TEST

/* What the kernel has not handed over when `end` comes is waited for. */
START_TEST(a_burst_right_before_the_end_is_whole)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 10000000);
	for (int id = 1; id <= 20; id++) {
		int64_t began;

		add(r, id, "127.1.0.1");
		/* At different moments of the kernel's clock. */
		loop_run_for(r->lp, id * 7);
		send_many("127.0.0.1", "127.1.0.1", 300);
		end(r, id);
		began = clock_mono_ms();
		wait_for(r, &r->ended, id);
		ck_assert_int_eq(packets_of(r, id, 0), 300);
		ck_assert_int_lt(clock_mono_ms() - began, 1000);
	}
	rig_free(r);
}
END_TEST

/* In a process of its own, which says nothing to libcheck. */
static void __attribute__((noreturn)) send_for_ever(const char *to)
{
	static const char data[100];
	struct sockaddr_storage at;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct addr a;
	socklen_t len;

	if (!addr_parse(&a, to))
		_exit(1);
	len = addr_to_sockaddr(&a, 4000, &at);
	for (;;)
		(void)sendto(
		    fd, data, sizeof(data), 0, (struct sockaddr *)&at, len);
}

/* Nothing is ever quite read to its end then. */
START_TEST(a_flood_holds_up_no_end)
{
	struct rig *r;
	int64_t began;
	pid_t flood;

	if (!own_loopback())
		return;
	r = rig_new(0, 1000000);
	add(r, 1, "127.1.0.1");
	flood = fork();
	if (flood == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		send_for_ever("127.1.0.1");
	}
	r->flooded = true;
	loop_run_for(r->lp, 100);
	end(r, 1);
	began = clock_mono_ms();
	wait_for(r, &r->ended, 1);
	ck_assert_int_lt(clock_mono_ms() - began, 3000);
	kill(flood, SIGKILL);
	waitpid(flood, NULL, 0);
	ck_assert_int_gt(packets_of(r, 1, 0), 0);
	rig_free(r);
}
END_TEST

START_TEST(packets_are_on_the_file_without_an_end)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 1000000);
	add(r, 1, "127.1.0.1");
	send_many("127.0.0.1", "127.1.0.1", 5);
	loop_run_for(r->lp, 500);
	ck_assert_int_eq(packets_of(r, 1, 0), 5);
	rig_free(r);
}
END_TEST

/* New devices change the kernel's filter; that loses nothing of the others. */
START_TEST(devices_that_come_and_go_cost_the_others_nothing)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 10000000);
	add(r, 1, "127.1.0.1");
	for (int id = 2; id < 60; id++) {
		char addr[32];

		snprintf(addr, sizeof(addr), "127.1.%d.%d", id * 3, id);
		send_many("127.0.0.1", "127.1.0.1", 25);
		add(r, id, addr);
		send_many("127.0.0.1", "127.1.0.1", 25);
		end(r, id);
	}
	end(r, 1);
	wait_for(r, &r->ended, 59);
	ck_assert_int_eq(packets_of(r, 1, 0), 58 * 50);
	rig_free(r);
}
END_TEST

/* Of a packet that is cut to 20 bytes it is still known whose it is. */
START_TEST(little_is_kept_of_a_packet_where_little_is_asked_for)
{
	struct rig *r;
	char *path;

	if (!own_loopback())
		return;
	r = rig_new(20, 1000000);
	add(r, 1, "127.1.0.1");
	send_many("127.0.0.1", "127.1.0.1", 3);
	end(r, 1);
	wait_for(r, &r->ended, 1);
	ck_assert_int_eq(packets_of(r, 1, 0), 3);
	path = xasprintf("%s/1.pcap0", r->folder);
	ck_assert_int_eq(unit_file_size(path), 24 + 3 * (16 + 20));
	free(path);
	rig_free(r);
}
END_TEST

START_TEST(its_ring_turns)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 10000);
	add(r, 1, "127.1.0.1");
	send_many("127.0.0.1", "127.1.0.1", 200); /* 158 bytes each */
	end(r, 1);
	wait_for(r, &r->ended, 1);
	folder_is(r->folder, "1.pcap0 1.pcap1 1.pcap2 ");
	/* Three of 64 are full, and the first has begun again. */
	ck_assert_int_eq(packets_of(r, 1, 0), 200 - 3 * 64);
	ck_assert_int_eq(packets_of(r, 1, 1), 64);
	rig_free(r);
}
END_TEST

START_TEST(a_file_that_cannot_be_concerns_one_device)
{
	struct rig *r;

	if (!own_loopback())
		return;
	r = rig_new(0, 1000000);
	add(r, 1, "127.1.0.1");
	order(r, "add 2 127.1.0.1 /nonexistent/run.pcap");
	wait_for(r, &r->failed, 1);
	ck_assert_ptr_nonnull(strstr(r->text, "/nonexistent/run.pcap0"));
	end(r, 2);
	send_many("127.0.0.1", "127.1.0.1", 5);
	end(r, 1);
	wait_for(r, &r->ended, 1);
	ck_assert_int_eq(packets_of(r, 1, 0), 5);
	rig_free(r);
}
END_TEST

START_TEST(it_ends_with_the_agent)
{
	struct rig *r;
	struct fail why;

	if (!own_loopback())
		return;
	r = rig_new(0, 1000000);
	add(r, 1, "127.1.0.1");
	watch_free(r->answers);
	r->answers = NULL;
	close(r->ours);
	loop_run(r->lp);
	ck_assert(!splitter_failed(r->s, &why));
	r->ours = dup(r->theirs);
	rig_free(r);
}
END_TEST

START_TEST(why_it_cannot_be_opened_is_told)
{
	const struct splitter_plan plan = {.interface = "absent0",
	    .buffer = 2000000,
	    .file_bytes = 1000000,
	    .files = 2,
	    .orders = -1};
	struct loop *lp = unit_loop();
	struct fail why;

	if (own_loopback()) {
		ck_assert_ptr_null(splitter_new(lp, &plan, &why));
		ck_assert_ptr_nonnull(strstr(why.text, "absent0: "));
	}
	unit_loop_free(lp);
}
END_TEST

UNIT_MAIN("splitter", each_device_has_its_own_packets_and_a_talk_is_in_both,
    a_burst_right_before_the_end_is_whole, a_flood_holds_up_no_end,
    packets_are_on_the_file_without_an_end,
    devices_that_come_and_go_cost_the_others_nothing,
    little_is_kept_of_a_packet_where_little_is_asked_for, its_ring_turns,
    a_file_that_cannot_be_concerns_one_device, it_ends_with_the_agent,
    why_it_cannot_be_opened_is_told)
