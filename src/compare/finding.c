/* finding.c - the names of letters, grades, reasons and patterns.
 */
#include "compare/finding.h"

#include "base/name.h"

static const char *const askers[ASKER_COUNT] = {"ovoc", "campaign"};
static const char *const ask_kinds[ASK_KIND_COUNT] = {"snmp", "icmp", "tcp"};
static const char *const letters[LETTER_COUNT] = {
    [LETTER_NOBODY] = "N",
    [LETTER_LOST_THERE] = "T",
    [LETTER_UNANSWERED] = "U",
    [LETTER_LOST_BACK] = "B",
    [LETTER_LATE] = "L",
    [LETTER_NOT_TAKEN] = "H",
    [LETTER_ANSWERED] = "A",
    [LETTER_MIXED] = "M",
    [LETTER_UNKNOWN] = "?",
};
static const char *const grades[GRADE_COUNT] = {
    "certain", "likely", "cannot be said"};
static const char *const reasons[REASON_COUNT] = {
    [REASON_CAPTURE_ENDED] = "captureEnded",
    [REASON_CAPTURE_DROPPED] = "captureDropped",
    [REASON_CAPTURE_BLIND] = "captureBlind",
    [REASON_NO_WITNESS] = "noWitness",
    [REASON_CLOCK_STEP] = "clockStep",
    [REASON_CLOCK_UNKNOWN] = "clockUnknown",
    [REASON_REWRITTEN] = "rewritten",
    [REASON_TUNNEL] = "tunnel",
    [REASON_ALIKE] = "alike",
    [REASON_ONE_WAY] = "oneWay",
    [REASON_FEW] = "few",
    [REASON_CUT] = "cut",
    [REASON_ONE_SIDE] = "oneSide",
};
static const char *const patterns[PATTERN_COUNT] = {
    [PATTERN_NONE] = "none",
    [PATTERN_ALL] = "all",
    [PATTERN_ONWARD] = "onward",
    [PATTERN_SIZE] = "size",
    [PATTERN_PIECES] = "pieces",
    [PATTERN_EVERY] = "every",
    [PATTERN_FLOWS] = "flows",
    [PATTERN_NEW_FLOW] = "newFlow",
    [PATTERN_RATE] = "rate",
    [PATTERN_BURSTS] = "bursts",
    [PATTERN_SPREAD] = "spread",
};

const char *
asker_name(enum asker a)
{
	return askers[a];
}

const char *
ask_kind_name(enum ask_kind k)
{
	return ask_kinds[k];
}

const char *
letter_name(enum letter l)
{
	return letters[l];
}

const char *
grade_name(enum grade g)
{
	return grades[g];
}

const char *
reason_name(enum reason r)
{
	return reasons[r];
}

const char *
pattern_name(enum pattern p)
{
	return patterns[p];
}

int
asker_by_name(const char *name)
{
	return NAME_FIND(askers, name);
}

int
ask_kind_by_name(const char *name)
{
	return NAME_FIND(ask_kinds, name);
}

int
letter_by_name(const char *name)
{
	return NAME_FIND(letters, name);
}

int
grade_by_name(const char *name)
{
	return NAME_FIND(grades, name);
}

int
reason_by_name(const char *name)
{
	return NAME_FIND(reasons, name);
}

int
pattern_by_name(const char *name)
{
	return NAME_FIND(patterns, name);
}
