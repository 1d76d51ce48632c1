/* first_conf.h - --init: a first configuration where none is.
 *
 * It is written for who fills it in: as it is, --check names what is missing.
 */
#ifndef CMD_FIRST_CONF_H
#define CMD_FIRST_CONF_H

#include "cmd/options.h"

struct first_conf {
	const char *file;           /* its name in the folder */
	const char *text;           /* what is in it */
	const char *const *secrets; /* files of passwords, ended by NULL */
};

extern const struct first_conf first_conf_campaign, first_conf_agent;

/* Write it into the folder of -c, or the default one, which is made if it is
 * not there, and the secrets, empty and private (0600), into the folder
 * "credentials" beside that, or into the same where there is none.  A secret
 * that is there stays as it is.  What was done, and what is to be done, is told
 * on stdout.  The exit status: EXIT_TROUBLE, and why on stderr, if the folder
 * has a configuration (*.conf) already, or cannot be written. */
int first_conf_run(const struct first_conf *f, const struct options *o,
    const struct program_words *w);

#endif
