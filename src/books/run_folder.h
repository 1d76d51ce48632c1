/* run_folder.h - where a run leaves what it found, and that only one runs.
 *
 * `<output>/<name>/lock` is held (flock(2)) for the life of the process;
 * `<output>/<name>/<start>/captures` is made.  `current` points at the run
 * until it is closed, `latest` at it once its reports are written.
 */
#ifndef BOOKS_RUN_FOLDER_H
#define BOOKS_RUN_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "books/result.h"

struct run_folder;

enum run_folder_made {
	RUN_FOLDER_MADE,
	RUN_FOLDER_LOCKED, /* this campaign is already running */
	RUN_FOLDER_TROUBLE /* cannot be written, or less than min_free */
};

/* Take the lock and make the folder; `r->run` and `r->folder` are changed if a
 * run of the same second is there.  `*f` is set only for RUN_FOLDER_MADE, `why`
 * for the others. */
enum run_folder_made run_folder_open(
    struct run_folder **f, struct run_result *r, struct fail *why);
/* What run_folder_open() would come to now; nothing is left behind. */
enum run_folder_made run_folder_try(
    const struct campaign_conf *conf, struct fail *why);
/* Take only the lock, to finish earlier runs; nothing is made but the folder
 * that holds it. */
enum run_folder_made run_folder_lock(
    struct run_folder **f, const struct run_result *r, struct fail *why);
/* Does nobody hold the lock of this folder of runs?  RUN_FOLDER_MADE: so it is;
 * it is not taken. */
enum run_folder_made run_folder_is_free(const char *parent, struct fail *why);
/* For the reports of runs that are merged: the lock is taken, and a folder made
 * for them and their captures, or that of an earlier merge of this start taken
 * again; `r->run` and `r->folder` as above.  The links stay where they are. */
enum run_folder_made run_folder_for_merge(
    struct run_folder **f, struct run_result *r, struct fail *why);
/* The folder for the reports of a recovery: `r->run` and `r->folder` as above;
 * the links stay where they are.  The lock is held. */
bool run_folder_for_recovery(struct run_result *r, struct fail *why);
/* For a probe: the lock is taken, and a folder made beside the runs; `r->run`
 * becomes "probe/<start>", `r->folder` its path.  The links stay where they
 * are. */
enum run_folder_made run_folder_for_probe(
    struct run_folder **f, struct run_result *r, struct fail *why);
/* The reports of this run are written: `latest` points at it.  False and
 * FAIL_LOCAL in `why` if that cannot be. */
bool run_folder_ended(const struct run_result *r, struct fail *why);
/* The same of a killed run, whose reports another one wrote; but a run that
 * began later and has ended stays the latest. */
bool run_folder_recovered(const struct run_result *r, struct fail *why);
/* Nothing will come into the folder that was made: take it away again. */
void run_folder_discard(struct run_folder *f, const struct run_result *r);
/* Give the lock back; the run is not under way any more.  NULL is accepted. */
void run_folder_close(struct run_folder *f);
/* The folder for captures; NULL if only the lock was taken. */
const char *run_folder_captures(const struct run_folder *f);

/* Are at least `min_free` bytes free on the file system of this folder?  False
 * and FAIL_LOCAL in `why` if not, or if that cannot be told. */
bool run_folder_has_room(
    const char *folder, int64_t min_free, struct fail *why);

#endif
