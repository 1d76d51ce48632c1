/* check_nonce_window.c - nothing twice, nothing forgotten too early, and no
 * more memory than was promised.
 */
#include "wire/nonce_window.h"

#include <stdio.h>

#include "unit.h"

#define SPAN 60000

static enum nonce_seen
add(struct nonce_window *w, int64_t now, unsigned long n)
{
	char nonce[40];

	/* As random ones are: different in the first digits. */
	snprintf(nonce, sizeof(nonce), "%016lx0000000000000000",
	    n * 0x9e3779b97f4a7c15ul);
	return nonce_window_add(w, now, nonce);
}

START_TEST(a_nonce_is_new_once)
{
	struct nonce_window *w = nonce_window_new(SPAN);

	for (unsigned long n = 0; n < 5000; n++)
		ck_assert_int_eq(add(w, 1000, n), NONCE_NEW);
	for (unsigned long n = 0; n < 5000; n++)
		ck_assert_int_eq(add(w, 1000, n), NONCE_SEEN);
	nonce_window_free(w);
	nonce_window_free(NULL);
}
END_TEST

START_TEST(it_is_remembered_for_a_span_whenever_it_came)
{
	for (int64_t at = 0; at < 3 * SPAN; at += 7001) {
		struct nonce_window *w = nonce_window_new(SPAN);

		add(w, 500000, 1);
		add(w, 500000 + at, 2);
		ck_assert_int_eq(add(w, 500000 + at + SPAN, 2), NONCE_SEEN);
		nonce_window_free(w);
	}
}
END_TEST

START_TEST(it_is_forgotten_after_two_spans)
{
	struct nonce_window *w = nonce_window_new(SPAN);

	add(w, 1000, 1);
	ck_assert_int_eq(add(w, 1000 + 2 * SPAN, 1), NONCE_NEW);
	nonce_window_free(w);
}
END_TEST

START_TEST(a_full_span_takes_no_more_until_it_is_over)
{
	struct nonce_window *w = nonce_window_new(SPAN);

	for (unsigned long n = 0; n < NONCE_WINDOW_MAX; n++)
		ck_assert_int_eq(add(w, 1000, n), NONCE_NEW);
	ck_assert_int_eq(add(w, 1000, NONCE_WINDOW_MAX), NONCE_CROWDED);
	ck_assert_int_eq(add(w, 1000, 5), NONCE_SEEN);
	ck_assert_int_eq(add(w, 1000 + SPAN, NONCE_WINDOW_MAX), NONCE_NEW);
	ck_assert_int_eq(add(w, 1000 + SPAN, 5), NONCE_SEEN);
	nonce_window_free(w);
}
END_TEST

START_TEST(any_text_can_be_a_nonce)
{
	struct nonce_window *w = nonce_window_new(SPAN);

	ck_assert_int_eq(nonce_window_add(w, 1, ""), NONCE_NEW);
	ck_assert_int_eq(nonce_window_add(w, 1, ""), NONCE_SEEN);
	ck_assert_int_eq(
	    nonce_window_add(w, 1, "00000000000000000"), NONCE_SEEN);
	ck_assert_int_eq(nonce_window_add(w, 1, "zz"), NONCE_NEW);
	nonce_window_free(w);
}
END_TEST

UNIT_MAIN("nonce_window", a_nonce_is_new_once,
    it_is_remembered_for_a_span_whenever_it_came,
    it_is_forgotten_after_two_spans, a_full_span_takes_no_more_until_it_is_over,
    any_text_can_be_a_nonce)
