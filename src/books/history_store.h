/* history_store.h - `<output>/<name>/history.sqlite`: its tables, and how a run
 * gets into them.
 *
 * traffic-capture-report(5) tells the tables: whoever likes asks them with
 * other programs.
 */
#ifndef BOOKS_HISTORY_STORE_H
#define BOOKS_HISTORY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/database.h"

#define HISTORY_FILE    "history.sqlite"
#define HISTORY_VERSION 1

/* Its path; free(3). */
char *history_path(const char *parent);

/* To be read, or (DATABASE_MAKE) written.  NULL: `*state` and `why` say why;
 * one of a newer version is DATABASE_TROUBLE, one of another program
 * DATABASE_DAMAGED. */
struct database *history_open(const char *parent, enum database_use use,
    enum database_state *state, struct fail *why);

/* Which report a run's rows are of; one that was written anew is another. */
struct history_source {
	int64_t bytes, written; /* the file's, and when (us) */
};
/* Are the rows of this run here, and of that report?  Not so, too, where that
 * cannot be read: see database_state(). */
bool history_has(
    struct database *db, const char *run, const struct history_source *source);
/* The rows of this run in place of what there is of it, in one transaction.
 * False: database_rollback() undoes it; `why` is what is wrong with the report,
 * or with the database, see database_state(). */
bool history_put(struct database *db, const char *run, const char *report,
    size_t len, const struct history_source *source, struct fail *why);

#endif
