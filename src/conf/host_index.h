/* host_index.h - who was here before?  A number for each host, however it is
 * spelt, and for each thing that is beside one: a port, an agent.
 */
#ifndef CONF_HOST_INDEX_H
#define CONF_HOST_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct host_index;

#define HOST_INDEX_NONE UINT32_MAX

/* Of about so many hosts; it grows. */
struct host_index *host_index_new(size_t hosts);
/* NULL is accepted. */
void host_index_free(struct host_index *x);
/* The number is this host's beside that from now on; which one was it before?
 * `host` stays where it is; `hash` is its host_hash(). */
uint32_t host_index_put(struct host_index *x, const char *host, uint64_t hash,
    uint64_t beside, uint32_t number);
/* HOST_INDEX_NONE: it has none. */
uint32_t host_index_find(
    const struct host_index *x, const char *host, uint64_t beside);

#endif
