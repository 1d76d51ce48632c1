/* same_file.h - is a file given twice?  Two ends never capture the same bytes,
 * and compared with itself a capture has lost nothing.
 */
#ifndef CMD_SAME_FILE_H
#define CMD_SAME_FILE_H

#include <stdbool.h>

#include "cmd/options.h"

/* Is a file of the one list also in the other one, by another name or as a
 * copy?  If so, both names.  What cannot be read is not told here, and files
 * without any bytes are no copies. */
bool same_file_find(const struct text_list *a, const struct text_list *b,
    const char **one, const char **other);

#endif
