/* rows.c - see rows.h. */
#include "rows.h"

#include <stdio.h>
#include <string.h>

#include "../unit.h"
#include "base/str.h"

const struct row *
rows_find(const struct device_result *d, enum task task, int n)
{
	const struct row *row, *last = NULL;

	TAILQ_FOREACH (row, &d->rows, next) {
		if (row->task != task)
			continue;
		last = row;
		if (--n == 0)
			return row;
	}
	return n < 0 ? last : NULL;
}

int
rows_count(const struct device_result *d, enum task task)
{
	const struct row *row;
	int n = 0;

	TAILQ_FOREACH (row, &d->rows, next)
		n += row->task == task;
	return n;
}

static void
describe(const struct row *row, struct strbuf *to)
{
	strbuf_clear(to);
	strbuf_addf(to, "%s %d %s %s %d: %s", task_key(row->task), row->attempt,
	    task_status_name(row->status), severity_name(row->severity),
	    row->code, row->description);
	if (row->note != NULL)
		strbuf_addf(to, " [%s]", row->note);
}

static void
print_rows(const struct device_result *d)
{
	struct strbuf text = STRBUF_INIT;
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next) {
		describe(row, &text);
		fprintf(stderr, "  %d %s\n", row->event, strbuf_text(&text));
	}
	strbuf_free(&text);
}

const struct row *
rows_expect(const struct device_result *d, enum task task, int n,
    enum task_status status, enum severity severity, const char *has)
{
	const struct row *row = rows_find(d, task, n);

	if (row != NULL && row->status == status && row->severity == severity &&
	    (strstr(row->description, has) != NULL ||
		(row->note != NULL && strstr(row->note, has) != NULL)))
		return row;
	print_rows(d);
	ck_abort_msg("no such row with \"%s\"", has);
	return NULL;
}

static bool
matches(const char *text, const char *line)
{
	size_t n = strlen(line);

	if (n >= 3 && strcmp(line + n - 3, "...") == 0)
		return strncmp(text, line, n - 3) == 0;
	return strcmp(text, line) == 0;
}

void
rows_are(const struct device_result *d, const char *const *lines)
{
	struct strbuf text = STRBUF_INIT;
	const struct row *row;

	TAILQ_FOREACH (row, &d->rows, next) {
		describe(row, &text);
		if (*lines == NULL || !matches(strbuf_text(&text), *lines))
			break;
		lines++;
	}
	if (row != NULL || *lines != NULL) {
		print_rows(d);
		ck_abort_msg("wanted \"%s\"", *lines != NULL ? *lines : "none");
	}
	strbuf_free(&text);
}
