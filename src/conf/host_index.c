/* host_index.c - see host_index.h.
 *
 * A table that is never more than three quarters full; who does not find a
 * place free takes the next.  Called by campaign_devices.c.
 */
#include "conf/host_index.h"

#include <stdlib.h>

#include "base/addr.h"
#include "base/hash.h"
#include "base/xmem.h"

#define FIRST 64 /* places; a power of two */

struct place {
	const char *host; /* NULL: free */
	uint64_t beside;
	uint32_t hash, number;
};

struct host_index {
	struct place *places;
	size_t room, n;
};

struct host_index *
host_index_new(size_t hosts)
{
	struct host_index *x = xcalloc(1, sizeof(*x));

	x->room = FIRST;
	while (x->room / 4 * 3 < hosts)
		x->room *= 2;
	x->places = xcalloc(x->room, sizeof(x->places[0]));
	return x;
}

void
host_index_free(struct host_index *x)
{
	if (x != NULL)
		free(x->places);
	free(x);
}

/* Its own, or the free one that it would have. */
static struct place *
place_of(const struct host_index *x, const struct place *key)
{
	struct place *p;

	for (size_t i = key->hash;; i++) {
		p = &x->places[i & (x->room - 1)];
		if (p->host == NULL ||
		    (p->hash == key->hash && p->beside == key->beside &&
			host_equal(p->host, key->host)))
			return p;
	}
}

static struct place
key_of(const char *host, uint64_t hash, uint64_t beside)
{
	return (struct place){.host = host,
	    .hash = (uint32_t)hash_word(hash, beside),
	    .beside = beside,
	    .number = HOST_INDEX_NONE};
}

static void
grow(struct host_index *x)
{
	struct host_index old = *x;

	x->room *= 2;
	x->places = xcalloc(x->room, sizeof(x->places[0]));
	for (size_t i = 0; i < old.room; i++)
		if (old.places[i].host != NULL)
			*place_of(x, &old.places[i]) = old.places[i];
	free(old.places);
}

uint32_t
host_index_put(struct host_index *x, const char *host, uint64_t hash,
    uint64_t beside, uint32_t number)
{
	struct place key = key_of(host, hash, beside), *p;
	uint32_t before;

	if (x->n >= x->room / 4 * 3)
		grow(x);
	p = place_of(x, &key);
	if (p->host == NULL) {
		*p = key;
		x->n++;
	}
	before = p->number;
	p->number = number;
	return before;
}

uint32_t
host_index_find(const struct host_index *x, const char *host, uint64_t beside)
{
	const struct place key = key_of(host, host_hash(host), beside),
			   *p = place_of(x, &key);

	return p->host == NULL ? HOST_INDEX_NONE : p->number;
}
