/* telling.h - what the answers for one device say beside their code.
 *
 * The session notes here what it finds; an answer whose request wants it gets
 * it as `info` (wire/agent_info.h).  That is bigger than any request, so it is
 * given at most once a second for each kind of request.
 */
#ifndef AGENT_TELLING_H
#define AGENT_TELLING_H

#include "agent/store.h"
#include "loop/loop.h"
#include "verify/verify.h"
#include "wire/agent_info.h"

struct telling_of { /* of one kind of request */
	bool wanted;
	bool told;
	int64_t told_at; /* monotonic ms */
	char *reason;    /* of a refusal; NULL: none */
};
/* Embedded; the fields are its own.  Zeroed nothing is noted. */
struct telling {
	struct telling_of of[REQUEST_STOP + 1];
	struct info_probes *probes; /* INFO_KINDS of them; NULL: none */
	struct info_pieces *pieces; /* of the last STOP; NULL: none */
	const char *ended;          /* as of telling_ended(); NULL */
};

/* Everything noted is forgotten, and what is wanted: it was for somebody else.
 * Also its end. */
void telling_forget(struct telling *t);
/* A request came. */
void telling_asked(struct telling *t, const struct agent_message *m);
/* Why this request is refused, until it is something else. */
void telling_reason(
    struct telling *t, enum agent_request request, const char *why);
/* What a VERIFY found; `r` NULL: nothing was sent. */
void telling_probes(struct telling *t, const struct verify_result *r);
/* The pieces that a STOP has named; NULL: none. */
void telling_pieces(struct telling *t, const struct info_pieces *p);
/* Why the last capture ended before its STOP, "" if it did not, is what VERIFY
 * and STOP have for a reason where they have no other.  `why` outlives it, and
 * is never forgotten. */
void telling_ended(struct telling *t, const char *why);
/* The JSON for this answer, in `json`; NULL: none is wanted, it was told just
 * now, or the answer is not the final one.  `store` NULL: its room is not told.
 */
const char *telling_info(struct telling *t, struct loop *lp,
    const struct store *store, enum agent_request request, int code,
    char json[AGENT_INFO_MAX]);

#endif
