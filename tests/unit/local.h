/* local.h - addresses, and sockets of this host, for the tests of what speaks
 * to the network. */
#ifndef UNIT_LOCAL_H
#define UNIT_LOCAL_H

#include <stdint.h>

#include "base/addr.h"

/* The address that the text is. */
struct addr local_addr(const char *text);
void local_addr_is(const struct addr *a, const char *text);

/* A socket of this type (SOCK_STREAM, SOCK_DGRAM, perhaps | SOCK_NONBLOCK) at
 * this address and at a port that nobody had; `port` may be NULL. */
int local_bind(int type, const char *at, uint16_t *port);
/* The same, and it listens with this backlog. */
int local_listen(const char *at, int backlog, uint16_t *port);
/* A port that nobody has, as yet. */
uint16_t local_free_port(int type, const char *at);
/* A socket with this peer; at this address, NULL: at any. */
int local_connect(int type, const char *at, const char *to, uint16_t port);

#endif
