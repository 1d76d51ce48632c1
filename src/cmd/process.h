/* process.h - what both programs' main() do alike. */
#ifndef CMD_PROCESS_H
#define CMD_PROCESS_H

#include <stdbool.h>

#include "base/str.h"
#include "cmd/options.h"
#include "conf/conf_load.h"

/* Exit statuses of a start that came to nothing; a run's are in result.h. */
enum { EXIT_OPTIONS = 2, EXIT_CONF = 3, EXIT_RUNNING = 6, EXIT_TROUBLE = 7 };

/* First thing in main: no core dump, no ptrace by the same user, no privileges
 * from a program's file mode or capabilities (no_new_privs), umask 027,
 * SIGPIPE, SIGXFSZ and SIGHUP ignored (a closed login does not end a night),
 * nothing in the environment that changes what libraries do with secrets,
 * pauses of its own (random.h). */
void process_begin(void);
/* Raise RLIMIT_NOFILE to its hard limit. */
void process_raise_descriptors(void);

/* A sentence about the start, to stderr: as it is, or as a line of a JSON
 * log. */
void process_say(const struct options *o, enum log_level level, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* An error that the program's name is before, made printable: it may have what
 * somebody typed or a file holds. */
void process_complain(const struct options *o, const struct program_words *p,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Warnings and errors of a configuration, in the same way; `so`: what follows
 * from errors, "nothing was sent". */
void process_print_messages(const struct options *o,
    const struct program_words *p, const struct conf_messages *m,
    const char *so);
/* The notes, unless nobody wants them. */
void process_print_notes(
    const struct options *o, const struct conf_messages *m);
/* The status that follows from errors: an option is wrong, or a file. */
int process_conf_status(const struct conf_messages *m);
/* Where the runs are, for who asks for no more; `so` as above.  NULL: `*status`
 * is what to end with. */
struct campaign_conf *process_load_place(const struct options *o,
    const struct program_words *p, const struct run_place *place,
    const char *so, int *status);
/* Text to stdout; false, and a message, if it cannot be written. */
bool process_print(const struct strbuf *text);

#endif
