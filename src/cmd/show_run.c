/* show_run.c - finds a run and prints its report.
 *
 * Takes no lock and needs no secret: who may read the reports may use it, also
 * while a campaign runs.
 */
#include "cmd/show_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/xmem.h"
#include "books/result.h"
#include "books/run_names.h"
#include "cmd/process.h"
#include "conf/conf_load.h"
#include "report/show.h"
#include "report/show_words.h"

#define REPORT "report.json"
#define PAGE   "report.html"
/* Ten thousand devices with a hundred rows each have less. */
#define REPORT_MOST ((size_t)512 << 20)
/* So many are named where one was not found. */
#define NAMED_MAX 5

struct shown {
	const struct options *o;
	const struct program_words *words;
	const struct show_options *show;
	const char *run; /* as it was asked for */
	char *parent;    /* the folder of all runs; NULL: a path was given */
	char *folder;    /* the run's own; NULL: it is not there */
};

/* Whoever read has seen enough. */
static int
print(const struct strbuf *text)
{
	if (fputs(strbuf_text(text), stdout) >= 0 && fflush(stdout) == 0)
		return EXIT_SUCCESS;
	if (errno == EPIPE)
		return EXIT_SUCCESS;
	fprintf(
	    stderr, "cannot write to standard output: %s\n", strerror(errno));
	return EXIT_TROUBLE;
}

/* --- which run --- */

/* The folder of all runs; 0, or the status to end with. */
static int
find_parent(struct shown *s)
{
	int status = EXIT_SUCCESS;
	struct campaign_conf *conf =
	    process_load_place(s->o, s->words, &s->show->place,
		"where the runs are is not known: --show takes the path of a "
		"run's folder, too",
		&status);

	if (conf != NULL)
		s->parent = run_parent(conf);
	campaign_conf_free(conf);
	return status;
}

static void
say_newest(const struct shown *s, struct strbuf *to)
{
	char names[NAMED_MAX][RUN_NAME_MAX];
	size_t n = run_names_newest(s->parent, names, NAMED_MAX);

	for (size_t i = 0; i < n; i++)
		strbuf_addf(to, "%s%s",
		    i > 0   ? ", "
		    : n > 1 ? "the newest are "
			    : "the newest is ",
		    names[i]);
	if (n == 0)
		strbuf_addf(to, "%s has no run", s->parent);
}

static int
not_there(const struct shown *s)
{
	struct strbuf b = STRBUF_INIT;

	if (s->parent != NULL)
		say_newest(s, &b);
	else
		strbuf_add(&b, "a path is that of a run's folder");
	if (s->parent != NULL && strcmp(s->run, RUN_LATEST) == 0)
		process_complain(s->o, s->words, "no run has ended yet: %s",
		    strbuf_text(&b));
	else if (s->parent != NULL && strcmp(s->run, RUN_CURRENT) == 0)
		process_complain(
		    s->o, s->words, "no run is under way: %s", strbuf_text(&b));
	else
		process_complain(s->o, s->words, "there is no run %s: %s",
		    s->run, strbuf_text(&b));
	strbuf_free(&b);
	return EXIT_OPTIONS;
}

/* A name is one in the folder of the runs and leads nowhere else. */
static bool
is_named(const char *run)
{
	return run_is_name(run) || strcmp(run, RUN_LATEST) == 0 ||
	       strcmp(run, RUN_CURRENT) == 0;
}

/* The run's own folder, behind all links. */
static int
find_folder(struct shown *s)
{
	bool path = strchr(s->run, '/') != NULL;
	int status = path ? EXIT_SUCCESS : find_parent(s);
	struct stat st;
	char *place;

	if (status != EXIT_SUCCESS)
		return status;
	if (!path && !is_named(s->run))
		return not_there(s);
	place = path ? xstrdup(s->run) : xasprintf("%s/%s", s->parent, s->run);
	s->folder = realpath(place, NULL);
	if (s->folder == NULL && errno != ENOENT && errno != ENOTDIR) {
		process_complain(s->o, s->words, "cannot read %s: %s", place,
		    strerror(errno));
		status = EXIT_TROUBLE;
	} else if (s->folder == NULL || stat(s->folder, &st) != 0 ||
		   !S_ISDIR(st.st_mode)) {
		status = not_there(s);
	}
	free(place);
	return status;
}

/* --- a run without a report --- */

static bool
is_current(const struct shown *s)
{
	char *slash = strrchr(s->folder, '/');
	char *parent = xstrndup(s->folder, (size_t)(slash - s->folder));
	char run[RUN_NAME_MAX];
	bool is = run_link_read(parent, RUN_CURRENT, run) &&
		  strcmp(run, slash + 1) == 0;

	free(parent);
	return is;
}

/* When something was last written down, in local time; "": nothing was. */
static void
last_heard(const struct shown *s, struct show_time *t)
{
	char *path = xasprintf("%s/" RUN_JOURNAL, s->folder);
	char text[CLOCK_TEXT_MAX];
	struct stat st;

	*t = (struct show_time){0};
	if (stat(path, &st) == 0)
		show_time_read(
		    clock_rfc3339(clock_us(&st.st_mtim) / 1000, text), t);
	free(path);
}

/* A run is called by its start. */
static void
started(const char *run, struct show_time *t)
{
	char text[sizeof("2026-11-23T04:00:00Z")];

	str_copy(text, sizeof(text), run);
	for (char *dot = strchr(text, '.'); dot != NULL; dot = strchr(dot, '.'))
		*dot = ':';
	show_time_read(text, t);
}

/* `current` leads to a killed run, too, until the next one begins. */
static int
show_current(const char *run, const struct show_time *heard)
{
	struct strbuf b = STRBUF_INIT;
	struct show_time from;
	int status;

	started(run, &from);
	strbuf_addf(&b, "Run %s is under way since %s %s (%s), no report yet",
	    run, from.date, from.clock, from.zone);
	if (heard->date[0] != '\0')
		strbuf_addf(&b, ";\nit last wrote something down at %s %s",
		    heard->date, heard->clock);
	strbuf_add(&b, ".\nIf it was killed, the next run writes its report, "
		       "or --recover does.\n");
	status = print(&b);
	strbuf_free(&b);
	return status;
}

static int
show_unreported(const struct shown *s)
{
	const char *run = strrchr(s->folder, '/') + 1;
	struct show_time t;

	last_heard(s, &t);
	if (is_current(s))
		return show_current(run, &t);
	if (t.date[0] == '\0')
		process_complain(s->o, s->words,
		    "%s has no " REPORT ": it is no run's folder", s->folder);
	else
		process_complain(s->o, s->words,
		    "run %s has no report: it was killed, or could not write "
		    "it; the next run writes it, or --recover",
		    run);
	return EXIT_TROUBLE;
}

/* --- its report --- */

static void
add_page(const struct shown *s, struct strbuf *to)
{
	char *path = xasprintf("%s/" PAGE, s->folder);

	str_printable(path);
	if (access(path, F_OK) == 0)
		strbuf_addf(to, "\nWith pictures: %s\n", path);
	free(path);
}

static int
show_text(const struct shown *s, const char *path, const char *text, size_t len)
{
	struct show_wish wish = {
	    .globs = s->show->globs->texts, .n_globs = s->show->globs->n};
	struct strbuf b = STRBUF_INIT;
	int status = EXIT_TROUBLE;
	struct fail why;

	if (!show_report(text, len, &wish, &b, &why)) {
		process_complain(
		    s->o, s->words, "cannot show %s: %s", path, why.text);
	} else if (wish.unmatched != NULL) {
		process_complain(s->o, s->words,
		    "-d %s matches no device of run %s", wish.unmatched,
		    strrchr(s->folder, '/') + 1);
		status = EXIT_OPTIONS;
	} else {
		add_page(s, &b);
		status = print(&b);
	}
	strbuf_free(&b);
	return status;
}

static int
show_folder(const struct shown *s)
{
	char *path = xasprintf("%s/" REPORT, s->folder);
	struct stat st;
	size_t len;
	char *text =
	    bytes_read(bytes_open(path, O_CLOEXEC, &st), REPORT_MOST, &len);
	int error = errno, status = EXIT_TROUBLE;

	if (text != NULL)
		status = show_text(s, path, text, len);
	else if (error == ENOENT)
		status = show_unreported(s);
	else
		process_complain(s->o, s->words, "cannot read %s: %s", path,
		    error == EFBIG    ? "it is longer than 512 MiB"
		    : error == EINVAL ? "it is no file"
				      : strerror(error));
	bytes_free(text, text != NULL ? len + 1 : 0);
	free(path);
	return status;
}

int
show_run(const struct options *o, const struct program_words *p,
    const struct show_options *show)
{
	struct shown s = {.o = o,
	    .words = p,
	    .show = show,
	    .run = show->run != NULL ? show->run : RUN_LATEST};
	int status = find_folder(&s);

	if (status == EXIT_SUCCESS)
		status = show_folder(&s);
	free(s.parent);
	free(s.folder);
	return status;
}
