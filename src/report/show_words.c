/* show_words.c - see show_words.h.
 */
#include "report/show_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "books/result.h"

static const char *const statuses[] = {
    [RUN_ALL_WELL] =
	"every device did what was configured, with both ends' captures of "
	"every event",
    [RUN_SOME_FAILED] = "some devices failed, or came home with one end only",
    [RUN_ALL_FAILED] = "every device failed",
    [RUN_NO_TRIGGER] =
	"the window ended, no device saw a trigger, and nothing failed",
    [RUN_TROUBLE] = "trouble on the campaign's host",
    [RUN_INTERRUPTED] = "interrupted by a signal, or killed and finished later",
};

void
show_time_read(const char *text, struct show_time *t)
{
	struct tm tm = {0};
	time_t seconds;
	long minutes;

	*t = (struct show_time){0};
	if (!clock_rfc3339_read(text, &t->wall_ms))
		return;
	seconds = (time_t)(t->wall_ms / 1000);
	if (localtime_r(&seconds, &tm) == NULL)
		return;
	strftime(t->date, sizeof(t->date), "%Y-%m-%d", &tm);
	strftime(t->clock, sizeof(t->clock), "%H:%M:%S", &tm);
	minutes = tm.tm_gmtoff / 60;
	snprintf(t->zone, sizeof(t->zone), "%c%02ld:%02ld",
	    minutes < 0 ? '-' : '+', labs(minutes) / 60, labs(minutes) % 60);
}

const char *
show_status_words(int64_t status)
{
	int64_t n = sizeof(statuses) / sizeof(statuses[0]);

	return status >= 0 && status < n ? statuses[status] : NULL;
}
