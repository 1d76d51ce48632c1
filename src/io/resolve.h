/* resolve.h - host names to addresses without blocking.  Wraps c-ares.
 *
 * /etc/hosts is honoured, then DNS as resolv.conf(5) says; nsswitch modules
 * (mDNS, sssd) are not used.  At most a named number of names is asked for at
 * the same time; others wait.
 */
#ifndef IO_RESOLVE_H
#define IO_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

struct resolver;
struct resolve;

#define RESOLVE_ADDRS_MAX 8 /* further addresses of a name are left out */

/* `addrs` holds n addresses in the order to try them; n is 0 and `why` set
 * (FAIL_UNREACHABLE: no answer; FAIL_FINAL: no such name; FAIL_LOCAL: the
 * resolver could not be set up) on failure. */
typedef void resolve_done(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why);

struct resolver *resolver_new(struct loop *lp);
/* Names under way are forgotten.  NULL is accepted. */
void resolver_free(struct resolver *r);
/* Ask this DNS server alone, not those of resolv.conf(5). */
void resolver_use_server(
    struct resolver *r, const struct addr *server, uint16_t port);

/* A numeric address is answered too.  `done` runs once, from the loop, within
 * `timeout_ms` from when its query is sent, never inside this call; the handle
 * is gone then. */
struct resolve *resolve_start(struct resolver *r, const char *name,
    int timeout_ms, resolve_done *done, void *arg);
/* `done` will not run.  NULL is accepted. */
void resolve_cancel(struct resolve *q);

#endif
