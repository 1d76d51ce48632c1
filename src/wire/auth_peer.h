/* auth_peer.h - one side of an authenticated exchange: its key, what it has
 * seen, and how far the other's clock is off.
 *
 * The campaign has one for each agent with a key, the agent has one.  The agent
 * is right about the time: both sides sign by its clock, which the campaign
 * learns from a `408 Clock`.  All times go by the monotonic clock from here on,
 * so that neither host's wall clock can jump in the middle.
 */
#ifndef WIRE_AUTH_PEER_H
#define WIRE_AUTH_PEER_H

#include "wire/agent_auth.h"

/* How far a message's time may be off; and how far ahead a request's. */
#define AUTH_WINDOW_MS 30000
#define AUTH_AHEAD_MS  1000

struct auth_peer;

enum auth_opened {
	OPENED_RIGHT,
	OPENED_CLOCK,    /* signed with the key, but at another time */
	OPENED_EARLY,    /* ... too soon after auth_peer_begin() */
	OPENED_REPLAYED, /* ... seen before */
	OPENED_REFUSED   /* not signed, or not with this key */
};

/* `key` outlives the peer.  `mine` is the direction of what this side sends;
 * `now` and `wall` are loop_now() and loop_wall(). */
struct auth_peer *auth_peer_new(
    const char *key, enum auth_direction mine, int64_t now, int64_t wall);
/* NULL is accepted. */
void auth_peer_free(struct auth_peer *p);

/* Sign a text; once for each transmission, with a nonce of its own
 * (secret_nonce()), but for a 408: that has the nonce of its request.  As
 * agent_auth_sign(). */
size_t auth_peer_seal(const struct auth_peer *p, int64_t now, const char *nonce,
    char buf[AGENT_SIGNED_MAX], const char *text, size_t len);

/* What came from the other side.  Unless OPENED_REFUSED its text is the first
 * `*text_len` bytes, and `stamp` is its own; unless OPENED_RIGHT `*why` is a
 * sentence (static text). */
enum auth_opened auth_peer_open(struct auth_peer *p, int64_t now,
    const void *data, size_t len, struct auth_stamp *stamp, size_t *text_len,
    const char **why);
/* The agent starts: nothing that an agent before it may have obeyed is
 * OPENED_RIGHT.  That was signed AUTH_AHEAD_MS from now at the latest; so long
 * everything is OPENED_EARLY, for a copy cannot be told from it. */
void auth_peer_begin(struct auth_peer *p, int64_t now);
/* Nothing that was signed up to `ms` is OPENED_RIGHT: where our clock was set
 * back, both sides go on from there. */
void auth_peer_not_before(struct auth_peer *p, int64_t now, int64_t ms);
/* The other side's clock says `ms` now. */
void auth_peer_set_clock(struct auth_peer *p, int64_t now, int64_t ms);

#endif
