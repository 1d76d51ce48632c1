/* changed.h - what one packet meets of the changes of its way, and what of them
 * is to be said.
 */
#ifndef PAIRS_CHANGED_H
#define PAIRS_CHANGED_H

#include <stdio.h>

#include "packet.h"

/* So much longer it takes. */
int64_t changed_delay(const struct settings *s, const struct packet *p);
/* So many routers it meets. */
unsigned changed_hops(const struct settings *s, const struct packet *p);
/* Its DSCP where that side sees it. */
unsigned changed_dscp(
    const struct settings *s, const struct packet *p, enum side side);
/* Does it go where the device is no more? */
bool changed_lost(const struct settings *s, const struct packet *p);
/* Does it have the device's new address, or port, at the server? */
bool changed_address(const struct settings *s, const struct packet *p);
bool changed_port(const struct settings *s, const struct packet *p);

/* The lines of truth_text.c that begin with "path". */
void changed_write(FILE *f, const struct settings *s);

#endif
