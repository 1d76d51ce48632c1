/* check_database.c - a database in a file that may be damaged, locked, or
 * anybody's.
 */
#include "base/database.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "unit.h"

static char folder[UNIT_PATH_MAX], path[2 * UNIT_PATH_MAX];

static struct database *
opened(enum database_use use)
{
	enum database_state state;
	struct fail why;
	struct database *db = database_open(path, use, &state, &why);

	ck_assert_msg(db != NULL, "%s", why.text);
	return db;
}

/* It cannot be opened, in this way. */
static void
is_not_opened(enum database_use use, enum database_state wanted)
{
	enum database_state state;
	struct fail why = {0};

	ck_assert_ptr_null(database_open(path, use, &state, &why));
	ck_assert_int_eq(state, wanted);
	ck_assert_str_ne(why.text, "");
}

/* With a table of so many rows. */
static struct database *
made(int rows)
{
	struct database *db;
	struct query *q;

	umask(027);
	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/a.sqlite", folder);
	db = opened(DATABASE_MAKE);
	ck_assert(database_do(db, "CREATE TABLE t (a INTEGER, b TEXT)"));
	ck_assert(database_do(db, "BEGIN"));
	q = query_new(db, "INSERT INTO t VALUES (?, ?)");
	for (int i = 0; i < rows; i++) {
		query_set_int(q, 1, i);
		query_set_text(
		    q, 2, i % 2 == 0 ? "a text of some length" : NULL);
		ck_assert(query_run(q));
	}
	query_free(q);
	ck_assert(database_do(db, "COMMIT"));
	return db;
}

static int64_t
count(struct database *db)
{
	struct query *q = query_new(db, "SELECT count(*) FROM t");
	int64_t n = query_row(q) ? query_int(q, 0) : -1;

	query_free(q);
	return n;
}

START_TEST(values_come_back)
{
	struct database *db = made(2);
	struct query *q = query_new(db, "SELECT a, b FROM t ORDER BY a");
	struct stat st;

	ck_assert(query_row(q));
	ck_assert_int_eq(query_int(q, 0), 0);
	ck_assert_str_eq(query_text(q, 1), "a text of some length");
	ck_assert(query_row(q));
	ck_assert_int_eq(query_int(q, 0), 1);
	ck_assert_str_eq(query_text(q, 1), "");
	ck_assert(!query_row(q));
	ck_assert(query_row(q)); /* anew */
	query_free(q);
	ck_assert_int_eq(database_last_key(db), 2);
	database_close(db);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0640);
}
END_TEST

START_TEST(what_is_missing_is_made_only_on_request)
{
	unit_folder(folder);
	snprintf(path, sizeof(path), "%s/a.sqlite", folder);
	is_not_opened(DATABASE_READ, DATABASE_MISSING);
	is_not_opened(DATABASE_WRITE, DATABASE_MISSING);
	database_close(opened(DATABASE_MAKE));
	database_close(opened(DATABASE_WRITE));
	snprintf(path, sizeof(path), "%s/none/a.sqlite", folder);
	is_not_opened(DATABASE_MAKE, DATABASE_MISSING);
	database_close(NULL);
}
END_TEST

START_TEST(a_link_or_a_folder_is_not_followed)
{
	char link_path[3 * UNIT_PATH_MAX];

	database_close(made(1));
	snprintf(link_path, sizeof(link_path), "%s/link", folder);
	ck_assert_int_eq(symlink(path, link_path), 0);
	str_copy(path, sizeof(path), link_path);
	is_not_opened(DATABASE_MAKE, DATABASE_TROUBLE);
	is_not_opened(DATABASE_READ, DATABASE_TROUBLE);
	snprintf(path, sizeof(path), "%s", folder);
	is_not_opened(DATABASE_READ, DATABASE_TROUBLE);
	snprintf(path, sizeof(path), "%s/fifo", folder);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	is_not_opened(DATABASE_READ, DATABASE_TROUBLE);
	/* A folder may be one. */
	snprintf(link_path, sizeof(link_path), "%s/there", folder);
	ck_assert_int_eq(symlink(folder, link_path), 0);
	snprintf(path, sizeof(path), "%s/there/a.sqlite", folder);
	database_close(opened(DATABASE_WRITE));
}
END_TEST

START_TEST(an_error_sticks_until_it_is_undone)
{
	struct database *db = made(2);
	struct fail why = {0};

	ck_assert(database_do(db, "BEGIN"));
	ck_assert(database_do(db, "DELETE FROM t"));
	ck_assert(!database_do(db, "INSERT INTO none VALUES (1)"));
	ck_assert_int_eq(database_state(db, &why), DATABASE_DAMAGED);
	ck_assert_ptr_nonnull(strstr(why.text, "none"));
	ck_assert(!database_do(db, "COMMIT"));
	ck_assert_int_eq(count(db), -1);
	database_rollback(db);
	ck_assert_int_eq(database_state(db, &why), DATABASE_FINE);
	ck_assert_int_eq(count(db), 2);
	database_spoilt(db, "it makes no sense");
	ck_assert_int_eq(database_state(db, &why), DATABASE_DAMAGED);
	ck_assert_str_eq(why.text, "it makes no sense");
	database_close(db);
}
END_TEST

/* What a file could have its reader do. */
START_TEST(nothing_in_a_file_runs)
{
	struct database *db = made(1);
	struct fail why;

	database_do(db, "CREATE VIEW v AS SELECT 1");
	database_do(
	    db, "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END");
	database_close(db);
	db = opened(DATABASE_WRITE);
	ck_assert(database_do(db, "INSERT INTO t VALUES (2, 'b')"));
	ck_assert_int_eq(count(db), 2);
	ck_assert(!database_do(db, "SELECT * FROM v"));
	database_rollback(db);
	ck_assert(!database_do(db, "ATTACH ':memory:' AS other"));
	database_rollback(db);
	/* The schema cannot be written to. */
	database_do(db, "PRAGMA writable_schema = ON");
	ck_assert(!database_do(db, "DELETE FROM sqlite_schema"));
	ck_assert_int_ne(database_state(db, &why), DATABASE_FINE);
	database_close(db);
}
END_TEST

/* Whatever is in it, what is read of it is read or is an error. */
START_TEST(a_damaged_file_is_told)
{
	char *whole;
	long size;
	unsigned seed = (unsigned)getpid();
	int damaged = 0;

	database_close(made(2000));
	size = unit_file_size(path);
	whole = unit_read(path);
	printf("seed %u\n", seed);
	for (int i = 0; i < 300; i++) {
		enum database_state state;
		FILE *f = fopen(path, "w");
		struct database *db;
		struct fail why;

		ck_assert_ptr_nonnull(f);
		fwrite(whole, 1, (size_t)size, f);
		for (int k = 0; k < 40; k++) {
			long at = rand_r(&seed) % (k % 2 == 0 ? 4096 : size);

			fseek(f, at, SEEK_SET);
			fputc(rand_r(&seed) & 0xff, f);
		}
		fclose(f);
		if (i % 10 == 0)
			ck_assert_int_eq(truncate(path, size * i / 300), 0);
		db = database_open(path, DATABASE_WRITE, &state, &why);
		if (db != NULL &&
		    (count(db) < 0 || !database_do(db, "SELECT b FROM t")))
			state = database_state(db, &why);
		damaged += state == DATABASE_DAMAGED;
		database_close(db);
	}
	ck_assert_int_gt(damaged, 100);
	unit_write(path, "this is no database, and it is longer than a header "
			 "of one would be: a hundred bytes of text, or more");
	is_not_opened(DATABASE_WRITE, DATABASE_DAMAGED);
	free(whole);
}
END_TEST

START_TEST(a_full_disk_is_trouble)
{
	struct database *db = made(10);
	struct rlimit less = {20000, RLIM_INFINITY}, most;
	struct fail why;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &most), 0);
	less.rlim_max = most.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &less), 0);
	ck_assert(!database_do(db,
	    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	    "LIMIT 9000) INSERT INTO t SELECT i, 'more and more' FROM n"));
	ck_assert_int_eq(database_state(db, &why), DATABASE_TROUBLE);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &most), 0);
	database_rollback(db);
	ck_assert_int_eq(count(db), 10);
	database_close(db);
}
END_TEST

/* Killed with half of it written: nothing of it is there. */
START_TEST(who_is_killed_leaves_nothing)
{
	struct database *db = made(10);
	enum database_state state;
	struct fail why;
	int status;
	pid_t child;

	database_close(db);
	child = fork();
	if (child == 0) {
		db = opened(DATABASE_WRITE);
		/* So little is kept in memory that the file is written to. */
		database_do(db,
		    "PRAGMA cache_size = 5; BEGIN; UPDATE t SET a = 0;"
		    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
		    "SELECT i + 1 FROM n LIMIT 90000) INSERT INTO "
		    "t SELECT i, 'more and more' FROM n");
		kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	ck_assert_int_gt(unit_file_size(path), 100000);
	ck_assert_ptr_null(database_open(path, DATABASE_READ, &state, &why));
	ck_assert_int_eq(state, DATABASE_TROUBLE);
	ck_assert_ptr_nonnull(strstr(why.text, "was killed: the next one"));
	db = opened(DATABASE_WRITE);
	ck_assert_int_eq(count(db), 10);
	database_close(db);
}
END_TEST

START_TEST(a_locked_one_is_busy)
{
	struct database *db = made(10), *other = opened(DATABASE_WRITE);
	struct fail why;

	ck_assert(database_do(other, "BEGIN EXCLUSIVE"));
	ck_assert(!database_do(db, "BEGIN IMMEDIATE"));
	ck_assert_int_eq(database_state(db, &why), DATABASE_BUSY);
	ck_assert_str_eq(why.text, "somebody else has it locked");
	database_rollback(db);
	database_close(other);
	ck_assert(database_do(db, "BEGIN IMMEDIATE"));
	database_close(db);
}
END_TEST

UNIT_MAIN("database", values_come_back, what_is_missing_is_made_only_on_request,
    a_link_or_a_folder_is_not_followed, an_error_sticks_until_it_is_undone,
    nothing_in_a_file_runs, a_damaged_file_is_told, a_full_disk_is_trouble,
    who_is_killed_leaves_nothing, a_locked_one_is_busy)
