/* aftermath.h - what follows an event while its device goes on: the server's
 * files, then the comparison of both ends, then the user's hook.
 *
 * Its trouble is a row of the event and nothing else: no device waits for it,
 * and no outcome changes.  A run ends when its devices have ended and nothing
 * is left here.
 */
#ifndef CAMPAIGN_AFTERMATH_H
#define CAMPAIGN_AFTERMATH_H

#include <stdbool.h>

#include "campaign/server_host.h"

struct aftermath;

/* An event is settled: its rows are written. */
typedef void aftermath_settled(void *arg);

/* `settled` runs from the loop, never inside a call. */
struct aftermath *aftermath_new(
    const struct tools *t, aftermath_settled *settled, void *arg);
/* Who tells of the servers' clocks: of which time their files are. */
void aftermath_use_clock(
    struct aftermath *a, server_host_clock *clock, void *arg);
/* What is under way is dropped without a word.  NULL is accepted. */
void aftermath_free(struct aftermath *a);
/* What is given is copied; `books` are open until the event is settled. */
void aftermath_add(struct aftermath *a, const struct device_books *books,
    const struct round *round);
/* Is anything left?  How many events? */
bool aftermath_busy(const struct aftermath *a);
size_t aftermath_count(const struct aftermath *a);
/* Does an event write into this journal yet? */
bool aftermath_uses(const struct aftermath *a, const struct journal *j);
/* No time is left: whatever is left, and whatever is added later, is settled by
 * rows that say why and what is to be done by hand. */
void aftermath_abandon(struct aftermath *a, const char *why);

#endif
