/* show_history.c - see show_history.h.
 *
 * Takes no lock of the campaign and needs no secret: who may read the reports
 * may use it.
 */
#include "cmd/show_history.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/xmem.h"
#include "books/history_store.h"
#include "books/result.h"
#include "cmd/process.h"
#include "conf/conf_load.h"
#include "report/history_show.h"

struct shown {
	const struct options *o;
	const struct program_words *words;
	const char *parent;
};

static void
say_trouble(
    const struct shown *s, enum database_state state, const struct fail *why)
{
	if (state == DATABASE_MISSING)
		process_complain(s->o, s->words,
		    "%s has no " HISTORY_FILE " yet: a run that ends makes it, "
		    "or --rebuild-history",
		    s->parent);
	else if (state == DATABASE_DAMAGED)
		process_complain(s->o, s->words,
		    "%s/" HISTORY_FILE " is damaged (%s): --rebuild-history "
		    "makes it anew",
		    s->parent, why->text);
	else
		process_complain(s->o, s->words,
		    "cannot read %s/" HISTORY_FILE ": %s", s->parent,
		    why->text);
}

static int
show(const struct shown *s, struct database *db, struct history_wish *wish)
{
	struct strbuf text = STRBUF_INIT;
	int status = EXIT_SUCCESS;
	struct fail why;

	if (!history_show(db, wish, &text)) {
		say_trouble(s, database_state(db, &why), &why);
		status = EXIT_TROUBLE;
	} else if (wish->unmatched != NULL) {
		process_complain(s->o, s->words,
		    "-d %s matches no device of any run", wish->unmatched);
		status = EXIT_OPTIONS;
	} else if (!process_print(&text)) {
		status = EXIT_TROUBLE;
	}
	strbuf_free(&text);
	return status;
}

static int
open_and_show(struct shown *s, const struct campaign_conf *conf,
    struct history_wish *wish)
{
	char *parent = run_parent(conf);
	enum database_state state;
	struct database *db;
	struct fail why;
	int status = EXIT_TROUBLE;

	s->parent = parent;
	wish->campaign = conf->campaign.name;
	db = history_open(parent, DATABASE_READ, &state, &why);
	if (db != NULL)
		status = show(s, db, wish);
	else
		say_trouble(s, state, &why);
	database_close(db);
	free(parent);
	return status;
}

int
show_history(const struct options *o, const struct program_words *p,
    const struct history_options *h)
{
	struct shown s = {.o = o, .words = p};
	struct history_wish wish = {
	    .globs = h->globs->texts, .n_globs = h->globs->n};
	struct campaign_conf *conf;
	int status = EXIT_SUCCESS;

	if (h->since != NULL && !clock_since_read(h->since, &wish.since)) {
		process_complain(s.o, s.words, CLOCK_SINCE_WRONG, h->since);
		return EXIT_OPTIONS;
	}
	conf = process_load_place(
	    o, p, &h->place, "where the runs are is not known", &status);
	if (conf != NULL)
		status = open_and_show(&s, conf, &wish);
	campaign_conf_free(conf);
	return status;
}
