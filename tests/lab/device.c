/* device.c - the state of one device, and the faults that change it.
 *
 * lab.c makes one for each device of the scenario and gives it its ports.
 */
#include "device.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

static void
capture_report(void *arg)
{
	struct device *d = arg;
	const char *word = NULL;

	switch (capture_state(d->capture)) {
	case CAPTURE_OFF:
		word = "off";
		break;
	case CAPTURE_STARTING:
		word = "starting";
		break;
	case CAPTURE_ON:
		word = "on";
		break;
	case CAPTURE_ENDING:
		word = "ending";
		break;
	}
	log_write(loop_log(d->lp), LOGGING_INFO, d->who, "capture", "%s", word);
	d->events->changed(d->arg, d);
}

static void
vanish_due(void *arg)
{
	struct device *d = arg;
	struct fail why = {0};

	if (!device_captures(d))
		return;
	log_write(loop_log(d->lp), LOGGING_INFO, d->who, "capture", "vanishes");
	if (!capture_stop(d->capture, &why))
		log_write(loop_log(d->lp), LOGGING_ERROR, d->who, "capture",
		    "%s", why.text);
	capture_report(d);
}

/* Ports whose device is shared cannot be closed; they reset instead. */
static void
service_shut(struct device *d, struct service *s, int64_t ms)
{
	s->shut_until = ms > 0 ? loop_now(d->lp) + ms : INT64_MAX;
	if (s->port)
		port_shut(s->port, ms);
	d->events->shut(d->arg, d, s);
}

bool
service_is_shut(const struct device *d, const struct service *s)
{
	return s->shut_until > loop_now(d->lp);
}

static void
reboot_due(void *arg)
{
	struct device *d = arg;
	unsigned kept = 0;

	log_write(loop_log(d->lp), LOGGING_INFO, d->who, "device", "restarts");
	timer_clear(&d->vanish);
	capture_lose(d->capture);
	for (unsigned i = 0; i < d->n_users; i++)
		if (d->users[i].saved)
			d->users[kept++] = d->users[i];
	d->n_users = kept;
	d->n_interfaces = 0;
	d->login_failures = 0;
	d->booted = loop_now(d->lp);
	if (d->reboot_for > 0) {
		service_shut(d, &d->rest, d->reboot_for);
		service_shut(d, &d->ssh, d->reboot_for);
	}
	capture_report(d);
}

static char *
capture_path(const char *state, const char *who)
{
	char *path = xasprintf("%s/capture-%s.pcap", state, who);

	for (char *p = path + strlen(state); *p != '\0'; p++)
		if (*p == ':')
			*p = '.';
	return path;
}

struct device *
device_new(struct loop *lp, const struct device_conf *conf, const char *state,
    const char *tcpdump, const struct device_events *events, void *arg)
{
	struct device *d = xcalloc(1, sizeof(*d));

	d->lp = lp;
	d->conf = conf;
	d->events = events;
	d->arg = arg;
	addr_text(&conf->address, d->who);
	d->faults = faults_copy(&conf->faults);
	d->booted = loop_now(lp);
	d->path = capture_path(state, d->who);
	const struct capture_plan plan = {d->path, conf->address,
	    conf->capture_size,
	    conf->capture == CAPTURE_TCPDUMP ? conf->interface : NULL, tcpdump,
	    conf->clock};
	d->capture = capture_new(lp, &plan, capture_report, d);
	timer_init(&d->vanish, lp, vanish_due, d);
	timer_init(&d->reboot, lp, reboot_due, d);
	return d;
}

void
device_ready(struct device *d)
{
	if (fault_hit(&d->faults, ON_CAPTURE, KIND_FOREIGN))
		device_capture_start(d);
	device_event(d, WHEN_READY);
}

void
device_free(struct device *d)
{
	if (!d)
		return;
	timer_clear(&d->vanish);
	timer_clear(&d->reboot);
	port_free(d->rest.port);
	port_free(d->ssh.port);
	capture_free(d->capture);
	faults_free(&d->faults);
	free(d->path);
	free(d);
}

bool
device_captures(const struct device *d)
{
	return capture_state(d->capture) == CAPTURE_ON;
}

/* Faults that come some time after the capture became active. */
static void
capture_faults(struct device *d)
{
	const struct fault *f = fault_hit(&d->faults, ON_CAPTURE, KIND_VANISH);

	if (f)
		timer_set(&d->vanish, f->delay_ms);
	f = fault_hit(&d->faults, ON_CAPTURE, KIND_REBOOT);
	if (f) {
		d->reboot_for = f->for_ms;
		timer_set(&d->reboot, f->delay_ms);
	}
}

bool
device_capture_start(struct device *d)
{
	struct fail why = {0};

	timer_clear(&d->vanish);
	if (!capture_start(d->capture, &why)) {
		log_write(loop_log(d->lp), LOGGING_ERROR, d->who, "capture",
		    "%s", why.text);
		capture_report(d);
		return false;
	}
	d->n.captures++;
	capture_faults(d);
	device_event(d, WHEN_START);
	capture_report(d);
	return true;
}

bool
device_capture_stop(struct device *d)
{
	struct fail why = {0};
	bool was_on = capture_state(d->capture) != CAPTURE_OFF;
	bool good = capture_stop(d->capture, &why);

	timer_clear(&d->vanish);
	if (!good)
		log_write(loop_log(d->lp), LOGGING_ERROR, d->who, "capture",
		    "%s", why.text);
	if (was_on)
		capture_report(d);
	return good;
}

bool
device_locked(const struct device *d)
{
	return d->conf->lockout > 0 && d->login_failures >= d->conf->lockout;
}

bool
device_login(struct device *d, const char *username, const char *password)
{
	if (!device_locked(d) && username && password &&
	    strcmp(username, d->conf->username) == 0 &&
	    strcmp(password, d->conf->password) == 0) {
		d->login_failures = 0;
		d->n.logins_ok++;
		return true;
	}
	d->login_failures++;
	d->n.logins_refused++;
	log_write(loop_log(d->lp), LOGGING_WARNING, d->who, "device",
	    "login of `%s` refused%s", username ? username : "",
	    device_locked(d) ? ": locked" : "");
	return false;
}

void
device_event(struct device *d, enum fault_when when)
{
	const struct fault *f;

	f = fault_hit_when(&d->faults, ON_TLS, KIND_REFUSE, when);
	if (f)
		service_shut(d, &d->rest, f->for_ms);
	f = fault_hit_when(&d->faults, ON_SSH, KIND_REFUSE, when);
	if (f)
		service_shut(d, &d->ssh, f->for_ms);
}
