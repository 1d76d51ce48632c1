/* check_ovoc.c - the queue of requests to OVOC, against an HTTPS server inside
 * the test.
 */
#include "agent/ovoc.h"

#include <signal.h>
#include <string.h>

#include "base/xmem.h"
#include "https_server.h"
#include "io/datagram.h"
#include "loop/timer.h"
#include "unit.h"

struct rig {
	struct loop *lp;
	struct resolver *resolver;
	struct https_server *server;
	struct ovoc_section conf;
	struct ovoc *ovoc;
	struct timer late;
	struct datagram *dns; /* NULL: names are not asked for */
	int queries;
	int runs, expected;
	int status;
	struct fail fail;
	struct ovoc_health health; /* when it was looked at last */
};

static void
on_late(void *arg)
{
	(void)arg;
	ck_abort_msg("no answer for 20 s");
}

static void
on_done(void *arg, const struct rest_answer *a)
{
	struct rig *r = arg;
	r->status = a->status;
	r->fail = a->fail;
	if (++r->runs == r->expected)
		loop_stop(r->lp);
}

static struct rig *
rig_new(char *password)
{
	static char host[] = "127.0.0.1", user[] = "user";
	struct rig *r = xcalloc(1, sizeof(*r));
	signal(SIGPIPE, SIG_IGN);
	r->lp = loop_new(NULL);
	r->resolver = resolver_new(r->lp);
	r->server = https_server_new(host);
	r->conf = (struct ovoc_section){.host = host,
	    .port = https_server_port(r->server),
	    .username = user,
	    .password = password,
	    .insecure = true};
	r->ovoc = ovoc_new(r->lp, r->resolver, &r->conf);
	timer_init(&r->late, r->lp, on_late, r);
	timer_set(&r->late, 20000);
	return r;
}

static void
rig_free(struct rig *r)
{
	timer_clear(&r->late);
	ovoc_free(r->ovoc);
	resolver_free(r->resolver);
	datagram_free(r->dns);
	https_server_free(r->server);
	loop_free(r->lp);
	free(r);
}

static struct ovoc_call *
ask(struct rig *r, const char *path)
{
	return ovoc_ask(r->ovoc, "GET", xstrdup(path), NULL, on_done, r);
}

static void
wait_for(struct rig *r, int runs)
{
	r->expected = runs;
	loop_run(r->lp);
	ck_assert_int_eq(r->runs, runs);
}

static const struct ovoc_health *
look(struct rig *r)
{
	ovoc_describe(r->ovoc, &r->health);
	return &r->health;
}

START_TEST(a_burst_is_answered_over_a_few_connections)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	for (int i = 0; i < 40; i++)
		ask(r, "/login");
	ck_assert_int_eq(r->runs, 0);
	ck_assert_uint_eq(look(r)->waiting, 40);
	ck_assert_int_eq(r->health.login, OVOC_UNTRIED);
	ck_assert_int_eq(r->health.answered, 0);
	wait_for(r, 40);
	ck_assert_int_eq(r->status, 200);
	ck_assert_uint_eq(look(r)->waiting, 0);
	ck_assert_int_eq(r->health.login, OVOC_TAKEN);
	ck_assert_int_eq(r->health.answered, loop_wall(r->lp));
	ck_assert_int_eq(r->health.failed, 0);
	ck_assert(r->health.reachable);
	ck_assert_int_eq(https_server_requests(r->server), 40);
	ck_assert_int_le(https_server_connections(r->server), 4);
	rig_free(r);
}
END_TEST

START_TEST(a_refused_login_is_not_tried_again_soon)
{
	static char password[] = "wrong";
	struct rig *r = rig_new(password);
	ask(r, "/login");
	wait_for(r, 1);
	ck_assert_int_eq(r->status, 401);
	ck_assert_int_eq(look(r)->login, OVOC_REFUSED);
	ck_assert_int_eq(r->health.refused, 401);
	ck_assert_int_gt(r->health.pause, 50000);
	ck_assert_int_le(r->health.pause, 60000);
	ck_assert(r->health.reachable);
	ask(r, "/login");
	ask(r, "/login");
	wait_for(r, 3);
	ck_assert_int_eq(r->status, 0);
	ck_assert_int_eq(r->fail.kind, FAIL_AUTH);
	ck_assert_int_eq(https_server_requests(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(one_login_is_tried_until_it_is_taken)
{
	static char password[] = "wrong";
	struct rig *r = rig_new(password);
	for (int i = 0; i < 40; i++)
		ask(r, "/login");
	wait_for(r, 40);
	ck_assert_int_eq(https_server_requests(r->server), 1);
	ck_assert_int_eq(r->fail.kind, FAIL_AUTH);
	ck_assert_ptr_nonnull(strstr(r->fail.text, "HTTP 401"));
	rig_free(r);
}
END_TEST

START_TEST(a_403_is_a_refused_login_too)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	for (int i = 0; i < 40; i++)
		ask(r, "/forbidden");
	wait_for(r, 40);
	ck_assert_int_eq(https_server_requests(r->server), 1);
	ck_assert_ptr_nonnull(strstr(r->fail.text, "HTTP 403"));
	rig_free(r);
}
END_TEST

START_TEST(a_trial_that_is_cancelled_makes_room_for_the_next)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	struct ovoc_call *first = ask(r, "/silent");
	for (int i = 0; i < 8; i++)
		ask(r, "/login");
	loop_run_for(r->lp, 300);
	ck_assert_int_eq(r->runs, 0);
	ovoc_cancel(first);
	wait_for(r, 8);
	ck_assert_int_eq(r->status, 200);
	rig_free(r);
}
END_TEST

START_TEST(a_cancelled_call_is_forgotten)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	for (int i = 0; i < 4; i++)
		ask(r, "/login");
	ovoc_cancel(ask(r, "/login"));
	struct ovoc_call *sent = ask(r, "/silent");
	wait_for(r, 4);
	ovoc_cancel(sent);
	ask(r, "/login");
	wait_for(r, 5);
	rig_free(r);
}
END_TEST

START_TEST(a_silent_server_is_no_end_of_the_queue)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	for (int i = 0; i < 8; i++)
		ask(r, "/drop");
	ask(r, "/hello");
	wait_for(r, 9);
	ck_assert_int_eq(r->status, 200);
	rig_free(r);
}
END_TEST

START_TEST(an_unreachable_server_is_said_to_be)
{
	static char password[] = "secret";
	struct rig *r = rig_new(password);
	r->conf.port = 1;
	ask(r, "/hello");
	wait_for(r, 1);
	ck_assert_int_eq(r->fail.kind, FAIL_UNREACHABLE);
	ck_assert(!look(r)->reachable);
	ck_assert_int_eq(r->health.login, OVOC_UNTRIED);
	ck_assert_int_ne(r->health.failed, 0);
	ck_assert_str_eq(r->health.trouble, r->fail.text);
	r->conf.port = https_server_port(r->server);
	ask(r, "/hello");
	wait_for(r, 2);
	ck_assert_int_eq(r->status, 200);
	ck_assert(look(r)->reachable);
	ck_assert_int_ne(r->health.failed, 0);
	ck_assert_str_eq(r->health.trouble, "");
	rig_free(r);
}
END_TEST

/* RFC 1035 section 4.1.1: the question, as an answer with NXDOMAIN. */
static void
no_such_name(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct rig *r = arg;
	unsigned char answer[512];

	ck_assert_uint_le(len, sizeof(answer));
	memcpy(answer, data, len);
	answer[2] = 0x81;
	answer[3] = 0x83;
	r->queries++;
	datagram_send(
	    r->dns, answer, len, &from->addr, from->port, &from->local);
}

START_TEST(all_that_wait_hear_that_there_is_no_such_name)
{
	static char password[] = "secret", host[] = "ovoc.example.net.";
	enum { BOTH_FAMILIES = 2 };
	struct rig *r = rig_new(password);
	struct fail why;
	struct addr at;

	ck_assert(addr_parse(&at, "127.0.0.1"));
	r->dns = datagram_new(r->lp, &at, 0, no_such_name, r, &why);
	resolver_use_server(r->resolver, &at, datagram_port(r->dns));
	r->conf.host = host;
	for (int i = 0; i < 40; i++)
		ask(r, "/hello");
	wait_for(r, 40);
	ck_assert_int_eq(r->fail.kind, FAIL_FINAL);
	ck_assert_int_eq(r->queries, BOTH_FAMILIES);
	ck_assert(!look(r)->reachable);
	ck_assert_str_eq(r->health.trouble, r->fail.text);
	ask(r, "/hello");
	wait_for(r, 41);
	ck_assert_int_eq(r->queries, 2 * BOTH_FAMILIES);
	rig_free(r);
}
END_TEST

UNIT_MAIN("ovoc", a_burst_is_answered_over_a_few_connections,
    a_refused_login_is_not_tried_again_soon,
    one_login_is_tried_until_it_is_taken, a_403_is_a_refused_login_too,
    a_trial_that_is_cancelled_makes_room_for_the_next,
    a_cancelled_call_is_forgotten, a_silent_server_is_no_end_of_the_queue,
    an_unreachable_server_is_said_to_be,
    all_that_wait_hear_that_there_is_no_such_name)
