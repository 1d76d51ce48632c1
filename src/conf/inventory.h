/* inventory.h - devices that stand in a file of their own, or that a program
 * prints.
 *
 * devices_csv and devices_command of traffic-capture.conf(5): both add to the
 * list `devices`.
 */
#ifndef CONF_INVENTORY_H
#define CONF_INVENTORY_H

#include "conf/campaign_conf.h"
#include "conf/conf_input.h"
#include "conf/conf_lists.h"

/* The rows of all files that devices_csv names, in whichever file it stands,
 * become members of `devices`. */
void inventory_files_load(struct conf_input *in);
/* Run devices_command, once all else is loaded and right, and add its devices
 * to c->devices.  If they cannot be had, or one of them is wrong, it is those
 * of the last good list, with a warning; without one, an error. */
void inventory_program_load(struct campaign_conf *c, struct conf_input *in,
    const struct conf_lists *lists);

/* "/srv/list: it printed nothing; its list of 2026-11-28T04:00:00.000Z is used,
 * 20h 0m old, 312 devices": kept_why is set; `now` wall ms. */
void inventory_old_text(
    const struct inventory_section *s, int64_t now, struct strbuf *to);

#endif
