/* check_paragraph.c - text in lines of 80 columns. */
#include "report/paragraph.h"

#include <stdio.h>

#include "unit.h"

#define TEN  "123456789 "
#define LONG TEN TEN TEN TEN TEN TEN TEN "123456789"

static void
gives(const char *label, unsigned indent, const char *text, const char *lines)
{
	struct strbuf b = STRBUF_INIT;

	paragraph(label, indent, text, &b);
	ck_assert_str_eq(strbuf_text(&b), lines);
	strbuf_free(&b);
}

START_TEST(a_line_has_80_columns_at_most)
{
	gives("", 0, LONG "1", LONG "1\n");
	gives("", 0, LONG "1 2", LONG "1\n2\n");
	gives("", 0, LONG "12",
	    TEN TEN TEN TEN TEN TEN "123456789\n"
				    "12345678912\n");
}
END_TEST

START_TEST(characters_are_counted_not_bytes)
{
	gives("", 0, LONG "\xc3\xa4", LONG "\xc3\xa4\n");
	gives("\xc3\xa4", 3, "x", "\xc3\xa4  x\n");
}
END_TEST

START_TEST(lines_begin_below_each_other)
{
	gives("Label", 8, "one two", "Label   one two\n");
	gives("Label", 8, LONG,
	    "Label   " TEN TEN TEN TEN TEN TEN
	    "123456789\n        123456789\n");
	gives("A long label", 4, "text", "A long label\n    text\n");
	gives("1234", 4, "text", "1234\n    text\n");
}
END_TEST

START_TEST(a_long_word_is_not_cut)
{
	char text[200], lines[200];

	snprintf(text, sizeof(text), "a %0100d b", 0);
	snprintf(lines, sizeof(lines), "a\n%0100d\nb\n", 0);
	gives("", 0, text, lines);
}
END_TEST

START_TEST(without_words_there_is_no_line)
{
	gives("Label", 8, "", "");
	gives("Label", 8, "   ", "");
	gives("", 0, "  a   b  ", "a b\n");
}
END_TEST

START_TEST(foreign_text_is_made_printable)
{
	gives("l\n", 4, "a\x1b[m\nb \xff", "l?  a?[m?b ?\n");
}
END_TEST

UNIT_MAIN("paragraph", a_line_has_80_columns_at_most,
    characters_are_counted_not_bytes, lines_begin_below_each_other,
    a_long_word_is_not_cut, without_words_there_is_no_line,
    foreign_text_is_made_printable)
