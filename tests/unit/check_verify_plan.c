/* check_verify_plan.c - from the configuration to what is sent. */
#include "books/row.h"
#include "verify/verify_plan.h"

#include "unit.h"

#include <string.h>

static char key[] = "authentication";

START_TEST(the_plan_is_as_configured)
{
	const struct verify_section v = {
	    .on = {[VERIFY_ICMP] = true, [VERIFY_TCP] = true},
	    .count = 7,
	    .interval = 500,
	    .timeout = 900,
	    .tcp_port = 8443};
	const struct snmp_section snmp = {.port = 65535};
	struct verify_plan p = verify_plan_of(&v, &snmp);

	ck_assert(p.on[VERIFY_ICMP]);
	ck_assert(!p.on[VERIFY_SNMP]);
	ck_assert(p.on[VERIFY_TCP]);
	ck_assert_int_eq(p.count, 7);
	ck_assert_int_eq(p.interval_ms, 500);
	ck_assert_int_eq(p.timeout_ms, 900);
	ck_assert_uint_eq(p.tcp_port, 8443);
	ck_assert_uint_eq(p.snmp_port, 65535);
}
END_TEST

START_TEST(snmp_needs_a_key)
{
	const struct verify_section v = {.on = {[VERIFY_SNMP] = true}};
	struct snmp_section snmp = {.auth_password = NULL};

	ck_assert(!verify_plan_of(&v, &snmp).on[VERIFY_SNMP]);
	snmp.auth_password = key;
	ck_assert(verify_plan_of(&v, &snmp).on[VERIFY_SNMP]);
}
END_TEST

START_TEST(each_kind_has_its_task)
{
	for (int k = 0; k < VERIFY_KINDS; k++) {
		const char *kind = verify_kind_name((enum verify_kind)k);

		ck_assert_ptr_nonnull(
		    strstr(task_name((enum task)(TASK_ICMP + k)), kind));
	}
}
END_TEST

UNIT_MAIN("verify_plan", each_kind_has_its_task, the_plan_is_as_configured,
    snmp_needs_a_key)
