/* files.h - the captures as files, and who is who in them.
 *
 * Beside the files goes "identities", which only check_pair reads: for each
 * record the file's number, the piece and the packets' private identities;
 * then each packet's class, way and fate.
 */
#ifndef PAIRS_FILES_H
#define PAIRS_FILES_H

#include <stdbool.h>

#include "capture.h"

#define FILES_MAX 16

struct files {
	char *names[FILES_MAX]; /* as they are given to the program */
	unsigned n;
};

/* Write all files of both sides into `folder`; false after a message. */
bool files_write(struct files *f, const struct world *w,
    const struct capture captures[SIDES], const char *folder);
void files_free(struct files *f);
/* By the device's clock; the server's is right. */
int64_t files_device_time(const struct settings *s, int64_t at);

#endif
