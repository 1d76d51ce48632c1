/* row_fields.c - see row_fields.h.
 *
 * Numbers and texts go into the journal as they are, a task by its key, and a
 * status and a severity by their names.
 */
#include "books/row_fields.h"

#include "base/name.h"
#include "base/str.h"

#define IN(what, member)                                    \
	.kind = (what), .at = offsetof(struct row, member), \
	.size = sizeof(((struct row *)NULL)->member)

/* In the order of the columns; the last ones have none. */
static const struct row_field fields[] = {
    {"severity", {5, "severity"}, "severity", .kind = FIELD_SEVERITY},
    {"event", {2, "event"}, "event", IN(FIELD_INT, event)},
    {"task_number", {1, "number"}, NULL, IN(FIELD_INT, number)},
    {"task", {3, "task"}, "task", .kind = FIELD_TASK},
    {"status", {4, "status"}, "status", .kind = FIELD_STATUS},
    {"status_code", {6, "statusCode"}, "code", IN(FIELD_INT, code),
	.zero = ZERO_NONE},
    {"attempt", {10, "attempt"}, "attempt", IN(FIELD_INT, attempt)},
    {"started", {8, "timestamp"}, "started", IN(FIELD_TIME, started),
	.zero = ZERO_NULL},
    {"duration_ms", {9, "durationMs"}, "duration", IN(FIELD_INT64, duration)},
    {"description", {7, "description"}, "description",
	IN(FIELD_TEXT, description)},
    {"file", {11, "filename"}, "file", IN(FIELD_TEXT, file), .of_file = true},
    {"bytes", {12, "bytes"}, "bytes", IN(FIELD_INT64, bytes), .of_file = true},
    {"sha256", {13, "sha256"}, "sha256", IN(FIELD_ARRAY, sha256),
	.of_file = true},
    {"note", {14, "note"}, "note", IN(FIELD_TEXT, note)},
    {NULL, {0, NULL}, "began", IN(FIELD_INT64, began)},
};

const struct row_field *
row_column(int n)
{
	bool there = n < NAME_COUNT(fields) && fields[n].csv != NULL;

	return there ? &fields[n] : NULL;
}

const struct row_field *
row_member(int n)
{
	for (int i = 0; i < NAME_COUNT(fields); i++)
		if (fields[i].json.place == n + 1)
			return &fields[i];
	return NULL;
}

/* As it is in the journal. */
static void
get(const struct row_field *f, const struct row *row, struct row_value *v)
{
	const void *at = (const char *)row + f->at;

	v->is_number = false;
	v->number = 0;
	v->text = NULL;
	if (f->of_file && row->file == NULL)
		return;
	switch (f->kind) {
	case FIELD_INT:
		v->is_number = true;
		v->number = *(const int *)at;
		break;
	case FIELD_INT64:
	case FIELD_TIME:
		v->is_number = true;
		v->number = *(const int64_t *)at;
		break;
	case FIELD_TEXT:
		v->text = *(char *const *)at;
		break;
	case FIELD_ARRAY:
		v->text = at;
		break;
	case FIELD_TASK:
		v->text = task_key(row->task);
		break;
	case FIELD_STATUS:
		v->text = task_status_name(row->status);
		break;
	case FIELD_SEVERITY:
		v->text = severity_name(row->severity);
		break;
	}
}

void
row_show(const struct row_field *f, const struct row *row, struct row_value *v)
{
	get(f, row, v);
	if (f->kind == FIELD_TASK)
		v->text = task_name(row->task);
	if (v->number == 0 && f->zero == ZERO_NONE)
		v->is_number = false;
	if (f->kind != FIELD_TIME)
		return;
	v->is_number = false;
	v->text = clock_rfc3339(v->number, v->buf);
}

void
row_write(const struct row *row, struct json_out *line)
{
	struct row_value v;

	for (int i = 0; i < NAME_COUNT(fields); i++) {
		const struct row_field *f = &fields[i];

		if (f->journal == NULL)
			continue;
		get(f, row, &v);
		if (v.is_number)
			json_out_int(line, f->journal, v.number);
		else if (v.text != NULL)
			json_out_text(line, f->journal, v.text);
	}
}

static void
set(const struct row_field *f, struct row *row, const struct json *line)
{
	void *at = (char *)row + f->at;
	const char *text = json_get_text(line, f->journal, "");
	int64_t number = json_get_int(line, f->journal, 0);

	switch (f->kind) {
	case FIELD_INT:
		*(int *)at = (int)number;
		break;
	case FIELD_INT64:
	case FIELD_TIME:
		*(int64_t *)at = number;
		break;
	case FIELD_TEXT:
		*(char **)at = (char *)json_get_text(line, f->journal, NULL);
		break;
	case FIELD_ARRAY:
		str_copy(at, f->size, text);
		break;
	case FIELD_TASK:
		row->task = task_find(text);
		break;
	case FIELD_STATUS:
		row->status = task_status_find(text);
		break;
	case FIELD_SEVERITY:
		row->severity = severity_find(text);
		break;
	}
}

void
row_read(struct row *row, const struct json *line)
{
	for (int i = 0; i < NAME_COUNT(fields); i++)
		if (fields[i].journal != NULL)
			set(&fields[i], row, line);
	if (row->task == TASK_COUNT)
		row->task = TASK_RECOVER;
	if (row->status == TASK_STATUS_COUNT)
		row->status = TASK_FAILURE;
	if (row->severity == SEVERITY_COUNT)
		row->severity = SEVERITY_MAJOR;
}
