/* ask_agent.c - see ask_agent.h. */
#include "cmd/ask_agent.h"

#include <stdlib.h>
#include <string.h>

#include "agent/status_ask.h"
#include "agent/status_metrics.h"
#include "agent/status_text.h"
#include "base/metrics.h"
#include "cmd/process.h"
#include "conf/conf_load.h"

/* NULL, and the status to end with. */
static char *
find_folder(
    const struct options *o, const struct program_words *words, int *status)
{
	struct conf_messages m = {0};
	const struct conf_sources from = {.paths = o->paths.texts,
	    .n_paths = o->paths.n,
	    .sets = o->sets.texts,
	    .n_sets = o->sets.n};
	char *folder = agent_conf_load_captures(&from, &m);

	process_print_messages(o, words, &m, "which agent to ask is not known");
	if (folder == NULL)
		*status = process_conf_status(&m);
	conf_messages_free(&m);
	return folder;
}

static bool
say(const struct options *o, const struct program_words *words,
    const struct fail *why)
{
	process_say(o, LOGGING_ERROR, "%s: %s", words->name, why->text);
	return false;
}

static bool
write_metrics(const struct ask_agent *what, const struct options *o,
    const struct program_words *words, const struct agent_status *s)
{
	struct strbuf text = STRBUF_INIT;
	struct fail why;
	bool good;

	status_metrics(s, &text);
	if (strcmp(what->metrics, "-") == 0)
		good = process_print(&text);
	else
		good = metrics_write(what->metrics, &text, &why) ||
		       say(o, words, &why);
	strbuf_free(&text);
	return good;
}

static bool
print_status(const struct ask_agent *what, const struct agent_status *s)
{
	struct strbuf text = STRBUF_INIT;
	bool good;

	if (what->json)
		status_json(s, &text);
	else
		status_text(s, &text);
	good = process_print(&text);
	strbuf_free(&text);
	return good;
}

int
ask_agent(const struct ask_agent *what, const struct options *o,
    const struct program_words *words)
{
	int status = EXIT_SUCCESS;
	char *folder = find_folder(o, words, &status);
	struct agent_status s;
	struct fail why;
	bool good;

	if (folder == NULL)
		return status;
	good = agent_status_ask(folder, STATUS_SILENT_MS, &s, &why) ||
	       say(o, words, &why);
	/* That none answers is for a monitoring to know, too. */
	if (what->metrics != NULL)
		good = write_metrics(what, o, words, good ? &s : NULL) && good;
	else if (good)
		good = print_status(what, &s);
	agent_status_free(&s);
	free(folder);
	return good ? EXIT_SUCCESS : EXIT_TROUBLE;
}
