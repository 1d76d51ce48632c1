/* web_group.h - HTTPS servers for up to 64 addresses under one certificate.
 *
 * A certificate that named thousands of addresses would not fit a handshake.
 * A group makes its servers when they are needed: the usual one, and those with
 * another key or authority that faults ask for.
 */
#ifndef LAB_WEB_GROUP_H
#define LAB_WEB_GROUP_H

#include "identity.h"
#include "web.h"

#define WEB_GROUP_MAX 64

struct web_group;

/* `events` and `id` outlive the group. */
struct web_group *web_group_new(struct loop *lp, struct identity *id,
    const struct web_events *events, void *arg);
/* One more address; `name` may be NULL and is borrowed. */
void web_group_add(
    struct web_group *g, const struct addr *at, const char *name);
bool web_group_full(const struct web_group *g);
/* The server for this kind of certificate; NULL and `why` otherwise. */
struct web *web_group_server(
    struct web_group *g, enum identity_variant variant, struct fail *why);
/* web_drop() for each of its servers. */
void web_group_drop(struct web_group *g, const struct addr *local);
void web_group_free(struct web_group *g);

#endif
