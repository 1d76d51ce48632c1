/* old_book.h - what agents of version 1.0.6 were left with, from run to run.
 *
 * Such an agent ends at a STOP that it does not expect, and cannot be asked
 * what it expects.  So that is kept beside the runs, in `old-agents.ndjson`: a
 * JSON line a change, `{"agent":..,"device":..,"state":..}`; the last one of a
 * device counts.  There is no file before there is something to keep.
 */
#ifndef LINK_OLD_BOOK_H
#define LINK_OLD_BOOK_H

#include <stdbool.h>

#include "loop/loop.h"

#define OLD_BOOK_FILE "old-agents.ndjson"

enum old_state {
	OLD_IDLE,
	OLD_CAPTURING, /* it answered 200 OK to CAPTURE */
	OLD_BARRED,    /* a CAPTURE or STOP may end it */
	OLD_STATES
};

struct old_book;

/* `folder` holds the campaign's runs. */
struct old_book *old_book_open(struct loop *lp, const char *folder);
void old_book_close(struct old_book *b); /* NULL is accepted */
/* Where it is, for people. */
const char *old_book_path(const struct old_book *b);
enum old_state old_book_get(
    const struct old_book *b, const char *agent, const char *device);
/* False if it cannot be written; it holds for this run all the same. */
bool old_book_set(struct old_book *b, const char *agent, const char *device,
    enum old_state s);
/* All devices of the agent that are in this state are idle now. */
void old_book_forget(
    struct old_book *b, const char *agent, enum old_state which);

#endif
