/* share_files.h - files of one folder that are in another one, too.
 *
 * As hard links, which take no room and outlive the first folder; copied where
 * the file system allows none.
 */
#ifndef BOOKS_SHARE_FILES_H
#define BOOKS_SHARE_FILES_H

#include <stdbool.h>

#include "base/fail.h"

/* All regular files of `from` are in `to` as well, in place of what is called
 * so there; `from` need not be there.  False and FAIL_LOCAL in `why`, the
 * first of what went wrong: the others are tried. */
bool share_files(const char *from, const char *to, struct fail *why);

#endif
