/* rig_private.h - what the fakes of the rig share. */
#ifndef RIG_RIG_PRIVATE_H
#define RIG_RIG_PRIVATE_H

#include "rig.h"

/* The adapters' functions get no hint of their test: the one rig there is. */
extern struct rig *the_rig;

struct fake_device *rig_device_at(const struct addr *a);
/* A request of this kind begins: count it, and return its fault. */
struct fake_fault fake_hit(struct fake_device *d, enum fake_step step);
void fake_net_free(struct fake_net *n);
/* An agent's datagram for the campaign, through the net. */
void fake_net_to_campaign(const char *from, const char *text, size_t len);

#endif
