/* check_old_devices.c - what an agent of 1.0.6 bears, by what it answered. */
#include "unit.h"

#include "link/old_devices.h"

#define AGENT "198.51.100.1"
#define A     "192.0.2.1"
#define B     "192.0.2.2"

static struct loop *lp;
static struct old_book *book;
static struct old_devices *o;

static void
begin(void)
{
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	lp = loop_new_virtual(NULL, 0);
	book = old_book_open(lp, folder);
	o = old_devices_new(lp, book, AGENT);
}

/* The next run. */
static void
again(void)
{
	old_devices_free(o);
	o = old_devices_new(lp, book, AGENT);
}

static void
end(void)
{
	old_devices_free(o);
	old_book_close(book);
	loop_free(lp);
}

static void
asked(enum agent_request r, const char *device, int code)
{
	ck_assert(old_devices_begin(o, r, device));
	if (code == 0)
		return;
	old_devices_heard(o);
	old_devices_answered(o, r, device, code);
}

static void
captured(const char *device)
{
	asked(REQUEST_REGISTER, device, 200);
	asked(REQUEST_CAPTURE, device, 200);
}

static bool
may(enum agent_request r, const char *device)
{
	return old_devices_never(o, r, device) == NULL;
}

START_TEST(nothing_is_asked_before_a_register)
{
	begin();
	ck_assert_ptr_null(old_devices_first(o, REQUEST_REGISTER, A));
	ck_assert_str_eq(old_devices_first(o, REQUEST_CAPTURE, A), A);
	asked(REQUEST_REGISTER, A, 503);
	ck_assert_str_eq(old_devices_first(o, REQUEST_CAPTURE, A), A);
	asked(REQUEST_REGISTER, A, 200);
	ck_assert_ptr_null(old_devices_first(o, REQUEST_CAPTURE, A));
	ck_assert_str_eq(old_devices_first(o, REQUEST_CAPTURE, B), B);
	end();
}
END_TEST

START_TEST(behind_silence_another_device_is_the_witness)
{
	begin();
	captured(A);
	loop_run_for(lp, 59999);
	ck_assert_ptr_null(old_devices_first(o, REQUEST_VERIFY, A));
	loop_run_for(lp, 1);
	ck_assert_str_eq(old_devices_first(o, REQUEST_VERIFY, A), A);
	captured(B);
	captured(A);
	loop_run_for(lp, 60000);
	ck_assert_str_eq(old_devices_first(o, REQUEST_VERIFY, A), B);
	ck_assert_str_eq(old_devices_first(o, REQUEST_VERIFY, B), A);
	end();
}
END_TEST

START_TEST(no_final_answer_puts_everything_in_doubt)
{
	begin();
	captured(A);
	captured(B);
	asked(REQUEST_VERIFY, A, 0);
	old_devices_unanswered(o);
	ck_assert_str_eq(old_devices_first(o, REQUEST_VERIFY, B), B);
	ck_assert(!may(REQUEST_STOP, A) && !may(REQUEST_STOP, B));
	ck_assert(may(REQUEST_CAPTURE, A));
	captured(A);
	ck_assert(may(REQUEST_STOP, A));
	end();
}
END_TEST

START_TEST(a_stop_needs_a_capture_of_its_own)
{
	begin();
	asked(REQUEST_REGISTER, A, 200);
	ck_assert(!may(REQUEST_STOP, A));
	asked(REQUEST_CAPTURE, A, 503);
	ck_assert(!may(REQUEST_STOP, A));
	asked(REQUEST_CAPTURE, A, 200);
	ck_assert(may(REQUEST_STOP, A));
	asked(REQUEST_STOP, A, 0);
	ck_assert(!may(REQUEST_STOP, A) && may(REQUEST_CAPTURE, A));
	end();
}
END_TEST

START_TEST(a_refused_stop_bars_until_another_process_shows_itself)
{
	begin();
	captured(A);
	captured(B);
	asked(REQUEST_STOP, A, 503);
	ck_assert(!may(REQUEST_STOP, A) && !may(REQUEST_CAPTURE, A));
	asked(REQUEST_REGISTER, A, 200);
	again();
	ck_assert(!may(REQUEST_CAPTURE, A) && may(REQUEST_VERIFY, A));
	/* It is not known to this run, so this shows nothing. */
	asked(REQUEST_VERIFY, B, 404);
	ck_assert(!may(REQUEST_CAPTURE, A));
	asked(REQUEST_REGISTER, B, 200);
	asked(REQUEST_VERIFY, B, 404);
	ck_assert(may(REQUEST_CAPTURE, A) && !may(REQUEST_STOP, B));
	end();
}
END_TEST

/* Registered since it captured: by another process, perhaps. */
START_TEST(a_stop_that_may_be_refused_bars_from_its_begin_on)
{
	begin();
	captured(A);
	asked(REQUEST_REGISTER, A, 200);
	ck_assert(may(REQUEST_STOP, A));
	asked(REQUEST_STOP, A, 0);
	again();
	ck_assert(!may(REQUEST_STOP, A) && !may(REQUEST_CAPTURE, A));
	end();
	begin();
	captured(A);
	again();
	asked(REQUEST_REGISTER, A, 200);
	asked(REQUEST_STOP, A, 200);
	ck_assert(!may(REQUEST_STOP, A) && may(REQUEST_CAPTURE, A));
	end();
}
END_TEST

START_TEST(a_stop_lets_its_verify_settle_and_goes_before_others)
{
	begin();
	captured(A);
	captured(B);
	loop_run_for(lp, 10);
	asked(REQUEST_VERIFY, A, 200);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_STOP, A), 1200);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_VERIFY, B), 1200);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_STOP, B), 0);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_CAPTURE, B), 0);
	loop_run_for(lp, 1200);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_STOP, A), 0);
	ck_assert_int_eq(old_devices_wait(o, REQUEST_VERIFY, B), 0);
	end();
}
END_TEST

START_TEST(only_what_was_asked_is_late)
{
	begin();
	loop_run_for(lp, 10);
	ck_assert(!old_devices_registered_within(o, A, 10000));
	asked(REQUEST_REGISTER, A, 200);
	ck_assert(old_devices_registered_within(o, A, 10000));
	ck_assert(!old_devices_registered_within(o, B, 10000));
	loop_run_for(lp, 10001);
	ck_assert(!old_devices_registered_within(o, A, 10000));
	end();
}
END_TEST

UNIT_MAIN("old_devices", nothing_is_asked_before_a_register,
    behind_silence_another_device_is_the_witness,
    no_final_answer_puts_everything_in_doubt, a_stop_needs_a_capture_of_its_own,
    a_refused_stop_bars_until_another_process_shows_itself,
    a_stop_that_may_be_refused_bars_from_its_begin_on,
    a_stop_lets_its_verify_settle_and_goes_before_others,
    only_what_was_asked_is_late)
