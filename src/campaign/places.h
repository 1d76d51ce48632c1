/* places.h - how much may go on at once, by the descriptors there are.
 *
 * The configured limits hold where descriptors are plenty.  Where they are few
 * everything still gets its turn, only later.
 */
#ifndef CAMPAIGN_PLACES_H
#define CAMPAIGN_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "conf/campaign_conf.h"

struct places {
	int rest;    /* requests under way */
	size_t keep; /* REST connections, idle ones among them */
	int sftp;    /* transfers */
	int verify;  /* devices that are sent probes */
	bool few;    /* descriptors, not the configuration, set one of them */
};

/* How many descriptors this process may have open (RLIMIT_NOFILE). */
size_t places_descriptors(void);
/* "256 descriptors (LimitNOFILE, ulimit -n): at most ... at once": what few of
 * them allow. */
void places_describe(
    const struct places *p, size_t descriptors, struct strbuf *to);
/* Every place is at least 1. */
void places_share(
    struct places *p, const struct campaign_conf *conf, size_t descriptors);

#endif
