/* hook_facts.c - see hook_facts.h.
 */
#include "campaign/hook_facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"

#define PREFIX "TRAFFIC_CAPTURE_"
/* The kernel takes 128 KiB for one (MAX_ARG_STRLEN). */
#define VALUE_MAX 4096
#define LINES_MAX 32768

#define SAFE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct hook_facts {
	char **v; /* NULL behind the last */
	size_t n;
};

static void
add(struct hook_facts *f, char *text)
{
	f->v = xreallocarray(f->v, f->n + 2, sizeof(f->v[0]));
	f->v[f->n++] = text;
	f->v[f->n] = NULL;
}

/* As it is here, else `fallback`, unless that is NULL. */
static void
add_ours(struct hook_facts *f, const char *name, const char *value,
    const char *fallback)
{
	if (value == NULL)
		value = fallback;
	if (value != NULL)
		add(f, xasprintf("%s=%s", name, value));
}

struct hook_facts *
hook_facts_new(void)
{
	struct hook_facts *f = xcalloc(1, sizeof(*f));

	add_ours(f, "PATH", getenv("PATH"), SAFE_PATH);
	add_ours(f, "LANG", getenv("LANG"), NULL);
	add_ours(f, "TZ", getenv("TZ"), NULL);
	return f;
}

void
hook_facts_free(struct hook_facts *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		free(f->v[i]);
	free(f->v);
	free(f);
}

const char *const *
hook_facts_env(const struct hook_facts *f)
{
	return (const char *const *)f->v;
}

void
hook_fact(struct hook_facts *f, const char *name, const char *value)
{
	char text[VALUE_MAX];

	str_copy(text, sizeof(text), value != NULL ? value : "");
	str_printable(text);
	add(f, xasprintf(PREFIX "%s=%s", name, text));
}

void
hook_fact_lines(struct hook_facts *f, const char *name, const char *value)
{
	char *text = xstrndup(value, LINES_MAX);
	struct strbuf b = STRBUF_INIT;

	strbuf_addf(&b, PREFIX "%s=", name);
	for (char *at = text, *line; (line = strsep(&at, "\n")) != NULL;) {
		str_printable(line);
		strbuf_addf(&b, "%s%s", line, at != NULL ? "\n" : "");
	}
	add(f, strbuf_take(&b));
	free(text);
}

void
hook_fact_number(struct hook_facts *f, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	hook_fact(f, name, text);
}

void
hook_fact_time(struct hook_facts *f, const char *name, int64_t wall)
{
	char text[CLOCK_TEXT_MAX];

	hook_fact(f, name, wall != 0 ? clock_rfc3339(wall, text) : NULL);
}

void
hook_facts_of_run(struct hook_facts *f, const char *key,
    const struct campaign_conf *conf, const char *folder)
{
	const char *slash = strrchr(folder, '/');

	hook_fact(f, "HOOK", key);
	hook_fact(f, "VERSION", VERSION);
	hook_fact(f, "CAMPAIGN", conf->campaign.name);
	hook_fact(f, "NOTE", conf->campaign.note);
	hook_fact(f, "RUN", slash != NULL ? slash + 1 : folder);
	hook_fact(f, "FOLDER", folder);
}

static void
add_verdict(struct hook_facts *f, const struct row *row)
{
	hook_fact(f, "VERDICT", row != NULL ? row->description : NULL);
	hook_fact(f, "VERDICT_STATUS",
	    row != NULL ? task_status_name(row->status) : NULL);
	hook_fact(f, "VERDICT_SEVERITY",
	    row != NULL ? severity_name(row->severity) : NULL);
	hook_fact(f, "VERDICT_FILE", row != NULL ? row->file : NULL);
}

void
hook_facts_of_event(struct hook_facts *f, const struct past_event *e)
{
	const struct device_entry *d = e->conf;

	hook_fact(f, "DEVICE", d->address);
	hook_fact(f, "DEVICE_NAME", d->name);
	hook_fact(f, "DEVICE_NOTE", d->note);
	hook_fact(f, "DEVICE_TYPE", d->type != NULL ? d->type->name : NULL);
	hook_fact(f, "OVOC", d->agent != NULL ? d->agent->address : NULL);
	hook_fact_number(f, "EVENT", (uint64_t)e->round.event);
	hook_fact_time(f, "EVENT_TIME", e->round.event_at);
	hook_fact(f, "CAPTURE", e->round.home ? e->round.file : NULL);
	hook_fact_number(f, "SERVER_CAPTURES", e->n_pieces);
	add_verdict(
	    f, result_last(e->books.result, TASK_COMPARE, e->round.event));
}
