/* capabilities.h - give up what root may do, see capabilities(7). */
#ifndef BASE_CAPABILITIES_H
#define BASE_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

/* Those that this process may use, each as 1 << CAP_...; 0 if that is not to be
 * known. */
uint64_t capabilities_here(void);
/* Keep those of `wanted` that are here, for this process alone: no program that
 * it starts gets one.  False with errno. */
bool capabilities_keep(uint64_t wanted);

#endif
