/* last_list.h - the last good list that devices_command printed, kept for the
 * night that its database is down: devices.csv in the campaign's folder.
 */
#ifndef CAMPAIGN_LAST_LIST_H
#define CAMPAIGN_LAST_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "conf/campaign_conf.h"

#define LAST_LIST_NAME "devices.csv"

/* Its text, `*len` bytes and a NUL, for bytes_free() with *len + 1, and when it
 * was kept (wall ms); NULL and `why`: there is none of this program. */
char *last_list_read(const struct campaign_conf *c, size_t *len, int64_t *when,
    struct fail *why);
/* Keep this one instead; false and `why` if it cannot be written. */
bool last_list_write(const struct campaign_conf *c, const char *text,
    size_t len, struct fail *why);

#endif
