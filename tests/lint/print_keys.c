/* print_keys.c - what the manual has to describe, for the check of its pages:
 * every configuration key of a program, `<section.key>\t<range>\t<default>\t
 * <help>` a line, or every word of a report, `<kind>\t<word>` a line.
 */
#include <stdio.h>
#include <string.h>

#include "books/result.h"
#include "books/row_fields.h"
#include "compare/finding.h"
#include "conf/conf_load.h"
#include "report/csv.h"

static void
add(struct strbuf *to, const char *kind, const char *word)
{
	strbuf_addf(to, "%s\t%s\n", kind, word);
}

static void
put(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

/* They are the head of a report without devices. */
static void
add_columns(struct strbuf *to)
{
	struct campaign_conf conf = {0};
	struct run_result none = {.conf = &conf};
	struct strbuf head = STRBUF_INIT;
	struct sink sink = {.put = put, .to = &head};
	size_t len;

	csv_report(&none, &sink);
	sink_end(&sink);
	for (const char *c = head.s; *c != '\0';
	     c += len + strspn(c + len, ",\r\n")) {
		len = strcspn(c, ",\r\n");
		strbuf_addf(to, "column\t%.*s\n", (int)len, c);
	}
	strbuf_free(&head);
}

static void
add_row_words(struct strbuf *to)
{
	const struct row_field *f;

	for (int i = 0; (f = row_member(i)) != NULL; i++)
		add(to, "member", f->json.name);
	for (int i = 0; i < TASK_COUNT; i++)
		add(to, "task", task_name((enum task)i));
	for (int i = 0; i < TASK_STATUS_COUNT; i++)
		add(to, "status", task_status_name((enum task_status)i));
	for (int i = 0; i < SEVERITY_COUNT; i++)
		add(to, "severity", severity_name((enum severity)i));
	for (int i = 0; i < OUTCOME_COUNT; i++)
		add(to, "outcome", outcome_name((enum outcome)i));
	for (int i = 0; i < REGISTRATION_COUNT; i++)
		add(to, "registration",
		    registration_name((enum registration)i));
}

static void
add_findings(struct strbuf *to)
{
	for (int i = 0; i < LETTER_COUNT; i++)
		add(to, "letter", letter_name((enum letter)i));
	for (int i = 0; i < GRADE_COUNT; i++)
		add(to, "grade", grade_name((enum grade)i));
	for (int i = 0; i < REASON_COUNT; i++)
		add(to, "reason", reason_name((enum reason)i));
	for (int i = 0; i < PATTERN_COUNT; i++)
		add(to, "pattern", pattern_name((enum pattern)i));
}

int
main(int argc, char **argv)
{
	struct strbuf text = STRBUF_INIT;

	if (argc == 2 && strcmp(argv[1], "campaign") == 0) {
		campaign_conf_keys(&text);
	} else if (argc == 2 && strcmp(argv[1], "agent") == 0) {
		agent_conf_keys(&text);
	} else if (argc == 2 && strcmp(argv[1], "report") == 0) {
		add_columns(&text);
		add_row_words(&text);
		add_findings(&text);
	} else {
		fputs("usage: print-keys campaign|agent|report\n", stderr);
		return 2;
	}
	fputs(strbuf_text(&text), stdout);
	strbuf_free(&text);
	return 0;
}
