/* check_session_keep.c - what the next agent knows of a session. */
#include "session/world.h"

#include "unit.h"

/* The agent is killed and another one takes over, `pause` ms later. */
static void
rig_restart(int64_t pause)
{
	struct device_state was;
	ck_assert(session_save(w.session, &was));
	session_free(w.session);
	w.parking = false;
	w.over = false;
	loop_run_for(w.lp, pause);
	w.session = session_restore(&w.env, &was);
}

START_TEST(a_capture_goes_on_under_its_device_and_owner)
{
	rig_capturing();
	rig_restart(5000);
	ck_assert_uint_eq(w.captures, 2);
	ck_assert_str_eq(asks(2, REQUEST_STOP, FILE_Z), "503 STOP 2;");
	capture_began();
	ck_assert_str_eq(then(), "");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(one_that_does_not_capture_yet_answers_when_it_does)
{
	rig_capturing();
	rig_restart(5000);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_verify_before_the_kill_is_remembered)
{
	rig_capturing();
	verifies();
	probed(false);
	then();
	rig_restart(30000);
	ck_assert_str_eq(verifies(), "430 VERIFY 1;");
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.captures, 3);
	rig_free();
}
END_TEST

START_TEST(a_stop_before_the_kill_is_remembered)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	then();
	rig_restart(600000);
	ck_assert_ptr_null(w.capture);
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_rule_before_the_kill_is_remembered)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	rig_restart(1000);
	ck_assert(w.rule_was.exists);
	ck_assert_int_eq(w.rule_was.id, 7);
	registers();
	ck_assert_uint_eq(w.points, 1);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	rig_free();
}
END_TEST

START_TEST(a_capture_whose_folder_is_gone_may_be_asked_for_again)
{
	rig_capturing();
	w.folder_gone = true;
	rig_restart(1000);
	ck_assert(!session_capturing(w.session));
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(killed_behind_the_naming_it_says_that_all_is_well)
{
	rig_capturing();
	w.folder_gone = true;
	w.kept = FILE_Z;
	rig_restart(1000);
	ck_assert_str_eq(stops(FILE_2), "100 STOP 1;503 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;200 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(the_time_without_the_agent_counts_for_max_capture)
{
	rig_capturing();
	captures();
	rig_restart(93000000);
	ck_assert(!w.capture->stopped);
	loop_run_for(w.lp, 601000);
	ck_assert(w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(every_change_that_matters_is_told)
{
	rig_new(false);
	registers();
	ck_assert_uint_eq(w.changes, 1);
	captures();
	ck_assert_uint_eq(w.changes, 2);
	capture_began();
	ck_assert_uint_eq(w.changes, 3);
	/* a request that only renews a running capture */
	captures();
	ck_assert_uint_eq(w.changes, 4);
	verifies();
	ck_assert_uint_eq(w.changes, 5);
	probed(true);
	ck_assert_uint_eq(w.changes, 6);
	stops(FILE_Z);
	ck_assert_uint_eq(w.changes, 7);
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.changes, 8);
	rig_free();
}
END_TEST

START_TEST(an_end_that_parks_keeps_capture_and_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	w.parking = true;
	ck_assert(session_capturing(w.session));
	session_park(w.session);
	ck_assert(w.capture->parked);
	ck_assert(!w.over);
	capture_ended(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	ck_assert(!w.rule->removing);
	rig_restart(1000);
	ck_assert_ptr_nonnull(w.capture);
	rig_free();
}
END_TEST

START_TEST(an_idle_device_is_parked_at_once)
{
	rig_new(false);
	registers();
	w.parking = true;
	session_park(w.session);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_restart(10);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_device_that_loses_its_rule_is_parked_once)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	w.parking = true;
	session_park(w.session);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	w.over = false;
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(!w.over);
	rig_free();
}
END_TEST

UNIT_MAIN("session_keep", a_capture_goes_on_under_its_device_and_owner,
    one_that_does_not_capture_yet_answers_when_it_does,
    a_verify_before_the_kill_is_remembered,
    a_stop_before_the_kill_is_remembered, a_rule_before_the_kill_is_remembered,
    a_capture_whose_folder_is_gone_may_be_asked_for_again,
    killed_behind_the_naming_it_says_that_all_is_well,
    the_time_without_the_agent_counts_for_max_capture,
    every_change_that_matters_is_told, an_end_that_parks_keeps_capture_and_rule,
    an_idle_device_is_parked_at_once,
    a_device_that_loses_its_rule_is_parked_once)
