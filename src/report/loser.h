/* loser.h - the devices that the history knows, and what each has lost. */
#ifndef REPORT_LOSER_H
#define REPORT_LOSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/database.h"
#include "report/loss_count.h"

struct loser {
	int64_t id;
	char *address, *name; /* "": none */
	struct loss_count count;
};

struct losers {
	struct loser *loser; /* by id */
	uint32_t n, room;
};

/* All devices; nothing is counted yet. */
void losers_read(struct losers *l, struct database *db);
void losers_free(struct losers *l);
/* NULL: there is none of this id. */
struct loser *losers_find(const struct losers *l, int64_t id);
/* "branch 12 (192.0.2.30)", added to the text. */
void loser_label(const struct loser *l, struct strbuf *to);

#endif
