/* check_sftp.c - one file from a real SSH server that may misbehave. */
#include "io/sftp.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "local.h"
#include "ssh_rig.h"
#include "unit.h"

#define DATA_PATH "/debug-capture/debug-capture-data.pcap"
#define VOIP_PATH "/debug-capture/debug-capture-voip.pcap"

static const char *const paths[] = {VOIP_PATH, DATA_PATH};

struct rig {
	struct ssh_rig server;
	struct loop *lp;
	struct sftp_spec spec;
	struct sftp *sftp;
	uint64_t resume_at; /* what `opened` answers */
	uint64_t at;        /* the next byte comes from here */
	uint64_t bytes;
	unsigned wrong; /* bytes that are not the file's */
	unsigned calls; /* of `data` */
	bool refuse_data;
	uint64_t cancel_at; /* 0: never */
	bool opened;
	char path[64];
	struct sftp_file file;
	unsigned ended;
	bool logged_in;
	struct fail why;
};

static uint64_t
on_opened(void *arg, const struct sftp_file *f)
{
	struct rig *r = arg;

	r->opened = true;
	r->file = *f;
	snprintf(r->path, sizeof(r->path), "%s", f->path);
	r->at = r->resume_at;
	return r->resume_at;
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
	r->calls++;
	if (r->cancel_at != 0 && r->bytes >= r->cancel_at) {
		sftp_cancel(r->sftp);
		loop_stop(r->lp);
	}
	return !r->refuse_data;
}

static void
on_done(void *arg, bool logged_in, const struct fail *why)
{
	struct rig *r = arg;

	r->ended++;
	r->logged_in = logged_in;
	r->why = *why;
	loop_stop(r->lp);
}

static const struct sftp_events events = {on_opened, on_data, on_done};

/* A server with one file of `size` bytes, password login. */
static struct ssh_rig_spec
plain(uint64_t size)
{
	struct ssh_rig_spec s = {.password = true,
	    .files = {{.path = DATA_PATH, .size = size, .mtime = 1000}}};

	return s;
}

static struct rig *
rig_new(const struct ssh_rig_spec *server)
{
	struct rig *r = xcalloc(1, sizeof(*r));

	ssh_rig_start(&r->server, server);
	r->lp = unit_loop();
	r->spec.addr = local_addr("127.0.0.1");
	r->spec.port = r->server.port;
	r->spec.host = "127.0.0.1";
	r->spec.username = RIG_USER;
	r->spec.password = RIG_PASSWORD;
	r->spec.files = paths;
	r->spec.n_files = 2;
	r->spec.connect_ms = 1000;
	r->spec.stall_ms = 1000;
	return r;
}

static void
rig_free(struct rig *r)
{
	unit_loop_free(r->lp);
	ssh_rig_stop(&r->server);
	free(r);
}

static void
fetch(struct rig *r)
{
	r->ended = 0;
	r->bytes = 0;
	r->sftp = sftp_start(r->lp, &r->spec, &events, r);
	ck_assert_uint_eq(r->ended, 0);
	loop_run(r->lp);
}

static void
expect(const struct rig *r, enum fail_kind kind, const char *text)
{
	ck_assert_uint_eq(r->ended, 1);
	ck_assert_msg(r->why.kind == kind && strstr(r->why.text, text) != NULL,
	    "wanted %s with '%s', got %s: %s", fail_kind_name(kind), text,
	    fail_kind_name(r->why.kind), r->why.text);
	if (kind != FAIL_NONE && kind != FAIL_IDENTITY)
		ck_assert_ptr_nonnull(strstr(r->why.text, "127.0.0.1:"));
}

static void
expect_file(const struct rig *r, uint64_t bytes)
{
	expect(r, FAIL_NONE, "");
	ck_assert(r->logged_in);
	ck_assert_uint_eq(r->bytes, bytes);
	ck_assert_uint_eq(r->wrong, 0);
}

START_TEST(a_file_arrives_whole_and_in_order)
{
	static const uint64_t sizes[] = {0, 1, 30000, 32769, 5 * 1024 * 1024};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ssh_rig_spec server = plain(sizes[i]);
		struct rig *r = rig_new(&server);

		fetch(r);
		expect_file(r, sizes[i]);
		ck_assert_str_eq(r->path, DATA_PATH);
		ck_assert_uint_eq(r->file.size, sizes[i]);
		ck_assert_uint_eq(r->file.mtime, 1000);
		rig_free(r);
	}
}
END_TEST

START_TEST(many_reads_are_in_flight)
{
	struct ssh_rig_spec server = plain(1024 * 1024);
	struct rig *r = rig_new(&server);

	fetch(r);
	expect_file(r, 1024 * 1024);
	ck_assert_uint_gt(r->server.seen->queued, 0);
	rig_free(r);
}
END_TEST

/* But few behind the end of a file. */
START_TEST(a_small_file_is_read_in_a_few_reads)
{
	struct ssh_rig_spec server = plain(20000);
	struct rig *r = rig_new(&server);

	fetch(r);
	expect_file(r, 20000);
	/* It, its end, and that again where it was asked for too early. */
	ck_assert_uint_le(r->server.seen->reads, 3);
	rig_free(r);
}
END_TEST

START_TEST(narrow_keeps_one_read_in_flight)
{
	struct ssh_rig_spec server = plain(200 * 1000);
	struct rig *r = rig_new(&server);

	r->spec.narrow = true;
	fetch(r);
	expect_file(r, 200 * 1000);
	ck_assert_uint_eq(r->server.seen->queued, 0);
	ck_assert_uint_le(r->server.seen->longest_read, 30000);
	rig_free(r);
}
END_TEST

START_TEST(the_end_of_file_decides_not_the_announced_size)
{
	struct ssh_rig_spec server = plain(70000);
	struct rig *r;

	server.files[0].announced = 100000;
	r = rig_new(&server);
	fetch(r);
	expect_file(r, 70000);
	ck_assert_uint_eq(r->file.size, 100000);
	rig_free(r);
}
END_TEST

START_TEST(the_newest_of_the_candidates_is_fetched)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.files[1] =
	    (struct ssh_rig_file){.path = VOIP_PATH, .size = 20, .mtime = 999};
	r = rig_new(&server);
	fetch(r);
	expect_file(r, 10);
	ck_assert_str_eq(r->path, DATA_PATH);
	rig_free(r);
}
END_TEST

START_TEST(of_equally_old_candidates_the_first_is_fetched)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.files[1] =
	    (struct ssh_rig_file){.path = VOIP_PATH, .size = 20, .mtime = 1000};
	r = rig_new(&server);
	fetch(r);
	expect_file(r, 20);
	ck_assert_str_eq(r->path, VOIP_PATH);
	rig_free(r);
}
END_TEST

START_TEST(no_candidate_is_final_and_names_them)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.files[0].path = "/elsewhere";
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_FINAL, VOIP_PATH ", " DATA_PATH);
	ck_assert(r->logged_in);
	ck_assert(!r->opened);
	rig_free(r);
}
END_TEST

START_TEST(a_denied_file_is_final)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.fault = RIG_DENY;
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_FINAL, "permission denied");
	rig_free(r);
}
END_TEST

START_TEST(a_cut_transfer_goes_on_where_it_broke)
{
	struct ssh_rig_spec server = plain(600000);
	struct rig *r;
	uint64_t had;

	server.fault = RIG_CUT;
	server.limit = 300000;
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_TRANSIENT, "read " DATA_PATH);
	ck_assert(r->logged_in);
	ck_assert_uint_eq(r->wrong, 0);
	had = r->bytes;
	ck_assert_uint_le(had, 300000);

	r->resume_at = had;
	r->spec.narrow = true;
	fetch(r);
	expect_file(r, 600000 - had);
	ck_assert_uint_eq(r->server.seen->first_offset, had);
	rig_free(r);
}
END_TEST

START_TEST(an_offset_at_or_beyond_the_end_gives_nothing)
{
	struct ssh_rig_spec server = plain(1000);
	struct rig *r = rig_new(&server);

	r->resume_at = 1000;
	fetch(r);
	expect_file(r, 0);
	r->resume_at = 5000;
	fetch(r);
	expect_file(r, 0);
	rig_free(r);
}
END_TEST

START_TEST(keyboard_interactive_is_used_where_password_is_not_offered)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.password = false;
	server.kbdint = true;
	r = rig_new(&server);
	fetch(r);
	expect_file(r, 10);
	ck_assert_uint_eq(r->server.seen->passwords, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_wrong_password_is_tried_once_and_by_one_method)
{
	struct ssh_rig_spec server = plain(10);

	for (int kbdint = 0; kbdint < 2; kbdint++) {
		struct rig *r;

		server.password = !kbdint;
		server.kbdint = true;
		r = rig_new(&server);
		r->spec.password = "wrong";
		fetch(r);
		expect(r, FAIL_AUTH, "refused for " RIG_USER);
		ck_assert_ptr_null(strstr(r->why.text, "wrong"));
		ck_assert(!r->logged_in);
		ck_assert_uint_eq(r->server.seen->passwords, 1);
		ck_assert_uint_eq(r->server.seen->sessions, 1);
		rig_free(r);
	}
}
END_TEST

START_TEST(a_second_question_for_the_password_is_not_answered)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.password = false;
	server.kbdint = true;
	server.fault = RIG_ASK_TWICE;
	r = rig_new(&server);
	r->spec.password = "wrong";
	fetch(r);
	expect(r, FAIL_AUTH, "asked for the password again");
	ck_assert_uint_eq(r->server.seen->passwords, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_connection_closed_over_the_password_is_a_refusal)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.fault = RIG_CLOSE_ON_LOGIN;
	r = rig_new(&server);
	r->spec.password = "wrong";
	fetch(r);
	expect(r, FAIL_AUTH, "refused for " RIG_USER);
	rig_free(r);
}
END_TEST

START_TEST(a_server_with_neither_method_gets_no_password)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.password = false;
	server.publickey = true;
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_AUTH, "publickey");
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_server_that_wants_no_password_is_logged_in_to)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.none = true;
	r = rig_new(&server);
	fetch(r);
	expect_file(r, 10);
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	rig_free(r);
}
END_TEST

START_TEST(nobody_listening_is_unreachable)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r = rig_new(&server);

	r->spec.addr = local_addr("127.0.0.2");
	fetch(r);
	ck_assert_uint_eq(r->ended, 1);
	ck_assert_int_eq(r->why.kind, FAIL_UNREACHABLE);
	ck_assert_ptr_nonnull(strstr(r->why.text, "Connection refused"));
	ck_assert(!r->logged_in);
	rig_free(r);
}
END_TEST

START_TEST(a_server_without_a_banner_is_unreachable_in_time)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;
	int64_t began = clock_mono_ms();

	server.fault = RIG_NO_BANNER;
	r = rig_new(&server);
	r->spec.connect_ms = 60;
	fetch(r);
	expect(r, FAIL_UNREACHABLE, "key exchange: no answer within 240 ms");
	ck_assert_int_lt(clock_mono_ms() - began, 1500);
	rig_free(r);
}
END_TEST

START_TEST(a_connection_closed_before_the_banner_is_unreachable)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.fault = RIG_CLOSE_AT_ONCE;
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_UNREACHABLE, "SSH banner");
	rig_free(r);
}
END_TEST

static long
resident_kb(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%*d %ld", &pages), 1);
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE) / 1024;
}

/* libssh2 keeps every answer, also to what was never asked. */
START_TEST(a_server_that_answers_nothing_without_an_end_is_given_up)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;
	long before;

	server.fault = RIG_JUNK;
	r = rig_new(&server);
	r->spec.stall_ms = 30000; /* to read it all under valgrind, too */
	before = resident_kb();
	fetch(r);
	expect(r, FAIL_TRANSIENT, "sent too much that nobody asked for");
	ck_assert_int_lt(resident_kb() - before, 100000);
	rig_free(r);
}
END_TEST

START_TEST(a_server_that_floods_before_its_banner_is_given_up)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.fault = RIG_FLOOD;
	r = rig_new(&server);
	fetch(r);
	expect(r, FAIL_UNREACHABLE, "no SSH banner: the server sent too much");
	rig_free(r);
}
END_TEST

START_TEST(a_mute_stat_is_transient)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.fault = RIG_MUTE_STAT;
	r = rig_new(&server);
	r->spec.stall_ms = 200;
	fetch(r);
	expect(r, FAIL_TRANSIENT, "stat: no answer within 200 ms");
	ck_assert(r->logged_in);
	rig_free(r);
}
END_TEST

START_TEST(a_stalled_transfer_is_transient)
{
	struct ssh_rig_spec server = plain(600000);
	struct rig *r;

	server.fault = RIG_MUTE_READ;
	server.limit = 200000;
	r = rig_new(&server);
	r->spec.stall_ms = 200;
	fetch(r);
	expect(r, FAIL_TRANSIENT, "stalled");
	ck_assert_uint_eq(r->wrong, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_receiver_that_refuses_ends_it_locally)
{
	struct ssh_rig_spec server = plain(600000);
	struct rig *r = rig_new(&server);

	r->refuse_data = true;
	fetch(r);
	expect(r, FAIL_LOCAL, "cannot be kept");
	ck_assert_uint_eq(r->calls, 1);
	rig_free(r);
}
END_TEST

START_TEST(after_a_cancel_nothing_runs)
{
	struct ssh_rig_spec server = plain(4 * 1024 * 1024);
	struct rig *r = rig_new(&server);
	uint64_t bytes;

	/* From inside an event, ... */
	r->cancel_at = 100000;
	fetch(r);
	bytes = r->bytes;
	ck_assert_uint_ge(bytes, 100000);
	loop_run_for(r->lp, 50);
	ck_assert_uint_eq(r->bytes, bytes);
	ck_assert_uint_eq(r->ended, 0);
	/* ... and from outside, at any age. */
	for (int ms = 0; ms < 40; ms += 4) {
		r->cancel_at = 0;
		r->sftp = sftp_start(r->lp, &r->spec, &events, r);
		loop_run_for(r->lp, ms);
		sftp_cancel(r->ended ? NULL : r->sftp);
		r->ended = 0;
	}
	sftp_cancel(NULL);
	rig_free(r);
}
END_TEST

/* --- host keys --- */

static struct known_hosts *
hosts_with(char path[UNIT_PATH_MAX], const char *line, enum host_key_mode mode)
{
	struct fail why;
	struct known_hosts *k;

	unit_file(path, line);
	k = known_hosts_load(path, mode, &why);
	ck_assert_msg(k != NULL, "%s", why.text);
	return k;
}

START_TEST(a_known_key_is_asked_for_and_believed)
{
	static const char *const types[] = {"ed25519", "ecdsa"};

	for (size_t i = 0; i < 2; i++) {
		struct ssh_rig_spec server = plain(10);
		struct rig *r;
		char path[UNIT_PATH_MAX];
		char *line;

		server.key_type = types[i];
		r = rig_new(&server);
		line = xasprintf("[127.0.0.1]:%u %s %s\n",
		    (unsigned)r->server.port, r->server.key_name,
		    r->server.key64);
		r->spec.hosts = hosts_with(path, line, HOST_KEYS_STRICT);
		fetch(r);
		expect_file(r, 10);
		known_hosts_free(r->spec.hosts);
		free(line);
		rig_free(r);
	}
}
END_TEST

START_TEST(a_first_key_is_recorded_and_then_held_to)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r = rig_new(&server);
	char path[UNIT_PATH_MAX];
	struct fail why;

	r->spec.hosts = hosts_with(path, "", HOST_KEYS_ACCEPT_NEW);
	fetch(r);
	expect_file(r, 10);
	fetch(r);
	expect_file(r, 10);
	/* Another run reads it back, and now it is known. */
	known_hosts_free(r->spec.hosts);
	r->spec.hosts = known_hosts_load(path, HOST_KEYS_STRICT, &why);
	fetch(r);
	expect_file(r, 10);
	known_hosts_free(r->spec.hosts);
	rig_free(r);
}
END_TEST

/* Who only records keys is nobody: not even a name is sent. */
START_TEST(a_key_can_be_learnt_without_a_login)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r = rig_new(&server);
	char path[UNIT_PATH_MAX];

	r->spec.hosts = hosts_with(path, "", HOST_KEYS_ACCEPT_NEW);
	r->spec.only_key = true;
	r->spec.username = r->spec.password = NULL;
	r->spec.n_files = 0;
	for (int i = 0; i < 2; i++) {
		fetch(r);
		expect(r, FAIL_NONE, "");
		ck_assert(!r->logged_in);
		ck_assert_uint_eq(r->bytes, 0);
	}
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	ck_assert_int_gt(unit_file_size(path), 50);
	known_hosts_free(r->spec.hosts);
	rig_free(r);
}
END_TEST

START_TEST(a_changed_key_gets_no_password)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *known = rig_new(&server), *r = rig_new(&server);
	char path[UNIT_PATH_MAX];
	char *line =
	    xasprintf("[127.0.0.1]:%u %s %s\n", (unsigned)r->server.port,
		known->server.key_name, known->server.key64);

	r->spec.hosts = hosts_with(path, line, HOST_KEYS_ACCEPT_NEW);
	fetch(r);
	expect(r, FAIL_IDENTITY, r->server.fingerprint);
	expect(r, FAIL_IDENTITY, known->server.fingerprint);
	expect(r, FAIL_IDENTITY, "ssh-keygen -R");
	ck_assert(!r->logged_in);
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	known_hosts_free(r->spec.hosts);
	free(line);
	rig_free(known);
	rig_free(r);
}
END_TEST

START_TEST(another_type_of_key_for_a_known_host_gets_no_password)
{
	struct ssh_rig_spec ed = plain(10), ec = plain(10);
	struct rig *known, *r;
	char path[UNIT_PATH_MAX];
	char *line;

	ec.key_type = "ecdsa";
	known = rig_new(&ed);
	r = rig_new(&ec);
	line = xasprintf("[127.0.0.1]:%u %s %s\n", (unsigned)r->server.port,
	    known->server.key_name, known->server.key64);
	r->spec.hosts = hosts_with(path, line, HOST_KEYS_ACCEPT_NEW);
	fetch(r);
	expect(r, FAIL_IDENTITY, "ssh-ed25519");
	expect(r, FAIL_IDENTITY, "ecdsa-sha2-nistp256");
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	known_hosts_free(r->spec.hosts);
	free(line);
	rig_free(known);
	rig_free(r);
}
END_TEST

START_TEST(an_unknown_host_is_refused_in_strict_mode)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r = rig_new(&server);
	char path[UNIT_PATH_MAX];

	r->spec.hosts = hosts_with(path, "", HOST_KEYS_STRICT);
	fetch(r);
	expect(r, FAIL_IDENTITY, "ssh-keyscan -t ssh-ed25519");
	ck_assert_uint_eq(r->server.seen->passwords, 0);
	known_hosts_free(r->spec.hosts);
	rig_free(r);
}
END_TEST

START_TEST(a_pin_decides_alone)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r = rig_new(&server);
	char path[UNIT_PATH_MAX];
	char *padded = xasprintf("%s=", r->server.fingerprint);
	const char *keys[2] = {r->server.fingerprint,
	    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};

	/* Strict, and the host is not known: the pin is enough. */
	r->spec.hosts = hosts_with(path, "", HOST_KEYS_STRICT);
	r->spec.host_keys = keys;
	r->spec.n_host_keys = 1;
	fetch(r);
	expect_file(r, 10);
	keys[0] = padded;
	fetch(r);
	expect_file(r, 10);
	keys[0] = keys[1];
	fetch(r);
	expect(r, FAIL_IDENTITY, r->server.fingerprint);
	ck_assert_uint_eq(r->server.seen->passwords, 2);
	known_hosts_free(r->spec.hosts);
	free(padded);
	rig_free(r);
}
END_TEST

START_TEST(an_rsa_key_without_sha1_is_named_as_the_reason)
{
	struct ssh_rig_spec server = plain(10);
	struct rig *r;

	server.key_type = "rsa";
	server.host_key_algorithms = "rsa-sha2-512,rsa-sha2-256";
	r = rig_new(&server);
	fetch(r);
	/* The reset of a server that gives up may overtake its list, and then
	 * it is tried again. */
	for (int i = 0; i < 5 && r->why.kind == FAIL_UNREACHABLE; i++)
		fetch(r);
	/* A libssh2 that knows rsa-sha2 (1.11) has no trouble with it. */
	if (r->why.kind != FAIL_NONE) {
		expect(r, FAIL_FINAL, "RSA host key works with rsa-sha2 only");
		expect(r, FAIL_FINAL, "rsa-sha2-512,rsa-sha2-256");
	}
	rig_free(r);
}
END_TEST

UNIT_MAIN("sftp", a_file_arrives_whole_and_in_order, many_reads_are_in_flight,
    a_small_file_is_read_in_a_few_reads, narrow_keeps_one_read_in_flight,
    the_end_of_file_decides_not_the_announced_size,
    the_newest_of_the_candidates_is_fetched,
    of_equally_old_candidates_the_first_is_fetched,
    no_candidate_is_final_and_names_them, a_denied_file_is_final,
    a_cut_transfer_goes_on_where_it_broke,
    an_offset_at_or_beyond_the_end_gives_nothing,
    keyboard_interactive_is_used_where_password_is_not_offered,
    a_wrong_password_is_tried_once_and_by_one_method,
    a_second_question_for_the_password_is_not_answered,
    a_connection_closed_over_the_password_is_a_refusal,
    a_server_with_neither_method_gets_no_password,
    a_server_that_wants_no_password_is_logged_in_to,
    nobody_listening_is_unreachable,
    a_server_without_a_banner_is_unreachable_in_time,
    a_connection_closed_before_the_banner_is_unreachable,
    a_server_that_answers_nothing_without_an_end_is_given_up,
    a_server_that_floods_before_its_banner_is_given_up,
    a_mute_stat_is_transient, a_stalled_transfer_is_transient,
    a_receiver_that_refuses_ends_it_locally, after_a_cancel_nothing_runs,
    a_known_key_is_asked_for_and_believed,
    a_first_key_is_recorded_and_then_held_to,
    a_key_can_be_learnt_without_a_login, a_changed_key_gets_no_password,
    another_type_of_key_for_a_known_host_gets_no_password,
    an_unknown_host_is_refused_in_strict_mode, a_pin_decides_alone,
    an_rsa_key_without_sha1_is_named_as_the_reason)
