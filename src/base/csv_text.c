/* csv_text.c - see csv_text.h.
 *
 * The library sees one line after the other, so that a row can be told by the
 * line it begins in.  Called by conf_csv.c.
 */
#include "base/csv_text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/str.h"
#include "base/xmem.h"

#define FIRST 256 /* bytes of a row */

struct reader {
	const struct csv_text_events *events;
	void *arg;
	struct csv_parser parser;
	int line;    /* that is read */
	int begins;  /* the row */
	bool within; /* ... which does not end in this line */
	bool words;  /* it has some */
	char *text;  /* of the cells, each with its NUL; wiped behind `len` */
	size_t len, size;
	size_t *at;   /* where each begins, as the text moves when it grows */
	char **cells; /* the same, once the row has ended */
	size_t n, cap;
};

static bool
wrong(struct reader *r, int line, const char *what)
{
	r->events->wrong(r->arg, line, what);
	return false;
}

/* --- what the library tells --- */

/* Make room for one more cell of so many bytes. */
static void
reserve(struct reader *r, size_t len)
{
	size_t size = 2 * (r->size + len) + FIRST;

	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 16 : r->cap * 2;
		r->cells = xreallocarray(r->cells, r->cap, sizeof(*r->cells));
		r->at = xreallocarray(r->at, r->cap, sizeof(*r->at));
	}
	if (len < r->size - r->len)
		return;
	r->text = bytes_grow(r->text, r->size, size);
	r->size = size;
}

static void
on_cell(void *text, size_t len, void *arg)
{
	struct reader *r = arg;

	reserve(r, len);
	r->at[r->n++] = r->len;
	if (len > 0)
		memcpy(r->text + r->len, text, len);
	r->len += len + 1;
	r->words = r->words || len > 0;
}

static void
forget_row(struct reader *r)
{
	if (r->len > 0)
		explicit_bzero(r->text, r->len);
	r->len = 0;
	r->n = 0;
	r->words = false;
}

static void
on_row(int end, void *arg)
{
	struct reader *r = arg;

	(void)end;
	for (size_t i = 0; i < r->n; i++)
		r->cells[i] = r->text + r->at[i];
	if (r->words)
		r->events->row(r->arg, r->begins, r->cells, r->n);
	forget_row(r);
	r->within = false;
}

/* --- line by line --- */

/* With its end, which is LF, CR LF or CR. */
static size_t
line_length(const char *s, size_t len)
{
	size_t n = strcspn(s, "\r\n");

	if (n + 1 < len && s[n] == '\r' && s[n + 1] == '\n')
		return n + 2;
	return n < len ? n + 1 : n;
}

static bool
take_line(struct reader *r, const char *s, size_t len)
{
	if (len > CSV_LINE_MAX)
		return wrong(r, r->line, "this line is longer than 64 KiB");
	if (!r->within)
		r->begins = r->line;
	r->within = true;
	if (csv_parse(&r->parser, s, len, on_cell, on_row, r) != len)
		return wrong(r, r->begins,
		    "a quote stands within a cell of this row; a cell that has "
		    "one stands in quotes, and the quote in it twice");
	/* An empty line is no row: nobody told of its end. */
	if (r->n == 0 && r->parser.entry_pos == 0 && !r->parser.quoted)
		r->within = false;
	if (r->parser.entry_pos > CSV_LINE_MAX)
		return wrong(r, r->begins,
		    "a cell of this row is longer than 64 KiB; is a quote "
		    "never closed?");
	return true;
}

static bool
take_lines(struct reader *r, const char *s, size_t len)
{
	for (size_t n; len > 0; s += n, len -= n) {
		n = line_length(s, len);
		r->line++;
		if (!take_line(r, s, n))
			return false;
	}
	if (csv_fini(&r->parser, on_cell, on_row, r) == 0)
		return true;
	return wrong(r, r->begins,
	    "a cell of this row begins with a quote that is never closed");
}

/* --- before the first --- */

static bool
is_text(struct reader *r, const char *s, size_t len)
{
	int line = 1;

	if (strlen(s) == len && str_is_utf8(s, len))
		return true;
	if (len >= 2 &&
	    (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0))
		return wrong(r, 1, "the text is UTF-16; save it as UTF-8");
	for (size_t n; len > 0; s += n, len -= n, line++) {
		n = line_length(s, len);
		if (memchr(s, '\0', n) != NULL)
			return wrong(r, line, "this line has a NUL byte");
		if (!str_is_utf8(s, n))
			return wrong(r, line,
			    "this line is not UTF-8 text; save it as UTF-8");
	}
	return true;
}

static char
separator(const char *s, size_t len)
{
	size_t n = line_length(s, len);

	if (memchr(s, ',', n) != NULL)
		return ',';
	if (memchr(s, ';', n) != NULL)
		return ';';
	return memchr(s, '\t', n) != NULL ? '\t' : ',';
}

bool
csv_text_read(
    const char *s, size_t len, const struct csv_text_events *events, void *arg)
{
	struct reader r = {.events = events, .arg = arg};
	bool ok;

	if (str_starts(s, "\xef\xbb\xbf")) {
		s += 3;
		len -= 3;
	}
	if (!is_text(&r, s, len))
		return false;
	csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&r.parser, (unsigned char)separator(s, len));
	/* Two lines' room: nothing is moved, and no copy stays behind. */
	csv_set_blk_size(&r.parser, (size_t)2 * CSV_LINE_MAX + 2);
	ok = take_lines(&r, s, len);
	forget_row(&r);
	if (r.parser.entry_buf != NULL)
		explicit_bzero(r.parser.entry_buf, r.parser.entry_size);
	csv_free(&r.parser);
	bytes_free(r.text, r.size);
	free(r.cells);
	free(r.at);
	return ok;
}
