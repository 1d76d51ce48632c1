/* retrieval.h - brings one event's capture home, in as many tries as it takes.
 *
 * The bytes are checked (pcap or pcapng to the last record) and hashed as they
 * are written; a try that broke is gone on from where it broke, as long as the
 * device's file is the same.  The file gets its name only when it is kept.
 */
#ifndef DEVICE_RETRIEVAL_H
#define DEVICE_RETRIEVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/fail.h"
#include "io/sftp.h"
#include "loop/disk_sync.h"
#include "wire/pcap_file.h"

struct retrieval;

struct retrieval_end {
	struct fail fail; /* FAIL_NONE: the file is here, to its end */
	bool logged_in;
	enum pcap_verdict verdict;
	uint64_t bytes;
	uint64_t announced; /* what the device said its size was */
	uint64_t packets;
	int64_t first_us, last_us; /* 1970 UTC; 0 with no packet */
	char sha256[DIGEST_HEX_MAX];
	const char *remote; /* path on the device, "" before it is chosen */
};
typedef void retrieval_done(void *arg, const struct retrieval_end *end);

/* For the file that will be `path`; nothing is created yet.  What has come is
 * synced by `disk` (NULL: when it is kept) before a try ends. */
struct retrieval *retrieval_new(
    struct loop *lp, struct disk_sync *disk, const char *path);
/* What the file may take, also while it comes; both in bytes, `max_file` 0: no
 * limit.  What was announced is compared first.  A file beyond them is given
 * up, and what came of it removed: FAIL_LOCAL where the disk of `path` would
 * keep less than `min_free`, FAIL_FINAL where it is longer than `max_file`. */
void retrieval_limit(struct retrieval *r, int64_t min_free, int64_t max_file);
/* An unkept file is removed.  NULL is accepted. */
void retrieval_free(struct retrieval *r);

/* One session.  `done` runs once, from the loop.  A file that ends inside a
 * record, or is no capture, is FAIL_TRANSIENT the first time (it is fetched
 * once more, from the beginning) and FAIL_NONE if it has the same length
 * again: then it is so on the device. */
void retrieval_try(struct retrieval *r, const struct sftp_spec *spec,
    retrieval_done *done, void *arg);
/* The same for this file, in a session that is kept (sftp.h).  It stays the
 * caller's, who ends it before the retrieval.  False if it has broken: `done`
 * will not run. */
bool retrieval_try_in(struct retrieval *r, struct sftp *session,
    const char *file, retrieval_done *done, void *arg);
/* What has come so far, but for `fail` and `logged_in`; its texts are valid
 * until the next try. */
void retrieval_so_far(const struct retrieval *r, struct retrieval_end *end);
/* How far the try under way is. */
struct retrieval_progress {
	uint64_t came; /* bytes, in this try */
	uint64_t here; /* of the file, with those of earlier tries */
	uint64_t left; /* are still announced; 0 also if there may be more */
};
struct retrieval_progress retrieval_progress(const struct retrieval *r);
/* Has all of it come, and only its sync is still under way? */
bool retrieval_has_come(const struct retrieval *r);
/* Stop a try under way; `done` will not run.  Harmless when there is none. */
void retrieval_cancel(struct retrieval *r);
/* The last try broke or stalled after login: read with one READ in flight. */
bool retrieval_wants_narrow(const struct retrieval *r);
/* Give the file its name: after a FAIL_NONE, or to keep what came so far.
 * False and `why` if it cannot be written or nothing came. */
bool retrieval_keep(struct retrieval *r, struct fail *why);
/* The same, but its folder is still to be synced. */
bool retrieval_put(struct retrieval *r, struct fail *why);

#endif
