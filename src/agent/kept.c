/* kept.c - see kept.h. */
#include "agent/kept.h"

#include <stdlib.h>

#include "base/xmem.h"

void
kept_add(struct kept_pieces *k, const struct kept_piece *p)
{
	k->all = xreallocarray(k->all, k->n + 1, sizeof(*k->all));
	k->all[k->n] = *p;
	k->all[k->n].was = xstrdup(p->was);
	k->all[k->n++].name = xstrdup(p->name);
}

static void
add_piece(struct info_pieces *to, const struct kept_piece *p)
{
	to->bytes += p->bytes;
	if (p->packets < 0)
		to->packets = -1;
	else if (to->packets >= 0)
		to->packets += p->packets;
	if (p->packets == 0)
		return; /* its times are those of its file */
	if (to->from_ms < 0)
		to->from_ms = p->first_us / 1000;
	if (to->to_ms < p->last_us / 1000)
		to->to_ms = p->last_us / 1000;
}

struct info_pieces
kept_told(const struct kept_pieces *k, int64_t dropped)
{
	struct info_pieces told = {.told = true,
	    .count = (int64_t)k->n,
	    .from_ms = -1,
	    .to_ms = -1,
	    .dropped = dropped};

	for (size_t i = 0; i < k->n; i++)
		add_piece(&told, &k->all[i]);
	if (k->n > 0)
		str_copy(told.first, sizeof(told.first), k->all[0].name);
	return told;
}

void
kept_free(struct kept_pieces *k)
{
	for (size_t i = 0; i < k->n; i++) {
		free(k->all[i].was);
		free(k->all[i].name);
	}
	free(k->all);
	*k = (struct kept_pieces){NULL, 0};
}
