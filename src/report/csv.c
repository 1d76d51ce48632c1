/* csv.c - the report as a table.
 *
 * The columns stand in one table here; the manual page lists the same.
 */
#include "report/csv.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

static const char header[] =
    "campaign,run,device,name,type,agent,device_status,severity,event,"
    "task_number,task,status,status_code,attempt,started,duration_ms,"
    "description,file,bytes,sha256,note\r\n";

void
csv_field(const char *text, struct strbuf *to)
{
	bool guard = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
	bool quote = strpbrk(text, ",\"\r\n") != NULL;

	if (quote)
		strbuf_add(to, "\"");
	if (guard)
		strbuf_add(to, "'");
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"')
			strbuf_add(to, "\"");
		strbuf_add_bytes(to, p, 1);
	}
	if (quote)
		strbuf_add(to, "\"");
}

static void
text_field(const char *text, struct strbuf *to)
{
	csv_field(text != NULL ? text : "", to);
	strbuf_add(to, ",");
}

static void
device_fields(const struct run_result *r, const struct device_result *d,
    struct strbuf *to)
{
	text_field(r->conf->campaign.name, to);
	text_field(r->run, to);
	text_field(d->conf->address, to);
	text_field(d->conf->name, to);
	text_field(d->conf->type->name, to);
	text_field(d->conf->agent->address, to);
	text_field(outcome_name(d->outcome), to);
}

static void
row_fields(const struct run_result *r, const struct row *row, struct strbuf *to)
{
	char name[32], when[CLOCK_TEXT_MAX];

	text_field(severity_name(row->severity), to);
	strbuf_addf(to, "%d,%d,", row->event, row->number);
	text_field(task_name(row->task, r->conf->verify.tcp_port, name), to);
	text_field(task_status_name(row->status), to);
	if (row->code != 0)
		strbuf_addf(to, "%d", row->code);
	strbuf_addf(to, ",%d,%s,%" PRId64 ",", row->attempt,
	    clock_rfc3339(row->started, when), row->duration);
	text_field(row->description, to);
	text_field(row->file, to);
	if (row->file != NULL)
		strbuf_addf(to, "%" PRIu64, row->bytes);
	strbuf_add(to, ",");
	text_field(row->sha256, to);
	csv_field(row->note != NULL ? row->note : "", to);
	strbuf_add(to, "\r\n");
}

void
csv_report(const struct run_result *r, struct strbuf *to)
{
	const struct row *row;

	strbuf_add(to, header);
	for (size_t i = 0; i < r->n_devices; i++) {
		TAILQ_FOREACH (row, &r->devices[i].rows, next) {
			device_fields(r, &r->devices[i], to);
			row_fields(r, row, to);
		}
	}
}
