/* copies.c - see copies.h. */
#include "compare/copies.h"

#include <stddef.h>

/* Copies follow each other closely; looking further back would only cost. */
#define LOOK_BACK 16

/* The one that `r` is a copy of, among those from `first` on; NULL: none. */
static struct record *
original(struct record *first, struct record *end, const struct record *r)
{
	struct record *p = end;

	if (end - first > LOOK_BACK)
		first = end - LOOK_BACK;
	while (p > first) {
		p--;
		if (r->time - p->time >= COPIES_WITHIN_NS)
			return NULL;
		if (p->key == r->key && p->flow == r->flow && p->tie == r->tie)
			return p;
	}
	return NULL;
}

/* What only the copy knows. */
static void
merge(struct record *into, const struct record *copy)
{
	into->bits |= RECORD_COPIED;
	if ((into->bits & RECORD_INCOMPLETE) != 0 &&
	    (copy->bits & RECORD_INCOMPLETE) == 0) {
		into->bits &= (uint16_t)~RECORD_INCOMPLETE;
		into->seq = copy->seq;
		into->length = copy->length;
	}
}

uint32_t
copies_fold(
    struct record *records, struct stretch *stretches, uint32_t n_stretches)
{
	struct record *to = records;

	for (uint32_t i = 0; i < n_stretches; i++) {
		struct stretch *t = &stretches[i];
		const struct record *from = records + t->first;
		const struct record *end = from + t->n;
		struct record *first = to;

		for (; from < end; from++) {
			struct record *same = original(first, to, from);

			if (same != NULL)
				merge(same, from);
			else if (to++ != from)
				to[-1] = *from;
		}
		t->first = (uint32_t)(first - records);
		t->n = (uint32_t)(to - first);
	}
	return (uint32_t)(to - records);
}
