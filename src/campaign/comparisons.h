/* comparisons.h - what was lost at each event, as the run's books have it.
 *
 * A queue of comparisons, compare.at_once of them at the same time.  Each event
 * gets one row, `Compare captures`, and, if anything was found, the file
 * COMPARE_device_<device>_<time>.json beside its captures.  Neither outcome nor
 * exit status change: a loss that was found is what the night was for.
 */
#ifndef CAMPAIGN_COMPARISONS_H
#define CAMPAIGN_COMPARISONS_H

#include "base/str.h"
#include "campaign/past_event.h"

struct comparisons;

/* The event has its row, or wants none (compare.run).  Runs from the loop,
 * never inside comparisons_add(). */
typedef void event_compared(void *arg, const struct past_event *e);

/* `t` outlives it.  `program` NULL: traffic-capture-compare, beside the program
 * that runs, else where they are installed. */
struct comparisons *comparisons_new(const struct tools *t, const char *program,
    event_compared *compared, void *arg);
/* What is under way is dropped without a word.  NULL is accepted. */
void comparisons_free(struct comparisons *c);
/* Its device's file is home, and `e` stays until it is compared.  Where no file
 * of the server's is here the row says how to go on. */
void comparisons_add(struct comparisons *c, const struct past_event *e);
/* No time is left: whatever runs or waits, or is added later, gets a row that
 * says why, and how to go on. */
void comparisons_abandon(struct comparisons *c, const char *why);

/* The command line that judges the event, once all its files are there. */
void comparison_command(const struct past_event *e, struct strbuf *to);

#endif
