/* rebuild_history.c - see rebuild_history.h.
 *
 * It takes no lock of the campaign: a run that ends meanwhile waits for a
 * transaction, and adds its own rows.
 */
#include "cmd/rebuild_history.h"

#include <stdlib.h>

#include "books/history.h"
#include "books/result.h"
#include "cmd/campaign_source.h"
#include "cmd/process.h"

static bool
say(const struct history_sum *sum, const char *parent)
{
	struct strbuf text = STRBUF_INIT;
	bool ok;

	strbuf_addf(&text, "%s/history.sqlite: %zu run%s", parent, sum->added,
	    sum->added == 1 ? "" : "s");
	if (sum->unread > 0)
		strbuf_addf(&text, ", %zu report%s could not be read",
		    sum->unread, sum->unread == 1 ? "" : "s");
	strbuf_add(&text, "\n");
	ok = process_print(&text);
	strbuf_free(&text);
	return ok;
}

static int
rebuild(const struct options *o, const struct campaign_conf *conf)
{
	char *parent = run_parent(conf);
	struct log *lg = options_log(o);
	struct history_sum sum;
	int status = EXIT_TROUBLE;

	if (history_rebuild(parent, lg, &sum) && say(&sum, parent))
		status = sum.unread > 0 ? RUN_SOME_FAILED : RUN_ALL_WELL;
	log_free(lg);
	free(parent);
	return status;
}

int
rebuild_history(const struct options *o, const struct program_words *p,
    const struct run_place *place)
{
	const struct campaign_source source = {
	    .common = o, .words = p, .place = *place};
	int status = EXIT_TROUBLE;
	struct campaign_conf *conf =
	    process_load_place(o, p, place, "nothing was written", &status);

	if (conf != NULL && campaign_source_settle(&source, conf))
		status = rebuild(o, conf);
	campaign_conf_free(conf);
	return status;
}
