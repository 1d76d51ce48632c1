/* history_ask.c - see history_ask.h.
 *
 * CROSS JOIN has SQLite take the tables in this order: the runs first.
 */
#include "books/history_ask.h"

/* The report of a recovery alone has none. */
#define WITH_NIGHTS " AND EXISTS (SELECT 1 FROM night WHERE run = run.id)"

/* As nanoseconds it has no room from 2262 on: such a time is damage. */
#define TIME_END (INT64_MAX / 1000000)

static const char *const sqls[ASK_COUNT] = {
    [ASK_RUNS] = "SELECT count(*), min(started), max(started) FROM run"
		 " WHERE started >= ?" WITH_NIGHTS,
    [ASK_DEVICES] = "SELECT id, address, name FROM device ORDER BY id",
    [ASK_LOSSES] =
	"SELECT e.device, e.run, e.lost_from, e.direction FROM run"
	" CROSS JOIN event AS e ON e.run = run.id AND e.verdict = 'lost'"
	" WHERE run.started >= ? ORDER BY run.started, run.id, e.lost_from",
    [ASK_OUTCOMES] =
	"SELECT n.outcome, count(*) AS times FROM run"
	" CROSS JOIN night AS n ON n.run = run.id AND n.device = ?2"
	" WHERE run.started >= ?1 GROUP BY n.outcome ORDER BY times DESC,"
	" n.outcome",
    [ASK_EVENTS] =
	"SELECT e.run, e.at, e.verdict, e.grade, e.direction, e.protocol,"
	" e.lost_from, e.sentence FROM run"
	" CROSS JOIN event AS e ON e.run = run.id AND e.device = ?2"
	" WHERE run.started >= ?1"
	" ORDER BY run.started DESC, run.id DESC, e.number DESC",
    [ASK_NEAR] = "SELECT device FROM event WHERE run = ?1 AND verdict = 'lost'"
		 " AND lost_from BETWEEN ?2 - 60000 AND ?2 + 60000"
		 " AND device <> ?3 LIMIT 1000",
    [ASK_BEFORE] = "SELECT id FROM run WHERE started < ?" WITH_NIGHTS
		   " ORDER BY started DESC LIMIT ?",
    [ASK_NIGHT] = "SELECT d.address, n.outcome, n.verdict FROM night AS n"
		  " CROSS JOIN device AS d ON d.id = n.device"
		  " WHERE n.run = ?",
};

struct query *
history_ask(struct database *db, enum history_question q)
{
	return query_new(db, sqls[q]);
}

int64_t
history_time(struct query *q, int n)
{
	int64_t ms = query_int(q, n);

	return ms > 0 && ms < TIME_END ? ms : 0;
}

const char *
history_question_sql(enum history_question q)
{
	return sqls[q];
}
