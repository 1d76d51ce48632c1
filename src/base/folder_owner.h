/* folder_owner.h - become the owner of a folder, when root started a program.
 *
 * Run by hand as root it then leaves nothing that the service, which is not
 * root, could not write to.
 */
#ifndef BASE_FOLDER_OWNER_H
#define BASE_FOLDER_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fail.h"

struct folder_owner {
	uid_t uid;
	gid_t gid;
	bool missing; /* the folder is not there yet */
};

/* Who the folder belongs to; one that is missing is for `user`, where there is
 * such a user, else for root.  False and FAIL_LOCAL if root should not write
 * there: it is a symbolic link, others can write to it, or somebody else can
 * put another one in its place. */
bool folder_owner_find(const char *folder, const char *user,
    struct folder_owner *o, struct fail *why);
/* As root: make the folder if it is missing, and be that user from now on, with
 * those of `capabilities` (1 << CAP_...) that are here.  False and FAIL_LOCAL:
 * it is not so, and the process should end. */
bool folder_owner_become(const char *folder, const struct folder_owner *o,
    uint64_t capabilities, struct fail *why);

#endif
