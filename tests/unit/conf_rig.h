/* conf_rig.h - a private folder with configuration files, loaded and judged. */
#ifndef UNIT_CONF_RIG_H
#define UNIT_CONF_RIG_H

#include "conf/agent_conf.h"
#include "conf/campaign_conf.h"
#include "conf/conf_lists.h"
#include "conf/conf_load.h"
#include "unit.h"

/* Parts of a configuration, and one that is right. */
#define CONF_RIG_QUIET "verify = { snmp = false; };\n"
#define CONF_RIG_DEFAULTS                                      \
	"defaults = { type = \"msbr\"; username = \"Admin\"; " \
	"password = \"secret\"; agent = \"192.0.2.252\"; };\n"
#define CONF_RIG_DEVICE                             \
	"devices = ( { address = \"192.0.2.218\"; " \
	"interfaces = [ \"eth-wan\" ]; } );\n"
#define CONF_RIG_WHOLE CONF_RIG_QUIET CONF_RIG_DEFAULTS CONF_RIG_DEVICE

struct conf_rig {
	char folder[UNIT_PATH_MAX];
	const char *paths[8];
	size_t n_paths; /* 0: the folder itself */
	const char *sets[8];
	size_t n_sets;
	const char *output;
	struct shard shard;
	const struct conf_lists *lists;
	struct conf_messages m;
	struct campaign_conf *campaign;
	struct agent_conf *agent;
};

struct conf_rig *conf_rig_new(void);
/* Removes the folder. */
void conf_rig_free(struct conf_rig *r);

/* Write a file of mode 0600 in the folder; the format is printf's. */
void conf_rig_file(struct conf_rig *r, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void conf_rig_mode(struct conf_rig *r, const char *name, unsigned mode);
/* A file in the folder, to be freed. */
char *conf_rig_path(const struct conf_rig *r, const char *name);

/* Load, in place of what was loaded before. */
struct campaign_conf *conf_rig_campaign(struct conf_rig *r);
struct agent_conf *conf_rig_agent(struct conf_rig *r);
/* Load: it must be right, or wrong with exactly one error that contains each
 * of the texts (the second may be NULL). */
struct campaign_conf *conf_rig_right(struct conf_rig *r);
void conf_rig_wrong(struct conf_rig *r, const char *has, const char *also);
/* A rig whose file a.conf is this. */
struct conf_rig *conf_rig_with(const char *text);
/* A right configuration is wrong with this file b.conf besides; with this one
 * device in it; with this --set. */
void conf_rig_wrong_also(const char *text, const char *has, const char *also);
void conf_rig_wrong_device(
    const char *settings, const char *has, const char *also);
void conf_rig_wrong_set(const char *set, const char *has, const char *also);
/* The same for the agent. */
struct agent_conf *conf_rig_agent_right(struct conf_rig *r);
void conf_rig_agent_wrong(
    struct conf_rig *r, const char *has, const char *also);

#endif
