/* check_conf_value.c - durations and sizes. */
#include "unit.h"

#include "conf/conf_value.h"

static int64_t
duration(const char *text)
{
	int64_t ms = -1;

	return conf_duration_parse(text, &ms) ? ms : -1;
}

static int64_t
size(const char *text)
{
	int64_t bytes = -1;

	return conf_size_parse(text, &bytes) ? bytes : -1;
}

START_TEST(durations_have_units)
{
	ck_assert_int_eq(duration("500ms"), 500);
	ck_assert_int_eq(duration("90s"), 90000);
	ck_assert_int_eq(duration("15m"), 900000);
	ck_assert_int_eq(duration("8h"), 28800000);
	ck_assert_int_eq(duration("14d"), 1209600000);
	ck_assert_int_eq(duration("1h30m"), 5400000);
	ck_assert_int_eq(duration("1d2h3m4s5ms"), 93784005);
	ck_assert_int_eq(duration("0s"), 0);
}
END_TEST

START_TEST(other_durations_are_refused)
{
	static const char *const bad[] = {"", "8", "8x", "x", "s", "-1s", "+1s",
	    "1.5s", "1 s", " 1s", "1s ", "1m1h", "1s1s", "1ms1s", "1h30", "1S",
	    "1sec", "9223372036854775807s", "99999999999999999999s",
	    "106751991167d8000000000000000000ms"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(duration(bad[i]) == -1, "\"%s\"", bad[i]);
}
END_TEST

START_TEST(sizes_are_powers_of_1000)
{
	ck_assert_int_eq(size("200k"), 200000);
	ck_assert_int_eq(size("10M"), 10000000);
	ck_assert_int_eq(size("1G"), 1000000000);
	ck_assert_int_eq(size("2T"), 2000000000000);
}
END_TEST

START_TEST(other_sizes_are_refused)
{
	static const char *const bad[] = {"", "10", "10m", "10MB", "10Mi", "K",
	    "1K", "-1M", "1.5G", "1 M", "1G1M", "9223373T",
	    "99999999999999999999k"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(size(bad[i]) == -1, "\"%s\"", bad[i]);
}
END_TEST

static void
expect_duration(int64_t ms, const char *text)
{
	struct strbuf b = STRBUF_INIT;

	conf_duration_text(ms, &b);
	ck_assert_str_eq(strbuf_text(&b), text);
	ck_assert_int_eq(duration(text), ms);
	strbuf_free(&b);
}

START_TEST(a_duration_is_written_so_that_it_parses)
{
	expect_duration(0, "0s");
	expect_duration(500, "500ms");
	expect_duration(1200, "1s200ms");
	expect_duration(5400000, "1h30m");
	expect_duration(1209600000, "14d");
}
END_TEST

START_TEST(a_size_is_written_with_its_largest_unit)
{
	struct strbuf b = STRBUF_INIT;

	conf_size_text(20000000000, &b);
	strbuf_add(&b, " ");
	conf_size_text(1500000, &b);
	strbuf_add(&b, " ");
	conf_size_text(1001, &b);
	strbuf_add(&b, " ");
	conf_size_text(0, &b);
	ck_assert_str_eq(strbuf_text(&b), "20G 1500k 1001 0");
	strbuf_free(&b);
}
END_TEST

UNIT_MAIN("conf_value", durations_have_units, other_durations_are_refused,
    sizes_are_powers_of_1000, other_sizes_are_refused,
    a_duration_is_written_so_that_it_parses,
    a_size_is_written_with_its_largest_unit)
