/* clock.c - reading the clocks and writing times down.
 *
 * The loop reads the clocks for everybody; times are written in UTC only.
 */
#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

int64_t
clock_us(const struct timespec *ts)
{
	return (int64_t)ts->tv_sec * 1000000 + ts->tv_nsec / 1000;
}

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	/* Both clocks exist on every Linux that this runs on. */
	clock_gettime(id, &ts);
	return clock_us(&ts);
}

int64_t
clock_mono_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}

int64_t
clock_wall_us(void)
{
	return read_us(CLOCK_REALTIME);
}

int64_t
clock_mono_ms(void)
{
	return clock_mono_us() / 1000;
}

int64_t
clock_wall_ms(void)
{
	return clock_wall_us() / 1000;
}

/* "2026-11-23T04:00:00" with `sep` for the colons; returns the milliseconds
 * within that second. */
static int
write_second(int64_t wall_ms, char sep, char buf[CLOCK_TEXT_MAX])
{
	bool early = wall_ms % 1000 < 0; /* before 1970: round down, too */
	time_t t = (time_t)(wall_ms / 1000 - early);
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	snprintf(buf, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d%c%02d%c%02d",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, sep,
	    tm.tm_min, sep, tm.tm_sec);
	return (int)(wall_ms % 1000 + (early ? 1000 : 0));
}

static const char *
append(char buf[CLOCK_TEXT_MAX], const char *end)
{
	size_t len = strlen(buf);

	str_copy(buf + len, CLOCK_TEXT_MAX - len, end);
	return buf;
}

const char *
clock_rfc3339(int64_t wall_ms, char buf[CLOCK_TEXT_MAX])
{
	char end[16];

	snprintf(end, sizeof(end), ".%03dZ", write_second(wall_ms, ':', buf));
	return append(buf, end);
}

const char *
clock_rfc3339_us(int64_t wall_us, char buf[CLOCK_TEXT_MAX])
{
	int64_t us = wall_us % 1000 + (wall_us % 1000 < 0 ? 1000 : 0);
	char end[20];
	int ms = write_second((wall_us - us) / 1000, ':', buf);

	snprintf(end, sizeof(end), ".%03d%03dZ", ms, (int)us);
	return append(buf, end);
}

/* Minutes that "Z", "+02:00" or nothing is ahead of UTC. */
static bool
read_zone(const char *p, int *minutes)
{
	int h, m, n = 0;

	*minutes = 0;
	if (strcmp(p, "") == 0 || strcasecmp(p, "Z") == 0)
		return true;
	if (sscanf(p, "%*[+-]%2d:%2d%n", &h, &m, &n) != 2 || p[n] != '\0' ||
	    h < 0 || h > 24 || m < 0 || m > 59)
		return false;
	*minutes = (*p == '-' ? -1 : 1) * (h * 60 + m);
	return true;
}

bool
clock_rfc3339_read(const char *text, int64_t *wall_ms)
{
	struct tm tm = {0};
	const char *p = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int zone;

	if (p == NULL)
		return false;
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (!read_zone(p, &zone))
		return false;
	*wall_ms = ((int64_t)timegm(&tm) - (int64_t)zone * 60) * 1000;
	return true;
}

/* ".5" as nanoseconds, what is below cut; `p` goes behind it. */
static int64_t
read_fraction(const char **p)
{
	int64_t ns = 0;

	if (**p != '.')
		return 0;
	++*p;
	for (int64_t one = 100000000; **p >= '0' && **p <= '9'; one /= 10)
		ns += one * (*(*p)++ - '0');
	return ns;
}

bool
clock_typed_read(const char *text, int64_t *wall_ns)
{
	struct tm tm = {.tm_isdst = -1};
	const char *p = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t fraction, s;
	int zone;

	if (p == NULL)
		p = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	if (p == NULL)
		return false;
	fraction = read_fraction(&p);
	if (!read_zone(p, &zone))
		return false;
	s = *p == '\0' ? (int64_t)mktime(&tm)
		       : (int64_t)timegm(&tm) - (int64_t)zone * 60;
	return !__builtin_mul_overflow(s, INT64_C(1000000000), wall_ns) &&
	       !__builtin_add_overflow(*wall_ns, fraction, wall_ns);
}

bool
clock_since_read(const char *text, int64_t *wall_ms)
{
	char *whole = xasprintf("%s 00:00:00", text);
	int64_t ns;
	bool ok = clock_typed_read(text, &ns) || clock_typed_read(whole, &ns);

	free(whole);
	if (ok)
		*wall_ms = ns / 1000000;
	return ok;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
clock_day_time_read(const char *text, int *minutes)
{
	int hour, minute;

	if (strlen(text) != 5 || !is_digit(text[0]) || !is_digit(text[1]) ||
	    text[2] != ':' || !is_digit(text[3]) || !is_digit(text[4]))
		return false;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	*minutes = hour * 60 + minute;
	return hour < 24 && minute < 60;
}

int64_t
clock_day_time_next(int64_t wall_ms, int minutes)
{
	time_t now = (time_t)(wall_ms / 1000);
	struct tm today;
	int64_t next = INT64_MIN;

	localtime_r(&now, &today);
	for (int day = 0; next <= wall_ms; day++) {
		struct tm tm = {.tm_year = today.tm_year,
		    .tm_mon = today.tm_mon,
		    .tm_mday = today.tm_mday + day,
		    .tm_hour = minutes / 60,
		    .tm_min = minutes % 60,
		    .tm_isdst = -1};

		next = (int64_t)mktime(&tm) * 1000;
	}
	return next;
}

const char *
clock_file_second(int64_t wall_ms, char buf[CLOCK_TEXT_MAX])
{
	write_second(wall_ms, '.', buf);
	return append(buf, "Z");
}

const char *
clock_file_micro(int64_t wall_ms, char buf[CLOCK_TEXT_MAX])
{
	char end[20];

	snprintf(
	    end, sizeof(end), ".%03d000Z", write_second(wall_ms, '.', buf));
	return append(buf, end);
}

const char *
clock_span(int64_t ms, char buf[CLOCK_TEXT_MAX])
{
	int64_t s = ms / 1000;

	if (ms < 1000)
		snprintf(buf, CLOCK_TEXT_MAX, "%" PRId64 "ms", ms < 0 ? 0 : ms);
	else if (s < 60)
		snprintf(buf, CLOCK_TEXT_MAX, "%" PRId64 "s", s);
	else if (s < 3600)
		snprintf(buf, CLOCK_TEXT_MAX, "%" PRId64 "m %" PRId64 "s",
		    s / 60, s % 60);
	else
		snprintf(buf, CLOCK_TEXT_MAX, "%" PRId64 "h %" PRId64 "m",
		    s / 3600, s / 60 % 60);
	return buf;
}

const char *
clock_ahead(int64_t ms, char buf[CLOCK_AHEAD_MAX])
{
	char span[CLOCK_TEXT_MAX];

	if (ms > -1000 && ms < 1000)
		snprintf(buf, CLOCK_AHEAD_MAX, "within a second of");
	else
		snprintf(buf, CLOCK_AHEAD_MAX, "%s %s",
		    clock_span(ms < 0 ? -ms : ms, span),
		    ms < 0 ? "behind" : "ahead of");
	return buf;
}
