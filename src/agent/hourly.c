/* hourly.c - see hourly.h.
 *
 * The agent's mailbox, server and retention log what others cause with it.
 */
#include "agent/hourly.h"

#define HOUR_MS 3600000

struct log_once *
hourly(struct hourly *h, int64_t now)
{
	if (now - h->warned_at >= HOUR_MS)
		h->once.count = 0;
	if (h->once.count == 0)
		h->warned_at = now;
	return &h->once;
}
