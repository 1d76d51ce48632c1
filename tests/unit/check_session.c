/* check_session.c - what a campaign's requests do, by state. */
#include "session/world.h"

#include <string.h>

#include "unit.h"

/* --- REGISTER --- */

START_TEST(registering_makes_the_rule_and_then_answers)
{
	rig_new(true);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_uint_eq(w.points, 1);
	ck_assert_str_eq(w.destination, "192.0.2.1");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(alarms_go_to_the_configured_destination)
{
	static char other[] = "198.51.100.7";
	rig_new(true);
	w.conf.ovoc.alarm_destination = other;
	registers();
	ck_assert_str_eq(w.destination, other);
	rig_free();
}
END_TEST

START_TEST(a_repeat_within_a_minute_does_not_ask_ovoc)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 59000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	ck_assert_uint_eq(w.points, 1);
	loop_run_for(w.lp, 2000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert_uint_eq(w.points, 2);
	rig_free();
}
END_TEST

START_TEST(a_device_unknown_to_ovoc_is_not_registered)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_FINAL);
	ck_assert_str_eq(then(), "503 REGISTER 1;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	registers();
	ck_assert_uint_eq(w.points, 2);
	rig_free();
}
END_TEST

START_TEST(without_rules_registering_is_answered_at_once)
{
	rig_new(false);
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(a_running_capture_survives_a_failed_register)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	loop_run_for(w.lp, 61000);
	registers();
	rule_answered(FAIL_UNREACHABLE);
	then();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	rig_free();
}
END_TEST

/* --- who may ask --- */

START_TEST(nothing_is_done_before_a_register)
{
	rig_new(false);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(verifies(), "404 VERIFY 1;");
	ck_assert_str_eq(stops(FILE_Z), "404 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(another_campaign_is_refused_while_a_capture_runs)
{
	static const char host[] = "192.0.2.2";
	rig_capturing();
	ck_assert_str_eq(host_asks(host, REQUEST_REGISTER, ""),
	    "100 REGISTER 1;503 REGISTER 1;");
	ck_assert_str_eq(
	    host_asks(host, REQUEST_CAPTURE, ""), "503 CAPTURE 1;");
	ck_assert_str_eq(host_asks(host, REQUEST_VERIFY, ""), "503 VERIFY 1;");
	ck_assert_str_eq(host_asks(host, REQUEST_STOP, FILE_Z), "503 STOP 1;");
	ck_assert(!w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(the_owners_host_takes_over_by_another_port)
{
	rig_capturing();
	ck_assert_str_eq(asks(2, REQUEST_STOP, FILE_Z), "503 STOP 2;");
	ck_assert_str_eq(
	    asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;200 REGISTER 2;");
	/* who lost it is not to register it again while that captures */
	ck_assert_str_eq(captures(), "503 CAPTURE 1;");
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	ck_assert(!w.capture->stopped);
	/* a campaign that was started again wants its own pieces */
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "100 CAPTURE 2;");
	ck_assert(w.capture->stopped);
	capture_ended(FAIL_NONE);
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 2;");
	rig_free();
}
END_TEST

START_TEST(a_takeover_waits_for_the_rule_that_is_being_made)
{
	rig_new(true);
	registers();
	ck_assert_str_eq(asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;");
	ck_assert_uint_eq(w.points, 1);
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	ck_assert_str_eq(asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;");
	ck_assert_uint_eq(w.points, 2);
	/* it is the owner, and still has to register */
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "404 CAPTURE 2;");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 2;");
	rig_free();
}
END_TEST

START_TEST(nothing_is_left_of_a_device_that_ovoc_does_not_know)
{
	struct device_state state;
	rig_new(true);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	ck_assert(!session_save(w.session, &state));
	w.rule->exists = false;
	rule_answered(FAIL_FINAL);
	ck_assert_str_eq(then(), "503 REGISTER 1;");
	ck_assert_uint_eq(w.changes, 0);
	loop_run_for(w.lp, 1);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(one_that_is_asked_for_again_at_once_stays)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_FINAL);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	loop_run_for(w.lp, 10);
	ck_assert(!w.over);
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	/* and once it was confirmed, trouble is no end of it */
	loop_run_for(w.lp, 61000);
	registers();
	rule_answered(FAIL_TRANSIENT);
	loop_run_for(w.lp, 10);
	ck_assert(!w.over);
	rig_free();
}
END_TEST

START_TEST(a_refused_capture_keeps_the_rule_while_it_is_asked_for)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	w.capture_refused = true;
	for (int i = 0; i < 4; i++) {
		loop_run_for(w.lp, 7000000);
		captures();
	}
	ck_assert(!w.rule->removing);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	rig_free();
}
END_TEST

START_TEST(another_campaign_may_take_an_idle_device)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "404 CAPTURE 2;");
	ck_assert_str_eq(
	    asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;200 REGISTER 2;");
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(asks(2, REQUEST_CAPTURE, ""), "100 CAPTURE 2;");
	rig_free();
}
END_TEST

/* --- CAPTURE --- */

START_TEST(a_capture_is_answered_once_tcpdump_captures)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 1);
	rig_free();
}
END_TEST

START_TEST(a_capture_that_cannot_begin_is_unavailable_and_may_be_asked_again)
{
	rig_new(false);
	registers();
	captures();
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 CAPTURE 1;");
	w.capture_refused = true;
	ck_assert_str_eq(captures(), "100 CAPTURE 1;503 CAPTURE 1;");
	w.capture_refused = false;
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

/* A capture whose event is over, but whose STOP was lost on the way. */
static void
rig_next_event(void)
{
	rig_capturing();
	verifies();
	probed(true);
	loop_run_for(w.lp, 3000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
}

START_TEST(the_next_events_capture_replaces_the_old_one)
{
	rig_next_event();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.captures, 2);
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_late_copy_of_capture_after_a_verify_changes_nothing)
{
	rig_capturing();
	verifies();
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	probed(true);
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	/* Even if a copy of its REGISTER is as late. */
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert(!w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(a_restarted_campaign_gets_a_new_capture)
{
	rig_capturing();
	loop_run_for(w.lp, 61000);
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert(w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(a_late_copy_of_register_does_not_end_the_capture)
{
	rig_capturing();
	registers();
	ck_assert_str_eq(captures(), "200 CAPTURE 1;");
	ck_assert(!w.capture->stopped);
	rig_free();
}
END_TEST

/* --- VERIFY --- */

START_TEST(verify_traffic_is_sent_once_within_two_minutes)
{
	rig_capturing();
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	probed(false);
	ck_assert_str_eq(then(), "430 VERIFY 1;");
	loop_run_for(w.lp, 119000);
	ck_assert_str_eq(verifies(), "430 VERIFY 1;");
	ck_assert_uint_eq(w.probings, 1);
	loop_run_for(w.lp, 2000);
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	probed(true);
	ck_assert_str_eq(then(), "200 VERIFY 1;");
	rig_free();
}
END_TEST

START_TEST(the_ring_is_told_of_both_ends_of_a_verify)
{
	rig_new(false);
	registers();
	captures();
	verifies();
	ck_assert_int_eq(w.capture->verifies_began, 0);
	probed(true);
	capture_began();
	loop_run_for(w.lp, 121000);
	verifies();
	verifies();
	ck_assert_int_eq(w.capture->verifies_began, 1);
	ck_assert_int_eq(w.capture->verifies_ended, 0);
	probed(true);
	verifies();
	ck_assert_int_eq(w.capture->verifies_began, 1);
	ck_assert_int_eq(w.capture->verifies_ended, 1);
	rig_free();
}
END_TEST

START_TEST(the_next_event_has_its_own_verify)
{
	rig_capturing();
	verifies();
	probed(true);
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	registers();
	captures();
	capture_began();
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	ck_assert_uint_eq(w.probings, 2);
	rig_free();
}
END_TEST

START_TEST(a_verify_under_way_is_not_the_next_captures)
{
	rig_capturing();
	loop_run_for(w.lp, 61000);
	verifies();
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_ended(FAIL_NONE);
	ck_assert_ptr_null(w.probing);
	capture_began();
	then();
	ck_assert_str_eq(verifies(), "100 VERIFY 1;");
	ck_assert_uint_eq(w.probings, 2);
	ck_assert_int_eq(w.capture->verifies_began, 1);
	probed(true);
	ck_assert_str_eq(then(), "200 VERIFY 1;");
	rig_free();
}
END_TEST

/* --- STOP --- */

START_TEST(a_stop_is_answered_once_the_files_are_named)
{
	rig_capturing();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(stops(FILE_2), "503 STOP 1;");
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_that_failed_fails_again)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 STOP 1;");
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_late_copy_of_stop_does_not_end_the_next_capture)
{
	rig_capturing();
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	registers();
	captures();
	capture_began();
	then();
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert(!w.capture->stopped);
	ck_assert_str_eq(stops(FILE_2), "100 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_without_a_capture_is_unavailable)
{
	rig_new(false);
	registers();
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_may_overtake_the_start)
{
	rig_new(false);
	registers();
	captures();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	capture_began();
	ck_assert_str_eq(then(), "");
	capture_ended(FAIL_LOCAL);
	ck_assert_str_eq(then(), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_while_one_is_replaced_begins_no_other)
{
	rig_next_event();
	captures();
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	capture_ended(FAIL_NONE);
	ck_assert_uint_eq(w.captures, 1);
	ck_assert_str_eq(then(), "");
	ck_assert_str_eq(stops(FILE_Z), "503 STOP 1;");
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 2);
	rig_free();
}
END_TEST

START_TEST(after_a_stop_a_capture_needs_a_register)
{
	rig_capturing();
	stops(FILE_Z);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	rig_free();
}
END_TEST

/* A campaign that was interrupted is started again before the settling is
 * over. */
START_TEST(the_next_capture_may_be_asked_for_while_one_is_stopped)
{
	rig_capturing();
	stops(FILE_Z);
	registers();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 1);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	ck_assert_uint_eq(w.captures, 2);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 2);
	capture_began();
	ck_assert_str_eq(then(), "200 CAPTURE 1;");
	/* Its own STOP needs a REGISTER again. */
	stops(FILE_2);
	ck_assert_str_eq(captures(), "404 CAPTURE 1;");
	rig_free();
}
END_TEST

START_TEST(a_campaign_of_1_0_captures_again_without_a_register)
{
	rig_capturing();
	stops(FILE_1);
	capture_ended(FAIL_NONE);
	then();
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	ck_assert_uint_eq(w.captures, 2);
	rig_free();
}
END_TEST

/* --- the end --- */

START_TEST(an_idle_device_loses_its_rule_and_is_forgotten)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7199000);
	ck_assert(!w.rule->removing);
	loop_run_for(w.lp, 2000);
	ck_assert(w.rule->removing);
	ck_assert_str_eq(w.reason, "unused for agent.idle_rule_age");
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(a_running_capture_keeps_the_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	loop_run_for(w.lp, 86400000);
	ck_assert(!w.rule->removing);
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	ck_assert(w.rule->removing);
	rig_free();
}
END_TEST

START_TEST(a_capture_that_nobody_renews_is_kept_as_aborted)
{
	rig_capturing();
	loop_run_for(w.lp, 93000000);
	captures();
	loop_run_for(w.lp, 93000000);
	ck_assert(!w.capture->stopped);
	ck_assert_int_eq(w.capture->silent_since, 0);
	/* somebody else does not renew it */
	asks(2, REQUEST_CAPTURE, "");
	loop_run_for(w.lp, 601000);
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "");
	loop_run_for(w.lp, 7201000);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(a_campaign_that_asks_once_keeps_its_capture)
{
	rig_capturing();
	loop_run_for(w.lp, 93599000);
	ck_assert_int_eq(w.capture->silent_since, 0);
	int64_t then_was = loop_now(w.lp) - 93599000;
	loop_run_for(w.lp, 2000);
	ck_assert(!w.capture->stopped);
	ck_assert_int_eq(w.capture->silent_since, then_was);
	/* for 30 days, whatever max_capture is */
	loop_run_for(w.lp, INT64_C(30) * 86400000 - 93601000 - 1000);
	ck_assert(!w.capture->stopped);
	loop_run_for(w.lp, 2000);
	ck_assert(w.capture->stopped);
	rig_free();
}
END_TEST

START_TEST(its_verify_renews_that_capture)
{
	rig_capturing();
	loop_run_for(w.lp, 93601000);
	verifies();
	ck_assert_int_eq(w.capture->silent_since, 0);
	ck_assert_str_eq(stops(FILE_1), "100 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_capture_that_ended_before_is_named_by_its_stop)
{
	rig_capturing();
	capture_expelled();
	ck_assert(w.capture->stopped);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "");
	struct device_state was;
	ck_assert(session_save(w.session, &was));
	session_free(w.session);
	w.session = session_restore(&w.env, &was);
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;200 STOP 1;");
	ck_assert_str_eq(w.named, FILE_Z);
	ck_assert_str_eq(stops(FILE_Z), "200 STOP 1;");
	ck_assert_str_eq(stops(FILE_2), "503 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_stop_names_a_capture_that_is_just_ending)
{
	rig_capturing();
	capture_expelled();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	rig_free();
}
END_TEST

START_TEST(a_capture_in_its_place_is_the_one_that_is_stopped)
{
	rig_capturing();
	capture_expelled();
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(captures(), "100 CAPTURE 1;");
	capture_began();
	ck_assert_str_eq(stops(FILE_Z), "100 STOP 1;");
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	ck_assert_str_eq(w.named, "");
	rig_free();
}
END_TEST

START_TEST(a_rule_that_ovoc_keeps_is_deleted_later)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	rule_answered(FAIL_UNREACHABLE);
	ck_assert_ptr_null(w.rule->done);
	loop_run_for(w.lp, 301000);
	ck_assert_ptr_nonnull(w.rule->done);
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(a_register_during_the_deletion_keeps_the_device)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 7201000);
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	loop_run_for(w.lp, 1000);
	ck_assert(!w.over);
	rig_free();
}
END_TEST

START_TEST(an_end_keeps_the_capture_as_aborted_then_deletes_the_rule)
{
	rig_new(true);
	registers();
	rule_answered(FAIL_NONE);
	captures();
	capture_began();
	session_end(w.session);
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	ck_assert(!w.rule->removing);
	capture_ended(FAIL_NONE);
	ck_assert(w.rule->removing);
	ck_assert_str_eq(w.reason, "the agent ends");
	ck_assert(!w.over);
	rule_answered(FAIL_NONE);
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

START_TEST(an_end_lets_a_stop_finish)
{
	rig_capturing();
	stops(FILE_Z);
	session_end(w.session);
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(), "200 STOP 1;");
	loop_run_for(w.lp, 10);
	ck_assert(w.over);
	rig_free();
}
END_TEST

UNIT_MAIN("session", registering_makes_the_rule_and_then_answers,
    alarms_go_to_the_configured_destination,
    a_repeat_within_a_minute_does_not_ask_ovoc,
    a_device_unknown_to_ovoc_is_not_registered,
    without_rules_registering_is_answered_at_once,
    a_running_capture_survives_a_failed_register,
    nothing_is_done_before_a_register,
    another_campaign_is_refused_while_a_capture_runs,
    the_owners_host_takes_over_by_another_port,
    a_takeover_waits_for_the_rule_that_is_being_made,
    nothing_is_left_of_a_device_that_ovoc_does_not_know,
    one_that_is_asked_for_again_at_once_stays,
    a_refused_capture_keeps_the_rule_while_it_is_asked_for,
    another_campaign_may_take_an_idle_device,
    a_capture_is_answered_once_tcpdump_captures,
    a_capture_that_cannot_begin_is_unavailable_and_may_be_asked_again,
    the_next_events_capture_replaces_the_old_one,
    a_late_copy_of_capture_after_a_verify_changes_nothing,
    a_restarted_campaign_gets_a_new_capture,
    a_late_copy_of_register_does_not_end_the_capture,
    verify_traffic_is_sent_once_within_two_minutes,
    the_ring_is_told_of_both_ends_of_a_verify,
    the_next_event_has_its_own_verify,
    a_verify_under_way_is_not_the_next_captures,
    a_stop_is_answered_once_the_files_are_named, a_stop_that_failed_fails_again,
    a_late_copy_of_stop_does_not_end_the_next_capture,
    a_stop_without_a_capture_is_unavailable, a_stop_may_overtake_the_start,
    a_stop_while_one_is_replaced_begins_no_other,
    after_a_stop_a_capture_needs_a_register,
    the_next_capture_may_be_asked_for_while_one_is_stopped,
    a_campaign_of_1_0_captures_again_without_a_register,
    an_idle_device_loses_its_rule_and_is_forgotten,
    a_running_capture_keeps_the_rule,
    a_capture_that_nobody_renews_is_kept_as_aborted,
    a_campaign_that_asks_once_keeps_its_capture, its_verify_renews_that_capture,
    a_capture_that_ended_before_is_named_by_its_stop,
    a_stop_names_a_capture_that_is_just_ending,
    a_capture_in_its_place_is_the_one_that_is_stopped,
    a_rule_that_ovoc_keeps_is_deleted_later,
    a_register_during_the_deletion_keeps_the_device,
    an_end_keeps_the_capture_as_aborted_then_deletes_the_rule,
    an_end_lets_a_stop_finish)
