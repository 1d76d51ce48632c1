/* csv.c - the report as a table.
 *
 * A row's own columns are those of books/row_fields, behind its device's; the
 * manual page lists all.
 */
#include "report/csv.h"

#include <inttypes.h>
#include <string.h>

#include "books/row_fields.h"

static const char device_columns[] =
    "campaign,run,device,name,type,agent,device_status";

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
add_header(struct strbuf *to)
{
	const struct row_field *f;

	strbuf_add(to, device_columns);
	for (int i = 0; (f = row_column(i)) != NULL; i++)
		strbuf_addf(to, ",%s", f->csv);
	strbuf_add(to, "\r\n");
}

static void
text_field(const char *text, struct strbuf *to)
{
	csv_field(text, to);
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
	csv_field(outcome_name(d->outcome), to);
}

static void
row_fields(const struct run_result *r, const struct row *row, struct strbuf *to)
{
	const struct row_field *f;
	struct row_value v;

	for (int i = 0; (f = row_column(i)) != NULL; i++) {
		strbuf_add(to, ",");
		row_show(f, row, r->conf->verify.tcp_port, &v);
		if (v.text != NULL)
			csv_field(v.text, to);
		else if (v.is_number &&
			 (v.number != 0 || f->zero != ZERO_BLANK))
			strbuf_addf(to, "%" PRId64, v.number);
	}
	strbuf_add(to, "\r\n");
}

void
csv_report(const struct run_result *r, struct sink *to)
{
	const struct row *row;

	add_header(&to->held);
	for (size_t i = 0; i < r->n_devices; i++) {
		TAILQ_FOREACH (row, &r->devices[i].rows, next) {
			device_fields(r, &r->devices[i], &to->held);
			row_fields(r, row, &to->held);
			sink_pass(to);
		}
	}
}
