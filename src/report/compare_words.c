/* compare_words.c - see compare_words.h.
 */
#include "report/compare_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const traffics[TRAFFIC_COUNT] = {
    [TRAFFIC_SNMP] = "SNMP",
    [TRAFFIC_TRAP] = "SNMP traps",
    [TRAFFIC_ICMP] = "ping",
    [TRAFFIC_ICMP_ERROR] = "ICMP errors",
    [TRAFFIC_TCP] = "TCP",
    [TRAFFIC_UDP] = "other UDP",
    [TRAFFIC_TUNNEL] = "tunnels",
    [TRAFFIC_OTHER] = "others",
};
static const char *const askers[ASKER_COUNT] = {"OVOC", "the campaign host"};
static const char *const kinds[ASK_KIND_COUNT] = {"SNMP", "ping", "TCP"};
static const char *const letters[LETTER_COUNT] = {
    [LETTER_NOBODY] = "nobody asked",
    [LETTER_LOST_THERE] = "lost on the way to the device",
    [LETTER_UNANSWERED] = "reached the device and were not answered",
    [LETTER_LOST_BACK] = "answered, the answers lost on the way back",
    [LETTER_LATE] = "answered too late",
    [LETTER_NOT_TAKEN] = "answered, the answers not taken by the asker",
    [LETTER_ANSWERED] = "answered",
    [LETTER_MIXED] = "of different fates",
    [LETTER_UNKNOWN] = "unclear",
};
static const char *const reasons[REASON_COUNT] = {
    [REASON_CAPTURE_ENDED] = "not both captures ran then",
    [REASON_CAPTURE_DROPPED] = "the other capture misses packets by itself",
    [REASON_CAPTURE_BLIND] = "the other capture was blind at that moment",
    [REASON_NO_WITNESS] = "the other capture has nothing at all at that time",
    [REASON_CLOCK_STEP] = "a clock was set near that time",
    [REASON_CLOCK_UNKNOWN] =
	"nothing is in both captures that would tell their clocks' difference",
    [REASON_REWRITTEN] = "something on the way changes the contents",
    [REASON_TUNNEL] = "the other capture has a tunnel only",
    [REASON_ALIKE] = "too many packets that are all alike",
    [REASON_ONE_WAY] = "the other capture has one direction only",
    [REASON_FEW] = "too few to tell a loss from chance",
    [REASON_CUT] = "cut off in the file",
    [REASON_ONE_SIDE] = "the other capture has none of this connection",
};

/* How the number of a pattern is written, between its words. */
enum number { NUMBER_NONE, NUMBER_COUNT, NUMBER_ORDINAL, NUMBER_TENTHS };
static const struct {
	const char *before, *after;
	enum number number;
} patterns[PATTERN_COUNT] = {
    [PATTERN_NONE] = {"", "", NUMBER_NONE},
    [PATTERN_ALL] = {"everything in that time", "", NUMBER_NONE},
    [PATTERN_ONWARD] = {"everything since, not over at the end", "",
	NUMBER_NONE},
    [PATTERN_SIZE] = {"only those of more than ", " bytes", NUMBER_COUNT},
    [PATTERN_PIECES] = {"pieces of large packets", "", NUMBER_NONE},
    [PATTERN_EVERY] = {"every ", "", NUMBER_ORDINAL},
    [PATTERN_FLOWS] = {"always the same connections, ", "", NUMBER_COUNT},
    [PATTERN_NEW_FLOW] = {"the first packet of each connection", "",
	NUMBER_NONE},
    [PATTERN_RATE] = {"what is above ", " a second", NUMBER_COUNT},
    [PATTERN_BURSTS] = {"in bursts of about ", "", NUMBER_COUNT},
    [PATTERN_SPREAD] = {"about ", "%, spread", NUMBER_TENTHS},
};

const char *
words_traffic(enum traffic t)
{
	return traffics[t];
}

const char *
words_asker(enum asker a)
{
	return askers[a];
}

const char *
words_kind(enum ask_kind k)
{
	return kinds[k];
}

const char *
words_letter(enum letter l)
{
	return letters[l];
}

const char *
words_reason(enum reason r)
{
	return reasons[r];
}

/* 2nd, 3rd, 11th */
static const char *
ordinal_end(uint32_t n)
{
	static const char *const ends[] = {"th", "st", "nd", "rd"};

	return n % 10 > 3 || n % 100 / 10 == 1 ? ends[0] : ends[n % 10];
}

void
words_pattern(const struct loss_tally *t, struct strbuf *to)
{
	uint32_t n = t->pattern_n;

	strbuf_add(to, patterns[t->pattern].before);
	switch (patterns[t->pattern].number) {
	case NUMBER_NONE:
		break;
	case NUMBER_COUNT:
		strbuf_addf(to, "%" PRIu32, n);
		break;
	case NUMBER_ORDINAL:
		strbuf_addf(to, "%" PRIu32 "%s", n, ordinal_end(n));
		break;
	case NUMBER_TENTHS:
		strbuf_addf(to, "%" PRIu32 ".%" PRIu32, n / 10, n % 10);
		break;
	}
	strbuf_add(to, patterns[t->pattern].after);
}

/* Days, hours, minutes and seconds; the first that is not 0 begins. */
static void
add_long_span(uint64_t ms, struct strbuf *to)
{
	uint64_t s = ms / 1000;

	if (s >= 86400)
		strbuf_addf(to, "%" PRIu64 "d ", s / 86400);
	if (s >= 3600)
		strbuf_addf(to, "%" PRIu64 "h ", s / 3600 % 24);
	strbuf_addf(to, "%" PRIu64 "m %" PRIu64 ".%03" PRIu64 "s", s / 60 % 60,
	    s % 60, ms % 1000);
}

void
words_span(int64_t ns, struct strbuf *to)
{
	uint64_t n = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

	if (n < 1000000)
		strbuf_addf(to, "%" PRIu64 " us", n / 1000);
	else if (n < 1000000000)
		strbuf_addf(to, "%" PRIu64 ".%" PRIu64 " ms", n / 1000000,
		    n / 100000 % 10);
	else if (n < UINT64_C(120000000000))
		strbuf_addf(to, "%" PRIu64 ".%03" PRIu64 " s", n / 1000000000,
		    n / 1000000 % 1000);
	else
		add_long_span(n / 1000000, to);
}

/* Local time, and the milliseconds within its second. */
static int
local(int64_t ns, struct tm *tm)
{
	int64_t rest = ns % 1000000000;
	time_t t = (time_t)(ns / 1000000000);

	if (rest < 0) { /* before 1970 */
		rest += 1000000000;
		t--;
	}
	*tm = (struct tm){0};
	localtime_r(&t, tm);
	return (int)(rest / 1000000);
}

const char *
words_time(int64_t ns, int64_t before, char buf[WORDS_TIME_MAX])
{
	struct tm now, then;
	int ms = local(ns, &now);
	size_t n = 0;

	local(before, &then);
	if (before == 0 || now.tm_year != then.tm_year ||
	    now.tm_yday != then.tm_yday)
		n = strftime(buf, WORDS_TIME_MAX, "%Y-%m-%d ", &now);
	n += strftime(buf + n, WORDS_TIME_MAX - n, "%H:%M:%S", &now);
	snprintf(buf + n, WORDS_TIME_MAX - n, ".%03d", ms);
	return buf;
}

const char *
words_zone(int64_t ns, char buf[WORDS_TIME_MAX])
{
	struct tm tm;
	long minutes;

	local(ns, &tm);
	minutes = tm.tm_gmtoff / 60;
	snprintf(buf, WORDS_TIME_MAX, "%c%02ld:%02ld", minutes < 0 ? '-' : '+',
	    labs(minutes) / 60, labs(minutes) % 60);
	return buf;
}
