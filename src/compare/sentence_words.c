/* sentence_words.c - every word of a sentence that is not a row of triangle.c.
 */
#include "compare/sentence_words.h"

#include <stddef.h>

static const char *const phrases[PHRASE_COUNT] = {
    [PHRASE_LOST] = "%s left the %s and never reached the %s: %s of %u %s",
    [PHRASE_LOST_SOME] =
	"%s left the %s and did not all reach the %s: %s of %u lost %s",
    [PHRASE_AT_LEAST] = "at least %u",
    [PHRASE_ALL_WHAT] = "All packets",
    [PHRASE_ALSO] = " Also lost on the way to the %4$s: %3$s, %1$s of %2$u.",
    [PHRASE_UNANSWERED] =
	"%s reached the %s and were not answered: %u of %u %s",
    [PHRASE_LATE] = "Answers to %s came late, after %u ms: %u of %u %s",
    [PHRASE_NOT_TAKEN] =
	"%s were answered, and the %s did not take the answers: %u of %u %s",
    [PHRASE_NOTHING_LOST] =
	"Nothing was lost: %u packets to the %s and %u to the %s arrived %s.",
    [PHRASE_ONE_NOT_LOST] =
	"Nothing was lost: %u packet to the %s and %u to the %s arrived %s.",
    [PHRASE_ASKED_NO_MORE] = " OVOC stopped asking at %s.",
    [PHRASE_BAD_USER] =
	(" SNMP answers, but refuses the user or the time window of %u "
	 "requests (keys, or the device's SNMP clock after a restart)."),
    [PHRASE_REFUSED] = " Refused on the way by %s: %s.",
    [PHRASE_SLOWER] = (" Before the first loss, from %s on, the way to the %s "
		       "took %u ms longer: congestion, or a longer way."),
    [PHRASE_ROUTE] =
	" From %s on the route to the %s was another one, with %u %s.",
    [PHRASE_MORE] = "more routers",
    [PHRASE_FEWER] = "fewer routers",
    [PHRASE_ONE_MORE] = "more router",
    [PHRASE_ONE_FEWER] = "fewer router",
    [PHRASE_MAPPING] = " The address translation changed at %s: replies to the "
		       "old one were lost.",
    [PHRASE_CANNOT] = "Cannot be said: %s.",
    [PHRASE_CANNOT_COUNT] =
	("Cannot be said of %u of %u packets whether they arrived: %s. "
	 "Of the others none was lost."),
    [PHRASE_BOTH] = " Both directions lost packets.",
    [PHRASE_SAME] = "The campaign host met the same.",
    [PHRASE_NOT_ALL] = " Of %u more it cannot be said.",
    [PHRASE_BETWEEN] = "between %s and %s",
    [PHRASE_AT] = "at %s",
    [PHRASE_CERTAIN] = " Certain.",
    [PHRASE_LIKELY] = " Likely.",
};

static const char *const whats[TRAFFIC_COUNT][WAY_COUNT] = {
    [TRAFFIC_SNMP] = {"SNMP requests of OVOC", "SNMP answers"},
    [TRAFFIC_TRAP] = {"answers to the device's own SNMP messages",
	"the device's own SNMP messages"},
    [TRAFFIC_ICMP] = {"ping packets", "ping packets"},
    [TRAFFIC_ICMP_ERROR] = {"ICMP errors", "ICMP errors"},
    [TRAFFIC_TCP] = {"TCP packets", "TCP packets"},
    [TRAFFIC_UDP] = {"UDP packets", "UDP packets"},
    [TRAFFIC_TUNNEL] = {"tunnel packets", "tunnel packets"},
    [TRAFFIC_OTHER] = {"other packets", "other packets"},
};

static const char *const asked[ASK_KIND_COUNT] = {
    [ASK_SNMP] = "SNMP requests of OVOC",
    [ASK_ICMP] = "Pings of OVOC",
    [ASK_TCP] = "TCP connections of OVOC",
};

static const char *const reasons[REASON_COUNT] = {
    [REASON_CAPTURE_ENDED] = "the two captures did not run at the same time",
    [REASON_CAPTURE_DROPPED] =
	"the other capture misses packets itself, as many as are lacking",
    [REASON_CAPTURE_BLIND] = "the other capture missed everything just then",
    [REASON_NO_WITNESS] = "the other capture has nothing at that time",
    [REASON_CLOCK_STEP] = "a clock was set just then",
    [REASON_CLOCK_UNKNOWN] =
	("the two captures have no packet in common that tells their clocks "
	 "(are they of the same device and time?)"),
    [REASON_REWRITTEN] = "something on the way changes their contents",
    [REASON_TUNNEL] = "one capture shows only a tunnel",
    [REASON_ALIKE] = "too many packets are all alike",
    [REASON_ONE_WAY] = "the other capture has one direction only",
    [REASON_FEW] = "a single packet may be missed by a capture",
    [REASON_CUT] = "the captures cut packets too short",
    [REASON_ONE_SIDE] =
	"it is not known whether the other capture should have them",
};

static const char *const patterns[PATTERN_COUNT] = {
    /* "40 of 40 between ..." says it. */
    [PATTERN_ALL] = NULL,
    [PATTERN_ONWARD] = " (to the last one that was captured)",
    [PATTERN_SIZE] = " (only packets larger than %u bytes, the largest that "
		     "arrived: something on the way limits their size, such as "
		     "a tunnel)",
    [PATTERN_PIECES] = " (pieces of large packets: fragments are dropped)",
    [PATTERN_EVERY] = " (one in every %u: one of so many parallel paths, or a "
		      "rate limit)",
    [PATTERN_FLOWS] = " (always the same %u connections: one of several "
		      "parallel paths)",
    [PATTERN_NEW_FLOW] = " (the first packet of each of %u connections)",
    [PATTERN_RATE] =
	" (the more is sent, the more is lost, above about %u packets a "
	"second: a rate limit, or congestion)",
    [PATTERN_BURSTS] = " (in bursts of about %u: "
		       "congestion, a rate limit, or a bad line)",
    [PATTERN_SPREAD] = " (about %u in 1000, spread: a bad line, or "
		       "congestion)",
};

/* RFC 792, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1. */
static const struct {
	bool v6;
	unsigned type, code;
	const char *text;
} refusals[] = {
    {false, 3, 0, "network unreachable"},
    {false, 3, 1, "host unreachable"},
    {false, 3, 2, "protocol unreachable"},
    {false, 3, 3, "port unreachable"},
    {false, 3, 4, "fragmentation needed"},
    {false, 3, 9, "administratively prohibited"},
    {false, 3, 10, "administratively prohibited"},
    {false, 3, 13, "administratively prohibited"},
    {false, 11, 0, "too many hops"},
    {false, 11, 1, "pieces of a packet were missing"},
    {true, 1, 0, "no route"},
    {true, 1, 1, "administratively prohibited"},
    {true, 1, 3, "host unreachable"},
    {true, 1, 4, "port unreachable"},
    {true, 2, 0, "packet too big"},
    {true, 3, 0, "too many hops"},
};

const char *
sentence_phrase(enum phrase p)
{
	return phrases[p];
}

const char *
sentence_what(enum traffic t, enum way w)
{
	return whats[t][w];
}

const char *
sentence_asked(enum ask_kind k)
{
	return asked[k];
}

const char *
sentence_reason(enum reason r)
{
	return reasons[r];
}

const char *
sentence_pattern(enum pattern p)
{
	return patterns[p];
}

const char *
sentence_refusal(bool v6, unsigned type, unsigned code)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].v6 == v6 && refusals[i].type == type &&
		    refusals[i].code == code)
			return refusals[i].text;
	return "ICMP error";
}
