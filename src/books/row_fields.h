/* row_fields.h - the fields of a row: what each is called, written and read.
 *
 * One table, over which report.csv, report.json, the journal and its reader
 * run: a new field is a member in row.h and a line here.
 */
#ifndef BOOKS_ROW_FIELDS_H
#define BOOKS_ROW_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/json_out.h"
#include "books/row.h"

enum row_field_kind {
	FIELD_INT,
	FIELD_INT64,
	FIELD_TIME, /* int64_t, wall clock, ms */
	FIELD_TEXT,
	FIELD_ARRAY, /* of characters: a text that is never NULL */
	FIELD_TASK,  /* row->task, and so on */
	FIELD_STATUS,
	FIELD_SEVERITY
};

/* Not every number that is 0 is one. */
enum row_zero {
	ZERO_SHOWN,
	ZERO_NONE, /* it is not there: blank in report.csv */
	ZERO_NULL  /* in report.json */
};

struct row_field {
	const char *csv; /* the column; NULL: in the journal alone */
	struct {
		int place; /* in the object, from 1 */
		const char *name;
	} json;
	const char *journal; /* NULL: not there */
	enum row_field_kind kind;
	size_t at; /* in struct row, */
	size_t size;
	enum row_zero zero;
	bool of_file; /* without a file there is nothing */
};

/* From 0 on, and NULL behind the last: the columns that a row has in
 * report.csv, the members that it has in report.json. */
const struct row_field *row_column(int n);
const struct row_field *row_member(int n);

/* What people read. */
struct row_value {
	bool is_number;
	int64_t number;   /* of a time, too */
	const char *text; /* NULL unless it is a number: nothing */
	char buf[CLOCK_TEXT_MAX];
};
void row_show(
    const struct row_field *f, const struct row *row, struct row_value *v);

/* Add all to the journal's line; fill a row from it, whose texts are the
 * line's.  Words that were never written are taken for the worse. */
void row_write(const struct row *row, struct json_out *line);
void row_read(struct row *row, const struct json *line);

#endif
