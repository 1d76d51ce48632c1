/* device.h - one simulated device: its capture, its SNMP users, its ports.
 *
 * The fields are for the modules that play its parts (cli.c, device_rest.c,
 * device_ssh.c, outage.c) and for stats.c; all run in the loop.
 */
#ifndef LAB_DEVICE_H
#define LAB_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "capture.h"
#include "device_counts.h"
#include "device_user.h"
#include "fault.h"
#include "loop/loop.h"
#include "loop/timer.h"
#include "port.h"
#include "scenario.h"

/* A port of the device.  `port` is NULL where a wildcard port serves it. */
struct service {
	struct port *port;
	int64_t shut_until; /* monotonic ms; 0: open, INT64_MAX: for good */
};

struct device;
struct device_events {
	/* The capture went on or off. */
	void (*changed)(void *arg, struct device *d);
	/* A port was shut: its connections end too. */
	void (*shut)(void *arg, struct device *d, const struct service *s);
};

struct device {
	const struct device_conf *conf;
	struct loop *lp;
	char who[ADDR_TEXT_MAX]; /* its address: for logs */
	int64_t id;              /* OVOC's */
	size_t index;
	struct faults faults;
	char *path; /* of the capture file */
	struct capture *capture;
	char interfaces[DEVICE_INTERFACES_MAX][32];
	unsigned n_interfaces;
	struct device_user users[DEVICE_USERS_MAX];
	unsigned n_users;
	struct service rest, ssh;
	unsigned sessions; /* of SSH, live */
	unsigned requests; /* of REST, not yet answered */
	int64_t login_failures;
	int64_t booted; /* monotonic ms */
	struct timer vanish, reboot;
	int64_t reboot_for; /* ms that the coming restart lasts */
	const struct device_events *events;
	void *arg;
	struct device_counts n;
};

struct device *device_new(struct loop *lp, const struct device_conf *conf,
    const char *state, const char *tcpdump, const struct device_events *events,
    void *arg);
/* Everything listens: faults of the first moment begin. */
void device_ready(struct device *d);
void device_free(struct device *d);

bool device_captures(const struct device *d);
/* False: it could not be done on this host; the log says why. */
bool device_capture_start(struct device *d);
bool device_capture_stop(struct device *d);
/* One more login: right or wrong?  Locks the device after too many. */
bool device_login(struct device *d, const char *username, const char *password);
bool device_locked(const struct device *d);
/* What begins with this event begins now: ports close. */
void device_event(struct device *d, enum fault_when when);
bool service_is_shut(const struct device *d, const struct service *s);

#endif
