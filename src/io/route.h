/* route.h - from which of its addresses this host sends to another. */
#ifndef IO_ROUTE_H
#define IO_ROUTE_H

#include <stdbool.h>

#include "base/addr.h"

/* As the kernel's routes say now; nothing is sent.  False: there is no way. */
bool route_source(const struct addr *to, struct addr *from);

#endif
