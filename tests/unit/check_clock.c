/* check_clock.c - how times are written. */
#include "base/clock.h"

#include "unit.h"

/* 2026-11-23T04:00:00.123Z */
#define NIGHT INT64_C(1795406400123)

START_TEST(rfc3339_is_utc_with_milliseconds)
{
	char buf[CLOCK_TEXT_MAX];

	setenv("TZ", "Asia/Tokyo", 1);
	ck_assert_str_eq(clock_rfc3339(NIGHT, buf), "2026-11-23T04:00:00.123Z");
	ck_assert_str_eq(clock_rfc3339(0, buf), "1970-01-01T00:00:00.000Z");
	ck_assert_str_eq(clock_rfc3339(-1, buf), "1969-12-31T23:59:59.999Z");
	ck_assert_str_eq(clock_rfc3339(INT64_C(951782400000), buf),
	    "2000-02-29T00:00:00.000Z");
}
END_TEST

START_TEST(file_names_hold_no_colon)
{
	char buf[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_file_second(NIGHT, buf), "2026-11-23T04.00.00Z");
	ck_assert_str_eq(
	    clock_file_micro(NIGHT, buf), "2026-11-23T04.00.00.123000Z");
}
END_TEST

START_TEST(any_time_fits_the_buffer)
{
	char buf[CLOCK_TEXT_MAX];

	ck_assert_ptr_eq(clock_rfc3339(INT64_MAX, buf), buf);
	ck_assert_ptr_eq(clock_file_micro(INT64_MIN, buf), buf);
	ck_assert_ptr_eq(clock_span(INT64_MAX, buf), buf);
}
END_TEST

START_TEST(spans_are_for_people)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {{-5, "0ms"}, {0, "0ms"}, {850, "850ms"}, {999, "999ms"},
	    {1000, "1s"}, {12999, "12s"}, {59999, "59s"}, {60000, "1m 0s"},
	    {200000, "3m 20s"}, {3600000, "1h 0m"}, {28800000, "8h 0m"},
	    {93784000, "26h 3m"}};
	char buf[CLOCK_TEXT_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(clock_span(rows[i].ms, buf), rows[i].text);
}
END_TEST

START_TEST(what_is_below_a_microsecond_is_cut)
{
	const struct timespec ts = {.tv_sec = 1795406400, .tv_nsec = 123456999};

	ck_assert_int_eq(clock_us(&ts), INT64_C(1795406400123456));
}
END_TEST

START_TEST(the_clocks_run)
{
	int64_t mono = clock_mono_ms();

	ck_assert_int_gt(mono, 0);
	ck_assert_int_ge(clock_mono_ms(), mono);
	/* after 2023 */
	ck_assert_int_gt(clock_wall_ms(), INT64_C(1700000000000));
}
END_TEST

START_TEST(a_servers_time_is_read)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {{"2026-11-23T04:00:00.123Z", NIGHT - 123},
	    {"2026-11-23T04:00:00Z", NIGHT - 123},
	    {"2026-11-23T04:00:00", NIGHT - 123},
	    {"2026-11-23T06:00:00+02:00", NIGHT - 123},
	    {"2026-11-22T23:30:00.5-04:30", NIGHT - 123},
	    {"1970-01-01T00:00:00z", 0}};
	static const char *const wrong[] = {"", "yesterday", "2026-11-23",
	    "2026-11-23T04:00", "2026-13-23T04:00:00Z", "2026-11-23T04:00:00 Z",
	    "2026-11-23T04:00:00+2", "2026-11-23T04:00:00+25:00",
	    "2026-11-23T04:00:00+02:60", "2026-11-23T04:00:00Zz"};
	int64_t ms;

	setenv("TZ", "Asia/Tokyo", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(
		    clock_rfc3339_read(rows[i].text, &ms), "%s", rows[i].text);
		ck_assert_int_eq(ms, rows[i].ms);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(
		    !clock_rfc3339_read(wrong[i], &ms), "%s", wrong[i]);
}
END_TEST

START_TEST(a_typed_time_is_local_or_has_a_zone)
{
	static const struct {
		const char *text;
		int64_t ns;
	} rows[] = {
	    {"2026-11-23T04:00:00.123Z", NIGHT * 1000000},
	    {"2026-11-23 04:00:00.123z", NIGHT * 1000000},
	    {"2026-11-23T05:30:00.1230000009+01:30", NIGHT * 1000000},
	    {"2026-11-23T13:00:00.123", NIGHT * 1000000},
	    {"2026-11-23 13:00:00", NIGHT / 1000 * 1000000000},
	    {"1970-01-01T00:00:00.000000001Z", 1},
	};
	static const char *const bad[] = {"", "now", "2026-11-23", "13:00:00",
	    "2026-11-23T13:00", "2026-11-23T13:00:00 Z", "2026-13-23T13:00:00",
	    "2026-11-23T13:00:00+1", "2400-01-01T00:00:00Z",
	    "2026-11-23T13:00:00,5"};
	int64_t ns;

	setenv("TZ", "XST-9", 1);
	tzset();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(
		    clock_typed_read(rows[i].text, &ns), "%s", rows[i].text);
		ck_assert_msg(ns == rows[i].ns, "%s", rows[i].text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!clock_typed_read(bad[i], &ns), "%s", bad[i]);
}
END_TEST

START_TEST(since_is_a_time_or_a_day)
{
	int64_t ms;

	setenv("TZ", "XST-9", 1);
	tzset();
	ck_assert(clock_since_read("2026-11-23T04:00:00.123Z", &ms));
	ck_assert_int_eq(ms, NIGHT);
	ck_assert(clock_since_read("2026-11-23", &ms));
	ck_assert_int_eq(ms, INT64_C(1795359600000));
	ck_assert(!clock_since_read("", &ms));
	ck_assert(!clock_since_read("yesterday", &ms));
	ck_assert(!clock_since_read("2026-11-23 04", &ms));
}
END_TEST

START_TEST(microseconds_are_written_where_they_are_asked_for)
{
	char buf[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_rfc3339_us(NIGHT * 1000 + 45, buf),
	    "2026-11-23T04:00:00.123045Z");
	ck_assert_str_eq(
	    clock_rfc3339_us(-1, buf), "1969-12-31T23:59:59.999999Z");
	ck_assert_str_eq(
	    clock_rfc3339_us(-1000000, buf), "1969-12-31T23:59:59.000000Z");
}
END_TEST

START_TEST(a_difference_is_told_with_its_direction)
{
	char buf[CLOCK_AHEAD_MAX];

	ck_assert_str_eq(clock_ahead(0, buf), "within a second of");
	ck_assert_str_eq(clock_ahead(-999, buf), "within a second of");
	ck_assert_str_eq(clock_ahead(200000, buf), "3m 20s ahead of");
	ck_assert_str_eq(clock_ahead(-28800000, buf), "8h 0m behind");
}
END_TEST

/* Central Europe: clocks went forward on 2026-03-29, back on 2026-10-25. */
START_TEST(a_time_of_the_day_is_the_next_local_one)
{
	static const struct {
		const char *now, *at, *next;
	} rows[] = {
	    {"2026-11-23T21:00:00Z", "06:00", "2026-11-24T05:00:00.000Z"},
	    {"2026-11-24T04:59:59.999Z", "06:00", "2026-11-24T05:00:00.000Z"},
	    {"2026-11-24T05:00:00Z", "06:00", "2026-11-25T05:00:00.000Z"},
	    {"2026-12-31T23:30:00Z", "00:00", "2027-01-01T23:00:00.000Z"},
	    {"2026-03-28T21:00:00Z", "06:00", "2026-03-29T04:00:00.000Z"},
	    {"2026-03-28T21:00:00Z", "02:30", "2026-03-29T01:30:00.000Z"},
	    {"2026-10-24T21:00:00Z", "06:00", "2026-10-25T05:00:00.000Z"},
	};
	static const char *const wrong[] = {"", "6:00", "06:0", "24:00",
	    "06:60", "06.00", "06:00:00", "-1:00", "06:00 ", "ab:cd"};
	char text[CLOCK_TEXT_MAX];
	int64_t now;
	int at;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert(clock_typed_read(rows[i].now, &now));
		ck_assert(clock_day_time_read(rows[i].at, &at));
		ck_assert_str_eq(
		    clock_rfc3339(clock_day_time_next(now / 1000000, at), text),
		    rows[i].next);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(
		    !clock_day_time_read(wrong[i], &at), "%s", wrong[i]);
}
END_TEST

UNIT_MAIN("clock", since_is_a_time_or_a_day,
    a_time_of_the_day_is_the_next_local_one,
    a_difference_is_told_with_its_direction,
    microseconds_are_written_where_they_are_asked_for,
    rfc3339_is_utc_with_milliseconds, file_names_hold_no_colon,
    any_time_fits_the_buffer, spans_are_for_people,
    what_is_below_a_microsecond_is_cut, the_clocks_run, a_servers_time_is_read,
    a_typed_time_is_local_or_has_a_zone)
