/* check_campaign_after.c - what follows an event, in a whole campaign: the run
 * waits for it, an interruption does not, and a killed run's is done later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xmem.h"
#include "rig/fake_server.h"
#include "rig/rig.h"

#define MINUTE INT64_C(60000)

static struct fake_server server;

/* A campaign whose agent's server has SFTP, with one piece of each event. */
static struct rig *
make(int n_devices, const char *settings)
{
	char folder[UNIT_PATH_MAX];
	char *text;
	FILE *f;
	struct rig *r;

	unit_folder(folder);
	text = xasprintf("%s/password", folder);
	f = fopen(text, "w");
	ck_assert_ptr_nonnull(f);
	fputs("secret\n", f);
	fclose(f);
	chmod(text, 0600);
	free(text);
	text = xasprintf(
	    "agents = ( { address = \"198.51.100.1\"; sftp = { username = "
	    "\"capture\"; password_file = \"%s/password\"; }; } );\n%s",
	    folder, settings);
	r = rig_new(n_devices, text);
	free(text);
	fake_server(&server);
	fake_server_capture(&server, "*-0.pcap", 5, RIG_WALL, 0);
	return r;
}

static void
drop(struct rig *r)
{
	rig_free(r);
	ck_assert_int_eq(server.sessions, 0);
	fake_server_clear(&server);
	fake_server(NULL);
}

static void
trouble(enum server_fault fault, int times)
{
	server.fault = fault;
	server.fault_times = times;
}

static void
lose(struct rig *r, size_t device)
{
	rig_until(r, device, "capturing");
	rig_lost(r, device);
}

/* Until the device has ended. */
static void
until_home(struct rig *r, size_t device)
{
	while (strcmp(rig_state(r, device), "done") != 0) {
		ck_assert(!r->ended);
		rig_advance(r, 10);
	}
}

START_TEST(an_event_ends_with_both_ends_files)
{
	struct rig *r = make(1, "");
	const struct row *row;

	rig_start(r);
	lose(r, 0);
	rig_finish(r, 5 * MINUTE);
	row = rig_expect(r, 0, TASK_RETRIEVE_SERVER, 1, TASK_SUCCESS,
	    SEVERITY_NORMAL, "1 file of the server's, 404 bytes: 5 ");
	ck_assert_int_gt(rig_file_size(r, row->file), 0);
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	drop(r);
}
END_TEST

START_TEST(the_device_goes_on_while_its_server_hangs)
{
	struct rig *r = make(1, "campaign = { events_per_device = 2; };");

	trouble(SERVER_HANG, -1);
	rig_start(r);
	lose(r, 0);
	rig_until(r, 0, "closing");
	lose(r, 0);
	rig_finish(r, 40 * MINUTE);
	ck_assert_int_eq(r->result->devices[0].events, 2);
	for (int n = 1; n <= 2; n++)
		ck_assert_int_eq(
		    rig_row(r, 0, TASK_RETRIEVE_SERVER, n)->event, n);
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	drop(r);
}
END_TEST

START_TEST(the_run_waits_for_it_for_15_minutes)
{
	struct rig *r = make(1, "");
	int64_t home;

	trouble(SERVER_UNREACHABLE, -1);
	rig_start(r);
	lose(r, 0);
	until_home(r, 0);
	home = rig_now(r);
	rig_finish(r, 20 * MINUTE);
	ck_assert_int_ge(r->ended_at - home, 15 * MINUTE - 20);
	ck_assert_int_le(r->ended_at - home, 15 * MINUTE + 1000);
	rig_expect(r, 0, TASK_RETRIEVE_SERVER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "no time is left");
	rig_expect(
	    r, 0, TASK_COMPARE, 1, TASK_SKIPPED, SEVERITY_NORMAL, "only the ");
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	drop(r);
}
END_TEST

/* Behind its event, and while it is under way. */
START_TEST(an_interruption_waits_for_nothing)
{
	struct rig *r = make(2, "");

	trouble(SERVER_UNREACHABLE, -1);
	rig_start(r);
	lose(r, 0);
	until_home(r, 0);
	lose(r, 1);
	rig_until(r, 1, "retrieving");
	campaign_interrupt(r->campaign);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_RETRIEVE_SERVER, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "interrupted");
	rig_expect(r, 1, TASK_RETRIEVE_SERVER, 1, TASK_SKIPPED, SEVERITY_MINOR,
	    "interrupted");
	for (size_t i = 0; i < 2; i++)
		rig_expect(r, i, TASK_COMPARE, 1, TASK_SKIPPED, SEVERITY_NORMAL,
		    "traffic-capture-compare");
	ck_assert_int_eq(r->result->exit_status, RUN_INTERRUPTED);
	drop(r);
}
END_TEST

START_TEST(nor_does_a_second_one)
{
	struct rig *r = make(1, "");

	trouble(SERVER_HANG, -1);
	rig_start(r);
	lose(r, 0);
	rig_until(r, 0, "closing");
	campaign_interrupt(r->campaign);
	campaign_interrupt(r->campaign);
	rig_finish(r, 1000);
	/* Its STOP was not waited for. */
	rig_expect(r, 0, TASK_RETRIEVE_SERVER, 1, TASK_SKIPPED, SEVERITY_MINOR,
	    "did not keep its capture at STOP");
	drop(r);
}
END_TEST

/* --- killed --- */

static char *
kill_run(struct rig *r)
{
	char *folder;

	rig_advance(r, 5);
	folder = xstrdup(r->result->folder);
	rig_kill(r);
	rig_advance(r, 5000);
	return folder;
}

static void
is_fetched_later(struct rig *r, const char *folder)
{
	const struct row *row = rig_expect_killed(r, 0, TASK_RETRIEVE_SERVER,
	    TASK_SUCCESS, SEVERITY_NORMAL, "1 file of the server's");
	char *path = xasprintf("%s/captures/%s", folder, row->file);

	ck_assert_int_eq(r->killed.finished, 1);
	ck_assert_int_gt(unit_file_size(path), 0);
	ck_assert(rig_file_has(folder, "report.csv", "Retrieve server"));
	ck_assert(rig_file_has(folder, "journal.ndjson", "\"kind\":\"end\""));
	free(path);
}

START_TEST(behind_an_event_that_was_over_the_next_run_fetches)
{
	struct rig *r = make(2, "");
	char *folder;

	trouble(SERVER_UNREACHABLE, -1);
	rig_start(r);
	lose(r, 0);
	until_home(r, 0);
	folder = kill_run(r);
	trouble(SERVER_SOUND, 0);
	rig_start(r);
	lose(r, 0);
	lose(r, 1);
	rig_finish(r, 5 * MINUTE);
	is_fetched_later(r, folder);
	ck_assert_int_eq(r->result->exit_status, RUN_ALL_WELL);
	free(folder);
	drop(r);
}
END_TEST

START_TEST(an_event_that_the_next_run_finishes_is_fetched_by_it)
{
	struct rig *r = make(1, "");
	char *folder;

	rig_start(r);
	lose(r, 0);
	rig_until(r, 0, "retrieving");
	folder = kill_run(r);
	rig_recover(r);
	rig_finish(r, 5 * MINUTE);
	is_fetched_later(r, folder);
	free(folder);
	drop(r);
}
END_TEST

/* Its reports are not written before. */
START_TEST(the_killed_runs_reports_wait_for_it)
{
	struct rig *r = make(1, "");
	char *folder;

	rig_start(r);
	lose(r, 0);
	rig_until(r, 0, "retrieving");
	folder = kill_run(r);
	trouble(SERVER_UNREACHABLE, 4);
	rig_start(r);
	lose(r, 0);
	ck_assert_int_eq(r->killed.finished, 0);
	rig_finish(r, 10 * MINUTE);
	is_fetched_later(r, folder);
	free(folder);
	drop(r);
}
END_TEST

/* Killed behind the second device's event; then its entry is another's. */
static struct rig *
without_the_second(bool partial, char **folder)
{
	struct rig *r = make(2, "");

	trouble(SERVER_UNREACHABLE, -1);
	rig_start(r);
	lose(r, 0);
	lose(r, 1);
	until_home(r, 0);
	until_home(r, 1);
	*folder = kill_run(r);
	r->conf->devices[1]->rest_port++;
	((struct campaign_conf *)r->conf)->partial = partial;
	trouble(SERVER_SOUND, 0);
	rig_start(r);
	lose(r, 0);
	lose(r, 1);
	rig_finish(r, 5 * MINUTE);
	return r;
}

START_TEST(of_a_device_that_is_gone_only_its_own_file_is_there)
{
	char *folder;
	struct rig *r = without_the_second(false, &folder);

	is_fetched_later(r, folder);
	ck_assert_ptr_null(rig_killed_row(r, 1, TASK_RETRIEVE_SERVER));
	rig_expect_killed(r, 1, TASK_COMPARE, TASK_SKIPPED, SEVERITY_NORMAL,
	    "traffic-capture-compare");
	free(folder);
	drop(r);
}
END_TEST

START_TEST(a_run_of_some_devices_leaves_the_killed_run_to_one_of_all)
{
	char *folder;
	struct rig *r = without_the_second(true, &folder);

	ck_assert_int_eq(r->killed.finished, 0);
	ck_assert(!rig_file_has(folder, "journal.ndjson", "\"kind\":\"end\""));
	free(folder);
	drop(r);
}
END_TEST

UNIT_MAIN("campaign_after", an_event_ends_with_both_ends_files,
    the_device_goes_on_while_its_server_hangs,
    the_run_waits_for_it_for_15_minutes, an_interruption_waits_for_nothing,
    nor_does_a_second_one, behind_an_event_that_was_over_the_next_run_fetches,
    an_event_that_the_next_run_finishes_is_fetched_by_it,
    the_killed_runs_reports_wait_for_it,
    of_a_device_that_is_gone_only_its_own_file_is_there,
    a_run_of_some_devices_leaves_the_killed_run_to_one_of_all)
