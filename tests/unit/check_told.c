/* check_told.c - what an agent says beside its code, in words for a row. */
#include "device/told.h"

#include <string.h>

#include "unit.h"

static struct told
told_when(const char *json, bool sent)
{
	static const char *const secrets[] = {"Secret#1", "Secret-2", NULL};
	struct agent_info info;

	ck_assert(agent_info_decode(json, strlen(json), &info));
	return told_of(&info, secrets, sent);
}

static struct told
told(const char *json)
{
	return told_when(json, false);
}

static void
text_is(const char *json, const char *wanted)
{
	struct told t = told(json);

	ck_assert_str_eq(t.text, wanted);
	ck_assert_str_eq(t.note, "");
}

START_TEST(nothing_said_is_no_text)
{
	struct told t = told_of(NULL, NULL, true);

	ck_assert_str_eq(t.text, "");
	ck_assert_str_eq(t.note, "");
	text_is("{}", "");
	text_is("{\"version\":\"0.1.0\",\"clock\":1}", "");
}
END_TEST

START_TEST(probes_and_a_reason_stand_one_behind_the_other)
{
	text_is("{\"icmp\":[0,0,\"no privilege\"],\"tcp\":[9,10]}",
	    ": ICMP not sent (no privilege), TCP 9 of 10");
	text_is("{\"reason\":\"why\"}", ": why");
	text_is("{\"tcp\":[9,10],\"reason\":\"why\"}", ": TCP 9 of 10; why");
}
END_TEST

START_TEST(one_file_is_named_and_more_by_the_first)
{
	text_is("{\"pieces\":{\"first\":\"OVOC_device_a-0.pcap\",\"count\":1,"
		"\"packets\":1,\"dropped\":0}}",
	    ": 1 file, OVOC_device_a-0.pcap, 1 packet, none dropped by the "
	    "kernel");
	text_is("{\"pieces\":{\"count\":3}}", ": 3 files");
}
END_TEST

START_TEST(dropped_packets_are_a_note)
{
	struct told t = told("{\"pieces\":{\"count\":1,\"dropped\":12}}");

	ck_assert_str_eq(t.text, ": 1 file, 12 dropped by the kernel");
	ck_assert_str_eq(
	    t.note, "the server's capture lost packets: its kernel dropped 12");
}
END_TEST

/* The probes that it has sent at least should be there. */
START_TEST(a_capture_without_packets_is_a_note_where_some_were_sent)
{
	static const char none[] =
	    "{\"pieces\":{\"count\":1,\"packets\":0,\"dropped\":0}}";
	struct told t = told_when(none, true);

	ck_assert_str_eq(
	    t.text, ": 1 file, 0 packets, none dropped by the kernel");
	ck_assert_str_eq(t.note, "the server's capture has no packet: is "
				 "agent.interface the right one?");
	t = told_when(none, false);
	ck_assert_str_eq(t.note, "");
	t = told_when("{\"pieces\":{\"count\":1,\"packets\":1}}", true);
	ck_assert_str_eq(t.note, "");
	t = told_when("{\"pieces\":{\"count\":1}}", true);
	ck_assert_str_eq(t.note, "");
	t = told_when("{}", true);
	ck_assert_str_eq(t.note, "");
}
END_TEST

START_TEST(secrets_in_it_are_masked)
{
	text_is("{\"reason\":\"password Secret#1 refused\"}",
	    ": password ******** refused");
	text_is("{\"snmp\":[0,1,\"Secret#1\"]}", ": SNMP 0 of 1 (********)");
	text_is("{\"pieces\":{\"first\":\"OVOC_device_Secret-2-0.pcap\","
		"\"count\":1}}",
	    ": 1 file, OVOC_device_********-0.pcap");
}
END_TEST

UNIT_MAIN("told", nothing_said_is_no_text,
    probes_and_a_reason_stand_one_behind_the_other,
    one_file_is_named_and_more_by_the_first, dropped_packets_are_a_note,
    a_capture_without_packets_is_a_note_where_some_were_sent,
    secrets_in_it_are_masked)
