/* check_auth_peer.c - two sides with a key, their clocks, and who listens in
 * between.
 */
#include "wire/auth_peer.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define KEY  "0123456789abcdef"
#define NOW  INT64_C(5000000)       /* monotonic */
#define WALL INT64_C(1795406400000) /* of the agent */
#define TEXT "VERIFY 192.0.2.10"

struct sides {
	struct auth_peer *campaign, *agent;
	char data[AGENT_SIGNED_MAX];
	size_t len;
	struct auth_stamp stamp;
	const char *why;
	unsigned long nonces;
};

/* The campaign's wall clock is `off` ms from the agent's. */
static struct sides
sides_new(int64_t off)
{
	struct sides s = {.nonces = 1};

	s.campaign = auth_peer_new(KEY, AUTH_REQUEST, NOW, WALL + off);
	s.agent = auth_peer_new(KEY, AUTH_ANSWER, NOW, WALL);
	return s;
}

static void
sides_free(struct sides *s)
{
	auth_peer_free(s->campaign);
	auth_peer_free(s->agent);
	auth_peer_free(NULL);
}

static void
seal(struct sides *s, const struct auth_peer *from, int64_t now)
{
	char nonce[AGENT_NONCE_MAX];

	snprintf(nonce, sizeof(nonce), "%016lx%016lx",
	    s->nonces++ * 0x9e3779b97f4a7c15ul, 0ul);
	s->len = auth_peer_seal(from, now, nonce, s->data, TEXT, strlen(TEXT));
}

static enum auth_opened
open_at(struct sides *s, struct auth_peer *to, int64_t now)
{
	size_t n;
	enum auth_opened how =
	    auth_peer_open(to, now, s->data, s->len, &s->stamp, &n, &s->why);

	if (how != OPENED_REFUSED)
		ck_assert_uint_eq(n, strlen(TEXT));
	ck_assert_int_eq(*s->why == '\0', how == OPENED_RIGHT);
	return how;
}

START_TEST(what_one_side_signs_the_other_believes)
{
	struct sides s = sides_new(0);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 5), OPENED_RIGHT);
	seal(&s, s.agent, NOW + 5);
	ck_assert_int_eq(open_at(&s, s.campaign, NOW + 9), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(a_message_counts_once)
{
	struct sides s = sides_new(0);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_RIGHT);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_REPLAYED);
	ck_assert_ptr_nonnull(strstr(s.why, "replay"));
	for (int64_t at = NOW; at < NOW + 200000; at += 500)
		ck_assert_int_ne(open_at(&s, s.agent, at), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

/* A clock that is ahead makes a message good for more than a window. */
START_TEST(a_message_from_a_fast_clock_counts_once_as_well)
{
	struct sides s = sides_new(AUTH_AHEAD_MS);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_RIGHT);
	for (int64_t at = NOW; at < NOW + 200000; at += 500)
		ck_assert_int_ne(open_at(&s, s.agent, at), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(a_message_goes_back_to_nobody)
{
	struct sides s = sides_new(0);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.campaign, NOW), OPENED_REFUSED);
	sides_free(&s);
}
END_TEST

START_TEST(thirty_seconds_are_forgiven_and_one_ahead)
{
	struct sides s = sides_new(0);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 30001), OPENED_CLOCK);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 30000), OPENED_RIGHT);
	sides_free(&s);
	s = sides_new(1001);
	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_CLOCK);
	ck_assert_int_eq(s.stamp.ms, WALL + 1001);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 1), OPENED_RIGHT);
	/* The campaign goes by the agent's clock, not the reverse. */
	seal(&s, s.agent, NOW + 31001);
	ck_assert_int_eq(open_at(&s, s.campaign, NOW), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(a_learned_clock_is_kept)
{
	struct sides s = sides_new(-600000);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_CLOCK);
	seal(&s, s.agent, NOW);
	ck_assert_int_eq(open_at(&s, s.campaign, NOW), OPENED_CLOCK);
	auth_peer_set_clock(s.campaign, NOW, s.stamp.ms);
	seal(&s, s.campaign, NOW + 3600000);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 3600000), OPENED_RIGHT);
	seal(&s, s.agent, NOW + 3600000);
	ck_assert_int_eq(open_at(&s, s.campaign, NOW + 3600000), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(nothing_from_before_the_start_counts)
{
	struct sides s = sides_new(AUTH_AHEAD_MS);

	/* As far ahead as the agent before it may have obeyed. */
	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_RIGHT);
	auth_peer_free(s.agent);
	s.agent = auth_peer_new(KEY, AUTH_ANSWER, NOW + 5, WALL + 5);
	auth_peer_begin(s.agent, NOW + 5);
	for (int64_t at = NOW + 5; at <= NOW + 1005; at++)
		ck_assert_int_eq(open_at(&s, s.agent, at), OPENED_EARLY);
	for (int64_t at = NOW + 1006; at < NOW + 200000; at += 500)
		ck_assert_int_eq(open_at(&s, s.agent, at), OPENED_CLOCK);
	seal(&s, s.campaign, NOW + 1006);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 1006), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(a_refusal_says_what_is_wrong)
{
	struct sides s = sides_new(0);

	memcpy(s.data, TEXT, strlen(TEXT));
	s.len = strlen(TEXT);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_REFUSED);
	ck_assert_ptr_nonnull(strstr(s.why, "not signed"));
	seal(&s, s.campaign, NOW);
	s.len--;
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_REFUSED);
	ck_assert_ptr_nonnull(strstr(s.why, "cut or malformed"));
	s.data[s.len] = s.data[s.len] == '0' ? '1' : '0';
	s.len++;
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_REFUSED);
	ck_assert_ptr_nonnull(strstr(s.why, "signature is wrong"));
	sides_free(&s);
}
END_TEST

START_TEST(a_clock_that_was_never_set_can_still_sign)
{
	struct sides s = sides_new(-WALL - 5);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_CLOCK);
	ck_assert_int_eq(s.stamp.ms, 0);
	sides_free(&s);
}
END_TEST

START_TEST(a_clock_that_was_set_back_plays_nothing_back)
{
	struct sides s = sides_new(0);

	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_RIGHT);
	/* another agent, an hour earlier by its clock, and the copy */
	auth_peer_free(s.agent);
	s.agent = auth_peer_new(KEY, AUTH_ANSWER, NOW, WALL - 3600000);
	auth_peer_begin(s.agent, NOW);
	auth_peer_not_before(s.agent, NOW, WALL + 60000);
	for (int64_t at = 0; at < 2 * 3600000; at += 5000)
		ck_assert_int_ne(open_at(&s, s.agent, NOW + at), OPENED_RIGHT);
	/* the campaign is told the time, and goes on by it */
	auth_peer_set_clock(s.campaign, NOW + 7200000, WALL + 60000 + 7200000);
	seal(&s, s.campaign, NOW + 7200000);
	ck_assert_int_eq(open_at(&s, s.agent, NOW + 7200000), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

START_TEST(a_clock_that_went_on_needs_no_other)
{
	struct sides s = sides_new(0);

	auth_peer_begin(s.agent, NOW - 2000);
	auth_peer_not_before(s.agent, NOW, WALL - 1000);
	seal(&s, s.campaign, NOW);
	ck_assert_int_eq(open_at(&s, s.agent, NOW), OPENED_RIGHT);
	sides_free(&s);
}
END_TEST

UNIT_MAIN("auth_peer", what_one_side_signs_the_other_believes,
    a_message_counts_once, a_message_from_a_fast_clock_counts_once_as_well,
    a_message_goes_back_to_nobody, thirty_seconds_are_forgiven_and_one_ahead,
    a_learned_clock_is_kept, nothing_from_before_the_start_counts,
    a_refusal_says_what_is_wrong, a_clock_that_was_never_set_can_still_sign,
    a_clock_that_was_set_back_plays_nothing_back,
    a_clock_that_went_on_needs_no_other)
