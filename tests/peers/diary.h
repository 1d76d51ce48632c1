/* diary.h - every request that came to the old agent, and what that tells.
 *
 * A request is a repeat if it is what its device's last one was.  Times are of
 * the wall clock; arrivals are the kernel's, so requests that had to wait are
 * told from those that found the agent at leisure.
 */
#ifndef PEERS_DIARY_H
#define PEERS_DIARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/agent_message.h"

struct diary;

struct diary *diary_new(void);
void diary_free(struct diary *d);
/* A request that arrived then is taken up now; returns its number. */
size_t diary_begin(
    struct diary *d, const struct agent_message *m, int64_t arrived_ms);
/* Its final answer is about to be sent. */
void diary_end(struct diary *d, size_t number, int code);
void diary_malformed(struct diary *d);
/* A JSON file:
 *   requests, repeats     number of each kind
 *   register_repeats_ms   how long after the first of its kind each came
 *   outstanding_max       different requests without final answer, at most
 *   queued_max            requests that waited for earlier ones, at most
 *   unregistered          CAPTURE, VERIFY, STOP of a device whose REGISTER had
 *                         not been answered by 200
 *   malformed             datagrams that are no request
 *   arrivals              all of them, in order
 * False and a message on stderr if it cannot be written. */
bool diary_write(const struct diary *d, const char *path);

#endif
