/* check_pattern.c - which packets were lost, when some were. */
#include "unit.h"

#include "compare/pattern.h"

#define N 400

static struct pattern_packet *
packets(void)
{
	struct pattern_packet *p = calloc(N, sizeof(*p));
	uint32_t i;

	for (i = 0; i < N; i++)
		p[i] = (struct pattern_packet){i, -1, 100 + i % 50, i % 8, 0};
	return p;
}

static void
is(struct pattern_packet *p, enum pattern pattern, uint32_t of)
{
	uint32_t n;

	ck_assert_int_eq(pattern_find(p, N, &n), pattern);
	ck_assert_int_eq(n, of);
	free(p);
}

START_TEST(nothing_lost_has_no_pattern)
{
	is(packets(), PATTERN_NONE, 0);
}
END_TEST

START_TEST(everything_between)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 100; i < 200; i++)
		p[i].lost = true;
	is(p, PATTERN_ALL, 0);
	p = packets();
	for (i = 100; i < N; i++)
		p[i].lost = true;
	is(p, PATTERN_ONWARD, 0);
}
END_TEST

START_TEST(only_the_large_ones)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i += 7) {
		p[i].size = 1400 + i;
		p[i].lost = true;
	}
	is(p, PATTERN_SIZE, 149);
}
END_TEST

/* Before and behind that time large ones get through. */
START_TEST(only_the_large_ones_for_a_time)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i += 7) {
		p[i].size = 1400;
		p[i].lost = i > 100 && i < 300;
	}
	is(p, PATTERN_SIZE, 149);
}
END_TEST

START_TEST(every_third)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 2; i < N; i += 3)
		p[i].lost = true;
	is(p, PATTERN_EVERY, 3);
}
END_TEST

START_TEST(always_the_same_connections)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++)
		p[i].lost = p[i].talk == 1 || p[i].talk == 2 || p[i].talk == 6;
	is(p, PATTERN_FLOWS, 3);
}
END_TEST

START_TEST(connections_that_take_turns)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++)
		p[i].lost = p[i].talk % 2 == 0;
	is(p, PATTERN_FLOWS, 4);
}
END_TEST

START_TEST(the_first_of_each_connection)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++) {
		p[i].talk = i < 30 ? 0 : i < 37 ? 1 : i < 90 ? 2 : 3;
		p[i].lost = i == 0 || i == 30 || i == 37 || i == 90;
	}
	is(p, PATTERN_NEW_FLOW, 4);
}
END_TEST

/* Each asks twice: its second question stands between first ones. */
START_TEST(the_first_of_connections_that_ask_twice)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++) {
		p[i].talk = i % 2 == 0 ? i : i >= 3 ? i - 3 : 1000;
		p[i].lost = i % 2 == 0;
	}
	is(p, PATTERN_NEW_FLOW, N / 2);
	/* Each second packet of such that ask once is not that. */
	p = packets();
	for (i = 0; i < N; i++) {
		p[i].talk = i;
		p[i].lost = i % 2 == 0;
	}
	is(p, PATTERN_EVERY, 2);
}
END_TEST

/* Others were there before, and get through. */
START_TEST(connections_are_lost_for_a_time)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 100; i < 300; i++)
		p[i].lost = p[i].talk == 1 || p[i].talk == 2 || p[i].talk == 6;
	is(p, PATTERN_FLOWS, 3);
	p = packets();
	for (i = 0; i < N; i++) {
		p[i].talk = 2 * (i / 5) + (i % 5 > 1);
		p[i].lost = i >= 200 && i < 300 && (i % 5 == 0 || i % 5 == 2);
	}
	is(p, PATTERN_NEW_FLOW, 40);
}
END_TEST

START_TEST(in_bursts)
{
	static const uint32_t begin[] = {20, 97, 200, 310};
	struct pattern_packet *p = packets();
	uint32_t i, k;

	for (i = 0; i < 4; i++)
		for (k = 0; k < 6; k++)
			p[begin[i] + k].lost = true;
	is(p, PATTERN_BURSTS, 6);
}
END_TEST

START_TEST(spread)
{
	static const uint32_t lost[] = {3, 50, 61, 133, 170, 254, 300, 381};
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < 8; i++)
		p[lost[i]].lost = true;
	is(p, PATTERN_SPREAD, 21);
}
END_TEST

static void
of_all_is(struct pattern_packet *p, enum pattern pattern, uint32_t of)
{
	uint32_t n;

	ck_assert_int_eq(pattern_of_all(p, N, &n), pattern);
	ck_assert_int_eq(n, of);
	free(p);
}

/* Ten a second, and every third second twice as many, of which ten pass. */
START_TEST(a_rate_limit)
{
	struct pattern_packet *p = packets();
	uint32_t i, in = 0;
	int64_t s = 0;

	for (i = 0; i < N; i++) {
		p[i].time = s * 1000000000 + in * 40000000;
		p[i].lost = in >= 10;
		if (++in == (s % 3 == 0 ? 20u : 10u)) {
			in = 0;
			s++;
		}
	}
	of_all_is(p, PATTERN_RATE, 10);
}
END_TEST

START_TEST(chance_at_a_steady_rate_is_no_limit)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++) {
		p[i].time = i * INT64_C(80000000);
		p[i].lost = i * 2654435761u >> 28 == 3;
	}
	of_all_is(p, PATTERN_NONE, 0);
}
END_TEST

START_TEST(every_third_of_all)
{
	struct pattern_packet *p = packets();
	uint32_t i;

	for (i = 0; i < N; i++)
		p[i].lost = i % 3 == 1;
	of_all_is(p, PATTERN_EVERY, 3);
}
END_TEST

UNIT_MAIN("pattern", nothing_lost_has_no_pattern, everything_between,
    only_the_large_ones, only_the_large_ones_for_a_time, every_third,
    always_the_same_connections, connections_are_lost_for_a_time,
    connections_that_take_turns, the_first_of_each_connection,
    the_first_of_connections_that_ask_twice, in_bursts, spread, a_rate_limit,
    chance_at_a_steady_rate_is_no_limit, every_third_of_all)
