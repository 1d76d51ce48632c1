/* show_device.h - one device of report.json, for people at a terminal. */
#ifndef REPORT_SHOW_DEVICE_H
#define REPORT_SHOW_DEVICE_H

#include <stdbool.h>

#include "base/json.h"

/* How it ended, a sentence for each of its events that was judged, and what was
 * done when, in local time: equal rows that follow each other are one line. */
void show_device(const struct json *device, struct strbuf *to);
/* Did it go as it should, and nothing was lost? */
bool show_device_is_plain(const struct json *device);

#endif
