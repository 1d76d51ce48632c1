/* port.h - one listening TCP port: accept, close for a time, open again. */
#ifndef LAB_PORT_H
#define LAB_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

struct port;

/* `fd` is the callee's.  `local` is the connection's own end: on a wildcard
 * port it tells which device was meant. */
typedef void port_accepted(
    void *arg, int fd, const struct addr *local, uint16_t port);

/* Listen on this address (0.0.0.0 and :: are the wildcards; :: takes no IPv4).
 * NULL and FAIL_LOCAL in `why` if that is not possible. */
struct port *port_open(struct loop *lp, const struct addr *at, uint16_t number,
    port_accepted *accepted, void *arg, struct fail *why);
/* Close the port, so that connections are refused, and open it again after
 * `ms`; 0: never again. */
void port_shut(struct port *p, int64_t ms);
/* Does this host have IPv6 at all? */
bool port_ipv6(void);
/* NULL is accepted. */
void port_free(struct port *p);

#endif
