/* fuzz_agent_status.c - whatever an agent says of itself, line by line, as
 * --status and --metrics take and tell it.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "agent/status_metrics.h"
#include "agent/status_text.h"

#define DEVICES_MAX 64

static void
is_printable(const char *text)
{
	PROMISE(str_is_utf8(text, strlen(text)));
	PROMISE(!str_has_control(text, strlen(text)));
}

static void
facts_within_bounds(const struct status_facts *f)
{
	is_printable(f->version);
	is_printable(f->ovoc.trouble);
	PROMISE(f->uptime >= 0 && f->uptime <= STATUS_NUMBER_MAX);
	PROMISE(f->free >= -1 && f->left >= 0 && f->ring >= 0);
}

static void
device_within_bounds(const struct status_device *d)
{
	is_printable(d->device);
	is_printable(d->owner);
	PROMISE(d->state >= 0 && d->state < STATUS_STATES);
	PROMISE(d->bytes >= 0 && d->dropped >= -1);
}

/* It is said without a character that a terminal or a monitoring obeys. */
static void
is_told(const struct agent_status *s)
{
	struct strbuf text = STRBUF_INIT;
	const char *line;

	status_text(s, &text);
	for (line = text.s; *line != '\0'; line += strcspn(line, "\n") + 1)
		PROMISE(!str_has_control(line, strcspn(line, "\n")));
	strbuf_clear(&text);
	status_json(s, &text);
	strbuf_clear(&text);
	status_metrics(s, &text);
	for (line = text.s; *line != '\0'; line += strcspn(line, "\n") + 1)
		PROMISE(str_starts(line, "# ") ||
			str_starts(line, "traffic_capture_agent_"));
	strbuf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct status_device devices[DEVICES_MAX];
	struct agent_status s = {.devices = devices, .n = 0};
	const char *at = (const char *)data, *end = at + size;
	enum status_line kind;
	int64_t told;

	while (at < end && s.n < DEVICES_MAX) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;
		size_t len = (size_t)(stop - at);

		if (status_line_read(
			at, len, &kind, &s.all, &devices[s.n], &told) &&
		    kind == STATUS_LINE_DEVICE)
			device_within_bounds(&devices[s.n++]);
		facts_within_bounds(&s.all);
		at = newline != NULL ? newline + 1 : end;
	}
	is_told(&s);
	return 0;
}
