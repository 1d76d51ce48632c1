/* path.h - what becomes of a packet on its way: lost, late, twice, in pieces.
 */
#ifndef PAIRS_PATH_H
#define PAIRS_PATH_H

#include "dice.h"
#include "packet.h"

struct path {
	const struct settings *settings;
	int64_t last[WAYS]; /* arrival; what was not overtaken stays in order */
	unsigned matched[WAYS], burst[WAYS];
	int64_t second[WAYS];
	unsigned in_second[WAYS];
	bool one_gone;
};

void path_init(struct path *path, const struct settings *s);
/* Sets all of the packet that begins when it left. */
void path_fate(struct path *path, struct dice *d, struct packet *p);
/* Bytes of the packet from its IP header on. */
unsigned path_ip_length(const struct settings *s, const struct packet *p);

#endif
