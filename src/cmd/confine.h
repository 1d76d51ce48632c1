/* confine.h - a process that reads what strangers sent gives up what it does
 * not need for it.
 *
 * No capability, no network of this host, no file but those that are open, no
 * program; limits of memory, processor time, written bytes and descriptors.
 * Where this system does not allow one of them, the others hold.
 */
#ifndef CMD_CONFINE_H
#define CMD_CONFINE_H

#include <stdint.h>

struct confinement {
	uint64_t memory;  /* bytes beyond what the program takes by itself */
	uint64_t written; /* bytes of its longest file */
	unsigned seconds; /* of processor time */
	int descriptors;  /* as many, from 0 on */
};

/* For good. */
void confine(const struct confinement *c);

#endif
