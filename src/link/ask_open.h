/* ask_open.h - what is open of an ask, and what answers it. */
#ifndef LINK_ASK_OPEN_H
#define LINK_ASK_OPEN_H

#include "link/ask.h"

/* All but its timers and `done`. */
void ask_init(struct ask *a, struct agent_link *l, enum agent_request r,
    const char *device, const char *file);
/* What is open of it, and as it is to be sent. */
enum agent_request ask_open_request(const struct ask *a);
const char *ask_open_device(const struct ask *a);
void ask_message(const struct ask *a, struct agent_message *m);
/* Is this the answer to what is open, or to what was before ASK_WHETHER? */
bool ask_is_open(const struct ask *a, const struct agent_message *answer);
bool ask_was_open(const struct ask *a, const struct agent_message *answer);
/* Why nothing was heard, as far as it can be known here. */
#define ASK_SILENCE_MAX 128
const char *ask_silence(
    const struct ask *a, bool has_key, char buf[ASK_SILENCE_MAX]);

#endif
