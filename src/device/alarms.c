/* alarms.c - what an alarm means, by the state of its device.
 *
 * At most one alarm in a round begins the event.
 */
#include "device/alarms.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

/* The same alarm again within this time is the same alarm. */
#define DUPLICATE_MS 60000
/* Further alarms of a device are counted in the log only: a flood of forged
 * ones must not grow the report without end. */
#define ALARM_ROWS_MAX 200

static const char *const words[MEANS_COUNT] = {
    [MEANS_LOST_EARLY] = "lost before the capture was on",
    [MEANS_LOST_STARTED] = "held until the capture is confirmed",
    [MEANS_LOST_HELD] = "already held down",
    [MEANS_LOST_HOLD] = "held down",
    [MEANS_EVENT] = "the event begins",
    [MEANS_LOST_AGAIN] = "recorded during the event",
    [MEANS_LOST_OFF] = "no event, for the capture had vanished",
    [MEANS_LOST_LATE] = "recorded after the end",
    [MEANS_CLEARED] = "cleared in time, no event",
    [MEANS_NEAR] = "no trigger, though trigger.text is in it: is it one?",
    [MEANS_NOTHING] = "recorded",
    [MEANS_OTHER] = "another alarm, recorded",
};

/* --- what it means --- */

static enum alarm_meaning
lost(const struct alarm_scene *at, const struct trigger_section *t)
{
	switch (at->state) {
	case DEVICE_RESOLVING:
	case DEVICE_RECOVERING:
	case DEVICE_REGISTERING:
		return MEANS_LOST_EARLY;
	case DEVICE_STARTING:
		return at->round->sent ? MEANS_LOST_STARTED : MEANS_LOST_EARLY;
	case DEVICE_ARMING:
	case DEVICE_CAPTURING:
		if (at->holding)
			return MEANS_LOST_HELD;
		return t->hold_down > 0 ? MEANS_LOST_HOLD : MEANS_EVENT;
	case DEVICE_VERIFYING:
	case DEVICE_STOPPING:
	case DEVICE_RETRIEVING:
	case DEVICE_CLOSING:
		return at->round->vanished ? MEANS_LOST_OFF : MEANS_LOST_AGAIN;
	case DEVICE_DONE:
	case DEVICE_FAILED:
		return MEANS_LOST_LATE;
	case DEVICE_STATES:
		break;
	}
	abort();
}

enum alarm_meaning
alarm_meaning(const struct alarm_scene *at, const struct trigger_section *t,
    const struct alarm *a)
{
	enum alarm_says says = alarm_says(a, t->alarm, t->text);

	switch (says) {
	case ALARM_LOST:
		return at->recovering ? MEANS_LOST_EARLY : lost(at, t);
	case ALARM_NEAR:
		return MEANS_NEAR;
	case ALARM_CLEAR:
	case ALARM_OTHER_TEXT:
		return at->holding && !at->recovering ? MEANS_CLEARED
						      : MEANS_NOTHING;
	case ALARM_OTHER_NAME:
		return at->recovering ? MEANS_NOTHING : MEANS_OTHER;
	}
	abort();
}

/* --- repeats and rows --- */

/* Is the i-th alarm that is kept the same as this one?  Where the form has no
 * Unique ID, a repeat follows at once: behind a clear it is another alarm. */
static bool
is_same(const struct alarms *as, size_t i, const struct alarm *a, int64_t now)
{
	return as->kept[i].at != 0 && now - as->kept[i].at < DUPLICATE_MS &&
	       strcmp(as->kept[i].text, a->text) == 0 &&
	       strcmp(as->kept[i].id, a->unique_id) == 0 &&
	       strcmp(as->kept[i].severity, a->severity) == 0 &&
	       (a->unique_id[0] != '\0' || i == as->last);
}

bool
alarms_repeated(struct alarms *as, const struct alarm *a, int64_t now)
{
	size_t i;

	for (i = 0; i < ALARMS_KEPT; i++)
		if (is_same(as, i, a, now))
			return true;
	i = (as->last + 1) % ALARMS_KEPT;
	as->last = i;
	as->kept[i].at = now;
	str_copy(as->kept[i].text, sizeof(as->kept[i].text), a->text);
	str_copy(as->kept[i].id, sizeof(as->kept[i].id), a->unique_id);
	str_copy(
	    as->kept[i].severity, sizeof(as->kept[i].severity), a->severity);
	return false;
}

/* Does it have the text of the loss which is over? */
static bool
reads_like_a_loss(const struct alarm *a, const struct trigger_section *t)
{
	struct alarm bare = *a;

	bare.severity[0] = '\0';
	return alarm_says(a, t->alarm, t->text) == ALARM_CLEAR &&
	       alarm_says(&bare, t->alarm, t->text) != ALARM_OTHER_TEXT;
}

void
alarms_row(struct alarms *as, struct ledger *l, const struct alarm *a,
    enum alarm_meaning m)
{
	bool minor =
	    m == MEANS_LOST_EARLY || m == MEANS_LOST_OFF || m == MEANS_NEAR;
	bool over = reads_like_a_loss(a, &l->tools->conf->trigger);
	char *text = xasprintf("%s%s%s: %s", a->text, over ? ", severity " : "",
	    over ? a->severity : "", words[m]);

	ledger_result(l)->near_misses += m == MEANS_NEAR;
	if (++as->rows <= ALARM_ROWS_MAX)
		ledger_note(l, TASK_ALARM, TASK_SUCCESS,
		    minor ? SEVERITY_MINOR : SEVERITY_NORMAL, text);
	else
		ledger_log(l, LOGGING_DEBUG, "alarm", "%s", text);
	free(text);
}
