/* server_fetch.h - the server's files of one event come home, one by one.
 *
 * First the sidecar, then the pieces that it tells of and that matter; without
 * one (an agent of 1.0.6) pieces from 0 on, until there is none.  Names are
 * made of the round's own.  Sessions are somebody else's, and may be several.
 */
#ifndef CAMPAIGN_SERVER_FETCH_H
#define CAMPAIGN_SERVER_FETCH_H

#include "campaign/past_event.h"
#include "campaign/server_plan.h"
#include "io/sftp.h"

struct server_fetch;

/* FAIL_NONE: that file is here, or is known not to come.  FAIL_TRANSIENT: it is
 * worth another try.  Else nothing more of this event will come. */
typedef void server_fetch_done(void *arg, const struct fail *why);

/* The event outlives it; what comes is told there. */
struct server_fetch *server_fetch_new(const struct tools *t,
    struct past_event *event, const struct server_clock *clock);
/* The session has been ended before.  NULL is accepted. */
void server_fetch_free(struct server_fetch *f);

bool server_fetch_has_more(const struct server_fetch *f);
/* The next file, or the same once more; `done` runs once, from the loop.
 * False if the session has broken: it will not. */
bool server_fetch_next(struct server_fetch *f, struct sftp *session,
    server_fetch_done *done, void *arg);
/* The last try stalled or broke: read with one READ in flight. */
bool server_fetch_wants_narrow(const struct server_fetch *f);
/* Write the event's row: all has come, or `why` not, and so many tries have
 * failed. */
void server_fetch_end(
    struct server_fetch *f, const struct fail *why, int tries);

/* The row of an event of which nothing is fetched. */
void server_fetch_skip(
    const struct tools *t, const struct past_event *event, const char *why);

#endif
