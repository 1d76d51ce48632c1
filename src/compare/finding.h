/* finding.h - what a comparison finds: letters, grades, reasons, patterns.
 *
 * A name (T, certain, captureEnded) is that of the JSON: it does not change.
 * What people read is made by sentence.c and the reports.
 */
#ifndef COMPARE_FINDING_H
#define COMPARE_FINDING_H

/* Whose requests, and of what. */
enum asker { ASKER_OVOC, ASKER_CAMPAIGN, ASKER_COUNT };
enum ask_kind { ASK_SNMP, ASK_ICMP, ASK_TCP, ASK_KIND_COUNT };
/* What became of a request and its answer. */
enum letter {
	LETTER_NOBODY,     /* N: nobody asked */
	LETTER_LOST_THERE, /* T: lost on the way there */
	LETTER_UNANSWERED, /* U: it arrived and was not answered */
	LETTER_LOST_BACK,  /* B: the answer was lost on the way back */
	LETTER_LATE,       /* L: answered behind the asker's patience */
	LETTER_NOT_TAKEN,  /* H: it came to the asker's host and no further */
	LETTER_ANSWERED,   /* A */
	LETTER_MIXED,      /* M: fewer than 8 of 10 had the same fate */
	LETTER_UNKNOWN,    /* ?: cannot be said */
	LETTER_COUNT
};
enum grade { GRADE_CERTAIN, GRADE_LIKELY, GRADE_UNKNOWN, GRADE_COUNT };

/* Why it cannot be said of a packet, or of all of them. */
enum reason {
	REASON_CAPTURE_ENDED,   /* outside the time that both captures ran */
	REASON_CAPTURE_DROPPED, /* that capture misses packets by itself */
	REASON_CAPTURE_BLIND,   /* ... misses everything at that moment */
	REASON_NO_WITNESS,      /* it has nothing else at that time */
	REASON_CLOCK_STEP,      /* a clock was set near it */
	REASON_CLOCK_UNKNOWN,   /* nothing that both captures have */
	REASON_REWRITTEN,       /* something on the way changes the contents */
	REASON_TUNNEL,          /* the other side sees a tunnel only */
	REASON_ALIKE,           /* too many packets that are all alike */
	REASON_ONE_WAY,         /* that capture has one direction only */
	REASON_FEW,             /* too few to tell loss from chance */
	REASON_CUT,             /* it was cut off in the file */
	REASON_ONE_SIDE,        /* the other side has none of this connection */
	REASON_COUNT
};

/* When and what was lost (4.5); PATTERN_NONE: nothing, or nothing to say. */
enum pattern {
	PATTERN_NONE,
	PATTERN_ALL,      /* everything from `first` to `last` */
	PATTERN_ONWARD,   /* everything from `first`, not over at the end */
	PATTERN_SIZE,     /* only those of more than n bytes */
	PATTERN_PIECES,   /* pieces of large packets */
	PATTERN_EVERY,    /* every n-th */
	PATTERN_FLOWS,    /* always the same connections, n of them */
	PATTERN_NEW_FLOW, /* the first packet of a connection */
	PATTERN_RATE,     /* what is above n packets a second */
	PATTERN_BURSTS,   /* in bursts of about n */
	PATTERN_SPREAD,   /* about n of 1000, independent of each other */
	PATTERN_COUNT
};

const char *asker_name(enum asker a);
const char *ask_kind_name(enum ask_kind k);
const char *letter_name(enum letter l); /* "T", "?", ... */
const char *grade_name(enum grade g);   /* "cannot be said", ... */
const char *reason_name(enum reason r);
const char *pattern_name(enum pattern p);
/* The other way round; ..._COUNT: there is no such name. */
int asker_by_name(const char *name);
int ask_kind_by_name(const char *name);
int letter_by_name(const char *name);
int grade_by_name(const char *name);
int reason_by_name(const char *name);
int pattern_by_name(const char *name);

#endif
