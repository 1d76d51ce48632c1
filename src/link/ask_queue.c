/* ask_queue.c - the asks of one agent.
 */
#include "link/ask_queue.h"

#include <string.h>

#include "base/hash.h"
#include "link/ask_open.h"

/* Devices that are registered go first, for theirs is the alarm that happens;
 * of these VERIFY, for packets are being lost now. */
static const enum agent_request order[] = {
    REQUEST_VERIFY, REQUEST_STOP, REQUEST_CAPTURE, REQUEST_REGISTER};
#define KINDS (sizeof(order) / sizeof(order[0]))

void
ask_queue_init(struct ask_queue *q)
{
	for (size_t i = 0; i < KINDS; i++)
		TAILQ_INIT(&q->of[order[i]]);
	TAILQ_INIT(&q->open);
	for (size_t i = 0; i < ASK_BUCKETS; i++)
		LIST_INIT(&q->of_device[i]);
}

/* --- those that wait --- */

void
ask_queue_add(struct ask_queue *q, struct ask *a)
{
	TAILQ_INSERT_TAIL(&q->of[a->message.request], a, next);
}

void
ask_queue_add_first(struct ask_queue *q, struct ask *a)
{
	TAILQ_INSERT_HEAD(&q->of[a->message.request], a, next);
}

struct ask *
ask_queue_first(const struct ask_queue *q)
{
	struct ask *a = NULL;

	for (size_t i = 0; i < KINDS && a == NULL; i++)
		a = TAILQ_FIRST(&q->of[order[i]]);
	return a;
}

bool
ask_queue_has_room(const struct ask_queue *q, int limit)
{
	if (!TAILQ_EMPTY(&q->of[REQUEST_VERIFY]))
		limit *= URGENT_TIMES;
	return q->unheard < limit;
}

size_t
ask_queue_count(const struct ask_queue *q)
{
	const struct ask *a;
	size_t n = 0;

	for (size_t i = 0; i < KINDS; i++)
		TAILQ_FOREACH (a, &q->of[order[i]], next)
			n++;
	return n;
}

bool
ask_queue_is_empty(const struct ask_queue *q)
{
	return TAILQ_EMPTY(&q->open) && ask_queue_first(q) == NULL;
}

/* --- those that are open --- */

static size_t
bucket_of(const char *device)
{
	return hash_bytes(0, device, strlen(device)) % ASK_BUCKETS;
}

static void
put_in_bucket(struct ask_queue *q, struct ask *a)
{
	LIST_INSERT_HEAD(
	    &q->of_device[bucket_of(ask_open_device(a))], a, of_device);
}

void
ask_queue_open(struct ask_queue *q, struct ask *a)
{
	TAILQ_REMOVE(&q->of[a->message.request], a, next);
	TAILQ_INSERT_TAIL(&q->open, a, next);
	put_in_bucket(q, a);
	a->open = true;
	q->unheard++;
}

void
ask_queue_step(
    struct ask_queue *q, struct ask *a, enum ask_step step, const char *who)
{
	if (a->open)
		LIST_REMOVE(a, of_device);
	a->step = step;
	a->who = who;
	if (a->open)
		put_in_bucket(q, a);
}

struct ask *
ask_queue_find(const struct ask_queue *q, const struct agent_message *answer)
{
	struct ask *a;

	LIST_FOREACH (a, &q->of_device[bucket_of(answer->device)], of_device)
		if (ask_is_open(a, answer))
			return a;
	return NULL;
}

void
ask_queue_trying(struct ask_queue *q, struct ask *a)
{
	if (!a->trying)
		q->unheard--;
	a->trying = true;
}

void
ask_queue_remove(struct ask_queue *q, struct ask *a)
{
	if (!a->open) {
		TAILQ_REMOVE(&q->of[a->message.request], a, next);
		return;
	}
	TAILQ_REMOVE(&q->open, a, next);
	LIST_REMOVE(a, of_device);
	if (!a->trying)
		q->unheard--;
	a->open = a->trying = false;
}
