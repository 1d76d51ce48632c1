/* fetch.c - an event's capture comes home by SFTP.
 *
 * Each session waits for its place (limits.sftp) and for room on the disk; the
 * bytes are device/retrieval's.  While others wait, a session has its place for
 * a share of time, unless it is nearly done; it goes on where it was.
 */
#include "device/fetch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/xmem.h"
#include "device/file_age.h"

#define SHARE_MS      60000 /* of a place that others wait for */
#define SHARE_LOOK_MS 5000  /* so often from then on: does somebody wait? */

/* --- rows --- */

static char *
describe(const struct retrieval_end *e)
{
	char from[CLOCK_TEXT_MAX], to[CLOCK_TEXT_MAX];

	if (e->packets == 0)
		return xasprintf("%" PRIu64 " bytes, no packet", e->bytes);
	return xasprintf("%" PRIu64 " packets from %s to %s", e->packets,
	    clock_rfc3339(e->first_us / 1000, from),
	    clock_rfc3339(e->last_us / 1000, to));
}

/* Older than this capture, as far as can be told?  `off`: by how much, ms. */
static bool
is_old(const struct fetch *f, const struct retrieval_end *e, int64_t *off)
{
	const struct round *round = ledger_round(f->ledger);
	const struct device_result *r = ledger_result(f->ledger);
	struct file_age age = {
	    .from = round->on_at,
	    .until = round->stop_at,
	    .first = e->first_us / 1000,
	    .last = e->last_us / 1000,
	    .clock_known = r->clock_known,
	    .clock = r->clock,
	};

	*off = file_age_difference(&age);
	return e->packets > 0 && !file_age_is_right(&age);
}

/* What is odd about the file, or NULL. */
static char *
file_note(const struct fetch *f, const struct retrieval_end *e)
{
	char span[CLOCK_TEXT_MAX];
	int64_t off;

	if (e->verdict == PCAP_CUT && e->fail.kind == FAIL_NONE)
		return xstrdup("cut on the device");
	if (e->verdict == PCAP_CUT)
		return xstrdup("cut on the way");
	if (e->verdict != PCAP_WHOLE)
		return xasprintf(
		    "%s: not a capture file", pcap_verdict_name(e->verdict));
	if (e->bytes < e->announced)
		return xasprintf(
		    "the device announced %" PRIu64 " bytes", e->announced);
	if (!is_old(f, e, &off))
		return NULL;
	return xasprintf("older than this capture, or the device's clock is "
			 "wrong by %s",
	    clock_span(off, span));
}

/* The event whose file this one is byte for byte, 0: none. */
static int
same_as(struct fetch *f, const struct retrieval_end *e)
{
	const struct device_result *r = ledger_result(f->ledger);
	const struct row *row;

	TAILQ_FOREACH (row, &r->rows, next)
		if (row->task == TASK_RETRIEVE && row->status == TASK_SUCCESS &&
		    row->event != ledger_round(f->ledger)->event &&
		    strcmp(row->sha256, e->sha256) == 0)
			return row->event;
	return 0;
}

static void
row_of_file(struct fetch *f, const struct retrieval_end *e, enum task_status s,
    enum severity severity, const char *text)
{
	struct row *row = ledger_row(f->ledger, &f->begun, s, severity, text);

	free(row->file);
	row->file = xstrdup(ledger_round(f->ledger)->file);
	row->bytes = e->bytes;
	free(row->note);
	row->note = file_note(f, e);
	str_copy(row->sha256, sizeof(row->sha256), e->sha256);
	ledger_log(f->ledger,
	    row->note != NULL ? LOGGING_WARNING : LOGGING_INFO, "sftp",
	    "%s%s%s", row->file, row->note != NULL ? ": " : "",
	    row->note != NULL ? row->note : "");
	ledger_result(f->ledger)->bytes += e->bytes;
}

static struct row *
row_of_failure(struct fetch *f, enum severity severity, const struct fail *why)
{
	f->begun.failed = why->kind;
	return ledger_row(
	    f->ledger, &f->begun, TASK_FAILURE, severity, why->text);
}

static void on_pause(void *arg);

/* --- the end of a session --- */

static void
finish(struct fetch *f, const struct fail *why)
{
	retrieval_free(f->retrieval);
	f->retrieval = NULL;
	f->done(f->arg, why);
}

/* A file of the capture that was asked for, and not something else? */
static bool
is_captured(struct fetch *f, const struct retrieval_end *e, struct fail *why)
{
	int same = same_as(f, e);

	if (e->verdict != PCAP_WHOLE && e->verdict != PCAP_CUT)
		fail_set(
		    why, FAIL_FINAL, "%s is not a capture file", e->remote);
	else if (same != 0)
		fail_set(why, FAIL_FINAL,
		    "%s is byte for byte the file of event %d: the device "
		    "captured nothing new",
		    e->remote, same);
	return why->kind == FAIL_NONE;
}

/* All of it has come; `why` is FAIL_NONE, and is what is wrong with it. */
static void
keep_whole(struct fetch *f, const struct retrieval_end *e, struct fail *why)
{
	struct fail disk;
	enum severity severity = SEVERITY_NORMAL;
	bool captured = is_captured(f, e, why);
	char *text;
	int64_t off;

	/* FACT_FILE has the folder synced. */
	if (!(captured ? retrieval_put(f->retrieval, &disk)
		       : retrieval_keep(f->retrieval, &disk))) {
		row_of_failure(f, SEVERITY_MAJOR, &disk);
		ledger_fact(f->ledger, FACT_NO_ROOM);
		*why = disk;
		return;
	}
	if (!captured)
		severity = SEVERITY_MAJOR;
	else if (e->verdict == PCAP_CUT || is_old(f, e, &off))
		severity = SEVERITY_MINOR;
	text = captured || e->packets == 0 ? describe(e) : xstrdup(why->text);
	row_of_file(
	    f, e, captured ? TASK_SUCCESS : TASK_FAILURE, severity, text);
	free(text);
	if (captured)
		ledger_fact(f->ledger, FACT_FILE);
}

static void
file_is_here(struct fetch *f, const struct retrieval_end *e)
{
	struct fail why = {.kind = FAIL_NONE};

	keep_whole(f, e, &why);
	finish(f, &why);
}

/* The last try has failed: keep what came, for a part is better than none. */
static void
keep_what_came(struct fetch *f, const struct retrieval_end *e, struct fail *why)
{
	struct fail disk;

	if (e->bytes > 0 && retrieval_keep(f->retrieval, &disk)) {
		row_of_file(f, e, TASK_FAILURE, SEVERITY_MAJOR, why->text);
		return;
	}
	if (e->bytes > 0)
		ledger_fact(f->ledger, FACT_NO_ROOM);
	/* The disk's own word says more than that the file was not taken. */
	if (e->bytes > 0 && why->kind == FAIL_LOCAL)
		*why = disk;
	row_of_failure(f, SEVERITY_MAJOR, why)->code = why->code;
}

static void
give_up(struct fetch *f, const struct retrieval_end *e)
{
	/* Its texts go with the retrieval. */
	struct fail why = e->fail;

	if (why.kind == FAIL_LOCAL)
		ledger_fact(f->ledger, FACT_NO_ROOM);
	keep_what_came(f, e, &why);
	finish(f, &why);
}

static void
leave_place(struct fetch *f)
{
	timer_clear(&f->share);
	gate_leave(&f->ticket);
}

static void
on_end(void *arg, const struct retrieval_end *e)
{
	struct fetch *f = arg;
	int64_t pause;

	leave_place(f);
	if (e->fail.kind == FAIL_NONE) {
		file_is_here(f, e);
		return;
	}
	if (e->logged_in)
		f->reach->retry.unreachable_since = 0;
	pause = reach_again(f->reach, &e->fail);
	if (pause == RETRY_NEVER) {
		give_up(f, e);
		return;
	}
	row_of_failure(f, SEVERITY_MINOR, &e->fail);
	timer_set(&f->pause, pause);
}

/* --- a session --- */

/* This host has no room for it; it stays on the device. */
static void
no_room(struct fetch *f, const struct fail *why)
{
	struct retrieval_end end = {.fail = *why};

	leave_place(f);
	retrieval_so_far(f->retrieval, &end);
	give_up(f, &end);
}

/* At its pace, what is left takes longer than one more share.  What was not
 * announced may be any length. */
static bool
is_slow(const struct retrieval_progress *p, int64_t ms)
{
	return p->left == 0 ||
	       (double)p->left * (double)ms > (double)p->came * SHARE_MS;
}

/* Where nothing was gained since it last gave its place up (the device's file
 * changes), it would come and go for ever. */
static void
on_share(void *arg)
{
	struct fetch *f = arg;
	int64_t ms = loop_now(f->tools->lp) - f->since;
	struct retrieval_progress p = retrieval_progress(f->retrieval);

	if (retrieval_has_come(f->retrieval) ||
	    !gate_is_full(f->tools->sftp_gate) || p.came == 0 ||
	    p.here <= f->had || !is_slow(&p, ms)) {
		timer_set(&f->share, SHARE_LOOK_MS);
		return;
	}
	retrieval_cancel(f->retrieval);
	leave_place(f);
	ledger_log(f->ledger, LOGGING_INFO, "sftp",
	    "gives its place to others after %" PRId64 " s with %" PRIu64
	    " bytes; it goes on later",
	    ms / 1000, p.here);
	f->had = p.here;
	f->goes_on = true;
	on_pause(f);
}

/* Our turn: one session. */
static void
on_place(void *arg)
{
	struct fetch *f = arg;
	struct fail why;
	const struct campaign_conf *conf = f->tools->conf;
	const struct device_type *type = f->conf->type;
	struct sftp_spec spec = {
	    .addr = f->reach->addrs[0],
	    .port = (uint16_t)f->conf->ssh_port,
	    .host = f->conf->address,
	    .username = f->conf->username,
	    .password = f->conf->password,
	    .hosts = f->tools->hosts,
	    .host_keys = (const char *const *)f->conf->host_keys,
	    .n_host_keys = f->conf->n_host_keys,
	    .files = (const char *const *)type->remote_files,
	    .n_files = type->n_remote_files,
	    .narrow = conf->ssh.narrow || retrieval_wants_narrow(f->retrieval),
	    .connect_ms = (int)conf->timeouts.connect,
	    .stall_ms = (int)conf->timeouts.sftp_stall,
	};

	if (!f->goes_on)
		f->begun = ledger_begin(
		    f->ledger, TASK_RETRIEVE, f->reach->retry.tries + 1);
	f->goes_on = false;
	f->since = loop_now(f->tools->lp);
	timer_set(&f->share, SHARE_MS);
	retrieval_limit(
	    f->retrieval, conf->campaign.min_free, conf->campaign.max_file);
	if (ledger_has_room(f->ledger, &why))
		retrieval_try(f->retrieval, &spec, on_end, f);
	else
		no_room(f, &why);
}

static void
on_pause(void *arg)
{
	struct fetch *f = arg;

	gate_enter(f->tools->sftp_gate, &f->ticket, true, on_place, f);
}

/* --- public --- */

void
fetch_init(struct fetch *f, struct reach *reach, fetch_done *done, void *arg)
{
	f->tools = reach->tools;
	f->conf = reach->conf;
	f->reach = reach;
	f->done = done;
	f->arg = arg;
	timer_init(&f->pause, f->tools->lp, on_pause, f);
	timer_init(&f->share, f->tools->lp, on_share, f);
}

void
fetch_start(struct fetch *f, struct ledger *l)
{
	char *path;

	f->ledger = l;
	retry_next_step(&f->reach->retry);
	f->goes_on = false;
	f->had = 0;
	f->begun = ledger_begin(l, TASK_RETRIEVE, 1);
	path = ledger_path(l);
	f->retrieval = retrieval_new(f->tools->lp, f->tools->disk, path);
	free(path);
	on_pause(f);
}

void
fetch_cancel(struct fetch *f)
{
	leave_place(f);
	timer_clear(&f->pause);
	retrieval_free(f->retrieval);
	f->retrieval = NULL;
}

void
fetch_abandon(struct fetch *f, const char *why)
{
	struct retrieval_end end = {.bytes = 0};
	struct fail over = {.kind = FAIL_NONE};
	bool whole;

	if (f->retrieval == NULL)
		return;
	whole = retrieval_has_come(f->retrieval);
	retrieval_cancel(f->retrieval);
	retrieval_so_far(f->retrieval, &end);
	if (whole) {
		keep_whole(f, &end, &over);
	} else {
		fail_set(&over, FAIL_FINAL, "%s", why);
		end.fail = over;
		keep_what_came(f, &end, &over);
	}
	fetch_cancel(f);
}

void
fetch_hurry(struct fetch *f)
{
	timer_hurry(&f->pause);
}
