/* copies.c - see copies.h. */
#include "compare/copies.h"

#include <stdbool.h>
#include <stddef.h>

/* Copies follow each other closely; looking further back would only cost. */
#define LOOK_BACK 128
/* So many packets before and behind one tell whether the capture makes copies
 * just then: two files may overlap for a while only. */
#define NEAR 64
/* Fewer than one copy of so many packets: it makes none. */
#define FEW_COPIES 8
/* Nearly a whole number of copies of each, off by one in so many packets. */
#define WHOLE 16
/* ... or in so many, where it is the same number all the time. */
#define NEARLY_WHOLE 4
/* Fewer than one copy of so many: what the network doubled, and what was sent
 * again at once. */
#define ODD_COPIES 32
/* So far is looked for packets that tell whether files overlap. */
#define LOOK_BESIDE 32
/* While this module works: one that is a copy, and one that may be, as its key
 * shares a slot with another one of those that are looked back at.  Few do by
 * chance, and the others need no look. */
#define IS_COPY RECORD_MINE
#define MAY_BE  (RECORD_MINE * 2)
#define SLOTS   2048

/* How many packets near one have originals, and copies. */
struct near {
	uint32_t originals, copies;
};

/* TCP repeats what has no data on purpose and at once: acknowledgments in
 * bursts, the answer to a connection that is asked for again.  With no IP id
 * nothing tells one from its copy.  Questions and farewells are repeated, too,
 * but not before a while. */
static bool
may_be_repeated(const struct record *r)
{
	bool waits = (r->bits & RECORD_FIN) != 0 ||
		     (r->bits & (RECORD_SYN | RECORD_ACK)) == RECORD_SYN;

	return r->what == RECORD_TCP && r->length == 0 && r->tie >> 16 == 0 &&
	       !waits;
}

/* The one that `r` is a copy of, among those from `first` on; NULL: none.
 * `copies` of it were there before. */
static struct record *
original(struct record *first, struct record *r, uint32_t *copies)
{
	struct record *p = r;

	*copies = 0;
	if ((r->bits & MAY_BE) == 0)
		return NULL;
	if (r - first > LOOK_BACK)
		first = r - LOOK_BACK;
	while (p > first) {
		p--;
		if (r->time - p->time >= COPIES_WITHIN_NS)
			return NULL;
		if (p->key != r->key || p->flow != r->flow || p->tie != r->tie)
			continue;
		if ((p->bits & IS_COPY) == 0)
			return p;
		++*copies;
	}
	return NULL;
}

/* What only the copy knows. */
static void
merge(struct record *into, struct record *copy)
{
	copy->bits |= IS_COPY;
	/* What came behind it was joined with the copy. */
	if (into->what == RECORD_TCP && copy->length > into->length)
		into->length = copy->length;
	if ((into->bits & RECORD_INCOMPLETE) != 0 &&
	    (copy->bits & RECORD_INCOMPLETE) == 0) {
		into->bits &= (uint16_t)~RECORD_INCOMPLETE;
		into->seq = copy->seq;
		into->length = copy->length;
	}
}

/* Is there the like of it of the very same time, before it? */
static bool
is_twin(const struct record *first, const struct record *r)
{
	const struct record *p;

	for (p = r; p > first && p[-1].time == r->time; p--)
		if (p[-1].key == r->key && p[-1].flow == r->flow &&
		    p[-1].tie == r->tie && p[-1].length == r->length &&
		    ((p[-1].bits ^ r->bits) & ~(unsigned)IS_COPY) == 0)
			return true;
	return false;
}

/* Do two files overlap there?  Then others are there twice, too, which nobody
 * repeats at once. */
static bool
is_overlap(const struct record *first, const struct record *end,
    const struct record *r)
{
	const struct record *p;

	for (p = r; p > first && r - p < LOOK_BESIDE; p--)
		if (!may_be_repeated(p - 1) && is_twin(first, p - 1))
			return true;
	for (p = r + 1; p < end && p - r < LOOK_BESIDE; p++)
		if (!may_be_repeated(p) && is_twin(first, p))
			return true;
	return false;
}

/* What is in two files is no copy: how many copies there are of each packet is
 * the same there. */
static struct record *
drop_twins(struct record *first, struct record *end)
{
	struct record *r, *to;

	for (r = first; r < end; r++)
		if (is_twin(first, r) && is_overlap(first, end, r))
			r->bits |= IS_COPY;
	for (r = to = first; r < end; r++)
		if ((r->bits & IS_COPY) == 0)
			*to++ = *r;
	return to;
}

/* `last` has where each slot's last key is, from 1. */
static void
note_key(uint32_t *last, uint32_t at, struct record *r)
{
	uint32_t *slot = &last[r->key % SLOTS];

	if (*slot != 0 && at - *slot <= LOOK_BACK)
		r->bits |= MAY_BE;
	*slot = at;
}

static void
count_near(struct near *n, const struct record *r, uint32_t by)
{
	if (may_be_repeated(r))
		return;
	if ((r->bits & IS_COPY) != 0)
		n->copies += by;
	else
		n->originals += by;
}

/* What no sender repeats so soon; how many there are. */
static struct near
find_clear(struct record *first, struct record *end)
{
	uint32_t last[SLOTS] = {0}, at = 0, copies;
	struct near all = {0, 0};
	struct record *r, *same;

	for (r = first; r < end; r++) {
		note_key(last, ++at, r);
		if (may_be_repeated(r))
			continue;
		same = original(first, r, &copies);
		if (same != NULL)
			merge(same, r);
		count_near(&all, r, 1);
	}
	return all;
}

/* The whole number of copies that is nearest, and how far off it is. */
static uint32_t
nearest(const struct near *n, uint32_t *off)
{
	uint32_t whole = (n->copies + n->originals / 2) / n->originals;
	uint32_t exact = whole * n->originals;

	*off = exact > n->copies ? exact - n->copies : n->copies - exact;
	return whole;
}

/* How many copies each packet has here, if that can be told: by those that are
 * near, and where they are few by all of them, too. */
static bool
has_each(const struct near *n, const struct near *all, uint32_t *copies)
{
	uint32_t off;

	*copies = 0;
	if (n->originals == 0)
		return false;
	if (n->copies * FEW_COPIES < n->originals)
		return true;
	*copies = nearest(n, &off);
	if (off * WHOLE <= n->originals)
		return true;
	return off * NEARLY_WHOLE <= n->originals &&
	       nearest(all, &off) == *copies && off * WHOLE <= all->originals;
}

/* Where each packet has so many copies, the next one like it is another. */
static void
fold_repeated(struct record *first, struct record *r, const struct near *n,
    const struct near *all)
{
	uint32_t before, each;
	struct record *same = original(first, r, &before);

	if (same == NULL || (has_each(n, all, &each) && before >= each))
		return;
	merge(same, r);
}

/* Is it one more than each has here?  It may be another packet, then. */
static void
note_more(struct record *first, struct record *r, const struct near *n,
    const struct near *all)
{
	uint32_t before, each;
	struct record *same = original(first, r, &before);

	if (same != NULL && (!has_each(n, all, &each) || before >= each))
		same->bits |= RECORD_COPIED;
}

/* A near peer that misses data has it again within a millisecond: in a capture
 * that makes no copies, and with no IP id, the second one is none. */
static void
undo_data(struct record *first, struct record *end, const struct near *all)
{
	struct record *r;

	if ((uint64_t)all->copies * ODD_COPIES >= all->originals)
		return;
	for (r = first; r < end; r++)
		if (r->what == RECORD_TCP && r->length > 0 &&
		    r->tie >> 16 == 0 && (r->bits & RECORD_FRAGMENTED) == 0)
			r->bits &= (uint16_t)~IS_COPY;
}

static void
find_repeated(struct record *first, struct record *end, const struct near *all)
{
	struct record *r, *ahead = first;
	struct near n = {0, 0};

	if (all->copies > 0)
		undo_data(first, end, all);
	for (r = first; r < end; r++) {
		for (; ahead < end && ahead - r <= NEAR; ahead++)
			count_near(&n, ahead, 1);
		if (r - first > NEAR)
			count_near(&n, r - NEAR - 1, UINT32_MAX);
		if (may_be_repeated(r))
			fold_repeated(first, r, &n, all);
		if ((r->bits & IS_COPY) != 0)
			note_more(first, r, &n, all);
	}
}

/* Those that are no copies, to `to`; where they end. */
static struct record *
move(struct record *to, struct record *first, const struct record *end)
{
	struct record *r;

	for (r = first; r < end; r++) {
		if ((r->bits & IS_COPY) != 0)
			continue;
		r->bits &= (uint16_t)~MAY_BE;
		if (to != r)
			*to = *r;
		to++;
	}
	return to;
}

uint32_t
copies_fold(
    struct record *records, struct stretch *stretches, uint32_t n_stretches)
{
	struct record *to = records, *first, *from, *end;
	struct near all;

	for (uint32_t i = 0; i < n_stretches; i++) {
		from = records + stretches[i].first;
		end = from + stretches[i].n;
		first = to;
		end = drop_twins(from, end);
		all = find_clear(from, end);
		find_repeated(from, end, &all);
		to = move(to, from, end);
		stretches[i].first = (uint32_t)(first - records);
		stretches[i].n = (uint32_t)(to - first);
	}
	return (uint32_t)(to - records);
}
