/* ip.h - IP, what it carries, and a tunnel around it, as one side has them.
 */
#ifndef PAIRS_IP_H
#define PAIRS_IP_H

#include "frame.h"
#include "put.h"

void ip_write(struct put *to, const struct view *v);

#endif
