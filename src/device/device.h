/* device.h - one device's life: armed, waiting, verified, stopped, fetched.
 *
 * A device goes through its states at its own pace; nothing that happens to it
 * concerns another.  Everything it finds goes into its struct device_result.
 */
#ifndef DEVICE_DEVICE_H
#define DEVICE_DEVICE_H

#include "device/device_env.h"
#include "device/earlier.h"
#include "link/agent_link.h"
#include "wire/alarm.h"

struct device *device_new(const struct device_env *env,
    const struct device_books *books, struct agent_link *link);
/* Finish this first; before device_start().  `e` outlives the device. */
void device_finish_first(struct device *d, struct earlier *e);
/* Whatever is under way is dropped. */
void device_free(struct device *d);

void device_start(struct device *d);
/* An alarm that names this device, from its agent. */
void device_alarm(struct device *d, const struct alarm *a);
/* SIGUSR2: an event for a device that waits, for others nothing. */
void device_trigger(struct device *d);
/* No more waiting and arming; an event under way goes on to its end. */
void device_window_end(struct device *d);
/* Stop what runs, fetch what can be fetched, end. */
void device_interrupt(struct device *d);
/* End now, whatever is under way; `why` goes into the report. */
void device_abandon(struct device *d, const char *why);

enum device_state device_state(const struct device *d);
/* It has not ended, and its last try did not reach it. */
bool device_is_unreachable(const struct device *d);
const struct device_entry *device_conf(const struct device *d);
struct agent_link *device_link(const struct device *d);
/* Its addresses as resolved so far. */
const struct addr *device_addrs(const struct device *d, size_t *n);

#endif
