/* check_status.c - a device is asked what it tells of itself, once. */
#include "device/status.h"

#include <string.h>

#include "rig/bench.h"

static struct {
	struct bench *b;
	struct status s;
	struct device_status told;
} it;

static void
on_status(void *arg, const struct device_status *told)
{
	ck_assert_ptr_eq(arg, &it);
	it.told = *told;
	bench_report(it.b);
}

static struct bench *
make(const char *told)
{
	memset(&it, 0, sizeof(it));
	it.b = bench_new(1, "");
	it.b->device->status = told;
	status_init(&it.s, &it.b->reach, on_status, &it);
	return it.b;
}

START_TEST(what_it_tells_is_reported)
{
	make("{\"systemUpTime\":12}");
	ck_assert(status_ask(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.told.up, 12000);
	ck_assert_int_eq(it.told.clock, 0);
	/* It was a login. */
	ck_assert(!reach_needs_login(&it.b->reach));
	ck_assert(status_ask(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.b->device->status_hits, 2);
	bench_free(it.b);
}
END_TEST

START_TEST(one_that_refuses_it_is_not_asked_again)
{
	make(NULL);
	ck_assert(status_ask(&it.s));
	bench_ends(it.b);
	ck_assert_int_eq(it.told.up, -1);
	ck_assert_int_eq(it.told.clock, 0);
	ck_assert(!status_ask(&it.s));
	bench_goes_on(it.b, 60000);
	ck_assert_int_eq(it.b->device->status_hits, 1);
	ck_assert_int_eq(it.b->result->n_rows, 0);
	bench_free(it.b);
}
END_TEST

START_TEST(with_debug_messages_it_is_told)
{
	const char *said;

	unit_log_keep(LOGGING_DEBUG);
	make("{\"systemUpTime\":12}");
	ck_assert(status_ask(&it.s));
	bench_ends(it.b);
	said = unit_logged();
	ck_assert_msg(
	    strstr(said, "rest: GET: \"/api/v1/status\"") != NULL, "%s", said);
	ck_assert_msg(strstr(said, "rest: answer, HTTP 200: "
				   "\"{\\\"systemUpTime\\\":12}\"") != NULL,
	    "%s", said);
	bench_free(it.b);
}
END_TEST

static struct bench *
begin(void)
{
	make("{}");
	ck_assert(status_ask(&it.s));
	return it.b;
}

static void
cancel(void)
{
	status_cancel(&it.s);
}

START_TEST(it_can_be_cancelled_at_any_moment)
{
	ck_assert_int_gt(bench_cancel_anywhere(begin, cancel), 1);
}
END_TEST

UNIT_MAIN("status", what_it_tells_is_reported,
    one_that_refuses_it_is_not_asked_again, with_debug_messages_it_is_told,
    it_can_be_cancelled_at_any_moment)
