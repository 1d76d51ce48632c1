/* show_words.h - times and statuses as people at a terminal read them. */
#ifndef REPORT_SHOW_WORDS_H
#define REPORT_SHOW_WORDS_H

#include "report/compare_words.h"

/* A time of a report (RFC 3339) in local time (TZ), in whole seconds: the date,
 * "2026-11-23", and the time of day, "04:00:00"; "" where it is none. */
struct show_time {
	char date[WORDS_TIME_MAX];
	char clock[WORDS_TIME_MAX];
	char zone[WORDS_TIME_MAX]; /* "+01:00" */
	int64_t wall_ms;
};
void show_time_read(const char *text, struct show_time *t);

/* What an exit status of a run means, traffic-capture(8); NULL: it is none. */
const char *show_status_words(int64_t status);

#endif
