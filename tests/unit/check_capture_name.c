/* check_capture_name.c - what captures are called, and what is no such name. */
#include "wire/capture_name.h"

#include <string.h>

#include "unit.h"

#define TIME "2026-11-23T04.00.00.123456"

START_TEST(a_cpe_name_tells_device_and_time)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_cpe(name, "192.0.2.10", 1700000000123LL);
	ck_assert_str_eq(
	    name, "CPE_device_192.0.2.10_2023-11-14T22.13.20.123000Z.pcap");
	ck_assert(capture_name_valid(name, "192.0.2.10"));
	capture_name_cpe(name, "2001:db8::1", 1700000000123LL);
	ck_assert_str_eq(
	    name, "CPE_device_2001.db8..1_2023-11-14T22.13.20.123000Z.pcap");
	ck_assert(capture_name_valid(name, "2001:db8::1"));
	ck_assert(!capture_name_valid(name, "2001:db8::2"));
}
END_TEST

START_TEST(names_with_and_without_z_are_valid)
{
	ck_assert(capture_name_valid("CPE_device_h.x_" TIME ".pcap", "h.x"));
	ck_assert(capture_name_valid("CPE_device_h.x_" TIME "Z.pcap", "h.x"));
	ck_assert(capture_name_valid("CPE_device_h.x_" TIME ".pcapng", "h.x"));
	ck_assert(!capture_name_is_utc("CPE_device_h.x_" TIME ".pcap"));
	ck_assert(capture_name_is_utc("CPE_device_h.x_" TIME "Z.pcap"));
	ck_assert(capture_name_is_utc("CPE_device_h.x_" TIME "Z.pcapng"));
	ck_assert(!capture_name_is_utc(""));
}
END_TEST

START_TEST(other_names_are_not_valid)
{
	static const char *const bad[] = {"", "CPE_device_h.x",
	    "CPE_device_h.x_", "CPE_device_h.x_" TIME,
	    "CPE_device_h.x_" TIME ".pcap1", "CPE_device_h.x_" TIME ".PCAP",
	    "CPE_device_h.x_" TIME "ZZ.pcap", "CPE_device_h.x_" TIME "Z",
	    "CPE_device_h.x_" TIME "+01.pcap", "CPE_device_h.y_" TIME ".pcap",
	    "CPE_device_h.xx_" TIME ".pcap", "cpe_device_h.x_" TIME ".pcap",
	    "OVOC_device_h.x_" TIME ".pcap", "../CPE_device_h.x_" TIME ".pcap",
	    "/CPE_device_h.x_" TIME ".pcap", "CPE_device_../h.x_" TIME ".pcap",
	    "CPE_device_h.x_" TIME "/../x.pcap",
	    "CPE_device_h.x_2026-11-23T04:00:00.123456.pcap",
	    "CPE_device_h.x_2026-11-23T04.00.00.12345.pcap",
	    "CPE_device_h.x_2026-11-23 04.00.00.123456.pcap",
	    "CPE_device_h.x_ 026-11-23T04.00.00.123456.pcap"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!capture_name_valid(bad[i], "h.x"), "%s", bad[i]);
	ck_assert(!capture_name_valid("CPE_device__" TIME ".pcap", ""));
	ck_assert(!capture_name_valid("CPE_device_../x_" TIME ".pcap", "../x"));
}
END_TEST

START_TEST(the_servers_name_goes_with_the_devices)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_ovoc(name, "CPE_device_h.x_" TIME "Z.pcap", 0);
	ck_assert_str_eq(name, "OVOC_device_h.x_" TIME "Z-0.pcap");
	capture_name_ovoc(name, "CPE_device_h.x_" TIME ".pcapng", 12);
	ck_assert_str_eq(name, "OVOC_device_h.x_" TIME "-12.pcap");
}
END_TEST

START_TEST(a_folders_name_belongs_to_its_device)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_folder(name, "2001:db8::1", 1700000000123LL);
	ck_assert_str_eq(
	    name, "tmp_device_2001.db8..1_2023-11-14T22.13.20.123000Z");
	ck_assert(capture_name_is_folder(name));
	ck_assert(capture_name_folder_valid(name, "2001:db8::1"));
	ck_assert(!capture_name_folder_valid(name, "2001:db8::"));
	ck_assert(capture_name_folder_valid("tmp_device_h.x_" TIME "Z", "h.x"));
	ck_assert(!capture_name_folder_valid("tmp_device_h.x", "h.x"));
	ck_assert(!capture_name_folder_valid("tmp_device_h.x_", "h.x"));
	ck_assert(
	    !capture_name_folder_valid("tmp_device_h.x_" TIME "/", "h.x"));
	ck_assert(!capture_name_folder_valid("tmp_device_", ""));
	ck_assert(!capture_name_folder_valid("", "h.x"));
	ck_assert(!capture_name_is_folder("OVOC_device_h.x_" TIME "Z-0.pcap"));
}
END_TEST

START_TEST(what_nobody_named_is_aborted_and_finished)
{
	char name[CAPTURE_NAME_MAX];

	capture_name_aborted(name, "tmp_device_h.x_" TIME "Z", 3);
	ck_assert_str_eq(name, "ABORTED_device_h.x_" TIME "Z-3.pcap");
	ck_assert(capture_name_is_finished(name));
	ck_assert(capture_name_is_finished("OVOC_device_h.x_" TIME "-0.pcap"));
	ck_assert(!capture_name_is_finished("tmp_device_h.x_" TIME "Z"));
	ck_assert(!capture_name_is_finished("state.json"));
}
END_TEST

START_TEST(a_name_tells_its_end_and_its_device)
{
	char device[CAPTURE_NAME_MAX];

	ck_assert_int_eq(capture_name_end("CPE_x.pcap"), CAPTURE_END_DEVICE);
	ck_assert_int_eq(capture_name_end("OVOC_x.pcap"), CAPTURE_END_SERVER);
	ck_assert_int_eq(
	    capture_name_end("ABORTED_device_x"), CAPTURE_END_SERVER);
	ck_assert_int_eq(capture_name_end("a/CPE_x.pcap"), CAPTURE_END_UNKNOWN);
	ck_assert_int_eq(capture_name_end(""), CAPTURE_END_UNKNOWN);
	ck_assert(capture_name_device(
	    device, "CPE_device_branch_12.net_" TIME "Z.pcap"));
	ck_assert_str_eq(device, "branch_12.net");
	ck_assert(capture_name_device(
	    device, "OVOC_device_2001.db8..1_" TIME "-0.pcap"));
	ck_assert_str_eq(device, "2001.db8..1");
	ck_assert(!capture_name_device(device, "CPE_device_x_1.pcap"));
	ck_assert(!capture_name_device(device, "CPE_x.pcap"));
	ck_assert(!capture_name_device(device, "tmp_device_x_" TIME));
}
END_TEST

START_TEST(the_campaigns_files_go_with_the_devices)
{
	char name[CAPTURE_NAME_MAX], event[CAPTURE_NAME_MAX];

	capture_name_campaign(name, "CPE_device_h.x_" TIME "Z.pcap");
	ck_assert_str_eq(name, "CAMPAIGN_device_h.x_" TIME "Z.json");
	ck_assert(capture_name_is_record(name));
	ck_assert(!capture_name_is_verdict(name));
	ck_assert(capture_name_event(event, name));
	ck_assert_str_eq(event, "h.x_" TIME "Z");
	capture_name_compare(name, "CPE_device_h.x_" TIME ".pcapng");
	ck_assert_str_eq(name, "COMPARE_device_h.x_" TIME ".json");
	ck_assert(capture_name_is_verdict(name));
	ck_assert(!capture_name_is_record(name));
	ck_assert(capture_name_is_record("OVOC_device_h.x_" TIME ".json"));
	ck_assert(capture_name_is_record("ABORTED_device_h.x_" TIME ".json"));
	ck_assert(!capture_name_is_record("OVOC_device_h.x_" TIME "-0.pcap"));
	ck_assert(!capture_name_is_record("CPE_device_h.x_" TIME ".json"));
	ck_assert(!capture_name_is_record(".json"));
}
END_TEST

START_TEST(a_piece_has_its_event_and_its_number)
{
	static const char *const bad[] = {"OVOC_device_x_" TIME ".pcap",
	    "OVOC_device_x_" TIME "Z.json", "OVOC_device_x_" TIME "-.pcap",
	    "OVOC_device_x_" TIME "-+1.pcap", "OVOC_device_x_" TIME "-1.pcapng",
	    "OVOC_device_x_" TIME "-1", "OVOC_device_x_1-1.pcap",
	    "OVOC_device_x_" TIME "-4294967296.pcap",
	    "OVOC_device_x_" TIME "-00000000000000001.pcap",
	    "CPE_device_x_" TIME "-1.pcap", ""};
	char event[CAPTURE_NAME_MAX];
	unsigned n;

	ck_assert(capture_name_number(&n, "OVOC_device_x_" TIME "Z-0.pcap"));
	ck_assert_uint_eq(n, 0);
	ck_assert(capture_name_number(
	    &n, "ABORTED_device_x_y_" TIME "-4294967295.pcap"));
	ck_assert_uint_eq(n, 4294967295U);
	ck_assert(capture_name_event(event, "ABORTED_device_x_y_" TIME "-1"));
	ck_assert_str_eq(event, "x_y_" TIME);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!capture_name_number(&n, bad[i]), "%s", bad[i]);
}
END_TEST

UNIT_MAIN("capture_name", a_cpe_name_tells_device_and_time,
    names_with_and_without_z_are_valid, other_names_are_not_valid,
    the_servers_name_goes_with_the_devices,
    a_folders_name_belongs_to_its_device,
    what_nobody_named_is_aborted_and_finished,
    a_name_tells_its_end_and_its_device,
    the_campaigns_files_go_with_the_devices,
    a_piece_has_its_event_and_its_number)
