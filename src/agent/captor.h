/* captor.h - what the programs that capture for the agent have in common. */
#ifndef AGENT_CAPTOR_H
#define AGENT_CAPTOR_H

#include "base/fail.h"

/* Their environment. */
extern const char *const captor_env[];

/* Why `what` ended, FAIL_LOCAL: its `status` as from waitpid(2), and what it
 * `said` last, "": nothing. */
void captor_describe_end(
    const char *what, int status, const char *said, struct fail *why);

#endif
