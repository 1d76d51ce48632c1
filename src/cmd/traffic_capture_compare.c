/* traffic_capture_compare.c - main() of the comparison: options, output, exit
 * status.
 *
 * It reads files and writes one text; needs no configuration, no network and no
 * privilege.  Everything else is in compare/ and report/.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/xmem.h"
#include "cmd/compare_options.h"
#include "cmd/confine.h"
#include "cmd/process.h"
#include "compare/event_file.h"
#include "compare/result_json.h"
#include "report/compare_text.h"
#include "report/page_of_pair.h"

static void
keep(void *to, const void *data, size_t len)
{
	strbuf_add_bytes(to, data, len);
}

static void
make_page(const struct compare_result *r, struct strbuf *text)
{
	struct sink to = {.put = keep, .to = text};

	page_of_pair(r, &to);
	sink_end(&to);
}

/* The result's status, or that of trouble with the output. */
static int
print(const struct compare_result *r, enum compare_format format)
{
	struct strbuf text = STRBUF_INIT;
	int status = r->exit_status;

	switch (format) {
	case COMPARE_TEXT:
		compare_text(r, &text);
		break;
	case COMPARE_JSON:
		result_json(r, &text);
		break;
	case COMPARE_HTML:
		make_page(r, &text);
		break;
	}
	if (!process_print(&text))
		status = EXIT_TROUBLE;
	strbuf_free(&text);
	return status;
}

static void
print_trouble(const struct compare_result *r)
{
	char text[sizeof(r->trouble)];

	str_copy(text, sizeof(text), r->trouble);
	str_printable(text);
	if (text[0] != '\0')
		fprintf(stderr, COMPARE_PROGRAM ": %s\n", text);
}

static void
print_unbelieved(const char *path, const struct fail *why)
{
	char *text = xasprintf("%s is left out: %s", path, why->text);

	str_printable(text);
	fprintf(stderr, COMPARE_PROGRAM ": %s\n", text);
	free(text);
}

/* What is told beside the captures: of what is not believed a sentence. */
static void
take_records(struct compare_options *o, struct event_files *records)
{
	struct fail why;

	for (size_t i = 0; i < o->records.names.n; i++) {
		const char *path = o->records.names.texts[i];
		int fd = o->records.fds[i];
		bool is = false;

		if (o->others > 0)
			fail_set(&why, FAIL_FINAL,
			    "the captures are of several events");
		else
			is = event_file_take(records, path, fd, o->event, &why);
		if (!is)
			print_unbelieved(path, &why);
	}
	o->in.sidecar = records->of[EVENT_AGENT];
	o->in.record = records->of[EVENT_CAMPAIGN];
}

/* Of its longest text, which its last line may be. */
#define WRITTEN_MOST RESULT_JSON_MAX
/* Beyond the packets: what is not counted by them. */
#define MEMORY_SPARE (UINT64_C(64) << 20)
/* A time zone's file, and such. */
#define DESCRIPTORS_SPARE 8
#define STANDARD_STREAMS  3

static void
confine_as_asked(const struct compare_options *o)
{
	uint64_t memory = o->in.memory > 0 ? o->in.memory : COMPARE_MEMORY;
	int open = o->descriptors;
	struct confinement c = {
	    .memory = memory + MEMORY_SPARE,
	    .written = WRITTEN_MOST,
	    .seconds = o->confine,
	    .descriptors = (open > STANDARD_STREAMS ? open : STANDARD_STREAMS) +
			   DESCRIPTORS_SPARE,
	};

	if (o->confine > 0)
		confine(&c);
}

int
main(int argc, char **argv)
{
	struct compare_options o = {0};
	struct event_files records = {0};
	struct compare_result *r;
	int status;

	process_begin();
	xmem_keep();
	/* Nothing is lost if it ends with its terminal or its reader. */
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	compare_options_parse(&o, argc, argv);
	confine_as_asked(&o);
	take_records(&o, &records);
	r = compare_run(&o.in);
	print_trouble(r);
	status = print(r, o.format);
	compare_free(r);
	event_files_free(&records);
	compare_options_free(&o);
	return status;
}
