/* history.c - see history.h.
 *
 * One transaction a run: who is killed leaves whole runs, and the next one adds
 * the rest.
 */
#include "books/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "books/history_store.h"
#include "books/result.h"
#include "books/run_names.h"

#define REPORT "report.json"
/* Ten thousand devices with a hundred rows each have less. */
#define REPORT_MOST ((size_t)512 << 20)
#define ASIDE       ".damaged"

struct keeper {
	const char *parent;
	struct log *lg;
	bool all; /* also those that it has */
	struct database *db;
	struct history_sum *sum;
};

static void say(const struct keeper *k, enum log_level level, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static void
say(const struct keeper *k, enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(k->lg, level, NULL, "history", fmt, ap);
	va_end(ap);
}

/* --- one that is damaged --- */

static bool
move(const struct keeper *k, const char *suffix)
{
	char *from = xasprintf("%s/" HISTORY_FILE "%s", k->parent, suffix),
	     *to = xasprintf("%s/" HISTORY_FILE ASIDE "%s", k->parent, suffix);
	bool ok = rename(from, to) == 0;

	free(from);
	free(to);
	return ok;
}

/* Its journal first: it must never be taken for that of a new one. */
static bool
put_aside(const struct keeper *k, const struct fail *why)
{
	bool ok = move(k, "-journal") || errno == ENOENT;

	ok = ok && move(k, "");
	if (ok)
		say(k, LOGGING_WARNING,
		    "%s/" HISTORY_FILE
		    " is damaged (%s): it is kept as " HISTORY_FILE ASIDE
		    ", and made anew from the reports",
		    k->parent, why->text);
	else
		say(k, LOGGING_WARNING,
		    "%s/" HISTORY_FILE " is damaged (%s) and cannot be put "
		    "aside: %s",
		    k->parent, why->text, strerror(errno));
	return ok;
}

/* --- its runs --- */

/* False: the database cannot go on. */
static bool
put_run(struct keeper *k, const char *run, int fd,
    const struct history_source *source)
{
	struct fail why;
	size_t len;
	char *text = bytes_read(fd, REPORT_MOST, &len);
	bool ok;

	if (text == NULL) {
		fail_set(&why, FAIL_LOCAL, "%s", strerror(errno));
		ok = false;
	} else {
		ok = history_put(k->db, run, text, len, source, &why);
		bytes_free(text, len + 1);
	}
	k->sum->added += ok;
	if (ok || database_state(k->db, NULL) != DATABASE_FINE)
		return ok;
	database_rollback(k->db);
	k->sum->unread++;
	say(k, LOGGING_WARNING,
	    "%s/%s/" REPORT " cannot be read (%s): the run has no rows",
	    k->parent, run, why.text);
	return true;
}

/* One without a report has not ended, or is still to be finished. */
static bool
look_at_run(struct keeper *k, const char *run)
{
	char *path = xasprintf("%s/%s/" REPORT, k->parent, run);
	struct history_source source;
	struct stat st;
	int fd = bytes_open(path, O_CLOEXEC | O_NOFOLLOW, &st);
	bool known;

	free(path);
	if (fd < 0)
		return true;
	source.bytes = st.st_size;
	source.written = clock_us(&st.st_mtim);
	known = !k->all && history_has(k->db, run, &source);
	if (!known && database_state(k->db, NULL) == DATABASE_FINE)
		return put_run(k, run, fd, &source);
	close(fd);
	return known;
}

static void
look_at_runs(struct keeper *k)
{
	size_t n;
	char **names = run_names_read(k->parent, &n);
	bool going = true;

	for (size_t i = 0; i < n; i++) {
		going = going && look_at_run(k, names[i]);
		free(names[i]);
	}
	free(names);
}

/* --- all of it --- */

/* Damage in the middle of it is found by whoever looks there. */
static void
check_all(struct keeper *k)
{
	struct query *q = query_new(k->db, "PRAGMA quick_check(1)");

	if (query_row(q) && strcmp(query_text(q, 0), "ok") != 0)
		database_spoilt(k->db, "not all of it can be read");
	query_free(q);
}

static enum database_state
try(struct keeper *k, struct fail *why)
{
	enum database_state state;

	*k->sum = (struct history_sum){0};
	k->db = history_open(k->parent, DATABASE_MAKE, &state, why);
	if (k->db == NULL)
		return state;
	if (k->all)
		check_all(k);
	look_at_runs(k);
	state = database_state(k->db, why);
	database_close(k->db);
	return state;
}

static bool
keep_up(struct keeper *k)
{
	struct fail why;
	enum database_state state = try(k, &why);

	if (state == DATABASE_DAMAGED) {
		if (!put_aside(k, &why))
			return false;
		state = try(k, &why);
	}
	if (state == DATABASE_FINE)
		return true;
	say(k, LOGGING_WARNING,
	    "cannot write %s/" HISTORY_FILE ": %s; the next run adds what is "
	    "missing, or --rebuild-history",
	    k->parent, why.text);
	return false;
}

bool
history_update(const char *parent, struct log *lg, struct history_sum *sum)
{
	struct keeper k = {.parent = parent, .lg = lg, .sum = sum};
	bool ok = keep_up(&k);

	/* One is the run that has just ended. */
	if (sum->added > 1)
		say(&k, LOGGING_NOTICE,
		    HISTORY_FILE " lacked %zu runs: they were added from their "
				 "reports",
		    sum->added);
	return ok;
}

bool
history_rebuild(const char *parent, struct log *lg, struct history_sum *sum)
{
	struct keeper k = {.parent = parent, .lg = lg, .all = true, .sum = sum};

	return keep_up(&k);
}

void
history_keep(const struct campaign_conf *conf, struct log *lg)
{
	char *parent = run_parent(conf);
	struct history_sum sum;

	if (conf->shard.of == 0)
		history_update(parent, lg, &sum);
	free(parent);
}
