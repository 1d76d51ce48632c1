/* line_file.c - see line_file.h.
 *
 * Two syncs may be under way: of the names that lines rely on, before these are
 * written, and of what was written.
 */
#include "books/line_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/xmem.h"
#include "loop/disk_sync.h"
#include "loop/timer.h"
#include "loop/turn_time.h"

/* A disk that was full may have room later. */
#define AGAIN_MS 5000
/* Where the loop stands still in a sync, it then works so many times as long
 * before the next one, but no longer than a second. */
#define WORK_A_SYNC  3
#define WORK_MOST_US 1000000
/* What waits for it until then; a night of 10000 devices is less. */
#define HELD_MAX (128 * 1024 * 1024)

struct line_file {
	struct loop *lp;
	const struct line_file_events *events;
	void *arg;
	int fd;
	struct strbuf lines; /* not written yet */
	TAILQ_HEAD(line_waits, line_wait) waiting;
	uint64_t waits; /* so many have begun to wait */
	uint64_t due;   /* up to this one they go on */
	struct timer serving;
	struct disk_sync *disk; /* NULL: every sync is in the loop */
	struct disk_job beside; /* the sync of lines that is not */
	uint64_t served;        /* the last one that it serves */
	char *folder;           /* that lines rely on; NULL: none */
	bool relies;            /* some do, of those not written */
	struct disk_job names;  /* its sync beside the loop */
	struct {
		size_t len; /* of `lines` */
		uint64_t waits;
		bool want_sync;
	} named;         /* what that sync is for; the rest came later */
	bool want_sync;  /* a line that the disk must have is among the rest */
	int64_t sync_at; /* not before this moment, us on the monotonic clock */
	struct timer flush;
	struct timer later; /* the sync that is wanted */
	struct timer again; /* what could not be written is tried again */
	bool told;          /* of trouble */
	bool lost;          /* too much was held: no line follows */
};

/* The first error is told; 0 is none. */
static void
broke(struct line_file *f, int error)
{
	if (error == 0 || f->told)
		return;
	f->told = true;
	f->events->broke(f->arg, error);
}

static void
flush_soon(struct line_file *f)
{
	if (!timer_is_set(&f->flush))
		timer_set(&f->flush, 0);
}

/* --- writing --- */

/* How much of it the file has taken; the rest cannot be written now. */
static size_t
write_some(struct line_file *f, const char *p, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = write(f->fd, p + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			broke(f, errno);
			break;
		}
		done += (size_t)n;
	}
	return done;
}

/* Keep what is behind it.  No line may be missing between others: the next run
 * would do again what they tell of. */
static void
hold(struct line_file *f, size_t from)
{
	size_t left = f->lines.len - from;
	char *rest = left > 0 ? xstrdup(f->lines.s + from) : NULL;

	f->lost = f->lost || left > HELD_MAX;
	strbuf_clear(&f->lines);
	if (left > 0 && !f->lost)
		strbuf_add(&f->lines, rest);
	free(rest);
}

/* The first `len` bytes. */
static void
write_lines(struct line_file *f, size_t len)
{
	size_t done =
	    f->lost ? len : write_some(f, strbuf_text(&f->lines), len);

	hold(f, done);
	if (done < len && !f->lost)
		timer_set(&f->again, AGAIN_MS);
	else
		timer_clear(&f->again);
}

/* --- syncing --- */

/* In the loop, if that is wanted. */
static void
sync_lines(struct line_file *f)
{
	int64_t began = loop_moment(f->lp).mono, ended, work;
	bool wanted = f->want_sync && !f->lost;

	f->want_sync = false;
	if (!wanted)
		return;
	if (fdatasync(f->fd) != 0)
		broke(f, errno);
	ended = loop_moment(f->lp).mono;
	work = WORK_A_SYNC * (ended - began);
	f->sync_at = ended + (work < WORK_MOST_US ? work : WORK_MOST_US);
}

static void
sync_names(struct line_file *f)
{
	if (!f->relies)
		return;
	f->relies = false;
	broke(f, atomic_file_sync_folder(f->folder));
}

/* Is the sync that is wanted to come later?  Then the timer is set for it. */
static bool
syncs_later(struct line_file *f)
{
	int64_t left = f->sync_at - loop_moment(f->lp).mono;

	if (!f->want_sync || left <= 0)
		return false;
	timer_set(&f->later, (left + 999) / 1000);
	return true;
}

/* Those that are due, as many as the part of the turn is long enough for;
 * whoever begins to wait in here waits for the next sync. */
static void
serve_due(void *arg)
{
	struct line_file *f = arg;
	struct line_wait *w;

	loop_doing(f->lp, "devices");
	while ((w = TAILQ_FIRST(&f->waiting)) != NULL && w->number <= f->due) {
		TAILQ_REMOVE(&f->waiting, w, next);
		w->file = NULL;
		w->done(w->arg);
		if (!loop_part_is_over(f->lp))
			continue;
		timer_set(&f->serving, 0);
		return;
	}
}

/* Who waits, up to this one. */
static void
serve(struct line_file *f, uint64_t last)
{
	f->due = last > f->due ? last : f->due;
	serve_due(f);
}

/* Does somebody wait for the next sync? */
static bool
has_more_waits(const struct line_file *f)
{
	const struct line_wait *last = TAILQ_LAST(&f->waiting, line_waits);

	return last != NULL && last->number > f->due;
}

static void
on_synced(void *arg, int error)
{
	struct line_file *f = arg;

	broke(f, error);
	serve(f, f->served);
	if (f->want_sync || has_more_waits(f))
		flush_soon(f);
}

/* Beside the loop, where that can be. */
static bool
begin_sync(struct line_file *f, uint64_t waits)
{
	if (!f->want_sync || f->lost ||
	    !disk_sync_begin(f->disk, &f->beside, f->fd, on_synced, f))
		return false;
	f->want_sync = false;
	f->served = waits;
	return true;
}

/* So much of the lines to the file, and to the disk if that is wanted; then
 * those up to `waits` go on. */
static void
bring(struct line_file *f, size_t len, uint64_t waits)
{
	write_lines(f, len);
	if (disk_job_busy(&f->beside) || begin_sync(f, waits) || syncs_later(f))
		return;
	sync_lines(f);
	serve(f, waits);
}

/* EINVAL: a file system that cannot sync folders. */
static void
names_ended(struct line_file *f, int error)
{
	broke(f, error == EINVAL ? 0 : error);
}

/* The names are on the disk that the first of the lines rely on. */
static void
on_named(void *arg, int error)
{
	struct line_file *f = arg;
	bool rest = f->want_sync;

	names_ended(f, error);
	f->want_sync = f->named.want_sync;
	bring(f, f->named.len, f->named.waits);
	f->want_sync |= rest;
	if (f->lines.len > 0 || f->want_sync || has_more_waits(f))
		flush_soon(f);
}

/* Beside the loop, where that can be; until its end no line is written. */
static bool
begin_names(struct line_file *f)
{
	bool begun;
	int fd;

	if (!f->relies || f->lost)
		return false;
	fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	begun = disk_sync_begin(f->disk, &f->names, fd, on_named, f);
	close(fd);
	if (!begun)
		return false;
	f->relies = false;
	f->named.len = f->lines.len;
	f->named.waits = f->waits;
	f->named.want_sync = f->want_sync;
	f->want_sync = false;
	return true;
}

static void
on_flush(void *arg)
{
	struct line_file *f = arg;

	loop_doing(f->lp, "the journal");
	f->events->complete(f->arg);
	timer_clear(&f->flush);
	if (disk_job_busy(&f->names) || begin_names(f))
		return;
	sync_names(f);
	bring(f, f->lines.len, f->waits);
}

void
line_file_flush(struct line_file *f)
{
	f->events->complete(f->arg);
	timer_clear(&f->flush);
	names_ended(f, disk_job_wait(&f->names));
	sync_names(f);
	write_lines(f, f->lines.len);
	f->want_sync = true;
	sync_lines(f);
	if (has_more_waits(f))
		flush_soon(f);
}

/* --- lines --- */

struct line_file *
line_file_open(struct loop *lp, const char *path, int flags,
    const struct line_file_events *events, void *arg)
{
	struct line_file *f;
	int fd = open(
	    path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | flags, 0640);

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->lp = lp;
	f->fd = fd;
	f->events = events;
	f->arg = arg;
	TAILQ_INIT(&f->waiting);
	timer_init(&f->flush, lp, on_flush, f);
	timer_init(&f->later, lp, on_flush, f);
	timer_init(&f->again, lp, on_flush, f);
	timer_init(&f->serving, lp, serve_due, f);
	f->disk = disk_sync_new(lp);
	return f;
}

struct strbuf *
line_file_lines(struct line_file *f)
{
	return &f->lines;
}

void
line_file_added(struct line_file *f)
{
	flush_soon(f);
}

bool
line_file_is_cut(const struct line_file *f)
{
	off_t size = lseek(f->fd, 0, SEEK_END);
	char last;

	return size > 0 && pread(f->fd, &last, 1, size - 1) == 1 &&
	       last != '\n';
}

void
line_file_wants_disk(struct line_file *f)
{
	f->want_sync = true;
}

void
line_file_relies_on(struct line_file *f, const char *folder)
{
	if (f->folder == NULL)
		f->folder = xstrdup(folder);
	f->relies = true;
}

void
line_file_free(struct line_file *f)
{
	if (f == NULL)
		return;
	timer_clear(&f->flush);
	timer_clear(&f->later);
	timer_clear(&f->again);
	timer_clear(&f->serving);
	broke(f, disk_job_wait(&f->beside));
	disk_sync_free(f->disk);
	strbuf_free(&f->lines);
	free(f->folder);
	close(f->fd);
	free(f);
}

/* --- waiting --- */

void
line_file_wait(struct line_file *f, struct line_wait *w,
    void (*done)(void *arg), void *arg)
{
	w->file = f;
	w->number = ++f->waits;
	w->done = done;
	w->arg = arg;
	TAILQ_INSERT_TAIL(&f->waiting, w, next);
	flush_soon(f);
}

void
line_wait_cancel(struct line_wait *w)
{
	if (w->file == NULL)
		return;
	TAILQ_REMOVE(&w->file->waiting, w, next);
	w->file = NULL;
}
