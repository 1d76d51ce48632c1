/* old_devices.h - what an agent of version 1.0.6 bears to be asked.
 *
 * It ends when it is asked to capture, verify or stop while it knows no device,
 * and at a STOP or CAPTURE behind a STOP that it did not expect (PROTOCOL: its
 * source).  Nothing it says tells one process of it from the next, but a 404
 * for a device that it knew.  So it is registered with again where it may have
 * been restarted, and what might end it is not sent.
 */
#ifndef LINK_OLD_DEVICES_H
#define LINK_OLD_DEVICES_H

#include "link/old_book.h"
#include "wire/agent_message.h"

struct old_devices;

struct old_devices *old_devices_new(
    struct loop *lp, struct old_book *book, const char *agent);
void old_devices_free(struct old_devices *o); /* NULL is accepted */

/* --- may it be asked? --- */

/* NULL, or the sentence that says why this is never to be sent. */
const char *old_devices_never(
    struct old_devices *o, enum agent_request r, const char *device);
/* Whom to register first, or NULL: nobody.  It stays as long as `o`. */
const char *old_devices_first(
    struct old_devices *o, enum agent_request r, const char *device);
/* Who answers for this device when a request had no answer. */
const char *old_devices_witness(struct old_devices *o, const char *device);
/* Milliseconds that must pass: a STOP comes 1.2 s behind its VERIFY; VERIFY and
 * REGISTER, which block it, let a STOP that is due so soon go first. */
int64_t old_devices_wait(
    struct old_devices *o, enum agent_request r, const char *device);

/* --- what happens --- */

/* About to be sent; false: it cannot be noted, and must not be. */
bool old_devices_begin(
    struct old_devices *o, enum agent_request r, const char *device);
/* The final answer. */
void old_devices_answered(
    struct old_devices *o, enum agent_request r, const char *device, int code);
/* A request had no final answer. */
void old_devices_unanswered(struct old_devices *o);
/* It said something. */
void old_devices_heard(struct old_devices *o);
/* Was a REGISTER of this device answered in the last `ms`? */
bool old_devices_registered_within(
    const struct old_devices *o, const char *device, int64_t ms);

#endif
