/* check_alarm.c - OVOC's alarms in both forms. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static void
says_is(const struct alarm *a, enum alarm_says wanted)
{
	ck_assert_msg(
	    alarm_says(a, "Connection Alarm", "Connection Lost") == wanted,
	    "%s, %s", a->text, a->severity);
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
	says_is(&a, ALARM_LOST);
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

#define SAYS(severity, text)                                           \
	"New Alarm - Connection Alarm, Source:EMS, Severity:" severity \
	", Unique ID:7, Description:" text ", IP Address:192.0.2.10"

static void
text_says(const char *text, enum alarm_says wanted)
{
	struct alarm a;

	ck_assert_msg(parse(text, &a) == ALARM_OK, "%s", text);
	says_is(&a, wanted);
}

START_TEST(a_severity_of_clear_ends_a_loss_whatever_the_text)
{
	text_says(SAYS("Clear", "Connection Lost"), ALARM_CLEAR);
	text_says(SAYS("cleared", "Connection Lost"), ALARM_CLEAR);
	text_says("Title: Alarm Connection Alarm, received from branch-12, "
		  "192.0.2.10 with Severity Clear. Description: "
		  "EMS/192.0.2.10, Connection Lost",
	    ALARM_CLEAR);
	text_says(SAYS("Critical", "Connection established"), ALARM_OTHER_TEXT);
}
END_TEST

START_TEST(a_text_that_begins_with_the_triggers_is_the_trigger)
{
	static const char *const lost[] = {
	    SAYS("Critical", "Connection Lost"),
	    SAYS("Critical", "Connection Lost."),
	    SAYS("Critical", "Connection Lost - no response"),
	    SAYS("Critical", "  connection   LOST (5)"),
	};

	for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		text_says(lost[i], ALARM_LOST);
	text_says(SAYS("Critical", "Connection Losten"), ALARM_NEAR);
	text_says(SAYS("Critical", "SNMP Connection Lost"), ALARM_NEAR);
	text_says(SAYS("Critical", "no Connection  lost"), ALARM_NEAR);
	text_says(SAYS("Critical", "Connection Los"), ALARM_OTHER_TEXT);
	text_says("New Alarm - Connection Alarms, Description:Connection Lost, "
		  "IP Address:192.0.2.10",
	    ALARM_OTHER_NAME);
}
END_TEST

START_TEST(in_the_documented_form_any_comma_may_end_the_source)
{
	static const char head[] =
	    "Title: Alarm Connection Alarm, received from b, 192.0.2.10 with "
	    "Severity Major. Description: ";
	char text[512];

	snprintf(text, sizeof(text), "%sEMS, north, Connection Lost", head);
	text_says(text, ALARM_LOST);
	snprintf(text, sizeof(text), "%sEMS, Connection Lost, x, y", head);
	text_says(text, ALARM_LOST);
	snprintf(text, sizeof(text), "%sConnection Lost", head);
	text_says(text, ALARM_LOST);
}
END_TEST

START_TEST(case_and_runs_of_blanks_do_not_count)
{
	struct alarm a = {
	    .name = "connection ALARM", .text = "connection lost"};

	ck_assert_int_eq(
	    alarm_says(&a, "Connection Alarm", " Connection  Lost "),
	    ALARM_LOST);
	ck_assert_int_eq(alarm_says(&a, "", ""), ALARM_OTHER_NAME);
	ck_assert_int_eq(
	    alarm_says(&a, "Connection Alarm", ""), ALARM_OTHER_TEXT);
}
END_TEST

START_TEST(any_white_space_may_stand_where_a_form_has_a_blank)
{
	static const char *const blanks[] = {
	    "", "  ", "\t", "\n", "\r\n", "#012", "#015#012", " #012 "};
	char text[512];

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		const char *b = blanks[i];

		snprintf(text, sizeof(text),
		    "Title:%sAlarm Connection Alarm,%sreceived from b, "
		    "192.0.2.10 with Severity Critical.%sDescription:%sEMS, "
		    "Connection Lost",
		    b, b, b, b);
		assert_trigger(text);
		snprintf(text, sizeof(text),
		    "New Alarm -%sConnection Alarm,%sDescription:%sConnection "
		    "Lost,%sIP Address:%s192.0.2.10",
		    b, b, b, b, b);
		assert_trigger(text);
		if (b[0] == '\0')
			continue;
		snprintf(text, sizeof(text),
		    "Title:%sAlarm%sConnection%sAlarm, received%sfrom b, "
		    "192.0.2.10%swith Severity%sCritical. Description: EMS, "
		    "Connection%sLost",
		    b, b, b, b, b, b, b);
		assert_trigger(text);
	}
}
END_TEST

START_TEST(a_device_may_be_named_by_host_name_or_in_brackets)
{
	struct alarm a;

	ck_assert_int_eq(parse("New Alarm - n, Description:d, "
			       "IP Address:branch12.example.net",
			     &a),
	    ALARM_OK);
	ck_assert_str_eq(a.device, "branch12.example.net");
	ck_assert_int_eq(a.address.family, AF_UNSPEC);
	ck_assert_int_eq(parse("New Alarm - n, Description:d, IP Address: "
			       "[2001:db8::10] ",
			     &a),
	    ALARM_OK);
	ck_assert_str_eq(a.device, "2001:db8::10");
	assert_address(&a, "2001:db8::10");
	ck_assert_int_eq(parse("Title: Alarm n, received from n, host with "
			       "Severity Major. Description: s, t",
			     &a),
	    ALARM_OK);
	ck_assert_str_eq(a.device, "host");
}
END_TEST

START_TEST(an_alarm_that_names_two_devices_is_nobodys)
{
	struct alarm a;

	ck_assert_int_eq(
	    parse(FIELDS ", IP Address:192.0.2.99", &a), ALARM_AMBIGUOUS);
	ck_assert_str_eq(a.device, "");
	ck_assert_int_eq(parse("New Alarm - Connection Alarm, "
			       "Description:Connection Lost, Device Name: x, "
			       "IP Address:127.1.0.2, IP Address:127.1.0.1",
			     &a),
	    ALARM_AMBIGUOUS);
	assert_trigger(FIELDS ", IP Address: 192.0.2.10");
}
END_TEST

START_TEST(text_of_a_device_is_no_second_alarm)
{
	struct alarm a;

	assert_trigger(FIELDS ", Description:x");
	assert_trigger(FIELDS ", New Alarm - Other Alarm, x");
	assert_trigger(FIELDS ", Title: Alarm Other, received from n, "
			      "192.0.2.99 with Severity Major. Description: x");
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

/* --- what is built is read back --- */

static unsigned
below(unsigned n)
{
	return (unsigned)random() % n;
}

/* Words of letters, digits and a few signs; with blanks between them. */
static const char *
words(char buf[64], const char *more)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "._/()-";
	size_t n = 1 + below(20), extra = strlen(more);

	for (size_t i = 0; i < n; i++) {
		unsigned c = below((unsigned)(sizeof(letters) - 1 + extra * 4));

		buf[i] = c < sizeof(letters) - 1
			     ? letters[c]
			     : more[(c - (sizeof(letters) - 1)) / 4];
	}
	buf[n] = '\0';
	/* Blanks at the ends and in a row are not kept. */
	for (size_t i = 0; i < n; i++)
		if (buf[i] == ' ' &&
		    (i == 0 || i + 1 == n || buf[i - 1] == ' ' ||
			buf[i - 1] == ','))
			buf[i] = 'x';
	if (buf[0] == ',' || buf[0] == '-')
		buf[0] = 'y';
	if (buf[n - 1] == ',')
		buf[n - 1] = 'z';
	return buf;
}

static const char *
blank(void)
{
	static const char *const all[] = {" ", "  ", "\t", "\r\n", "#012"};

	return all[below(5)];
}

static void
built(struct alarm *a, const char *text)
{
	ck_assert_msg(parse(text, a) == ALARM_OK, "%s", text);
}

START_TEST(what_is_built_of_random_parts_is_read_back_as_it_was)
{
	char name[64], said[64], id[64], node[64], device[64], severity[8];
	char text[1024];
	struct alarm a;
	const char *set = getenv("ALARM_SEED");
	unsigned seed =
	    set != NULL ? (unsigned)atoi(set) : (unsigned)time(NULL);

	printf("ALARM_SEED=%u\n", seed);
	srandom(seed);
	for (int i = 0; i < 20000; i++) {
		words(name, " ");
		words(said, " ");
		words(id, " ");
		words(node, " ,");
		snprintf(severity, sizeof(severity), "%c%c",
		    'A' + (int)below(26), 'a' + (int)below(26));
		snprintf(device, sizeof(device),
		    below(2) ? "192.0.2.%u" : "b%u.example.net", below(256));
		snprintf(text, sizeof(text),
		    "<1>x New Alarm -%s%s,%sSource:s,%sSeverity:%s,%sUnique "
		    "ID:%s,%sDescription:%s%s,%sIP%sAddress:%s, Tenant:t",
		    blank(), name, blank(), blank(), severity, blank(), id,
		    blank(), blank(), said, blank(), blank(), device);
		built(&a, text);
		ck_assert_str_eq(a.name, name);
		ck_assert_str_eq(a.text, said);
		ck_assert_str_eq(a.unique_id, id);
		ck_assert_str_eq(a.severity, severity);
		ck_assert_str_eq(a.device, device);
		snprintf(text, sizeof(text),
		    "Title:%sAlarm%s%s,%sreceived%sfrom%s%s,%s%s%swith%s"
		    "Severity%s%s.%sDescription:%s%s,%s%s",
		    blank(), blank(), name, blank(), blank(), blank(), node,
		    blank(), device, blank(), blank(), blank(), severity,
		    blank(), blank(), node, blank(), said);
		built(&a, text);
		ck_assert_str_eq(a.name, name);
		ck_assert_str_eq(a.text, said);
		ck_assert_str_eq(a.severity, severity);
		ck_assert_str_eq(a.device, device);
	}
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
	assert_malformed("New Alarm - n, Description:d, IP Address:");
	assert_malformed("New Alarm - n, Description:d, "
			 "IP Address:192.0.2.1 192.0.2.2");
	assert_malformed("New Alarm - n, Description:d, "
			 "IP Address:fe80::1%eth0");
	assert_malformed("Title:");
	assert_malformed("Title: Alarm n, received from n, 192.0.2.1");
	assert_malformed("Title: Alarm n, received from n, 192.0.2.1 "
			 "with Severity Major.");
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
		unit_must(a.device[0] == '\0', "device: %s", a.device);
		return;
	}
	unit_must(a.name[0] != '\0', "an alarm without a name");
	unit_must(host_valid(a.device), "device: %s", a.device);
	unit_must(memchr(a.text, '\0', sizeof(a.text)) != NULL, "no end");
	for (const char *p = a.text; *p; p++)
		unit_must(!iscntrl((unsigned char)*p), "a control character");
	(void)alarm_says(&a, "Connection Alarm", "Connection Lost");
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
    a_severity_of_clear_ends_a_loss_whatever_the_text,
    a_text_that_begins_with_the_triggers_is_the_trigger,
    in_the_documented_form_any_comma_may_end_the_source,
    case_and_runs_of_blanks_do_not_count,
    any_white_space_may_stand_where_a_form_has_a_blank,
    a_device_may_be_named_by_host_name_or_in_brackets,
    an_alarm_that_names_two_devices_is_nobodys,
    what_is_built_of_random_parts_is_read_back_as_it_was,
    text_of_a_device_is_no_second_alarm, nothing_is_empty,
    trailing_nuls_and_newlines_are_ignored, malformed_alarms_are_refused,
    a_nul_within_is_refused, a_datagram_over_the_limit_is_refused,
    long_and_unprintable_fields_are_made_fit, many_commas_take_no_time,
    hostile_datagrams_do_no_harm)
