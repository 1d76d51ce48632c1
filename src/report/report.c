/* report.c - writes the formats, and says in a few lines how the run went.
 */
#include "report/report.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/xmem.h"
#include "report/csv.h"
#include "report/json_report.h"
#include "report/losses.h"
#include "report/page_of_run.h"
#include "report/summary.h"

/* A new format is a line here. */
static const struct {
	const char *file; /* in the run's folder */
	void (*format)(const struct run_result *r, struct sink *to);
} formats[] = {
    {"report.csv", csv_report},
    {"report.json", json_report},
    {"report.html", page_of_run},
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

static char *
path_of(const struct run_result *r, size_t format)
{
	return xasprintf("%s/%s", r->folder, formats[format].file);
}

static void
put(void *to, const void *data, size_t len)
{
	atomic_file_write(to, data, len);
}

static bool
write_format(const struct run_result *r, size_t i, struct fail *why)
{
	char *path = path_of(r, i);
	struct atomic_file *f = atomic_file_open(path, why);
	struct sink to = {.put = put, .to = f};
	bool ok = f != NULL;

	if (ok) {
		formats[i].format(r, &to);
		sink_end(&to);
		ok = atomic_file_commit(f, why);
	}
	free(path);
	return ok;
}

bool
report_write(const struct run_result *r, struct fail *why)
{
	bool all = true;

	for (size_t i = 0; i < N_FORMATS; i++) {
		struct fail one;

		if (write_format(r, i, &one))
			continue;
		if (all)
			*why = one;
		all = false;
	}
	return all;
}

bool
report_is_written(const struct run_result *r)
{
	bool is = true;

	for (size_t i = 0; i < N_FORMATS && is; i++) {
		char *path = path_of(r, i);

		is = access(path, F_OK) == 0;
		free(path);
	}
	return is;
}

/* A full disk took the journal's lines, too. */
static bool
has_journal(const struct run_result *r)
{
	char *path = xasprintf("%s/" RUN_JOURNAL, r->folder);
	struct stat st;
	bool has = stat(path, &st) == 0 && st.st_size > 0;

	free(path);
	return has;
}

static void
summarize_unwritten(const struct run_result *r, struct strbuf *to)
{
	strbuf_add(to, "Reports: not written, see above; ");
	if (has_journal(r))
		strbuf_addf(to, "%s is in %s/" RUN_JOURNAL "\n",
		    r->trouble == NULL ? "what happened"
				       : "what could be written of it",
		    r->folder);
	else
		strbuf_add(to, "the journal could not be written either\n");
}

static void
summarize_files(const struct run_result *r, struct strbuf *to)
{
	strbuf_addf(to, "Reports: %s/", r->folder);
	for (size_t i = 0; i < N_FORMATS; i++)
		strbuf_addf(to, "%s%s", i > 0 ? ", " : "", formats[i].file);
}

void
report_summary(const struct run_result *r, bool written, struct strbuf *to)
{
	summary_of_run(r, to);
	if (!written) {
		summarize_unwritten(r, to);
		return;
	}
	summarize_files(r, to);
	strbuf_add(to, ", " RUN_CAPTURES "/\n");
}

void
report_recovery_summary(
    const struct run_result *r, bool written, struct strbuf *to)
{
	summary_of_recovery(r, to);
	if (!written || !summary_is_of_recovery(r))
		return;
	summarize_files(r, to);
	strbuf_add(to, "\n");
}

void
report_probe_summary(
    const struct run_result *r, bool written, struct strbuf *to)
{
	summary_of_probe(r, to);
	if (!written)
		return;
	summarize_files(r, to);
	strbuf_add(to, "\n");
}

void
report_comparison_summary(
    const struct run_result *r, bool written, struct strbuf *to)
{
	losses_summarize(r, to);
	if (!written)
		return;
	summarize_files(r, to);
	strbuf_add(to, "\n");
}
