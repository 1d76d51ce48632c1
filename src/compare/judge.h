/* judge.h - two traces in, all that is found out: the course of a comparison.
 */
#ifndef COMPARE_JUDGE_H
#define COMPARE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/compare.h"
#include "compare/trace.h"

struct judge_wish {
	/* AF_UNSPEC: not known. */
	struct addr device, ovoc, campaign;
	const struct compare_map *map; /* hosts that are the same */
	size_t n_maps;
	int64_t from, to; /* server's clock; 0: open */
	int64_t patience; /* ns */
	uint64_t dropped[SIDE_COUNT];
	const struct event_record *sidecar, *record; /* NULL: there is none */
	/* That capture has no conversation of which it has both ways. */
	bool one_way[SIDE_COUNT];
	/* Its files are cut off, or it has what cannot be read: a tunnel. */
	bool partial[SIDE_COUNT];
};

/* Fills in all of `r` but the files, the exit status and the sentence.  Where
 * the captures have nothing in common (r->clock.pairs) nothing is judged, and
 * what the campaign host saw is told. */
void judge_run(struct compare_result *r, struct trace *const trace[SIDE_COUNT],
    const struct judge_wish *wish);

#endif
