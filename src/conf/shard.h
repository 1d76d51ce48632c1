/* shard.h - which devices are one of several campaigns' that share a list of
 * them (--shard I/N), each on a host of its own or beside the others.
 *
 * By the device alone: it stays in its shard when the list grows.
 */
#ifndef CONF_SHARD_H
#define CONF_SHARD_H

#include <stdbool.h>

#define SHARDS_MOST 1000

struct shard {
	int index; /* from 0 */
	int of;    /* 0: the campaign is not shared */
};

/* "2/4": the third of four.  False: it is none. */
bool shard_read(const char *text, struct shard *s);
/* Of so many, the index of a device's.  Addresses at equal distances, as
 * networks have them, are spread evenly; so are, by chance, names. */
int shard_index(const char *address, int port, int of);

/* The folder of its runs, "shard-2-of-4". */
#define SHARD_NAME_MAX 32
const char *shard_name(const struct shard *s, char buf[SHARD_NAME_MAX]);
/* The other way round.  False: it is no such name. */
bool shard_name_read(const char *name, struct shard *s);

#endif
