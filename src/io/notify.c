/* notify.c - libsystemd's sd_notify(3).
 */
#include "io/notify.h"

#include <stdlib.h>
#include <systemd/sd-daemon.h>

bool
notify_wanted(void)
{
	return getenv("NOTIFY_SOCKET") != NULL;
}

void
notify_ready(void)
{
	sd_notify(0, "READY=1");
}

void
notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void
notify_status(const char *text)
{
	sd_notifyf(0, "STATUS=%s", text);
}

void
notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

/* Twice as often as it is asked for, as sd_watchdog_enabled(3) advises. */
int64_t
notify_alive_ms(void)
{
	uint64_t us;

	if (sd_watchdog_enabled(0, &us) <= 0)
		return 0;
	return us >= 2000 ? (int64_t)(us / 2000) : 1;
}
