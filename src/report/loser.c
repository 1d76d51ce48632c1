/* loser.c - see loser.h.
 */
#include "report/loser.h"

#include <stdlib.h>

#include "base/xmem.h"
#include "books/history_ask.h"

/* So much of a name is told. */
#define NAME_MAX_TOLD 200

void
losers_read(struct losers *l, struct database *db)
{
	struct query *q = history_ask(db, ASK_DEVICES);

	*l = (struct losers){0};
	while (query_row(q)) {
		l->loser = xgrow(l->loser, l->n, &l->room, sizeof(*l->loser));
		l->loser[l->n++] = (struct loser){.id = query_int(q, 0),
		    .address = xstrdup(query_text(q, 1)),
		    .name = xstrdup(query_text(q, 2))};
	}
	query_free(q);
}

void
losers_free(struct losers *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		free(l->loser[i].address);
		free(l->loser[i].name);
	}
	free(l->loser);
}

static int
by_id(const void *key, const void *member)
{
	const int64_t *id = key;
	const struct loser *l = member;

	return *id < l->id ? -1 : *id > l->id;
}

struct loser *
losers_find(const struct losers *l, int64_t id)
{
	return l->n == 0
		   ? NULL
		   : bsearch(&id, l->loser, l->n, sizeof(*l->loser), by_id);
}

void
loser_label(const struct loser *l, struct strbuf *to)
{
	if (l->name[0] != '\0')
		strbuf_addf(to, "%.*s (%.*s)", NAME_MAX_TOLD, l->name,
		    NAME_MAX_TOLD, l->address);
	else
		strbuf_addf(to, "%.*s", NAME_MAX_TOLD, l->address);
}
