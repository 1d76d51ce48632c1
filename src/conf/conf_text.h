/* conf_text.h - a configuration file and what it includes, as one text.
 *
 * Does what libconfig 1.5 does not: `@include` is relative to the file it is
 * in; a last line needs no newline; a whole number beyond 32 bits keeps its
 * value (libconfig wraps it unless it ends in L); a byte order mark, a NUL,
 * broken UTF-8, an open comment and deep nesting are errors with a line.
 */
#ifndef CONF_CONF_TEXT_H
#define CONF_CONF_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/conf_load.h"
#include "conf/conf_node.h"

/* Every file that was opened; nodes and messages point to them. */
struct conf_sources_read {
	const struct conf_memory *memory; /* what is read is in it */
	struct conf_source **v;
	size_t n;
};

/* One more of them; its `privacy` is left open to be set. */
struct conf_source *conf_source_new(
    struct conf_sources_read *all, const char *path);

struct conf_text {
	char *s; /* ends with a newline and a NUL */
	size_t len, cap;
	struct conf_text_line {
		const struct conf_source *source;
		int line;
	} * lines; /* where each line of the text is from */
	size_t n_lines, cap_lines;
	bool mid_line;
};

/* False if something was said; then the text is not to be parsed. */
bool conf_text_read(struct conf_text *t, const char *path,
    struct conf_sources_read *sources, struct conf_messages *m);
/* Wipes what it frees. */
void conf_text_free(struct conf_text *t);
/* The origin of line `line` (from 1) of the text. */
const struct conf_text_line *conf_text_line(
    const struct conf_text *t, int line);

#endif
