/* known_file.h - a file of what was seen of servers, one line an entry.
 *
 * For known_hosts (SSH keys) and known_pins (TLS keys): how it is read, how a
 * line is added, and what an entry is called.
 */
#ifndef IO_KNOWN_FILE_H
#define IO_KNOWN_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"

#define KNOWN_NAME_MAX (HOST_TEXT_MAX + 8) /* "[host]:65535" */

/* The name of an entry, in lower case: "[host]:port", without brackets and
 * port where it is the usual one. */
void known_file_name(
    char name[KNOWN_NAME_MAX], const char *host, uint16_t port, uint16_t usual);

/* Takes one line, which it may change; NULL, or what is wrong with it.  Blank
 * lines and comments do not come. */
typedef const char *known_file_line(void *arg, char *line);
/* Read all; a file that does not exist is empty.  False and FAIL_LOCAL in
 * `why` for one that cannot be read or has a broken line, named by number. */
bool known_file_read(
    const char *path, known_file_line *take, void *arg, struct fail *why);
/* Can lines be added?  Its folder is made.  FAIL_LOCAL in `why` if not. */
bool known_file_can_write(const char *path, struct fail *why);
/* Add a line; a new file is for its owner alone.  False with errno set. */
bool known_file_add(const char *path, const char *line);

#endif
