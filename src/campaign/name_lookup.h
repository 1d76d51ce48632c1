/* name_lookup.h - every name of a configuration looked up, and waited for.
 *
 * For who only prints what there would be: the numbers go through the devices,
 * and then the agents.
 */
#ifndef CAMPAIGN_NAME_LOOKUP_H
#define CAMPAIGN_NAME_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/str.h"
#include "conf/campaign_conf.h"
#include "loop/loop.h"

struct name_lookup;

/* Runs the loop until the last one has its answer, or for `most_ms` (0: as long
 * as it takes); `conf` outlives it. */
struct name_lookup *name_lookup_all(
    struct loop *lp, const struct campaign_conf *conf, int64_t most_ms);
void name_lookup_free(struct name_lookup *l);

/* Its addresses, or why there are none. */
const char *name_lookup_text(const struct name_lookup *l, size_t i);
/* Has any name an address of this family? */
bool name_lookup_has(const struct name_lookup *l, sa_family_t family);
/* How many devices have no address, or no agent with one; the names without
 * one are added to `names`, with commas. */
size_t name_lookup_lost(const struct name_lookup *l, struct strbuf *names);

#endif
