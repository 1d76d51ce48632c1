/* ask_queue.h - the asks of one agent: those that wait for their turn, by
 * request, and those that are open, which wait for an answer. */
#ifndef LINK_ASK_QUEUE_H
#define LINK_ASK_QUEUE_H

#include "link/ask.h"

TAILQ_HEAD(ask_list, ask);
LIST_HEAD(ask_bucket, ask);
#define ASK_BUCKETS 256 /* thousands are open while all are lost at once */

struct ask_queue {
	struct ask_list of[REQUEST_STOP + 1];
	struct ask_list open;
	struct ask_bucket of_device[ASK_BUCKETS]; /* the open ones, hashed */
	int unheard; /* of the open ones, those without any answer yet */
};

void ask_queue_init(struct ask_queue *q);
void ask_queue_add(struct ask_queue *q, struct ask *a);
/* Before the others of its kind: it had its turn, and needs another one. */
void ask_queue_add_first(struct ask_queue *q, struct ask *a);
/* The first that waits, of all kinds; NULL: none does. */
struct ask *ask_queue_first(const struct ask_queue *q);
size_t ask_queue_count(const struct ask_queue *q); /* of those that wait */
bool ask_queue_is_empty(const struct ask_queue *q);

/* May that one have its turn, with so many unheard at most?  As packets are
 * being lost now, for a VERIFY it is URGENT_TIMES as many: 512 by default, some
 * less than an agent's socket holds where net.core.rmem_max is Linux's 208 KiB
 * (socket(7): doubled; a small datagram takes 768 bytes). */
#define URGENT_TIMES 8
bool ask_queue_has_room(const struct ask_queue *q, int limit);
/* It waited, and has its turn. */
void ask_queue_open(struct ask_queue *q, struct ask *a);
/* What is open of it is another step; `who` as in ask.h. */
void ask_queue_step(
    struct ask_queue *q, struct ask *a, enum ask_step step, const char *who);
/* The open one that this answers. */
struct ask *ask_queue_find(
    const struct ask_queue *q, const struct agent_message *answer);
/* It has an answer, though not the final one. */
void ask_queue_trying(struct ask_queue *q, struct ask *a);
/* It is neither open nor waits. */
void ask_queue_remove(struct ask_queue *q, struct ask *a);

#endif
