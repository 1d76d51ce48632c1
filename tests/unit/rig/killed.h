/* killed.h - what the rig tells of runs that were killed, and of the disk. */
#ifndef RIG_KILLED_H
#define RIG_KILLED_H

#include <stdbool.h>

#include "books/result.h"

struct rig;

struct rig_killed {
	/* Those that were finished, and the last of them (as long as the
	 * campaign lives).  Their reports are written, unless `unwritable`. */
	int finished;
	const struct run_result *run;
	bool unwritable;
};

/* A run that has ended is closed, then rig_kill(). */
void rig_close(struct rig *r);
/* Start as --recover does. */
void rig_recover(struct rig *r);
/* A file of a run's folder, whole; to be freed.  Does it contain the text? */
char *rig_file(const char *folder, const char *name);
bool rig_file_has(const char *folder, const char *name, const char *what);
/* The killed run's last row of this task, NULL: none; it is there and so. */
const struct row *rig_killed_row(
    const struct rig *r, size_t device, enum task task);
const struct row *rig_expect_killed(const struct rig *r, size_t device,
    enum task task, enum task_status status, enum severity severity,
    const char *has);
/* No capture and no SNMP user is on a device, and the agent's have ended. */
void rig_all_is_off(const struct rig *r);

#endif
