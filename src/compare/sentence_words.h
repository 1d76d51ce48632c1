/* sentence_words.h - every word of a sentence that is not a row of triangle.c:
 * what a translation changes.
 */
#ifndef COMPARE_SENTENCE_WORDS_H
#define COMPARE_SENTENCE_WORDS_H

#include <stdbool.h>

#include "compare/finding.h"
#include "compare/traffic.h"

enum phrase {
	PHRASE_LOST,          /* what, sender, receiver, count, of, time */
	PHRASE_LOST_SOME,     /* the same, where others of them arrived */
	PHRASE_AT_LEAST,      /* number */
	PHRASE_ALL_WHAT,      /* sender */
	PHRASE_ALSO,          /* count, of, what, receiver */
	PHRASE_UNANSWERED,    /* what, count, of, time */
	PHRASE_LATE,          /* what, count, of, ms */
	PHRASE_NOT_TAKEN,     /* what, server, count, of, time */
	PHRASE_NOTHING_LOST,  /* there, device, back, server, time */
	PHRASE_ONE_NOT_LOST,  /* the same, where it is one there */
	PHRASE_ASKED_NO_MORE, /* T */
	PHRASE_BAD_USER,      /* number */
	PHRASE_REFUSED,       /* address, what it said */
	PHRASE_SLOWER,        /* T, receiver, ms */
	PHRASE_ROUTE,         /* T, receiver, number, more */
	PHRASE_MORE,
	PHRASE_FEWER,
	PHRASE_ONE_MORE,
	PHRASE_ONE_FEWER,
	PHRASE_MAPPING,      /* T */
	PHRASE_CANNOT,       /* reason */
	PHRASE_CANNOT_COUNT, /* number, of, reason */
	PHRASE_BOTH,
	PHRASE_SAME,
	PHRASE_NOT_ALL, /* number */
	PHRASE_BETWEEN, /* T1, T2 */
	PHRASE_AT,      /* T1 */
	PHRASE_CERTAIN,
	PHRASE_LIKELY,
	PHRASE_COUNT
};

/* A format for printf(3), whose arguments are named above. */
const char *sentence_phrase(enum phrase p);
/* "SNMP requests of OVOC". */
const char *sentence_what(enum traffic t, enum way w);
const char *sentence_asked(enum ask_kind k);
/* What an ICMP error (v4 or v6) says. */
const char *sentence_refusal(bool v6, unsigned type, unsigned code);
/* Behind a number of packets: "in the time in which ..." */
const char *sentence_reason(enum reason r);
/* With one %u, if any; NULL: nothing to say. */
const char *sentence_pattern(enum pattern p);

#endif
