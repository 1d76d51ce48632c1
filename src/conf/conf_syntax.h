/* conf_syntax.h - what is wrong with the grammar of a configuration text.
 *
 * libconfig says "syntax error" and a line behind the mistake; here the first
 * mistake is found by the grammar of its manual (section "Configuration File
 * Grammar", version 1.5) and put into words.  It also refuses two settings of
 * which the first one's number runs into the other's name, as in `a = 2b = 1`.
 */
#ifndef CONF_CONF_SYNTAX_H
#define CONF_CONF_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* The first mistake in `text`: its line (from 1), and in `what` one sentence
 * that begins with "syntax error".  0: none was found; `what` is untouched. */
int conf_syntax_error(const char *text, struct strbuf *what);

/* How many characters at `s` may be a name's. */
size_t conf_name_length(const char *s);

#endif
