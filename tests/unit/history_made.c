/* history_made.c - see history_made.h.
 */
#include "history_made.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/history_store.h"
#include "unit.h"

#define MINUTE INT64_C(60000)

char history_parent[UNIT_PATH_MAX];

void
history_made_begin(void)
{
	umask(027);
	unit_folder(history_parent);
}

static int64_t
at_of(int night, int minute)
{
	return HISTORY_MADE_AT + night * HISTORY_DAY + minute * MINUTE;
}

const char *
history_made_name(int night, char buf[HISTORY_NAME_MAX])
{
	return clock_file_second(at_of(night, 0), buf);
}

void
history_made_head(struct strbuf *to, int night)
{
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	strbuf_addf(to,
	    "{\"schema\":1,\"campaign\":\"night\",\"version\":\"0.2.0\","
	    "\"started\":\"%s\",\"ended\":\"%s\",\"exitStatus\":0,"
	    "\"devices\":[",
	    clock_rfc3339(at_of(night, 0), from),
	    clock_rfc3339(at_of(night, 480), until));
}

static void
add_device(struct strbuf *to, int i, const char *outcome, int events)
{
	strbuf_addf(to,
	    "%s{\"device\":\"10.0.0.%d\",\"name\":\"branch %d\","
	    "\"type\":\"msbr\",\"ovoc\":\"198.51.100.1\",\"status\":\"%s\","
	    "\"severity\":\"NORMAL\",\"description\":\"so it ended\","
	    "\"events\":%d,\"triggers\":%d,\"captureOnMs\":28800000,"
	    "\"captureOffMs\":5,",
	    to->s[to->len - 1] == '[' ? "" : ",", i, i, outcome, events,
	    events);
}

void
history_made_quiet(struct strbuf *to, int i)
{
	add_device(to, i, "quiet", 0);
	strbuf_add(to, "\"verdicts\":[],\"tasks\":[{\"event\":1,\"task\":"
		       "\"Register\",\"description\":\"200 OK\"}]}");
}

static void
add_task(struct strbuf *to, const char *task, int64_t at, const char *text)
{
	char when[CLOCK_TEXT_MAX];

	strbuf_addf(to,
	    "{\"event\":1,\"task\":\"%s\",\"timestamp\":\"%s\","
	    "\"description\":\"%s\"}",
	    task, clock_rfc3339(at, when), text);
}

static void
add_tasks(struct strbuf *to, int64_t at)
{
	strbuf_add(to, "\"tasks\":[");
	add_task(to, "Alarm", at, "Connection Lost: the event begins");
	strbuf_add(to, ",");
	add_task(to, "Send ICMP (Ping)", at, "9 of 10 answered, lost 4");
	strbuf_add(to, ",");
	add_task(to, "Send UDP (SNMPv3)", at, "10 of 10 answered");
	strbuf_add(to, ",");
	add_task(to, "Send TCP", at, "port 443: 2 of 2 answered");
	strbuf_add(to, "]}");
}

void
history_made_lost(struct strbuf *to, int i, int night, int minute, bool back)
{
	int64_t at = at_of(night, minute);
	const char *way = back ? "back" : "there";
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];

	add_device(to, i, "success", 1);
	clock_rfc3339(at - 2 * MINUTE, from);
	clock_rfc3339(at - MINUTE, until);
	strbuf_addf(to,
	    "\"verdicts\":[{\"event\":1,\"exitStatus\":1,\"grade\":\"certain\","
	    "\"sentence\":\"SNMP was lost\",\"classes\":["
	    "{\"protocol\":\"icmp\",\"direction\":\"%s\",\"lost\":3,"
	    "\"first\":\"%s\",\"last\":\"%s\"},"
	    "{\"protocol\":\"snmp\",\"direction\":\"%s\",\"lost\":30,"
	    "\"first\":\"%s\",\"last\":\"%s\"},"
	    "{\"protocol\":\"tcp\",\"direction\":\"there\",\"lost\":0,"
	    "\"first\":null,\"last\":null}]}],",
	    way, from, from, way, from, until);
	add_tasks(to, at);
}

void
history_made_open(struct strbuf *to, int i, int night)
{
	add_device(to, i, "one-sided", 1);
	strbuf_add(to, "\"verdicts\":[],");
	add_tasks(to, at_of(night, 60));
}

void
history_made_write(struct strbuf *report, int night)
{
	char name[HISTORY_NAME_MAX], *folder, *path;

	strbuf_add(report, "]}\n");
	folder =
	    xasprintf("%s/%s", history_parent, history_made_name(night, name));
	mkdir(folder, 0750);
	path = xasprintf("%s/report.json", folder);
	unit_write(path, strbuf_text(report));
	free(path);
	free(folder);
	strbuf_free(report);
}

char *
history_made_ask_text(const char *sql)
{
	enum database_state state;
	struct fail why;
	struct database *db =
	    history_open(history_parent, DATABASE_READ, &state, &why);
	struct query *q;
	char *text;

	if (db == NULL)
		return NULL;
	q = query_new(db, sql);
	text = query_row(q) ? xstrdup(query_text(q, 0)) : NULL;
	query_free(q);
	database_close(db);
	return text;
}

int64_t
history_made_ask(const char *sql)
{
	char *text = history_made_ask_text(sql);
	int64_t n = text != NULL ? strtoll(text, NULL, 10) : -1;

	free(text);
	return n;
}
