/* check_complaints.c - how much senders can make the agent write. */
#include "agent/complaints.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "local.h"
#include "unit.h"

static struct world {
	struct loop *lp;
	struct log *lg;
	int fds[2];
	struct complaints *complaints;
	char text[20000];
} w;

static void
rig_new(void)
{
	ck_assert_int_eq(pipe2(w.fds, O_NONBLOCK), 0);
	w.lg = log_new(LOG_FORMAT_TEXT, LOGGING_INFO, w.fds[1]);
	w.lp = loop_new_virtual(w.lg, 0);
	w.complaints = complaints_new(w.lp);
}

static void
rig_free(void)
{
	complaints_free(w.complaints);
	loop_free(w.lp);
	log_free(w.lg);
	close(w.fds[0]);
	close(w.fds[1]);
}

static const char *
logged(void)
{
	ssize_t n = read(w.fds[0], w.text, sizeof(w.text) - 1);

	w.text[n < 0 ? 0 : n] = '\0';
	return w.text;
}

static unsigned
lines(void)
{
	unsigned n = 0;

	for (const char *at = logged(); (at = strchr(at, '\n')) != NULL; at++)
		n++;
	return n;
}

static void
complain_of(enum complaint kind, const char *from, int times)
{
	struct addr a = local_addr(from);

	for (int i = 0; i < times; i++)
		complain(w.complaints, kind, &a, "192.0.2.10", "server",
		    "number %d", i);
}

START_TEST(a_kind_of_one_sender_is_told_once_then_counted)
{
	rig_new();
	complain_of(COMPLAINT_SENDER, "192.0.2.1", 20000);
	ck_assert_uint_eq(lines(), 1);
	/* of another one, and of another kind, there is more to say */
	complain_of(COMPLAINT_SENDER, "192.0.2.2", 1);
	ck_assert_uint_eq(lines(), 1);
	complain_of(COMPLAINT_TEXT, "192.0.2.1", 1);
	ck_assert_uint_eq(lines(), 1);
	loop_run_for(w.lp, 3600000);
	complain_of(COMPLAINT_SENDER, "192.0.2.1", 1);
	ck_assert_ptr_nonnull(strstr(logged(), "and 19999 more like it"));
	rig_free();
}
END_TEST

START_TEST(what_names_devices_is_told_a_few_times)
{
	rig_new();
	complain_of(COMPLAINT_REQUEST, "192.0.2.1", 20000);
	ck_assert_uint_eq(lines(), 8);
	ck_assert_uint_lt(strlen(w.text), 4096);
	ck_assert_ptr_nonnull(strstr(w.text, "number 7; for an hour"));
	rig_free();
}
END_TEST

START_TEST(senders_without_number_are_one)
{
	char from[64];
	rig_new();
	for (int i = 0; i < 20000; i++) {
		snprintf(from, sizeof(from), "10.0.%d.%d", i / 250, i % 250);
		complain_of(COMPLAINT_SENDER, from, 1);
	}
	ck_assert_uint_eq(lines(), 17);
	ck_assert_uint_lt(strlen(w.text), 4096);
	/* they are no news for ever */
	loop_run_for(w.lp, 3600000);
	complain_of(COMPLAINT_SENDER, "192.0.2.1", 1);
	ck_assert_uint_eq(lines(), 1);
	rig_free();
}
END_TEST

UNIT_MAIN("complaints", a_kind_of_one_sender_is_told_once_then_counted,
    what_names_devices_is_told_a_few_times, senders_without_number_are_one)
