/* finish_hook.h - the program that is run when a run has ended
 * (hooks.on_finish).
 */
#ifndef CMD_FINISH_HOOK_H
#define CMD_FINISH_HOOK_H

#include <stdbool.h>

#include "base/log.h"
#include "books/result.h"

/* Run it, if there is one, and wait for its end: hooks.timeout at most, less if
 * the run was interrupted; SIGTERM and SIGINT end it.  Its trouble is a line of
 * the log.  `status` is what the process will end with, `written`: the reports
 * are there. */
void finish_hook_run(
    struct log *lg, const struct run_result *r, int status, bool written);

#endif
