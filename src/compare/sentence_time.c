/* sentence_time.c - see sentence_time.h.
 */
#include "compare/sentence_time.h"

#include <time.h>

#include "compare/sentence_words.h"

#define NS_S INT64_C(1000000000)

/* The formats are the program's own, in sentence_words.c. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static bool
local(int64_t ns, struct tm *tm)
{
	time_t s = (time_t)(ns / NS_S);

	return localtime_r(&s, tm) != NULL;
}

/* With the date where one time does not do. */
const char *
sentence_clock(int64_t ns, bool date, char buf[SENTENCE_CLOCK_MAX])
{
	struct tm tm;

	if (!local(ns, &tm) ||
	    strftime(buf, SENTENCE_CLOCK_MAX,
		date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm) == 0)
		buf[0] = '\0';
	return buf;
}

static bool
other_day(int64_t a, int64_t b)
{
	struct tm x, y;

	return local(a, &x) && local(b, &y) &&
	       (x.tm_yday != y.tm_yday || x.tm_year != y.tm_year);
}

void
sentence_time(struct strbuf *to, int64_t from, int64_t until)
{
	bool date = other_day(from, until);
	char a[SENTENCE_CLOCK_MAX], b[SENTENCE_CLOCK_MAX];

	sentence_clock(from, date, a);
	sentence_clock(until, date, b);
	if (from / NS_S == until / NS_S)
		strbuf_addf(to, sentence_phrase(PHRASE_AT), a);
	else
		strbuf_addf(to, sentence_phrase(PHRASE_BETWEEN), a, b);
}
