/* stage.h - what a test's configuration names: devices and agents to speak to.
 */
#ifndef RIG_STAGE_H
#define RIG_STAGE_H

#include "../conf_rig.h"
#include "fake_device.h"
#include "fake_net.h"

#define STAGE_WALL INT64_C(1795406400000) /* 2026-11-23T04:00:00Z */

/* Devices 192.0.2.1 ... with one agent, 198.51.100.1, and the defaults of
 * every key; `settings` ("" or libconfig text) is read after them and may add
 * devices and agents.  It belongs to `files`. */
struct campaign_conf *stage_conf(
    struct conf_rig *files, int n_devices, const char *settings);
/* Each device of it, at its address; a name's is 203.0.113.<its place>.
 * free(3). */
struct fake_device *stage_devices(const struct campaign_conf *conf);
/* A net with each agent of it. */
struct fake_net *stage_net(struct loop *lp, const struct campaign_conf *conf);

#endif
