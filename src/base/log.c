/* log.c - log lines for people, for the journal and for machines.
 *
 * One log for a program, handed down to whoever writes to it.  Each line is
 * one write(2), so that lines of several processes do not mix.
 */
#include "base/log.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xmem.h"

/* Longer messages are cut: what a peer sends must not fill the disk. */
enum { MESSAGE_MAX = 4096 };

struct log {
	enum log_format format;
	enum log_level max;
	int fd;
	bool tty;
	char *status; /* shown below the log lines, NULL: nothing */
};

struct log_line {
	enum log_level level;
	const char *who;
	const char *subsystem;
	const struct log_facts *facts;
	const char *message;
};

/* The words, and the priorities of syslog(3). */
static const struct {
	const char *name;
	int priority;
} levels[] = {
    [LOGGING_ERROR] = {"error", 3},
    [LOGGING_WARNING] = {"warning", 4},
    [LOGGING_NOTICE] = {"notice", 5},
    [LOGGING_INFO] = {"info", 6},
    [LOGGING_DEBUG] = {"debug", 7},
};

/* $JOURNAL_STREAM is "<device>:<inode>" of the journal's socket. */
static bool
is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[48];
	struct stat st;

	if (stream == NULL || fstat(fd, &st) != 0)
		return false;
	snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino);
	return strcmp(ours, stream) == 0;
}

struct log *
log_new(enum log_format format, enum log_level max, int fd)
{
	struct log *lg = xcalloc(1, sizeof(*lg));

	lg->format = format;
	if (format == LOG_FORMAT_TEXT && is_journal(fd))
		lg->format = LOG_FORMAT_JOURNAL;
	lg->max = max;
	lg->fd = fd;
	lg->tty = isatty(fd) == 1;
	return lg;
}

void
log_free(struct log *lg)
{
	if (lg == NULL)
		return;
	log_status_line(lg, NULL);
	free(lg);
}

/* Log lines that cannot be written are lost: there is nowhere to say so. */
static void
write_all(int fd, const char *s, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, s, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		s += n;
		len -= (size_t)n;
	}
}

static void
add_fact(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_set_text(j, key, text);
}

static void
add_facts(struct json *j, const struct log_facts *facts)
{
	add_fact(j, "agent", facts->agent);
	add_fact(j, "from", facts->from);
	if (facts->event > 0)
		json_set_int(j, "event", facts->event);
	add_fact(j, "task", facts->task);
	add_fact(j, "state", facts->state);
	add_fact(j, "error", facts->error);
}

static void
format_json(struct strbuf *b, const struct log_line *line)
{
	const struct log_facts *facts = line->facts;
	char now[CLOCK_TEXT_MAX];
	struct json *j = json_object();

	json_set_text(j, "time", clock_rfc3339(clock_wall_ms(), now));
	json_set_text(j, "level", levels[line->level].name);
	json_set_text(j, "device", facts != NULL ? facts->device : line->who);
	if (facts != NULL)
		add_facts(j, facts);
	json_set_text(j, "subsystem", line->subsystem);
	json_set_text(j, "message", line->message);
	json_write(j, 0, b);
	json_free(j);
}

static void
format_line(const struct log *lg, struct strbuf *b, const struct log_line *line)
{
	const char *who = line->who == NULL ? "-" : line->who;
	char now[CLOCK_TEXT_MAX];

	switch (lg->format) {
	case LOG_FORMAT_TEXT:
		strbuf_addf(b, "%s %s %s %s: %s",
		    clock_rfc3339(clock_wall_ms(), now),
		    levels[line->level].name, who, line->subsystem,
		    line->message);
		return;
	case LOG_FORMAT_JOURNAL:
		strbuf_addf(b, "<%d>%s %s: %s", levels[line->level].priority,
		    who, line->subsystem, line->message);
		return;
	case LOG_FORMAT_JSON:
		format_json(b, line);
		return;
	}
}

bool
log_wants(const struct log *lg, enum log_level level)
{
	return lg != NULL && level <= lg->max;
}

static void __attribute__((format(printf, 6, 0))) write_line(struct log *lg,
    enum log_level level, const char *who, const char *subsystem,
    const struct log_facts *facts, const char *fmt, va_list ap)
{
	struct strbuf b = STRBUF_INIT;
	char message[MESSAGE_MAX];
	struct log_line line = {level, who, subsystem, facts, message};

	vsnprintf(message, sizeof(message), fmt, ap);
	str_printable(message);
	if (lg->status != NULL)
		strbuf_add(&b, "\r\033[K");
	format_line(lg, &b, &line);
	strbuf_add(&b, "\n");
	if (lg->status != NULL)
		strbuf_add(&b, lg->status);
	write_all(lg->fd, b.s, b.len);
	strbuf_free(&b);
}

void
log_vwrite(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const char *fmt, va_list ap)
{
	log_vabout(lg, level, who, subsystem, NULL, fmt, ap);
}

void
log_vabout(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const struct log_facts *facts, const char *fmt,
    va_list ap)
{
	if (log_wants(lg, level))
		write_line(lg, level, who, subsystem, facts, fmt, ap);
}

void
log_about(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const struct log_facts *facts, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vabout(lg, level, who, subsystem, facts, fmt, ap);
	va_end(ap);
}

void
log_answer(struct log *lg, const char *who, const char *subsystem,
    const char *fmt, ...)
{
	va_list ap;

	if (lg == NULL)
		return;
	va_start(ap, fmt);
	write_line(lg, LOGGING_NOTICE, who, subsystem, NULL, fmt, ap);
	va_end(ap);
}

void
log_answer_about(struct log *lg, const char *who, const char *subsystem,
    const struct log_facts *facts, const char *fmt, ...)
{
	va_list ap;

	if (lg == NULL)
		return;
	va_start(ap, fmt);
	write_line(lg, LOGGING_NOTICE, who, subsystem, facts, fmt, ap);
	va_end(ap);
}

void
log_write(struct log *lg, enum log_level level, const char *who,
    const char *subsystem, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(lg, level, who, subsystem, fmt, ap);
	va_end(ap);
}

void
log_repeated(struct log *lg, struct log_once *once, const char *who,
    const char *subsystem, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(lg, once->count == 0 ? LOGGING_WARNING : LOGGING_DEBUG, who,
	    subsystem, fmt, ap);
	va_end(ap);
	once->count++;
}

/* A line that wraps could not be removed again. */
static size_t
terminal_width(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1u;
}

void
log_status_line(struct log *lg, const char *text)
{
	struct strbuf b = STRBUF_INIT;

	if (lg == NULL || !lg->tty || (text == NULL && lg->status == NULL))
		return;
	free(lg->status);
	lg->status = NULL;
	strbuf_add(&b, "\r\033[K");
	if (text != NULL) {
		size_t room = terminal_width(lg->fd) + 1;

		lg->status = xcalloc(room, 1);
		str_copy(lg->status, room, text);
		str_printable(lg->status);
		strbuf_add(&b, lg->status);
	}
	write_all(lg->fd, b.s, b.len);
	strbuf_free(&b);
}
