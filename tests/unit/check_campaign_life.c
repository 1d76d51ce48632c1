/* check_campaign_life.c - the normal life of a device, and of many events. */
#include "unit.h"

#include <string.h>

#include "rig/rig.h"

START_TEST(an_event_goes_through_every_task_in_order)
{
	static const enum task wanted[] = {TASK_REGISTER, TASK_SHOW, TASK_START,
	    TASK_VERIFY_STARTED, TASK_OVOC_CAPTURE, TASK_ALARM, TASK_ICMP,
	    TASK_SNMP, TASK_TCP, TASK_OVOC_VERIFY, TASK_STOP,
	    TASK_VERIFY_STOPPED, TASK_RETRIEVE, TASK_OVOC_STOP};
	struct rig *r = rig_waiting(1, "");
	const struct row *row;
	size_t i = 0;

	rig_lost(r, 0);
	rig_finish(r, 60000);
	TAILQ_FOREACH (row, &r->result->devices[0].rows, next) {
		ck_assert_uint_lt(i, sizeof(wanted) / sizeof(wanted[0]));
		ck_assert_int_eq(row->task, wanted[i++]);
		ck_assert_int_eq(row->status, TASK_SUCCESS);
		ck_assert_int_eq(row->severity, SEVERITY_NORMAL);
	}
	ck_assert_uint_eq(i, sizeof(wanted) / sizeof(wanted[0]));
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_life", an_event_goes_through_every_task_in_order)
