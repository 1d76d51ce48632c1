/* check_peer_words.c - a peer's own words: masked, in one line, then cut. */
#include "wire/peer_words.h"

#include <string.h>

#include "base/str.h"
#include "unit.h"

static const char *const secrets[] = {"Secret#1", "other-key", NULL};

static const char *
words(const char *body)
{
	static char to[PEER_WORDS_MAX];

	peer_words_body(body, strlen(body), secrets, to, sizeof(to));
	return to;
}

START_TEST(an_object_tells_by_its_members)
{
	ck_assert_str_eq(words("{\"description\":\"busy\"}"), "busy");
	ck_assert_str_eq(
	    words("{\"description\":\"bad script\",\"output\":\"line 3\"}"),
	    "line 3");
	ck_assert_str_eq(
	    words("{\"output\":\" \\r\\n\",\"description\":\"d\"}"), "d");
	ck_assert_str_eq(
	    words("{\"message\":\"no such thing\"}"), "no such thing");
	ck_assert_str_eq(words("{\"output\":7}"), "");
	ck_assert_str_eq(words("{}"), "");
}
END_TEST

START_TEST(what_is_no_object_is_shown_as_it_begins)
{
	ck_assert_str_eq(words(""), "");
	ck_assert_str_eq(words("<html>\r\n<b>no</b>\x1b"), "<html> <b>no</b>?");
	ck_assert_uint_eq(
	    strlen(words("0123456789012345678901234567890123456789"
			 "01234567890123456789xyz")),
	    PEER_WORDS_RAW);
}
END_TEST

/* Wherever a cut falls, nothing of the secret is before it. */
START_TEST(secrets_are_masked_before_the_cut)
{
	char body[300];

	for (size_t at = 0; at < 100; at++) {
		memset(body, 'x', sizeof(body));
		memcpy(body + at, secrets[0], strlen(secrets[0]));
		body[at + 40] = '\0';
		ck_assert_ptr_null(strstr(words(body), "Se"));
	}
	ck_assert_str_eq(
	    words("{\"output\":\"auth-key other-key\"}"), "auth-key *********");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_made_printable)
{
	char to[20];

	peer_words("a\0b\xff"
		   "c",
	    5, NULL, to, sizeof(to));
	ck_assert_str_eq(to, "a?b?c");
	peer_words("", 0, secrets, to, sizeof(to));
	ck_assert_str_eq(to, "");
}
END_TEST

UNIT_MAIN("peer_words", an_object_tells_by_its_members,
    what_is_no_object_is_shown_as_it_begins, secrets_are_masked_before_the_cut,
    bytes_that_are_no_text_are_made_printable)
