/* compare.h - two ends' captures in, a verdict out.
 *
 * The only way into this room: one call, no state left behind.  It reads the
 * files, and nothing else; it prints nothing.
 */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "compare/compare_result.h"
#include "wire/event_record.h"

/* Time that a capture is known to have run, by a start and a stop that were
 * confirmed: without it, from its first packet to its last is all that is
 * known.  By the clock of that side's stamps, ns since 1970. */
struct compare_proof {
	int64_t from, to;
};

/* The files that were taken at one end, in any order. */
struct compare_files {
	const char *name;        /* for people; NULL: "server", "device" */
	const char *const *path; /* as they are opened */
	const int *fd; /* of each, the descriptor that is open, or -1; NULL */
	size_t n_paths;
	const struct compare_proof *proof;
	size_t n_proofs;
	uint64_t dropped; /* by that host's kernel, where it is known */
};

/* Two addresses that are the same host: as the server's capture has it, and as
 * the device's does.  Only for traffic that is all alike; else it is found. */
struct compare_map {
	struct addr server, device;
};

#define COMPARE_MEMORY ((size_t)1000000000)

struct compare_input {
	struct compare_files side[SIDE_COUNT];
	/* Who is who, as either capture has it; AF_UNSPEC: it is found, and
	 * where it cannot be, it is not spoken of. */
	struct addr device, ovoc, campaign;
	const struct compare_map *map;
	size_t n_maps;
	/* Judge only what was sent then, by the server's clock, ns; 0: open. */
	int64_t from, to;
	size_t memory; /* bytes it may use for packets; 0: COMPARE_MEMORY */
	/* How long an asker waits for an answer, ms; 0: 5 s. */
	int patience_ms;
	/* What the agent and the campaign wrote down of the event; NULL: they
	 * did not.  They tell who is who where that is not given. */
	const struct event_record *sidecar, *record;
};

/* Always a result, whose exit_status says how it went (compare_result.h).  A
 * file that cannot be read, or memory that does not suffice, is exit_status 7
 * and a text in `trouble`; whatever the others hold is judged all the same when
 * each side has one file at least.  compare_free(). */
struct compare_result *compare_run(const struct compare_input *in);
/* NULL is accepted. */
void compare_free(struct compare_result *r);

#endif
