/* conf_common.c - checks across keys that campaign and agent share. */
#include "conf/conf_common.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/xmem.h"
#include "conf/conf_say.h"

char *
conf_absolute(struct arena *values, char *path)
{
	char *here;

	if (path == NULL || path[0] == '/')
		return path;
	here = getcwd(NULL, 0);
	if (here == NULL)
		return path; /* the folder is gone: opening will say so */
	path = arena_take(values, xasprintf("%s/%s", here, path));
	free(here);
	return path;
}

static bool
is_given(const struct conf_group *g, const char *key, const char *key_file)
{
	return conf_group_find(g, key) != NULL ||
	       conf_group_find(g, key_file) != NULL;
}

/* An agent of 1.0.6 has it in its source, so a mixed installation needs it. */
static void
warn_known_key(struct conf_input *in, const struct conf_group *g,
    const char *password, const char *key, const char *key_file)
{
	char *name;

	if (password == NULL || strcmp(password, OLD_SNMP_KEY) != 0)
		return;
	if (conf_group_find(g, key) == NULL)
		key = key_file;
	name = xasprintf("snmp.%s", key);
	conf_warning(in->m, conf_group_place(g, key), name,
	    "this is the key of version 1.0.6, which everybody knows; only an "
	    "agent of that version needs it");
	free(name);
}

void
conf_check_snmp(struct conf_input *in, bool snmp, const struct snmp_section *s)
{
	const struct conf_group *g = conf_input_section(in, "snmp");
	const struct conf_group *verify = conf_input_section(in, "verify");
	struct conf_place at = conf_input_missing(in, verify);

	if (!snmp || g->incomplete)
		return;
	warn_known_key(
	    in, g, s->auth_password, "auth_password", "auth_password_file");
	warn_known_key(
	    in, g, s->priv_password, "priv_password", "priv_password_file");
	if (is_given(g, "auth_password", "auth_password_file") &&
	    is_given(g, "priv_password", "priv_password_file"))
		return;
	if (conf_group_find(verify, "snmp") != NULL)
		at = *conf_group_place(verify, "snmp");
	conf_error(in->m, &at, "verify.snmp",
	    "SNMP requests need both keys; give snmp.auth_password_file and "
	    "snmp.priv_password_file, or set verify.snmp = false");
}

char *
conf_host_key(const char *host)
{
	char key[HOST_TEXT_MAX];

	host_canonical(key, host);
	return xstrdup(key);
}
