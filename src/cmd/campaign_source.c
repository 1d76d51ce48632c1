/* campaign_source.c - see campaign_source.h.
 *
 * devices_command runs in the middle of the loading: behind all that only root
 * may read, and not as root any more.
 */
#include "cmd/campaign_source.h"

#include <linux/capability.h>
#include <unistd.h>

#include "base/folder_owner.h"
#include "campaign/last_list.h"
#include "campaign/list_program.h"
#include "cmd/process.h"
#include "conf/conf_lists.h"
#include "conf/conf_load.h"

struct loading {
	const struct campaign_source *source;
	bool settled; /* whose rights these are */
	bool trouble; /* ... and that cannot be: it was said */
};

/* --- whose rights --- */

static void
warn_of_root(const struct campaign_source *s, const char *output, bool missing)
{
	process_say(s->common, LOGGING_WARNING,
	    "%s: warning: campaign.output: %s %s root, and so is this: give it "
	    "to the service's user (chown -R)",
	    s->words->name, output, missing ? "would belong to" : "belongs to");
}

/* Who only looks stays root, unless a program is to be run, or the folder that
 * is there is to be looked at as by its owner. */
static bool
give_up_root(const struct campaign_source *s, const struct campaign_conf *conf)
{
	const char *output = conf->campaign.output;
	bool become = !s->only || conf->inventory.n_program > 0;
	struct folder_owner owner;
	struct fail why;
	bool ok = folder_owner_find(output, s->words->name, &owner, &why);

	if (ok && owner.uid == 0)
		warn_of_root(s, output, owner.missing);
	if (ok && s->check && !owner.missing)
		become = true;
	if (s->only)
		owner.missing = false; /* it is not made now */
	if (ok && become)
		ok = folder_owner_become(
		    output, &owner, 1U << CAP_NET_RAW, &why);
	if (!ok)
		process_say(s->common, LOGGING_ERROR,
		    "%s: campaign.output: %s; nothing was sent", s->words->name,
		    why.text);
	return ok;
}

static bool
settle(struct loading *l, const struct campaign_conf *conf)
{
	if (!l->settled && geteuid() == 0)
		l->trouble = !give_up_root(l->source, conf);
	l->settled = true;
	return !l->trouble;
}

/* --- devices_command --- */

static char *
run_list(
    void *arg, const struct campaign_conf *c, size_t *len, struct fail *why)
{
	struct loading *l = arg;
	struct log *lg;
	char *text;

	if (!settle(l, c))
		return NULL;
	lg = options_log(l->source->common);
	text = list_program_run(lg, c->inventory.program,
	    c->inventory.n_program, LIST_PROGRAM_MS, len, why);
	log_free(lg);
	return text;
}

static char *
read_last(void *arg, const struct campaign_conf *c, size_t *len, int64_t *when,
    struct fail *why)
{
	return settle(arg, c) ? last_list_read(c, len, when, why) : NULL;
}

static void
keep_list(
    void *arg, const struct campaign_conf *c, const char *text, size_t len)
{
	const struct loading *l = arg;
	struct fail why;

	if (!l->source->only && !last_list_write(c, text, len, &why))
		process_say(l->source->common, LOGGING_WARNING,
		    "%s: warning: devices_command: the list cannot be kept "
		    "for a night without one: %s",
		    l->source->words->name, why.text);
}

/* --- loading --- */

static struct campaign_conf *
load(struct loading *l, int *status)
{
	const struct campaign_source *s = l->source;
	const struct conf_lists lists = {.run = run_list,
	    .last = read_last,
	    .keep = keep_list,
	    .arg = l,
	    .last_first = s->last_first};
	const struct conf_sources from = {.paths = s->common->paths.texts,
	    .n_paths = s->common->paths.n,
	    .sets = s->common->sets.texts,
	    .n_sets = s->common->sets.n,
	    .place = s->place,
	    .lists = &lists};
	struct conf_messages m = {.n_errors = 0};
	struct campaign_conf *conf = campaign_conf_load(&from, &m);

	if (!l->trouble)
		process_print_messages(
		    s->common, s->words, &m, "nothing was sent");
	*status = l->trouble ? EXIT_TROUBLE : process_conf_status(&m);
	if (conf != NULL && s->check)
		process_print_notes(s->common, &m);
	conf_messages_free(&m);
	return conf;
}

static bool
select_devices(const struct campaign_source *s, struct campaign_conf *conf)
{
	const char *none =
	    campaign_conf_unmatched(conf, s->globs->texts, s->globs->n);

	if (none == NULL)
		campaign_conf_select(conf, s->globs->texts, s->globs->n);
	else
		process_say(s->common, LOGGING_ERROR,
		    "%s: -d %s matches no device", s->words->name, none);
	return none == NULL;
}

struct campaign_conf *
campaign_source_load(const struct campaign_source *s, int *status)
{
	struct loading l = {.source = s};
	struct campaign_conf *conf = load(&l, status);

	if (conf == NULL)
		return NULL;
	if (s->globs->n > 0 && !select_devices(s, conf)) {
		*status = EXIT_OPTIONS;
	} else if (!settle(&l, conf)) {
		*status = EXIT_TROUBLE;
	} else {
		return conf;
	}
	campaign_conf_free(conf);
	return NULL;
}

bool
campaign_source_settle(
    const struct campaign_source *s, const struct campaign_conf *conf)
{
	struct loading l = {.source = s};

	return settle(&l, conf);
}
