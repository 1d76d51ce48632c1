/* toolbox.c - makes what the activities of all devices work with.
 */
#include "campaign/toolbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "campaign/places.h"
#include "device/pulse.h"

#define KNOWN_PINS "known_pins"

/* Sessions with OVOC servers; each has its events one after the other. */
#define SERVER_SESSIONS 4

static bool
load_hosts(struct tools *t, struct fail *why)
{
	const struct ssh_section *ssh = &t->conf->ssh;

	if (ssh->host_keys == CONF_HOST_KEYS_OFF)
		return true;
	t->hosts = known_hosts_load(ssh->known_hosts,
	    ssh->host_keys == CONF_HOST_KEYS_STRICT ? HOST_KEYS_STRICT
						    : HOST_KEYS_ACCEPT_NEW,
	    why);
	return t->hosts != NULL;
}

/* Beside known_hosts, which is never where -o says. */
static bool
load_pins(struct tools *t, struct fail *why)
{
	const char *hosts = t->conf->ssh.known_hosts;
	const char *slash = strrchr(hosts, '/');
	char *path;

	if (t->conf->rest.tls != CONF_TLS_ACCEPT_NEW)
		return true;
	path = xasprintf("%.*s" KNOWN_PINS, (int)(slash + 1 - hosts), hosts);
	t->pins = known_pins_load(path, why);
	free(path);
	return t->pins != NULL;
}

static void
say_few(const struct tools *t, const struct places *p, size_t descriptors)
{
	struct strbuf text = STRBUF_INIT;

	places_describe(p, descriptors, &text);
	log_write(loop_log(t->lp), LOGGING_NOTICE, NULL, "campaign", "%s",
	    strbuf_text(&text));
	strbuf_free(&text);
}

/* Files can wait, a capture that is to be stopped cannot. */
static int
ssh_share(const struct campaign_conf *conf)
{
	int all = conf->limits.logins_per_second;

	return all > 1 ? all / 2 : 1;
}

/* What the descriptors of this process allow at once. */
static void
make_gates(struct tools *t)
{
	size_t descriptors = places_descriptors();
	struct places p;

	places_share(&p, t->conf, descriptors);
	if (p.few)
		say_few(t, &p, descriptors);
	t->rest = rest_new(t->lp, p.keep, (size_t)p.rest);
	t->rest_gate = gate_new(t->lp, p.rest);
	t->sftp_gate = gate_new(t->lp, p.sftp);
	t->verify_gate = gate_new(t->lp, p.verify);
	t->server_gate = gate_new(t->lp, SERVER_SESSIONS);
	t->logins = login_rate_new(t->lp, t->conf->limits.logins_per_second);
	t->ssh_logins = login_rate_part(t->logins, ssh_share(t->conf));
	gate_limit_logins(t->rest_gate, t->logins);
	gate_limit_logins(t->sftp_gate, t->ssh_logins);
	gate_limit_logins(t->server_gate, t->ssh_logins);
}

/* --- what this host may not allow --- */

static bool
take_snmp(struct tools *t, struct fail *why)
{
	const struct snmp_section *snmp = &t->conf->snmp;

	t->plan = verify_plan_of(&t->conf->verify, snmp);
	t->verifier =
	    verifier_new(t->lp, t->plan.on[VERIFY_SNMP] ? snmp->user : NULL,
		snmp->auth_password, snmp->priv_password, why);
	return t->verifier != NULL;
}

static bool
take_known(struct tools *t, struct fail *why)
{
	return load_hosts(t, why) && load_pins(t, why);
}

bool
toolbox_fill(struct tools *t, struct loop *lp, const struct campaign_conf *conf,
    struct fail *why)
{
	t->lp = lp;
	t->conf = conf;
	t->last_name = xcalloc(1, sizeof(*t->last_name));
	t->resolver = resolver_new(lp);
	t->disk = disk_sync_new(lp);
	if (conf->verify.heartbeat > 0)
		t->pulse = pulse_new(lp, conf->verify.heartbeat);
	make_gates(t);
	return take_snmp(t, why) && take_known(t, why);
}

/* A folder that is missing holds nothing that could be wrong: could it be made?
 */
static bool
could_take_known(struct tools *t, struct fail *why)
{
	const struct campaign_conf *conf = t->conf;
	bool keeps = conf->ssh.host_keys == CONF_HOST_KEYS_ACCEPT_NEW ||
		     conf->rest.tls == CONF_TLS_ACCEPT_NEW;
	char *folder = xstrdup(conf->ssh.known_hosts);
	bool ok = true;

	*strrchr(folder, '/') = '\0';
	if (!keeps || access(folder, F_OK) == 0)
		ok = take_known(t, why);
	else if (!disk_may_make(folder)) {
		ok = false;
		fail_set(why, FAIL_LOCAL,
		    "cannot make %s: %s; name a file that this user may write "
		    "in ssh.known_hosts",
		    folder, strerror(errno));
	}
	free(folder);
	return ok;
}

bool
toolbox_could_fill(
    struct loop *lp, const struct campaign_conf *conf, struct fail *why)
{
	struct tools t = {.lp = lp, .conf = conf};
	bool ok = take_snmp(&t, why) && could_take_known(&t, why);

	known_hosts_free(t.hosts);
	known_pins_free(t.pins);
	verifier_free(t.verifier);
	return ok;
}

void
toolbox_empty(struct tools *t)
{
	known_hosts_free(t->hosts);
	verifier_free(t->verifier);
	gate_free(t->verify_gate);
	gate_free(t->server_gate);
	gate_free(t->sftp_gate);
	gate_free(t->rest_gate);
	login_rate_free(t->ssh_logins);
	login_rate_free(t->logins);
	pulse_free(t->pulse);
	disk_sync_free(t->disk);
	resolver_free(t->resolver);
	rest_free(t->rest);
	known_pins_free(t->pins);
	free(t->last_name);
}
