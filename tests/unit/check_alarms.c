/* check_alarms.c - what an alarm means to its device, and its row. */
#include "device/alarms.h"

#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "rig/bench.h"

#define ALARM "Connection Alarm"
#define LOST  "Connection Lost"
#define CLEAR "Connection established"

static struct alarm
alarm_of(const char *name, const char *text, const char *id)
{
	struct alarm a = {.severity = ""};

	str_copy(a.name, sizeof(a.name), name);
	str_copy(a.text, sizeof(a.text), text);
	str_copy(a.unique_id, sizeof(a.unique_id), id);
	return a;
}

static struct trigger_section
trigger_of(const char *alarm, int64_t hold_down)
{
	/* Literals: the configuration's own are freed with it. */
	return (struct trigger_section){.alarm = (char *)alarm,
	    .text = (char *)LOST,
	    .hold_down = hold_down};
}

static enum alarm_meaning
means(const struct alarm_scene *at, int64_t hold_down, const char *name,
    const char *text)
{
	struct trigger_section t = trigger_of(ALARM, hold_down);
	struct alarm a = alarm_of(name, text, "");

	return alarm_meaning(at, &t, &a);
}

/* --- what it means --- */

static const struct meaning {
	enum device_state state;
	bool sent; /* the start script */
	/* Of a loss: without hold_down, with it, and while that runs. */
	enum alarm_meaning lost, lost_hold, lost_holding;
} meanings[] = {
    {DEVICE_RESOLVING, false, MEANS_LOST_EARLY, MEANS_LOST_EARLY,
	MEANS_LOST_EARLY},
    {DEVICE_RECOVERING, false, MEANS_LOST_EARLY, MEANS_LOST_EARLY,
	MEANS_LOST_EARLY},
    {DEVICE_REGISTERING, false, MEANS_LOST_EARLY, MEANS_LOST_EARLY,
	MEANS_LOST_EARLY},
    {DEVICE_STARTING, false, MEANS_LOST_EARLY, MEANS_LOST_EARLY,
	MEANS_LOST_EARLY},
    {DEVICE_STARTING, true, MEANS_LOST_STARTED, MEANS_LOST_STARTED,
	MEANS_LOST_STARTED},
    {DEVICE_ARMING, true, MEANS_EVENT, MEANS_LOST_HOLD, MEANS_LOST_HELD},
    {DEVICE_CAPTURING, true, MEANS_EVENT, MEANS_LOST_HOLD, MEANS_LOST_HELD},
    {DEVICE_VERIFYING, true, MEANS_LOST_AGAIN, MEANS_LOST_AGAIN,
	MEANS_LOST_AGAIN},
    {DEVICE_STOPPING, true, MEANS_LOST_AGAIN, MEANS_LOST_AGAIN,
	MEANS_LOST_AGAIN},
    {DEVICE_RETRIEVING, false, MEANS_LOST_AGAIN, MEANS_LOST_AGAIN,
	MEANS_LOST_AGAIN},
    {DEVICE_CLOSING, false, MEANS_LOST_AGAIN, MEANS_LOST_AGAIN,
	MEANS_LOST_AGAIN},
    {DEVICE_DONE, false, MEANS_LOST_LATE, MEANS_LOST_LATE, MEANS_LOST_LATE},
    {DEVICE_FAILED, false, MEANS_LOST_LATE, MEANS_LOST_LATE, MEANS_LOST_LATE},
};
#define MEANINGS (sizeof(meanings) / sizeof(meanings[0]))

START_TEST(each_state_gives_an_alarm_its_meaning)
{
	const struct meaning *m = &meanings[_i];
	struct round round = {.sent = m->sent};
	struct alarm_scene at = {.state = m->state, .round = &round};

	ck_assert_int_eq(means(&at, 0, ALARM, LOST), m->lost);
	ck_assert_int_eq(means(&at, 500, ALARM, LOST), m->lost_hold);
	ck_assert_int_eq(means(&at, 500, ALARM, CLEAR), MEANS_NOTHING);
	ck_assert_int_eq(means(&at, 500, "Fan", LOST), MEANS_OTHER);
	at.holding = true;
	ck_assert_int_eq(means(&at, 500, ALARM, LOST), m->lost_holding);
	ck_assert_int_eq(means(&at, 500, ALARM, CLEAR), MEANS_CLEARED);
	ck_assert_int_eq(means(&at, 500, ALARM, "whatever"), MEANS_CLEARED);
	ck_assert_int_eq(means(&at, 500, "Fan", LOST), MEANS_OTHER);
	ck_assert_int_eq(means(&at, 500, "Fan", CLEAR), MEANS_OTHER);
}
END_TEST

START_TEST(while_an_earlier_run_is_finished_no_state_counts)
{
	struct round round = {.sent = true};
	struct alarm_scene at = {.round = &round, .recovering = true};

	for (int s = 0; s < DEVICE_STATES; s++)
		for (int holding = 0; holding < 2; holding++) {
			at.state = (enum device_state)s;
			at.holding = holding;
			ck_assert_int_eq(
			    means(&at, 0, ALARM, LOST), MEANS_LOST_EARLY);
			ck_assert_int_eq(
			    means(&at, 500, ALARM, CLEAR), MEANS_NOTHING);
			ck_assert_int_eq(
			    means(&at, 0, "Fan", LOST), MEANS_NOTHING);
		}
}
END_TEST

/* It is fetched and armed again: that is no event. */
START_TEST(a_loss_behind_a_capture_that_vanished_is_told)
{
	struct round round = {.vanished = true};
	struct alarm_scene at = {.round = &round};

	for (int s = DEVICE_STOPPING; s < DEVICE_DONE; s++) {
		at.state = (enum device_state)s;
		ck_assert_int_eq(means(&at, 0, ALARM, LOST), MEANS_LOST_OFF);
		ck_assert_int_eq(means(&at, 0, ALARM, CLEAR), MEANS_NOTHING);
	}
}
END_TEST

START_TEST(case_and_outer_blanks_do_not_matter)
{
	struct round round = {.sent = true};
	struct alarm_scene at = {.state = DEVICE_CAPTURING, .round = &round};
	struct trigger_section t = trigger_of(" connection ALARM ", 500);
	struct alarm lost = alarm_of(ALARM, "connection lost", "");
	struct alarm clear = alarm_of(ALARM, CLEAR, "");

	ck_assert_int_eq(alarm_meaning(&at, &t, &lost), MEANS_LOST_HOLD);
	at.holding = true;
	ck_assert_int_eq(alarm_meaning(&at, &t, &clear), MEANS_CLEARED);
}
END_TEST

/* --- repeats --- */

static bool
repeated(struct alarms *as, const char *text, const char *id, int64_t now)
{
	struct alarm a = alarm_of(ALARM, text, id);

	return alarms_repeated(as, &a, now);
}

START_TEST(the_same_alarm_within_a_minute_is_a_repeat)
{
	struct alarms as = {.rows = 0};

	ck_assert(!repeated(&as, LOST, "7", 1000));
	ck_assert(repeated(&as, LOST, "7", 1000));
	ck_assert(repeated(&as, LOST, "7", 60999));
	/* Since the first of them, not since the last. */
	ck_assert(!repeated(&as, LOST, "7", 61000));
	ck_assert(repeated(&as, LOST, "7", 120999));
}
END_TEST

START_TEST(another_text_or_id_is_another_alarm)
{
	struct alarms as = {.rows = 0};

	ck_assert(!repeated(&as, LOST, "7", 1000));
	ck_assert(!repeated(&as, CLEAR, "7", 1000));
	ck_assert(!repeated(&as, LOST, "8", 1000));
	ck_assert(!repeated(&as, LOST, "", 1000));
}
END_TEST

START_TEST(a_repeat_with_an_id_may_have_others_before_it)
{
	struct alarms as = {.rows = 0};

	ck_assert(!repeated(&as, LOST, "1", 1000));
	ck_assert(!repeated(&as, CLEAR, "2", 1000));
	ck_assert(!repeated(&as, LOST, "3", 1000));
	ck_assert(!repeated(&as, CLEAR, "4", 1000));
	ck_assert(repeated(&as, LOST, "1", 1000));
	ck_assert(!repeated(&as, LOST, "5", 1000)); /* in its place */
	ck_assert(!repeated(&as, LOST, "1", 1000));
	ck_assert(repeated(&as, LOST, "5", 1000));
}
END_TEST

START_TEST(without_an_id_a_repeat_follows_at_once)
{
	struct alarms as = {.rows = 0};

	ck_assert(!repeated(&as, LOST, "", 1000));
	ck_assert(repeated(&as, LOST, "", 1000));
	ck_assert(!repeated(&as, CLEAR, "", 2000));
	ck_assert(!repeated(&as, LOST, "", 3000));
	ck_assert(repeated(&as, LOST, "", 4000));
}
END_TEST

/* --- rows --- */

START_TEST(each_meaning_has_its_words)
{
	static const char *const rows[MEANS_COUNT + 1] = {
	    "alarm 1 Success MINOR 0: x: lost before the capture was on",
	    "alarm 1 Success NORMAL 0: x: held until the capture is confirmed",
	    "alarm 1 Success NORMAL 0: x: already held down",
	    "alarm 1 Success NORMAL 0: x: held down",
	    "alarm 1 Success NORMAL 0: x: the event begins",
	    "alarm 1 Success NORMAL 0: x: recorded during the event",
	    ("alarm 1 Success MINOR 0: x: no event, for the capture had "
	     "vanished"),
	    "alarm 1 Success NORMAL 0: x: recorded after the end",
	    "alarm 1 Success NORMAL 0: x: cleared in time, no event",
	    ("alarm 1 Success MINOR 0: x: no trigger, though trigger.text is "
	     "in it: is it one?"),
	    "alarm 1 Success NORMAL 0: x: recorded",
	    "alarm 1 Success NORMAL 0: x: another alarm, recorded",
	};
	struct bench *b = bench_new(1, "");
	struct alarm a = alarm_of(ALARM, "x", "");
	struct alarms as = {.rows = 0};

	for (int m = 0; m < MEANS_COUNT; m++)
		alarms_row(&as, &b->ledger, &a, (enum alarm_meaning)m);
	rows_are(b->result, rows);
	ck_assert_int_eq(b->result->near_misses, 1);
	bench_free(b);
}
END_TEST

START_TEST(a_clear_with_the_text_of_the_loss_tells_its_severity)
{
	struct bench *b = bench_new(1, "");
	struct alarm lost = alarm_of(ALARM, LOST, "");
	struct alarm clear = alarm_of(ALARM, CLEAR, "");
	struct alarms as = {.rows = 0};

	alarms_row(&as, &b->ledger, &lost, MEANS_EVENT);
	str_copy(lost.severity, sizeof(lost.severity), "Clear");
	str_copy(clear.severity, sizeof(clear.severity), "Clear");
	alarms_row(&as, &b->ledger, &lost, MEANS_NOTHING);
	alarms_row(&as, &b->ledger, &clear, MEANS_NOTHING);
	ROWS_ARE(b->result,
	    "alarm 1 Success NORMAL 0: " LOST ": the event begins",
	    "alarm 1 Success NORMAL 0: " LOST ", severity Clear: recorded",
	    "alarm 1 Success NORMAL 0: " CLEAR ": recorded");
	bench_free(b);
}
END_TEST

START_TEST(a_flood_has_200_rows)
{
	struct bench *b = bench_new(1, "");
	struct alarm a = alarm_of(ALARM, LOST, "");
	struct alarms as = {.rows = 0};

	for (int i = 0; i < 1000; i++)
		alarms_row(&as, &b->ledger, &a, MEANS_NOTHING);
	ck_assert_int_eq(b->result->n_rows, 200);
	bench_free(b);
}
END_TEST

UNIT_TABLE("alarms", each_state_gives_an_alarm_its_meaning, MEANINGS,
    while_an_earlier_run_is_finished_no_state_counts,
    a_loss_behind_a_capture_that_vanished_is_told,
    case_and_outer_blanks_do_not_matter,
    the_same_alarm_within_a_minute_is_a_repeat,
    another_text_or_id_is_another_alarm,
    a_repeat_with_an_id_may_have_others_before_it,
    without_an_id_a_repeat_follows_at_once, each_meaning_has_its_words,
    a_clear_with_the_text_of_the_loss_tells_its_severity, a_flood_has_200_rows)
