/* metrics.h - numbers for a monitoring, as Prometheus' text format 0.0.4: what
 * node_exporter's textfile collector reads.
 *
 * A family is begun, then its samples are added, then the next begins.  Names
 * are ours and follow its conventions: base units, _total for counters.
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"

enum metrics_type { METRICS_GAUGE, METRICS_COUNTER };

struct metrics_label {
	const char *name;
	const char *value; /* may come from outside: it is made printable */
};

/* To begin with, all but `to` and `prefix` is 0. */
struct metrics {
	struct strbuf *to;
	const char *prefix; /* of each name, "traffic_capture_agent" */
	const char *family; /* that was begun last */
};

/* Both outlive the family; `help` is one sentence. */
void metrics_family(struct metrics *m, const char *name, enum metrics_type type,
    const char *help);
/* Of the family: value / 10^places, exactly; `places` is at most 18.  Each has
 * other values of the same labels. */
void metrics_sample(struct metrics *m, const struct metrics_label *labels,
    size_t n, int64_t value, unsigned places);
/* A family of one sample, a whole number, without a label. */
void metrics_one(struct metrics *m, const char *name, enum metrics_type type,
    const char *help, int64_t value);

/* The collector reads no other names than these. */
bool metrics_is_file_name(const char *path);
/* Put the text in place as a whole, readable for everybody as the collector is
 * another user.  False and FAIL_LOCAL in `why`: what was there is there. */
bool metrics_write(
    const char *path, const struct strbuf *text, struct fail *why);

#endif
