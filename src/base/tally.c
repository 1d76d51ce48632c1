/* tally.c - see tally.h.  Both programs' receivers count by it. */
#include "base/tally.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"

#define SPAN_MS 3600000
#define SENDERS 16

struct sender {
	struct addr addr;
	bool used;
	int64_t since;
	unsigned long count; /* in this span */
	unsigned long untold;
};

struct kind {
	struct sender senders[SENDERS + 1]; /* the others */
};

struct tally {
	const unsigned *most;
	struct kind *kinds;
};

struct tally *
tally_new(const unsigned *most, size_t kinds)
{
	struct tally *t = xcalloc(1, sizeof(*t));

	t->most = most;
	t->kinds = xcalloc(kinds, sizeof(*t->kinds));
	return t;
}

void
tally_free(struct tally *t)
{
	if (t == NULL)
		return;
	free(t->kinds);
	free(t);
}

/* The sender's own place, or one that is free, or that of the others. */
static struct sender *
place_of(struct kind *k, const struct addr *from, int64_t now)
{
	struct sender *all = k->senders, *free_one = &all[SENDERS];

	for (size_t i = 0; i < SENDERS; i++) {
		bool over = now - all[i].since >= SPAN_MS;

		if (all[i].used && addr_cmp(&all[i].addr, from) == 0)
			return &all[i];
		if ((!all[i].used || over) && free_one == &all[SENDERS])
			free_one = &all[i];
	}
	if (free_one != &all[SENDERS])
		*free_one = (struct sender){.addr = *from, .used = true};
	return free_one;
}

bool
tally_add(struct tally *t, size_t kind, const struct addr *from, int64_t now,
    char more[TALLY_MORE_MAX])
{
	struct sender *s = place_of(&t->kinds[kind], from, now);

	more[0] = '\0';
	if (s->count == 0 || now - s->since >= SPAN_MS) {
		s->since = now;
		s->count = 0;
	}
	s->count++;
	if (s->count > t->most[kind]) {
		s->untold++;
		return false;
	}
	if (s->untold > 0)
		snprintf(more, TALLY_MORE_MAX,
		    " (and %lu more like it since the last line)", s->untold);
	else if (s->count == t->most[kind])
		snprintf(more, TALLY_MORE_MAX,
		    "; for an hour more like it are only counted");
	s->untold = 0;
	return true;
}
