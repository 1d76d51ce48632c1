/* check_csv_text.c - rows of a CSV text, and where a text is wrong. */
#include "base/csv_text.h"

#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"

/* "1:a|b;" a row, "!2:words;" a fault. */
static struct strbuf said;

static void
on_row(void *arg, int line, char *const *cells, size_t n)
{
	(void)arg;
	strbuf_addf(&said, "%d:", line);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&said, "%s%s", i > 0 ? "|" : "", cells[i]);
	strbuf_add(&said, ";");
}

static void
on_wrong(void *arg, int line, const char *what)
{
	(void)arg;
	strbuf_addf(&said, "!%d:%s;", line, what);
}

static bool
reads(const char *text, size_t len)
{
	static const struct csv_text_events events = {on_row, on_wrong};

	strbuf_clear(&said);
	return csv_text_read(text, len, &events, NULL);
}

static void
is(const char *text, const char *rows)
{
	ck_assert_msg(reads(text, strlen(text)), "%s", strbuf_text(&said));
	ck_assert_str_eq(strbuf_text(&said), rows);
}

/* The fault is all that comes behind these rows. */
static void
is_wrong_of(const char *text, size_t len, const char *rows, const char *fault)
{
	const char *s;

	ck_assert(!reads(text, len));
	s = strbuf_text(&said);
	ck_assert_msg(
	    str_starts(s, rows) && str_starts(s + strlen(rows), fault),
	    "%.200s", s);
}

static void
is_wrong(const char *text, const char *rows, const char *fault)
{
	is_wrong_of(text, strlen(text), rows, fault);
}

START_TEST(rows_are_told_with_the_line_they_begin_in)
{
	is("a,b\n1,2\n3,4\n", "1:a|b;2:1|2;3:3|4;");
	is("a,b\n1,2", "1:a|b;2:1|2;");
	is("a\r\n1\r\n2\r\n", "1:a;2:1;3:2;");
	is("a\r1\r2", "1:a;2:1;3:2;");
	is("a,b\n1,\"x\ny\r\nz\"\n2,3\n", "1:a|b;2:1|x\ny\r\nz;5:2|3;");
	is("a,b\n\"\n\",1\n2,3\n", "1:a|b;2:\n|1;4:2|3;");
}
END_TEST

START_TEST(lines_without_a_word_are_left_out)
{
	is("", "");
	is("\n\r\n   \n", "");
	is("a,b\n\n,\n , \n\n\"\",\n1,2\n\n", "1:a|b;7:1|2;");
}
END_TEST

START_TEST(quotes_keep_what_is_in_them)
{
	is("\"a,\"\"b\"\"\",\" c \", d \n", "1:a,\"b\"| c |d;");
	is("a,,\n", "1:a||;");
	is("\"\",x\n", "1:|x;");
}
END_TEST

START_TEST(spreadsheets_are_read)
{
	is("\xef\xbb\xbf"
	   "a,b\r\n1,2\r\n",
	    "1:a|b;2:1|2;");
	is("a;b\r\n1,5;2\r\n", "1:a|b;2:1,5|2;");
	is("a\tb\n1;2\t3\n", "1:a|b;2:1;2|3;");
	is("a;b,c\n1;2,3\n", "1:a;b|c;2:1;2|3;");
	is("address\n192.0.2.1\n", "1:address;2:192.0.2.1;");
}
END_TEST

START_TEST(a_quote_in_the_wrong_place_is_told)
{
	is_wrong("a\nx\n1\"2\n3\n", "1:a;2:x;", "!3:a quote stands within");
	is_wrong("a,b\n\"1\"2,3\n", "1:a|b;", "!2:a quote stands within");
	is_wrong("a\n\"1\n2\n3\n", "1:a;",
	    "!2:a cell of this row begins with a quote that is never closed;");
	is_wrong("a\n\"1\n2\n\"x\"\n", "1:a;", "!2:a quote stands within");
	is_wrong("\"", "", "!1:a cell of this row begins with a quote");
}
END_TEST

START_TEST(what_is_no_text_is_told_before_any_row)
{
	is_wrong_of("a\n1\0002\n", 6, "", "!2:this line has a NUL byte;");
	is_wrong("a\n1\n\xe4\n", "", "!3:this line is not UTF-8 text");
	is_wrong_of("\xff\xfe"
		    "a\0",
	    4, "", "!1:the text is UTF-16");
}
END_TEST

START_TEST(huge_lines_and_cells_are_refused)
{
	size_t n = CSV_LINE_MAX;
	char *text = xcalloc(4, n);

	memset(text, 'x', n - 1);
	text[n - 1] = '\n';
	ck_assert(reads(text, n));
	memset(text, 'x', n);
	text[n] = '\n';
	is_wrong_of(text, n + 1, "", "!1:this line is longer than 64 KiB;");
	/* Many lines, and a quote that is closed at the end of the file. */
	for (size_t i = 0; i < 3 * n; i++)
		text[i] = i % 100 == 99 ? '\n' : 'x';
	memcpy(text, "a\n\"", 3);
	text[3 * n] = '"';
	is_wrong_of(text, 3 * n + 1, "1:a;",
	    "!2:a cell of this row is longer than 64 KiB; is a quote never "
	    "closed?;");
	free(text);
}
END_TEST

UNIT_MAIN("csv_text", rows_are_told_with_the_line_they_begin_in,
    lines_without_a_word_are_left_out, quotes_keep_what_is_in_them,
    spreadsheets_are_read, a_quote_in_the_wrong_place_is_told,
    what_is_no_text_is_told_before_any_row, huge_lines_and_cells_are_refused)
