/* merge_run.c - see merge_run.h.
 */
#include "cmd/merge_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/history.h"
#include "books/merge.h"
#include "books/run_folder.h"
#include "books/run_keep.h"
#include "books/share_files.h"
#include "cmd/finish_hook.h"
#include "cmd/process.h"
#include "report/report.h"
#include "report/run_metrics.h"

struct work {
	const struct campaign_conf *conf;
	struct log *log;
	const struct merge_options *options;
	struct shard_runs **shards;
	size_t n;
	int of; /* that there should be */
};

static void say(const struct work *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(const struct work *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(w->log, LOGGING_ERROR, NULL, "merge", fmt, ap);
	va_end(ap);
}

/* --- which shards --- */

static int
refuse(const struct work *w, enum run_folder_made made, const struct fail *why)
{
	say(w, "%s", why->text);
	return made == RUN_FOLDER_LOCKED ? EXIT_RUNNING : EXIT_TROUBLE;
}

static bool
is_given(const struct work *w, int index)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->shards[i]->shard.index == index)
			return true;
	return false;
}

/* Its name says which it is. */
static bool
name_shard(const struct work *w, const char *folder, struct shard *shard)
{
	const char *slash = strrchr(folder, '/');
	struct stat st;

	if (!shard_name_read(slash != NULL ? slash + 1 : folder, shard))
		say(w,
		    "%s is no shard's folder: those are called shard-0-of-4 "
		    "and so on, in the campaign's folder",
		    folder);
	else if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
		say(w, "there is no folder %s", folder);
	else if (w->n > 0 && shard->of != w->of)
		say(w, "%s is one of %d shards, and the first one given of %d",
		    folder, shard->of, w->of);
	else if (is_given(w, shard->index))
		say(w, "%s: shard %d of %d was given already", folder,
		    shard->index, shard->of);
	else
		return true;
	return false;
}

static int
open_shard(struct work *w, const char *folder)
{
	struct shard shard;
	struct fail why;
	enum run_folder_made free;
	struct shard_runs *s;

	if (!name_shard(w, folder, &shard))
		return EXIT_OPTIONS;
	free = run_folder_is_free(folder, &why);
	if (free != RUN_FOLDER_MADE)
		return refuse(w, free, &why);
	s = shard_runs_open(folder, &shard, &why);
	if (s == NULL)
		return refuse(w, RUN_FOLDER_TROUBLE, &why);
	w->of = shard.of;
	w->shards[w->n++] = s;
	return EXIT_SUCCESS;
}

static int
open_shards(struct work *w)
{
	const struct text_list *folders = w->options->folders;
	int status = EXIT_SUCCESS;

	w->shards = xcalloc(folders->n, sizeof(struct shard_runs *));
	for (size_t i = 0; i < folders->n && status == EXIT_SUCCESS; i++) {
		char *folder = xstrdup(folders->texts[i]);
		size_t len = strlen(folder);

		while (len > 1 && folder[len - 1] == '/')
			folder[--len] = '\0';
		status = open_shard(w, folder);
		free(folder);
	}
	return status;
}

/* --- which runs --- */

static void
take_since(struct work *w, int64_t since)
{
	for (size_t i = 0; i < w->n; i++)
		shard_runs_take_since(w->shards[i], w->conf, since, w->log);
}

/* The night that the newest runs are of. */
static void
take_night(struct work *w)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < w->n; i++) {
		struct shard_runs *s = w->shards[i];

		shard_runs_take_night(s, w->conf, w->log);
		for (size_t j = 0; j < s->n; j++)
			if (s->v[j].earlier->result->started < first)
				first = s->v[j].earlier->result->started;
	}
	take_since(w, first);
}

static int
take_runs(struct work *w)
{
	const char *text = w->options->since;
	int64_t since;
	size_t runs = 0;

	if (text == NULL) {
		take_night(w);
	} else if (clock_since_read(text, &since)) {
		take_since(w, since);
	} else {
		say(w, CLOCK_SINCE_WRONG, text);
		return EXIT_OPTIONS;
	}
	for (size_t i = 0; i < w->n; i++)
		runs += w->shards[i]->n;
	if (runs > 0)
		return EXIT_SUCCESS;
	say(w, "no shard has a run%s%s that could be merged",
	    text != NULL ? " since " : "", text != NULL ? text : "");
	return EXIT_OPTIONS;
}

/* --- what becomes of them --- */

static void
say_trouble(const struct work *w, struct run_result *r, const struct fail *why)
{
	say(w, "%s", why->text);
	if (r->trouble == NULL)
		r->trouble = xstrdup(why->text);
	r->exit_status = RUN_TROUBLE;
}

static void
share_captures(const struct work *w, struct run_result *r, const char *to)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t j = 0; j < w->shards[i]->n; j++) {
			char *from = xasprintf("%s/" RUN_CAPTURES,
			    w->shards[i]->v[j].earlier->result->folder);
			struct fail why;

			if (!share_files(from, to, &why))
				say_trouble(w, r, &why);
			free(from);
		}
}

static bool
print_summary(const struct run_result *r, bool written)
{
	struct strbuf text = STRBUF_INIT;
	bool ok;

	report_summary(r, written, &text);
	ok = process_print(&text);
	strbuf_free(&text);
	return ok;
}

static int
tell(const struct work *w, struct run_result *r)
{
	const char *metrics = w->options->metrics;
	struct fail why;
	bool written = report_write(r, &why), told;
	int status = r->exit_status;

	if (!written || !run_folder_recovered(r, &why)) {
		say(w, "%s", why.text);
		status = EXIT_TROUBLE;
	}
	history_keep(w->conf, w->log);
	told = print_summary(r, written);
	if (!told)
		status = EXIT_TROUBLE;
	run_metrics_end(
	    metrics != NULL ? metrics : w->conf->metrics, r, status, w->log);
	finish_hook_run(w->log, r, status, written && told);
	return status;
}

static int
merge(const struct work *w)
{
	struct run_result *r = merge_runs(w->conf, w->shards, w->n, w->of);
	struct run_folder *folder = NULL;
	struct fail why;
	enum run_folder_made made;
	int status;

	/* Not behind it: it may be of a night that is to go. */
	run_keep(w->conf, w->log);
	made = run_folder_for_merge(&folder, r, &why);
	if (made == RUN_FOLDER_MADE) {
		share_captures(w, r, run_folder_captures(folder));
		status = tell(w, r);
	} else {
		status = refuse(w, made, &why);
	}
	run_folder_close(folder);
	run_result_free(r);
	return status;
}

int
merge_run(const struct campaign_conf *conf, struct log *lg,
    const struct merge_options *o)
{
	struct work w = {.conf = conf, .log = lg, .options = o};
	int status = open_shards(&w);

	if (status == EXIT_SUCCESS)
		status = take_runs(&w);
	if (status == EXIT_SUCCESS)
		status = merge(&w);
	for (size_t i = 0; i < w.n; i++)
		shard_runs_free(w.shards[i]);
	free(w.shards);
	return status;
}
