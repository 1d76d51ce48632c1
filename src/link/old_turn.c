/* old_turn.c - whose turn it is at an agent of version 1.0.6.
 */
#include "link/old_turn.h"

static const enum agent_request order[] = {
    REQUEST_STOP, REQUEST_CAPTURE, REQUEST_VERIFY, REQUEST_REGISTER};
#define KINDS (sizeof(order) / sizeof(order[0]))

struct ask *
old_turn(const struct ask_queue *q, struct old_devices *o, int64_t *wait)
{
	int64_t soonest = INT64_MAX, ms;
	struct ask *a;

	for (size_t i = 0; i < KINDS; i++)
		TAILQ_FOREACH (a, &q->of[order[i]], next) {
			ms = old_devices_wait(o, order[i], a->message.device);
			if (ms == 0)
				return a;
			soonest = ms < soonest ? ms : soonest;
		}
	*wait = soonest < INT64_MAX ? soonest : 0;
	return NULL;
}

struct ask *
old_turn_never(
    const struct ask_queue *q, struct old_devices *o, const char **why)
{
	struct ask *a;

	/* The others always may. */
	for (size_t i = 0; order[i] != REQUEST_VERIFY; i++)
		TAILQ_FOREACH (a, &q->of[order[i]], next) {
			*why =
			    old_devices_never(o, order[i], a->message.device);
			if (*why != NULL)
				return a;
		}
	return NULL;
}
