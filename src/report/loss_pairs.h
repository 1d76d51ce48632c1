/* loss_pairs.h - which devices lose packets together, over many nights. */
#ifndef REPORT_LOSS_PAIRS_H
#define REPORT_LOSS_PAIRS_H

#include <stdint.h>

#include "base/database.h"
#include "base/str.h"
#include "report/loser.h"

/* Of those that lost most often so many are looked at. */
#define PAIRED_MAX 200

/* Pairs of these `n` devices that lost within a minute of each other in more
 * than one run, and in no fewer than a third of those of the one that lost less
 * often: those that did most often first, a line each. */
void loss_pairs_add(struct database *db, int64_t since,
    struct loser *const *losers, uint32_t n, struct strbuf *to);
/* The same for one device: who lost together with it, and how often. */
void loss_partners_add(struct database *db, const struct losers *all,
    int64_t since, const struct loser *of, struct strbuf *to);

#endif
