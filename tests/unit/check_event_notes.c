/* check_event_notes.c - what the campaign writes down of an event. */
#include "device/event_notes.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/xmem.h"
#include "device/heartbeat.h"
#include "rig/bench.h"
#include "rig/fake_disk_sync.h"
#include "wire/event_record.h"

static struct {
	struct bench *b;
	struct event_notes notes;
	struct heartbeat beats;
} it;

static void
on_beat(void *arg, int silent, bool alone)
{
	(void)arg;
	(void)silent;
	(void)alone;
}

static void
make(const char *settings)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, settings);
	heartbeat_init(&it.beats, &it.b->ledger, on_beat, NULL);
	event_notes_init(&it.notes, &it.b->reach, it.b->link, &it.beats.kept);
	it.b->ledger.notes = &it.notes;
}

static void
end(void)
{
	event_notes_clear(&it.notes);
	heartbeat_clear(&it.beats);
	bench_free(it.b);
}

static void
fact(enum fact f, int64_t behind)
{
	loop_run_for(it.b->lp, behind);
	ledger_fact(&it.b->ledger, f);
}

/* An event from the start to the end of its round, which is to come. */
static void
event(void)
{
	fact(FACT_ON, 1000);
	fact(FACT_STILL_ON, 4000);
	loop_run_for(it.b->lp, 2000);
	ledger_note(&it.b->ledger, TASK_ALARM, TASK_SUCCESS, SEVERITY_NORMAL,
	    "Connection Lost: the event begins");
	fact(FACT_EVENT, 500);
	loop_run_for(it.b->lp, 3000);
	ledger_name_file(&it.b->ledger);
	fact(FACT_OFF, 1500);
}

static struct event_record *
decoded(void)
{
	struct strbuf text = STRBUF_INIT;
	struct event_record *r;
	struct fail why;

	event_notes_encode(&it.notes, &it.b->tools, it.b->result, &text);
	r = event_record_decode(text.s, text.len, &why);
	ck_assert_msg(r != NULL, "%s: %s", why.text, text.s);
	strbuf_free(&text);
	return r;
}

/* NULL: it is not there; free(3). */
static char *
path_of_record(void)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_campaign(name, bench_round(it.b)->file);
	return xasprintf("%s/%s", it.b->ledger.books.captures, name);
}

static bool
is_written(void)
{
	char *path = path_of_record();
	bool is = access(path, F_OK) == 0;

	free(path);
	return is;
}

START_TEST(its_reader_understands_who_is_who)
{
	struct event_record *r;
	char text[ADDR_TEXT_MAX];

	make("devices = ( { ovoc_address = \"203.0.113.77\"; "
	     "address = \"192.0.2.2\"; interfaces = [ \"eth-wan\" ]; } );");
	event();
	it.b->result->clock_known = true;
	it.b->result->clock = -3600000;
	r = decoded();
	ck_assert_int_eq(r->writer, EVENT_CAMPAIGN);
	ck_assert_str_eq(r->device, "203.0.113.77");
	ck_assert_ptr_nonnull(strstr(bench_round(it.b)->file, r->event));
	ck_assert_str_eq(r->campaign, it.b->conf->campaign.name);
	ck_assert_uint_eq(r->device_at.n, 2);
	ck_assert_str_eq(addr_text(&r->device_at.at[0], text), "192.0.2.2");
	ck_assert_str_eq(addr_text(&r->device_at.at[1], text), "203.0.113.77");
	ck_assert_uint_eq(r->agent_at.n, 1);
	ck_assert_str_eq(addr_text(&r->agent_at.at[0], text), "198.51.100.1");
	ck_assert_uint_ge(r->ovoc_at.n, 1);
	ck_assert_uint_ge(r->n_interfaces, 1);
	ck_assert(r->device_clock.known && !r->agent_clock.known);
	ck_assert_int_eq(r->device_clock.ahead, -3600000);
	ck_assert_int_ge(r->device_clock.error, 1000);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(it_has_the_beats_before_the_event)
{
	struct event_record *r;
	int64_t apart;

	make("verify = { heartbeat = \"10s\"; };");
	heartbeat_start(&it.beats, &it.b->device->addr);
	loop_run_for(it.b->lp, 25000);
	it.b->device->beats_silent = true;
	loop_run_for(it.b->lp, 10000);
	heartbeat_stop(&it.beats);
	event();
	r = decoded();
	ck_assert_uint_eq(r->n_probes, 0);
	ck_assert_uint_eq(r->n_heartbeats, 4 * VERIFY_KINDS);
	for (size_t i = 0; i < r->n_heartbeats; i++)
		ck_assert_int_eq(r->heartbeat[i].fate, i < 3 * VERIFY_KINDS
							   ? PROBE_FATE_ANSWERED
							   : PROBE_FATE_LOST);
	apart = r->heartbeat[VERIFY_KINDS].sent_us - r->heartbeat[0].sent_us;
	ck_assert_int_eq(apart, 10000000);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(it_tells_what_show_confirmed_and_when_it_was_stopped)
{
	struct event_record *r;

	make("");
	event();
	r = decoded();
	ck_assert_uint_eq(r->ran.n, 1);
	ck_assert_int_eq(r->ran.at[0].from, STAGE_WALL + 1000);
	ck_assert_int_eq(r->ran.at[0].to, STAGE_WALL + 5000);
	ck_assert_int_eq(r->alarm_at, STAGE_WALL + 7000);
	ck_assert_str_eq(r->alarm, "Connection Lost: the event begins");
	ck_assert_int_eq(it.notes.stopped - it.notes.shown[0].to, 5500);
	ck_assert_int_eq(it.notes.off - it.notes.stopped, 1500);
	event_record_free(r);
	end();
}
END_TEST

/* Nobody knows when it went off, and it was nobody's stop. */
START_TEST(what_vanished_is_confirmed_to_the_last_show)
{
	struct event_record *r;

	make("");
	fact(FACT_ON, 1000);
	fact(FACT_STILL_ON, 1000);
	fact(FACT_BLIND, 1000);
	fact(FACT_VANISHED, 1000);
	loop_run_for(it.b->lp, 1000);
	ledger_name_file(&it.b->ledger);
	fact(FACT_OFF, 1000);
	ck_assert_int_eq(it.notes.stopped, 0);
	ck_assert_int_eq(it.notes.off, 0);
	r = decoded();
	ck_assert_uint_eq(r->ran.n, 1);
	ck_assert_int_eq(r->ran.at[0].to, STAGE_WALL + 2000);
	ck_assert_int_eq(r->alarm_at, 0);
	event_record_free(r);
	fact(FACT_ON, 1000);
	r = decoded();
	ck_assert_uint_eq(r->ran.n, 2);
	ck_assert_int_eq(r->ran.at[1].from, STAGE_WALL + 7000);
	event_record_free(r);
	end();
}
END_TEST

/* A span that has no room is not the last one's: there was a hole between. */
START_TEST(spans_beyond_the_last_are_left_out)
{
	struct event_record *r;

	make("");
	for (int i = 0; i < NOTES_SPANS_MAX + 3; i++) {
		fact(FACT_ON, 1000);
		fact(FACT_STILL_ON, 1000);
		fact(FACT_VANISHED, 1000);
	}
	ledger_name_file(&it.b->ledger);
	r = decoded();
	ck_assert_uint_eq(r->ran.n, NOTES_SPANS_MAX);
	for (size_t i = 0; i < r->ran.n; i++)
		ck_assert_int_eq(r->ran.at[i].to - r->ran.at[i].from, 1000);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(times_are_those_of_the_clock_as_it_is_now)
{
	struct event_record *r;

	make("");
	event();
	loop_set_wall(it.b->lp, STAGE_WALL + 3600000);
	r = decoded();
	ck_assert_int_eq(r->ran.at[0].from, STAGE_WALL + 3600000 - 11000);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(each_of_its_probes_is_there)
{
	struct verify_probe one = {.sent_us = 70,
	    .took_us = 30,
	    .id = 4711,
	    .port = 40000,
	    .fate = VERIFY_ANSWERED};
	struct verify_result p = {.began_us = STAGE_WALL * 1000,
	    .kind[VERIFY_SNMP] = {
		.on = true, .sent = 1, .n = 1, .probe = &one}};
	struct event_record *r;

	make("");
	event();
	event_notes_probes(&it.notes, &p);
	one.fate = VERIFY_LOST;
	one.took_us = -1;
	event_notes_probes(&it.notes, &p);
	r = decoded();
	ck_assert_uint_eq(r->n_probes, 1);
	ck_assert_uint_eq(r->n_heartbeats, 0);
	ck_assert_int_eq(r->probe[0].kind, PROBE_KIND_SNMP);
	ck_assert_int_eq(r->probe[0].fate, PROBE_FATE_LOST);
	ck_assert_int_eq(r->probe[0].sent_us, STAGE_WALL * 1000 + 70);
	ck_assert_uint_eq(r->probe[0].id, 4711);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(all_interfaces_are_told_where_all_are_captured)
{
	static const struct {
		const char *of;
		int all;
	} cases[] = {{"\"eth-wan\", \"eth-lan\"", -1},
	    {"\"cellular-wan\", \"fiber-wan\", \"xdsl-wan\", "
	     "\"shdsl-wan\", \"t1-e1-wan\", \"eth-wan\"",
		1}};
	struct event_record *r;
	char settings[512];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(settings, sizeof(settings),
		    "devices = ( { address = \"192.0.2.2\"; "
		    "interfaces = [ %s ]; } );",
		    cases[i].of);
		make(settings);
		event();
		r = decoded();
		ck_assert_int_eq(r->all_interfaces, cases[i].all);
		event_record_free(r);
		end();
	}
}
END_TEST

START_TEST(it_is_there_when_the_round_has_ended)
{
	make("");
	event();
	ck_assert(!is_written());
	ledger_ended(&it.b->ledger);
	ck_assert(is_written());
	ck_assert_int_eq(it.notes.n_shown, 0);
	ck_assert(bench_round(it.b)->ended);
	end();
}
END_TEST

START_TEST(a_round_without_an_event_or_a_name_has_none)
{
	make("");
	fact(FACT_ON, 1000);
	ledger_name_file(&it.b->ledger);
	ledger_ended(&it.b->ledger);
	ck_assert(!is_written());
	end();
	make("");
	fact(FACT_ON, 1000);
	fact(FACT_EVENT, 1000);
	ledger_ended(&it.b->ledger);
	ck_assert_str_eq(bench_round(it.b)->file, "");
	end();
}
END_TEST

/* A run was killed right behind it; the next one finishes the round. */
START_TEST(one_that_is_there_knows_more)
{
	char *path, *text;

	make("");
	event();
	path = path_of_record();
	unit_write(path, "more");
	ledger_ended(&it.b->ledger);
	text = unit_read(path);
	ck_assert_str_eq(text, "more");
	free(text);
	free(path);
	end();
}
END_TEST

/* The event was an earlier run's, whose rows are here. */
START_TEST(a_recovery_tells_the_alarm_by_its_row)
{
	struct event_record *r;

	make("");
	event();
	event_notes_clear(&it.notes);
	loop_run_for(it.b->lp, 60000);
	r = decoded();
	ck_assert_int_eq(r->alarm_at, STAGE_WALL + 7000);
	ck_assert_str_eq(r->alarm, "Connection Lost: the event begins");
	ck_assert_uint_eq(r->ran.n + r->n_probes, 0);
	event_record_free(r);
	end();
}
END_TEST

START_TEST(a_disk_without_room_leaves_none_and_the_round_ends)
{
	struct rlimit was, small;
	struct fail why;
	bool ok;

	make("");
	event();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = (struct rlimit){.rlim_cur = 100, .rlim_max = was.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	ok = event_notes_write(&it.notes, &it.b->tools, it.b->result,
	    it.b->ledger.books.captures, &why);
	setrlimit(RLIMIT_FSIZE, &was);
	ck_assert(!ok);
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, strerror(EFBIG)));
	ck_assert(!is_written());
	ck_assert(rmdir(it.b->ledger.books.captures) == 0);
	ledger_ended(&it.b->ledger);
	ck_assert(bench_round(it.b)->ended);
	ck_assert_int_eq(it.b->result->severity, SEVERITY_NORMAL);
	end();
}
END_TEST

/* --- its sync, where that is beside the loop --- */

static int synced;

static void
on_synced(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	synced++;
}

/* The round's end waits for the disk. */
static void
make_syncing(void)
{
	make("");
	event();
	fake_disk_sync_beside();
	synced = 0;
	for (int i = 0; i < 2; i++)
		ck_assert(ledger_syncs_record(&it.b->ledger, on_synced, &it));
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert(!is_written());
}

START_TEST(it_is_on_the_disk_before_the_round_ends)
{
	make_syncing();
	fake_disk_sync_end(0);
	ck_assert_int_eq(synced, 1);
	ck_assert(!is_written());
	ledger_ended(&it.b->ledger);
	ck_assert(is_written());
	ck_assert(!ledger_syncs_record(&it.b->ledger, on_synced, &it));
	end();
}
END_TEST

START_TEST(a_round_that_ends_meanwhile_has_it_too)
{
	make_syncing();
	ledger_ended(&it.b->ledger);
	ck_assert(is_written());
	ck_assert_int_eq(synced, 0);
	end();
}
END_TEST

START_TEST(an_error_of_that_sync_shows_when_the_round_ends_meanwhile)
{
	make_syncing();
	fake_disk_sync_fails(EIO);
	ledger_ended(&it.b->ledger);
	ck_assert(!is_written());
	fake_disk_sync_fails(0);
	end();
}
END_TEST

START_TEST(what_is_forgotten_meanwhile_leaves_nothing)
{
	char *path, *part;

	make_syncing();
	path = path_of_record();
	part = xasprintf("%s.part", path);
	ck_assert_int_eq(access(part, F_OK), 0);
	event_notes_clear(&it.notes);
	ck_assert_int_ne(access(part, F_OK), 0);
	ck_assert_int_eq(synced, 0);
	free(part);
	free(path);
	end();
}
END_TEST

START_TEST(a_sync_that_fails_leaves_none_and_the_round_ends)
{
	make_syncing();
	fake_disk_sync_end(EIO);
	ck_assert_int_eq(synced, 1);
	ledger_ended(&it.b->ledger);
	ck_assert(!is_written());
	ck_assert(bench_round(it.b)->ended);
	end();
}
END_TEST

START_TEST(without_an_event_there_is_nothing_to_wait_for)
{
	make("");
	fact(FACT_ON, 1000);
	ledger_name_file(&it.b->ledger);
	fake_disk_sync_beside();
	ck_assert(!ledger_syncs_record(&it.b->ledger, on_synced, &it));
	ck_assert_int_eq(fake_disk_sync_begun(), 0);
	end();
}
END_TEST

UNIT_MAIN("event_notes", its_reader_understands_who_is_who,
    it_has_the_beats_before_the_event,
    it_tells_what_show_confirmed_and_when_it_was_stopped,
    what_vanished_is_confirmed_to_the_last_show,
    spans_beyond_the_last_are_left_out,
    times_are_those_of_the_clock_as_it_is_now, each_of_its_probes_is_there,
    all_interfaces_are_told_where_all_are_captured,
    it_is_there_when_the_round_has_ended,
    it_is_on_the_disk_before_the_round_ends,
    a_round_that_ends_meanwhile_has_it_too,
    an_error_of_that_sync_shows_when_the_round_ends_meanwhile,
    what_is_forgotten_meanwhile_leaves_nothing,
    a_sync_that_fails_leaves_none_and_the_round_ends,
    without_an_event_there_is_nothing_to_wait_for,
    a_round_without_an_event_or_a_name_has_none, one_that_is_there_knows_more,
    a_recovery_tells_the_alarm_by_its_row,
    a_disk_without_room_leaves_none_and_the_round_ends)
