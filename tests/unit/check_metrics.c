/* check_metrics.c - Prometheus' text format, and its file. */
#include "base/metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

static struct strbuf text;
static struct metrics m;

static void
begin(void)
{
	strbuf_clear(&text);
	m = (struct metrics){.to = &text, .prefix = "us"};
}

START_TEST(a_family_has_its_help_type_and_samples)
{
	const struct metrics_label labels[] = {{"a", "1"}, {"b", "x y"}};

	begin();
	metrics_family(&m, "things", METRICS_GAUGE, "What there is.");
	metrics_sample(&m, labels, 2, 17, 0);
	metrics_sample(&m, labels, 1, -3, 0);
	metrics_one(&m, "done_total", METRICS_COUNTER, "What was.", 0);
	ck_assert_str_eq(text.s, "# HELP us_things What there is.\n"
				 "# TYPE us_things gauge\n"
				 "us_things{a=\"1\",b=\"x y\"} 17\n"
				 "us_things{a=\"1\"} -3\n"
				 "# HELP us_done_total What was.\n"
				 "# TYPE us_done_total counter\n"
				 "us_done_total 0\n");
}
END_TEST

static void
expect_value(int64_t value, unsigned places, const char *expected)
{
	char line[80];

	begin();
	metrics_family(&m, "x", METRICS_GAUGE, "X.");
	strbuf_clear(&text);
	metrics_sample(&m, NULL, 0, value, places);
	snprintf(line, sizeof(line), "us_x %s\n", expected);
	ck_assert_str_eq(text.s, line);
}

START_TEST(a_decimal_is_exact)
{
	expect_value(1500, 3, "1.500");
	expect_value(-1500, 3, "-1.500");
	expect_value(-7, 3, "-0.007");
	expect_value(0, 3, "0.000");
	expect_value(INT64_MAX, 0, "9223372036854775807");
	expect_value(INT64_MIN, 0, "-9223372036854775808");
	expect_value(INT64_MIN, 18, "-9.223372036854775808");
}
END_TEST

START_TEST(no_label_gets_out_of_its_quotation_marks)
{
	const struct metrics_label bad = {
	    "who", "a\"} 1\nus_evil 2\\\xff\xe2\x80\xae\x1b[m"};

	begin();
	metrics_family(&m, "x", METRICS_GAUGE, "X.");
	strbuf_clear(&text);
	metrics_sample(&m, &bad, 1, 1, 0);
	ck_assert_str_eq(text.s, "us_x{who=\"a\\\"} 1?us_evil 2\\\\????"
				 "?[m\"} 1\n");
}
END_TEST

START_TEST(the_collector_reads_names_with_its_ending)
{
	ck_assert(metrics_is_file_name("x.prom"));
	ck_assert(metrics_is_file_name("/a/b.c/x.prom"));
	ck_assert(!metrics_is_file_name("x.prom.part"));
	ck_assert(!metrics_is_file_name("x"));
	ck_assert(!metrics_is_file_name(".prom"));
	ck_assert(!metrics_is_file_name("/a/.prom"));
	ck_assert(!metrics_is_file_name("/a.prom/x"));
	ck_assert(!metrics_is_file_name(""));
}
END_TEST

START_TEST(the_file_is_there_as_a_whole_for_everybody)
{
	char folder[UNIT_PATH_MAX], path[UNIT_PATH_MAX + 16];
	struct fail why;
	struct stat st;

	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/x.prom", folder);
	umask(077);
	begin();
	metrics_one(&m, "x", METRICS_GAUGE, "X.", 1);
	ck_assert(metrics_write(path, &text, &why));
	unit_file_is(path, text.s);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0644);
	metrics_one(&m, "y", METRICS_GAUGE, "Y.", 2);
	ck_assert(metrics_write(path, &text, &why));
	unit_file_is(path, text.s);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_told)
{
	char folder[UNIT_PATH_MAX], path[UNIT_PATH_MAX + 16];
	struct fail why;

	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/none/x.prom", folder);
	begin();
	ck_assert(!metrics_write(path, &text, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, path));
}
END_TEST

UNIT_MAIN("metrics", a_family_has_its_help_type_and_samples, a_decimal_is_exact,
    no_label_gets_out_of_its_quotation_marks,
    the_collector_reads_names_with_its_ending,
    the_file_is_there_as_a_whole_for_everybody,
    a_file_that_cannot_be_written_is_told)
