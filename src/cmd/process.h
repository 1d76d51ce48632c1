/* process.h - what both programs' main() do alike. */
#ifndef CMD_PROCESS_H
#define CMD_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "base/str.h"
#include "conf/conf_load.h"

/* Options that may be given more than once; the texts are borrowed. */
struct text_list {
	const char **texts;
	size_t n;
};
void text_list_add(struct text_list *l, const char *text);
void text_list_free(struct text_list *l);

/* First thing in main: no core dump, no ptrace by the same user, no privileges
 * from a program's file mode or capabilities (no_new_privs), umask 027,
 * SIGPIPE and SIGHUP ignored (a closed login does not end a night). */
void process_harden(void);
/* Raise RLIMIT_NOFILE to its hard limit. */
void process_raise_descriptors(void);

/* "text" or "json"; false, and a message, for anything else. */
bool process_log_format(const char *word, enum log_format *format);
/* -1 quiet, 0, 1 verbose. */
enum log_level process_log_level(int verbosity);
/* Warnings and errors of a configuration, to stderr. */
void process_print_messages(const char *program, const struct conf_messages *m);
/* Text to stdout; false, and a message, if it cannot be written. */
bool process_print(const struct strbuf *text);

#endif
