/* run_names.h - what the runs of a campaign are called, and the links to two.
 *
 * In `<output>/<name>` each run has a folder named after its start in UTC, a
 * number behind it where several began in one second.
 */
#ifndef BOOKS_RUN_NAMES_H
#define BOOKS_RUN_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUN_LATEST   "latest" /* the newest that ended: its reports are there */
#define RUN_CURRENT  "current" /* the one under way, or one that was killed */
#define RUN_PROBES   "probe"   /* the folder of those by --probe */
#define RUN_NAME_MAX 64

/* Can it be the name of a run's folder? */
bool run_is_name(const char *name);
/* Less than, equal to or greater than 0, as `a` began before `b` or after. */
int run_name_compare(const char *a, const char *b);

/* Its start by its name, wall ms; 0: it tells of none. */
int64_t run_name_start(const char *name);

/* The run that the link `link` in the folder `parent` points at; false: there
 * is no such link, or it points at something else. */
bool run_link_read(
    const char *parent, const char *link, char run[RUN_NAME_MAX]);
/* Point it at this run, in one step for whoever looks; false with errno set. */
bool run_link_point(const char *parent, const char *link, const char *run);
/* Can it be pointed anywhere?  False with errno set: something that is no link
 * is in its place. */
bool run_link_is_free(const char *parent, const char *link);
/* Take it away if it points at this run; NULL: at any. */
void run_link_remove(const char *parent, const char *link, const char *run);

/* The names of all runs in the folder, the oldest first, each and the list to
 * be freed with free(3); NULL with errno set. */
char **run_names_read(const char *parent, size_t *n);
/* The names of at most `max` runs in the folder, the newest first; how many. */
size_t run_names_newest(
    const char *parent, char names[][RUN_NAME_MAX], size_t max);

#endif
