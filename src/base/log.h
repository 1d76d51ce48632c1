/* log.h - one line an event, to stderr: text, journal or JSON.
 *
 * A line is `<time> <level> <who> <subsystem>: <message>`; `who` is a device
 * or an agent (NULL: the program itself), so `grep 192.0.2.10` gives one
 * device's night.  Text from a peer is made printable here.  Secrets are the
 * caller's duty: they never go in.  A log that is NULL takes everything and
 * writes nothing.  In JSON `who` is the device, unless the line comes with
 * facts: those take its place.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum log_level {
	LOGGING_ERROR,
	LOGGING_WARNING,
	LOGGING_NOTICE,
	LOGGING_INFO,
	LOGGING_DEBUG
};
/* LOG_JOURNAL: text without the time, with sd-daemon(3) `<N>` prefixes. */
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JOURNAL, LOG_FORMAT_JSON };

/* What a line is about, for programs that read JSON; NULL, 0: nothing. */
struct log_facts {
	const char *device; /* its address, as configured */
	const char *agent;
	const char *from;  /* whose datagram it is */
	int event;         /* of the device, from 1 */
	const char *task;  /* as reports name it */
	const char *state; /* that it is in from now on */
	const char *error; /* what failed: fail_kind_name() */
};

struct log;

/* Write lines up to and including `max` to the descriptor `fd`, which stays
 * the caller's.  LOG_FORMAT_TEXT becomes LOG_FORMAT_JOURNAL by itself when
 * `fd` is the journal ($JOURNAL_STREAM names its device and inode). */
struct log *log_new(enum log_format format, enum log_level max, int fd);
void log_free(struct log *lg);
void log_write(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void log_vwrite(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const char *fmt, va_list ap)
    __attribute__((format(printf, 5, 0)));
void log_about(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const struct log_facts *facts, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
void log_vabout(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const struct log_facts *facts, const char *fmt,
    va_list ap) __attribute__((format(printf, 6, 0)));
/* What somebody has just asked for: written whatever `max` is. */
void log_answer(struct log *lg, const char *who, const char *subsystem,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void log_answer_about(struct log *lg, const char *who, const char *subsystem,
    const struct log_facts *facts, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
bool log_wants(const struct log *lg, enum log_level level);

/* For trouble that comes again and again: the first time is a warning, each
 * repeat a debug line.  Zero-initialise; zero again when it is over. */
struct log_once {
	unsigned long count;
};
void log_repeated(struct log *lg, struct log_once *once, const char *who,
    const char *subsystem, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* A line at the bottom of a terminal that log lines and the next call replace
 * (the progress display).  NULL removes it; no effect off a terminal. */
void log_status_line(struct log *lg, const char *text);

#endif
