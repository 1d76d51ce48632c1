/* conf_say.c - collects what is wrong with a configuration.
 *
 * Values of the user's are quoted in the sentences, so control characters are
 * made visible here: one finding is always one line.
 */
#include "conf/conf_say.h"

#include <stdlib.h>

#include "base/xmem.h"

static void say(struct strbuf *to, const struct conf_place *at, const char *key,
    const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

static void
say(struct strbuf *to, const struct conf_place *at, const char *key,
    const char *fmt, va_list ap)
{
	struct strbuf line = STRBUF_INIT;

	if (at != NULL && at->file != NULL && at->line > 0)
		strbuf_addf(&line, "%s:%d: ", at->file, at->line);
	else if (at != NULL && at->file != NULL)
		strbuf_addf(&line, "%s: ", at->file);
	if (key != NULL)
		strbuf_addf(&line, "%s: ", key);
	strbuf_vaddf(&line, fmt, ap);
	str_printable(line.s);
	strbuf_add(to, line.s);
	strbuf_add(to, "\n");
	strbuf_free(&line);
}

void
conf_error(struct conf_messages *m, const struct conf_place *at,
    const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(&m->errors, at, key, fmt, ap);
	va_end(ap);
	m->n_errors++;
	if (at != NULL && at->line == CONF_LINE_OPTION)
		m->n_option_errors++;
}

void
conf_warning(struct conf_messages *m, const struct conf_place *at,
    const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(&m->warnings, at, key, fmt, ap);
	va_end(ap);
}

void
conf_note(struct conf_messages *m, const struct conf_place *at, const char *key,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(&m->notes, at, key, fmt, ap);
	va_end(ap);
}

void
conf_messages_free(struct conf_messages *m)
{
	strbuf_free(&m->errors);
	strbuf_free(&m->warnings);
	strbuf_free(&m->notes);
	m->n_errors = m->n_option_errors = 0;
}
