/* check_hourly.c - how often the same trouble is a warning. */
#include "agent/hourly.h"

#include <stdio.h>
#include <unistd.h>

#include "unit.h"

#define HOUR 3600000

/* Says it at each of these times; how many lines a log of warnings has then. */
static int
warnings(const int64_t *at, size_t n)
{
	struct hourly h = {{0}, 0};
	FILE *out = tmpfile();
	int lines = 0;

	ck_assert_ptr_nonnull(out);
	struct log *lg = log_new(LOG_FORMAT_TEXT, LOGGING_WARNING, fileno(out));
	for (size_t i = 0; i < n; i++)
		log_repeated(lg, hourly(&h, at[i]), NULL, "test", "again");
	log_free(lg);
	rewind(out);
	for (int c; (c = getc(out)) != EOF;)
		lines += c == '\n';
	fclose(out);
	return lines;
}

START_TEST(the_first_time_is_a_warning_whatever_the_clock_says)
{
	ck_assert_int_eq(warnings((int64_t[]){0}, 1), 1);
	ck_assert_int_eq(warnings((int64_t[]){5}, 1), 1);
	ck_assert_int_eq(warnings((int64_t[]){9 * HOUR}, 1), 1);
}
END_TEST

START_TEST(repeats_within_an_hour_are_none)
{
	const int64_t at[] = {7, 7, 8, HOUR, HOUR + 6};

	ck_assert_int_eq(warnings(at, 5), 1);
}
END_TEST

START_TEST(each_hour_has_one_at_most)
{
	const int64_t at[] = {
	    7, HOUR + 7, HOUR + 8, 2 * HOUR + 6, 2 * HOUR + 7, 100 * HOUR};

	ck_assert_int_eq(warnings(at, 6), 4);
}
END_TEST

UNIT_MAIN("hourly", the_first_time_is_a_warning_whatever_the_clock_says,
    repeats_within_an_hour_are_none, each_hour_has_one_at_most)
