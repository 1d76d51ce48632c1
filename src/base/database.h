/* database.h - a database in one file.  Wraps SQLite.
 *
 * The file may be damaged, or anybody's: nothing in it is trusted, no function
 * in its schema runs.  An error sticks: whatever is asked behind it does
 * nothing, until database_rollback().
 */
#ifndef BASE_DATABASE_H
#define BASE_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"

enum database_state {
	DATABASE_FINE,
	DATABASE_MISSING, /* there is no such file */
	DATABASE_BUSY,    /* somebody else kept it locked for 5 s */
	DATABASE_DAMAGED, /* it is none, or does not hold what it should */
	DATABASE_TROUBLE  /* a full disk, no permission, ... */
};
enum database_use {
	DATABASE_READ,
	DATABASE_WRITE,
	DATABASE_MAKE /* write; it is made, mode 0640, if it is missing */
};

struct database;

/* `path` is no symbolic link, its folder may be.  NULL: `*state` and `why` say
 * what is wrong. */
struct database *database_open(const char *path, enum database_use use,
    enum database_state *state, struct fail *why);
/* What is not committed is undone.  NULL is accepted. */
void database_close(struct database *db);
/* How it is; `why` (NULL: nobody asks) is set unless that is fine. */
enum database_state database_state(const struct database *db, struct fail *why);
/* What it holds makes no sense to the caller. */
void database_spoilt(struct database *db, const char *what);

/* One or more statements without a value; false: an error. */
bool database_do(struct database *db, const char *sql);
/* Undo what was begun; the error is forgotten. */
void database_rollback(struct database *db);

/* One statement, to be asked again and again.  Never NULL.  It ends before the
 * database does. */
struct query;
struct query *query_new(struct database *db, const char *sql);
/* NULL is accepted. */
void query_free(struct query *q);
/* The value of its n-th '?', from 1: until it is set anew; NULL is no value. */
void query_set_int(struct query *q, int n, int64_t value);
void query_set_text(struct query *q, int n, const char *value);
/* The next row; false: there is none, or an error, and it begins anew. */
bool query_row(struct query *q);
/* All of it, for what gives no row; false: an error. */
bool query_run(struct query *q);
/* No more of its rows are wanted. */
void query_reset(struct query *q);
/* The n-th value of the row, from 0; 0 or "" where there is none.  A text is
 * gone with the next call. */
int64_t query_int(struct query *q, int n);
const char *query_text(struct query *q, int n);
/* The key of the row that was added last. */
int64_t database_last_key(const struct database *db);

#endif
