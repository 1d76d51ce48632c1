/* retrieval.c - one event's capture, from the device to its name on our disk.
 *
 * Between io/sftp, which delivers bytes from an offset on, and the file, the
 * walker and the hash that all see each byte once.
 */
#include "campaign/retrieval.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/str.h"
#include "base/xmem.h"

struct retrieval {
	struct loop *lp;
	char *path;
	struct atomic_file
	    *file; /* NULL until the first byte's place is known */
	struct pcap_walk *walk;
	struct digest *digest;
	struct sftp *sftp; /* the try under way */
	char *remote;
	uint64_t size, mtime; /* of the remote file, as last announced */
	uint64_t bytes;       /* on our disk */
	bool odd;           /* it once came to an end, cut or no capture ... */
	uint64_t odd_bytes; /* ... with this length */
	bool from_start;    /* the next try begins at byte 0 */
	bool narrow;
	struct fail local; /* trouble on our side, while opening or writing */
	retrieval_done *done;
	void *arg;
};

struct retrieval *
retrieval_new(struct loop *lp, const char *path)
{
	struct retrieval *r = xcalloc(1, sizeof(*r));

	r->lp = lp;
	r->path = xstrdup(path);
	r->walk = pcap_walk_new();
	r->digest = digest_new();
	return r;
}

void
retrieval_free(struct retrieval *r)
{
	if (r == NULL)
		return;
	retrieval_cancel(r);
	atomic_file_abort(r->file);
	pcap_walk_free(r->walk);
	digest_free(r->digest);
	free(r->remote);
	free(r->path);
	free(r);
}

static void
start_over(struct retrieval *r)
{
	if (r->file != NULL)
		atomic_file_truncate(r->file, 0);
	pcap_walk_reset(r->walk);
	digest_reset(r->digest);
	r->bytes = 0;
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

	if (!same_file(r, f) || r->from_start)
		start_over(r);
	r->from_start = false;
	free(r->remote);
	r->remote = xstrdup(f->path);
	r->size = f->size;
	r->mtime = f->mtime;
	if (r->file == NULL)
		r->file = atomic_file_open(r->path, &r->local);
	return r->bytes;
}

static bool
on_data(void *arg, const void *data, size_t len)
{
	struct retrieval *r = arg;

	if (r->file == NULL)
		return false;
	atomic_file_write(r->file, data, len);
	pcap_walk_add(r->walk, data, len);
	digest_add(r->digest, data, len);
	r->bytes += len;
	return atomic_file_ok(r->file);
}

/* At the end of file: is this what a capture looks like?  If not, it may have
 * been cut on the way (a server that ends early without an error), so it is
 * fetched once more; the same length again is how it is on the device. */
static void
judge_end(struct retrieval *r, struct fail *f)
{
	enum pcap_verdict v = pcap_walk_verdict(r->walk);

	if (v == PCAP_WHOLE)
		return;
	if (r->odd && r->odd_bytes == r->bytes)
		return;
	r->odd = true;
	r->odd_bytes = r->bytes;
	r->from_start = true;
	fail_set(f, FAIL_TRANSIENT,
	    "%s is %s after %" PRIu64 " bytes; fetching it once more",
	    r->remote, pcap_verdict_name(v), r->bytes);
}

void
retrieval_so_far(const struct retrieval *r, struct retrieval_end *end)
{
	end->announced = r->size;
	end->verdict = pcap_walk_verdict(r->walk);
	end->bytes = r->bytes;
	end->packets = pcap_walk_packets(r->walk);
	end->first_us = pcap_walk_first_us(r->walk);
	end->last_us = pcap_walk_last_us(r->walk);
	digest_hex(r->digest, end->sha256);
	end->remote = r->remote != NULL ? r->remote : "";
}

static void
on_done(void *arg, bool logged_in, const struct fail *why)
{
	struct retrieval *r = arg;
	struct retrieval_end end = {.fail = *why, .logged_in = logged_in};

	r->sftp = NULL;
	if (why->kind == FAIL_LOCAL && r->file == NULL && r->local.text[0])
		end.fail = r->local;
	r->narrow = r->narrow || (logged_in && why->kind == FAIL_TRANSIENT);
	retrieval_so_far(r, &end);
	if (why->kind == FAIL_NONE && r->file == NULL)
		end.fail = r->local; /* an empty file never asked for data */
	else if (why->kind == FAIL_NONE)
		judge_end(r, &end.fail);
	r->done(r->arg, &end);
}

void
retrieval_try(struct retrieval *r, const struct sftp_spec *spec,
    retrieval_done *done, void *arg)
{
	static const struct sftp_events events = {
	    .opened = on_opened, .data = on_data, .done = on_done};

	r->done = done;
	r->arg = arg;
	r->sftp = sftp_start(r->lp, spec, &events, r);
}

void
retrieval_cancel(struct retrieval *r)
{
	if (r == NULL)
		return;
	sftp_cancel(r->sftp);
	r->sftp = NULL;
}

bool
retrieval_wants_narrow(const struct retrieval *r)
{
	return r->narrow;
}

bool
retrieval_keep(struct retrieval *r, struct fail *why)
{
	bool kept;

	if (r->file == NULL) {
		fail_set(why, FAIL_FINAL, "nothing came");
		return false;
	}
	kept = atomic_file_commit(r->file, why);
	r->file = NULL;
	return kept;
}
