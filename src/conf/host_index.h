/* host_index.h - who was here before?  A number for each host, however it is
 * spelt, and for each thing that is beside one: a port, an agent.
 */
#ifndef CONF_HOST_INDEX_H
#define CONF_HOST_INDEX_H

#include <stddef.h>
#include <stdint.h>

struct host_index;

#define HOST_INDEX_NONE SIZE_MAX

struct host_index *host_index_new(void);
/* NULL is accepted. */
void host_index_free(struct host_index *x);
/* The number is this host's beside that from now on; which one was it before?
 * `host` stays where it is. */
size_t host_index_put(
    struct host_index *x, const char *host, uint64_t beside, size_t number);
/* HOST_INDEX_NONE: it has none. */
size_t host_index_find(
    const struct host_index *x, const char *host, uint64_t beside);

#endif
