/* store.h - the captures folder: where pieces are written, what they become.
 *
 * While a capture runs its pieces lie in a folder of their own, as
 * `run<r>.pcap<n>`, or `kept<t>-run<r>.pcap<n>` once they are protected; when
 * it has ended they are moved beside it, numbered from 0 by the time of their
 * first packet: named after the CPE's file, or as aborted where no STOP named
 * one (see wire/capture_name.h).  Nothing is ever replaced or deleted.
 */
#ifndef AGENT_STORE_H
#define AGENT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/kept.h"
#include "agent/ring.h"
#include "base/fail.h"
#include "base/log.h"

struct store;

/* Make the folder if need be, and lock it against a second agent.  NULL and
 * FAIL_LOCAL in `why` otherwise.  `lg` outlives the store. */
struct store *store_open(const char *folder, struct log *lg, struct fail *why);
void store_close(struct store *s);
/* Free bytes for us; -1 if that cannot be told. */
long long store_free_bytes(const struct store *s);
/* Name what an agent that was killed left behind, and what nobody has opened
 * again, ABORTED_...; returns how many pieces.  For the start. */
unsigned store_keep_leftovers(struct store *s);

/* Give what was kept as aborted from this folder, and its sidecar, the names
 * that the CPE's file `cpe_name` asks for (its STOP came late), and tell it. */
unsigned store_name_aborted(struct store *s, const char *folder,
    const char *cpe_name, struct info_pieces *told, struct fail *why);

struct pieces; /* of one capture; the store outlives it */

/* A folder for a capture of `device` that starts at `wall_ms`.  NULL and
 * FAIL_LOCAL in `why` if it cannot be made. */
struct pieces *pieces_new(
    struct store *s, const char *device, int64_t wall_ms, struct fail *why);
/* The folder `name` that an earlier agent began.  NULL otherwise; FAIL_FINAL in
 * `why` if it is not there: its pieces have their names. */
struct pieces *pieces_reopen(
    struct store *s, const char *name, struct fail *why);
/* Whose they are (agent/owner), for as long as they exist. */
void pieces_own(struct pieces *p, const char *owner);
const char *pieces_name(const struct pieces *p);
/* When the last of them was last written to, wall-clock ms; 0: never. */
int64_t pieces_last_written(const struct pieces *p);
int64_t pieces_bytes(const struct pieces *p);
/* How many of them are the ring's, and not protected. */
unsigned pieces_ring_files(const struct pieces *p);
/* Give the ring's files other names, so that tcpdump, which goes on writing to
 * the one that it has open, opens new ones and can no longer overwrite what
 * was there.  `time` tells apart the files of several protections. */
void pieces_protect(struct pieces *p, unsigned time, struct ring_held *held);
/* Where the next run of tcpdump may write, a new name each time; free(3).
 * tcpdump adds a number to it. */
char *pieces_next_path(struct pieces *p);
/* The disk was full: what tcpdump could not write is missing somewhere.  Once
 * it has ended, read `budget` bytes more to see which pieces are cut; false:
 * there is more to read, call again. */
bool pieces_check(struct pieces *p, size_t budget);
/* The same for counting their packets only, where they have not more than
 * `most` bytes together: pieces_keep() then tells what it counted. */
bool pieces_count(struct pieces *p, size_t budget, int64_t most);
/* pieces_keep() adds to it, which outlives the pieces. */
void pieces_note(struct pieces *p, struct kept_pieces *to);
/* Move all pieces out and free.  `cpe_name`: the CPE's file, valid; NULL: keep
 * them as aborted, as what cannot get its OVOC name, or is cut.  Returns how
 * many; none is a failure in `why`, too, but not of aborted ones. */
unsigned pieces_keep(struct pieces *p, const char *cpe_name, struct fail *why);
/* Was a capture kept under the name of this CPE file? */
bool store_has_named(const struct store *s, const char *cpe_name);
void pieces_free(struct pieces *p); /* the files stay where they are */

#endif
