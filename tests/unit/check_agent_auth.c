/* check_agent_auth.c - the signature line: one right spelling, all else is
 * refused by its name.
 */
#include "wire/agent_auth.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define KEY   "0123456789abcdef"
#define NONCE "00112233445566778899aabbccddeeff"
#define TEXT  "CAPTURE 192.0.2.10"

static const struct auth_stamp stamp = {1795406400000, NONCE};

struct signed_text {
	char data[AGENT_SIGNED_MAX];
	size_t len;
};

static struct signed_text
sign(const char *key, enum auth_direction d, const char *text)
{
	struct signed_text s;

	s.len = agent_auth_sign(s.data, key, d, &stamp, text, strlen(text));
	ck_assert_uint_lt(s.len, sizeof(s.data));
	s.data[s.len] = '\0';
	return s;
}

static enum auth_verdict
check_data(const void *data, size_t len)
{
	struct auth_stamp got;
	size_t n;
	enum auth_verdict v =
	    agent_auth_check(data, len, KEY, AUTH_REQUEST, &got, &n);

	if (v == AUTH_RIGHT) {
		ck_assert_int_eq(got.ms, stamp.ms);
		ck_assert_str_eq(got.nonce, NONCE);
		ck_assert_uint_eq(n, strlen(TEXT));
	} else {
		ck_assert_uint_eq(n, 0);
	}
	return v;
}

static enum auth_verdict
check(const struct signed_text *s)
{
	return check_data(s->data, s->len);
}

/* Made with openssl(1): printf 'traffic-capture 1\nrequest\n...' |
 * openssl dgst -sha256 -hmac 0123456789abcdef */
START_TEST(the_line_is_as_the_manual_says)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT);

	ck_assert_str_eq(s.data, TEXT
	    "\nauth 1795406400000 " NONCE " "
	    "e982e7032fb52d141b7544be728f8814fb8daa136c3ca7a456c5d9649fc0d24d");
	ck_assert_int_eq(check(&s), AUTH_RIGHT);
}
END_TEST

START_TEST(trailing_nuls_are_ignored)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT);

	memset(s.data + s.len, 0, 3);
	s.len += 3;
	ck_assert_int_eq(check(&s), AUTH_RIGHT);
}
END_TEST

START_TEST(a_text_without_a_signature_is_unsigned)
{
	ck_assert_int_eq(check_data(TEXT, strlen(TEXT)), AUTH_UNSIGNED);
	ck_assert_int_eq(check_data(NULL, 0), AUTH_UNSIGNED);
	ck_assert_int_eq(check_data("\0\0", 2), AUTH_UNSIGNED);
	ck_assert(!agent_auth_is_signed(TEXT, strlen(TEXT)));
	ck_assert(!agent_auth_is_signed(NULL, 0));
}
END_TEST

START_TEST(a_text_of_several_lines_is_signed_as_a_whole)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT "\nwant info");
	struct signed_text more;
	struct auth_stamp got;
	size_t n;

	ck_assert_int_eq(
	    agent_auth_check(s.data, s.len, KEY, AUTH_REQUEST, &got, &n),
	    AUTH_RIGHT);
	ck_assert_uint_eq(n, strlen(TEXT "\nwant info"));
	ck_assert(agent_auth_is_signed(s.data, s.len));
	memcpy(s.data + strlen(TEXT) + 1, "wantxinfo", 9);
	ck_assert_int_eq(
	    agent_auth_check(s.data, s.len, KEY, AUTH_REQUEST, &got, &n),
	    AUTH_FORGED);
	ck_assert_int_eq(
	    check_data(TEXT "\nwant info", strlen(TEXT) + 10), AUTH_UNSIGNED);
	ck_assert(!agent_auth_is_signed(TEXT "\nwant info", strlen(TEXT) + 10));
	s = sign(KEY, AUTH_REQUEST, TEXT);
	more = s;
	memcpy(more.data + strlen(TEXT) + 1, s.data + strlen(TEXT),
	    s.len - strlen(TEXT));
	more.data[strlen(TEXT)] = '\n';
	more.len++;
	ck_assert_int_eq(check(&more), AUTH_FORGED);
}
END_TEST

START_TEST(another_key_is_forged)
{
	struct signed_text s = sign(KEY "0", AUTH_REQUEST, TEXT);

	ck_assert_int_eq(check(&s), AUTH_FORGED);
}
END_TEST

START_TEST(the_other_direction_is_forged)
{
	struct signed_text s = sign(KEY, AUTH_ANSWER, TEXT);

	ck_assert_int_eq(check(&s), AUTH_FORGED);
}
END_TEST

START_TEST(a_signature_of_another_text_is_forged)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, "CAPTURE 192.0.2.11");

	s.data[strlen(TEXT) - 1] = '0';
	ck_assert_int_eq(check(&s), AUTH_FORGED);
}
END_TEST

START_TEST(a_truncated_signature_is_refused_at_every_length)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT);

	for (size_t len = 0; len < s.len; len++) {
		/* Its own memory, so that a read beyond it is found. */
		char *cut = malloc(len + 1);

		memcpy(cut, s.data, len);
		ck_assert_int_eq(check_data(cut, len),
		    len <= strlen(TEXT) ? AUTH_UNSIGNED : AUTH_MALFORMED);
		free(cut);
	}
}
END_TEST

START_TEST(every_changed_bit_is_refused)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT);

	for (size_t i = 0; i < 8 * s.len; i++) {
		s.data[i / 8] ^= (char)(1 << i % 8);
		ck_assert_int_ne(check(&s), AUTH_RIGHT);
		s.data[i / 8] ^= (char)(1 << i % 8);
	}
	ck_assert_int_eq(check(&s), AUTH_RIGHT);
}
END_TEST

START_TEST(only_one_spelling_is_right)
{
	static const char mac[] = "0123456789abcdef0123456789abcdef"
				  "0123456789abcdef0123456789abcdef";
	static const char *const bad[] = {
	    TEXT "\n",
	    TEXT "\nauth",
	    TEXT "\nauth ",
	    TEXT "\nauth 1 " NONCE,
	    TEXT "\nauth 1 " NONCE " ",
	    TEXT "\nauth  1 " NONCE " %",
	    TEXT "\nauth -1 " NONCE " %",
	    TEXT "\nauth x " NONCE " %",
	    TEXT "\nauth 999999999999999 " NONCE " %",
	    TEXT "\nauth 1 0" NONCE " %",
	    TEXT "\nauth 1 short %",
	    TEXT "\nauth 1 00112233445566778899AABBCCDDEEFF %",
	    TEXT "\nauth 1 " NONCE " %0",
	    TEXT "\nauth 1 " NONCE " % ",
	    TEXT "\nauth 1 " NONCE " %\n",
	    TEXT "\nAUTH 1 " NONCE " %",
	};
	char text[400];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *at = strchr(bad[i], '%');
		size_t n = at != NULL ? (size_t)(at - bad[i]) : strlen(bad[i]);

		memcpy(text, bad[i], n);
		text[n] = '\0';
		if (at != NULL) {
			snprintf(
			    text + n, sizeof(text) - n, "%s%s", mac, at + 1);
		}
		ck_assert_int_eq(
		    check_data(text, strlen(text)), AUTH_MALFORMED);
	}
}
END_TEST

START_TEST(a_nul_within_and_a_text_too_long_are_malformed)
{
	struct signed_text s = sign(KEY, AUTH_REQUEST, TEXT);
	static char all[3000];

	s.data[s.len - 70] = '\0';
	ck_assert_int_eq(check(&s), AUTH_MALFORMED);
	memset(all, 'x', sizeof(all));
	all[AGENT_TEXT_MAX] = '\n';
	ck_assert_int_eq(check_data(all, AGENT_TEXT_MAX + 100), AUTH_MALFORMED);
	all[10] = '\n';
	ck_assert_int_eq(check_data(all, sizeof(all)), AUTH_MALFORMED);
}
END_TEST

UNIT_MAIN("agent_auth", a_text_of_several_lines_is_signed_as_a_whole,
    the_line_is_as_the_manual_says, trailing_nuls_are_ignored,
    a_text_without_a_signature_is_unsigned, another_key_is_forged,
    the_other_direction_is_forged, a_signature_of_another_text_is_forged,
    a_truncated_signature_is_refused_at_every_length,
    every_changed_bit_is_refused, only_one_spelling_is_right,
    a_nul_within_and_a_text_too_long_are_malformed)
