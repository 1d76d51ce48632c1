/* check_visits.c - all devices and agents tried once. */
#include "campaign/visits.h"

#include "device/visit.h"
#include "rig/rows.h"
#include "rig/stage.h"

#define UP "{\"systemUpTime\":60}"

static struct {
	struct conf_rig *files;
	struct campaign_conf *conf;
	struct loop *lp;
	struct fake_device *devices;
	struct fake_net *net;
	struct run_result *result;
	struct visits *visits;
	int ended;
} it;

static void
make(int n, const char *settings)
{
	it.ended = 0;
	it.files = conf_rig_new();
	it.conf = stage_conf(it.files, n, settings);
	visit_limit(it.conf);
	it.lp = unit_loop_virtual(STAGE_WALL);
	it.devices = stage_devices(it.conf);
	for (size_t i = 0; i < it.conf->n_devices; i++)
		it.devices[i].status = UP;
	it.net = stage_net(it.lp, it.conf);
	it.result = run_result_new(it.conf, STAGE_WALL);
}

static void
on_ended(void *arg)
{
	ck_assert_ptr_eq(arg, &it);
	it.ended++;
	loop_stop(it.lp);
}

static void
start(void)
{
	struct fail why;

	it.visits = visits_new(it.lp, it.result, &why);
	ck_assert_ptr_nonnull(it.visits);
	visits_start(it.visits, on_ended, &it);
}

static void
ends_within(int64_t ms)
{
	loop_run_for(it.lp, ms);
	ck_assert_int_eq(it.ended, 1);
	ck_assert_uint_eq(visits_left(it.visits), 0);
}

static void
finish(void)
{
	visits_free(it.visits);
	it.visits = NULL;
	run_result_free(it.result);
	fake_net_free(it.net);
	unit_loop_free(it.lp);
	free(it.devices);
	conf_rig_free(it.files);
}

START_TEST(a_thousand_at_once_have_each_one_try)
{
	make(1000, "");
	start();
	ends_within(120000);
	ck_assert_int_eq(it.result->exit_status, RUN_ALL_WELL);
	for (size_t i = 0; i < it.result->n_devices; i++) {
		unit_must(
		    it.result->devices[i].outcome == OUTCOME_SUCCESS, "%zu", i);
		unit_must(it.devices[i].hits[STEP_STATUS] == 1 &&
			      it.devices[i].hits[STEP_SFTP] == 1,
		    "%zu", i);
	}
	ck_assert_int_eq(it.net->agents[0].done[REQUEST_REGISTER], 1000);
	finish();
}
END_TEST

START_TEST(logins_keep_to_their_rate)
{
	make(100, "limits = { logins_per_second = 10; };");
	start();
	ends_within(60000);
	ck_assert_int_eq(it.result->exit_status, RUN_ALL_WELL);
	/* REST and SSH, two hundred of them. */
	ck_assert_int_ge(unit_elapsed(it.lp), 19000);
	finish();
}
END_TEST

START_TEST(of_a_silent_agent_one_time_answers_for_all)
{
	make(100, "");
	it.net->agents[0].silent = true;
	start();
	ends_within(70000);
	ck_assert_int_eq(it.result->exit_status, RUN_ALL_FAILED);
	for (size_t i = 0; i < 100; i++)
		rows_expect(&it.result->devices[i], TASK_REGISTER, 1,
		    TASK_FAILURE, SEVERITY_MAJOR, "no answer to REGISTER");
	finish();
}
END_TEST

START_TEST(of_an_old_agent_one_rule_is_enough)
{
	make(3, "");
	it.net->agents[0].old = true;
	start();
	ends_within(70000);
	ck_assert_int_eq(it.result->exit_status, RUN_ALL_WELL);
	ck_assert_int_eq(it.net->agents[0].done[REQUEST_REGISTER], 1);
	rows_expect(&it.result->devices[0], TASK_REGISTER, 1, TASK_SUCCESS,
	    SEVERITY_NORMAL, "200 OK");
	rows_expect(&it.result->devices[2], TASK_REGISTER, 1, TASK_SKIPPED,
	    SEVERITY_NORMAL, "keeps the rule");
	ck_assert(it.result->agents[0].earlier_version);
	finish();
}
END_TEST

START_TEST(each_agent_is_asked_by_itself)
{
	make(2, "devices = ( { address = \"192.0.2.77\"; agent = "
		"\"198.51.100.2\"; interfaces = [ \"eth-wan\" ]; } );");
	it.net->agents[0].silent = true;
	start();
	ends_within(70000);
	ck_assert_int_eq(it.result->exit_status, RUN_SOME_FAILED);
	rows_expect(&it.result->devices[2], TASK_REGISTER, 1, TASK_SUCCESS,
	    SEVERITY_NORMAL, "200 OK");
	finish();
}
END_TEST

START_TEST(trouble_of_this_host_is_told_as_such)
{
	make(2, "");
	fake_fault(&it.devices[1], STEP_SFTP, FAULT_NO_SPACE, 0, -1);
	start();
	ends_within(70000);
	ck_assert_int_eq(it.result->exit_status, RUN_TROUBLE);
	ck_assert_str_eq(it.result->trouble, "cannot record the host key");
	ck_assert_int_eq(it.result->devices[0].outcome, OUTCOME_SUCCESS);
	finish();
}
END_TEST

START_TEST(an_interruption_ends_it_at_once)
{
	make(50, "");
	it.net->agents[0].silent = true;
	start();
	loop_run_for(it.lp, 2000);
	ck_assert_int_eq(it.ended, 0);
	visits_interrupt(it.visits);
	ends_within(10);
	ck_assert_int_eq(it.result->exit_status, RUN_INTERRUPTED);
	finish();
}
END_TEST

START_TEST(where_the_port_is_taken_nothing_is_sent)
{
	struct fail why;

	make(1, "");
	it.net->no_bind = true;
	ck_assert_ptr_null(visits_new(it.lp, it.result, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_int_eq(it.devices[0].hits[STEP_STATUS], 0);
	finish();
}
END_TEST

UNIT_MAIN("visits", a_thousand_at_once_have_each_one_try,
    logins_keep_to_their_rate, of_a_silent_agent_one_time_answers_for_all,
    of_an_old_agent_one_rule_is_enough, each_agent_is_asked_by_itself,
    trouble_of_this_host_is_told_as_such, an_interruption_ends_it_at_once,
    where_the_port_is_taken_nothing_is_sent)
