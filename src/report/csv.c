/* csv.c - the report as a table.
 *
 * A row's own columns are those of books/row_fields, behind its device's; the
 * manual page lists all.
 */
#include "report/csv.h"

#include <string.h>

#include "books/row_fields.h"

static const char device_columns[] =
    "campaign,run,device,name,type,agent,device_status";

/* Blanks beyond ASCII, in UTF-8: all but the last byte, and the range of that
 * (Unicode's White_Space and the marks that take no room). */
static const struct {
	const char *head;
	unsigned char first, last;
} blanks[] = {
    {"\xc2", 0x80, 0xa0},     /* C1 controls, no-break space */
    {"\xe1\x9a", 0x80, 0x80}, /* Ogham space */
    {"\xe1\xa0", 0x8e, 0x8e}, /* Mongolian vowel separator */
    {"\xe2\x80", 0x80, 0x8f}, /* en quad to right-to-left mark */
    {"\xe2\x80", 0xa8, 0xaf}, /* line separator to narrow no-break space */
    {"\xe2\x81", 0x9f, 0xaf}, /* mathematical space, invisible operators */
    {"\xe3\x80", 0x80, 0x80}, /* ideographic space */
    {"\xef\xbb", 0xbf, 0xbf}, /* byte order mark */
};
/* Behind these a cell begins for a spreadsheet that separates by others. */
#define CELL_ENDS ";\t\r\n"
#define N_BLANKS  (sizeof(blanks) / sizeof(blanks[0]))

/* Bytes of the blank character that `s` begins with; 0: none. */
static size_t
blank_len(const char *s)
{
	if ((unsigned char)*s < 0x80)
		return *s > '\0' && *s <= ' ';
	for (size_t i = 0; i < N_BLANKS; i++) {
		size_t n = strlen(blanks[i].head);
		unsigned char c;

		if (!str_starts(s, blanks[i].head))
			continue;
		c = (unsigned char)s[n];
		if (c >= blanks[i].first && c <= blanks[i].last)
			return n + 1;
	}
	return 0;
}

static bool
is_sign(const char *s)
{
	static const char *const wide[] = {
	    "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (str_starts(s, wide[i]))
			return true;
	return *s != '\0' && strchr("=+-@", *s) != NULL;
}

static bool
must_guard(const char *text)
{
	size_t n;

	if (*text != '\0' && strchr("\t\r\n", *text) != NULL)
		return true;
	while ((n = blank_len(text)) > 0)
		text += n;
	return is_sign(text);
}

/* One character, which may be the first of a cell; its length. */
static size_t
add_one(const char *text, bool *opens, struct strbuf *to)
{
	size_t blank = blank_len(text), n = blank > 0 ? blank : 1;

	if (*opens && is_sign(text))
		strbuf_add(to, "'");
	if (*text == '"')
		strbuf_add(to, "\"");
	strbuf_add_bytes(to, text, n);
	*opens = strchr(CELL_ENDS, *text) != NULL ||
		 (*opens && (blank > 0 || *text == '"'));
	return n;
}

/* The text, quotes doubled; what is plain goes as a whole. */
static void
add_guarded(const char *text, struct strbuf *to)
{
	bool opens = false;

	while (*text != '\0') {
		size_t n = opens ? 0 : strcspn(text, CELL_ENDS "\"");

		if (n > 0)
			strbuf_add_bytes(to, text, n);
		else
			n = add_one(text, &opens, to);
		text += n;
	}
}

void
csv_field(const char *text, struct strbuf *to)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL;

	strbuf_add(to, quote ? "\"" : "");
	strbuf_add(to, must_guard(text) ? "'" : "");
	add_guarded(text, to);
	strbuf_add(to, quote ? "\"" : "");
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
row_fields(const struct row *row, struct strbuf *to)
{
	const struct row_field *f;
	struct row_value v;

	for (int i = 0; (f = row_column(i)) != NULL; i++) {
		strbuf_add(to, ",");
		row_show(f, row, &v);
		if (v.text != NULL)
			csv_field(v.text, to);
		else if (v.is_number)
			strbuf_add_int(to, v.number);
	}
	strbuf_add(to, "\r\n");
}

void
csv_report(const struct run_result *r, struct sink *to)
{
	struct strbuf device = STRBUF_INIT;
	const struct row *row;

	if (r->conf->report.csv_mark)
		strbuf_add(&to->held, "\xef\xbb\xbf");
	add_header(&to->held);
	for (size_t i = 0; i < r->n_devices; i++) {
		strbuf_clear(&device);
		device_fields(r, &r->devices[i], &device);
		TAILQ_FOREACH (row, &r->devices[i].rows, next) {
			strbuf_add(&to->held, strbuf_text(&device));
			row_fields(row, &to->held);
			sink_pass(to);
		}
	}
	strbuf_free(&device);
}
