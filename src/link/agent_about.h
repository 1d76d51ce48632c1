/* agent_about.h - what an agent of ours told of itself at a REGISTER. */
#ifndef LINK_AGENT_ABOUT_H
#define LINK_AGENT_ABOUT_H

#include <stdbool.h>

#include "wire/agent_info.h"

struct agent_about {
	char version[INFO_VERSION]; /* "": nothing yet */
	int64_t ahead;      /* its clock less ours, ms: too little by its way */
	int64_t error;      /* ms at most: the request was sent so long ago */
	int64_t free_bytes; /* -1: not known */
};

/* `info` NULL, and what tells of a device only, changes nothing.  `wall` is our
 * clock now, and the request was first sent `age` ms ago; `secrets` as of
 * wire/peer_words.h.  True: it is of another version
 * than before. */
bool agent_about_learn(struct agent_about *about, const struct agent_info *info,
    int64_t wall, int64_t age, const char *const *secrets);

#endif
