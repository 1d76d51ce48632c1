/* skipped.h - devices that take no part (skip = true), in the books. */
#ifndef BOOKS_SKIPPED_H
#define BOOKS_SKIPPED_H

#include "books/journal.h"
#include "books/result.h"

/* They stand behind the others, and are in the reports all the same: each has
 * its outcome and a row, at `wall` and `mono` ms.  No journal: NULL. */
void skipped_told(
    struct run_result *r, struct journal *j, int64_t wall, int64_t mono);

#endif
