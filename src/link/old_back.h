/* old_back.h - an agent of version 1.0.6 fell silent: is it back?
 *
 * A REGISTER every half minute finds out, unless others ask it something.
 */
#ifndef LINK_OLD_BACK_H
#define LINK_OLD_BACK_H

#include "link/ask.h"

struct old_back {                   /* embedded in the link */
	struct ask ask;             /* the link's: it sends and cancels it */
	char device[HOST_TEXT_MAX]; /* whom to register */
	struct timer look;
};

#define OLD_BACK_MS 30000

/* `look` asks, or, while others do, calls old_back_later(). */
void old_back_init(
    struct old_back *b, struct loop *lp, void (*look)(void *arg), void *arg);
/* A request for this device had no final answer. */
void old_back_begin(struct old_back *b, const char *device);
void old_back_later(struct old_back *b);
/* What was asked ended so; an ask_done. */
void old_back_asked(void *arg, const struct ask_end *end);
/* It is back, or one of ours, or nobody is to look any more. */
void old_back_end(struct old_back *b);

#endif
