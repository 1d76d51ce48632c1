/* check_agent_info.c - what an agent says beside its code, both ways. */
#include "wire/agent_info.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define NAME "OVOC_device_192.0.2.10_2026-11-23T04.00.00.000000Z-0.pcap"

static const char *
encoded(const struct agent_info *i)
{
	static char buf[AGENT_INFO_MAX];
	size_t len = agent_info_encode(i, buf);

	ck_assert_uint_lt(len, sizeof(buf));
	ck_assert_uint_eq(strlen(buf), len);
	return buf;
}

static bool
decoded(const char *json, struct agent_info *i)
{
	return agent_info_decode(json, strlen(json), i);
}

START_TEST(nothing_told_is_an_empty_object)
{
	struct agent_info i;

	agent_info_clear(&i);
	ck_assert_str_eq(encoded(&i), "{}");
	ck_assert(decoded("{}", &i));
	ck_assert_int_eq(i.clock, -1);
	ck_assert(!i.pieces.told && !i.probe[INFO_ICMP].on);
}
END_TEST

START_TEST(everything_is_read_as_it_was_told)
{
	static const char all[] =
	    "{\"version\":\"0.1.0\",\"clock\":1795406400000,\"free\":5,"
	    "\"icmp\":[10,10],\"snmp\":[0,10,\"no answer\"],"
	    "\"pieces\":{\"first\":\"" NAME "\",\"count\":2,\"bytes\":4711,"
	    "\"packets\":47,\"from\":1,\"to\":2,\"dropped\":3},"
	    "\"reason\":\"why not\"}";
	struct agent_info i;

	ck_assert(decoded(all, &i));
	ck_assert_str_eq(encoded(&i), all);
	ck_assert_int_eq(i.probe[INFO_SNMP].sent, 10);
	ck_assert(!i.probe[INFO_TCP].on);
	ck_assert_str_eq(i.reason, "why not");
	ck_assert_str_eq(i.pieces.first, NAME);
}
END_TEST

START_TEST(long_reasons_are_cut_until_all_fits)
{
	struct agent_info i;

	agent_info_clear(&i);
	i.pieces.told = true;
	memset(i.pieces.first, 'x', sizeof(i.pieces.first) - 1);
	memset(i.reason, '"', sizeof(i.reason) - 1);
	for (int k = 0; k < INFO_KINDS; k++) {
		i.probe[k].on = true;
		memset(i.probe[k].reason, '"', sizeof(i.probe[k].reason) - 1);
	}
	ck_assert_ptr_nonnull(strstr(encoded(&i), "\"reason\":\"\\\""));
}
END_TEST

START_TEST(what_is_no_object_tells_nothing)
{
	static const char *const bad[] = {
	    "", "[]", "7", "\"x\"", "{", "{}x", "{\"clock\":1", "null"};
	struct agent_info i;

	for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		ck_assert_msg(!decoded(bad[n], &i), "%s", bad[n]);
		ck_assert_int_eq(i.clock, -1);
	}
}
END_TEST

START_TEST(wrong_members_are_left_out_and_others_kept)
{
	struct agent_info i;

	ck_assert(
	    decoded("{\"clock\":-1,\"free\":\"x\",\"version\":7,\"later\":{},"
		    "\"icmp\":[11,10],\"snmp\":[1],\"tcp\":[1,2,3],"
		    "\"pieces\":{\"first\":\"../../etc/passwd\",\"count\":-1,"
		    "\"dropped\":-2},\"reason\":\"a\\nb\\u001b[c\"}",
		&i));
	ck_assert_int_eq(i.clock, -1);
	ck_assert_int_eq(i.free_bytes, -1);
	ck_assert_str_eq(i.version, "");
	ck_assert(!i.probe[INFO_ICMP].on && !i.probe[INFO_SNMP].on);
	ck_assert(i.probe[INFO_TCP].on);
	ck_assert_str_eq(i.probe[INFO_TCP].reason, "");
	ck_assert_str_eq(i.pieces.first, "");
	ck_assert_int_eq(i.pieces.count, 0);
	ck_assert_int_eq(i.pieces.dropped, -1);
	ck_assert_str_eq(i.reason, "a?b?[c");
}
END_TEST

START_TEST(a_piece_has_a_name_that_an_agent_gives)
{
	static const char *const bad[] = {"OVOC_device_../../etc/passwd",
	    "OVOC_device_a b", "OVOC_device_\\u202epacp.0-",
	    "ABORTED_device_=1+1", "CPE_device_a-0.pcap", ""};
	struct agent_info i;
	char json[200];

	for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		snprintf(json, sizeof(json),
		    "{\"pieces\":{\"first\":\"%s\",\"count\":1}}", bad[n]);
		ck_assert_msg(decoded(json, &i), "%s", bad[n]);
		ck_assert_str_eq(i.pieces.first, "");
		ck_assert_int_eq(i.pieces.count, 1);
	}
	ck_assert(decoded(
	    "{\"pieces\":{\"first\":\"ABORTED_device_fe80..1_x_y-0.pcap\"}}",
	    &i));
	ck_assert_str_eq(i.pieces.first, "ABORTED_device_fe80..1_x_y-0.pcap");
}
END_TEST

UNIT_MAIN("agent_info", nothing_told_is_an_empty_object,
    everything_is_read_as_it_was_told, long_reasons_are_cut_until_all_fits,
    what_is_no_object_tells_nothing, wrong_members_are_left_out_and_others_kept,
    a_piece_has_a_name_that_an_agent_gives)
