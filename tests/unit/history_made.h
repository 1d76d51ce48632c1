/* history_made.h - reports of nights made by hand, for the history of them.
 */
#ifndef UNIT_HISTORY_MADE_H
#define UNIT_HISTORY_MADE_H

#include "base/database.h"
#include "base/str.h"

/* The folder of the runs, which is there, empty: history_made_begin(). */
extern char history_parent[];
void history_made_begin(void);

/* 2026-11-01T22:00:00Z, wall ms: the first of the nights, a day apart. */
#define HISTORY_MADE_AT INT64_C(1793570400000)
#define HISTORY_DAY     INT64_C(86400000)
/* Its name. */
#define HISTORY_NAME_MAX 40
const char *history_made_name(int night, char buf[HISTORY_NAME_MAX]);

/* The report of a night, device by device: "10.0.0.<i>", branch <i>. */
void history_made_head(struct strbuf *to, int night);
void history_made_quiet(struct strbuf *to, int i);
/* Lost SNMP so many minutes into the night; `back`: from the device. */
void history_made_lost(
    struct strbuf *to, int i, int night, int minute, bool back);
/* Of no known result: the server's files are missing. */
void history_made_open(struct strbuf *to, int i, int night);
/* The end of it; written as report.json of that run.  It is freed. */
void history_made_write(struct strbuf *report, int night);

/* The first value that the database gives; -1: there is none. */
int64_t history_made_ask(const char *sql);
/* ... a text; free(3). */
char *history_made_ask_text(const char *sql);

#endif
