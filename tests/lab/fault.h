/* fault.h - what goes wrong, where, how often: the faults of a scenario.
 *
 * A fault is a place (`on`) and a kind.  Each time the place is passed the
 * fault counts it; it strikes after the first `after` passes, `times` times.
 */
#ifndef LAB_FAULT_H
#define LAB_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/str.h"
#include "fault_kind.h"

struct fault {
	int on;   /* enum fault_on */
	int kind; /* enum fault_kind */
	int when; /* enum fault_when */
	int obey; /* enum fault_obey: is the script carried out all the same? */
	int64_t code;
	int64_t times; /* 0: always */
	int64_t after;
	int64_t size;     /* -1: the kind's own default */
	int64_t delay_ms; /* of vanish and reboot */
	int64_t for_ms;   /* 0: for good */
	struct addr address;
	int64_t seen;
	int64_t used;
};

struct faults {
	struct fault *list;
	size_t n;
};

/* Words in the order of the enums, separated by blanks. */
const char *fault_places(void);
const char *fault_kinds(void);
/* NULL, or what is wrong with this fault on a device (or on the OVOC). */
const char *fault_problem(const struct fault *f, bool of_ovoc);
/* One pass of place `on`: every fault of this kind there counts it.  The first
 * that strikes, or NULL. */
const struct fault *fault_hit(
    struct faults *fs, enum fault_on on, enum fault_kind kind);
/* The same for faults that begin with an event. */
const struct fault *fault_hit_when(struct faults *fs, enum fault_on on,
    enum fault_kind kind, enum fault_when when);
/* A copy with counters of its own. */
struct faults faults_copy(const struct faults *fs);
void faults_free(struct faults *fs);
/* Add one line a kind: its places and what it does. */
void faults_describe(struct strbuf *to);

#endif
