/* local_time.c - see local_time.h. */
#include "local_time.h"

#include <stdio.h>
#include <time.h>

const char *
local_time(int64_t wall_ms, char buf[LOCAL_TIME_MAX])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t n;

	localtime_r(&seconds, &tm);
	n = strftime(buf, LOCAL_TIME_MAX, "%Y-%m-%dT%H.%M.%S", &tm);
	snprintf(buf + n, LOCAL_TIME_MAX - n, ".%03u000",
	    (unsigned)(wall_ms % 1000));
	return buf;
}
