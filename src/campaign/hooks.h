/* hooks.h - the program that is run for each event (hooks.on_event).
 *
 * A queue, a few at the same time.  Trouble is a row of the event, `Hook`, and
 * nothing else; what went well is a line of the log.
 */
#ifndef CAMPAIGN_HOOKS_H
#define CAMPAIGN_HOOKS_H

#include <stdbool.h>

#include "campaign/past_event.h"

struct hooks;

/* The event's program has ended, or was not run.  From the loop. */
typedef void event_hooked(void *arg, const struct past_event *e);

/* `t` outlives it. */
struct hooks *hooks_new(const struct tools *t, event_hooked *hooked, void *arg);
/* What is under way is killed without a word.  NULL is accepted. */
void hooks_free(struct hooks *h);
/* The event has its verdict, or will have none; it stays until `hooked`.
 * False: there is no hooks.on_event. */
bool hooks_add(struct hooks *h, const struct past_event *e);
/* No time is left: whatever waits, or is added later, gets a row that says why
 * it was not run; what runs has a few seconds more. */
void hooks_abandon(struct hooks *h, const char *why);

#endif
