/* bench.c - see bench.h. */
#include "bench.h"

#include <string.h>

#include "base/disk.h"
#include "base/json.h"
#include "base/xmem.h"
#include "device/pulse.h"
#include "fake_resolve.h"
#include "fake_sync.h"

#define A_DAY   INT64_C(86400000)
#define AN_HOUR INT64_C(3600000)

/* --- what there is --- */

static void
on_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	struct bench *b = arg;
	const char *why;

	if (agent_link_take(b->link, from->port, data, len, &why) == LINK_TAKEN)
		agent_link_heard(b->link, &from->addr, HEARD_ANSWER);
}

static void
make_tools(struct bench *b)
{
	struct tools *t = &b->tools;
	struct fail why;

	t->lp = b->lp;
	t->conf = b->conf;
	t->plan = verify_plan_of(&b->conf->verify, &b->conf->snmp);
	t->rest = rest_new(b->lp, 1, 1);
	t->resolver = resolver_new(b->lp);
	t->disk = disk_sync_new(b->lp);
	t->verifier = verifier_new(b->lp, NULL, NULL, NULL, &why);
	t->rest_gate = gate_new(b->lp, 1);
	t->sftp_gate = gate_new(b->lp, 1);
	t->verify_gate = gate_new(b->lp, 1);
	t->server_gate = gate_new(b->lp, 1);
	t->last_name = &b->last_name;
	if (b->conf->verify.heartbeat > 0)
		t->pulse = pulse_new(b->lp, b->conf->verify.heartbeat);
}

static void
on_trouble(void *arg, const char *text)
{
	(void)arg;
	ck_abort_msg("%s", text);
}

void
bench_open_books(
    struct bench *b, struct run_result *run, struct device_books *books)
{
	char *captures = xasprintf("%s/" RUN_CAPTURES, run->folder);
	struct fail why;

	ck_assert(disk_make_folders(captures, DISK_PRIVATE));
	*books =
	    (struct device_books){.result = &run->devices[run->n_devices - 1],
		.journal = journal_create(b->lp, run, on_trouble, b, &why),
		.captures = captures};
	ck_assert_ptr_nonnull(books->journal);
}

void
bench_close_books(struct device_books *books, struct run_result *run)
{
	journal_free(books->journal);
	free((char *)books->captures);
	run_result_free(run);
}

static void
make_books(struct bench *b)
{
	struct device_books books;

	b->run = run_result_new(b->conf, STAGE_WALL);
	bench_open_books(b, b->run, &books);
	b->result = books.result;
	b->journal = xasprintf("%s/" RUN_JOURNAL, b->run->folder);
	ledger_open(&b->ledger, &b->tools, &books);
}

static void
make_link(struct bench *b)
{
	static const struct addr any = {.family = AF_INET};
	const struct agent_entry *agent = b->result->conf->agent;
	char *parent = run_parent(b->conf);
	struct fail why;

	b->old_book = old_book_open(b->lp, parent);
	free(parent);
	for (size_t i = 0; i < b->conf->n_agents; i++)
		if (b->conf->agents[i] == agent)
			b->agent = &b->net->agents[i];
	b->link = agent_link_new(
	    b->lp, b->conf, agent, b->tools.resolver, b->old_book);
	b->socket = datagram_new(b->lp, &any, 0, on_datagram, b, &why);
	agent_link_use(b->link, b->socket);
}

static void
on_turn_end(void *arg)
{
	const struct bench *b = arg;

	if (b->stepping)
		loop_stop(b->lp);
}

struct bench *
bench_new(int n_devices, const char *settings)
{
	struct bench *b = xcalloc(1, sizeof(*b));

	b->files = conf_rig_new();
	b->conf = stage_conf(b->files, n_devices, settings);
	b->lp = unit_loop_virtual(STAGE_WALL);
	loop_on_turn_end(b->lp, on_turn_end, b);
	b->devices = stage_devices(b->conf);
	b->device = &b->devices[b->conf->n_devices - 1];
	b->net = stage_net(b->lp, b->conf);
	make_tools(b);
	make_books(b);
	make_link(b);
	reach_init(&b->reach, &b->tools, b->result->conf);
	reach_is_literal(&b->reach);
	return b;
}

static void
free_tools(struct tools *t)
{
	gate_free(t->rest_gate);
	gate_free(t->server_gate);
	gate_free(t->sftp_gate);
	gate_free(t->verify_gate);
	pulse_free(t->pulse);
	verifier_free(t->verifier);
	disk_sync_free(t->disk);
	resolver_free(t->resolver);
	rest_free(t->rest);
}

void
bench_free(struct bench *b)
{
	bench_goes_on(b, AN_HOUR);
	for (size_t i = 0; i < b->conf->n_devices; i++)
		ck_assert(!b->devices[i].busy && b->devices[i].sessions == 0);
	reach_clear(&b->reach);
	agent_link_free(b->link);
	old_book_close(b->old_book);
	datagram_free(b->socket);
	free_tools(&b->tools);
	bench_close_books(&b->ledger.books, b->run);
	free(b->journal);
	fake_net_free(b->net);
	fake_names_clear();
	unit_loop_free(b->lp);
	free(b->devices);
	conf_rig_free(b->files);
	free(b);
}

/* --- the activity --- */

void
bench_report(struct bench *b)
{
	b->ended++;
	loop_stop(b->lp);
}

void
bench_ends(struct bench *b)
{
	ck_assert_int_eq(b->ended, 0);
	loop_run_for(b->lp, A_DAY);
	ck_assert_int_eq(b->ended, 1);
	b->ended = 0;
}

void
bench_goes_on(struct bench *b, int64_t ms)
{
	ck_assert_int_eq(b->ended, 0);
	loop_run_for(b->lp, ms);
	ck_assert_int_eq(b->ended, 0);
}

/* What was sent to anybody so far. */
static int
traffic(const struct bench *b)
{
	int n = b->net->sent;

	for (size_t i = 0; i < b->conf->n_devices; i++)
		for (int step = 0; step < FAKE_STEPS; step++)
			n += b->devices[i].hits[step];
	return n;
}

/* The activity was cancelled: nothing of it is left. */
static void
is_over(struct bench *b)
{
	int sent = traffic(b), rows = b->result->n_rows;

	bench_goes_on(b, AN_HOUR);
	ck_assert_int_eq(traffic(b), sent);
	ck_assert_int_eq(b->result->n_rows, rows);
}

/* One turn of the loop in which something runs. */
static void
turn(struct bench *b)
{
	b->stepping = true;
	loop_run_for(b->lp, A_DAY);
	b->stepping = false;
}

int
bench_cancel_anywhere(struct bench *(*begin)(void), void (*cancel)(void))
{
	int turns = 0;
	bool ended = false;

	for (; !ended; turns++) {
		struct bench *b = begin();

		for (int i = 0; i < turns; i++)
			turn(b);
		ended = b->ended > 0;
		b->ended = 0;
		cancel();
		is_over(b);
		bench_free(b);
	}
	return turns;
}

/* --- the books --- */

static bool
is_fact(const char *line, size_t len, const char **name, struct json **at)
{
	*at = json_parse(line, len);
	*name = json_get_text(*at, "fact", NULL);
	return *name != NULL;
}

/* The names of the facts in the first bytes of a run's journal. */
static char *
facts(const struct run_result *run, size_t bytes)
{
	struct strbuf to = STRBUF_INIT;
	char *path = xasprintf("%s/" RUN_JOURNAL, run->folder);
	char *text = unit_read(path);
	const char *name;
	struct json *o;

	for (char *line = text, *end;
	     (end = strchr(line, '\n')) != NULL && (size_t)(end - text) < bytes;
	     line = end + 1) {
		if (is_fact(line, (size_t)(end - line), &name, &o))
			strbuf_addf(&to, "%s%s", to.len > 0 ? " " : "", name);
		json_free(o);
	}
	free(text);
	free(path);
	return strbuf_take(&to);
}

void
bench_facts_are_of(const struct run_result *run, const char *names)
{
	char *found = facts(run, SIZE_MAX);

	ck_assert_str_eq(found, names);
	free(found);
}

void
bench_facts_are(struct bench *b, const char *names)
{
	loop_run_for(b->lp, 0); /* lines are written when a turn ends */
	bench_facts_are_of(b->run, names);
}

bool
bench_is_on_disk(const struct bench *b, enum fact f)
{
	char *found = facts(b->run, (size_t)fake_synced());
	bool is = strstr(found, fact_name(f)) != NULL;

	free(found);
	return is;
}

const struct round *
bench_round(const struct bench *b)
{
	return ledger_round(&b->ledger);
}

void
bench_end_journal(struct bench *b)
{
	loop_run_for(b->lp, 0);
	journal_free(b->ledger.books.journal);
	b->ledger.books.journal = NULL;
}
