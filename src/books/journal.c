/* journal.c - writes the journal: a line at once, a sync once a turn at most.
 *
 * Lines are collected and written at the end of the turn, before anything that
 * waits for them goes on.
 */
#include "books/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/row_fields.h"
#include "loop/disk_sync.h"
#include "loop/timer.h"

/* A disk that was full may have room later. */
#define AGAIN_MS 5000
/* Where the loop stands still in a sync, it then works so many times as long
 * before the next one, but no longer than a second. */
#define WORK_A_SYNC  3
#define WORK_MOST_US 1000000
/* What waits for it until then; a night of 10000 devices is less. */
#define HELD_MAX (128 * 1024 * 1024)

struct pending {
	const struct device_result *device;
	const struct row *row;
};

struct journal {
	struct loop *lp;
	const struct run_result *run;
	char *path;
	int fd;
	struct strbuf lines; /* not written yet */
	int64_t wall;        /* of the last line, as `when` says it */
	char when[CLOCK_TEXT_MAX];
	struct pending *rows; /* not even made yet: a row is complete only at
				 the end of the turn that adds it */
	size_t n_rows;
	TAILQ_HEAD(, journal_wait) waiting;
	uint64_t waits;         /* so many have begun to wait */
	struct disk_sync *disk; /* NULL: every sync is in the loop */
	struct disk_job beside; /* the sync that is not */
	uint64_t served;        /* the last one that it serves */
	char *folder;           /* that lines rely on; NULL: none */
	bool want_sync;  /* a fact that the disk must have is among the lines */
	int64_t sync_at; /* not before this moment, us on the monotonic clock */
	struct timer flush;
	struct timer later; /* the sync that is wanted */
	struct timer again; /* what could not be written is tried again */
	bool told;          /* of trouble */
	bool lost;          /* too much was held: no line follows */
	journal_trouble *trouble;
	void *arg;
};

/* --- writing --- */

static void
broke(struct journal *j)
{
	char *text;

	if (j->told)
		return;
	j->told = true;
	text = xasprintf("cannot write %s: %s; a run that is killed now cannot "
			 "be finished by the next",
	    j->path, strerror(errno));
	j->trouble(j->arg, text);
	free(text);
}

static void
flush_soon(struct journal *j)
{
	if (!timer_is_set(&j->flush))
		timer_set(&j->flush, 0);
}

/* The next line, to be ended before another begins. */
static struct json_out
line_begin(struct journal *j, const char *kind)
{
	struct json_out o = {.to = &j->lines, .compact = true};
	int64_t wall = loop_wall(j->lp);

	if (j->when[0] == '\0' || wall != j->wall)
		clock_rfc3339(wall, j->when);
	j->wall = wall;
	json_out_object(&o, NULL);
	json_out_text(&o, "time", j->when);
	json_out_text(&o, "kind", kind);
	return o;
}

static struct json_out
device_line_begin(
    struct journal *j, const struct device_result *d, const char *kind)
{
	struct json_out o = line_begin(j, kind);

	json_out_int(&o, "n", d - j->run->devices);
	json_out_text(&o, "device", d->conf->address);
	return o;
}

static void
line_end(struct journal *j, struct json_out *o)
{
	json_out_end(o);
	strbuf_add(o->to, "\n");
	flush_soon(j);
}

static void
add_row(struct journal *j, const struct device_result *d, const struct row *row)
{
	struct json_out o = device_line_begin(j, d, "task");

	row_write(row, &o);
	line_end(j, &o);
}

static void
add_rows(struct journal *j)
{
	for (size_t i = 0; i < j->n_rows; i++)
		add_row(j, j->rows[i].device, j->rows[i].row);
	j->n_rows = 0;
}

/* How much of it the file has taken; the rest cannot be written now. */
static size_t
write_some(struct journal *j, const char *p, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(j->fd, p + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			broke(j);
			break;
		}
		done += (size_t)n;
	}
	return done;
}

/* No line may be missing between others: the next run would do again what they
 * tell of. */
static void
hold(struct journal *j, size_t from)
{
	size_t left = j->lines.len - from;
	char *rest = left > 0 ? xstrdup(j->lines.s + from) : NULL;

	j->lost = j->lost || left > HELD_MAX;
	strbuf_clear(&j->lines);
	if (left > 0 && !j->lost) {
		strbuf_add(&j->lines, rest);
		timer_set(&j->again, AGAIN_MS);
	}
	free(rest);
}

/* If that is wanted. */
static void
sync_lines(struct journal *j)
{
	int64_t began = loop_moment(j->lp).mono, ended, work;
	bool wanted = j->want_sync && !j->lost;

	j->want_sync = false;
	if (!wanted)
		return;
	if (fdatasync(j->fd) != 0)
		broke(j);
	ended = loop_moment(j->lp).mono;
	work = WORK_A_SYNC * (ended - began);
	j->sync_at = ended + (work < WORK_MOST_US ? work : WORK_MOST_US);
}

static void
sync_folder(struct journal *j)
{
	if (j->folder == NULL)
		return;
	errno = atomic_file_sync_folder(j->folder);
	if (errno != 0)
		broke(j);
	free(j->folder);
	j->folder = NULL;
}

static void
write_lines(struct journal *j)
{
	size_t done;

	add_rows(j);
	sync_folder(j);
	timer_clear(&j->again);
	done = j->lost ? j->lines.len
		       : write_some(j, strbuf_text(&j->lines), j->lines.len);
	hold(j, done);
	timer_clear(&j->flush);
}

/* Is the sync that is wanted to come later?  Then the timer is set for it. */
static bool
syncs_later(struct journal *j)
{
	int64_t left = j->sync_at - loop_moment(j->lp).mono;

	if (!j->want_sync || left <= 0)
		return false;
	timer_set(&j->later, (left + 999) / 1000);
	return true;
}

/* Who waits, up to this one; whoever begins to wait in here waits for the next
 * sync. */
static void
serve(struct journal *j, uint64_t last)
{
	struct journal_wait *w;

	loop_doing(j->lp, "devices");
	while ((w = TAILQ_FIRST(&j->waiting)) != NULL && w->number <= last) {
		TAILQ_REMOVE(&j->waiting, w, next);
		w->journal = NULL;
		w->done(w->arg);
	}
}

static void
on_synced(void *arg, int error)
{
	struct journal *j = arg;

	errno = error;
	if (error != 0)
		broke(j);
	serve(j, j->served);
	if (j->want_sync || !TAILQ_EMPTY(&j->waiting))
		flush_soon(j);
}

/* Beside the loop, where that can be. */
static bool
begin_sync(struct journal *j)
{
	if (!j->want_sync || j->lost ||
	    !disk_sync_begin(j->disk, &j->beside, j->fd, on_synced, j))
		return false;
	j->want_sync = false;
	j->served = j->waits;
	return true;
}

static void
on_flush(void *arg)
{
	struct journal *j = arg;

	loop_doing(j->lp, "the journal");
	write_lines(j);
	if (disk_job_busy(&j->beside) || begin_sync(j) || syncs_later(j))
		return;
	sync_lines(j);
	serve(j, j->waits);
}

/* --- opening and closing --- */

static void
add_header(struct journal *j)
{
	const struct run_result *r = j->run;
	struct json_out o = line_begin(j, "run");

	json_out_int(&o, "schema", JOURNAL_SCHEMA);
	json_out_text(&o, "version", VERSION);
	json_out_text(&o, "campaign", r->conf->campaign.name);
	json_out_text(&o, "run", r->run);
	json_out_int(&o, "started", r->started);
	json_out_int(&o, "windowEnd", r->window_end);
	line_end(j, &o);
	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_entry *d = r->devices[i].conf;

		o = device_line_begin(j, &r->devices[i], "device");
		json_out_text(&o, "name", d->name);
		json_out_text(&o, "type", d->type->name);
		json_out_text(&o, "agent", d->agent->address);
		json_out_text(&o, "told", d->told);
		json_out_int(&o, "restPort", d->rest_port);
		line_end(j, &o);
	}
}

static struct journal *
open_file(struct loop *lp, const struct run_result *r, int flags,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j = xcalloc(1, sizeof(*j));

	j->lp = lp;
	j->run = r;
	j->trouble = trouble;
	j->arg = arg;
	j->path = xasprintf("%s/" RUN_JOURNAL, r->folder);
	TAILQ_INIT(&j->waiting);
	timer_init(&j->flush, lp, on_flush, j);
	timer_init(&j->later, lp, on_flush, j);
	timer_init(&j->again, lp, on_flush, j);
	j->disk = disk_sync_new(lp);
	j->fd = open(
	    j->path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0640);
	if (j->fd >= 0)
		return j;
	fail_set(
	    why, FAIL_LOCAL, "cannot open %s: %s", j->path, strerror(errno));
	journal_free(j);
	return NULL;
}

struct journal *
journal_create(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j =
	    open_file(lp, r, O_CREAT | O_EXCL, trouble, arg, why);

	if (j != NULL)
		add_header(j);
	return j;
}

struct journal *
journal_reopen(struct loop *lp, const struct run_result *r,
    journal_trouble *trouble, void *arg, struct fail *why)
{
	struct journal *j = open_file(lp, r, 0, trouble, arg, why);
	struct json_out o;
	off_t size;
	char last;

	if (j == NULL)
		return NULL;
	/* A line that was cut stays as it is; ours begin on their own. */
	size = lseek(j->fd, 0, SEEK_END);
	if (size > 0 && pread(j->fd, &last, 1, size - 1) == 1 && last != '\n')
		strbuf_add(&j->lines, "\n");
	o = line_begin(j, "recovery");
	line_end(j, &o);
	return j;
}

static int64_t
count_on(const struct run_result *r)
{
	int64_t n = 0;

	for (size_t i = 0; i < r->n_devices; i++)
		n += round_may_be_on(&r->devices[i].round);
	return n;
}

/* What a report says of the whole run beside its devices. */
static void
add_summary(struct journal *j)
{
	const struct run_result *r = j->run;
	struct json_out o = line_begin(j, "summary");

	json_out_int(&o, "ended", r->ended);
	json_out_int(&o, "took", r->took);
	json_out_bool(&o, "interrupted", r->interrupted);
	json_out_bool(&o, "windowEnded", r->window_ended);
	json_out_text(&o, "trouble", r->trouble);
	json_out_int(&o, "datagrams", (int64_t)r->datagrams);
	json_out_int(&o, "refused", (int64_t)r->refused);
	json_out_int(&o, "dropped", (int64_t)r->dropped);
	line_end(j, &o);
	for (size_t i = 0; i < r->n_agents; i++) {
		const struct agent_result *a = &r->agents[i];

		o = line_begin(j, "agent");
		json_out_text(&o, "agent", a->conf->address);
		json_out_bool(&o, "earlierVersion", a->earlier_version);
		json_out_text(&o, "version", a->version);
		json_out_int(&o, "clock", a->clock);
		json_out_int(&o, "answers", (int64_t)a->answers);
		json_out_int(&o, "alarms", (int64_t)a->alarms);
		json_out_int(&o, "refused", (int64_t)a->refused);
		json_out_int(&o, "last", a->last);
		line_end(j, &o);
	}
}

void
journal_end(struct journal *j, int exit_status)
{
	struct json_out o;

	if (j == NULL)
		return;
	add_rows(j); /* nothing comes behind the closing line */
	add_summary(j);
	o = line_begin(j, "end");
	json_out_int(&o, "exitStatus", exit_status);
	json_out_int(&o, "mayBeOn", count_on(j->run));
	line_end(j, &o);
	j->want_sync = true;
	write_lines(j);
	sync_lines(j);
	journal_free(j);
}

void
journal_flush(struct journal *j)
{
	j->want_sync = true;
	write_lines(j);
	sync_lines(j);
	if (!TAILQ_EMPTY(&j->waiting))
		flush_soon(j);
}

void
journal_free(struct journal *j)
{
	if (j == NULL)
		return;
	timer_clear(&j->flush);
	timer_clear(&j->later);
	timer_clear(&j->again);
	disk_sync_free(j->disk);
	strbuf_free(&j->lines);
	free(j->folder);
	free(j->rows);
	if (j->fd >= 0)
		close(j->fd);
	free(j->path);
	free(j);
}

/* A journal's files are in one folder. */
void
journal_relies_on(struct journal *j, const char *folder)
{
	if (j == NULL)
		(void)atomic_file_sync_folder(folder);
	else if (j->folder == NULL)
		j->folder = xstrdup(folder);
}

/* --- lines; without a journal (--recover alone) there are none --- */

void
journal_fact(struct journal *j, struct device_result *d, enum fact f)
{
	struct json_out o;

	result_fact(d, f);
	if (j == NULL || fact_name(f) == NULL)
		return;
	o = device_line_begin(j, d, "fact");
	json_out_text(&o, "fact", fact_name(f));
	json_out_int(&o, "event", d->round.event);
	if (f == FACT_STOP)
		json_out_text(&o, "file", d->round.file);
	if (f == FACT_EVENT)
		json_out_int(&o, "at", d->round.event_at);
	j->want_sync |= fact_wants_disk(f);
	line_end(j, &o);
}

void
journal_state(
    struct journal *j, const struct device_result *d, const char *state)
{
	struct json_out o;

	if (j == NULL)
		return;
	o = device_line_begin(j, d, "state");
	json_out_text(&o, "state", state);
	line_end(j, &o);
}

void
journal_row_again(
    struct journal *j, const struct device_result *d, const struct row *row)
{
	if (j == NULL)
		return;
	j->rows = xreallocarray(j->rows, j->n_rows + 1, sizeof(*j->rows));
	j->rows[j->n_rows++] = (struct pending){.device = d, .row = row};
	flush_soon(j);
}

struct row *
journal_row(struct journal *j, struct device_result *d, const struct row *what)
{
	struct row *row = result_row(d, what);

	journal_row_again(j, d, row);
	return row;
}

/* What a report says of a device beside its rows. */
static void
add_standing(const struct device_result *d, struct json_out *o)
{
	json_out_int(o, "on", d->coverage.on);
	json_out_int(o, "off", d->coverage.off);
	if (d->clock_known)
		json_out_int(o, "clock", d->clock);
	json_out_text(o, "registration", registration_name(d->registration));
	json_out_int(o, "registerAttempts", d->register_attempts);
	json_out_text(o, "lastRequest", d->last_request);
	json_out_text(o, "lastResponse", d->last_response);
	json_out_bool(o, "awaitingResponse", d->awaiting_response);
	json_out_text(o, "lastEvent", d->last_event);
	json_out_text(o, "lastCapture", d->last_capture);
	json_out_int(o, "nearMisses", d->near_misses);
}

void
journal_outcome(struct journal *j, const struct device_result *d)
{
	struct json_out o;

	if (j == NULL)
		return;
	o = device_line_begin(j, d, "outcome");
	json_out_text(&o, "outcome", outcome_name(d->outcome));
	json_out_text(&o, "severity", severity_name(d->severity));
	json_out_text(&o, "description", d->description);
	json_out_int(&o, "triggers", d->triggers);
	json_out_int(&o, "events", d->events);
	add_standing(d, &o);
	line_end(j, &o);
}

/* --- waiting --- */

void
journal_sync(struct journal *j, struct journal_wait *w, void (*done)(void *arg),
    void *arg)
{
	w->journal = j;
	w->number = ++j->waits;
	w->done = done;
	w->arg = arg;
	TAILQ_INSERT_TAIL(&j->waiting, w, next);
	flush_soon(j);
}

void
journal_sync_cancel(struct journal_wait *w)
{
	if (w->journal == NULL)
		return;
	TAILQ_REMOVE(&w->journal->waiting, w, next);
	w->journal = NULL;
}
