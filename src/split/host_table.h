/* host_table.h - whose an address is: found at once, however many there are.
 *
 * An address may be of several, and one may have several.
 */
#ifndef SPLIT_HOST_TABLE_H
#define SPLIT_HOST_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

struct host_table;
struct host_entry { /* read only */
	struct addr addr;
	void *who;
	struct host_entry *next;
};

struct host_table *host_table_new(void);
void host_table_free(struct host_table *t);
/* `who` stays the caller's.  What is there already is not added again. */
void host_table_add(struct host_table *t, const struct addr *a, void *who);
/* Harmless if it is not there. */
void host_table_remove(
    struct host_table *t, const struct addr *a, const void *who);
/* The first entry of an address, whose bytes these are, and the next one of
 * the same; NULL: there is none. */
const struct host_entry *host_table_first(
    const struct host_table *t, sa_family_t family, const unsigned char *ip);
const struct host_entry *host_table_next(const struct host_entry *e);
/* The last 32 bits of all addresses of a family, in any order, an address as
 * often as it is there; free(3). */
uint32_t *host_table_words(
    const struct host_table *t, sa_family_t family, size_t *n);

#endif
