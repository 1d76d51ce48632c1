/* sidecar.h - what a comparison has to know of the server's side, as JSON.
 *
 * A file beside a capture's pieces; traffic-capture-agent(8), Sidecar, has its
 * members.  Times are ms since 1970, those of packets microseconds.
 */
#ifndef AGENT_SIDECAR_H
#define AGENT_SIDECAR_H

#include "agent/kept.h"
#include "agent/state.h"
#include "base/str.h"
#include "verify/verify.h"

struct sidecar {
	const char *device;
	const char *owner; /* "": not known */
	const char *interface;
	int snaplen; /* 0: all of a packet */
	int64_t ended;
	const struct capture_state *capture;
	const struct kept_pieces *pieces;
	const struct verify_result *probes; /* NULL: none, or not known */
};

/* Reads the interface's offload flags besides. */
void sidecar_encode(const struct sidecar *s, struct strbuf *to);
/* Write it into the folder of the captures, as its owner's: whole and synced or
 * not at all, and over no other.  False and FAIL_LOCAL in `why` otherwise. */
bool sidecar_write(const struct sidecar *s, const char *folder,
    const char *name, struct fail *why);
/* Its pieces got other names, and it gets the name `to`.  The pieces are
 * completed from it, and `dropped` is what it tells, -1: nothing.  None is
 * there: true. */
bool sidecar_rename(const char *folder, const char *from, const char *to,
    struct kept_pieces *pieces, int64_t *dropped, struct fail *why);

#endif
