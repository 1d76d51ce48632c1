/* check_tcp_probe.c - io/tcp_probe against listeners on loopback. */
#include "io/tcp_probe.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit.h"

#define PORT_NONE 1 /* tcpmux: nobody listens there */
#define TIMEOUT   1000

struct rig {
	struct log *lg;
	struct loop *lp;
	struct addr to;
	uint16_t port;
	int listener;
	int runs;
	enum probe_verdict verdict;
	char reason[128];
};

static void
rig_open(struct rig *r, int backlog)
{
	struct sockaddr_storage ss;
	socklen_t len;

	memset(r, 0, sizeof(*r));
	r->lg = log_new(LOG_FORMAT_TEXT, LOGGING_ERROR, STDERR_FILENO);
	r->lp = loop_new_virtual(r->lg, 0);
	ck_assert(addr_parse(&r->to, "127.0.0.1"));
	r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	len = addr_to_sockaddr(&r->to, 0, &ss);
	ck_assert_int_eq(bind(r->listener, (struct sockaddr *)&ss, len), 0);
	ck_assert_int_eq(listen(r->listener, backlog), 0);
	len = sizeof(ss);
	getsockname(r->listener, (struct sockaddr *)&ss, &len);
	addr_from_sockaddr(&r->to, &r->port, &ss);
}

static void
rig_close(struct rig *r)
{
	close(r->listener);
	loop_free(r->lp);
	log_free(r->lg);
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
	tcp_probe_start(r->lp, &r->to, port, TIMEOUT, on_done, r);
	ck_assert_int_eq(r->runs, 0);
	loop_run(r->lp);
	ck_assert_int_eq(r->runs, 1);
}

/* Fill a listener's queue, so that the kernel drops what else arrives. */
static int
fill_backlog(struct rig *r)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_to_sockaddr(&r->to, r->port, &ss);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&ss, len), 0);
	return fd;
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
	fd = fill_backlog(&r);
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
	tcp_probe_start(r.lp, &r.to, r.port, TIMEOUT, on_done, &r);
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
	ck_assert(addr_parse(&r.to, "255.255.255.255"));
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
	    tcp_probe_start(r.lp, &r.to, r.port, TIMEOUT, on_done, &r));
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
		tcp_probe_start(r.lp, &r.to, i % 2 ? r.port : PORT_NONE,
		    TIMEOUT, on_done, &r);
	loop_run(r.lp);
	ck_assert_int_eq(r.runs, 400);
	rig_close(&r);
}
END_TEST

UNIT_MAIN("tcp_probe", a_listening_port_answers_and_sees_a_plain_close,
    a_closed_port_refuses, a_port_that_drops_is_silent_after_the_timeout,
    no_descriptor_is_local_trouble_with_advice, no_route_is_local_trouble,
    a_cancelled_probe_tells_nothing_and_leaves_no_descriptor,
    hundreds_of_probes_at_once_each_get_a_verdict)
