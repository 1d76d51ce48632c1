/* check_merge.c - what the runs of several shards add up to. */
#include "books/merge.h"

#include <string.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "conf_rig.h"
#include "unit.h"

#define MOST 4

/* Lines of journals. */
#define RUN(started, window_end)                               \
	"{\"kind\":\"run\",\"schema\":1,\"started\":" #started \
	",\"windowEnd\":" #window_end "}\n"
#define DEVICE(n, address)                                              \
	"{\"kind\":\"device\",\"n\":" #n ",\"device\":\"" address "\"," \
	"\"name\":\"\",\"type\":\"gwsbc\",\"agent\":\"192.0.2.252\","   \
	"\"told\":\"" address "\",\"restPort\":443}\n"
#define FACT(n, fact, event)                               \
	"{\"kind\":\"fact\",\"n\":" #n ",\"fact\":\"" fact \
	"\",\"event\":" #event "}\n"
#define ROW_AT(n, task, event, text, started, began)                       \
	"{\"kind\":\"task\",\"n\":" #n ",\"task\":\"" task "\","           \
	"\"status\":\"Success\",\"severity\":\"NORMAL\",\"event\":" #event \
	",\"attempt\":1,\"started\":" #started ",\"began\":" #began        \
	",\"description\":\"" text "\"}\n"
#define ROW(n, task, event, text) ROW_AT(n, task, event, text, 1000, 1)
#define OUTCOME(n, outcome, events)                                            \
	"{\"kind\":\"outcome\",\"n\":" #n ",\"outcome\":\"" outcome "\","      \
	"\"severity\":\"NORMAL\",\"triggers\":" #events ",\"events\":" #events \
	",\"description\":\"" outcome " it is\","                              \
	"\"registerAttempts\":1,\"nearMisses\":2}\n"
/* clang-format off */
#define HALF_EVENT(n, event)         \
	FACT(n, "registered", event) \
	FACT(n, "event", event)      \
	FACT(n, "stop", event) FACT(n, "file", event) FACT(n, "ended", event)
#define EVENT(n, event)                                                      \
	FACT(n, "registered", event)                                         \
	FACT(n, "agent-on", event)                                           \
	FACT(n, "event", event)                                              \
	FACT(n, "answered", event)                                           \
	FACT(n, "stop", event) FACT(n, "kept", event) FACT(n, "file", event) \
	    FACT(n, "ended", event)
/* clang-format on */
#define END(ended, status)                                               \
	"{\"kind\":\"summary\",\"ended\":" #ended ",\"datagrams\":10}\n" \
	"{\"kind\":\"agent\",\"agent\":\"192.0.2.252\",\"answers\":3,"   \
	"\"last\":" #ended ",\"version\":\"v" #status "\"}\n"            \
	"{\"kind\":\"end\",\"exitStatus\":" #status ",\"mayBeOn\":0}\n"

static struct conf_rig *rig;
static struct shard_runs *shards[MOST];
static size_t n_shards;
static struct run_result *all;

static void
begin(void)
{
	rig = conf_rig_with(CONF_RIG_QUIET
	    "campaign = { name = \"night\"; events_per_device = 2; };"
	    "defaults = { username = \"Admin\"; password = \"secret\"; "
	    "agent = \"192.0.2.252\"; type = \"gwsbc\"; };"
	    "devices = ( { address = \"192.0.2.1\"; },"
	    "{ address = \"192.0.2.2\"; }, { address = \"192.0.2.3\"; } );");
	conf_rig_right(rig);
}

static void
end(void)
{
	run_result_free(all);
	all = NULL;
	while (n_shards > 0)
		shard_runs_free(shards[--n_shards]);
	conf_rig_free(rig);
}

static struct shard_runs *
shard(int index, int of)
{
	struct shard s = {index, of};
	char name[SHARD_NAME_MAX];
	char *folder = xasprintf("%s/%s", rig->folder, shard_name(&s, name));
	struct fail why;

	ck_assert(disk_make_folders(folder, DISK_PRIVATE));
	shards[n_shards] = shard_runs_open(folder, &s, &why);
	ck_assert_msg(shards[n_shards] != NULL, "%s", why.text);
	free(folder);
	return shards[n_shards++];
}

static void
run(int index, int of, const char *name, const char *journal)
{
	struct shard s = {index, of};
	char text[SHARD_NAME_MAX];
	char *folder =
	    xasprintf("%s/%s/%s", rig->folder, shard_name(&s, text), name);
	char *path = xasprintf("%s/journal.ndjson", folder);

	ck_assert(disk_make_folders(folder, DISK_PRIVATE));
	unit_write(path, journal);
	free(path);
	free(folder);
}

static void
merge(int of)
{
	for (size_t i = 0; i < n_shards; i++)
		shard_runs_take_since(shards[i], rig->campaign, 0, unit_log());
	all = merge_runs(rig->campaign, shards, n_shards, of);
}

static const struct device_result *
device(const char *address)
{
	for (size_t i = 0; i < all->n_devices; i++)
		if (strcmp(all->devices[i].conf->address, address) == 0)
			return &all->devices[i];
	ck_abort_msg("no %s", address);
	return NULL;
}

/* "1:alarm 2:alarm", by number and event. */
static void
rows_are(const struct device_result *d, const char *rows)
{
	struct strbuf text = STRBUF_INIT;
	const struct row *row;
	int n = 0;

	TAILQ_FOREACH (row, &d->rows, next) {
		ck_assert_int_eq(row->number, ++n);
		strbuf_addf(&text, "%s%d:%s", n > 1 ? " " : "", row->event,
		    row->description);
	}
	ck_assert_int_eq(d->n_rows, n);
	ck_assert_str_eq(strbuf_text(&text), rows);
	strbuf_free(&text);
}

START_TEST(shards_are_one_run_in_the_order_of_the_configuration)
{
	begin();
	run(0, 2, "2026-11-23T22.00.01Z",
	    RUN(2000, 90000) DEVICE(0, "192.0.2.3") EVENT(0, 1) EVENT(0, 2)
		ROW(0, "alarm", 1, "a") ROW(0, "alarm", 2, "b")
		    OUTCOME(0, "success", 2) END(5000, 0));
	run(1, 2, "2026-11-23T22.00.00Z",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.1") DEVICE(1, "192.0.2.7")
		ROW(0, "show", 1, "c") OUTCOME(0, "quiet", 0)
		    OUTCOME(1, "quiet", 0) END(9000, 5));
	shard(0, 2);
	shard(1, 2);
	merge(2);
	ck_assert_uint_eq(all->n_devices, 3);
	ck_assert_str_eq(all->devices[0].conf->address, "192.0.2.1");
	ck_assert_str_eq(all->devices[1].conf->address, "192.0.2.3");
	ck_assert_str_eq(all->devices[2].conf->note, "no longer configured");
	rows_are(device("192.0.2.1"), "1:c");
	rows_are(device("192.0.2.3"), "1:a 2:b");
	ck_assert_int_eq(device("192.0.2.3")->outcome, OUTCOME_SUCCESS);
	ck_assert_int_eq(all->started, 1000);
	ck_assert_int_eq(all->ended, 9000);
	ck_assert_int_eq(all->took, 8000);
	ck_assert_uint_eq(all->datagrams, 20);
	ck_assert_uint_eq(all->n_agents, 1);
	ck_assert_uint_eq(all->agents[0].answers, 6);
	ck_assert_str_eq(all->agents[0].version, "v5");
	ck_assert_ptr_null(all->trouble);
	ck_assert_int_eq(all->exit_status, RUN_ALL_WELL);
	ck_assert_str_eq(all->run, "1970-01-01T00.00.01Z");
	end();
}
END_TEST

/* Killed behind its first event, started again, and one more came. */
START_TEST(a_killed_run_and_the_next_are_one_devices_rows)
{
	begin();
	run(0, 1, "1",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.1") DEVICE(1, "192.0.2.2")
		HALF_EVENT(0, 1) ROW(0, "alarm", 1, "a") FACT(0, "registered",
		    2) ROW(0, "start", 2, "b") OUTCOME(0, "interrupted", 1)
		    OUTCOME(1, "interrupted", 0) END(3000, 8));
	run(0, 1, "2",
	    RUN(4000, 90000) DEVICE(0, "192.0.2.1") DEVICE(1, "192.0.2.2") ROW(
		0, "start", 1, "c") EVENT(0, 1) ROW(0, "alarm", 1, "d")
		OUTCOME(0, "quiet", 1) OUTCOME(1, "failed", 0) END(9000, 1));
	shard(0, 1);
	merge(1);
	ck_assert_uint_eq(all->n_devices, 2);
	rows_are(device("192.0.2.1"), "1:a 2:b 2:c 2:d");
	ck_assert_int_eq(device("192.0.2.1")->events, 2);
	ck_assert_int_eq(device("192.0.2.1")->triggers, 2);
	ck_assert_int_eq(device("192.0.2.1")->near_misses, 4);
	ck_assert_int_eq(device("192.0.2.1")->register_attempts, 2);
	/* As many as were wanted, and the agent's part is missing. */
	ck_assert_int_eq(device("192.0.2.1")->outcome, OUTCOME_ONE_SIDED);
	ck_assert_str_eq(device("192.0.2.1")->description,
	    "2 events captured in several runs; the server did not capture; "
	    "of the last: quiet it is");
	ck_assert_int_eq(device("192.0.2.2")->outcome, OUTCOME_FAILED);
	ck_assert(!all->interrupted);
	ck_assert_int_eq(all->exit_status, RUN_SOME_FAILED);
	end();
}
END_TEST

/* The second host was booted later, and works while the first run's event is
 * still to be compared. */
START_TEST(rows_of_several_runs_stand_in_order_of_time)
{
	begin();
	run(0, 1, "1",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.1") ROW_AT(0, "alarm", 1, "a",
		2000, 802000) ROW_AT(0, "compare", 1, "b", 5000, 805000)
		OUTCOME(0, "interrupted", 1));
	run(0, 1, "2",
	    RUN(4000, 90000) DEVICE(0, "192.0.2.1") ROW_AT(0, "start", 1, "c",
		4000, 40) ROW_AT(0, "alarm", 1, "d", 5000, 1040)
		ROW_AT(0, "stop", 1, "e", 6000, 2040) OUTCOME(0, "quiet", 1)
		    END(9000, 0));
	shard(0, 1);
	merge(1);
	rows_are(device("192.0.2.1"), "1:a 1:c 1:b 1:d 1:e");
	end();
}
END_TEST

/* What the first run ended as, what the second, how many events each, and what
 * that comes to. */
START_TEST(no_event_is_lost_by_what_a_later_run_says)
{
	static const struct {
		const char *first, *second;
		enum outcome is;
	} rows[] = {
	    {OUTCOME(0, "interrupted", 1), OUTCOME(0, "failed", 0),
		OUTCOME_PARTIAL},
	    {OUTCOME(0, "interrupted", 0), OUTCOME(0, "failed", 0),
		OUTCOME_FAILED},
	    {OUTCOME(0, "interrupted", 1), OUTCOME(0, "quiet", 0),
		OUTCOME_QUIET},
	    {OUTCOME(0, "interrupted", 2), OUTCOME(0, "quiet", 0),
		OUTCOME_SUCCESS},
	    {OUTCOME(0, "failed", 0), OUTCOME(0, "success", 2),
		OUTCOME_SUCCESS},
	    {OUTCOME(0, "interrupted", 1), OUTCOME(0, "interrupted", 1),
		OUTCOME_SUCCESS},
	    {OUTCOME(0, "interrupted", 0), OUTCOME(0, "interrupted", 1),
		OUTCOME_INTERRUPTED},
	    {OUTCOME(0, "partial", 1), OUTCOME(0, "skipped", 0),
		OUTCOME_PARTIAL},
	    {OUTCOME(0, "skipped", 0), OUTCOME(0, "quiet", 0), OUTCOME_QUIET},
	    {OUTCOME(0, "success", 2), "", OUTCOME_INTERRUPTED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *first = xasprintf(
		    RUN(1000, 90000) DEVICE(0, "192.0.2.1") "%s" END(2000, 8),
		    rows[i].first);
		char *second = xasprintf(
		    RUN(3000, 90000) DEVICE(0, "192.0.2.1") "%s" END(4000, 0),
		    rows[i].second);

		begin();
		run(0, 1, "1", first);
		run(0, 1, "2", second);
		shard(0, 1);
		merge(1);
		ck_assert_msg(all->devices[0].outcome == rows[i].is, "%zu: %s",
		    i, outcome_name(all->devices[0].outcome));
		end();
		free(first);
		free(second);
	}
}
END_TEST

START_TEST(what_is_missing_is_trouble)
{
	begin();
	run(0, 4, "1",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.1") OUTCOME(0, "success", 2)
		END(2000, 0));
	run(1, 4, "2026-11-23T22.00.00Z",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.2") FACT(0, "start", 1));
	shard(0, 4);
	shard(1, 4);
	shard(2, 4);
	merge(4);
	ck_assert_int_eq(all->exit_status, RUN_TROUBLE);
	ck_assert_str_eq(all->trouble,
	    "shard 1 of 4: the run 2026-11-23T22.00.00Z was killed: --shard "
	    "1/4 --recover finishes it, then merge again; shard 2 of 4 has no "
	    "run of this night; shard 3 of 4 was not given");
	ck_assert_int_eq(device("192.0.2.2")->outcome, OUTCOME_INTERRUPTED);
	ck_assert_str_eq(
	    device("192.0.2.2")->description, "the run was killed");
	end();
}
END_TEST

/* It has moved to another agent, and the one of then is gone, too. */
START_TEST(agents_that_are_gone_are_named_once)
{
	begin();
	run(0, 1, "1",
	    RUN(1000, 90000) DEVICE(0, "192.0.2.8") DEVICE(1, "192.0.2.9")
		OUTCOME(0, "quiet", 0) OUTCOME(1, "quiet", 0) END(2000, 5));
	shard(0, 1);
	merge(1);
	ck_assert_uint_eq(all->n_devices, 2);
	ck_assert_uint_eq(all->n_agents, 1);
	ck_assert_uint_eq(all->agents[0].answers, 3);
	ck_assert_int_eq(all->exit_status, RUN_NO_TRIGGER);
	end();
}
END_TEST

UNIT_MAIN("merge", shards_are_one_run_in_the_order_of_the_configuration,
    a_killed_run_and_the_next_are_one_devices_rows,
    rows_of_several_runs_stand_in_order_of_time,
    no_event_is_lost_by_what_a_later_run_says, what_is_missing_is_trouble,
    agents_that_are_gone_are_named_once)
