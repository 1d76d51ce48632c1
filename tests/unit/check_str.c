/* check_str.c - the growing buffer, UTF-8, numbers, likeness of words. */
#include "base/str.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

START_TEST(numbers_are_added_as_printf_writes_them)
{
	static const int64_t n[] = {0, 1, -1, 9, 10, -10, 123456789, INT64_MAX,
	    INT64_MIN, INT64_MIN + 1};

	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++) {
		struct strbuf b = STRBUF_INIT;
		char text[32];

		strbuf_add(&b, "n");
		strbuf_add_int(&b, n[i]);
		snprintf(text, sizeof(text), "n%" PRId64, n[i]);
		ck_assert_str_eq(strbuf_text(&b), text);
		strbuf_free(&b);
	}
}
END_TEST

START_TEST(a_buffer_grows_and_stays_terminated)
{
	struct strbuf b = STRBUF_INIT;

	ck_assert_str_eq(strbuf_text(&b), "");
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&b, "%d,", i);
	ck_assert_uint_eq(b.len, 10 * 2 + 90 * 3 + 900 * 4);
	ck_assert_uint_eq(strlen(b.s), b.len);
	ck_assert(str_starts(b.s, "0,1,2,"));
	strbuf_clear(&b);
	ck_assert_str_eq(strbuf_text(&b), "");
	strbuf_free(&b);
	ck_assert_ptr_null(b.s);
}
END_TEST

START_TEST(a_long_formatted_piece_is_not_cut)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_add(&b, "<");
	strbuf_addf(&b, "%*s", 5000, "x");
	strbuf_add(&b, ">");
	ck_assert_uint_eq(b.len, 5002);
	ck_assert_str_eq(b.s + 5000, "x>");
	strbuf_free(&b);
}
END_TEST

START_TEST(taking_hands_the_text_over_and_empties)
{
	struct strbuf b = STRBUF_INIT;
	char *s = strbuf_take(&b);

	ck_assert_str_eq(s, "");
	free(s);
	strbuf_add_bytes(&b, "a\0b", 3);
	s = strbuf_take(&b);
	ck_assert_mem_eq(s, "a\0b", 4);
	free(s);
	ck_assert_uint_eq(b.len, 0);
	ck_assert_str_eq(strbuf_text(&b), "");
}
END_TEST

START_TEST(a_copy_is_cut_to_fit)
{
	char buf[4];

	ck_assert(str_copy(buf, sizeof(buf), "abc"));
	ck_assert_str_eq(buf, "abc");
	ck_assert(!str_copy(buf, sizeof(buf), "abcd"));
	ck_assert_str_eq(buf, "abc");
	ck_assert(!str_copy(buf, 1, "a"));
	ck_assert_str_eq(buf, "");
	ck_assert(str_copy_n(buf, sizeof(buf), "xyz!", 2));
	ck_assert_str_eq(buf, "xy");
	ck_assert(str_copy_n(buf, 1, "", 0));
}
END_TEST

START_TEST(a_cut_never_breaks_a_utf8_sequence)
{
	/* 1 + 2 + 3 + 4 bytes */
	static const char text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
	static const size_t kept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
	char buf[16];

	for (size_t room = 0; room <= 10; room++) {
		str_copy(buf, room + 1, text);
		ck_assert_uint_eq(strlen(buf), kept[room]);
		ck_assert(str_is_utf8(buf, strlen(buf)));
	}
}
END_TEST

START_TEST(bytes_that_are_no_utf8_are_cut_where_they_are)
{
	char buf[6];

	str_copy(buf, sizeof(buf), "\x80\x80\x80\x80\x80\x80\x80\x80");
	ck_assert_uint_eq(strlen(buf), 5);
}
END_TEST

START_TEST(prefixes_are_found)
{
	ck_assert(str_starts("capture", "cap"));
	ck_assert(!str_starts("ca", "cap"));
	ck_assert(!str_starts("Capture", "cap"));
	ck_assert(str_starts("x", ""));
}
END_TEST

START_TEST(only_whole_decimal_numbers_in_range_are_taken)
{
	static const char *const bad[] = {"", " 1", "1 ", "+1", "-1", "0x1",
	    "1.0", "101", "9223372036854775808", "99999999999999999999"};
	int64_t n = 7;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert(!str_to_int64(bad[i], 0, 100, &n));
	ck_assert_int_eq(n, 7);
	ck_assert(str_to_int64("100", 0, 100, &n));
	ck_assert_int_eq(n, 100);
	ck_assert(!str_to_int64("4", 5, 100, &n));
	ck_assert(str_to_int64("9223372036854775807", 0, INT64_MAX, &n));
	ck_assert_int_eq(n, INT64_MAX);
}
END_TEST

START_TEST(utf8_is_as_rfc_3629_has_it)
{
	static const char *const good[] = {"", "a", "\x7f", "\xc2\x80",
	    "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
	    "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xc1\xbf",
	    "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
	    "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
	    "a\xe2(\xa1"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert(str_is_utf8(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert(!str_is_utf8(bad[i], strlen(bad[i])));
}
END_TEST

START_TEST(a_broken_byte_is_seen_wherever_it_is)
{
	static const char text[] =
	    "plain text, \xc3\xa4 in it, of more than 16";

	ck_assert(str_is_utf8(text, strlen(text)));
	for (size_t i = 0; i < strlen(text); i++) {
		char broken[sizeof(text)];

		memcpy(broken, text, sizeof(text));
		broken[i] = '\xff';
		ck_assert(!str_is_utf8(broken, strlen(text)));
		/* What is behind the end is nobody's. */
		if (i != 13)
			ck_assert(str_is_utf8(broken, i));
	}
}
END_TEST

START_TEST(controls_are_those_of_ascii)
{
	ck_assert(!str_has_control("", 0));
	ck_assert(!str_has_control("plain ~ \xc3\xa4 \xc2\x80", 13));
	ck_assert(str_has_control("a\nb", 3));
	ck_assert(str_has_control("a\0b", 3));
	ck_assert(str_has_control("\x1f", 1));
	ck_assert(str_has_control("ab\x7f", 3));
	ck_assert(!str_has_control("ab\x7f", 2));
}
END_TEST

START_TEST(a_control_is_seen_wherever_it_is)
{
	char text[] = "~plain \xc3\xa4\x80\xff of more than 16";
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		for (int c = 1; c < 256; c++) {
			char was = text[i];

			text[i] = (char)c;
			ck_assert_int_eq(
			    str_has_control(text, len), c < 0x20 || c == 0x7f);
			ck_assert(!str_has_control(text, i));
			text[i] = was;
		}
}
END_TEST

START_TEST(printable_text_has_no_controls_and_is_utf8)
{
	char s[] = "a\r\n\x1b[31m\x7f\xc2\x9b\xc3\xa4\xff!";
	char u[] = "a\n\xff\xc3\xa4\xc3";

	str_printable(s);
	ck_assert_str_eq(s, "a???[31m???\xc3\xa4?!");
	str_make_utf8(u);
	ck_assert_str_eq(u, "a\n?\xc3\xa4?");
}
END_TEST

START_TEST(printable_text_goes_one_way)
{
	char turned[] = "a\u202egnp.exe\u2066\u200f\u061c\u2028z";
	char plain[] = "\u200d\u2010\u202f\u05d0\u061b";

	str_printable(turned);
	ck_assert_str_eq(turned, "a???gnp.exe???"
				 "???"
				 "??"
				 "???z");
	str_printable(plain);
	ck_assert_str_eq(plain, "\u200d\u2010\u202f\u05d0\u061b");
}
END_TEST

/* A file name that is turned round, a word that hides another. */
START_TEST(printable_text_has_nothing_that_is_not_seen)
{
	static const char *const unseen[] = {"\xc2\xad", "\xd8\x9c",
	    "\xe1\xa0\x8e", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f",
	    "\xe2\x80\xa8", "\xe2\x80\xaa", "\xe2\x80\xae", "\xe2\x81\xa0",
	    "\xe2\x81\xa6", "\xe2\x81\xa9", "\xe2\x81\xaf", "\xef\xbb\xbf",
	    "\xef\xbf\xb9", "\xf0\x9d\x85\xb3", "\xf3\xa0\x80\x81",
	    "\xf3\xa0\x81\xbf"};
	static const char *const seen[] = {"\xc2\xa0", "\xc2\xae", "\xd8\xa7",
	    "\xe2\x80\x8a", "\xe2\x80\x90", "\xe2\x80\xa7", "\xe2\x80\xaf",
	    "\xe2\x81\x9f", "\xe2\x81\xb0", "\xe2\x82\xac", "\xe6\xbc\xa2",
	    "\xf0\x9f\x98\x80", "\xf3\xa0\x84\x80"};
	char s[8];

	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
		str_copy(s, sizeof(s), unseen[i]);
		str_printable(s);
		ck_assert_uint_eq(strlen(s), strlen(unseen[i]));
		ck_assert_uint_eq(strspn(s, "?"), strlen(s));
	}
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		str_copy(s, sizeof(s), seen[i]);
		str_printable(s);
		ck_assert_str_eq(s, seen[i]);
	}
}
END_TEST

START_TEST(random_bytes_become_printable)
{
	unsigned seed = 20261123;
	char s[64];

	for (int round = 0; round < 20000; round++) {
		size_t len = (size_t)(rand_r(&seed) % 63);

		for (size_t i = 0; i < len; i++)
			s[i] = (char)(rand_r(&seed) % 255 + 1);
		s[len] = '\0';
		str_printable(s);
		ck_assert_uint_eq(strlen(s), len);
		ck_assert_msg(
		    str_is_utf8(s, len), "seed 20261123, round %d", round);
	}
}
END_TEST

START_TEST(distance_counts_edits)
{
	ck_assert_uint_eq(str_distance("", ""), 0);
	ck_assert_uint_eq(str_distance("abc", ""), 3);
	ck_assert_uint_eq(str_distance("", "abc"), 3);
	ck_assert_uint_eq(str_distance("kitten", "sitting"), 3);
	ck_assert_uint_eq(str_distance("agents", "agent"), 1);
	ck_assert_uint_eq(str_distance("tiemout", "timeout"), 2);
}
END_TEST

UNIT_MAIN("str", numbers_are_added_as_printf_writes_them,
    a_buffer_grows_and_stays_terminated, a_long_formatted_piece_is_not_cut,
    taking_hands_the_text_over_and_empties, a_copy_is_cut_to_fit,
    a_cut_never_breaks_a_utf8_sequence,
    bytes_that_are_no_utf8_are_cut_where_they_are, prefixes_are_found,
    only_whole_decimal_numbers_in_range_are_taken, utf8_is_as_rfc_3629_has_it,
    a_broken_byte_is_seen_wherever_it_is, controls_are_those_of_ascii,
    a_control_is_seen_wherever_it_is,
    printable_text_has_no_controls_and_is_utf8, printable_text_goes_one_way,
    printable_text_has_nothing_that_is_not_seen, random_bytes_become_printable,
    distance_counts_edits)
