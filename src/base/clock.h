/* clock.h - the system's two clocks, and how times are written.
 *
 * Deadlines use the monotonic clock, people read the wall clock.  Code that
 * runs under a loop asks the loop (loop_now, loop_wall), not this module.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Milliseconds of CLOCK_BOOTTIME: also counts the time asleep. */
int64_t clock_mono_ms(void);
/* Milliseconds since 1970-01-01 UTC. */
int64_t clock_wall_ms(void);
/* The same in microseconds. */
int64_t clock_mono_us(void);
int64_t clock_wall_us(void);
/* Microseconds of what the system tells, the time of a file, say. */
int64_t clock_us(const struct timespec *ts);

#define CLOCK_TEXT_MAX 40
/* RFC 3339, UTC, milliseconds: 2026-11-23T04:00:00.123Z.  Returns buf. */
const char *clock_rfc3339(int64_t wall_ms, char buf[CLOCK_TEXT_MAX]);
/* The same with microseconds. */
const char *clock_rfc3339_us(int64_t wall_us, char buf[CLOCK_TEXT_MAX]);
/* For file names: 2026-11-23T04.00.00Z, and with microseconds (the last three
 * digits are 0): 2026-11-23T04.00.00.123000Z.  Returns buf. */
const char *clock_file_second(int64_t wall_ms, char buf[CLOCK_TEXT_MAX]);
const char *clock_file_micro(int64_t wall_ms, char buf[CLOCK_TEXT_MAX]);
/* The other way round: a time of day of a server in the field, with or without
 * a fraction, which is left out, and a zone (none: UTC).  False: it is none. */
bool clock_rfc3339_read(const char *text, int64_t *wall_ms);
/* ... of a command line: "2026-11-23T04:00:00.5+01:00", a blank for the T; no
 * zone is the local one (TZ).  Nanoseconds since 1970. */
bool clock_typed_read(const char *text, int64_t *wall_ns);
/* The same, or a day, whose beginning it is; milliseconds. */
bool clock_since_read(const char *text, int64_t *wall_ms);
#define CLOCK_SINCE_WRONG                                                   \
	"--since %s is no time: \"2026-11-23 04:00:00\", local, or with a " \
	"zone, or a day"
/* A time of the day, "06:00", as minutes since midnight.  False: it is none. */
bool clock_day_time_read(const char *text, int *minutes);
/* When local clocks (TZ) next show it, behind `wall_ms`; one that is left out
 * when clocks go forward is an hour off. */
int64_t clock_day_time_next(int64_t wall_ms, int minutes);
/* For people: "850ms", "12s", "3m 20s", "8h 0m".  Returns buf. */
const char *clock_span(int64_t ms, char buf[CLOCK_TEXT_MAX]);
/* Of a clock that is so far ahead of another one, before that one's name:
 * "3m 20s behind", "8h 0m ahead of", "within a second of".  Returns buf. */
#define CLOCK_AHEAD_MAX (CLOCK_TEXT_MAX + 16)
const char *clock_ahead(int64_t ms, char buf[CLOCK_AHEAD_MAX]);

#endif
