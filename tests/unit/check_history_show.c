/* check_history_show.c - what people read of many nights, and that it is found
 * without looking at all of them.
 */
#include "report/history_show.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/history.h"
#include "books/history_ask.h"
#include "books/history_store.h"
#include "history_made.h"
#include "unit.h"

static struct {
	struct strbuf text;
	struct history_wish wish;
	struct database *db;
} it;

static void
begin(void)
{
	history_made_begin();
	setenv("TZ", "XST-1", 1);
	tzset();
}

static void
look(void)
{
	struct history_sum sum;
	enum database_state state;
	struct fail why;

	ck_assert(history_update(history_parent, NULL, &sum));
	it.db = history_open(history_parent, DATABASE_READ, &state, &why);
	ck_assert_ptr_nonnull(it.db);
}

static const char *
shown(const char *glob, int64_t since)
{
	strbuf_clear(&it.text);
	it.wish = (struct history_wish){.campaign = "night",
	    .globs = &glob,
	    .n_globs = glob != NULL,
	    .since = since};
	ck_assert(history_show(it.db, &it.wish, &it.text));
	return strbuf_text(&it.text);
}

static void
end(void)
{
	database_close(it.db);
	strbuf_free(&it.text);
}

static void
has(const char *text, const char *what)
{
	ck_assert_msg(
	    strstr(text, what) != NULL, "no '%s' in:\n%s", what, text);
}

/* Ten nights: 2 loses each night, 3 with it each second one, 4 once. */
static void
ten_nights(void)
{
	for (int i = 0; i < 10; i++) {
		struct strbuf b = STRBUF_INIT;

		history_made_head(&b, i);
		history_made_quiet(&b, 1);
		history_made_lost(&b, 2, i, 60 + i, i < 3);
		if (i % 2 == 0)
			history_made_lost(&b, 3, i, 61 + i, false);
		else
			history_made_quiet(&b, 3);
		if (i == 4)
			history_made_lost(&b, 4, i, 200, true);
		else
			history_made_open(&b, 4, i);
		history_made_write(&b, i);
	}
}

START_TEST(all_devices)
{
	begin();
	ten_nights();
	look();
	ck_assert_str_eq(shown(NULL, 0),
	    "Campaign night: 10 runs, begun from 2026-11-01 23:00:00 to "
	    "2026-11-10 23:00:00;\ntimes are local (+01:00)\n"
	    "Devices that lost packets: 3 of 4\n"
	    "\n"
	    "branch 2 (10.0.0.2): lost packets in 10 of 10 runs, last at "
	    "2026-11-11 00:07:00\n"
	    "  Direction: towards the device 7, from the device 3\n"
	    "  Time of the day: 00:00 8, 23:00 2\n"
	    "\n"
	    "branch 3 (10.0.0.3): lost packets in 5 of 10 runs, last at "
	    "2026-11-10 00:07:00\n"
	    "  Direction: towards the device 5\n"
	    "  Time of the day: 00:00 4, 23:00 1\n"
	    "\n"
	    "branch 4 (10.0.0.4): lost packets in 1 of 10 runs, last at "
	    "2026-11-06 02:18:00\n"
	    "  Direction: from the device 1\n"
	    "  Time of the day: 02:00 1\n"
	    "\n"
	    "Time of the day, and how often packets were lost then:\n"
	    "  00:00      12 ########################################\n"
	    "  02:00       1 ####\n"
	    "  23:00       3 ##########\n"
	    "\n"
	    "Within a minute of each other lost packets:\n"
	    "  branch 2 (10.0.0.2) and branch 3 (10.0.0.3): in 5 runs, of 10 "
	    "and 5\n");
	end();
}
END_TEST

START_TEST(one_device_with_its_events)
{
	const char *text;

	begin();
	ten_nights();
	look();
	text = shown("branch 3", 0);
	has(text,
	    "branch 3 (10.0.0.3): lost packets in 5 of 10 runs, last at "
	    "2026-11-10 00:07:00\n"
	    "  Direction: towards the device 5\n"
	    "  Time of the day: 00:00 4, 23:00 1\n"
	    "  Runs: quiet 5, success 5\n"
	    "  Within a minute of it lost: branch 2 (10.0.0.2) in 5 of its 5 "
	    "runs\n"
	    "  2026-11-10 00:07:00  lost SNMP, ping towards the device "
	    "(certain)\n"
	    "  2026-11-08 00:05:00  lost SNMP, ");
	text = shown("10.0.0.4", HISTORY_MADE_AT + 4 * HISTORY_DAY);
	has(text, "Campaign night: 6 runs, begun from 2026-11-05 23:00:00 to");
	has(text, "lost packets in 1 of 6 runs, last");
	has(text, "  Runs: one-sided 5, success 1\n"
		  "  2026-11-11 00:00:00  not compared\n");
	has(text, "  2026-11-06 02:18:00  lost SNMP, ping from the device");
	text = shown("10.0.0.1", 0);
	has(text, "\nbranch 1 (10.0.0.1): lost packets in 0 of 10 runs\n"
		  "  Runs: quiet 10\n");
	shown("nobody", 0);
	ck_assert_str_eq(it.wish.unmatched, "nobody");
	shown("b*", 0);
	ck_assert_ptr_null(it.wish.unmatched);
	end();
}
END_TEST

START_TEST(nothing_lost_and_no_run)
{
	struct strbuf b = STRBUF_INIT;

	begin();
	history_made_head(&b, 0);
	history_made_quiet(&b, 1);
	history_made_write(&b, 0);
	look();
	ck_assert_str_eq(shown(NULL, 0),
	    "Campaign night: 1 run, begun from 2026-11-01 23:00:00 to "
	    "2026-11-01 23:00:00;\ntimes are local (+01:00)\n"
	    "Devices that lost packets: 0 of 1\n");
	ck_assert_str_eq(shown(NULL, HISTORY_MADE_AT + HISTORY_DAY),
	    "Campaign night: 0 runs since 2026-11-02 23:00:00\n"
	    "Devices that lost packets: 0 of 1\n");
	end();
}
END_TEST

/* Of many the most are told. */
START_TEST(many_devices)
{
	const char *text;

	begin();
	for (int i = 0; i < 3; i++) {
		struct strbuf b = STRBUF_INIT;

		history_made_head(&b, i);
		for (int d = 1; d <= 250; d++)
			history_made_lost(&b, d, i, 30, d % 2 == 0);
		history_made_write(&b, i);
	}
	look();
	text = shown(NULL, 0);
	has(text, "Devices that lost packets: 250 of 250\n");
	has(text, "\nAnd 230 more devices, less often.\n");
	has(text, "  and 19890 more pairs\n");
	has(shown("branch 7", 0),
	    "branch 1 (10.0.0.1) in 3 of its 3 runs, branch 2\n");
	end();
}
END_TEST

/* Whoever could write to the file could write anything. */
START_TEST(odd_values_are_printed_as_they_can_be)
{
	enum database_state state;
	struct database *db;
	struct fail why;
	char *path;

	begin();
	ten_nights();
	look();
	path = history_path(history_parent);
	db = database_open(path, DATABASE_WRITE, &state, &why);
	ck_assert(database_do(db,
	    "UPDATE device SET name = 'a' || char(27) || '[31m' || "
	    "char(8238) WHERE id = 2; UPDATE device SET name = x'ff00ff', "
	    "address = 7 WHERE id = 3;"
	    "UPDATE event SET protocol = ',,' || char(10), direction = 'x', "
	    "lost_from = 9e300, grade = x'1b', at = -5;"
	    "UPDATE run SET started = 9e200 WHERE id = 1;"
	    "UPDATE event SET lost_from = -9223372036854775807 WHERE run = 3;"
	    "UPDATE night SET outcome = char(7)"));
	database_close(db);
	has(shown(NULL, 0), "a?[31m??? (10.0.0.2): lost packets");
	has(shown("10.0.0.2", 0), "Runs: ? 10");
	for (const char *c = strbuf_text(&it.text); *c != '\0'; c++)
		ck_assert(*c == '\n' || (unsigned char)*c >= ' ');
	/* The year 3385 is no time in nanoseconds. */
	db = database_open(path, DATABASE_WRITE, &state, &why);
	ck_assert(database_do(db, "UPDATE run SET started = 44674955883264"));
	database_close(db);
	has(shown(NULL, 0), "Campaign night: 10 runs, begun from ");
	free(path);
	end();
}
END_TEST

/* Bytes anywhere in it are others: it is shown, or told to be damaged, and the
 * next run has one that is whole. */
START_TEST(a_damaged_one_is_shown_or_told)
{
	unsigned seed = (unsigned)getpid();
	struct history_sum sum;
	char *path, *whole;
	long size;
	int told = 0;

	begin();
	ten_nights();
	look();
	database_close(it.db);
	path = history_path(history_parent);
	size = unit_file_size(path);
	whole = unit_read(path);
	printf("seed %u\n", seed);
	for (int i = 0; i < 200; i++) {
		const char *glob = "branch 2";
		enum database_state state;
		FILE *f = fopen(path, "w");
		struct fail why;

		ck_assert_ptr_nonnull(f);
		fwrite(whole, 1, (size_t)size, f);
		for (int k = 0; k < 20; k++) {
			/* The first hundred say what it is. */
			fseek(f, 100 + rand_r(&seed) % (size - 100), SEEK_SET);
			fputc(rand_r(&seed) & 0xff, f);
		}
		fclose(f);
		strbuf_clear(&it.text);
		it.wish = (struct history_wish){
		    .campaign = "night", .globs = &glob, .n_globs = i % 2 == 0};
		it.db =
		    history_open(history_parent, DATABASE_READ, &state, &why);
		told +=
		    it.db == NULL || !history_show(it.db, &it.wish, &it.text);
		database_close(it.db);
		if (i % 20 == 0) {
			ck_assert(history_rebuild(history_parent, NULL, &sum));
			/* A name that was damaged is one more run. */
			ck_assert_int_ge(
			    history_made_ask("SELECT count(*) FROM run"), 10);
		}
	}
	ck_assert_int_gt(told, 20);
	strbuf_free(&it.text);
	free(whole);
	free(path);
}
END_TEST

/* --- how it is found --- */

START_TEST(no_question_looks_at_all_nights)
{
	begin();
	ten_nights();
	look();
	for (int i = 0; i < ASK_COUNT; i++) {
		char *sql = xasprintf("EXPLAIN QUERY PLAN %s",
		    history_question_sql((enum history_question)i));
		struct query *q = query_new(it.db, sql);

		while (query_row(q)) {
			const char *step = query_text(q, 3);
			bool big = strstr(step, " e ") != NULL ||
				   strstr(step, " n ") != NULL ||
				   strstr(step, "event") != NULL ||
				   strstr(step, "night") != NULL;

			ck_assert_msg(!big || (strstr(step, "SEARCH") == step &&
						  strstr(step, "(run=?")),
			    "%s: %s", sql, step);
			if (i == ASK_EVENTS && big)
				ck_assert_ptr_nonnull(
				    strstr(step, "(run=? AND device=?)"));
			if (i == ASK_LOSSES || i == ASK_EVENTS)
				ck_assert_ptr_null(strstr(step, "SCAN"));
			ck_assert_msg(
			    i != ASK_LOSSES || strstr(step, "TEMP") == NULL,
			    "%s", step);
		}
		ck_assert_int_eq(database_state(it.db, NULL), DATABASE_FINE);
		query_free(q);
		free(sql);
	}
	end();
}
END_TEST

UNIT_MAIN("history_show", all_devices, one_device_with_its_events,
    nothing_lost_and_no_run, many_devices,
    odd_values_are_printed_as_they_can_be, a_damaged_one_is_shown_or_told,
    no_question_looks_at_all_nights)
