/* check_status_ask.c - a running agent is asked, and may be any program.
 *
 * It is played by another process.
 */
#include "agent/status_ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/state.h"
#include "agent/status_place.h"
#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"

#define FACTS "{\"version\":\"1\",\"port\":20001}\n"
#define ONE   "{\"device\":\"192.0.2.10\",\"state\":\"capturing\"}\n"
#define TWO   "{\"device\":\"192.0.2.11\",\"state\":\"registered\"}\n"
#define END   "{\"end\":2}\n"
#define WHOLE FACTS ONE TWO END

static struct world {
	char folder[UNIT_PATH_MAX];
	int listener;
	pid_t agent;
	struct agent_status got;
	struct fail why;
} w;

static void
listen_there(void)
{
	struct status_place place;

	memset(&w, 0, sizeof(w));
	unit_folder(w.folder);
	ck_assert(status_place_open(&place, w.folder));
	w.listener = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(
	    bind(w.listener, (struct sockaddr *)&place.at, sizeof(place.at)),
	    0);
	ck_assert_int_eq(listen(w.listener, 1), 0);
	status_place_close(&place);
}

/* Say it in pieces of so many bytes, to one who asks; then hang up, or hold on
 * until that one has. */
static void
play(const char *text, size_t len, size_t piece, bool hold)
{
	int fd = accept(w.listener, NULL, NULL);
	char one;

	for (size_t at = 0; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;

		if (send(fd, text + at, n, MSG_NOSIGNAL) < 0)
			break;
	}
	if (hold)
		(void)!read(fd, &one, 1);
	_exit(0);
}

static bool
ask(int silent_ms)
{
	return agent_status_ask(w.folder, silent_ms, &w.got, &w.why);
}

static bool
ask_who_says(const char *text, size_t len, size_t piece, bool hold)
{
	bool good;

	listen_there();
	w.agent = fork();
	if (w.agent == 0)
		play(text, len, piece, hold);
	good = ask(hold ? 50 : 20000);
	ck_assert_int_eq(waitpid(w.agent, NULL, 0), w.agent);
	close(w.listener);
	return good;
}

/* It fails with these words, and nothing is left of what came. */
static void
refused(const char *text, const char *words)
{
	ck_assert_msg(
	    !ask_who_says(text, strlen(text), 4096, false), "%s", text);
	ck_assert_int_eq(w.why.kind, FAIL_LOCAL);
	ck_assert_msg(strstr(w.why.text, words) != NULL, "%s", w.why.text);
	ck_assert_msg(strstr(w.why.text, w.folder) != NULL, "%s", w.why.text);
	ck_assert_uint_eq(w.got.n, 0);
	ck_assert_ptr_null(w.got.devices);
}

START_TEST(an_answer_is_understood_in_pieces_of_any_size)
{
	static const size_t pieces[] = {1, 7, 60, 4096};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		ck_assert_msg(
		    ask_who_says(WHOLE, strlen(WHOLE), pieces[i], false), "%s",
		    w.why.text);
		ck_assert_int_eq(w.got.all.port, 20001);
		ck_assert_uint_eq(w.got.n, 2);
		ck_assert_str_eq(w.got.devices[0].device, "192.0.2.10");
		ck_assert_int_eq(w.got.devices[1].state, STATUS_REGISTERED);
		agent_status_free(&w.got);
	}
}
END_TEST

START_TEST(an_answer_that_is_cut_off_is_none)
{
	refused("", "ended before");
	refused(FACTS, "ended before");
	refused(FACTS ONE TWO, "ended before");
	refused(FACTS ONE "{\"device\":\"192", "ended before");
	refused(FACTS ONE TWO "{\"end\":2}", "ended before");
}
END_TEST

START_TEST(what_does_not_fit_together_is_no_answer)
{
	refused("200 OK\n", "not understood");
	refused("\n", "not understood");
	refused(ONE TWO END, "not understood");
	refused(END, "not understood");
	refused(FACTS ONE END, "not understood");
	refused(FACTS ONE ONE TWO END, "not understood");
	refused(FACTS FACTS ONE TWO END, "not understood");
	refused(WHOLE ONE, "not understood");
	refused(WHOLE END, "not understood");
}
END_TEST

START_TEST(an_answer_without_an_end_is_bounded)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, FACTS "%0100000d", 0);
	refused(text.s, "not understood");
	strbuf_clear(&text);
	strbuf_add(&text, FACTS);
	for (int i = 0; i <= STATE_DEVICES_MAX; i++)
		strbuf_add(&text, ONE);
	refused(text.s, "not understood");
	strbuf_free(&text);
}
END_TEST

START_TEST(who_says_nothing_more_is_not_waited_for)
{
	ck_assert(!ask_who_says(FACTS ONE, strlen(FACTS ONE), 4096, true));
	ck_assert_ptr_nonnull(strstr(w.why.text, "does not answer in time"));
	ck_assert(!ask_who_says("", 0, 4096, true));
	/* ... but what is whole counts. */
	ck_assert(ask_who_says(WHOLE, strlen(WHOLE), 4096, true));
	agent_status_free(&w.got);
}
END_TEST

START_TEST(where_none_runs_it_is_said_so)
{
	listen_there();
	close(w.listener); /* killed: the file is still there */
	ck_assert(!ask(20000));
	ck_assert_int_eq(w.why.kind, FAIL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(w.why.text, "no agent runs in"));
	unit_folder(w.folder);
	ck_assert(!ask(20000));
	ck_assert_int_eq(w.why.kind, FAIL_UNREACHABLE);
	str_copy(w.folder, sizeof(w.folder), "/nonexistent/folder");
	ck_assert(!ask(20000));
	ck_assert_int_eq(w.why.kind, FAIL_UNREACHABLE);
}
END_TEST

/* Nobody of the test's user may enter: root becomes another one. */
START_TEST(who_may_not_ask_is_told_who_may)
{
	listen_there();
	ck_assert_int_eq(chmod(w.folder, 0), 0);
	w.agent = fork();
	if (w.agent == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(2);
		_exit(!ask(20000) && w.why.kind == FAIL_LOCAL &&
			      strstr(w.why.text, "may not ask") != NULL
			  ? 0
			  : 1);
	}
	int status;
	ck_assert_int_eq(waitpid(w.agent, &status, 0), w.agent);
	ck_assert_int_eq(chmod(w.folder, 0700), 0);
	ck_assert_int_eq(status, 0);
	close(w.listener);
}
END_TEST

/* An agent that hangs takes nobody off its line. */
START_TEST(a_line_that_is_full_is_no_long_wait)
{
	int fds[16];
	struct status_place place;
	size_t n = 0;

	listen_there();
	ck_assert(status_place_open(&place, w.folder));
	for (; n < 16; n++) {
		fds[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (connect(fds[n], (struct sockaddr *)&place.at,
			sizeof(place.at)) != 0)
			break;
	}
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert(!ask(20000));
	ck_assert_ptr_nonnull(strstr(w.why.text, "ask again"));
	for (size_t i = 0; i <= n; i++)
		close(fds[i]);
	status_place_close(&place);
	close(w.listener);
}
END_TEST

UNIT_MAIN("status_ask", an_answer_is_understood_in_pieces_of_any_size,
    an_answer_that_is_cut_off_is_none, what_does_not_fit_together_is_no_answer,
    an_answer_without_an_end_is_bounded,
    who_says_nothing_more_is_not_waited_for, where_none_runs_it_is_said_so,
    who_may_not_ask_is_told_who_may, a_line_that_is_full_is_no_long_wait)
