/* notify.h - tell systemd how it goes, where it has asked; see sd_notify(3). */
#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Does somebody listen?  If not, nothing of what follows is wrong. */
bool notify_wanted(void);
void notify_ready(void);
void notify_stopping(void);
/* A line that `systemctl status` shows. */
void notify_status(const char *text);
/* It is alive, to be said again after so many ms; 0: nobody waits for that. */
void notify_alive(void);
int64_t notify_alive_ms(void);

#endif
