/* check_alarm.c - OVOC's alarms in both forms. */
#include "unit.h"

#include <ctype.h>
#include <string.h>

#include "mutate.h"
#include "wire/alarm.h"

#define FIELDS                                                     \
	"<130>Nov 23 04:00:00 ovoc New Alarm - Connection Alarm, " \
	"Source:EMS/192.0.2.10, Severity:Critical, Unique ID:7, "  \
	"Description:Connection Lost, Device Name:branch-12, "     \
	"IP Address:192.0.2.10, Tenant:t, Site:s"
#define TITLED                                                         \
	"<130>Nov 23 04:00:00 ovoc Title: Alarm Connection Alarm, "    \
	"received from branch-12, 192.0.2.10 with Severity Critical. " \
	"Description: EMS/192.0.2.10, Connection Lost"

static enum alarm_parse
parse(const char *text, struct alarm *a)
{
	return alarm_parse(text, strlen(text), a);
}

static void
assert_address(const struct alarm *a, const char *text)
{
	char buf[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_text(&a->address, buf), text);
}

/* The text is the trigger, of the device 192.0.2.10. */
static void
assert_trigger(const char *text)
{
	struct alarm a;

	ck_assert_msg(parse(text, &a) == ALARM_OK, "%s", text);
	ck_assert_str_eq(a.name, "Connection Alarm");
	ck_assert_str_eq(a.text, "Connection Lost");
	assert_address(&a, "192.0.2.10");
	ck_assert(alarm_matches(&a, "Connection Alarm", "Connection Lost"));
}

static void
assert_malformed(const char *text)
{
	struct alarm a;

	ck_assert_msg(parse(text, &a) == ALARM_MALFORMED, "%s", text);
	ck_assert_str_eq(a.name, "");
	ck_assert_int_eq(a.address.family, AF_UNSPEC);
}

START_TEST(the_form_of_the_field_is_read)
{
	struct alarm a;

	assert_trigger(FIELDS);
	ck_assert_int_eq(parse(FIELDS, &a), ALARM_OK);
	ck_assert_str_eq(a.unique_id, "7");
	ck_assert_str_eq(a.severity, "Critical");
}
END_TEST

START_TEST(the_documented_form_is_read)
{
	struct alarm a;

	assert_trigger(TITLED);
	ck_assert_int_eq(parse(TITLED, &a), ALARM_OK);
	ck_assert_str_eq(a.unique_id, "");
	ck_assert_str_eq(a.severity, "Critical");
	ck_assert_int_eq(parse("Title: Event Reset, received from n, "
			       "2001:db8::1 with Severity Major. "
			       "Description: Board, by command, or power",
			     &a),
	    ALARM_OK);
	ck_assert_str_eq(a.name, "Reset");
	ck_assert_str_eq(a.text, "by command, or power");
	assert_address(&a, "2001:db8::1");
}
END_TEST

START_TEST(the_syslog_header_may_be_missing)
{
	assert_trigger(strstr(FIELDS, "New Alarm"));
	assert_trigger(strstr(TITLED, "Title:"));
}
END_TEST

START_TEST(fields_come_in_any_order_and_spacing)
{
	assert_trigger("New Alarm - Connection Alarm,IP Address:192.0.2.10,"
		       "Description:Connection Lost,");
	assert_trigger("New Alarm -Connection Alarm ,  Description:  "
		       "Connection Lost  , IP Address: 192.0.2.10 , x");
	assert_trigger("x,Description:Connection Lost,IP Address:192.0.2.10,"
		       " New Alarm - Connection Alarm");
	assert_trigger("New Alarm - Connection Alarm, "
		       "IP Address:::ffff:192.0.2.10, "
		       "Description:Connection Lost\n");
}
END_TEST

START_TEST(keys_are_read_in_any_case)
{
	struct alarm a;

	assert_trigger("NEW ALARM - Connection Alarm, ip address:192.0.2.10, "
		       "DESCRIPTION:Connection Lost");
	assert_trigger("TITLE: ALARM Connection Alarm, RECEIVED FROM n, "
		       "192.0.2.10 WITH SEVERITY Critical. DESCRIPTION: s, "
		       "Connection Lost");
	ck_assert_int_eq(
	    parse("new alarm - n, description:d, ip address:192.0.2.1, "
		  "unique id: 12 , severity:minor",
		&a),
	    ALARM_OK);
	ck_assert_str_eq(a.unique_id, "12");
	ck_assert_str_eq(a.severity, "minor");
}
END_TEST

START_TEST(node_names_may_hold_commas)
{
	assert_trigger(
	    "Title: Alarm Connection Alarm, received from branch, 12, "
	    "north, 192.0.2.10 with Severity Critical. "
	    "Description: branch, 12, north, Connection Lost");
	assert_trigger(
	    "Title: Alarm Connection Alarm, received from a with Severity b, "
	    "192.0.2.10 with Severity Critical. Description: s, "
	    "Connection Lost");
}
END_TEST

START_TEST(a_clear_is_read_and_matches_nothing)
{
	struct alarm a;

	ck_assert_int_eq(
	    parse("New Alarm - Connection Alarm, Source:s, Description:"
		  "Connection established, IP Address:192.0.2.10, Tenant:t",
		&a),
	    ALARM_OK);
	ck_assert(!alarm_matches(&a, "Connection Alarm", "Connection Lost"));
	ck_assert(
	    alarm_matches(&a, "Connection Alarm", "Connection Established"));
}
END_TEST

START_TEST(a_match_ignores_case_and_outer_blanks)
{
	struct alarm a = {
	    .name = "connection ALARM", .text = "connection lost"};

	ck_assert(alarm_matches(&a, "Connection Alarm", " Connection Lost "));
	ck_assert(!alarm_matches(&a, "Connection Alarm", "Connection Los"));
	ck_assert(!alarm_matches(&a, "Connection Alarms", "Connection Lost"));
	ck_assert(!alarm_matches(&a, "", ""));
}
END_TEST

START_TEST(text_of_a_device_is_no_second_alarm)
{
	/* The first address counts, whatever a description pretends. */
	assert_trigger(FIELDS ", IP Address:192.0.2.99, Description:x");
	assert_trigger(FIELDS ", New Alarm - Other Alarm, x");
	assert_trigger(FIELDS ", Title: Alarm Other, received from n, "
			      "192.0.2.99 with Severity Major. Description: x");
	struct alarm a;

	ck_assert_int_eq(
	    parse(TITLED " New Alarm - A, IP Address:192.0.2.99, received "
			 "from n, 192.0.2.98 with Severity Major. "
			 "Description:x, y",
		&a),
	    ALARM_OK);
	ck_assert_str_eq(a.name, "Connection Alarm");
	assert_address(&a, "192.0.2.10");
}
END_TEST

START_TEST(nothing_is_empty)
{
	struct alarm a;

	ck_assert_int_eq(alarm_parse(NULL, 0, &a), ALARM_EMPTY);
	ck_assert_int_eq(alarm_parse("", 0, &a), ALARM_EMPTY);
	ck_assert_int_eq(alarm_parse("\0\n\0", 3, &a), ALARM_EMPTY);
	ck_assert_int_eq(alarm_parse("\n", 1, &a), ALARM_EMPTY);
}
END_TEST

START_TEST(trailing_nuls_and_newlines_are_ignored)
{
	static const char text[] = FIELDS "\n\0\0";
	struct alarm a;

	ck_assert_int_eq(alarm_parse(text, sizeof(text), &a), ALARM_OK);
	assert_address(&a, "192.0.2.10");
}
END_TEST

START_TEST(malformed_alarms_are_refused)
{
	assert_malformed("x");
	assert_malformed("New Alarm");
	assert_malformed("New Alarm - ");
	assert_malformed("New Alarm - n");
	assert_malformed("New Alarm - n, Description:d");
	assert_malformed("New Alarm - n, IP Address:192.0.2.1");
	assert_malformed("New Alarm - , Description:d, IP Address:192.0.2.1");
	assert_malformed("New Alarm n, Description:d, IP Address:192.0.2.1");
	assert_malformed("New Alarm - n, Description:d, IP Address:host");
	assert_malformed("New Alarm - n, Description:d, IP Address:");
	assert_malformed("New Alarm - n, Description:d, "
			 "IP Address:192.0.2.1 192.0.2.2");
	assert_malformed("New Alarm - n, Description:d, "
			 "IP Address:fe80::1%eth0");
	assert_malformed("Title:");
	assert_malformed("Title: Alarm n, received from n, 192.0.2.1");
	assert_malformed("Title: Alarm n, received from n, 192.0.2.1 "
			 "with Severity Major.");
	assert_malformed("Title: Alarm n, received from n, host "
			 "with Severity Major. Description: s, t");
	assert_malformed("Title: Alarm n, received from 192.0.2.1 "
			 "with Severity Major. Description: s, t");
	assert_malformed("Title: Alarm , received from n, 192.0.2.1 "
			 "with Severity Major. Description: s, t");
	assert_malformed("Title: Note n, received from n, 192.0.2.1 "
			 "with Severity Major. Description: s, t");
	assert_malformed("Title: Alarm n, 192.0.2.1 "
			 "with Severity Major. Description: s, t");
}
END_TEST

START_TEST(a_nul_within_is_refused)
{
	static const char text[] =
	    "New Alarm - n, Description:d\0, IP Address:192.0.2.1";
	struct alarm a;

	ck_assert_int_eq(
	    alarm_parse(text, sizeof(text) - 1, &a), ALARM_MALFORMED);
}
END_TEST

START_TEST(a_datagram_over_the_limit_is_refused)
{
	char text[4097];
	struct alarm a;

	memset(text, ' ', sizeof(text));
	memcpy(text, FIELDS ",", strlen(FIELDS ","));
	ck_assert_int_eq(alarm_parse(text, 4096, &a), ALARM_OK);
	ck_assert_int_eq(alarm_parse(text, 4097, &a), ALARM_MALFORMED);
}
END_TEST

START_TEST(long_and_unprintable_fields_are_made_fit)
{
	char text[2048] = "New Alarm - a\x1b[31m\xff";
	struct alarm a;

	memset(text + strlen(text), 'n', 300);
	strncat(text, ", IP Address:192.0.2.1, Description:", 40);
	memset(text + strlen(text), 'd', 600);
	ck_assert_int_eq(parse(text, &a), ALARM_OK);
	ck_assert_uint_eq(strlen(a.name), sizeof(a.name) - 1);
	ck_assert_uint_eq(strlen(a.text), sizeof(a.text) - 1);
	ck_assert(!strncmp(a.name, "a?[31m?n", 8));
}
END_TEST

START_TEST(many_commas_take_no_time)
{
	char text[4096];
	struct alarm a;

	memset(text, ',', sizeof(text));
	memcpy(text, "New Alarm", 9);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(
		    alarm_parse(text, sizeof(text), &a), ALARM_MALFORMED);
}
END_TEST

/* What is taken for an alarm names a device, and all its texts are ended. */
static void
sink(const void *data, size_t len)
{
	struct alarm a;

	if (alarm_parse(data, len, &a) != ALARM_OK) {
		ck_assert_int_eq(a.address.family, AF_UNSPEC);
		return;
	}
	ck_assert_str_ne(a.name, "");
	ck_assert(a.address.family == AF_INET || a.address.family == AF_INET6);
	ck_assert_ptr_nonnull(memchr(a.text, '\0', sizeof(a.text)));
	for (const char *p = a.text; *p; p++)
		ck_assert(!iscntrl((unsigned char)*p));
	(void)alarm_matches(&a, "Connection Alarm", "Connection Lost");
}

START_TEST(hostile_datagrams_do_no_harm)
{
	static const char *const good[] = {FIELDS, TITLED};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		mutate_truncate(good[i], strlen(good[i]), sink);
		mutate_random(good[i], strlen(good[i]), 10000, sink);
	}
}
END_TEST

UNIT_MAIN("alarm", the_form_of_the_field_is_read, the_documented_form_is_read,
    the_syslog_header_may_be_missing, fields_come_in_any_order_and_spacing,
    keys_are_read_in_any_case, node_names_may_hold_commas,
    a_clear_is_read_and_matches_nothing, a_match_ignores_case_and_outer_blanks,
    text_of_a_device_is_no_second_alarm, nothing_is_empty,
    trailing_nuls_and_newlines_are_ignored, malformed_alarms_are_refused,
    a_nul_within_is_refused, a_datagram_over_the_limit_is_refused,
    long_and_unprintable_fields_are_made_fit, many_commas_take_no_time,
    hostile_datagrams_do_no_harm)
