/* check_sftp_kept.c - one session for several files, from a real SSH server. */
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "io/sftp.h"
#include "local.h"
#include "ssh_rig.h"
#include "unit.h"

#define ONE  "/captures/one.pcap"
#define TWO  "/captures/two.pcap"
#define NONE "/captures/none.pcap"

struct rig {
	struct ssh_rig server;
	struct loop *lp;
	struct sftp *sftp;
	uint64_t at, bytes;
	unsigned wrong, ended;
	bool refuse_data, cancel_in_done;
	const char *then; /* asked for inside `done` */
	bool logged_in;
	struct fail why;
};

static uint64_t
on_opened(void *arg, const struct sftp_file *f)
{
	struct rig *r = arg;

	(void)f;
	r->at = 0;
	return 0;
}

static bool
on_data(void *arg, const void *data, size_t len)
{
	struct rig *r = arg;
	const unsigned char *b = data;

	for (size_t i = 0; i < len; i++)
		r->wrong += b[i] != ssh_rig_byte(r->at + i);
	r->at += len;
	r->bytes += len;
	return !r->refuse_data;
}

static void on_done(void *arg, bool logged_in, const struct fail *why);

static const struct sftp_events events = {on_opened, on_data, on_done};

static void
on_done(void *arg, bool logged_in, const struct fail *why)
{
	struct rig *r = arg;
	const char *then = r->then;

	r->ended++;
	r->logged_in = logged_in;
	r->why = *why;
	r->then = NULL;
	if (r->cancel_in_done)
		sftp_cancel(r->sftp);
	if (then != NULL)
		ck_assert(sftp_next(r->sftp, &then, 1, &events, r));
	else
		loop_stop(r->lp);
}

static struct rig *
rig_new(enum ssh_rig_fault fault, uint64_t limit)
{
	const struct ssh_rig_spec server = {.password = true,
	    .fault = fault,
	    .limit = limit,
	    .files = {{.path = ONE, .size = 3000000, .mtime = 1},
		{.path = TWO, .size = 17, .mtime = 2}}};
	struct rig *r = xcalloc(1, sizeof(*r));

	ssh_rig_start(&r->server, &server);
	r->lp = unit_loop();
	return r;
}

/* A session, and nothing else. */
static void
login(struct rig *r, const char *password)
{
	const struct sftp_spec spec = {.addr = local_addr("127.0.0.1"),
	    .port = r->server.port,
	    .host = "127.0.0.1",
	    .username = RIG_USER,
	    .password = password,
	    .keep = true,
	    .connect_ms = 1000,
	    .stall_ms = 1000};

	r->ended = 0;
	r->sftp = sftp_start(r->lp, &spec, &events, r);
	loop_run(r->lp);
	ck_assert_uint_eq(r->ended, 1);
}

static void
fetch(struct rig *r, const char *path, enum fail_kind kind)
{
	r->ended = 0;
	r->bytes = 0;
	ck_assert(sftp_next(r->sftp, &path, 1, &events, r));
	ck_assert_uint_eq(r->ended, 0);
	loop_run(r->lp);
	ck_assert_uint_eq(r->ended, 1);
	ck_assert(r->logged_in);
	ck_assert_msg(r->why.kind == kind, "%s", r->why.text);
	ck_assert_uint_eq(r->wrong, 0);
}

static void
expect_broken(struct rig *r)
{
	const char *path = TWO;

	ck_assert(!sftp_next(r->sftp, &path, 1, &events, r));
}

static void
rig_free(struct rig *r)
{
	sftp_cancel(r->sftp);
	unit_loop_free(r->lp);
	ssh_rig_stop(&r->server);
	free(r);
}

START_TEST(one_login_brings_file_after_file)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, RIG_PASSWORD);
	ck_assert_int_eq(r->why.kind, FAIL_NONE);
	ck_assert(r->logged_in);
	for (int i = 0; i < 3; i++) {
		fetch(r, ONE, FAIL_NONE);
		ck_assert_uint_eq(r->bytes, 3000000);
		fetch(r, TWO, FAIL_NONE);
		ck_assert_uint_eq(r->bytes, 17);
	}
	ck_assert_uint_eq(r->server.seen->sessions, 1);
	ck_assert_uint_eq(r->server.seen->passwords, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_file_that_does_not_exist_leaves_it_standing)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, RIG_PASSWORD);
	fetch(r, NONE, FAIL_FINAL);
	ck_assert(sftp_is_absent(r->sftp));
	fetch(r, TWO, FAIL_NONE);
	ck_assert(!sftp_is_absent(r->sftp));
	rig_free(r);
}
END_TEST

START_TEST(a_file_that_is_denied_is_not_absent)
{
	struct rig *r = rig_new(RIG_DENY, 0);

	login(r, RIG_PASSWORD);
	fetch(r, TWO, FAIL_FINAL);
	ck_assert(!sftp_is_absent(r->sftp));
	ck_assert_ptr_nonnull(strstr(r->why.text, "permission denied"));
	fetch(r, TWO, FAIL_FINAL);
	rig_free(r);
}
END_TEST

START_TEST(the_next_file_may_be_asked_for_inside_done)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, RIG_PASSWORD);
	r->then = TWO;
	r->bytes = 0;
	ck_assert(sftp_next(r->sftp, (const char *[]){ONE}, 1, &events, r));
	loop_run(r->lp);
	ck_assert_uint_eq(r->bytes, 3000017);
	rig_free(r);
}
END_TEST

START_TEST(a_broken_session_takes_no_next_file)
{
	struct rig *r = rig_new(RIG_CUT, 1000000);

	login(r, RIG_PASSWORD);
	fetch(r, ONE, FAIL_TRANSIENT);
	expect_broken(r);
	rig_free(r);
}
END_TEST

START_TEST(nor_does_one_that_stalled_or_was_given_up)
{
	struct rig *r = rig_new(RIG_MUTE_READ, 1000000);

	login(r, RIG_PASSWORD);
	fetch(r, ONE, FAIL_TRANSIENT);
	expect_broken(r);
	rig_free(r);
	r = rig_new(RIG_SOUND, 0);
	login(r, RIG_PASSWORD);
	r->refuse_data = true;
	fetch(r, ONE, FAIL_LOCAL);
	expect_broken(r);
	rig_free(r);
}
END_TEST

START_TEST(nor_does_one_that_never_was)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, "wrong");
	ck_assert_int_eq(r->why.kind, FAIL_AUTH);
	ck_assert(!r->logged_in);
	expect_broken(r);
	rig_free(r);
}
END_TEST

/* Nobody reads while it rests: that it has gone is seen at the next file. */
START_TEST(a_server_that_went_meanwhile_is_transient)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, RIG_PASSWORD);
	fetch(r, TWO, FAIL_NONE);
	ssh_rig_stop(&r->server);
	loop_run_for(r->lp, 50);
	ck_assert_uint_eq(r->ended, 1);
	fetch(r, TWO, FAIL_TRANSIENT);
	expect_broken(r);
	sftp_cancel(r->sftp);
	unit_loop_free(r->lp);
	free(r);
}
END_TEST

START_TEST(it_may_be_ended_inside_done_and_while_it_rests)
{
	struct rig *r = rig_new(RIG_SOUND, 0);

	login(r, RIG_PASSWORD);
	fetch(r, TWO, FAIL_NONE);
	sftp_cancel(r->sftp);
	login(r, RIG_PASSWORD);
	r->cancel_in_done = true;
	fetch(r, TWO, FAIL_NONE);
	r->sftp = NULL;
	rig_free(r);
}
END_TEST

UNIT_MAIN("sftp_kept", one_login_brings_file_after_file,
    a_file_that_does_not_exist_leaves_it_standing,
    a_file_that_is_denied_is_not_absent,
    the_next_file_may_be_asked_for_inside_done,
    a_broken_session_takes_no_next_file,
    nor_does_one_that_stalled_or_was_given_up, nor_does_one_that_never_was,
    a_server_that_went_meanwhile_is_transient,
    it_may_be_ended_inside_done_and_while_it_rests)
