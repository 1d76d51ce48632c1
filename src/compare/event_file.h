/* event_file.h - the records of an event that lie beside its captures, read for
 * a comparison: the agent's and the campaign's.
 *
 * Each is one more witness, and a comparison works without: what cannot be
 * read, or is of something else, is said and not believed.
 */
#ifndef COMPARE_EVENT_FILE_H
#define COMPARE_EVENT_FILE_H

#include "wire/event_record.h"

struct event_files { /* zero-initialised */
	struct event_record *of[EVENT_WRITERS];
};

/* Take the file of this name, which is at `fd` (closed then; -1: to be opened)
 * and whose captures are of `event` ("": their names do not tell).  False and a
 * sentence in `why`: it is not believed. */
bool event_file_take(struct event_files *f, const char *path, int fd,
    const char *event, struct fail *why);
void event_files_free(struct event_files *f);

#endif
