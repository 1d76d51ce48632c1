/* conf_load.h - from files and --set to a checked configuration.
 *
 * All files are read and everything is checked before anything is said: every
 * message is collected with file and line, and there is a configuration only
 * if there is none.
 */
#ifndef CONF_CONF_LOAD_H
#define CONF_CONF_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "conf/run_place.h"

struct agent_conf;
struct campaign_conf;
struct conf_lists;

/* What was found: `<file>:<line>: <key>: <what is wrong>; <what is allowed>`,
 * one a line.  Warnings do not make a configuration wrong; notes say which
 * setting of one file overrides which of another. */
struct conf_messages {
	struct strbuf errors;
	struct strbuf warnings;
	struct strbuf notes;
	unsigned n_errors;
	unsigned n_option_errors; /* of them: in --set and -o */
};
void conf_messages_free(struct conf_messages *m);

struct conf_sources {
	const char *const *paths; /* files and folders (their *.conf by name) */
	size_t n_paths;
	const char *const *sets; /* "key=value": `campaign.window=2h` */
	size_t n_sets;
	struct run_place place;
	const struct conf_lists *lists; /* NULL: without devices_command's */
};

/* NULL if there was an error. */
struct campaign_conf *campaign_conf_load(
    const struct conf_sources *from, struct conf_messages *m);
/* The section `campaign` alone, all else is 0: enough to find the runs, for
 * somebody who may not read the secrets.  Nothing else is checked. */
struct campaign_conf *campaign_conf_load_place(
    const struct conf_sources *from, struct conf_messages *m);
/* The first of the patterns that matches no device, or NULL. */
const char *campaign_conf_unmatched(
    const struct campaign_conf *c, const char *const *globs, size_t n_globs);
/* Keep only the devices whose address or name matches one of the patterns
 * (fnmatch(3)); returns how many are left. */
size_t campaign_conf_select(
    struct campaign_conf *c, const char *const *globs, size_t n_globs);
/* The UDP port that agents and OVOC servers send to: shards on one host have
 * one each. */
int campaign_conf_port(const struct campaign_conf *c);
/* Secrets are wiped.  NULL is accepted. */
void campaign_conf_free(struct campaign_conf *c);
struct agent_conf *agent_conf_load(
    const struct conf_sources *from, struct conf_messages *m);
/* agent.captures alone, for somebody who may not read the secrets; free(3). */
char *agent_conf_load_captures(
    const struct conf_sources *from, struct conf_messages *m);
void agent_conf_free(struct agent_conf *c);

/* The effective configuration as a file that would load, secrets masked. */
void campaign_conf_print(const struct campaign_conf *c, struct strbuf *to);
void agent_conf_print(const struct agent_conf *c, struct strbuf *to);

/* Every key with type, range, default and help, for the manual's check:
 * `<section.key>\t<range>\t<default>\t<help>` a line. */
void campaign_conf_keys(struct strbuf *to);
void agent_conf_keys(struct strbuf *to);
/* Those that --set takes, "campaign.window", one a line. */
void campaign_conf_settings(struct strbuf *to);
void agent_conf_settings(struct strbuf *to);

#endif
