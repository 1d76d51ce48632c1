/* rest_pool.h - the connections of some REST peers.  Wraps a multi handle of
 * libcurl.
 *
 * They serve the requests of one start or stop, which follow each other, and
 * are closed then: a device that waits all night for an alarm costs no TLS
 * session, which libcurl would not use again after 118 s (its
 * CURLOPT_MAXAGE_CONN).  libcurl closes them all, with the handle, or none; so
 * there is one for some peers, few enough that closing theirs takes no long
 * turn of the loop.
 */
#ifndef IO_REST_POOL_H
#define IO_REST_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop/loop.h"

#define REST_POOL_PEERS   64
#define REST_POOL_IDLE_MS 30000

struct rest_pool;

/* A transfer has ended with the CURLcode `rc`; `peer` is its handle's
 * CURLINFO_PRIVATE.  It takes the handle out, and may add it again. */
typedef void rest_pool_ended(void *peer, int rc);
/* Pools that close at once do so one after the other, by their index. */
struct rest_pool *rest_pool_new(
    struct loop *lp, size_t index, rest_pool_ended *ended);
/* No handle is in it; not from an `ended`. */
void rest_pool_free(struct rest_pool *p);
/* One peer more, of REST_POOL_PEERS; false: it is full.  One less. */
bool rest_pool_join(struct rest_pool *p);
void rest_pool_leave(struct rest_pool *p);
/* How many idle connections may stay open, and for how long. */
void rest_pool_keep(struct rest_pool *p, size_t connections, int64_t idle_ms);

bool rest_pool_is_open(const struct rest_pool *p); /* it has connections */
/* Since when no transfer is under way there, monotonic ms; INT64_MAX: one is,
 * or it is not open. */
int64_t rest_pool_idle_since(const struct rest_pool *p);
/* Close its connections, none of which has a transfer. */
void rest_pool_close(struct rest_pool *p);

/* Begin the transfer of this easy handle; end it, not from libcurl's
 * callbacks. */
void rest_pool_add(struct rest_pool *p, void *easy);
void rest_pool_remove(struct rest_pool *p, void *easy);

#endif
