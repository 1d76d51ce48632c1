/* check_server_host.c - the server's files of events come home: their rows. */
#include "campaign/server_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "rig/bench.h"
#include "rig/fake_server.h"

#define FOLDER  "/var/lib/traffic-capture-agent"
#define MINUTE  INT64_C(60000)
#define NOT_ALL "not all has come"

static struct {
	struct bench *b;
	struct server_files *files;
	struct fake_server server;
	struct past_event events[4];
	int n_events;
	int done;
	struct server_clock clock;
} it;

static void
on_done(void *arg, struct past_event *event)
{
	ck_assert_ptr_eq(arg, &it);
	ck_assert(event >= it.events && event < it.events + it.n_events);
	it.done++;
}

static struct server_clock
clock_now(void *arg, const struct agent_entry *agent)
{
	(void)arg, (void)agent;
	return it.clock;
}

static void
make(const char *settings)
{
	struct agent_sftp *s;

	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	s = &((struct agent_entry *)it.b->result->conf->agent)->sftp;
	s->username = arena_text(it.b->conf->values, "capture");
	s->password = arena_text(it.b->conf->values, "secret");
	s->port = 22;
	s->directory = arena_text(it.b->conf->values, FOLDER);
	fake_server(&it.server);
	it.clock.known = true;
	it.files = server_files_new(&it.b->tools, on_done, &it);
	server_files_use_clock(it.files, clock_now, &it);
}

static void
drop(void)
{
	server_files_free(it.files);
	for (int i = 0; i < it.n_events; i++)
		free(it.events[i].pieces);
	bench_free(it.b);
	ck_assert_int_eq(it.server.sessions, 0);
	fake_server_clear(&it.server);
	fake_server(NULL);
}

/* An event of now, whose STOP the agent answered so. */
static struct past_event *
event(bool kept)
{
	struct past_event *e = &it.events[it.n_events++];
	struct round *r = &it.b->result->round;

	round_begin(r, it.n_events);
	ledger_fact(&it.b->ledger, FACT_ON);
	ledger_fact(&it.b->ledger, FACT_AGENT_ON);
	ledger_fact(&it.b->ledger, FACT_EVENT);
	ledger_name_file(&it.b->ledger);
	ledger_fact(&it.b->ledger, FACT_FILE);
	if (kept)
		ledger_fact(&it.b->ledger, FACT_KEPT);
	e->books = it.b->ledger.books;
	e->round = *r;
	e->conf = it.b->result->conf;
	ck_assert(server_files_add(it.files, e));
	return e;
}

/* --- what is on the server --- */

static char *
path_of(const struct past_event *e, int n)
{
	char name[CAPTURE_NAME_MAX];

	if (n < 0)
		capture_name_sidecar(name, "", e->round.file);
	else
		capture_name_ovoc(name, e->round.file, (unsigned)n);
	return xasprintf(FOLDER "/%s", name);
}

/* Piece n: so many packets, from s seconds before the event on. */
static void
piece(const struct past_event *e, int n, int packets, int s, size_t cut)
{
	char *path = path_of(e, n);

	fake_server_capture(&it.server, path, packets,
	    e->round.event_at - (int64_t)s * 1000, cut);
	free(path);
}

static void
put(const struct past_event *e, int n, const char *text)
{
	char *path = path_of(e, n);

	fake_server_put(&it.server, path, text, strlen(text));
	free(path);
}

/* Pieces 0 .. n - 1, each of 100 s, the last of the event. */
static void
sidecar(const struct past_event *e, int n)
{
	struct strbuf text = STRBUF_INIT;
	char name[CAPTURE_NAME_MAX];

	strbuf_addf(&text,
	    "{\"schema\":1,\"writer\":\"agent\",\"version\":\"0.1.0\","
	    "\"device\":\"%s\",\"interface\":\"eth0\",\"snaplen\":0,"
	    "\"began\":1000,\"ended\":9000,\"pieces\":[",
	    e->conf->told);
	for (int i = 0; i < n; i++) {
		int64_t from = e->round.event_at - (n - i) * 100000;

		capture_name_ovoc(name, e->round.file, (unsigned)i);
		strbuf_addf(&text,
		    "%s{\"name\":\"%s\",\"bytes\":1,\"firstUs\":%lld,"
		    "\"lastUs\":%lld}",
		    i > 0 ? "," : "", name, (long long)from * 1000,
		    (long long)(from + 100000) * 1000);
	}
	strbuf_add(&text, "],\"holes\":[]}");
	put(e, -1, strbuf_text(&text));
	strbuf_free(&text);
}

static void
is_here(const struct past_event *e, int n, bool here)
{
	char *remote = path_of(e, n);
	char *path =
	    xasprintf("%s/%s", e->books.captures, remote + strlen(FOLDER "/"));
	char *part = xasprintf("%s.part", path);

	ck_assert_msg((unit_file_size(path) >= 0) == here, "%s", path);
	ck_assert_int_lt(unit_file_size(part), 0);
	free(part);
	free(path);
	free(remote);
}

/* All events are done, within so long; the row of the n-th says this. */
static void
until_done(int64_t ms)
{
	int64_t end = loop_now(it.b->lp) + ms;

	while (it.done < it.n_events) {
		ck_assert_int_lt(loop_now(it.b->lp), end);
		loop_run_for(it.b->lp, 50);
	}
	ck_assert_int_eq(
	    rows_count(it.b->result, TASK_RETRIEVE_SERVER), it.n_events);
}

static const struct row *
row_is(int n, enum task_status s, enum severity severity, const char *has)
{
	const struct row *row = rows_expect(
	    it.b->result, TASK_RETRIEVE_SERVER, n, s, severity, has);

	ck_assert_int_eq(row->event, n);
	return row;
}

/* --- files come --- */

START_TEST(sidecar_and_the_pieces_that_matter_come)
{
	struct past_event *e;
	const struct row *row;

	make("compare = { before = \"150s\"; };");
	e = event(true);
	sidecar(e, 4);
	for (int i = 0; i < 4; i++)
		piece(e, i, 3, (4 - i) * 100, 0);
	until_done(MINUTE);
	row =
	    row_is(1, TASK_SUCCESS, SEVERITY_NORMAL, " bytes: 6 packets from ");
	row_is(1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "2 files of the server's and its sidecar, ");
	/* The first begins 200 s before the event, and ends 100 s before. */
	ck_assert_ptr_nonnull(strstr(row->file, "-2.pcap"));
	ck_assert_uint_eq(row->bytes, 252);
	ck_assert_uint_gt(it.b->result->bytes, 2 * 252 + 500);
	ck_assert_uint_eq(strlen(row->sha256), 64);
	ck_assert_ptr_null(row->note);
	is_here(e, -1, true);
	is_here(e, 0, false);
	is_here(e, 1, false);
	is_here(e, 2, true);
	is_here(e, 3, true);
	ck_assert(e->sidecar);
	ck_assert_uint_eq(e->n_pieces, 2);
	ck_assert_uint_eq(e->pieces[0], 2);
	ck_assert_uint_eq(e->pieces[1], 3);
	ck_assert_int_eq(it.server.logins, 1);
	drop();
}
END_TEST

START_TEST(a_server_with_another_clock_has_its_own_times)
{
	struct past_event *e;

	make("compare = { before = \"150s\"; };");
	/* What it calls 4 hours later is now. */
	it.clock.ahead = 240 * MINUTE;
	e = event(true);
	e->round.event_at += it.clock.ahead;
	sidecar(e, 4);
	e->round.event_at -= it.clock.ahead;
	for (int i = 0; i < 4; i++)
		piece(e, i, 3, (4 - i) * 100, 0);
	until_done(MINUTE);
	ck_assert_uint_eq(e->n_pieces, 2);
	drop();
}
END_TEST

START_TEST(of_an_unknown_clock_all_pieces_come)
{
	struct past_event *e;

	make("compare = { before = \"150s\"; };");
	it.clock.known = false;
	e = event(true);
	sidecar(e, 4);
	for (int i = 0; i < 4; i++)
		piece(e, i, 3, (4 - i) * 100, 0);
	until_done(MINUTE);
	ck_assert_uint_eq(e->n_pieces, 4);
	drop();
}
END_TEST

START_TEST(without_a_sidecar_pieces_come_until_there_is_none)
{
	struct past_event *e;

	make("");
	e = event(true);
	for (int i = 0; i < 3; i++)
		piece(e, i, 2, 100, 0);
	piece(e, 4, 2, 100, 0); /* nobody can know of it */
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "3 files of the server's, 528 bytes: 6");
	row_is(1, TASK_SUCCESS, SEVERITY_NORMAL, "without a sidecar");
	ck_assert(!e->sidecar);
	ck_assert_uint_eq(e->n_pieces, 3);
	is_here(e, -1, false);
	is_here(e, 4, false);
	drop();
}
END_TEST

START_TEST(one_login_serves_every_event_that_comes_in_time)
{
	make("");
	for (int i = 0; i < 3; i++)
		piece(event(true), 0, 2, 100, 0);
	until_done(MINUTE);
	loop_run_for(it.b->lp, 20000);
	piece(event(true), 0, 2, 100, 0);
	until_done(MINUTE);
	ck_assert_int_eq(it.server.logins, 1);
	loop_run_for(it.b->lp, 40000);
	ck_assert_int_eq(it.server.sessions, 0);
	drop();
}
END_TEST

/* --- what is wrong with files --- */

START_TEST(a_sidecar_that_is_garbage_is_not_believed_and_not_kept)
{
	struct past_event *e;

	make("");
	e = event(true);
	put(e, -1, "{\"schema\":1,\"writer\":\"ag");
	piece(e, 0, 2, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR,
	    "1 file of the server's, 176 bytes: 2 ");
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "its sidecar is not believed");
	is_here(e, -1, false);
	is_here(e, 0, true);
	drop();
}
END_TEST

START_TEST(a_sidecar_of_another_device_is_not_believed)
{
	struct past_event *e, other;
	struct device_entry conf;

	make("");
	e = event(true);
	other = *e;
	conf = *e->conf;
	conf.told = (char *)"192.0.2.99";
	other.conf = &conf;
	sidecar(&other, 0);
	piece(e, 0, 2, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "it is not the agent's, of ");
	is_here(e, -1, false);
	drop();
}
END_TEST

/* Its times are not those of the pieces that have our names. */
START_TEST(a_sidecar_of_another_event_is_not_believed)
{
	struct past_event *e, other;
	char *path;
	size_t i;

	make("compare = { before = \"150s\"; };");
	e = event(true);
	other = *e;
	capture_name_cpe(
	    other.round.file, e->conf->told, e->round.event_at - 3600000);
	other.round.event_at -= 3600000;
	sidecar(&other, 2);
	path = path_of(&other, -1);
	i = fake_server_find(&it.server, path);
	ck_assert_uint_lt(i, it.server.n_files);
	put(e, -1, it.server.files[i].data);
	free(path);
	piece(e, 0, 2, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "it tells of another event, ");
	is_here(e, -1, false);
	is_here(e, 0, true);
	drop();
}
END_TEST

START_TEST(a_sidecar_without_an_end_is_given_up)
{
	struct past_event *e;
	char *huge = xcalloc(1, EVENT_RECORD_BYTES + 2), *path;

	make("");
	e = event(true);
	path = path_of(e, -1);
	fake_server_put(&it.server, path, huge, EVENT_RECORD_BYTES + 1);
	free(path);
	free(huge);
	piece(e, 0, 2, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "it is too long");
	is_here(e, -1, false);
	drop();
}
END_TEST

START_TEST(a_piece_that_is_missing_is_told)
{
	struct past_event *e;

	make("");
	e = event(true);
	sidecar(e, 3);
	piece(e, 0, 2, 300, 0);
	piece(e, 2, 2, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "2 files of the server's");
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "piece 1: no such file");
	ck_assert_uint_eq(e->n_pieces, 2);
	drop();
}
END_TEST

START_TEST(without_any_piece_nothing_has_come)
{
	struct past_event *e;

	make("");
	e = event(true);
	sidecar(e, 1);
	until_done(MINUTE);
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "no file of the server's is ");
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "piece 0: no such file");
	is_here(e, -1, true);
	event(true);
	until_done(MINUTE);
	row_is(2, TASK_FAILURE, SEVERITY_MINOR, "no such file");
	ck_assert_int_eq(it.server.logins, 1);
	drop();
}
END_TEST

START_TEST(a_piece_that_is_cut_comes_twice_and_is_kept)
{
	struct past_event *e;

	make("");
	e = event(true);
	piece(e, 0, 3, 100, 10);
	piece(e, 1, 3, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "piece 0: cut on the server");
	is_here(e, 0, true);
	is_here(e, 1, true);
	drop();
}
END_TEST

START_TEST(what_is_no_capture_is_not_kept)
{
	struct past_event *e;

	make("");
	e = event(true);
	put(e, 0, "#!/bin/sh");
	piece(e, 1, 3, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "piece 0: no capture file");
	is_here(e, 0, false);
	is_here(e, 1, true);
	drop();
}
END_TEST

START_TEST(a_piece_beyond_max_file_stays_there)
{
	struct past_event *e;

	make("campaign = { max_file = 1000; };");
	e = event(true);
	piece(e, 0, 100, 100, 0);
	piece(e, 1, 3, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_MINOR, "campaign.max_file allows");
	is_here(e, 0, false);
	is_here(e, 1, true);
	drop();
}
END_TEST

START_TEST(a_full_disk_ends_it)
{
	struct past_event *e;

	make("");
	it.b->conf->campaign.min_free = INT64_MAX / 2;
	e = event(true);
	sidecar(e, 1);
	piece(e, 0, 3, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "campaign.min_free");
	is_here(e, -1, false);
	is_here(e, 0, false);
	event(true);
	until_done(MINUTE);
	drop();
}
END_TEST

/* --- trouble on the way --- */

static void
trouble(enum server_fault fault, size_t at, int times)
{
	it.server.fault = fault;
	it.server.fault_at = at;
	it.server.fault_times = times;
}

START_TEST(a_broken_piece_goes_on_where_it_broke)
{
	struct past_event *e;

	make("");
	e = event(true);
	piece(e, 0, 30, 100, 0);
	trouble(SERVER_CUT, 1000, 2);
	until_done(MINUTE);
	row_is(1, TASK_SUCCESS, SEVERITY_NORMAL,
	    "1 file of the server's, 2304 bytes: 30");
	ck_assert_int_ge(it.server.logins, 2);
	is_here(e, 0, true);
	drop();
}
END_TEST

START_TEST(a_server_that_hangs_is_given_up_after_its_attempts)
{
	struct past_event *e;
	const struct row *row;

	make("campaign = { rest_attempts = 3; };");
	e = event(true);
	sidecar(e, 2);
	piece(e, 0, 30, 200, 0);
	piece(e, 1, 30, 100, 0);
	/* The sidecar and the first piece come. */
	while (e->n_pieces < 1)
		loop_run_for(it.b->lp, 1);
	trouble(SERVER_HANG, 100, -1);
	until_done(10 * MINUTE);
	row = row_is(1, TASK_FAILURE, SEVERITY_MINOR, "stalled");
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, NOT_ALL);
	ck_assert_int_eq(row->attempt, 3);
	ck_assert_ptr_nonnull(strstr(row->file, "-0.pcap"));
	ck_assert_uint_eq(e->n_pieces, 1);
	is_here(e, 1, false);
	drop();
}
END_TEST

START_TEST(a_refused_login_is_the_last_of_the_run)
{
	make("");
	trouble(SERVER_AUTH, 0, -1);
	event(true);
	event(true);
	until_done(MINUTE);
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "login refused for capture");
	row_is(2, TASK_SKIPPED, SEVERITY_MINOR, "login refused for capture");
	loop_run_for(it.b->lp, 60 * MINUTE);
	event(true);
	until_done(MINUTE);
	row_is(3, TASK_SKIPPED, SEVERITY_MINOR,
	    "not asked again in this run: login refused");
	ck_assert_int_eq(it.server.logins, 1);
	drop();
}
END_TEST

START_TEST(another_host_key_gets_no_second_login)
{
	make("");
	trouble(SERVER_IDENTITY, 0, -1);
	event(true);
	until_done(MINUTE);
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "the host key has changed");
	event(true);
	until_done(MINUTE);
	row_is(2, TASK_SKIPPED, SEVERITY_MINOR, "the host key has changed");
	ck_assert_int_eq(it.server.logins, 1);
	drop();
}
END_TEST

START_TEST(an_unreachable_server_is_tried_again_until_its_limit)
{
	struct past_event *e;

	make("timeouts = { unreachable_pause = \"30s\"; unreachable_limit = "
	     "\"10m\"; };");
	trouble(SERVER_UNREACHABLE, 0, 3);
	e = event(true);
	piece(e, 0, 3, 100, 0);
	until_done(2 * MINUTE);
	ck_assert_int_eq(
	    row_is(1, TASK_SUCCESS, SEVERITY_NORMAL, "1 file")->attempt, 4);
	ck_assert_int_eq(it.server.logins, 4);
	loop_run_for(it.b->lp, MINUTE);
	trouble(SERVER_UNREACHABLE, 0, -1);
	event(true);
	event(true);
	until_done(12 * MINUTE);
	row_is(2, TASK_FAILURE, SEVERITY_MINOR, "no SSH session");
	row_is(3, TASK_SKIPPED, SEVERITY_MINOR, "no SSH session");
	ck_assert_int_eq(it.server.logins, 4 + 21);
	/* Another event gets one try, and not ten minutes. */
	event(true);
	until_done(MINUTE);
	ck_assert_int_eq(it.server.logins, 4 + 22);
	drop();
}
END_TEST

START_TEST(a_file_that_may_not_be_read_ends_the_event_not_the_server)
{
	struct past_event *e;

	make("");
	trouble(SERVER_DENIED, 0, 1);
	e = event(true);
	piece(e, 0, 3, 100, 0);
	until_done(MINUTE);
	row_is(1, TASK_FAILURE, SEVERITY_MINOR, "permission denied");
	piece(event(true), 0, 3, 100, 0);
	until_done(MINUTE);
	row_is(2, TASK_SUCCESS, SEVERITY_NORMAL, "1 file");
	drop();
}
END_TEST

/* --- who goes first --- */

static void
nothing(void *arg)
{
	(void)arg;
}

START_TEST(devices_own_files_go_first_but_not_for_ever)
{
	struct ticket own = {.gate = NULL};
	int64_t began;

	make("");
	gate_enter(it.b->tools.sftp_gate, &own, false, nothing, NULL);
	piece(event(true), 0, 3, 100, 0);
	loop_run_for(it.b->lp, 20000);
	ck_assert_int_eq(it.server.logins, 0);
	gate_leave(&own);
	until_done(2000);
	gate_enter(it.b->tools.sftp_gate, &own, false, nothing, NULL);
	piece(event(true), 0, 3, 100, 0);
	began = loop_now(it.b->lp);
	/* Sidecar (none), piece 0, piece 1 (none): a minute each. */
	until_done(4 * MINUTE);
	ck_assert_int_ge(loop_now(it.b->lp) - began, 3 * MINUTE);
	gate_leave(&own);
	drop();
}
END_TEST

/* --- nothing to fetch, and no time --- */

START_TEST(what_the_agent_did_not_keep_is_skipped)
{
	make("");
	event(false);
	until_done(1000);
	row_is(1, TASK_SKIPPED, SEVERITY_MINOR,
	    "the agent did not keep its capture at STOP");
	ck_assert_int_eq(it.server.logins, 0);
	drop();
}
END_TEST

START_TEST(without_sftp_there_is_neither_row_nor_done)
{
	struct past_event e = {.n_pieces = 0};
	struct agent_sftp *s;

	make("");
	s = &((struct agent_entry *)it.b->result->conf->agent)->sftp;
	s->username = NULL;
	e.conf = it.b->result->conf;
	e.round.kept = true;
	ck_assert(!server_files_add(it.files, &e));
	loop_run_for(it.b->lp, MINUTE);
	ck_assert_int_eq(it.done, 0);
	ck_assert_int_eq(rows_count(it.b->result, TASK_RETRIEVE_SERVER), 0);
	drop();
}
END_TEST

/* It came, or there is none, or there was no time. */
static void
is_explained(int n)
{
	const struct row *row =
	    rows_find(it.b->result, TASK_RETRIEVE_SERVER, n);

	ck_assert(row->status == TASK_SUCCESS ||
		  strstr(row->description, "interrupted") != NULL ||
		  strstr(row->description, "no such file") != NULL);
	ck_assert_int_le(row->severity, SEVERITY_MINOR);
}

/* For each moment of an event: what is under way, and what waits. */
START_TEST(an_abandon_at_any_time_leaves_a_row_of_each_event)
{
	for (int64_t ms = 0; ms < 60; ms++) {
		struct past_event *e;

		make("");
		e = event(true);
		sidecar(e, 2);
		piece(e, 0, 30, 200, 0);
		piece(e, 1, 30, 100, 0);
		event(true);
		loop_run_for(it.b->lp, ms);
		server_files_abandon(it.files, "interrupted");
		until_done(1);
		is_explained(1);
		is_explained(2);
		event(true);
		until_done(1);
		row_is(3, TASK_SKIPPED, SEVERITY_MINOR, "interrupted");
		drop();
	}
}
END_TEST

START_TEST(dropped_at_any_time_nothing_is_left)
{
	for (int64_t ms = 0; ms < 60; ms++) {
		struct past_event *e;

		make("");
		e = event(true);
		sidecar(e, 2);
		piece(e, 0, 30, 200, 0);
		piece(e, 1, 30, 100, 0);
		event(true);
		event(false);
		loop_run_for(it.b->lp, ms);
		drop();
	}
}
END_TEST

UNIT_MAIN("server_host", sidecar_and_the_pieces_that_matter_come,
    a_server_with_another_clock_has_its_own_times,
    of_an_unknown_clock_all_pieces_come,
    without_a_sidecar_pieces_come_until_there_is_none,
    one_login_serves_every_event_that_comes_in_time,
    a_sidecar_that_is_garbage_is_not_believed_and_not_kept,
    a_sidecar_of_another_device_is_not_believed,
    a_sidecar_of_another_event_is_not_believed,
    a_sidecar_without_an_end_is_given_up, a_piece_that_is_missing_is_told,
    without_any_piece_nothing_has_come,
    a_piece_that_is_cut_comes_twice_and_is_kept, what_is_no_capture_is_not_kept,
    a_piece_beyond_max_file_stays_there, a_full_disk_ends_it,
    a_broken_piece_goes_on_where_it_broke,
    a_server_that_hangs_is_given_up_after_its_attempts,
    a_refused_login_is_the_last_of_the_run,
    another_host_key_gets_no_second_login,
    an_unreachable_server_is_tried_again_until_its_limit,
    a_file_that_may_not_be_read_ends_the_event_not_the_server,
    devices_own_files_go_first_but_not_for_ever,
    what_the_agent_did_not_keep_is_skipped,
    without_sftp_there_is_neither_row_nor_done,
    an_abandon_at_any_time_leaves_a_row_of_each_event,
    dropped_at_any_time_nothing_is_left)
