/* auth_peer.c - see auth_peer.h. */
#include "wire/auth_peer.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xmem.h"
#include "wire/nonce_window.h"

/* A message's time lies up to a window ahead and counts until a window after:
 * that long its nonce must be remembered. */
#define REMEMBER_MS (2 * AUTH_WINDOW_MS)

struct auth_peer {
	const char *key;
	enum auth_direction mine;
	int64_t offset; /* the common clock, less the monotonic one */
	int64_t since;  /* by the common clock: nothing from before */
	struct nonce_window *seen;
};

struct auth_peer *
auth_peer_new(
    const char *key, enum auth_direction mine, int64_t now, int64_t wall)
{
	struct auth_peer *p = xcalloc(1, sizeof(*p));

	p->key = key;
	p->mine = mine;
	p->offset = wall - now;
	p->since = INT64_MIN;
	p->seen = nonce_window_new(REMEMBER_MS);
	return p;
}

void
auth_peer_free(struct auth_peer *p)
{
	if (p == NULL)
		return;
	nonce_window_free(p->seen);
	free(p);
}

size_t
auth_peer_seal(const struct auth_peer *p, int64_t now, const char *nonce,
    char buf[AGENT_SIGNED_MAX], const char *text, size_t len)
{
	struct auth_stamp stamp = {.ms = now + p->offset};

	if (stamp.ms < 0) /* a host whose clock was never set */
		stamp.ms = 0;
	str_copy(stamp.nonce, sizeof(stamp.nonce), nonce);
	return agent_auth_sign(buf, p->key, p->mine, &stamp, text, len);
}

static const char *
verdict_text(enum auth_verdict v)
{
	switch (v) {
	case AUTH_RIGHT:
		return "";
	case AUTH_UNSIGNED:
		return "it is not signed, and a key_file is set here: set it "
		       "on the other side, too";
	case AUTH_MALFORMED:
		return "its signature is cut or malformed";
	case AUTH_FORGED:
		return "its signature is wrong: the key of the other side is "
		       "another one, or somebody changed the message";
	}
	return "";
}

enum auth_opened
auth_peer_open(struct auth_peer *p, int64_t now, const void *data, size_t len,
    struct auth_stamp *stamp, size_t *text_len, const char **why)
{
	enum auth_direction theirs =
	    p->mine == AUTH_REQUEST ? AUTH_ANSWER : AUTH_REQUEST;
	enum auth_verdict v =
	    agent_auth_check(data, len, p->key, theirs, stamp, text_len);
	int64_t late, ahead;

	*why = verdict_text(v);
	if (v != AUTH_RIGHT)
		return OPENED_REFUSED;
	*why = "it came within a second of the start, when a copy of an "
	       "earlier message cannot be told from it";
	if (now + p->offset <= p->since)
		return OPENED_EARLY;
	late = now + p->offset - stamp->ms;
	ahead = p->mine == AUTH_ANSWER ? AUTH_AHEAD_MS : AUTH_WINDOW_MS;
	*why = "it was signed more than 30 s ago, or by another clock";
	if (late > AUTH_WINDOW_MS || late < -ahead || stamp->ms <= p->since)
		return OPENED_CLOCK;
	switch (nonce_window_add(p->seen, now, stamp->nonce)) {
	case NONCE_NEW:
		*why = "";
		return OPENED_RIGHT;
	case NONCE_SEEN:
		*why = "it is a replay of an earlier message";
		return OPENED_REPLAYED;
	case NONCE_CROWDED:
		break;
	}
	*why = "more signed messages came in a minute than can be told apart";
	return OPENED_REPLAYED;
}

void
auth_peer_begin(struct auth_peer *p, int64_t now)
{
	p->since = now + p->offset + AUTH_AHEAD_MS;
}

void
auth_peer_not_before(struct auth_peer *p, int64_t now, int64_t ms)
{
	if (now + p->offset >= ms)
		return;
	p->offset = ms - now;
	auth_peer_begin(p, now);
}

void
auth_peer_set_clock(struct auth_peer *p, int64_t now, int64_t ms)
{
	p->offset = ms - now;
}
