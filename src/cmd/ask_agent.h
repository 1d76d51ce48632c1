/* ask_agent.h - --status and --metrics: ask the agent that runs. */
#ifndef CMD_ASK_AGENT_H
#define CMD_ASK_AGENT_H

#include "cmd/options.h"

struct ask_agent {
	bool status;         /* print how it is ... */
	bool json;           /* ... for programs */
	const char *metrics; /* write them to this file, "-": print them */
};

/* Neither takes a lock nor needs a secret.  The status to end with:
 * EXIT_TROUBLE where none runs. */
int ask_agent(const struct ask_agent *what, const struct options *o,
    const struct program_words *words);

#endif
