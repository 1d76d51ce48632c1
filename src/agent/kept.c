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
