/* database.c - see database.h.
 *
 * With a rollback journal, which whoever may only read the folder can do
 * without; what a killed process left of one is undone when the file is opened
 * the next time.
 */
#include "base/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"

#define BUSY_MS 5000
/* No text or statement of ours is longer; nor does a file make us take more. */
#define LENGTH_MAX 1000000

struct database {
	sqlite3 *handle;
	enum database_state state;
	struct fail why;
};

struct query {
	struct database *db;
	sqlite3_stmt *statement; /* NULL: it could not be prepared */
};

static enum database_state
state_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DATABASE_BUSY;
	/* A table or column that should be there is not: SQLITE_ERROR. */
	case SQLITE_ERROR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
		return DATABASE_DAMAGED;
	default:
		return DATABASE_TROUBLE;
	}
}

static const char *
words_of(const struct database *db, int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "somebody else has it locked";
	/* Of who only reads; it is undone by whoever opens it to write. */
	case SQLITE_READONLY:
		return "who wrote to it was killed: the next one who writes to "
		       "it undoes that first";
	default:
		return sqlite3_errmsg(db->handle);
	}
}

/* The first error is the one that is told. */
static bool
check(struct database *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return true;
	if (code == SQLITE_NOMEM)
		xmem_exhausted();
	if (db->state != DATABASE_FINE)
		return false;
	db->state = state_of(code);
	fail_set(&db->why, FAIL_LOCAL, "%s", words_of(db, code));
	return false;
}

/* --- open and close --- */

/* SQLite follows no link in any part of a path. */
static char *
real_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash != NULL
			   ? xstrndup(path, (size_t)(slash - path) + 1)
			   : xstrdup("."),
	     *real = realpath(folder, NULL), *whole = NULL;

	if (real != NULL)
		whole =
		    xasprintf("%s/%s", real, slash != NULL ? slash + 1 : path);
	free(folder);
	free(real);
	return whole;
}

/* Is there a file, or is there one now?  None is opened that is there: to close
 * it would give back the locks that this process has in it (POSIX). */
static bool
have_file(const char *path, enum database_use use)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) == 0) {
		errno = S_ISLNK(st.st_mode) ? ELOOP : EINVAL;
		return S_ISREG(st.st_mode);
	}
	if (errno != ENOENT || use != DATABASE_MAKE)
		return false;
	fd = open(path, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0640);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EEXIST;
}

static void
harden(struct database *db)
{
	sqlite3 *h = db->handle;

	sqlite3_extended_result_codes(h, 1);
	sqlite3_busy_timeout(h, BUSY_MS);
	sqlite3_limit(h, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_limit(h, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(h, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(h, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	/* A damaged cell is an error, and not read beyond its page. */
	database_do(db, "PRAGMA cell_size_check = ON;"
			"PRAGMA mmap_size = 0;"
			"PRAGMA temp_store = MEMORY;"
			"PRAGMA cache_size = -16000");
}

static void
open_handle(struct database *db, const char *path, enum database_use use)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;

	flags |=
	    use == DATABASE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	if (!check(db, sqlite3_open_v2(path, &db->handle, flags, NULL)))
		return;
	harden(db);
	if (use != DATABASE_READ)
		database_do(db, "PRAGMA journal_mode = DELETE;"
				"PRAGMA synchronous = EXTRA");
}

struct database *
database_open(const char *path, enum database_use use,
    enum database_state *state, struct fail *why)
{
	struct database *db = xcalloc(1, sizeof(*db));
	char *real = real_path(path);

	if (real == NULL || !have_file(real, use)) {
		db->state =
		    errno == ENOENT ? DATABASE_MISSING : DATABASE_TROUBLE;
		fail_set(&db->why, FAIL_LOCAL, "%s", strerror(errno));
	} else {
		open_handle(db, real, use);
	}
	free(real);
	*state = database_state(db, why);
	if (*state == DATABASE_FINE)
		return db;
	database_close(db);
	return NULL;
}

void
database_close(struct database *db)
{
	if (db == NULL)
		return;
	sqlite3_close_v2(db->handle);
	free(db);
}

enum database_state
database_state(const struct database *db, struct fail *why)
{
	if (why != NULL && db->state != DATABASE_FINE)
		*why = db->why;
	return db->state;
}

void
database_spoilt(struct database *db, const char *what)
{
	if (db->state != DATABASE_FINE)
		return;
	db->state = DATABASE_DAMAGED;
	fail_set(&db->why, FAIL_LOCAL, "%s", what);
}

bool
database_do(struct database *db, const char *sql)
{
	return db->state == DATABASE_FINE &&
	       check(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

void
database_rollback(struct database *db)
{
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->state = DATABASE_FINE;
	fail_clear(&db->why);
}

int64_t
database_last_key(const struct database *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

/* --- queries --- */

struct query *
query_new(struct database *db, const char *sql)
{
	struct query *q = xcalloc(1, sizeof(*q));

	q->db = db;
	if (db->state == DATABASE_FINE)
		check(db, sqlite3_prepare_v3(db->handle, sql, -1,
			      SQLITE_PREPARE_PERSISTENT, &q->statement, NULL));
	return q;
}

void
query_free(struct query *q)
{
	if (q == NULL)
		return;
	sqlite3_finalize(q->statement);
	free(q);
}

void
query_set_int(struct query *q, int n, int64_t value)
{
	if (q->statement != NULL)
		check(q->db, sqlite3_bind_int64(q->statement, n, value));
}

void
query_set_text(struct query *q, int n, const char *value)
{
	if (q->statement != NULL)
		check(q->db, sqlite3_bind_text(
				 q->statement, n, value, -1, SQLITE_TRANSIENT));
}

bool
query_row(struct query *q)
{
	int code;

	if (q->statement == NULL || q->db->state != DATABASE_FINE)
		return false;
	code = sqlite3_step(q->statement);
	if (code == SQLITE_ROW)
		return true;
	check(q->db, code);
	query_reset(q);
	return false;
}

bool
query_run(struct query *q)
{
	while (query_row(q))
		;
	return q->db->state == DATABASE_FINE;
}

void
query_reset(struct query *q)
{
	if (q->statement != NULL)
		sqlite3_reset(q->statement);
}

int64_t
query_int(struct query *q, int n)
{
	return sqlite3_column_int64(q->statement, n);
}

const char *
query_text(struct query *q, int n)
{
	const char *text = (const char *)sqlite3_column_text(q->statement, n);

	return text != NULL ? text : "";
}
