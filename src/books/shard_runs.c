/* shard_runs.c - see shard_runs.h.
 *
 * Journals are read from the newest back, until one does not belong to it: of
 * years of nights a few are.
 */
#include "books/shard_runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "books/run_names.h"

struct shard_runs *
shard_runs_open(const char *folder, const struct shard *shard, struct fail *why)
{
	size_t n;
	char **names = run_names_read(folder, &n);
	struct shard_runs *s;

	if (names == NULL) {
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", folder,
		    strerror(errno));
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->folder = xstrdup(folder);
	s->shard = *shard;
	s->names = names;
	s->n_names = n;
	return s;
}

static void
say_unread(
    struct shard_runs *s, const char *run, const char *why, struct log *lg)
{
	s->unread++;
	log_write(lg, LOGGING_WARNING, NULL, "merge", "%s/%s is left out: %s",
	    s->folder, run, why);
}

/* False: it is none that counts. */
static bool
read_run(struct shard_runs *s, const struct campaign_conf *conf,
    const char *run, struct log *lg)
{
	struct fail why;

	switch (
	    journal_read_all(conf, s->folder, run, &s->next.earlier, &why)) {
	case JOURNAL_ENDED:
	case JOURNAL_LEFT_ON:
		s->next.killed = false;
		return true;
	case JOURNAL_EMPTY:
		s->next.earlier->result->started = run_name_start(run);
		s->next.killed = true;
		return true;
	case JOURNAL_KILLED:
		s->next.killed = true;
		return true;
	case JOURNAL_NONE: /* the reports of a recovery */
		return false;
	case JOURNAL_NEWER:
		say_unread(s, run, "its journal is a newer version's", lg);
		return false;
	case JOURNAL_UNREADABLE:
		break;
	}
	say_unread(s, run, why.text, lg);
	return false;
}

/* NULL: there are no more. */
static const struct run_result *
look_at_next(
    struct shard_runs *s, const struct campaign_conf *conf, struct log *lg)
{
	while (s->next.earlier == NULL && s->n_names > 0) {
		char *run = s->names[--s->n_names];

		read_run(s, conf, run, lg);
		free(run);
	}
	return s->next.earlier != NULL ? s->next.earlier->result : NULL;
}

static void
take_next(struct shard_runs *s)
{
	s->v = xreallocarray(s->v, s->n + 1, sizeof(s->v[0]));
	s->v[s->n++] = s->next;
	s->next.earlier = NULL;
}

static bool
was_cut_off(const struct shard_run *run)
{
	int status = run->earlier->result->exit_status;

	return run->killed || status == RUN_INTERRUPTED ||
	       status == RUN_TROUBLE;
}

void
shard_runs_take_night(
    struct shard_runs *s, const struct campaign_conf *conf, struct log *lg)
{
	const struct run_result *r;

	while ((r = look_at_next(s, conf, lg)) != NULL) {
		const struct run_result *after =
		    s->n > 0 ? s->v[s->n - 1].earlier->result : NULL;

		if (after != NULL && (!was_cut_off(&s->next) ||
					 (r->window_end != 0 &&
					     after->started >= r->window_end)))
			return;
		take_next(s);
	}
}

void
shard_runs_take_since(struct shard_runs *s, const struct campaign_conf *conf,
    int64_t since, struct log *lg)
{
	const struct run_result *r;

	while ((r = look_at_next(s, conf, lg)) != NULL && r->started >= since)
		take_next(s);
}

void
shard_runs_free(struct shard_runs *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		earlier_run_free(s->v[i].earlier);
	earlier_run_free(s->next.earlier);
	for (size_t i = 0; i < s->n_names; i++)
		free(s->names[i]);
	free(s->names);
	free(s->v);
	free(s->folder);
	free(s);
}
