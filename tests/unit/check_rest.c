/* check_rest.c - HTTPS requests to a server inside the test.  Time-outs are
 * real: libcurl has its own clock.
 */
#include "io/rest.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"
#include "https_server.h"
#include "local.h"
#include "loop/timer.h"
#include "unit.h"

struct rig {
	struct loop *lp;
	struct rest *rest;
	struct https_server *server;
	char ca_file[UNIT_PATH_MAX]; /* of the first one */
	struct rest_peer_spec spec;
	struct rest_peer *peer;
	/* The last answer. */
	int runs;
	struct rest_answer a;
	char *body;
	/* What the callback does. */
	bool free_peer;
	const char *next;
};

/* A rig whose peer is at `listen` and trusts the server by its CA. */
static struct rig *
rig_new(const char *listen)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	signal(SIGPIPE, SIG_IGN);
	/* A proxy of the environment is never used. */
	setenv("https_proxy", "http://127.0.0.1:9", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
	r->lp = unit_loop();
	r->rest = rest_new(r->lp, 100, 100);
	r->server = https_server_new(listen);
	ck_assert(str_copy(
	    r->ca_file, sizeof(r->ca_file), https_server_ca(r->server)));
	r->spec = (struct rest_peer_spec){
	    .host = listen,
	    .addr = local_addr(listen),
	    .port = https_server_port(r->server),
	    .username = "user",
	    .password = "secret",
	    .ca_file = r->ca_file,
	};
	return r;
}

static void
rig_free(struct rig *r)
{
	rest_peer_free(r->peer);
	rest_free(r->rest);
	https_server_free(r->server);
	unit_loop_free(r->lp);
	free(r->body);
	free(r);
}

static void answered(void *arg, const struct rest_answer *a);

static void
send_request(struct rig *r, struct rest_request q)
{
	if (!r->peer)
		r->peer = rest_peer_new(r->rest, &r->spec);
	if (!q.method)
		q.method = "GET";
	if (!q.connect_ms)
		q.connect_ms = 2000;
	if (!q.total_ms)
		q.total_ms = 4000;
	rest_send(r->peer, &q, answered, r);
}

static void
answered(void *arg, const struct rest_answer *a)
{
	struct rig *r = arg;

	ck_assert_uint_eq(strlen(a->body), a->len);
	r->runs++;
	r->a = *a;
	free(r->body);
	r->body = xstrdup(a->body);
	if (r->free_peer) {
		rest_peer_free(r->peer);
		r->peer = NULL;
	}
	if (r->next) {
		const char *path = r->next;
		r->next = NULL;
		send_request(r, (struct rest_request){.path = path});
		return;
	}
	loop_stop(r->lp);
}

/* Send one request and wait for its end. */
static void
ask(struct rig *r, struct rest_request q)
{
	int before = r->runs;

	send_request(r, q);
	ck_assert_int_eq(r->runs, before);
	loop_run(r->lp);
	ck_assert_int_eq(r->runs, before + 1);
}

static void
get(struct rig *r, const char *path)
{
	ask(r, (struct rest_request){.path = path});
}

static void
assert_status(const struct rig *r, int status)
{
	ck_assert_msg(
	    r->a.fail.kind == FAIL_NONE, "failed: %s", r->a.fail.text);
	ck_assert_int_eq(r->a.status, status);
	ck_assert(r->a.sent);
}

/* The failure, whether it was sent, and a part of its sentence, which names
 * the address and the port. */
static void
assert_failed(
    const struct rig *r, enum fail_kind kind, bool sent, const char *part)
{
	char where[ADDR_TEXT_MAX];

	ck_assert_msg(r->a.fail.kind == kind, "%s: %s",
	    fail_kind_name(r->a.fail.kind), r->a.fail.text);
	ck_assert_int_eq(r->a.status, 0);
	ck_assert_int_eq(r->a.sent, sent);
	addr_port_text(&r->spec.addr, r->spec.port, where);
	ck_assert_msg(strstr(r->a.fail.text, where) != NULL, "%s lacks %s",
	    r->a.fail.text, where);
	ck_assert_msg(strstr(r->a.fail.text, part) != NULL, "%s lacks %s",
	    r->a.fail.text, part);
}

START_TEST(any_http_status_is_an_answer)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/hello");
	assert_status(r, 200);
	ck_assert_str_eq(r->body, "hello");
	get(r, "/empty");
	assert_status(r, 204);
	ck_assert_str_eq(r->body, "");
	get(r, "/teapot");
	assert_status(r, 418);
	rig_free(r);
}
END_TEST

START_TEST(the_connection_is_kept_for_the_next_request)
{
	struct rig *r = rig_new("127.0.0.1");

	for (int i = 0; i < 5; i++) {
		get(r, "/hello");
		assert_status(r, 200);
	}
	ck_assert_int_eq(https_server_connections(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(a_closed_connection_is_made_anew)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/close");
	assert_status(r, 200);
	get(r, "/hello");
	assert_status(r, 200);
	ck_assert_int_eq(https_server_connections(r->server), 2);
	rig_free(r);
}
END_TEST

START_TEST(a_redirect_is_only_a_status)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/redirect");
	assert_status(r, 302);
	ck_assert_int_eq(https_server_requests(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(credentials_go_at_once_and_only_once)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/login");
	assert_status(r, 200);
	ck_assert_int_eq(https_server_requests(r->server), 1);
	rest_peer_free(r->peer);
	r->spec.password = "wrong";
	r->peer = rest_peer_new(r->rest, &r->spec);
	get(r, "/login");
	assert_status(r, 401);
	ck_assert_int_eq(https_server_requests(r->server), 2);
	rig_free(r);
}
END_TEST

START_TEST(a_server_that_asks_for_digest_only_is_told_apart)
{
	struct rig *r = rig_new("127.0.0.1");

	r->spec.password = "wrong";
	rest_peer_free(r->peer);
	r->peer = rest_peer_new(r->rest, &r->spec);
	get(r, "/login");
	assert_status(r, 401);
	ck_assert(!r->a.digest_only);
	get(r, "/digest");
	assert_status(r, 401);
	ck_assert(r->a.digest_only);
	get(r, "/hello");
	ck_assert(!r->a.digest_only);
	rig_free(r);
}
END_TEST

START_TEST(a_script_is_a_form_with_one_file)
{
	struct rig *r = rig_new("127.0.0.1");

	ask(r, (struct rest_request){
		   .method = "PUT", .path = "/echo", .script = "show\nexit\n"});
	assert_status(r, 200);
	/* libmicrohttpd hands over the form undecoded. */
	ck_assert_ptr_nonnull(strstr(r->body, "PUT|multipart/form-data; "));
	ck_assert_ptr_nonnull(strstr(r->body, "|-|--"));
	ck_assert_ptr_nonnull(
	    strstr(r->body, "Content-Disposition: form-data; name=\"file\"; "
			    "filename=\"cli.txt\"\r\n"
			    "Content-Type: application/octet-stream\r\n"
			    "\r\n"
			    "show\nexit\n\r\n--"));
	rig_free(r);
}
END_TEST

START_TEST(json_goes_as_json)
{
	struct rig *r = rig_new("127.0.0.1");

	ask(r, (struct rest_request){
		   .method = "POST", .path = "/echo", .json = "{\"a\":1}"});
	assert_status(r, 200);
	ck_assert_str_eq(r->body, "POST|application/json|7|-|{\"a\":1}");
	rig_free(r);
}
END_TEST

START_TEST(a_request_leaves_nothing_for_the_next)
{
	struct rig *r = rig_new("127.0.0.1");

	ask(r, (struct rest_request){
		   .method = "PUT", .path = "/echo", .script = "x\n"});
	ask(r, (struct rest_request){
		   .method = "POST", .path = "/echo", .json = "{}"});
	get(r, "/echo");
	ck_assert_str_eq(r->body, "GET|-|-|-|");
	ask(r, (struct rest_request){.method = "PUT", .path = "/echo"});
	ck_assert_str_eq(r->body, "PUT|-|0|-|");
	ask(r, (struct rest_request){.method = "DELETE", .path = "/echo"});
	ck_assert_str_eq(r->body, "DELETE|-|-|-|");
	ck_assert_int_eq(https_server_connections(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(a_long_script_is_sent_whole_and_without_expect)
{
	struct rig *r = rig_new("127.0.0.1");
	size_t len = 900 * 1000;
	char *script = xcalloc(1, len + 1);

	memset(script, 'l', len);
	ask(r, (struct rest_request){
		   .method = "PUT", .path = "/echo", .script = script});
	assert_status(r, 200);
	ck_assert_ptr_nonnull(strstr(r->body, "|-|--"));
	ck_assert_ptr_nonnull(strstr(r->body, script));
	free(script);
	rig_free(r);
}
END_TEST

/* A bound port that does not listen refuses; one that listens and is never
 * accepted from is silent after TCP. */
static int
plain_port(struct rig *r, bool listens)
{
	const char *at = r->spec.host;

	return listens ? local_listen(at, 8, &r->spec.port)
		       : local_bind(SOCK_STREAM, at, &r->spec.port);
}

START_TEST(a_refused_connection_is_unreachable)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = plain_port(r, false);

	get(r, "/hello");
	assert_failed(r, FAIL_UNREACHABLE, false, "refused");
	close(fd);
	rig_free(r);
}
END_TEST

/* It fails as it begins, and is told like any other: from the loop. */
START_TEST(without_a_descriptor_there_is_no_request)
{
	struct rig *r = rig_new("127.0.0.1");
	struct rlimit all, none;
	int64_t began;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &all), 0);
	rest_close_idle_after(r->rest, 1);
	get(r, "/hello");
	loop_run_for(r->lp, 50);
	none = (struct rlimit){.rlim_cur = 3, .rlim_max = all.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	began = loop_now(r->lp);
	get(r, "/hello");
	ck_assert_int_lt(loop_now(r->lp), began + 1000);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &all), 0);
	assert_failed(r, FAIL_LOCAL, false, "Too many open files");
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(a_port_silent_to_tls_is_unreachable_after_the_connect_time)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = plain_port(r, true);
	int64_t start = clock_mono_ms();

	ask(r, (struct rest_request){
		   .path = "/hello", .connect_ms = 150, .total_ms = 3000});
	assert_failed(r, FAIL_UNREACHABLE, false, "within 150 ms");
	ck_assert_int_ge(clock_mono_ms() - start, 140);
	ck_assert_int_lt(clock_mono_ms() - start, 1500);
	ask(r, (struct rest_request){
		   .path = "/hello", .connect_ms = 3000, .total_ms = 100});
	assert_failed(r, FAIL_UNREACHABLE, false, "within 100 ms");
	close(fd);
	rig_free(r);
}
END_TEST

static void
greet_in_clear(void *arg, short ready)
{
	int fd = accept(*(int *)arg, NULL, NULL);

	(void)ready;
	ck_assert_int_gt(write(fd, "HTTP/1.0 400 Bad\r\n\r\n", 20), 0);
	shutdown(fd, SHUT_WR);
}

START_TEST(a_server_without_tls_is_unreachable)
{
	struct rig *r = rig_new("127.0.0.1");
	int fd = plain_port(r, true);
	struct watch *w = watch_new(r->lp, fd, POLLIN, greet_in_clear, &fd);

	get(r, "/hello");
	assert_failed(r, FAIL_UNREACHABLE, false, "no TLS session");
	watch_free(w);
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(silence_after_the_request_is_transient)
{
	struct rig *r = rig_new("127.0.0.1");

	/* On a new connection, then on a kept one. */
	ask(r, (struct rest_request){.path = "/silent", .total_ms = 200});
	assert_failed(r, FAIL_TRANSIENT, true, "within 200 ms");
	get(r, "/hello");
	assert_status(r, 200);
	ask(r, (struct rest_request){.path = "/silent", .total_ms = 100});
	assert_failed(r, FAIL_TRANSIENT, true, "within 100 ms");
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(a_cut_or_missing_answer_is_transient)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/cut");
	assert_failed(r, FAIL_TRANSIENT, true, "no complete answer");
	get(r, "/drop");
	assert_failed(r, FAIL_TRANSIENT, true, "no complete answer");
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(a_payload_is_never_sent_twice)
{
	struct rig *r = rig_new("127.0.0.1");
	const struct rest_request lost[] = {
	    {.method = "PUT", .path = "/drop", .script = "start\n"},
	    {.method = "POST", .path = "/drop", .json = "{}"}};

	for (int i = 0; i < 2; i++) {
		get(r, "/hello");
		assert_status(r, 200);
		int before = https_server_requests(r->server);
		ask(r, lost[i]);
		assert_failed(r, FAIL_TRANSIENT, true, "kept connection");
		ck_assert_int_eq(https_server_requests(r->server), before + 1);
	}
	rig_free(r);
}
END_TEST

START_TEST(a_server_that_went_after_the_last_answer_is_unreachable)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/hello");
	assert_status(r, 200);
	https_server_free(r->server);
	r->server = https_server_new("127.0.0.1");
	ask(r, (struct rest_request){
		   .method = "PUT", .path = "/hello", .script = "start\n"});
	assert_failed(r, FAIL_UNREACHABLE, false, "refused");
	rig_free(r);
}
END_TEST

START_TEST(an_answer_beyond_the_limit_is_given_up)
{
	struct rig *r = rig_new("127.0.0.1");

	get(r, "/big");
	assert_failed(r, FAIL_TRANSIENT, true, "longer than 1048576 bytes");
	/* Some versions of libcurl have a lower limit for the header. */
	get(r, "/header");
	assert_failed(r, FAIL_TRANSIENT, true, "answer");
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(a_certificate_of_an_unknown_ca_is_an_identity_failure)
{
	struct rig *r = rig_new("127.0.0.1");

	r->spec.ca_file = NULL;
	get(r, "/login");
	assert_failed(r, FAIL_IDENTITY, false, "ca_file");
	ck_assert_ptr_nonnull(strstr(r->a.fail.text, "self-signed"));
	/* To be compared and pasted. */
	ck_assert_ptr_nonnull(strstr(r->a.fail.text, "tls_pin = \""));
	ck_assert_ptr_nonnull(
	    strstr(r->a.fail.text, https_server_pin(r->server)));
	ck_assert_int_eq(https_server_requests(r->server), 0);
	rig_free(r);
}
END_TEST

START_TEST(a_certificate_for_another_name_is_an_identity_failure)
{
	struct rig *r = rig_new("127.0.0.1");

	r->spec.host = "other.example.net";
	get(r, "/login");
	assert_failed(r, FAIL_IDENTITY, false, "other.example.net");
	ck_assert_int_eq(https_server_requests(r->server), 0);
	rig_free(r);
}
END_TEST

START_TEST(a_session_alone_asks_for_nothing)
{
	struct rig *r = rig_new("127.0.0.1");
	const struct rest_request only = {.path = "/login", .session = true};
	int before = https_server_requests(r->server);

	ask(r, only);
	assert_status(r, 0);
	ask(r, only);
	assert_status(r, 0);
	ck_assert_int_eq(https_server_requests(r->server), before);
	get(r, "/login");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(insecure_accepts_any_certificate)
{
	struct rig *r = rig_new("127.0.0.1");

	r->spec.ca_file = "";
	r->spec.host = "other.example.net";
	r->spec.tls.insecure = true;
	get(r, "/login");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

#define NO_PIN "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

START_TEST(a_pin_stands_in_for_the_chain)
{
	struct rig *r = rig_new("127.0.0.1");
	const char *pins[] = {NO_PIN, https_server_pin(r->server)};

	r->spec.ca_file = NULL;
	r->spec.host = "other.example.net";
	r->spec.tls.pins = pins;
	r->spec.tls.n_pins = 2;
	get(r, "/login");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(another_key_than_the_pin_is_an_identity_failure)
{
	struct rig *r = rig_new("127.0.0.1");
	const char *pins[] = {NO_PIN};

	/* Even from a server that the CA vouches for, or if insecure. */
	r->spec.tls.pins = pins;
	r->spec.tls.n_pins = 1;
	get(r, "/login");
	assert_failed(r, FAIL_IDENTITY, false, "tls_pin");
	rest_peer_free(r->peer);
	r->spec.tls.insecure = true;
	r->peer = rest_peer_new(r->rest, &r->spec);
	get(r, "/login");
	assert_failed(r, FAIL_IDENTITY, false, "tls_pin");
	ck_assert_int_eq(https_server_requests(r->server), 0);
	rig_free(r);
}
END_TEST

START_TEST(a_ca_file_that_cannot_be_read_is_local)
{
	struct rig *r = rig_new("127.0.0.1");

	r->spec.ca_file = "/nonexistent/ca.pem";
	get(r, "/hello");
	assert_failed(r, FAIL_LOCAL, false, "/nonexistent/ca.pem");
	rig_free(r);
}
END_TEST

START_TEST(a_name_goes_into_the_request_and_the_address_is_connected_to)
{
	struct rig *r = rig_new("127.0.0.1");

	/* No resolver knows example.net names of this kind. */
	r->spec.host = "device.example.net";
	get(r, "/hello");
	assert_status(r, 200);
	get(r, "/hello");
	assert_status(r, 200);
	ck_assert_int_eq(https_server_connections(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(ipv6_works_by_address_and_by_name)
{
	struct rig *r = rig_new("::1");

	get(r, "/hello");
	assert_status(r, 200);
	rest_peer_free(r->peer);
	r->spec.host = "device.example.net";
	r->peer = rest_peer_new(r->rest, &r->spec);
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

static void
cancel_now(void *arg)
{
	rest_cancel(((struct rig *)arg)->peer);
}

START_TEST(a_cancelled_request_is_not_told_and_the_peer_goes_on)
{
	struct rig *r = rig_new("127.0.0.1");
	struct timer t;

	timer_init(&t, r->lp, cancel_now, r);
	get(r, "/hello");
	rest_cancel(r->peer);
	/* At once, in the middle, and before the next. */
	send_request(r, (struct rest_request){.path = "/hello"});
	rest_cancel(r->peer);
	send_request(r, (struct rest_request){.path = "/silent"});
	timer_set(&t, 50);
	loop_run_for(r->lp, 100);
	ck_assert_int_eq(r->runs, 1);
	get(r, "/hello");
	assert_status(r, 200);
	rig_free(r);
}
END_TEST

START_TEST(the_callback_may_send_the_next_request)
{
	struct rig *r = rig_new("127.0.0.1");

	r->next = "/teapot";
	send_request(r, (struct rest_request){.path = "/hello"});
	loop_run(r->lp);
	ck_assert_int_eq(r->runs, 2);
	assert_status(r, 418);
	ck_assert_int_eq(https_server_connections(r->server), 1);
	rig_free(r);
}
END_TEST

START_TEST(the_callback_may_free_the_peer)
{
	struct rig *r = rig_new("127.0.0.1");

	r->free_peer = true;
	get(r, "/hello");
	assert_status(r, 200);
	get(r, "/big");
	assert_failed(r, FAIL_TRANSIENT, true, "longer");
	rig_free(r);
}
END_TEST

START_TEST(a_peer_is_freed_with_its_request_under_way)
{
	struct rig *r = rig_new("127.0.0.1");

	send_request(r, (struct rest_request){.path = "/silent"});
	loop_run_for(r->lp, 50);
	rest_peer_free(r->peer);
	r->peer = NULL;
	rest_peer_free(NULL);
	loop_run_for(r->lp, 20);
	ck_assert_int_eq(r->runs, 0);
	rig_free(r);
}
END_TEST

struct crowd {
	struct loop *lp;
	int left;
	int good;
};

static void
one_of_many(void *arg, const struct rest_answer *a)
{
	struct crowd *c = arg;

	c->good += a->status == 200;
	if (--c->left == 0)
		loop_stop(c->lp);
}

START_TEST(many_peers_keep_their_connections)
{
	enum { N = 50 };
	struct rig *r = rig_new("0.0.0.0");
	struct rest_peer *peers[N];
	struct rest_request q = {.method = "PUT",
	    .path = "/echo",
	    .script = "show\n",
	    .connect_ms = 8000,
	    .total_ms = 9000};
	char host[32];

	for (int i = 0; i < N; i++) {
		snprintf(host, sizeof(host), "127.0.0.%d", i + 1);
		r->spec.host = host;
		r->spec.addr = local_addr(host);
		r->spec.tls.insecure = true;
		peers[i] = rest_peer_new(r->rest, &r->spec);
	}
	for (int round = 0; round < 3; round++) {
		struct crowd c = {.lp = r->lp, .left = N};
		for (int i = 0; i < N; i++)
			rest_send(peers[i], &q, one_of_many, &c);
		loop_run(r->lp);
		ck_assert_int_eq(c.good, N);
	}
	ck_assert_int_eq(https_server_connections(r->server), N);
	for (int i = 0; i < N; i++)
		rest_peer_free(peers[i]);
	rig_free(r);
}
END_TEST

UNIT_MAIN("rest", a_server_that_asks_for_digest_only_is_told_apart,
    any_http_status_is_an_answer, the_connection_is_kept_for_the_next_request,
    a_closed_connection_is_made_anew, a_redirect_is_only_a_status,
    credentials_go_at_once_and_only_once, a_script_is_a_form_with_one_file,
    json_goes_as_json, a_request_leaves_nothing_for_the_next,
    a_long_script_is_sent_whole_and_without_expect,
    a_refused_connection_is_unreachable,
    without_a_descriptor_there_is_no_request,
    a_port_silent_to_tls_is_unreachable_after_the_connect_time,
    a_server_without_tls_is_unreachable, silence_after_the_request_is_transient,
    a_cut_or_missing_answer_is_transient, a_payload_is_never_sent_twice,
    a_server_that_went_after_the_last_answer_is_unreachable,
    an_answer_beyond_the_limit_is_given_up,
    a_certificate_of_an_unknown_ca_is_an_identity_failure,
    a_certificate_for_another_name_is_an_identity_failure,
    a_session_alone_asks_for_nothing, insecure_accepts_any_certificate,
    a_pin_stands_in_for_the_chain,
    another_key_than_the_pin_is_an_identity_failure,
    a_ca_file_that_cannot_be_read_is_local,
    a_name_goes_into_the_request_and_the_address_is_connected_to,
    ipv6_works_by_address_and_by_name,
    a_cancelled_request_is_not_told_and_the_peer_goes_on,
    the_callback_may_send_the_next_request, the_callback_may_free_the_peer,
    a_peer_is_freed_with_its_request_under_way,
    many_peers_keep_their_connections)
