/* check_fail.c - the sentence of a failure is short, whole and printable. */
#include "base/fail.h"

#include <string.h>

#include "base/str.h"
#include "unit.h"

START_TEST(a_failure_has_kind_and_sentence)
{
	struct fail f = {.code = 503};

	fail_set(&f, FAIL_TRANSIENT, "start: HTTP %d", 503);
	ck_assert_int_eq(f.kind, FAIL_TRANSIENT);
	ck_assert_int_eq(f.code, 0);
	ck_assert_str_eq(f.text, "start: HTTP 503");
	fail_clear(&f);
	ck_assert_int_eq(f.kind, FAIL_NONE);
	ck_assert_str_eq(f.text, "");
}
END_TEST

START_TEST(the_sentence_may_quote_the_earlier_one)
{
	struct fail f;

	fail_set(&f, FAIL_LOCAL, "disk full");
	fail_set(&f, FAIL_FINAL, "gave up: %s", f.text);
	ck_assert_str_eq(f.text, "gave up: disk full");
}
END_TEST

START_TEST(text_from_a_peer_is_made_printable)
{
	struct fail f;

	fail_set(&f, FAIL_SCRIPT, "device says %s", "\x1b[2J\xff\n");
	ck_assert_str_eq(f.text, "device says ?[2J??");
}
END_TEST

START_TEST(a_long_sentence_is_cut_between_characters)
{
	struct fail f;
	char text[1001];

	for (size_t i = 0; i < 1000; i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	text[1000] = '\0';
	fail_set(&f, FAIL_SCRIPT, "%s", text);
	ck_assert_uint_eq(strlen(f.text), 254);
	ck_assert(str_is_utf8(f.text, 254));
	ck_assert_ptr_null(strchr(f.text, '?'));
}
END_TEST

START_TEST(every_kind_has_a_name_of_its_own)
{
	for (int a = FAIL_NONE; a <= FAIL_LOCAL; a++) {
		for (int b = FAIL_NONE; b < a; b++)
			ck_assert_str_ne(fail_kind_name((enum fail_kind)a),
			    fail_kind_name((enum fail_kind)b));
		ck_assert_str_ne(fail_kind_name((enum fail_kind)a), "unknown");
	}
}
END_TEST

UNIT_MAIN("fail", a_failure_has_kind_and_sentence,
    the_sentence_may_quote_the_earlier_one, text_from_a_peer_is_made_printable,
    a_long_sentence_is_cut_between_characters, every_kind_has_a_name_of_its_own)
