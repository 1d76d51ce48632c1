/* owner.h - whose a finished capture is: the campaign host that asked for it.
 *
 * It stands in an extended attribute of the folder of a running capture's
 * pieces and of each finished file, so it goes where they go.  Where a file
 * system has none, or an older agent wrote the file, the owner is "".
 */
#ifndef AGENT_OWNER_H
#define AGENT_OWNER_H

#include "base/addr.h"

/* The open file or folder `fd` is `owner`'s now. */
void owner_set(int fd, const char *owner);
/* Whose is this file (or `name` ".": the folder itself)?  A link is not
 * followed. */
void owner_get(int folder, const char *name, char owner[ADDR_TEXT_MAX]);

#endif
