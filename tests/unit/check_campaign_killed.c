/* check_campaign_killed.c - runs that were killed, and the run behind them. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/journal.h"
#include "campaign/recovery.h"
#include "report/report.h"
#include "rig/fake_disk_sync.h"
#include "rig/fake_resolve.h"
#include "rig/fake_sync.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)

/* Has the run's journal this fact of the device? */
static bool
has_fact(const struct rig *r, size_t device, enum fact f)
{
	char *text = rig_file(r->result->folder, "journal.ndjson");
	char *n = xasprintf("\"n\":%zu,", device);
	char *fact = xasprintf("\"fact\":\"%s\"", fact_name(f));
	bool has = false;

	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		*end = '\0';
		has |= strstr(line, n) != NULL && strstr(line, fact) != NULL;
	}
	free(fact);
	free(n);
	free(text);
	return has;
}

static void
until_fact(struct rig *r, enum fact f)
{
	int64_t end = rig_now(r) + HOUR;
	char *path = xasprintf("%s/journal.ndjson", r->result->folder);
	long seen = -1;

	while (unit_file_size(path) == seen || !has_fact(r, 0, f)) {
		seen = unit_file_size(path);
		unit_must(
		    rig_now(r) < end && !r->ended, "never: %s", fact_name(f));
		loop_run_for(r->lp, 1);
		if (strcmp(rig_state(r, 0), "capturing") == 0)
			rig_lost(r, 0);
	}
	free(path);
}

static void
all_lost(struct rig *r)
{
	for (size_t i = 0; i < r->n_devices; i++) {
		rig_until(r, i, "capturing");
		rig_lost(r, i);
	}
}

/* The killed run is reported and closed, once. */
static void
is_finished(struct rig *r, const char *folder)
{
	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_str_eq(r->killed.run->folder, folder);
	ck_assert_int_eq(r->killed.run->exit_status, 8);
	ck_assert(rig_file_has(folder, "report.csv", "interrupted"));
	ck_assert(rig_file_has(folder, "report.json", "\"exitStatus\": 8"));
	ck_assert(rig_file_has(folder, "journal.ndjson", "\"kind\":\"end\""));
}

/* --- killed at every fact --- */

/* Was there a file that the killed run had not brought home? */
static bool
had_file(enum fact f)
{
	return f >= FACT_ON && f < FACT_FILE;
}

static void
killed_at(enum fact f, int64_t later)
{
	struct rig *r = rig_new(2, "");
	char *folder;

	rig_start(r);
	until_fact(r, f);
	rig_advance(r, later);
	folder = xstrdup(r->result->folder);
	rig_kill(r);
	rig_advance(r, 5000);
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_all_is_off(r);
	is_finished(r, folder);
	if (had_file(f)) {
		const struct row *row = rig_killed_row(r, 0, TASK_RETRIEVE);

		ck_assert_int_eq(row->status, TASK_SUCCESS);
		ck_assert(capture_name_valid(row->file, "192.0.2.1"));
		rig_expect_killed(
		    r, 0, TASK_OVOC_STOP, TASK_SUCCESS, SEVERITY_NORMAL, "200");
		rig_expect_killed(r, 0, TASK_RECOVER, TASK_SUCCESS,
		    SEVERITY_NORMAL, "finished");
	}
	free(folder);
	rig_free(r);
}

START_TEST(a_run_killed_at_any_fact_is_finished_and_the_next_does_its_own)
{
	for (int f = 0; f <= FACT_CLOSED; f++) {
		killed_at((enum fact)f, 0);
		killed_at((enum fact)f, 15);
		killed_at((enum fact)f, 700);
	}
}
END_TEST

/* Killed when the answer to this step is out: it was done, or was not. */
static void
killed_in(enum fake_step step, enum fault fault)
{
	struct rig *r = rig_new(1, "");
	char *folder;

	rig_start(r);
	fake_fault(&r->devices[0], step, fault, 0, 1);
	while (r->devices[0].hits[step] == 0) {
		loop_run_for(r->lp, 1);
		if (strcmp(rig_state(r, 0), "capturing") == 0)
			rig_lost(r, 0);
	}
	folder = xstrdup(r->result->folder);
	rig_kill(r);
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_all_is_off(r);
	is_finished(r, folder);
	rig_expect_killed(
	    r, 0, TASK_RECOVER, TASK_SUCCESS, SEVERITY_NORMAL, "finished");
	free(folder);
	rig_free(r);
}

START_TEST(whether_a_change_was_made_is_asked_of_the_device)
{
	killed_in(STEP_START, FAULT_CUT);
	killed_in(STEP_START, FAULT_CUT_DONE);
	killed_in(STEP_STOP, FAULT_CUT);
	killed_in(STEP_STOP, FAULT_CUT_DONE);
	killed_in(STEP_SFTP, FAULT_HANG);
}
END_TEST

/* --- the disk knows before the device --- */

static void
on_disk_first(void *arg, enum fake_step step)
{
	const struct rig *r = arg;
	char *text, *last;

	if (step != STEP_START && step != STEP_STOP)
		return;
	text = rig_file(r->result->folder, "journal.ndjson");
	ck_assert_int_eq(fake_synced(), (off_t)strlen(text));
	last = strrchr(text, '{');
	while (strstr(last, "\"kind\":\"fact\"") == NULL) {
		*last = '\0';
		last = strrchr(text, '{');
	}
	ck_assert_ptr_nonnull(strstr(last,
	    step == STEP_START ? "\"fact\":\"start\"" : "\"fact\":\"stop\""));
	free(text);
}

START_TEST(a_start_and_a_stop_are_on_the_disk_before_they_are_sent)
{
	struct rig *r = rig_new(1, "");

	r->devices[0].sent = on_disk_first;
	r->devices[0].sent_arg = r;
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_STOP], 1);
	rig_free(r);
}
END_TEST

/* While the disk is slow, alarms would overflow the socket. */
START_TEST(an_event_waits_for_no_disk)
{
	struct rig *r = rig_waiting(1, "");
	off_t before;

	rig_advance(r, 5000);
	before = fake_synced();
	rig_lost(r, 0);
	rig_advance(r, 50);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY"), 1);
	ck_assert(has_fact(r, 0, FACT_EVENT));
	ck_assert_int_eq(fake_synced(), before);
	rig_free(r);
}
END_TEST

START_TEST(a_start_behind_a_refused_one_is_not_forgotten)
{
	struct rig *r = rig_new(1, "");

	fake_fault(&r->devices[0], STEP_START, FAULT_STATUS, 409, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_kill(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_all_is_off(r);
	rig_expect_killed(
	    r, 0, TASK_RETRIEVE, TASK_SUCCESS, SEVERITY_NORMAL, "packets");
	rig_free(r);
}
END_TEST

/* --- --recover --- */

START_TEST(recover_alone_finishes_and_begins_nothing)
{
	struct rig *r = rig_waiting(2, "");
	char *folder = xstrdup(r->result->folder);

	rig_advance(r, 2000);
	rig_kill(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	ck_assert_int_ne(access(r->result->folder, F_OK), 0);
	rig_all_is_off(r);
	is_finished(r, folder);
	free(folder);
	rig_free(r);
}
END_TEST

START_TEST(recover_alone_goes_on_beyond_the_window)
{
	struct rig *r = rig_waiting(1, "campaign = { window = 10; };");

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, 10);
	rig_recover(r);
	rig_finish(r, HOUR);
	ck_assert_int_gt(r->ended_at, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert_int_eq(r->killed.finished, 1);
	rig_all_is_off(r);
	rig_free(r);
}
END_TEST

START_TEST(with_nothing_to_recover_nobody_is_spoken_to)
{
	struct rig *r = rig_new(1, "");

	rig_recover(r);
	rig_finish(r, 1000);
	ck_assert_int_eq(r->net->sent, 0);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

/* --- trouble while recovering --- */

START_TEST(a_dead_device_of_the_killed_run_holds_up_nobody_else)
{
	struct rig *r = rig_waiting(3, "");

	rig_kill(r);
	fake_fault(&r->devices[1], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_advance(r, MINUTE);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	ck_assert_str_eq(rig_state(r, 2), "capturing");
	rig_lost(r, 0);
	rig_lost(r, 2);
	rig_until(r, 0, "done");
	rig_until(r, 2, "done");
	ck_assert_int_eq(r->killed.finished, 0);
	rig_finish(r, 6 * HOUR);
	ck_assert_int_eq(r->killed.finished, 1);
	rig_expect_killed(r, 1, TASK_RECOVER, TASK_FAILURE, SEVERITY_CRITICAL,
	    "capture may be on");
	rig_expect_killed(
	    r, 0, TASK_RECOVER, TASK_SUCCESS, SEVERITY_NORMAL, "finished");
	ck_assert_str_eq(rig_outcome(r, 1), "failed");
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_refused_login_fails_the_device_in_both_runs_with_one_try)
{
	struct rig *r = rig_waiting(2, "");
	int before = r->devices[0].hits[STEP_SHOW];

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_STATUS, 401, -1);
	rig_start(r);
	rig_until(r, 1, "capturing");
	rig_lost(r, 1);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], before + 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 0);
	rig_expect_killed(r, 0, TASK_RECOVER, TASK_FAILURE, SEVERITY_CRITICAL,
	    "capture may be on");
	rig_expect(
	    r, 0, TASK_RECOVER, 1, TASK_FAILURE, SEVERITY_CRITICAL, "HTTP 401");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_capture_that_vanished_meanwhile_is_fetched_or_given_up)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	fake_reboot(&r->devices[0]);
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	rig_expect_killed(
	    r, 0, TASK_RETRIEVE, TASK_FAILURE, SEVERITY_MAJOR, "no such file");
	rig_expect_killed(
	    r, 0, TASK_RECOVER, TASK_FAILURE, SEVERITY_MAJOR, "no such file");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_all_is_off(r);
	rig_free(r);
}
END_TEST

START_TEST(an_agent_of_1_0_6_that_knows_nobody_gets_no_stop)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 1; };");
	struct fake_agent *a = &r->net->agents[0];

	a->old = true;
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_kill(r);
	fake_agent_forget(a);
	fake_agent_rule(a, REQUEST_REGISTER, 503, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(a->done[REQUEST_STOP], 0);
	ck_assert(!a->ended);
	rig_free(r);
}
END_TEST

START_TEST(our_agent_gets_its_stop_though_it_cannot_register)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 1; };");
	struct fake_agent *a = &r->net->agents[0];

	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_kill(r);
	fake_agent_rule(a, REQUEST_REGISTER, 503, 1);
	rig_recover(r);
	rig_finish(r, 10 * MINUTE);
	ck_assert_int_eq(a->done[REQUEST_STOP], 1);
	rig_all_is_off(r);
	rig_free(r);
}
END_TEST

/* --- signals and the end --- */

START_TEST(an_interrupted_recovery_goes_on_to_its_end_within_the_grace)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	rig_start(r);
	ck_assert_str_eq(rig_state(r, 0), "recovering");
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(r->result->exit_status, 8);
	ck_assert_str_eq(rig_outcome(r, 0), "interrupted");
	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	rig_expect_killed(
	    r, 0, TASK_RETRIEVE, TASK_SUCCESS, SEVERITY_NORMAL, "packets");
	rig_all_is_off(r);
	rig_free(r);
}
END_TEST

START_TEST(what_is_not_recovered_in_the_grace_is_left_to_the_next_run)
{
	struct rig *r = rig_waiting(1, "");
	char *folder = xstrdup(r->result->folder);

	rig_kill(r);
	fake_fault(&r->devices[0], STEP_SHOW, FAULT_UNREACHABLE, 0, -1);
	rig_start(r);
	rig_until(r, 0, "stopping");
	campaign_interrupt(r->campaign);
	rig_finish(r, 2 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 0);
	ck_assert_int_eq(r->result->exit_status, 8);
	rig_expect(r, 0, TASK_VERIFY_STOPPED, -1, TASK_FAILURE,
	    SEVERITY_CRITICAL, "capture may be on");
	rig_close(r);
	fake_mend(&r->devices[0]);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_all_is_off(r);
	is_finished(r, folder);
	free(folder);
	rig_free(r);
}
END_TEST

/* Killed again while it recovers: the third run finishes both. */
static void
killed_again_in(const char *state)
{
	struct rig *r = rig_waiting(1, "");
	struct strbuf folder = STRBUF_INIT;

	strbuf_add(&folder, r->result->folder);
	rig_kill(r);
	rig_advance(r, 2000);
	rig_start(r);
	rig_until(r, 0, state);
	rig_kill(r);
	rig_advance(r, 2000);
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 2);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_all_is_off(r);
	ck_assert(rig_file_has(
	    strbuf_text(&folder), "journal.ndjson", "\"kind\":\"end\""));
	ck_assert(rig_file_has(strbuf_text(&folder), "report.csv", "Recover"));
	strbuf_free(&folder);
	rig_free(r);
}

START_TEST(a_run_killed_while_it_recovers_is_recovered_too)
{
	killed_again_in("recovering");
	killed_again_in("stopping");
	killed_again_in("retrieving");
	killed_again_in("closing");
}
END_TEST

START_TEST(an_agent_that_is_silent_then_captures_on)
{
	struct rig *r = rig_waiting(1, "");

	rig_kill(r);
	r->net->agents[0].silent = true;
	rig_recover(r);
	rig_finish(r, 10 * MINUTE);
	ck_assert(!r->devices[0].on && !r->devices[0].user);
	rig_expect_killed(r, 0, TASK_OVOC_STOP, TASK_SKIPPED, SEVERITY_MINOR,
	    "until agent.max_capture");
	rig_free(r);
}
END_TEST

START_TEST(without_its_reports_a_killed_run_is_not_closed)
{
	struct rig *r = rig_waiting(1, "");
	char *folder = xstrdup(r->result->folder);

	rig_kill(r);
	r->killed.unwritable = true;
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert(!rig_file_has(folder, "journal.ndjson", "\"kind\":\"end\""));
	rig_kill(r);
	r->killed.unwritable = false;
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	is_finished(r, folder);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	free(folder);
	rig_free(r);
}
END_TEST

START_TEST(a_run_with_its_reports_gets_no_others_though_it_is_not_closed)
{
	struct rig *r = rig_waiting(1, "");
	char *folder = xstrdup(r->result->folder);
	struct fail why;

	ck_assert(report_write(r->result, &why));
	rig_kill(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 0);
	rig_all_is_off(r);
	ck_assert(rig_file_has(folder, "journal.ndjson", "\"kind\":\"end\""));
	free(folder);
	rig_free(r);
}
END_TEST

/* --- devices that are not configured any more, or not now --- */

static void
configure(struct rig *r, const char *devices)
{
	run_result_free(r->result);
	conf_rig_file(r->files, "c.conf", "devices = ( %s );\n", devices);
	r->conf = conf_rig_right(r->files);
	r->result = run_result_new(r->conf, loop_wall(r->lp));
}

START_TEST(a_device_that_left_the_configuration_is_critical)
{
	struct rig *r = rig_waiting(2, "");
	char *folder = xstrdup(r->result->folder);

	rig_kill(r);
	configure(r, "{ address = \"192.0.2.2\"; "
		     "interfaces = [ \"eth-wan\" ]; }");
	rig_start(r);
	rig_until(r, 0, "capturing");
	campaign_trigger(r->campaign);
	rig_finish(r, 5 * MINUTE);
	rig_expect_killed(r, 0, TASK_RECOVER, TASK_FAILURE, SEVERITY_CRITICAL,
	    "capture may be on");
	rig_expect_killed(
	    r, 1, TASK_RECOVER, TASK_SUCCESS, SEVERITY_NORMAL, "finished");
	ck_assert(r->devices[0].on);
	ck_assert(rig_file_has(folder, "report.csv", "no longer configured"));
	is_finished(r, folder);
	free(folder);
	rig_free(r);
}
END_TEST

static void
first_is_gone_off(struct rig *r, const char *lacks)
{
	rig_kill(r);
	configure(r, "{ address = \"192.0.2.2\"; "
		     "interfaces = [ \"eth-wan\" ]; }");
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_expect_killed(
	    r, 0, TASK_RECOVER, TASK_FAILURE, SEVERITY_MAJOR, lacks);
	rig_free(r);
}

START_TEST(a_device_that_left_and_was_off_is_not_critical)
{
	struct rig *r = rig_waiting(2, "");

	rig_lost(r, 0);
	rig_until(r, 0, "retrieving");
	first_is_gone_off(r, "its file is not fetched");
	r = rig_waiting(2, "");
	fake_disk_sync_takes(1000);
	rig_lost(r, 0);
	rig_until(r, 0, "closing");
	while (!r->result->devices[0].round.closed)
		rig_advance(r, 1);
	first_is_gone_off(r, "what was sent at its event is not recorded");
}
END_TEST

START_TEST(a_run_of_some_devices_leaves_the_others_to_a_run_of_all)
{
	static const char *const globs[] = {"192.0.2.2"};
	struct rig *r = rig_waiting(2, "");
	char *folder = xstrdup(r->result->folder);

	rig_kill(r);
	run_result_free(r->result);
	campaign_conf_select(r->files->campaign, globs, 1);
	r->result = run_result_new(r->conf, loop_wall(r->lp));
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 0);
	ck_assert(!r->devices[1].on && r->devices[0].on);
	rig_kill(r);
	run_result_free(r->result);
	r->conf = conf_rig_right(r->files);
	r->result = run_result_new(r->conf, loop_wall(r->lp));
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->devices[1].hits[STEP_SFTP], 1);
	rig_all_is_off(r);
	is_finished(r, folder);
	free(folder);
	rig_free(r);
}
END_TEST

/* --- odd journals --- */

static void
write_journal(const struct rig *r, const char *run, const char *text)
{
	char *folder = xasprintf("%s/out/test/%s", r->files->folder, run);
	char *path = xasprintf("%s/journal.ndjson", folder);
	FILE *f;

	mkdir(folder, 0750);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	free(path);
	free(folder);
}

/* A folder with this journal lies there when a run starts. */
static void
started_beside(const char *journal, int recovered)
{
	struct rig *r = rig_new(1, "");
	struct run_folder *folder;
	struct fail why;

	ck_assert_int_eq(
	    run_folder_lock(&folder, r->result, &why), RUN_FOLDER_MADE);
	run_folder_close(folder);
	write_journal(r, "2026-01-01T00.00.00Z", journal);
	rig_start(r);
	all_lost(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 0);
	ck_assert_int_eq(r->killed.finished, recovered);
	rig_free(r);
}

START_TEST(an_odd_journal_stops_no_run)
{
	started_beside("", 1);
	started_beside("{\"kind\":\"ru", 1);
	started_beside("not JSON\n[]\n7\n\n", 1);
	started_beside("{\"kind\":\"run\",\"schema\":2}\n"
		       "{\"kind\":\"fact\",\"n\":0,\"fact\":\"start\"}\n",
	    0);
	started_beside(
	    "{\"kind\":\"run\",\"schema\":1}\n{\"kind\":\"end\"}\n", 0);
}
END_TEST

START_TEST(a_journal_that_cannot_be_read_is_exit_7)
{
	struct rig *r = rig_waiting(1, "");
	char *path = xasprintf("%s/journal.ndjson", r->result->folder);

	rig_kill(r);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkdir(path, 0750), 0);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->result->exit_status, 7);
	ck_assert_ptr_nonnull(strstr(r->result->trouble, path));
	rmdir(path);
	free(path);
	rig_free(r);
}
END_TEST

static void
keep_text(void *arg, const char *text)
{
	char **kept = arg;

	free(*kept);
	*kept = xstrdup(text);
}

/* Not to look is not to find nothing. */
START_TEST(a_folder_of_runs_that_cannot_be_read_is_trouble)
{
	struct rig *r = rig_new(1, "");
	struct campaign_conf conf = *r->conf;
	char nowhere[] = "/nonexistent", *said = NULL;

	conf.campaign.output = nowhere;
	recoveries_free(recoveries_load(
	    r->lp, &conf, NULL, report_is_written, keep_text, &said));
	ck_assert_ptr_nonnull(said);
	ck_assert_ptr_nonnull(strstr(said, "/nonexistent/"));
	free(said);
	rig_free(r);
}
END_TEST

START_TEST(the_windows_end_does_not_end_a_recovery)
{
	struct rig *r =
	    rig_new(0, "campaign = { window = 10; }; devices = ( { address = "
		       "\"r1.example\"; interfaces = [ \"eth-wan\" ]; } );");

	fake_name("r1.example", "203.0.113.0", NULL, 0);
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_kill(r);
	fake_names_clear();
	fake_name("r1.example", "203.0.113.0", NULL, 2);
	rig_start(r);
	rig_advance(r, 10000);
	ck_assert_str_eq(rig_state(r, 0), "resolving");
	rig_finish(r, 5 * MINUTE);
	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_int_eq(r->devices[0].hits[STEP_START], 1);
	/* This run's capture was never on. */
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->result->exit_status, 4);
	rig_all_is_off(r);
	rig_free(r);
}
END_TEST

START_TEST(a_cut_last_line_is_not_believed_and_does_not_swallow_the_next)
{
	struct rig *r = rig_waiting(1, "");
	char *folder = xstrdup(r->result->folder);
	char *path = xasprintf("%s/journal.ndjson", folder);
	FILE *f;

	rig_kill(r);
	f = fopen(path, "a");
	fputs("{\"kind\":\"fact\",\"n\":0,\"fact\":\"of", f);
	fclose(f);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	rig_all_is_off(r);
	is_finished(r, folder);
	ck_assert(rig_file_has(folder, "journal.ndjson", "\"of\n{"));
	free(path);
	free(folder);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_killed",
    a_run_killed_at_any_fact_is_finished_and_the_next_does_its_own,
    whether_a_change_was_made_is_asked_of_the_device,
    a_start_and_a_stop_are_on_the_disk_before_they_are_sent,
    an_event_waits_for_no_disk, a_start_behind_a_refused_one_is_not_forgotten,
    recover_alone_finishes_and_begins_nothing,
    recover_alone_goes_on_beyond_the_window,
    with_nothing_to_recover_nobody_is_spoken_to,
    a_dead_device_of_the_killed_run_holds_up_nobody_else,
    a_refused_login_fails_the_device_in_both_runs_with_one_try,
    a_capture_that_vanished_meanwhile_is_fetched_or_given_up,
    an_agent_of_1_0_6_that_knows_nobody_gets_no_stop,
    our_agent_gets_its_stop_though_it_cannot_register,
    an_interrupted_recovery_goes_on_to_its_end_within_the_grace,
    what_is_not_recovered_in_the_grace_is_left_to_the_next_run,
    a_run_killed_while_it_recovers_is_recovered_too,
    an_agent_that_is_silent_then_captures_on,
    without_its_reports_a_killed_run_is_not_closed,
    a_run_with_its_reports_gets_no_others_though_it_is_not_closed,
    a_device_that_left_the_configuration_is_critical,
    a_device_that_left_and_was_off_is_not_critical,
    a_run_of_some_devices_leaves_the_others_to_a_run_of_all,
    an_odd_journal_stops_no_run, a_journal_that_cannot_be_read_is_exit_7,
    a_folder_of_runs_that_cannot_be_read_is_trouble,
    the_windows_end_does_not_end_a_recovery,
    a_cut_last_line_is_not_believed_and_does_not_swallow_the_next)
