/* retrieval.c - one event's capture, from the device to its name on our disk.
 *
 * Between io/sftp, which delivers bytes from an offset on, and the file, the
 * walker and the hash that all see each byte once.
 */
#include "device/retrieval.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/file_sync.h"

/* So often the disk is looked at while a file comes. */
#define LOOK_BYTES 65536

/* The remote file, or its beginning, as it came. */
struct copy {
	struct atomic_file
	    *file; /* NULL until the first byte's place is known */
	struct pcap_walk *walk;
	struct digest *digest;
	uint64_t bytes; /* on our disk */
};

struct retrieval {
	struct loop *lp;
	struct disk_sync *disk;
	char *path;
	char *folder; /* of `path` */
	int64_t min_free, max_file;
	uint64_t
	    look_at;  /* so many bytes are here when the disk is looked at */
	bool stopped; /* the file is beyond a limit: `local` says which */
	struct copy now;
	struct copy aside; /* the longest that came to an end, and was odd */
	struct sftp *sftp; /* the try under way */
	struct file_sync syncing; /* what came of it is whole */
	uint64_t came;            /* bytes, in it */
	char *remote;
	uint64_t size, mtime; /* of the remote file, as last announced */
	bool odd;           /* it once came to an end, cut or no capture ... */
	uint64_t odd_bytes; /* ... with this length, at the last time */
	bool again;         /* the next try begins at byte 0 */
	bool narrow;
	struct fail local; /* trouble on our side, while opening or writing */
	retrieval_done *done;
	void *arg;
};

static void
copy_begin(struct copy *c)
{
	*c = (struct copy){.walk = pcap_walk_new(), .digest = digest_new()};
}

static void
copy_drop(struct copy *c)
{
	atomic_file_abort(c->file);
	pcap_walk_free(c->walk);
	digest_free(c->digest);
	*c = (struct copy){.file = NULL};
}

struct retrieval *
retrieval_new(struct loop *lp, struct disk_sync *disk, const char *path)
{
	struct retrieval *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->disk = disk;
	r->path = xstrdup(path);
	r->folder = xstrndup(path, (size_t)(strrchr(path, '/') - path) + 1);
	atomic_file_forget_aside(path);
	copy_begin(&r->now);
	return r;
}

void
retrieval_free(struct retrieval *r)
{
	if (r == NULL)
		return;
	file_sync_cancel(&r->syncing); /* nothing of it is kept */
	retrieval_cancel(r);
	copy_drop(&r->now);
	copy_drop(&r->aside);
	free(r->remote);
	free(r->folder);
	free(r->path);
	free(r);
}

/* --- limits --- */

void
retrieval_limit(struct retrieval *r, int64_t min_free, int64_t max_file)
{
	r->min_free = min_free;
	r->max_file = max_file;
}

/* Does the disk keep min_free with so many bytes more?  Where it cannot be
 * told, writing will show. */
static bool
has_room(struct retrieval *r, uint64_t more, const char *which)
{
	long long space = disk_free_bytes(r->folder);

	if (space < 0 ||
	    (space >= r->min_free && more <= (uint64_t)(space - r->min_free)))
		return true;
	fail_set(&r->local, FAIL_LOCAL,
	    "No space left for it: %lld bytes are free here, campaign.min_free "
	    "keeps %" PRId64 ", and %" PRIu64 " more %s; it stays where it is",
	    space, r->min_free, more, which);
	return false;
}

static bool
fits_max(struct retrieval *r, uint64_t bytes)
{
	if (r->max_file == 0 || bytes <= (uint64_t)r->max_file)
		return true;
	fail_set(&r->local, FAIL_FINAL,
	    "it has %s%" PRIu64 " bytes and campaign.max_file allows %" PRId64
	    "; it stays where it is",
	    bytes > r->size ? "at least " : "", bytes, r->max_file);
	return false;
}

/* What the device announced, before anything of it comes. */
static bool
fits_announced(struct retrieval *r)
{
	uint64_t have = r->now.bytes;

	r->look_at = have;
	return fits_max(r, r->size) &&
	       has_room(
		   r, r->size > have ? r->size - have : 0, "were announced");
}

/* It may be longer than that, and others write to the disk, too. */
static bool
fits_more(struct retrieval *r, size_t len)
{
	uint64_t bytes = r->now.bytes + len;

	if (!fits_max(r, bytes))
		return false;
	if (bytes < r->look_at)
		return true;
	r->look_at = bytes + LOOK_BYTES;
	return has_room(r, len, "have come");
}

/* What came takes room that others need. */
static void
stop(struct retrieval *r)
{
	r->stopped = true;
	copy_drop(&r->now);
	copy_begin(&r->now);
}

/* --- a session --- */

/* Fetched once more: what has come stays until as much has come again. */
static void
set_aside(struct retrieval *r)
{
	if (r->now.bytes < r->aside.bytes) {
		copy_drop(&r->now);
	} else {
		copy_drop(&r->aside);
		r->aside = r->now;
		if (r->aside.file != NULL)
			atomic_file_set_aside(r->aside.file);
	}
	copy_begin(&r->now);
}

/* The one with more in it. */
static const struct copy *
best(const struct retrieval *r)
{
	return r->aside.bytes > r->now.bytes ? &r->aside : &r->now;
}

static bool
same_file(const struct retrieval *r, const struct sftp_file *f)
{
	return r->remote != NULL && strcmp(r->remote, f->path) == 0 &&
	       r->size == f->size && r->mtime == f->mtime;
}

static uint64_t
on_opened(void *arg, const struct sftp_file *f)
{
	struct retrieval *r = arg;

	if (r->again) {
		set_aside(r);
	} else if (!same_file(r, f)) {
		copy_drop(&r->now);
		copy_begin(&r->now);
	}
	r->again = false;
	free(r->remote);
	r->remote = xstrdup(f->path);
	r->size = f->size;
	r->mtime = f->mtime;
	if (!fits_announced(r))
		stop(r);
	else if (r->now.file == NULL)
		r->now.file = atomic_file_open(r->path, &r->local);
	return r->now.bytes;
}

static bool
on_data(void *arg, const void *data, size_t len)
{
	struct retrieval *r = arg;
	struct copy *c = &r->now;

	if (c->file == NULL)
		return false;
	if (!fits_more(r, len)) {
		stop(r);
		return false;
	}
	atomic_file_write(c->file, data, len);
	pcap_walk_add(c->walk, data, len);
	digest_add(c->digest, data, len);
	c->bytes += len;
	r->came += len;
	return atomic_file_ok(c->file);
}

/* At the end of file: is this what a capture looks like?  If not, it may have
 * been cut on the way (a server that ends early without an error), so it is
 * fetched once more; the same length again is how it is on the device. */
static void
judge_end(struct retrieval *r, struct fail *f)
{
	enum pcap_verdict v = pcap_walk_verdict(r->now.walk);

	if (v == PCAP_WHOLE || (r->odd && r->odd_bytes == r->now.bytes)) {
		copy_drop(&r->aside);
		return;
	}
	r->odd = true;
	r->odd_bytes = r->now.bytes;
	r->again = true;
	fail_set(f, FAIL_TRANSIENT,
	    "%s is %s after %" PRIu64 " bytes; fetching it once more",
	    r->remote, pcap_verdict_name(v), r->now.bytes);
}

void
retrieval_so_far(const struct retrieval *r, struct retrieval_end *end)
{
	const struct copy *c = best(r);

	end->announced = r->size;
	end->verdict = pcap_walk_verdict(c->walk);
	end->bytes = c->bytes;
	end->packets = pcap_walk_packets(c->walk);
	end->first_us = pcap_walk_first_us(c->walk);
	end->last_us = pcap_walk_last_us(c->walk);
	digest_hex(c->digest, end->sha256);
	end->remote = r->remote != NULL ? r->remote : "";
}

/* An error shows when the file is kept. */
static void
on_synced(void *arg)
{
	struct retrieval *r = arg;
	struct retrieval_end end = {.logged_in = true};

	retrieval_so_far(r, &end);
	r->done(r->arg, &end);
}

/* The loop does not stand still for a file that is whole. */
static bool
syncs_first(struct retrieval *r, const struct fail *f)
{
	if (f->kind != FAIL_NONE || r->stopped)
		return false;
	return file_sync_begin(&r->syncing, r->disk, r->now.file, on_synced, r);
}

static void
on_done(void *arg, bool logged_in, const struct fail *why)
{
	struct retrieval *r = arg;
	struct retrieval_end end = {.fail = *why, .logged_in = logged_in};

	r->sftp = NULL;
	if (r->stopped || (why->kind == FAIL_LOCAL && r->now.file == NULL &&
			      r->local.text[0]))
		end.fail = r->local;
	r->narrow = r->narrow || (logged_in && why->kind == FAIL_TRANSIENT);
	if (why->kind == FAIL_NONE && r->now.file == NULL)
		end.fail = r->local; /* an empty file never asked for data */
	else if (why->kind == FAIL_NONE && !r->stopped)
		judge_end(r, &end.fail);
	if (syncs_first(r, &end.fail))
		return;
	retrieval_so_far(r, &end);
	r->done(r->arg, &end);
}

static const struct sftp_events events = {
    .opened = on_opened, .data = on_data, .done = on_done};

static void
begin_try(struct retrieval *r, retrieval_done *done, void *arg)
{
	r->done = done;
	r->arg = arg;
	r->stopped = false;
	r->came = 0;
}

void
retrieval_try(struct retrieval *r, const struct sftp_spec *spec,
    retrieval_done *done, void *arg)
{
	begin_try(r, done, arg);
	r->sftp = sftp_start(r->lp, spec, &events, r);
}

bool
retrieval_try_in(struct retrieval *r, struct sftp *session, const char *file,
    retrieval_done *done, void *arg)
{
	begin_try(r, done, arg);
	return sftp_next(session, &file, 1, &events, r);
}

void
retrieval_cancel(struct retrieval *r)
{
	if (r == NULL)
		return;
	sftp_cancel(r->sftp);
	r->sftp = NULL;
	/* What has come may be kept. */
	file_sync_wait(&r->syncing);
}

struct retrieval_progress
retrieval_progress(const struct retrieval *r)
{
	uint64_t here = r->now.bytes;

	return (struct retrieval_progress){
	    r->came, here, r->size > here ? r->size - here : 0};
}

bool
retrieval_has_come(const struct retrieval *r)
{
	return file_sync_busy(&r->syncing);
}

bool
retrieval_wants_narrow(const struct retrieval *r)
{
	return r->narrow;
}

static struct atomic_file *
take_file(struct retrieval *r, struct fail *why)
{
	struct copy *c = best(r) == &r->now ? &r->now : &r->aside;
	struct atomic_file *file = c->file;

	if (file == NULL)
		fail_set(why, FAIL_FINAL, "nothing came");
	c->file = NULL;
	return file;
}

bool
retrieval_keep(struct retrieval *r, struct fail *why)
{
	struct atomic_file *file = take_file(r, why);

	return file != NULL && atomic_file_commit(file, why);
}

bool
retrieval_put(struct retrieval *r, struct fail *why)
{
	struct atomic_file *file = take_file(r, why);

	return file != NULL && atomic_file_put(file, why);
}
