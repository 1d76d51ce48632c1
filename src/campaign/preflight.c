/* preflight.c - see preflight.h.
 *
 * What would end a run is tried by what the run does itself, so that the
 * sentence is the same.
 */
#include "campaign/preflight.h"

#include <stdlib.h>
#include <sys/timex.h>

#include "base/disk.h"
#include "base/str.h"
#include "books/run_folder.h"
#include "campaign/name_lookup.h"
#include "campaign/places.h"
#include "campaign/toolbox.h"
#include "io/datagram.h"
#include "io/echo_socket.h"
#include "conf/conf_load.h"

/* For all names together: who checks waits for it. */
#define NAMES_MS 30000

struct host_facts
host_facts_now(void)
{
	struct timex t = {.modes = 0}; /* only asked */
	int state = adjtimex(&t);

	return (struct host_facts){
	    .descriptors = places_descriptors(),
	    .clock_wrong = state == TIME_ERROR ||
			   (state >= 0 && (t.status & STA_UNSYNC) != 0),
	};
}

static bool
failed(struct loop *lp, const struct fail *why)
{
	log_write(loop_log(lp), LOGGING_ERROR, NULL, "check", "%s", why->text);
	return false;
}

static void
warn(struct loop *lp, const char *text)
{
	log_write(loop_log(lp), LOGGING_WARNING, NULL, "check", "%s", text);
}

/* --- the disk --- */

/* A capture that does not fit stays on its device. */
static void
check_room(struct loop *lp, const struct campaign_conf *conf)
{
	const struct campaign_section *c = &conf->campaign;
	char *folder = disk_nearest_folder(c->output);
	long long space = disk_free_bytes(folder) - c->min_free;
	size_t most = conf->n_devices * (size_t)c->events_per_device;

	free(folder);
	if (c->max_file == 0 || space < 0 ||
	    (size_t)(space / c->max_file) >= most)
		return;
	log_write(loop_log(lp), LOGGING_WARNING, NULL, "check",
	    "%s has room for %lld captures of campaign.max_file above "
	    "campaign.min_free, and %zu may come (devices times "
	    "campaign.events_per_device)",
	    c->output, space / (long long)c->max_file, most);
}

/* --- the network --- */

static void
on_datagram(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	(void)arg, (void)data, (void)len, (void)from;
}

static bool
check_port(struct loop *lp, const struct campaign_conf *conf)
{
	struct fail why;
	struct datagram *d = datagram_new(lp, &conf->campaign.listen_address,
	    (uint16_t)campaign_conf_port(conf), on_datagram, NULL, &why);

	if (d == NULL)
		return failed(lp, &why);
	datagram_free(d);
	return true;
}

static void
on_echo(void *arg, const struct icmp_echo *got, const struct addr *from,
    const char *error)
{
	(void)arg, (void)got, (void)from, (void)error;
}

static void
check_icmp(struct loop *lp, sa_family_t family)
{
	struct echo_socket *s = echo_socket_new(lp, family, on_echo, NULL);
	const char *why = echo_socket_open(s);

	if (why != NULL)
		warn(lp, why);
	echo_socket_free(s);
}

static void
check_names(struct loop *lp, const struct campaign_conf *conf)
{
	struct name_lookup *l = name_lookup_all(lp, conf, NAMES_MS);
	struct strbuf names = STRBUF_INIT;
	size_t lost = name_lookup_lost(l, &names);

	if (names.len > 0)
		log_write(loop_log(lp), LOGGING_WARNING, NULL, "check",
		    "no address was found for %s: %zu of %zu device%s could "
		    "not take part now",
		    names.s, lost, conf->n_devices,
		    conf->n_devices == 1 ? "" : "s");
	if (conf->verify.on[VERIFY_ICMP] && name_lookup_has(l, AF_INET))
		check_icmp(lp, AF_INET);
	if (conf->verify.on[VERIFY_ICMP] && name_lookup_has(l, AF_INET6))
		check_icmp(lp, AF_INET6);
	strbuf_free(&names);
	name_lookup_free(l);
}

/* --- the process and its host --- */

static void
check_descriptors(
    struct loop *lp, const struct campaign_conf *conf, size_t descriptors)
{
	struct strbuf text = STRBUF_INIT;
	struct places p;

	places_share(&p, conf, descriptors);
	if (p.few) {
		places_describe(&p, descriptors, &text);
		warn(lp, text.s);
	}
	strbuf_free(&text);
}

static bool
check_folder(struct loop *lp, const struct campaign_conf *conf)
{
	struct fail why;

	switch (run_folder_try(conf, &why)) {
	case RUN_FOLDER_MADE:
		return check_port(lp, conf);
	case RUN_FOLDER_TROUBLE:
		failed(lp, &why);
		check_port(lp, conf);
		return false;
	case RUN_FOLDER_LOCKED:
		break;
	}
	/* It has the port. */
	log_write(loop_log(lp), LOGGING_WARNING, NULL, "check",
	    "%s; whether UDP port %d is free was not tried", why.text,
	    campaign_conf_port(conf));
	return true;
}

bool
preflight(struct loop *lp, const struct campaign_conf *conf,
    const struct host_facts *host)
{
	bool good = check_folder(lp, conf);
	struct fail why;

	if (!toolbox_could_fill(lp, conf, &why))
		good = failed(lp, &why);
	check_room(lp, conf);
	check_descriptors(lp, conf, host->descriptors);
	if (host->clock_wrong)
		warn(lp, HOST_CLOCK_WRONG);
	check_names(lp, conf);
	return good;
}
