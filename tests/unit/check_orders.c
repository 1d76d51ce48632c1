/* check_orders.c - what a CAPTURE and a STOP mean, by what came before. */
#include "agent/orders.h"

#include "base/str.h"
#include "unit.h"
#include "wire/agent_message.h"

#define FILE_Z "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"
#define FILE_2 "CPE_device_192.0.2.10_2026-11-23T05.00.00.000000Z.pcap"
#define FILE_1 "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000.pcap"

static void
expect(struct order order, int code, enum deed deed)
{
	ck_assert_int_eq(order.code, code);
	ck_assert_int_eq(order.deed, deed);
}

/* The STOP with FILE_Z has ended the capture. */
static void
rig_stopped(struct orders *o, int code)
{
	expect(
	    orders_stop(o, LEASE_RUNNING, "", FILE_Z), AGENT_TRYING, DEED_STOP);
	orders_stopped(o, FILE_Z, code);
}

START_TEST(a_capture_counts_once_a_register_was_granted)
{
	struct orders o = {.next = NEXT_NONE};
	expect(orders_capture(&o, LEASE_NONE), AGENT_NOT_FOUND, DEED_NONE);
	orders_arm(&o);
	expect(orders_capture(&o, LEASE_NONE), AGENT_TRYING, DEED_BEGIN);
	orders_lapse(&o);
	expect(orders_capture(&o, LEASE_NONE), AGENT_NOT_FOUND, DEED_NONE);
}
END_TEST

START_TEST(a_copy_of_a_capture_changes_nothing)
{
	struct orders o = {.kept = {.armed = true}};
	orders_begun(&o);
	expect(orders_capture(&o, LEASE_STARTING), AGENT_TRYING, DEED_AWAIT);
	expect(orders_capture(&o, LEASE_RUNNING), AGENT_OK, DEED_AWAIT);
	orders_register(&o, LEASE_RUNNING, false);
	expect(orders_capture(&o, LEASE_RUNNING), AGENT_OK, DEED_AWAIT);
}
END_TEST

START_TEST(after_a_register_for_another_event_it_replaces)
{
	struct orders o = {.kept = {.armed = true}};
	orders_register(&o, LEASE_RUNNING, true);
	ck_assert(!orders_replaced(&o));
	expect(orders_capture(&o, LEASE_RUNNING), AGENT_TRYING, DEED_REPLACE);
	ck_assert(orders_replaced(&o));
	expect(orders_capture(&o, LEASE_ABORTING), AGENT_TRYING, DEED_NONE);
	ck_assert(orders_take_next(&o));
	orders_begun(&o);
	ck_assert(!orders_take_next(&o));
	expect(orders_capture(&o, LEASE_RUNNING), AGENT_OK, DEED_AWAIT);
}
END_TEST

START_TEST(behind_an_end_it_waits_if_a_register_came)
{
	struct orders o = {.kept = {.armed = true}};
	expect(orders_capture(&o, LEASE_STOPPING), AGENT_NOT_FOUND, DEED_NONE);
	orders_register(&o, LEASE_STOPPING, false);
	ck_assert(!orders_take_next(&o));
	orders_register(&o, LEASE_STOPPING, false);
	expect(orders_capture(&o, LEASE_STOPPING), AGENT_TRYING, DEED_NONE);
	orders_register(&o, LEASE_STOPPING, false);
	ck_assert(orders_take_next(&o));
}
END_TEST

START_TEST(a_stop_is_for_what_captures)
{
	struct orders o = {.kept = {.armed = true}};
	expect(orders_stop(&o, LEASE_NONE, "", FILE_Z), AGENT_UNAVAILABLE,
	    DEED_NONE);
	expect(orders_stop(&o, LEASE_STARTING, "", FILE_Z), AGENT_TRYING,
	    DEED_STOP);
	expect(orders_stop(&o, LEASE_STOPPING, FILE_Z, FILE_Z), AGENT_TRYING,
	    DEED_NONE);
	expect(orders_stop(&o, LEASE_STOPPING, FILE_Z, FILE_2),
	    AGENT_UNAVAILABLE, DEED_NONE);
	expect(orders_stop(&o, LEASE_PARKING, "", FILE_Z), AGENT_UNAVAILABLE,
	    DEED_NONE);
}
END_TEST

START_TEST(one_that_ended_before_is_named_by_its_stop)
{
	struct orders o = {.kept = {.armed = true}};
	/* it ends for want of room, say, and nothing replaces it */
	expect(orders_stop(&o, LEASE_ABORTING, "", FILE_Z), AGENT_TRYING,
	    DEED_STOP);
	orders_ended(&o, "tmp_device_x");
	orders_ended_why(&o, "it had\nno room");
	expect(
	    orders_stop(&o, LEASE_NONE, "", FILE_Z), AGENT_TRYING, DEED_NAME);
	orders_stopped(&o, FILE_Z, AGENT_OK);
	/* a copy of that STOP is told it, too */
	ck_assert_str_eq(o.kept.ended_why, "it had?no room");
	expect(orders_stop(&o, LEASE_NONE, "", FILE_2), AGENT_UNAVAILABLE,
	    DEED_NONE);
	orders_ended(&o, "tmp_device_x");
	orders_begun(&o);
	ck_assert_str_eq(o.kept.ended_why, "");
	orders_register(&o, LEASE_RUNNING, true);
	expect(orders_stop(&o, LEASE_ABORTING, "", FILE_2), AGENT_UNAVAILABLE,
	    DEED_NONE);
	orders_ended(&o, "tmp_device_x");
	ck_assert_str_eq(o.kept.ended, "");
}
END_TEST

START_TEST(a_stop_is_answered_the_same_whatever_came_since)
{
	struct orders o = {.kept = {.armed = true}};
	rig_stopped(&o, AGENT_UNAVAILABLE);
	struct order copy = orders_stop(&o, LEASE_NONE, "", FILE_Z);
	struct order other = orders_stop(&o, LEASE_NONE, "", FILE_2);
	expect(copy, AGENT_UNAVAILABLE, DEED_NONE);
	expect(other, AGENT_UNAVAILABLE, DEED_NONE);
	/* only what is refused now has a reason to be told */
	ck_assert_ptr_null(copy.refusal);
	ck_assert_ptr_nonnull(other.refusal);
}
END_TEST

START_TEST(a_copy_of_a_stop_does_not_end_the_next_capture)
{
	struct orders o = {.kept = {.armed = true}};
	rig_stopped(&o, AGENT_OK);
	expect(orders_stop(&o, LEASE_RUNNING, "", FILE_Z), AGENT_OK, DEED_NONE);
	expect(orders_stop(&o, LEASE_RUNNING, "", FILE_2), AGENT_TRYING,
	    DEED_STOP);
	orders_forget_stop(&o);
	expect(orders_stop(&o, LEASE_RUNNING, "", FILE_Z), AGENT_TRYING,
	    DEED_STOP);
}
END_TEST

START_TEST(after_a_stop_a_capture_needs_a_register)
{
	struct orders o = {.kept = {.armed = true}};
	rig_stopped(&o, AGENT_OK);
	expect(orders_capture(&o, LEASE_NONE), AGENT_NOT_FOUND, DEED_NONE);
	orders_arm(&o);
	expect(orders_capture(&o, LEASE_NONE), AGENT_TRYING, DEED_BEGIN);
}
END_TEST

START_TEST(a_campaign_of_1_0_need_not_register)
{
	struct orders o = {.kept = {.armed = true}};
	orders_stopped(&o, FILE_1, AGENT_OK);
	expect(orders_capture(&o, LEASE_NONE), AGENT_TRYING, DEED_BEGIN);
}
END_TEST

START_TEST(a_stop_that_is_refused_takes_back_what_waits)
{
	struct orders o = {.kept = {.armed = true}};
	orders_register(&o, LEASE_STOPPING, false);
	orders_capture(&o, LEASE_STOPPING);
	orders_stop(&o, LEASE_STOPPING, FILE_Z, FILE_2);
	ck_assert(!orders_take_next(&o));
	orders_register(&o, LEASE_RUNNING, true);
	orders_capture(&o, LEASE_RUNNING);
	orders_stop(&o, LEASE_ABORTING, "", FILE_Z);
	ck_assert(!orders_replaced(&o));
	expect(orders_capture(&o, LEASE_ABORTING), AGENT_NOT_FOUND, DEED_NONE);
}
END_TEST

UNIT_MAIN("orders", a_capture_counts_once_a_register_was_granted,
    a_copy_of_a_capture_changes_nothing,
    after_a_register_for_another_event_it_replaces,
    behind_an_end_it_waits_if_a_register_came, a_stop_is_for_what_captures,
    one_that_ended_before_is_named_by_its_stop,
    a_stop_is_answered_the_same_whatever_came_since,
    a_copy_of_a_stop_does_not_end_the_next_capture,
    after_a_stop_a_capture_needs_a_register,
    a_campaign_of_1_0_need_not_register,
    a_stop_that_is_refused_takes_back_what_waits)
