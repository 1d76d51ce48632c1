/* metrics.c - see metrics.h. */
#include "base/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/xmem.h"

#define FILE_END ".prom"

static const char *const types[] = {
    [METRICS_GAUGE] = "gauge",
    [METRICS_COUNTER] = "counter",
};

/* It is printable: no newline is left in it. */
static void
add_escaped(struct strbuf *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\' || *text == '"')
			strbuf_add(to, "\\");
		strbuf_add_bytes(to, text, 1);
	}
}

void
metrics_family(struct metrics *m, const char *name, enum metrics_type type,
    const char *help)
{
	/* Of a help text a quotation mark would be shown with its backslash. */
	assert(strpbrk(help, "\\\"\n") == NULL);
	m->family = name;
	strbuf_addf(m->to, "# HELP %s_%s %s\n", m->prefix, name, help);
	strbuf_addf(m->to, "# TYPE %s_%s %s\n", m->prefix, name, types[type]);
}

static void
add_labels(struct strbuf *to, const struct metrics_label *labels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *value = xstrdup(labels[i].value);

		str_printable(value);
		strbuf_addf(to, "%s%s=\"", i == 0 ? "{" : ",", labels[i].name);
		add_escaped(to, value);
		strbuf_add(to, "\"");
		free(value);
	}
	if (n > 0)
		strbuf_add(to, "}");
}

static void
add_value(struct strbuf *to, int64_t value, unsigned places)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	uint64_t unit = 1;

	for (unsigned i = 0; i < places; i++)
		unit *= 10;
	strbuf_addf(to, "%s%" PRIu64, value < 0 ? "-" : "", rest / unit);
	if (places > 0)
		strbuf_addf(to, ".%0*" PRIu64, (int)places, rest % unit);
}

void
metrics_sample(struct metrics *m, const struct metrics_label *labels, size_t n,
    int64_t value, unsigned places)
{
	assert(m->family != NULL && places <= 18);
	strbuf_addf(m->to, "%s_%s", m->prefix, m->family);
	add_labels(m->to, labels, n);
	strbuf_add(m->to, " ");
	add_value(m->to, value, places);
	strbuf_add(m->to, "\n");
}

void
metrics_one(struct metrics *m, const char *name, enum metrics_type type,
    const char *help, int64_t value)
{
	metrics_family(m, name, type, help);
	metrics_sample(m, NULL, 0, value, 0);
}

/* --- the file --- */

bool
metrics_is_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = strlen(name), end = strlen(FILE_END);

	return len > end && strcmp(name + len - end, FILE_END) == 0;
}

bool
metrics_write(const char *path, const struct strbuf *text, struct fail *why)
{
	struct atomic_file *f = atomic_file_open(path, why);

	if (f == NULL)
		return false;
	atomic_file_for_all(f);
	atomic_file_write(f, strbuf_text(text), text->len);
	return atomic_file_commit(f, why);
}
