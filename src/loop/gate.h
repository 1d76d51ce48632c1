/* gate.h - how much may go on at once: limited places, and a rate.
 *
 * A gate has a number of places and, for some entries, logins, a rate a second.
 * Who asks waits in line for a place; first come, first served.  But what is no
 * login goes before those: what was begun is ended before more is begun, and no
 * alarm's request waits behind thousands of devices that are still to be asked
 * for the first time, or for the rate.
 */
#ifndef LOOP_GATE_H
#define LOOP_GATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "loop/loop.h"

struct gate;

typedef void gate_fn(void *arg);

/* Embedded in who asks; zero-initialised.  The fields are the gate's own. */
struct ticket {
	TAILQ_ENTRY(ticket) next;
	struct gate *gate; /* NULL: neither waiting nor inside */
	uint64_t number;
	bool inside;
	bool login;
	gate_fn *fn;
	void *arg;
};

struct gate *gate_new(struct loop *lp, int places);
/* All tickets have left. */
void gate_free(struct gate *g);
/* `per_second` logins in any second over all gates that share `r`. */
struct login_rate;
struct login_rate *login_rate_new(struct loop *lp, int per_second);
/* Of those of `whole`, which outlives it, at most so many. */
struct login_rate *login_rate_part(struct login_rate *whole, int per_second);
void login_rate_free(struct login_rate *r);
void gate_limit_logins(struct gate *g, struct login_rate *r);

/* `fn` runs from the loop, never inside this call, once a place is free and,
 * for a `login`, the rate allows it; asked for from a `fn`, in a later turn.
 * The ticket must not be in use. */
void gate_enter(
    struct gate *g, struct ticket *t, bool login, gate_fn *fn, void *arg);
/* A place at once, which is no login: false if all are taken or somebody waits;
 * then the ticket is still unused. */
bool gate_try(struct gate *g, struct ticket *t);
/* Does somebody wait because all places are taken? */
bool gate_is_full(const struct gate *g);
/* Nobody is inside, and nobody waits. */
bool gate_is_idle(const struct gate *g);
/* Give the place back, or stop waiting.  Harmless for an unused ticket. */
void gate_leave(struct ticket *t);

#endif
