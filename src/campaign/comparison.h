/* comparison.h - one event's captures, given to traffic-capture-compare.
 *
 * A child process, which gets open descriptors and gives up all else
 * (traffic-capture-compare(1), --confine): captures come from devices and
 * servers.  What it writes is believed only as far as the decoder takes it.
 */
#ifndef CAMPAIGN_COMPARISON_H
#define CAMPAIGN_COMPARISON_H

#include "campaign/past_event.h"
#include "compare/compare_result.h"

/* Of more pieces the last ones are compared: they hold the event. */
#define COMPARISON_PIECES_MAX 200

struct comparison;

/* `r`, which is the comparison's, says what was found, or `why` (FAIL_LOCAL or
 * FAIL_FINAL) that nothing was.  Runs once, from the loop, never inside
 * comparison_start(); the comparison is freed after it. */
typedef void comparison_done(
    void *arg, const struct compare_result *r, const struct fail *why);

/* Where the program is: beside the one that runs, else where they are
 * installed; free(3). */
char *comparison_program(void);
/* Both ends' files are in the event's folder.  Within compare.timeout it is
 * over.  All that is given outlives it. */
struct comparison *comparison_start(const struct tools *t, const char *program,
    const struct past_event *e, comparison_done *done, void *arg);
/* Kill what runs; `done` will not run.  NULL is accepted. */
void comparison_cancel(struct comparison *c);

#endif
