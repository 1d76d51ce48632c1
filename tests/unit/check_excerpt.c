/* check_excerpt.c - what is shown of texts from outside, and what never. */
#include "base/excerpt.h"

#include <string.h>

#include "unit.h"

static struct excerpts *e;

static void
is_shown(const void *data, size_t len, size_t max, const char *as)
{
	char *text = excerpt(e, data, len, max);

	ck_assert_str_eq(text, as);
	free(text);
}

static void
text_is_shown(const char *text, size_t max, const char *as)
{
	is_shown(text, strlen(text), max, as);
}

START_TEST(plain_text_is_shown_as_it_is)
{
	text_is_shown("", 200, "\"\"");
	text_is_shown(
	    "200 OK 192.0.2.10 CAPTURE", 200, "\"200 OK 192.0.2.10 CAPTURE\"");
	text_is_shown("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 3,
	    "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
}
END_TEST

START_TEST(what_is_no_text_is_made_visible)
{
	is_shown("a\0\n\r\t\x1b[2J\x7f", 10, 200,
	    "\"a\\x00\\n\\r\\t\\x1b[2J\\x7f\"");
	text_is_shown("\"\\n\"", 200, "\"\\\"\\\\n\\\"\"");
	/* broken UTF-8, and a control character in two bytes */
	text_is_shown("\xff\xc3(\xe2\x82", 200, "\"\\xff\\xc3(\\xe2\\x82\"");
	text_is_shown("\xc2\x9b", 200, "\"\\xc2\\x9b\"");
}
END_TEST

START_TEST(what_is_too_long_is_cut_and_its_length_told)
{
	text_is_shown("12345", 5, "\"12345\"");
	text_is_shown("123456", 5, "\"12345\"... (6 bytes)");
	/* never within what is shown of a byte */
	text_is_shown("1234\n", 5, "\"1234\"... (5 bytes)");
	text_is_shown(
	    "\xc3\xa4\xc3\xa4\xc3\xa4", 2, "\"\xc3\xa4\xc3\xa4\"... (6 bytes)");
}
END_TEST

START_TEST(secrets_are_masked_before_the_cut)
{
	e = excerpts_new();
	excerpts_hide(e, NULL);
	excerpts_hide(e, "");
	excerpts_hide(e, "Secret-1");
	excerpts_hide(e, "Secret-1");
	excerpts_hide(e, "Secret-12");
	text_is_shown(
	    "a Secret-1, Secret-12.", 200, "\"a ********, *********.\"");
	text_is_shown("a Secret-1", 5, "\"a ***\"... (10 bytes)");
	/* behind a NUL as well */
	is_shown("\0Secret-1", 9, 200, "\"\\x00********\"");
	text_is_shown("Secret-", 200, "\"Secret-\"");
	excerpts_free(e);
	excerpts_free(NULL);
}
END_TEST

START_TEST(secrets_in_json_are_masked)
{
	e = excerpts_new();
	excerpts_hide(e, "pa\"ss\\word");
	text_is_shown("{\"output\":\"pa\\\"ss\\\\word\"}", 200,
	    "\"{\\\"output\\\":\\\"************\\\"}\"");
	text_is_shown("pa\"ss\\word", 200, "\"**********\"");
	excerpts_free(e);
}
END_TEST

UNIT_MAIN("excerpt", plain_text_is_shown_as_it_is,
    what_is_no_text_is_made_visible,
    what_is_too_long_is_cut_and_its_length_told,
    secrets_are_masked_before_the_cut, secrets_in_json_are_masked)
