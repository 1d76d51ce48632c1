/* silent.h - connections that are accepted and then never answered.
 *
 * What the peer sends is read and thrown away, so it sees nothing but silence;
 * the connection goes when the peer closes it.
 */
#ifndef LAB_SILENT_H
#define LAB_SILENT_H

#include "loop/loop.h"

struct silent;

struct silent *silent_new(struct loop *lp);
/* `fd` now belongs to `s`. */
void silent_add(struct silent *s, int fd);
void silent_free(struct silent *s);

#endif
