/* history_store.c - see history_store.h.
 *
 * The rows of a run stand together, in the order of the devices' numbers, so
 * that a night of ten thousand is written at the end of each table; one
 * device's are found by one step for each run.
 */
#include "books/history_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "books/history_rows.h"

#define STRING(x)     #x
#define VERSION_OF(x) STRING(x)

static const char tables[] =
    "CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " started INTEGER, ended INTEGER, exit_status INTEGER, version TEXT,"
    " note TEXT, report_bytes INTEGER, report_written INTEGER);"
    "CREATE INDEX run_started ON run (started);"
    "CREATE TABLE device (id INTEGER PRIMARY KEY,"
    " address TEXT NOT NULL UNIQUE, name TEXT, type TEXT, agent TEXT);"
    "CREATE TABLE night (run INTEGER NOT NULL, device INTEGER NOT NULL,"
    " outcome TEXT, severity TEXT, description TEXT, events INTEGER,"
    " triggers INTEGER, on_ms INTEGER, off_ms INTEGER, verdict TEXT,"
    " PRIMARY KEY (run, device)) WITHOUT ROWID;"
    "CREATE TABLE event (run INTEGER NOT NULL, device INTEGER NOT NULL,"
    " number INTEGER NOT NULL, at INTEGER, alarm TEXT, icmp TEXT,"
    " snmp TEXT, tcp TEXT, verdict TEXT, grade TEXT, direction TEXT,"
    " protocol TEXT, lost INTEGER, lost_from INTEGER, lost_to INTEGER,"
    " sentence TEXT, PRIMARY KEY (run, device, number)) WITHOUT ROWID;"
    "CREATE INDEX event_lost ON event (run, lost_from)"
    " WHERE verdict = 'lost';"
    "PRAGMA user_version = " VERSION_OF(HISTORY_VERSION);

char *
history_path(const char *parent)
{
	return xasprintf("%s/" HISTORY_FILE, parent);
}

/* --- open --- */

static int64_t
ask(struct database *db, const char *sql)
{
	struct query *q = query_new(db, sql);
	int64_t value = query_row(q) ? query_int(q, 0) : -1;

	query_free(q);
	return value;
}

/* Two at a time may find it empty. */
static void
make_tables(struct database *db)
{
	if (!database_do(db, "BEGIN IMMEDIATE"))
		return;
	if (ask(db, "PRAGMA user_version") == 0)
		database_do(db, tables);
	database_do(db, "COMMIT");
}

/* A file of no bytes is what is left where its first run was cut off. */
static bool
is_empty(struct database *db)
{
	return ask(db, "PRAGMA user_version") == 0 &&
	       ask(db, "SELECT count(*) FROM sqlite_schema") == 0;
}

static enum database_state
check_version(struct database *db, enum database_use use, struct fail *why)
{
	int64_t version;

	if (use == DATABASE_MAKE && is_empty(db))
		make_tables(db);
	version = ask(db, "PRAGMA user_version");
	if (version > HISTORY_VERSION) {
		fail_set(why, FAIL_LOCAL, "it is of a newer version");
		return DATABASE_TROUBLE;
	}
	if (version == 0 && is_empty(db)) {
		fail_set(why, FAIL_LOCAL, "nothing is in it yet");
		return DATABASE_MISSING;
	}
	if (version >= 0 && version < HISTORY_VERSION)
		database_spoilt(db, "it is no history of nights");
	return database_state(db, why);
}

struct database *
history_open(const char *parent, enum database_use use,
    enum database_state *state, struct fail *why)
{
	char *path = history_path(parent);
	struct database *db = database_open(path, use, state, why);

	free(path);
	if (db == NULL)
		return NULL;
	*state = check_version(db, use, why);
	if (*state == DATABASE_FINE)
		return db;
	database_close(db);
	return NULL;
}

bool
history_has(
    struct database *db, const char *run, const struct history_source *source)
{
	struct query *q = query_new(db,
	    "SELECT 1 FROM run WHERE name = ? AND report_bytes = ?"
	    " AND report_written = ?");
	bool has;

	query_set_text(q, 1, run);
	query_set_int(q, 2, source->bytes);
	query_set_int(q, 3, source->written);
	has = query_row(q);
	query_free(q);
	return has;
}

/* --- put --- */

enum { DEVICE_FIND, DEVICE_ADD, DEVICE_CALL, NIGHT_ADD, EVENT_ADD, QUERIES };

struct putter {
	struct database *db;
	int64_t run;
	struct query *query[QUERIES];
	const struct history_source *source;
};

static const char *const sqls[QUERIES] = {
    [DEVICE_FIND] = "SELECT id FROM device WHERE address = ?",
    [DEVICE_ADD] = "INSERT INTO device (address) VALUES (?)",
    [DEVICE_CALL] =
	"UPDATE device SET name = ?1, type = ?2, agent = ?3 WHERE id = ?4"
	" AND (name IS NOT ?1 OR type IS NOT ?2 OR agent IS NOT ?3)",
    [NIGHT_ADD] =
	"INSERT OR REPLACE INTO night VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [EVENT_ADD] = "INSERT OR REPLACE INTO event VALUES"
		  " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

/* "" is nothing. */
static const char *
some(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static int64_t
device_key(struct putter *p, const struct history_night *n)
{
	struct query *find = p->query[DEVICE_FIND];
	struct query *add = p->query[DEVICE_ADD];
	struct query *call = p->query[DEVICE_CALL];
	int64_t key = 0;

	query_set_text(find, 1, n->address);
	if (query_row(find))
		key = query_int(find, 0);
	query_reset(find);
	if (key == 0) {
		query_set_text(add, 1, n->address);
		query_run(add);
		key = database_last_key(p->db);
	}
	query_set_text(call, 1, some(n->name));
	query_set_text(call, 2, some(n->type));
	query_set_text(call, 3, some(n->agent));
	query_set_int(call, 4, key);
	query_run(call);
	return key;
}

static void
put_night(struct putter *p, int64_t device, const struct history_night *n)
{
	struct query *q = p->query[NIGHT_ADD];

	query_set_int(q, 1, p->run);
	query_set_int(q, 2, device);
	query_set_text(q, 3, some(n->outcome));
	query_set_text(q, 4, some(n->severity));
	query_set_text(q, 5, some(n->description));
	query_set_int(q, 6, n->events);
	query_set_int(q, 7, n->triggers);
	query_set_int(q, 8, n->on_ms);
	query_set_int(q, 9, n->off_ms);
	query_set_text(q, 10, found_name(n->found));
	query_run(q);
}

static void
set_time(struct query *q, int n, int64_t ms)
{
	if (ms != 0)
		query_set_int(q, n, ms);
	else
		query_set_text(q, n, NULL);
}

static void
put_event(struct putter *p, int64_t device, const struct history_event *e)
{
	struct query *q = p->query[EVENT_ADD];

	query_set_int(q, 1, p->run);
	query_set_int(q, 2, device);
	query_set_int(q, 3, e->number);
	set_time(q, 4, e->at);
	query_set_text(q, 5, some(e->alarm));
	query_set_text(q, 6, some(e->icmp));
	query_set_text(q, 7, some(e->snmp));
	query_set_text(q, 8, some(e->tcp));
	query_set_text(q, 9, found_name(e->found));
	query_set_text(q, 10, some(e->grade));
	query_set_text(q, 11, some(e->direction));
	query_set_text(q, 12, some(e->protocol));
	query_set_int(q, 13, e->lost);
	set_time(q, 14, e->lost_from);
	set_time(q, 15, e->lost_to);
	query_set_text(q, 16, some(e->sentence));
	query_run(q);
}

static bool
on_night(void *arg, const struct history_night *n,
    const struct history_event *events, size_t n_events)
{
	struct putter *p = arg;
	int64_t device = device_key(p, n);

	put_night(p, device, n);
	for (size_t i = 0; i < n_events; i++)
		put_event(p, device, &events[i]);
	return database_state(p->db, NULL) == DATABASE_FINE;
}

static void
on_run(void *arg, const struct history_run *r)
{
	struct putter *p = arg;
	struct query *q = query_new(p->db,
	    "UPDATE run SET started = ?, ended = ?, exit_status = ?,"
	    " version = ?, note = ? WHERE id = ?");

	set_time(q, 1, r->started);
	set_time(q, 2, r->ended);
	query_set_int(q, 3, r->exit_status);
	query_set_text(q, 4, some(r->version));
	query_set_text(q, 5, some(r->note));
	query_set_int(q, 6, p->run);
	query_run(q);
	query_free(q);
}

/* What is there of the run goes; it keeps its number, or gets one. */
static void
begin_run(struct putter *p, const char *run)
{
	static const char *const clear[] = {
	    "INSERT OR IGNORE INTO run (name) VALUES (?1)",
	    "DELETE FROM night"
	    " WHERE run = (SELECT id FROM run WHERE name = ?1)",
	    "DELETE FROM event"
	    " WHERE run = (SELECT id FROM run WHERE name = ?1)",
	    "UPDATE run SET started = NULL, ended = NULL, exit_status = NULL,"
	    " version = NULL, note = NULL, report_bytes = ?2,"
	    " report_written = ?3 WHERE name = ?1"};
	struct query *q;

	for (size_t i = 0; i < sizeof(clear) / sizeof(clear[0]); i++) {
		q = query_new(p->db, clear[i]);
		query_set_text(q, 1, run);
		if (i == 3) {
			query_set_int(q, 2, p->source->bytes);
			query_set_int(q, 3, p->source->written);
		}
		query_run(q);
		query_free(q);
	}
	q = query_new(p->db, "SELECT id FROM run WHERE name = ?");
	query_set_text(q, 1, run);
	if (query_row(q))
		p->run = query_int(q, 0);
	query_free(q);
}

static bool
put_rows(struct putter *p, const char *run, const char *report, size_t len,
    struct fail *why)
{
	bool ok;

	for (int i = 0; i < QUERIES; i++)
		p->query[i] = query_new(p->db, sqls[i]);
	begin_run(p, run);
	ok = history_rows_read(report, len, on_night, on_run, p, why);
	for (int i = 0; i < QUERIES; i++)
		query_free(p->query[i]);
	return ok;
}

bool
history_put(struct database *db, const char *run, const char *report,
    size_t len, const struct history_source *source, struct fail *why)
{
	struct putter p = {.db = db, .source = source};

	if (database_do(db, "BEGIN IMMEDIATE") &&
	    put_rows(&p, run, report, len, why) && database_do(db, "COMMIT"))
		return true;
	database_state(db, why);
	return false;
}
