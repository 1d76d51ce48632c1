/* check_mailbox.c - whose datagrams the agent obeys, by real sockets on
 * loopback; the campaign's side of the key is wire/auth_peer.h.
 */
#include "agent/mailbox.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/secret.h"
#include "local.h"
#include "unit.h"
#include "wire/auth_peer.h"

#define KEY "0123456789abcdef"

static struct world {
	struct loop *lp;
	struct prefix allow;
	struct agent_conf conf;
	struct mailbox *box;
	struct auth_peer *campaign;
	int client;
	char taken[400]; /* "REGISTER 192.0.2.10;" of each request */
	char data[AGENT_SIGNED_MAX];
	size_t len;
} w;

static void
on_request(
    void *arg, const struct agent_message *m, const struct datagram_from *from)
{
	struct agent_message answer = *m;
	size_t len = strlen(w.taken);

	(void)arg;
	snprintf(w.taken + len, sizeof(w.taken) - len, "%s %s;",
	    agent_request_name(m->request), m->device);
	answer.code = AGENT_OK;
	mailbox_answer(
	    w.box, from, &answer, m->wants_info ? "{\"clock\":1}" : NULL);
}

static int
client_new(const char *at)
{
	return local_connect(
	    SOCK_DGRAM | SOCK_NONBLOCK, at, "127.0.0.1", mailbox_port(w.box));
}

/* `key` NULL: nothing is signed.  The campaign's clock is `off` ms ahead. */
static void
world_new(char *key, int64_t off)
{
	struct fail why;

	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(unit_log(), 1795406400000);
	w.conf.agent.listen_address = local_addr("127.0.0.1");
	ck_assert(prefix_parse(&w.allow, "127.0.0.1/32"));
	w.conf.agent.allow = &w.allow;
	w.conf.agent.n_allow = 1;
	w.conf.agent.key = key;
	w.box = mailbox_new(w.lp, &w.conf, on_request, NULL, &why);
	ck_assert_msg(w.box != NULL, "%s", why.text);
	/* Signed messages count from then on. */
	loop_run_for(w.lp, AUTH_AHEAD_MS + 1);
	w.client = client_new("127.0.0.1");
	w.campaign = auth_peer_new(
	    KEY, AUTH_REQUEST, loop_now(w.lp), loop_wall(w.lp) + off);
}

static void
world_free(void)
{
	close(w.client);
	auth_peer_free(w.campaign);
	mailbox_free(w.box);
	loop_free(w.lp);
}

/* Send what is in w.data; returns the answer's datagram, "" if none came. */
static const char *
send_data(int client)
{
	static char answer[AGENT_SIGNED_MAX + 1];
	ssize_t got;

	w.taken[0] = '\0';
	ck_assert_int_eq(send(client, w.data, w.len, 0), (ssize_t)w.len);
	loop_run_for(w.lp, 10);
	got = recv(client, answer, sizeof(answer) - 1, 0);
	answer[got > 0 ? got : 0] = '\0';
	return answer;
}

static const char *
send_text(const char *text)
{
	w.len = strlen(text);
	memcpy(w.data, text, w.len);
	return send_data(w.client);
}

static const char *
send_signed(const char *text)
{
	char nonce[SECRET_NONCE_MAX];

	secret_nonce(nonce);
	w.len = auth_peer_seal(
	    w.campaign, loop_now(w.lp), nonce, w.data, text, strlen(text));
	return send_data(w.client);
}

/* An answer's text, if the campaign believes it; w.taken is as it should be. */
static const char *
proven(const char *answer, struct auth_stamp *stamp)
{
	static char text[AGENT_MESSAGE_MAX];
	const char *why;
	size_t n;

	ck_assert_int_ne(auth_peer_open(w.campaign, loop_now(w.lp), answer,
			     strlen(answer), stamp, &n, &why),
	    OPENED_REFUSED);
	memcpy(text, answer, n);
	text[n] = '\0';
	return text;
}

static void
expect_counts(const char *has)
{
	struct strbuf b = STRBUF_INIT;

	mailbox_say_counts(w.box, &b);
	ck_assert_msg(strstr(b.s, has) != NULL, "%s", b.s);
	strbuf_free(&b);
}

START_TEST(without_a_key_plain_text_is_taken)
{
	world_new(NULL, 0);
	ck_assert_str_eq(
	    send_text("REGISTER 192.0.2.10"), "200 OK 192.0.2.10 REGISTER");
	ck_assert_str_eq(w.taken, "REGISTER 192.0.2.10;");
	ck_assert_str_eq(send_signed("REGISTER 192.0.2.10"), "");
	ck_assert_str_eq(w.taken, "");
	expect_counts("1 requests, 0 datagrams refused, 1 malformed, "
		      "0 not authentic");
	world_free();
}
END_TEST

START_TEST(who_wants_info_gets_a_second_line)
{
	world_new(NULL, 0);
	ck_assert_str_eq(send_text("REGISTER 192.0.2.10\nwant info"),
	    "200 OK 192.0.2.10 REGISTER\ninfo {\"clock\":1}");
	world_free();
}
END_TEST

START_TEST(info_is_signed_with_its_answer)
{
	static char key[] = KEY;
	struct auth_stamp stamp;

	world_new(key, 0);
	ck_assert_str_eq(
	    proven(send_signed("REGISTER 192.0.2.10\nwant info"), &stamp),
	    "200 OK 192.0.2.10 REGISTER\ninfo {\"clock\":1}");
	world_free();
}
END_TEST

START_TEST(strangers_get_no_answer)
{
	int other;

	world_new(NULL, 0);
	other = client_new("127.0.0.2");
	w.len = strlen("REGISTER 192.0.2.10");
	memcpy(w.data, "REGISTER 192.0.2.10", w.len);
	ck_assert_str_eq(send_data(other), "");
	ck_assert_str_eq(w.taken, "");
	expect_counts("0 requests, 1 datagrams refused");
	close(other);
	world_free();
}
END_TEST

START_TEST(with_a_key_what_is_signed_is_taken_and_answered_signed)
{
	static char key[] = KEY;
	struct auth_stamp stamp;
	const char *answer;

	world_new(key, 0);
	answer = send_signed("CAPTURE 192.0.2.10");
	ck_assert_str_eq(w.taken, "CAPTURE 192.0.2.10;");
	ck_assert_str_eq(proven(answer, &stamp), "200 OK 192.0.2.10 CAPTURE");
	world_free();
}
END_TEST

START_TEST(what_is_not_signed_right_is_ignored_and_counted)
{
	static char key[] = KEY, other[] = "another key, also 16 long";

	world_new(key, 0);
	ck_assert_str_eq(send_text("REGISTER 192.0.2.10"), "");
	send_signed("REGISTER 192.0.2.10");
	ck_assert_str_eq(send_data(w.client), ""); /* once more: a replay */
	ck_assert_str_eq(w.taken, "");
	w.len--;
	ck_assert_str_eq(send_data(w.client), ""); /* cut */
	w.len++;
	w.data[strlen("REGISTER 192.0.2.")] = '2'; /* of another text */
	ck_assert_str_eq(send_data(w.client), "");
	ck_assert_str_eq(w.taken, "");
	expect_counts("1 requests, 0 datagrams refused, 0 malformed, "
		      "4 not authentic");
	world_free();
	world_new(other, 0);
	ck_assert_str_eq(send_signed("REGISTER 192.0.2.10"), "");
	expect_counts("1 not authentic");
	world_free();
}
END_TEST

START_TEST(an_answer_played_back_is_no_request)
{
	static char key[] = KEY;
	const char *answer;

	world_new(key, 0);
	answer = send_signed("REGISTER 192.0.2.10");
	ck_assert_str_eq(send_text(answer), "");
	expect_counts("1 requests, 0 datagrams refused, 0 malformed, "
		      "1 not authentic");
	world_free();
}
END_TEST

START_TEST(another_clock_is_told_ours_and_obeyed_by_it)
{
	static char key[] = KEY;
	struct auth_stamp stamp;
	const char *answer;
	char *nonce;

	world_new(key, -600000);
	answer = send_signed("REGISTER 192.0.2.10");
	ck_assert_str_eq(w.taken, "");
	ck_assert_str_eq(
	    proven(answer, &stamp), "408 Clock 192.0.2.10 REGISTER");
	ck_assert_int_ge(stamp.ms, 1795406400000);
	ck_assert_int_le(stamp.ms, loop_wall(w.lp));
	/* It proves to be the answer to this very request. */
	nonce = memmem(w.data, w.len, stamp.nonce, strlen(stamp.nonce));
	ck_assert_ptr_nonnull(nonce);
	auth_peer_set_clock(w.campaign, loop_now(w.lp), stamp.ms);
	answer = send_signed("REGISTER 192.0.2.10");
	ck_assert_str_eq(proven(answer, &stamp), "200 OK 192.0.2.10 REGISTER");
	ck_assert_str_eq(w.taken, "REGISTER 192.0.2.10;");
	world_free();
}
END_TEST

START_TEST(a_signed_text_that_is_no_request_gets_no_answer)
{
	static char key[] = KEY;

	world_new(key, -600000);
	ck_assert_str_eq(send_signed("REGISTER $(reboot)"), "");
	ck_assert_str_eq(send_signed(""), "");
	world_free();
}
END_TEST

START_TEST(the_first_of_each_kind_is_told_with_its_text)
{
	static char key[] = KEY;
	const char *said;

	unit_log_keep(LOGGING_NOTICE);
	world_new(NULL, 0);
	send_text("hello\t");
	said = unit_logged();
	ck_assert_msg(strstr(said, " ignored: ") != NULL &&
			  strstr(said, ": \"hello\\t\"; for an hour") != NULL,
	    "%s", said);
	send_text("hello again");
	send_text("REGISTER 192.0.2.10");
	ck_assert_str_eq(unit_logged(), "");
	world_free();
	world_new(key, 0);
	send_text("REGISTER " KEY " and more");
	said = unit_logged();
	ck_assert_msg(
	    strstr(said, "\"REGISTER **************** and more\"") != NULL,
	    "%s", said);
	world_free();
}
END_TEST

START_TEST(with_debug_messages_every_datagram_is_told)
{
	const char *said;

	unit_log_keep(LOGGING_DEBUG);
	world_new(NULL, 0);
	send_text("CAPTURE 192.0.2.10");
	said = unit_logged();
	ck_assert_msg(strstr(said, " server: received: \"CAPTURE 192.0.2.10\""),
	    "%s", said);
	ck_assert_msg(
	    strstr(said, " debug 192.0.2.10 server: sent to 127.0.0.1:"), "%s",
	    said);
	ck_assert_msg(
	    strstr(said, ": \"200 OK 192.0.2.10 CAPTURE\"\n"), "%s", said);
	world_free();
}
END_TEST

UNIT_MAIN("mailbox", the_first_of_each_kind_is_told_with_its_text,
    with_debug_messages_every_datagram_is_told,
    who_wants_info_gets_a_second_line, info_is_signed_with_its_answer,
    without_a_key_plain_text_is_taken, strangers_get_no_answer,
    with_a_key_what_is_signed_is_taken_and_answered_signed,
    what_is_not_signed_right_is_ignored_and_counted,
    an_answer_played_back_is_no_request,
    another_clock_is_told_ours_and_obeyed_by_it,
    a_signed_text_that_is_no_request_gets_no_answer)
