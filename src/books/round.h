/* round.h - what is true of a device's round: from REGISTER to the file.
 *
 * A round is one event.  Facts are taken in the order they happen, while they
 * happen and while a journal is read, so that a run that goes on and the one
 * that finishes it know the same.  The fields are for reading.
 */
#ifndef BOOKS_ROUND_H
#define BOOKS_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "wire/capture_name.h"

enum fact {
	/* The course of a round. */
	FACT_REGISTERED, /* a new one */
	FACT_START,      /* the start script is about to be sent */
	FACT_ON,         /* show confirmed the capture */
	FACT_ASKED,      /* the agent is asked to capture */
	FACT_EVENT,      /* the event has begun */
	FACT_STOP,       /* the file's name is fixed, stopping begins */
	FACT_OFF,        /* show confirmed that it is off */
	FACT_FILE,       /* the file is home */
	FACT_CLOSED,     /* the agent answered the STOP, or did not */
	FACT_ENDED,      /* nothing more comes of it */
	/* What may come between. */
	FACT_NOTHING,   /* the start was refused, or never arrived */
	FACT_INHERITED, /* an earlier run's capture may be on, and is ours */
	FACT_TAKEN,     /* a later run began to finish what was left */
	FACT_RECOVERED, /* ... and did what could be done */
	FACT_AGENT_ON,  /* 200 OK to CAPTURE: the server captures */
	FACT_AGENT_OFF, /* it does not, or not as far as is known */
	FACT_ANSWERED,  /* VERIFY had its final answer */
	FACT_KEPT,      /* 200 OK to STOP: the server's files are named */
	FACT_CUT,       /* ... but its capture had ended before */
	/* Of no use to a later run: these are not in the journal. */
	FACT_DOUBT,    /* the last start or stop may not have happened */
	FACT_SURE,     /* it happened */
	FACT_HELD,     /* lost while the start was not confirmed */
	FACT_LOST,     /* if an event comes of it, this is when it was */
	FACT_CLEARED,  /* the loss was over before the hold_down was */
	FACT_VANISHED, /* the capture is off, and nobody here stopped it */
	FACT_UNTOLD,   /* the agent is told no more: it goes on by itself */
	FACT_VERIFIED, /* the agent's traffic is over, or given up */
	FACT_PROBED,   /* so is our own */
	FACT_NO_ROOM,  /* this host could not take the file */
	FACT_STILL_ON, /* show says that the capture goes on */
	FACT_BLIND,    /* it could not be asked */
	FACT_COUNT
};

struct round {
	int event; /* the one under way or waited for, from 1 */
	bool sent; /* the start script: capture and SNMP user may be there */
	bool inherited;  /* the same, of an earlier run */
	bool unclear;    /* what the last start or stop did */
	bool on, was_on; /* confirmed: now; once in this round */
	bool asked;      /* the agent may be capturing */
	bool agent_on;   /* it said so */
	bool captured;   /* ... when the event began, or before VERIFY */
	bool answered;   /* VERIFY had its final answer */
	bool kept;       /* so had STOP, and it was 200 OK */
	bool cut;        /* the server's capture had ended before the STOP */
	bool closed;     /* it had its STOP, answered or not */
	bool ended;
	bool held;      /* the confirmation of the start is the event */
	bool triggered; /* the event has begun */
	bool vanished;  /* the capture went off by itself */
	bool verified, probed, no_room;
	bool home;              /* the file is here */
	bool taken, recovered;  /* by a later run */
	int64_t on_mono;        /* when it was confirmed; 0: not by us */
	int64_t on_at, stop_at; /* wall ms, as of the stop; 0: not known */
	int64_t event_at;       /* wall ms, of its first sign; 0: not known */
	char file[CAPTURE_NAME_MAX]; /* its name; "": not fixed yet */
};

/* One more thing is true. */
void round_take(struct round *r, enum fact f);
/* A new round: what an earlier one left on stays on. */
void round_begin(struct round *r, int event);
/* The name that the files of this round get on both sides. */
void round_name(struct round *r, const char *file);

/* May the capture, or its SNMP user, be on the device? */
bool round_may_be_on(const struct round *r);
/* Is there a capture of this round on the device that is not home? */
bool round_has_file(const struct round *r);
/* Who asks whether it is wanted. */
struct round_wish {
	const struct fail *failure; /* of the device so far */
	bool interrupted;
	bool earlier;    /* the round is an earlier run's */
	bool keep_quiet; /* campaign.keep_quiet_captures */
};
bool round_wants_file(const struct round *r, const struct round_wish *w);
/* Is there something that a later run can do?  `ended`: its own run ended in
 * order; `quiet`: it left its file on the device on purpose. */
bool round_left(const struct round *r, bool ended, bool quiet);
/* Has its event files that are not described yet (wire/event_record)? */
bool round_lacks_record(const struct round *r);

/* What an event with the device's file lacks of the server's part. */
enum lack {
	LACK_NOTHING,
	LACK_CAPTURE,
	LACK_VERIFY,
	LACK_END, /* it ended by itself */
	LACK_STOP,
	LACK_COUNT
};
enum lack round_lacks(const struct round *r);
const char *lack_text(enum lack l);

/* Its name in the journal; NULL: it is not written there. */
const char *fact_name(enum fact f);
/* FACT_COUNT: none has this name. */
enum fact fact_find(const char *name);
/* Does it tell of a change on a device?  Then the disk must have it. */
bool fact_wants_disk(enum fact f);

#endif
