/* orders.h - what a CAPTURE or a STOP means, by what came before it.
 *
 * A value, and nothing but rules (those of session.h): whether the request is a
 * copy, is for the capture that there is or for the next one.  Who asks it does
 * what it says.
 */
#ifndef AGENT_ORDERS_H
#define AGENT_ORDERS_H

#include <stdbool.h>

#include "agent/lease.h"
#include "agent/state.h"
#include "wire/agent_message.h"

enum orders_next { /* behind a capture that is ending */
	NEXT_NONE,
	NEXT_ALLOWED, /* a REGISTER came: a CAPTURE would count */
	NEXT_ASKED,   /* that CAPTURE came */
	NEXT_REPLACES /* a CAPTURE came first, and ended the old one */
};

/* The fields are its own; zeroed it knows of nothing. */
struct orders {
	struct orders_state kept;
	enum orders_next next;
};

enum deed {
	DEED_NONE,
	DEED_BEGIN,   /* a capture */
	DEED_AWAIT,   /* the one that goes on: it was asked for again */
	DEED_REPLACE, /* abort the one that goes on */
	DEED_STOP,    /* the same, its pieces named as the STOP tells */
	DEED_NAME     /* so those of one that has ended already */
};
struct order {
	int code; /* to answer with, before the deed */
	enum deed deed;
	const char *refusal; /* why; NULL: it is not refused */
};

/* `now`: what the capture does.  `file`: that of the STOP; `under_way`: that of
 * the STOP before, if the capture is STOPPING. */
struct order orders_capture(struct orders *o, enum lease_phase now);
struct order orders_stop(struct orders *o, enum lease_phase now,
    const char *under_way, const char *file);
/* The one of them that `m` asks for. */
struct order orders_ask(struct orders *o, enum lease_phase now,
    const char *under_way, const struct agent_message *m);

/* A REGISTER came; `anew`: for another capture than the one that goes on. */
void orders_register(struct orders *o, enum lease_phase now, bool anew);
/* It was granted: a CAPTURE counts. */
void orders_arm(struct orders *o);
/* A capture began. */
void orders_begun(struct orders *o);
/* One whose pieces were in this folder ended, kept as aborted, before its STOP
 * came.  Nothing if it was replaced. */
void orders_ended(struct orders *o, const char *folder);
/* Why the last one ended before its STOP, a sentence; "": it did not. */
void orders_ended_why(struct orders *o, const char *why);
/* That STOP is over, and is answered with `code` from now on. */
void orders_stopped(struct orders *o, const char *file, int code);
/* The capture that ends was replaced. */
bool orders_replaced(const struct orders *o);
/* Was there ever a capture, but one that goes on? */
bool orders_had_one(const struct orders *o);
/* It has ended: is there one to begin now?  Asked once. */
bool orders_take_next(struct orders *o);
/* Until the next REGISTER is granted no CAPTURE counts. */
void orders_lapse(struct orders *o);
/* The last STOP was somebody else's. */
void orders_forget_stop(struct orders *o);

#endif
