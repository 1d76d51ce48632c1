/* verification.h - VERIFY for one device: the traffic, and the last answer.
 *
 * Traffic is sent once at a time, and its outcome remembered, so that a repeat
 * of the request can be told the same.
 */
#ifndef AGENT_VERIFICATION_H
#define AGENT_VERIFICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/probing.h"
#include "agent/state.h"

struct verification;

/* The traffic is over, from the loop; `code` is what to answer, the others are
 * those of probing_done. */
typedef void verification_done(
    void *arg, int code, const struct verify_result *r, const char *why);

/* `env` outlives it. */
struct verification *verification_new(const struct probing_env *env,
    const char *device, verification_done *done, void *arg);
/* NULL is accepted. */
void verification_free(struct verification *v);

/* Send the traffic, unless some is under way; `done` follows. */
void verification_begin(struct verification *v);
bool verification_under_way(const struct verification *v);
/* `done` will not run; what was answered last is still known. */
void verification_cancel(struct verification *v);
/* The same, and nothing was answered yet: another capture begins. */
void verification_forget(struct verification *v);

/* The answer to a repeat; 0: to ask now is no repeat. */
int verification_answer(const struct verification *v);
/* Milliseconds since the traffic was last over; -1: it never was. */
int64_t verification_age(const struct verification *v);

/* What an agent that is started again has to know, and back. */
const struct verify_state *verification_kept(const struct verification *v);
void verification_restore(
    struct verification *v, const struct verify_state *was);

#endif
