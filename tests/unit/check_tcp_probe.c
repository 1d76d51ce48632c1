/* check_tcp_probe.c - io/tcp_probe against listeners on loopback. */
#include "io/tcp_probe.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "local.h"
#include "unit.h"

#define PORT_NONE 1 /* tcpmux: nobody listens there */
#define TIMEOUT   1000

struct rig {
	struct loop *lp;
	struct crowd *crowd;
	struct addr to;
	uint16_t port;
	int listener;
	int runs;
	enum probe_verdict verdict;
	char reason[128];
};

static void
rig_open_in(struct rig *r, struct loop *lp, int backlog)
{
	memset(r, 0, sizeof(*r));
	r->lp = lp;
	r->crowd = crowd_new(r->lp);
	r->to = local_addr("127.0.0.1");
	r->listener = local_listen("127.0.0.1", backlog, &r->port);
}

static void
rig_open(struct rig *r, int backlog)
{
	rig_open_in(r, unit_loop_virtual(0), backlog);
}

static void
rig_close(struct rig *r)
{
	close(r->listener);
	crowd_free(r->crowd);
	unit_loop_free(r->lp);
}

static void
on_done(void *arg, enum probe_verdict v, const char *reason)
{
	struct rig *r = arg;

	r->runs++;
	r->verdict = v;
	snprintf(r->reason, sizeof(r->reason), "%s", reason);
}

static void
probe(struct rig *r, uint16_t port)
{
	tcp_probe_start(r->crowd, &r->to, port, TIMEOUT, on_done, r);
	ck_assert_int_eq(r->runs, 0);
	loop_run(r->lp);
	ck_assert_int_eq(r->runs, 1);
}

START_TEST(a_listening_port_answers_and_sees_a_plain_close)
{
	struct rig r;
	char byte;
	int fd;

	rig_open(&r, 5);
	probe(&r, r.port);
	ck_assert_int_eq(r.verdict, PROBE_ANSWERED);
	ck_assert_str_eq(r.reason, "");
	fd = accept(r.listener, NULL, NULL);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, &byte, 1), 0); /* FIN, not RST */
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(an_answer_that_came_in_time_counts_however_late_it_is_seen)
{
	struct rig r;

	rig_open_in(&r, unit_loop(), 5);
	tcp_probe_start(r.crowd, &r.to, r.port, 20, on_done, &r);
	unit_loop_away(r.lp, 60);
	ck_assert_int_eq(r.runs, 1);
	ck_assert_int_eq(r.verdict, PROBE_ANSWERED);
	rig_close(&r);
}
END_TEST

START_TEST(a_closed_port_refuses)
{
	struct rig r;

	rig_open(&r, 5);
	probe(&r, PORT_NONE);
	ck_assert_int_eq(r.verdict, PROBE_REFUSED);
	ck_assert_str_eq(r.reason, "connection refused");
	rig_close(&r);
}
END_TEST

START_TEST(a_port_that_drops_is_silent_after_the_timeout)
{
	struct rig r;
	int64_t before;
	int fd;

	rig_open(&r, 0);
	/* The queue is full: the kernel drops what else arrives. */
	fd = local_connect(SOCK_STREAM, NULL, "127.0.0.1", r.port);
	before = loop_now(r.lp);
	probe(&r, r.port);
	ck_assert_int_eq(r.verdict, PROBE_SILENT);
	ck_assert_int_eq(loop_now(r.lp) - before, TIMEOUT);
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(no_descriptor_is_local_trouble_with_advice)
{
	struct rlimit old;
	struct rlimit none;
	struct rig r;

	rig_open(&r, 5);
	getrlimit(RLIMIT_NOFILE, &old);
	none = (struct rlimit){0, old.rlim_max};
	setrlimit(RLIMIT_NOFILE, &none);
	tcp_probe_start(r.crowd, &r.to, r.port, TIMEOUT, on_done, &r);
	setrlimit(RLIMIT_NOFILE, &old);
	loop_run(r.lp);
	ck_assert_int_eq(r.runs, 1);
	ck_assert_int_eq(r.verdict, PROBE_ERROR);
	ck_assert_ptr_nonnull(strstr(r.reason, "LimitNOFILE"));
	rig_close(&r);
}
END_TEST

START_TEST(no_route_is_local_trouble)
{
	struct rig r;

	rig_open(&r, 5);
	/* RFC 1112 section 4: no TCP to class E */
	r.to = local_addr("255.255.255.255");
	probe(&r, r.port);
	ck_assert_int_eq(r.verdict, PROBE_ERROR);
	ck_assert_str_ne(r.reason, "");
	rig_close(&r);
}
END_TEST

START_TEST(a_cancelled_probe_tells_nothing_and_leaves_no_descriptor)
{
	struct rig r;
	int before;
	int after;

	rig_open(&r, 5);
	before = dup(r.listener);
	close(before);
	tcp_probe_cancel(
	    tcp_probe_start(r.crowd, &r.to, r.port, TIMEOUT, on_done, &r));
	tcp_probe_cancel(NULL);
	loop_run(r.lp);
	ck_assert_int_eq(r.runs, 0);
	after = dup(r.listener);
	ck_assert_int_eq(after, before);
	close(after);
	rig_close(&r);
}
END_TEST

START_TEST(hundreds_of_probes_at_once_each_get_a_verdict)
{
	struct rig r;

	rig_open(&r, 1024);
	for (int i = 0; i < 400; i++)
		tcp_probe_start(r.crowd, &r.to, i % 2 ? r.port : PORT_NONE,
		    TIMEOUT, on_done, &r);
	loop_run(r.lp);
	ck_assert_int_eq(r.runs, 400);
	rig_close(&r);
}
END_TEST

UNIT_MAIN("tcp_probe", a_listening_port_answers_and_sees_a_plain_close,
    an_answer_that_came_in_time_counts_however_late_it_is_seen,
    a_closed_port_refuses, a_port_that_drops_is_silent_after_the_timeout,
    no_descriptor_is_local_trouble_with_advice, no_route_is_local_trouble,
    a_cancelled_probe_tells_nothing_and_leaves_no_descriptor,
    hundreds_of_probes_at_once_each_get_a_verdict)
