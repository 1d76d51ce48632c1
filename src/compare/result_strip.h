/* result_strip.h - what became of packets over time, for a picture: the part of
 * compare_result.h that is a strip of bins.
 */
#ifndef COMPARE_RESULT_STRIP_H
#define COMPARE_RESULT_STRIP_H

#include <stdint.h>

#include "compare/traffic.h"

#define STRIP_BINS_MAX 120
#define STRIP_ROWS_MAX 10

/* Of the packets that were sent in this time: as many as these three. */
struct strip_bin {
	uint32_t arrived, lost, unknown;
};

struct strip_row {
	enum traffic traffic;
	enum way way;
	struct strip_bin bin[STRIP_BINS_MAX];
};

/* Kinds of traffic that were seen, in the order of enum traffic; the sums of
 * their bins are those of their tallies. */
struct result_strip {
	int64_t from;  /* of the first bin */
	int64_t width; /* of each; 0: nothing was judged */
	int n_bins, n_rows;
	int64_t alarm; /* when the event began; 0: not known */
	struct strip_row row[STRIP_ROWS_MAX];
};

#endif
