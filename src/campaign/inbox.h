/* inbox.h - what arrives on the campaign's UDP socket, to whom it belongs.
 *
 * Answers are taken only from the agent that was asked, alarms only from the
 * agent of the device they name; all else is counted, logged and ignored.
 */
#ifndef CAMPAIGN_INBOX_H
#define CAMPAIGN_INBOX_H

#include "link/agent_link.h"
#include "device/device.h"

struct inbox;

/* `links` (as many as the result has agents) outlive the inbox. */
struct inbox *inbox_new(struct loop *lp, struct run_result *result,
    struct agent_link *const *links);
void inbox_free(struct inbox *b);

/* From now on alarms find the device by its addresses, and by the address that
 * its agent knows it by. */
void inbox_add_device(struct inbox *b, struct device *d);

/* A datagram_received callback; `arg` is the inbox. */
void inbox_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from);

#endif
