/* alarms.c - what an alarm means, by the state of its device.
 *
 * Every alarm leaves a row; at most one of them in a round begins the event.
 */
#include "device/device_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/xmem.h"

/* The same alarm again within this time is the same alarm: OVOC and the
 * network repeat datagrams. */
#define DUPLICATE_MS 60000
/* Further alarms of a device are counted in the log only: a flood of forged
 * ones must not grow the report without end. */
#define ALARM_ROWS_MAX 200

/* Is the i-th alarm that is kept the same as this one?  Where the form has no
 * Unique ID, a repeat follows at once: behind a clear it is another alarm. */
static bool
is_same(const struct device *d, size_t i, const struct alarm *a)
{
	return d->alarms[i].at != 0 &&
	       loop_now(d->env->lp) - d->alarms[i].at < DUPLICATE_MS &&
	       strcmp(d->alarms[i].text, a->text) == 0 &&
	       strcmp(d->alarms[i].id, a->unique_id) == 0 &&
	       (a->unique_id[0] != '\0' || i == d->alarm_last);
}

static bool
is_duplicate(struct device *d, const struct alarm *a)
{
	size_t i;

	for (i = 0; i < ALARMS_KEPT; i++)
		if (is_same(d, i, a))
			return true;
	i = (d->alarm_last + 1) % ALARMS_KEPT;
	d->alarm_last = i;
	d->alarms[i].at = loop_now(d->env->lp);
	str_copy(d->alarms[i].text, sizeof(d->alarms[i].text), a->text);
	str_copy(d->alarms[i].id, sizeof(d->alarms[i].id), a->unique_id);
	return false;
}

/* May one more alarm have its row? */
static bool
has_row(struct device *d, const struct alarm *a, const char *meaning)
{
	if (++d->alarm_rows <= ALARM_ROWS_MAX)
		return true;
	device_log(d, LOGGING_DEBUG, "alarm", "%s: %s", a->text, meaning);
	return false;
}

static void
alarm_row(struct device *d, const struct alarm *a, enum severity severity,
    const char *meaning)
{
	struct moment now = device_now(d);
	char *text;

	if (!has_row(d, a, meaning))
		return;
	text = xasprintf("%s: %s", a->text, meaning);
	device_row_since(d, &now, TASK_ALARM, TASK_SUCCESS, severity, text)
	    ->attempt = 1;
	free(text);
}

/* While an earlier run is finished, its books are open: tonight's alarm belongs
 * into this run's. */
static void
alarm_row_of_now(struct device *d, const struct alarm *a, bool lost)
{
	const char *meaning =
	    lost ? "lost before the capture was on" : "recorded";
	char *text = xasprintf("%s: %s", a->text, meaning);
	struct moment now = device_now(d);
	struct row row = {
	    .task = TASK_ALARM,
	    .status = TASK_SUCCESS,
	    .severity = lost ? SEVERITY_MINOR : SEVERITY_NORMAL,
	    .event = 1,
	    .started = now.wall,
	    .began = now.mono,
	    .description = text,
	};

	if (has_row(d, a, meaning)) {
		device_log(d, LOGGING_INFO, "alarm", "%s", text);
		journal_row(d->own.journal, d->own.result, &row);
	}
	free(text);
}

static void
begin_or_hold(struct device *d, const struct alarm *a)
{
	int64_t hold = d->env->conf->trigger.hold_down;

	if (timer_is_set(&d->hold)) {
		alarm_row(d, a, SEVERITY_NORMAL, "already held down");
	} else if (hold > 0) {
		alarm_row(d, a, SEVERITY_NORMAL, "held down");
		timer_set(&d->hold, hold);
	} else {
		alarm_row(d, a, SEVERITY_NORMAL, "the event begins");
		device_event_begins(d);
	}
}

static void
lost_while_starting(struct device *d, const struct alarm *a)
{
	if (!d->round->sent) {
		alarm_row(
		    d, a, SEVERITY_MINOR, "lost before the capture was on");
		return;
	}
	if (!d->round->held && d->env->conf->trigger.hold_down > 0)
		timer_set(&d->hold, d->env->conf->trigger.hold_down);
	device_fact(d, FACT_HELD);
	alarm_row(d, a, SEVERITY_NORMAL, "held until the capture is confirmed");
}

static void
connection_lost(struct device *d, const struct alarm *a)
{
	switch (d->state) {
	case DEVICE_RESOLVING:
	case DEVICE_RECOVERING:
	case DEVICE_REGISTERING:
		alarm_row(
		    d, a, SEVERITY_MINOR, "lost before the capture was on");
		return;
	case DEVICE_STARTING:
		lost_while_starting(d, a);
		return;
	case DEVICE_ARMING:
	case DEVICE_CAPTURING:
		begin_or_hold(d, a);
		return;
	case DEVICE_VERIFYING:
	case DEVICE_STOPPING:
	case DEVICE_RETRIEVING:
	case DEVICE_CLOSING:
		alarm_row(d, a, SEVERITY_NORMAL, "recorded during the event");
		return;
	case DEVICE_DONE:
	case DEVICE_FAILED:
		alarm_row(d, a, SEVERITY_NORMAL, "recorded after the end");
		return;
	case DEVICE_STATES:
		break;
	}
	abort();
}

/* The alarm has cleared, or says something else. */
static void
other_text(struct device *d, const struct alarm *a)
{
	bool cancels = timer_is_set(&d->hold);

	timer_clear(&d->hold);
	if (cancels)
		device_fact(d, FACT_CLEARED);
	alarm_row(d, a, SEVERITY_NORMAL,
	    cancels ? "cleared in time, no event" : "recorded");
	if (cancels && d->window_over)
		device_window_end(d);
}

void
device_alarm(struct device *d, const struct alarm *a)
{
	const struct trigger_section *t = &d->env->conf->trigger;

	if (is_duplicate(d, a)) {
		device_log(d, LOGGING_DEBUG, "alarm", "again: %s", a->text);
		return;
	}
	free(d->own.result->last_event);
	d->own.result->last_event = xstrdup(a->text);
	if (d->recovery != NULL)
		alarm_row_of_now(d, a, alarm_matches(a, t->alarm, t->text));
	else if (alarm_matches(a, t->alarm, t->text))
		connection_lost(d, a);
	else if (strcasecmp(a->name, t->alarm) == 0)
		other_text(d, a);
	else
		alarm_row(d, a, SEVERITY_NORMAL, "another alarm, recorded");
}
