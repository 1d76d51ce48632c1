/* check_clock_map.c - offset, drift, bound and steps of two clocks. */
#include "unit.h"

#include "compare/clock_map.h"

#define SECOND INT64_C(1000000000)
#define MS     INT64_C(1000000)
#define BEGAN  (INT64_C(1795000000) * SECOND)
#define MANY   4000

struct path_of {
	int64_t offset, there, back, jitter;
	double drift;
	int64_t step_at, step; /* seconds, ns */
};

/* A pair every 100 ms, there and back by turns. */
static uint32_t
make(struct clock_pair *c, const struct path_of *p, uint32_t n)
{
	int64_t true_ns, late;
	uint32_t i;

	for (i = 0; i < n; i++) {
		true_ns = i * 100 * MS;
		late = p->jitter > 0 ? random() % p->jitter : 0;
		c[i].way = i % 2 == 0 ? CLOCK_THERE : CLOCK_BACK;
		c[i].more = p->offset + (int64_t)(p->drift * (double)true_ns);
		if (p->step_at > 0 && true_ns >= p->step_at * SECOND)
			c[i].more += p->step;
		c[i].more +=
		    c[i].way == CLOCK_THERE ? p->there + late : -p->back - late;
		c[i].at = BEGAN + true_ns;
	}
	return n;
}

static const struct clock_map *
fit(struct clock_map *m, const struct path_of *p, uint32_t n)
{
	static const struct clock_map none;
	struct clock_pair *c = calloc(MANY, sizeof(*c));

	*m = none;
	clock_map_fit(m, c, make(c, p, n));
	free(c);
	return m;
}

/* How far the map is from the truth at `s` seconds. */
static int64_t
error_at(const struct clock_map *m, const struct path_of *p, int64_t s)
{
	int64_t truth = BEGAN + s * SECOND + p->offset +
			(int64_t)(p->drift * (double)(s * SECOND));

	if (p->step_at > 0 && s >= p->step_at)
		truth += p->step;
	return llabs(clock_map_to_device(m, BEGAN + s * SECOND) - truth);
}

START_TEST(no_pairs_no_map)
{
	struct clock_map m;
	struct path_of p = {0};

	fit(&m, &p, 0);
	ck_assert_int_eq(m.n, 0);
}
END_TEST

/* What was sent again, and one capture has the first of it, the other the
 * second. */
START_TEST(a_few_that_are_too_fast_are_not_believed)
{
	static const struct path_of p = {
	    .offset = 5 * SECOND, .there = 40 * MS, .back = 40 * MS};
	struct clock_pair *c = calloc(MANY, sizeof(*c));
	struct clock_map m = {.n = 0};
	uint32_t n = make(c, &p, 2000);

	c[601].more += 50 * MS;
	c[1203].more += 52 * MS;
	clock_map_fit(&m, c, n);
	ck_assert_int_eq(m.n, 1);
	ck_assert_int_le(llabs(m.piece[0].offset - p.offset), MS);
	ck_assert_int_ge(m.piece[0].error, 39 * MS);
	ck_assert_int_eq(c[601].way, CLOCK_LEFT_OUT);
	ck_assert_int_eq(c[1203].way, CLOCK_LEFT_OUT);
	free(c);
}
END_TEST

/* Between the last packet before and the first behind it. */
START_TEST(a_time_near_a_step_is_the_nearer_lines)
{
	static const struct path_of p = {.there = 40 * MS,
	    .back = 40 * MS,
	    .step_at = 100,
	    .step = 3600 * SECOND};
	struct clock_map m;
	int64_t device = BEGAN + 100 * SECOND + p.step - 50 * MS;

	fit(&m, &p, 2000);
	ck_assert_int_eq(m.n, 2);
	ck_assert_int_le(llabs(clock_map_to_server(&m, device) - BEGAN -
			       100 * SECOND + 50 * MS),
	    MS);
}
END_TEST

START_TEST(offset_is_within_its_bound_whatever_it_is)
{
	static const int64_t offsets[] = {0, 1, -MS, 86400 * SECOND,
	    INT64_C(315360000) * SECOND, -INT64_C(315360000) * SECOND};
	struct clock_map m;
	size_t i;

	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		struct path_of p = {
		    offsets[i], 20 * MS, 20 * MS, 5 * MS, 50e-6, 0, 0};

		fit(&m, &p, 1200);
		ck_assert_int_eq(m.n, 1);
		ck_assert_int_lt(error_at(&m, &p, 60), MS);
		ck_assert_int_le(error_at(&m, &p, 60), m.piece[0].error);
		ck_assert_int_lt(m.piece[0].error, 40 * MS);
	}
}
END_TEST

START_TEST(asymmetry_is_inside_the_bound)
{
	struct path_of p = {7 * SECOND, 10 * MS, 60 * MS, 5 * MS, 0, 0, 0};
	struct clock_map m;

	fit(&m, &p, 1200);
	ck_assert_int_gt(error_at(&m, &p, 60), 20 * MS);
	ck_assert_int_le(error_at(&m, &p, 0), m.piece[0].error);
	ck_assert_int_le(error_at(&m, &p, 119), m.piece[0].error);
}
END_TEST

START_TEST(there_and_back_again_is_the_same_time)
{
	struct path_of p = {
	    -86400 * SECOND, 20 * MS, 20 * MS, 5 * MS, -90e-6, 60, 3 * SECOND};
	struct clock_map m;
	int64_t s, at;

	fit(&m, &p, 2400);
	ck_assert_int_eq(m.n, 2);
	for (s = 0; s < 240; s += 7) {
		at = BEGAN + s * SECOND;
		ck_assert_int_le(
		    llabs(clock_map_to_server(&m, clock_map_to_device(&m, at)) -
			  at),
		    10);
	}
}
END_TEST

START_TEST(jitter_of_two_seconds_is_no_step)
{
	struct path_of p = {0, 20 * MS, 20 * MS, 2 * SECOND, 0, 0, 0};
	struct clock_map m;

	fit(&m, &p, 3000);
	ck_assert_int_eq(m.n, 1);
}
END_TEST

START_TEST(a_step_is_found_where_it_is)
{
	static const int64_t steps[] = {
	    SECOND, -SECOND, 3600 * SECOND, 200 * MS};
	struct clock_map m;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct path_of p = {
		    0, 20 * MS, 20 * MS, 5 * MS, 0, 100, steps[i]};

		fit(&m, &p, 2400);
		ck_assert_int_eq(m.n, 2);
		ck_assert_int_lt(error_at(&m, &p, 50), MS);
		ck_assert_int_lt(error_at(&m, &p, 150), MS);
		ck_assert(
		    clock_map_step_near(&m, BEGAN + 100 * SECOND, SECOND / 2));
		ck_assert(
		    !clock_map_step_near(&m, BEGAN + 97 * SECOND, SECOND));
		ck_assert(
		    !clock_map_step_near(&m, BEGAN + 103 * SECOND, SECOND));
	}
}
END_TEST

START_TEST(an_odd_pair_is_left_out)
{
	struct path_of p = {0, 20 * MS, 20 * MS, 5 * MS, 0, 0, 0};
	struct clock_pair *c = calloc(MANY, sizeof(*c));
	struct clock_map m;

	make(c, &p, 2000);
	c[500].more -= 30 * SECOND; /* a question, before it was asked */
	c[1301].more += 2 * SECOND;
	clock_map_fit(&m, c, 2000);
	ck_assert_int_eq(m.n, 1);
	ck_assert_int_eq(c[500].way, CLOCK_LEFT_OUT);
	ck_assert_int_eq(c[1301].way, CLOCK_LEFT_OUT);
	ck_assert_int_lt(error_at(&m, &p, 60), MS);
	free(c);
}
END_TEST

START_TEST(one_way_has_no_bound)
{
	struct path_of p = {5 * SECOND, 20 * MS, 20 * MS, 5 * MS, 0, 0, 0};
	struct clock_pair *c = calloc(MANY, sizeof(*c));
	struct clock_map m;
	uint32_t i;

	make(c, &p, 1000);
	for (i = 1; i < 1000; i += 2)
		c[i].way = CLOCK_LEFT_OUT;
	clock_map_fit(&m, c, 1000);
	ck_assert_int_eq(m.n, 1);
	ck_assert(m.piece[0].error == INT64_MAX);
	ck_assert_int_lt(error_at(&m, &p, 50), 25 * MS);
	free(c);
}
END_TEST

UNIT_MAIN("clock_map", no_pairs_no_map,
    a_few_that_are_too_fast_are_not_believed,
    a_time_near_a_step_is_the_nearer_lines,
    offset_is_within_its_bound_whatever_it_is, asymmetry_is_inside_the_bound,
    there_and_back_again_is_the_same_time, jitter_of_two_seconds_is_no_step,
    a_step_is_found_where_it_is, an_odd_pair_is_left_out, one_way_has_no_bound)
