/* told.h - what an agent of ours says beside its code, in words for a row. */
#ifndef DEVICE_TOLD_H
#define DEVICE_TOLD_H

#include "wire/agent_info.h"

struct told {
	char text[900];   /* ": ..." behind the code; "": nothing */
	char note[120];   /* what was lost there all the same; "": nothing */
	char reason[160]; /* that it gave, which the text has, too; or "" */
};

/* `info` NULL: it said nothing.  `secrets`: see wire/peer_words.h; NULL among
 * them ends them early, and harmlessly.  `sent`: the server has sent probes,
 * which its capture should have. */
struct told told_of(
    const struct agent_info *info, const char *const *secrets, bool sent);

#endif
