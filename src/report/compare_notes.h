/* compare_notes.h - what is to be said of a comparison's result beside its
 * sentence and its table: note by note, for each format that people read.
 */
#ifndef REPORT_COMPARE_NOTES_H
#define REPORT_COMPARE_NOTES_H

#include <stdbool.h>

#include "compare/compare_result.h"

enum note_kind {
	NOTE_CLASS, /* of a row of the table; these come first */
	NOTE_FACT,  /* how it is known */
	NOTE_FILE,  /* of the side above it: a file, */
	NOTE_DIGEST /* and its SHA-256 */
};

/* Notes that have the same label one behind the other belong together.  The
 * texts are not empty, and gone behind the call. */
struct note {
	enum note_kind kind;
	const char *label, *text;
};
typedef void compare_note(void *arg, const struct note *n);

/* Times are local; `zone`: a note says in which zone. */
void compare_notes(
    const struct compare_result *r, bool zone, compare_note *note, void *arg);

#endif
