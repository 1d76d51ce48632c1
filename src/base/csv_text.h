/* csv_text.h - a text of comma-separated values (RFC 4180), row by row.
 *
 * Wraps libcsv.  Kind to what spreadsheets write: a byte order mark is passed
 * over, lines end with LF, CR LF or CR, and where the first line has no comma
 * a ';' or a tab separates.  Blanks around a cell without quotes are no part of
 * it.  Rows without a word in them are left out.
 */
#ifndef BASE_CSV_TEXT_H
#define BASE_CSV_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a line, and of a cell over several lines: far beyond any row of
 * devices, so it is a quote that is never closed. */
#define CSV_LINE_MAX 65536

struct csv_text_events {
	/* A row that begins in this line, from 1; the cells, each
	 * NUL-terminated UTF-8, are there until it returns. */
	void (*row)(void *arg, int line, char *const *cells, size_t n);
	/* What is wrong with the text, one sentence; nothing comes after. */
	void (*wrong)(void *arg, int line, const char *what);
};

/* True if the whole text was read.  `s` is NUL-terminated behind `len`.  Copies
 * of cells are wiped: one may be a password. */
bool csv_text_read(
    const char *s, size_t len, const struct csv_text_events *events, void *arg);

#endif
