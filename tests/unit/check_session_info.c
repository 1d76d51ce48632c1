/* check_session_info.c - what a session says beside its code. */
#include "session/world.h"

#include <string.h>

#include "unit.h"

START_TEST(who_wants_it_is_told_why_a_register_is_refused)
{
	rig_new(true);
	w.wants_info = true;
	registers();
	rule_answered(FAIL_FINAL);
	ck_assert_ptr_nonnull(
	    strstr(then(), "\"reason\":\"as the test says\"};"));
	rig_free();
}
END_TEST

/* The first REGISTER is plain, the one that wants it is behind it. */
START_TEST(a_register_that_wants_to_be_told_late_is_told)
{
	rig_new(true);
	registers();
	w.wants_info = true;
	ck_assert_str_eq(registers(), "100 REGISTER 1;");
	rule_answered(FAIL_NONE);
	ck_assert_ptr_nonnull(strstr(then(), "200 REGISTER 1 {\"version\":"));
	rig_free();
}
END_TEST

START_TEST(a_repeat_at_once_is_told_no_more)
{
	rig_new(false);
	w.wants_info = true;
	ck_assert_ptr_nonnull(strstr(registers(), "{"));
	ck_assert_str_eq(registers(), "100 REGISTER 1;200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(others_are_told_who_has_the_device)
{
	rig_capturing();
	w.wants_info = true;
	ck_assert_str_eq(asks(2, REQUEST_VERIFY, ""),
	    "503 VERIFY 2 {\"reason\":\"another campaign captures the "
	    "device\"};");
	rig_free();
}
END_TEST

/* By the 100 it knows what kind of agent we are, and asks for the reason. */
START_TEST(another_campaign_is_told_why_its_register_is_refused)
{
	const char *said;
	rig_capturing();
	w.wants_info = true;
	said = host_asks("192.0.2.2", REQUEST_REGISTER, "");
	ck_assert_int_eq(
	    strncmp(said, "100 REGISTER 1;503 REGISTER 1 {", 31), 0);
	ck_assert_ptr_nonnull(strstr(
	    said, "\"reason\":\"another campaign captures the device\"};"));
	ck_assert_ptr_null(strstr(said, "192.0.2.1"));
	rig_free();
}
END_TEST

START_TEST(a_stop_tells_its_pieces_again_to_a_repeat)
{
	rig_capturing();
	w.wants_info = true;
	w.pieces = (struct info_pieces){.told = true,
	    .count = 2,
	    .first = "OVOC_device_x",
	    .bytes = 1,
	    .packets = -1,
	    .from_ms = -1,
	    .to_ms = -1,
	    .dropped = 3};
	stops(FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_str_eq(then(),
	    "200 STOP 1 {\"pieces\":{\"first\":"
	    "\"OVOC_device_x\",\"count\":2,\"bytes\":1,\"dropped\":3}};");
	loop_run_for(w.lp, 1000);
	ck_assert_ptr_nonnull(strstr(stops(FILE_Z), "\"count\":2"));
	rig_free();
}
END_TEST

START_TEST(a_verify_tells_its_score_and_a_refused_stop_its_reason)
{
	rig_capturing();
	w.wants_info = true;
	verifies();
	probed(false);
	ck_assert_str_eq(
	    then(), "430 VERIFY 1 {\"icmp\":[7,10,\"no answer\"]};");
	stops(FILE_Z);
	ck_assert_str_eq(stops(FILE_2), "503 STOP 1 {\"reason\":\"it is being "
					"stopped for another file\"};");
	rig_free();
}
END_TEST

/* A campaign of 1.0.6 must never get `info`. */
START_TEST(who_takes_over_is_not_told_what_another_wanted)
{
	rig_capturing();
	w.wants_info = true;
	verifies();
	w.wants_info = false;
	ck_assert_str_eq(
	    asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;200 REGISTER 2;");
	asks(2, REQUEST_VERIFY, "");
	probed(true);
	ck_assert_str_eq(then(), "200 VERIFY 2;");
	rig_free();
}
END_TEST

/* It may be of 1.0.6, and the other one waits for its turn. */
START_TEST(who_waits_is_not_told_what_another_port_wants)
{
	rig_new(true);
	registers();
	w.wants_info = true;
	ck_assert_str_eq(asks(2, REQUEST_REGISTER, ""), "100 REGISTER 2;");
	rule_answered(FAIL_NONE);
	ck_assert_str_eq(then(), "200 REGISTER 1;");
	rig_free();
}
END_TEST

START_TEST(a_strangers_refusal_is_not_told_to_the_owner)
{
	static const char score[] =
	    "430 VERIFY 1 {\"icmp\":[7,10,\"no answer\"]};";
	rig_capturing();
	w.wants_info = true;
	verifies();
	probed(false);
	ck_assert_str_eq(then(), score);
	asks(2, REQUEST_VERIFY, "");
	loop_run_for(w.lp, 1000);
	ck_assert_str_eq(verifies(), score);
	rig_free();
}
END_TEST

#define FILE_ONE "OVOC_device_x"
#define NO_ROOM                                                                \
	"\"reason\":\"the capture ended at 1970-01-01T00:00:00.000Z for want " \
	"of room: no room\"};"

/* Its STOP and a VERIFY before that learn that it is not whole. */
START_TEST(a_capture_that_ended_before_its_stop_says_why)
{
	struct device_state was;
	rig_capturing();
	w.wants_info = true;
	w.pieces = (struct info_pieces){
	    .told = true, .count = 2, .first = FILE_ONE, .packets = 7};
	capture_expelled();
	capture_ended(FAIL_NONE);
	verifies();
	probed(true);
	ck_assert_str_eq(then(), "200 VERIFY 1 {\"icmp\":[10,10]," NO_ROOM);
	ck_assert(session_save(w.session, &was));
	session_free(w.session);
	w.session = session_restore(&w.env, &was);
	const char *said = stops(FILE_Z);
	ck_assert_ptr_nonnull(strstr(said, "200 STOP 1 {\"pieces\":"));
	ck_assert_ptr_nonnull(strstr(said, "\"packets\":7"));
	ck_assert_ptr_nonnull(strstr(said, NO_ROOM));
	loop_run_for(w.lp, 1000);
	ck_assert_ptr_nonnull(strstr(stops(FILE_Z), NO_ROOM));
	registers();
	captures();
	capture_began();
	then();
	stops(FILE_2);
	capture_ended(FAIL_NONE);
	ck_assert_ptr_null(strstr(then(), "reason"));
	rig_free();
}
END_TEST

/* An agent was killed behind it, and does not know why. */
START_TEST(one_that_ended_for_a_reason_that_is_lost_says_that)
{
	struct device_state was;
	rig_capturing();
	w.folder_gone = true;
	ck_assert(session_save(w.session, &was));
	session_free(w.session);
	w.session = session_restore(&w.env, &was);
	w.wants_info = true;
	w.pieces = (struct info_pieces){.told = true, .first = FILE_ONE};
	ck_assert_ptr_nonnull(strstr(stops(FILE_Z),
	    "\"reason\":\"the capture ended before its STOP\"};"));
	rig_free();
}
END_TEST

UNIT_MAIN("session_info", who_wants_it_is_told_why_a_register_is_refused,
    a_register_that_wants_to_be_told_late_is_told,
    a_repeat_at_once_is_told_no_more, others_are_told_who_has_the_device,
    another_campaign_is_told_why_its_register_is_refused,
    a_stop_tells_its_pieces_again_to_a_repeat,
    a_verify_tells_its_score_and_a_refused_stop_its_reason,
    who_takes_over_is_not_told_what_another_wanted,
    who_waits_is_not_told_what_another_port_wants,
    a_strangers_refusal_is_not_told_to_the_owner,
    a_capture_that_ended_before_its_stop_says_why,
    one_that_ended_for_a_reason_that_is_lost_says_that)
