/* paragraph.h - text for a terminal: lines of 80 columns. */
#ifndef REPORT_PARAGRAPH_H
#define REPORT_PARAGRAPH_H

#include "base/str.h"

#define PARAGRAPH_COLUMNS 80

/* The words of `text` in lines; all begin at column `indent`, where `label`
 * stands to the left of the first one, or above it if it is too long.  What
 * comes from outside is made printable.  A word that fits no line (a file's
 * name) is not cut: it shall be copied.  No text, no line. */
void paragraph(
    const char *label, unsigned indent, const char *text, struct strbuf *to);

#endif
