/* host_table.c - see host_table.h.  Chains by a hash of the address. */
#include "split/host_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/xmem.h"

#define SLOTS_MIN 64 /* a power of two */

struct host_table {
	struct host_entry **slots;
	size_t n_slots, n;
};

static size_t
length_of(sa_family_t family)
{
	return family == AF_INET6 ? 16 : 4;
}

static size_t
slot_of(const struct host_table *t, sa_family_t family, const unsigned char *ip)
{
	return hash_bytes(0, ip, length_of(family)) & (t->n_slots - 1);
}

static bool
is_of(const struct host_entry *e, sa_family_t family, const unsigned char *ip)
{
	return e->addr.family == family &&
	       memcmp(e->addr.ip, ip, length_of(family)) == 0;
}

static const struct host_entry *
from_here(
    const struct host_entry *e, sa_family_t family, const unsigned char *ip)
{
	while (e != NULL && !is_of(e, family, ip))
		e = e->next;
	return e;
}

struct host_table *
host_table_new(void)
{
	struct host_table *t = xcalloc(1, sizeof(*t));

	t->n_slots = SLOTS_MIN;
	t->slots = xcalloc(t->n_slots, sizeof(struct host_entry *));
	return t;
}

void
host_table_free(struct host_table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n_slots; i++) {
		while (t->slots[i] != NULL) {
			struct host_entry *e = t->slots[i];

			t->slots[i] = e->next;
			free(e);
		}
	}
	free(t->slots);
	free(t);
}

static void
link_in(struct host_table *t, struct host_entry *e)
{
	struct host_entry **at =
	    &t->slots[slot_of(t, e->addr.family, e->addr.ip)];

	e->next = *at;
	*at = e;
}

static void
grow(struct host_table *t)
{
	struct host_entry **old = t->slots;
	size_t n = t->n_slots;

	t->n_slots = n * 2;
	t->slots = xcalloc(t->n_slots, sizeof(struct host_entry *));
	for (size_t i = 0; i < n; i++) {
		while (old[i] != NULL) {
			struct host_entry *e = old[i];

			old[i] = e->next;
			link_in(t, e);
		}
	}
	free(old);
}

void
host_table_add(struct host_table *t, const struct addr *a, void *who)
{
	const struct host_entry *there;
	struct host_entry *e;

	for (there = host_table_first(t, a->family, a->ip); there != NULL;
	     there = host_table_next(there))
		if (there->who == who)
			return;
	if (t->n++ == t->n_slots)
		grow(t);
	e = xcalloc(1, sizeof(*e));
	e->addr = *a;
	e->who = who;
	link_in(t, e);
}

void
host_table_remove(struct host_table *t, const struct addr *a, const void *who)
{
	struct host_entry **at = &t->slots[slot_of(t, a->family, a->ip)];

	while (*at != NULL) {
		struct host_entry *e = *at;

		if (e->who == who && is_of(e, a->family, a->ip)) {
			*at = e->next;
			free(e);
			t->n--;
			return;
		}
		at = &e->next;
	}
}

const struct host_entry *
host_table_first(
    const struct host_table *t, sa_family_t family, const unsigned char *ip)
{
	return from_here(t->slots[slot_of(t, family, ip)], family, ip);
}

const struct host_entry *
host_table_next(const struct host_entry *e)
{
	return from_here(e->next, e->addr.family, e->addr.ip);
}

uint32_t *
host_table_words(const struct host_table *t, sa_family_t family, size_t *n)
{
	uint32_t *words = xcalloc(t->n + 1, sizeof(*words));
	size_t last = length_of(family) / sizeof(*words) - 1;

	*n = 0;
	for (size_t i = 0; i < t->n_slots; i++)
		for (const struct host_entry *e = t->slots[i]; e != NULL;
		     e = e->next)
			if (e->addr.family == family)
				words[(*n)++] = addr_word(&e->addr, last);
	return words;
}
