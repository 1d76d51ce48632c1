/* fail.c - kind and sentence of a failure.
 *
 * Filled where something went wrong, read by whoever reports it.
 */
#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char *const names[] = {
    [FAIL_NONE] = "none",
    [FAIL_UNREACHABLE] = "unreachable",
    [FAIL_TRANSIENT] = "transient",
    [FAIL_UNCLEAR] = "unclear",
    [FAIL_SCRIPT] = "script",
    [FAIL_AUTH] = "authentication",
    [FAIL_IDENTITY] = "identity",
    [FAIL_FINAL] = "final",
    [FAIL_LOCAL] = "local",
};

void
fail_set(struct fail *f, enum fail_kind kind, const char *fmt, ...)
{
	/* Not straight into f->text, which may be one of the arguments; and
	 * longer, so that the cut is str_copy's, which respects UTF-8. */
	char text[2 * sizeof(f->text)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f->kind = kind;
	f->code = 0;
	str_copy(f->text, sizeof(f->text), text);
	str_printable(f->text);
}

bool
fail_is_refusal(const struct fail *f)
{
	return f->kind == FAIL_AUTH || f->kind == FAIL_IDENTITY;
}

void
fail_clear(struct fail *f)
{
	memset(f, 0, sizeof(*f));
}

const char *
fail_kind_name(enum fail_kind kind)
{
	return names[kind];
}
