/* blindness.h - what a capture misses by itself.
 *
 * Of what its own host sent and the other end has: the share that it lacks.  It
 * may be said to lack as much of what came in; and where it lacks such a packet
 * between two others, it may lack all that came in between.
 */
#ifndef COMPARE_BLINDNESS_H
#define COMPARE_BLINDNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/byte_range.h"
#include "compare/common_time.h"
#include "compare/question.h"
#include "compare/trace.h"

struct blindness {
	uint32_t misses, sample;
	double share, upper; /* of packets; `upper` is an honest bound */
	int64_t *miss;       /* when, by this capture's own clock; in order */
	uint32_t n_miss;
};

/* Of both captures.  `dropped`: by each host's kernel, as it says. */
void blindness_find(struct blindness b[SIDE_COUNT], const struct path *p,
    const struct common_time *common, struct trace *const trace[SIDE_COUNT],
    const struct exchanges *x, const struct byte_gaps gaps[SIDE_COUNT],
    const uint64_t dropped[SIDE_COUNT]);
/* Where one of them misses all that is known to have been there, for so long
 * that it is no chance: that is cut out of `common`.  True if anything is. */
bool blindness_cut(const struct blindness b[SIDE_COUNT], const struct path *p,
    struct common_time *common, struct trace *const trace[SIDE_COUNT]);
void blindness_free(struct blindness b[SIDE_COUNT]);

/* The time around `at` (its clock) in which this capture has nothing. */
struct trace_span blindness_silence(const struct trace *t, int64_t at);
/* Does it lack, in this time, something that was there? */
bool blindness_in(const struct blindness *b, const struct trace_span *silence);

#endif
