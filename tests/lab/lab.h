/* lab.h - everything that a scenario names, listening and connected. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>

#include "base/fail.h"
#include "loop/loop.h"
#include "scenario.h"

struct lab;

/* Open every port; `ready` runs from the loop once all of it answers.  NULL and
 * FAIL_LOCAL in `why` if something cannot be had.  `sc` outlives the lab. */
typedef void lab_ready(void *arg);
struct lab *lab_new(struct loop *lp, const struct scenario *sc,
    lab_ready *ready, void *arg, struct fail *why);
/* Every device whose time to its next loss is running is lost now. */
void lab_lose_all(struct lab *lab);
/* No connection is served after this; counters are final. */
void lab_quiet(struct lab *lab);
bool lab_stats(const struct lab *lab, const char *path, struct fail *why);
/* Calls lab_quiet() first.  NULL is accepted. */
void lab_free(struct lab *lab);

#endif
