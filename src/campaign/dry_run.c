/* dry_run.c - what a campaign would do, printed.
 *
 * Uses the same encoders as the campaign, so that what is shown is what would
 * be sent.
 */
#include "campaign/dry_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/xmem.h"
#include "device/device_script_of.h"
#include "io/resolve.h"
#include "wire/agent_message.h"

/* One name and what became of it. */
struct lookup {
	struct loop *lp;
	size_t *left;
	struct strbuf text;
	bool failed;
};

static void
on_resolved(
    void *arg, const struct addr *addrs, size_t n, const struct fail *why)
{
	struct lookup *l = arg;
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < n; i++)
		strbuf_addf(&l->text, "%s%s", i > 0 ? ", " : "",
		    addr_text(&addrs[i], text));
	l->failed = n == 0;
	if (n == 0)
		strbuf_add(&l->text, why->text);
	if (--*l->left == 0)
		loop_stop(l->lp);
}

static void
print_message(const struct device_entry *d, enum agent_request r,
    const char *file, struct strbuf *to)
{
	struct agent_message m = {.request = r};
	char text[AGENT_MESSAGE_MAX];
	size_t len;

	str_copy(m.device, sizeof(m.device), d->told);
	str_copy(m.file, sizeof(m.file), file);
	len = agent_message_format_request(text, &m);
	strbuf_addf(to, "  to agent %s port %d: %.*s\n", d->agent->address,
	    d->agent->port, (int)len, text);
}

static void
print_script(const char *title, char *script, struct strbuf *to)
{
	strbuf_addf(to, "  %s:\n", title);
	for (const char *line = script; *line != '\0';) {
		const char *end = strchr(line, '\n');
		size_t len = end != NULL ? (size_t)(end - line) : strlen(line);

		strbuf_addf(to, "    | %.*s\n", (int)len, line);
		line += end != NULL ? len + 1 : len;
	}
	secret_free(script);
}

static void
print_probes(const struct campaign_conf *conf, struct strbuf *to)
{
	const int ports[VERIFY_KINDS] = {
	    [VERIFY_SNMP] = conf->snmp.port,
	    [VERIFY_TCP] = conf->verify.tcp_port,
	};
	bool any = false;

	strbuf_addf(to, "  probes from here, %d of each:", conf->verify.count);
	for (int k = 0; k < VERIFY_KINDS; k++) {
		if (!conf->verify.on[k])
			continue;
		any = true;
		strbuf_addf(to, " %s", verify_kind_name((enum verify_kind)k));
		if (ports[k] != 0)
			strbuf_addf(to, " (port %d)", ports[k]);
	}
	strbuf_add(to, any ? "\n" : " none\n");
}

static void
print_server_files(
    const struct agent_entry *a, const char *file, struct strbuf *to)
{
	const struct agent_sftp *s = &a->sftp;
	char sidecar[CAPTURE_NAME_MAX], piece[CAPTURE_NAME_MAX];

	if (s->username == NULL)
		return;
	capture_name_sidecar(sidecar, "", file);
	capture_name_ovoc(piece, file, 0);
	strbuf_addf(to,
	    "  SFTP from %s, port %d, as %s, in %s: %s, %s and on\n",
	    a->address, s->port, s->username, s->directory, sidecar, piece);
}

static void
print_device(struct loop *lp, const struct campaign_conf *conf,
    const struct device_entry *d, const char *addresses, struct strbuf *to)
{
	struct device_script s = device_script_of(conf, d);
	const char *name = d->name != NULL ? d->name : "";
	char file[CAPTURE_NAME_MAX];

	strbuf_addf(to, "device %s (%s)%s%s\n  addresses: %s\n", d->address,
	    d->type->name, name[0] != '\0' ? " " : "", name, addresses);
	print_message(d, REQUEST_REGISTER, "", to);
	strbuf_addf(
	    to, "  PUT https, port %d, %s\n", d->rest_port, DEVICE_SCRIPT_PATH);
	print_script("show script", device_script_show(&s), to);
	print_script("start script", device_script_start_masked(&s), to);
	print_message(d, REQUEST_CAPTURE, "", to);
	print_message(d, REQUEST_VERIFY, "", to);
	print_probes(conf, to);
	print_script("stop script", device_script_stop(&s), to);
	for (size_t i = 0; i < d->type->n_remote_files; i++)
		strbuf_addf(to, "  SFTP, port %d: %s\n", d->ssh_port,
		    d->type->remote_files[i]);
	capture_name_cpe(file, d->told, loop_wall(lp));
	strbuf_addf(to, "  file: captures/%s\n", file);
	print_message(d, REQUEST_STOP, file, to);
	print_server_files(d->agent, file, to);
}

/* Devices first, then agents. */
static const char *
nth_name(const struct campaign_conf *conf, size_t i)
{
	return i < conf->n_devices ? conf->devices[i]->address
				   : conf->agents[i - conf->n_devices]->address;
}

static size_t
lookup_of_agent(const struct campaign_conf *conf, const struct agent_entry *a)
{
	size_t i = 0;

	while (conf->agents[i] != a)
		i++;
	return conf->n_devices + i;
}

/* How many devices cannot take part. */
static size_t
count_lost(const struct campaign_conf *conf, const struct lookup *l,
    struct strbuf *unresolved)
{
	size_t lost = 0;

	for (size_t i = 0; i < conf->n_devices + conf->n_agents; i++)
		if (l[i].failed)
			strbuf_addf(unresolved, "%s%s",
			    unresolved->len > 0 ? ", " : "", nth_name(conf, i));
	for (size_t i = 0; i < conf->n_devices; i++)
		lost +=
		    l[i].failed ||
		    l[lookup_of_agent(conf, conf->devices[i]->agent)].failed;
	return lost;
}

size_t
dry_run(struct loop *lp, const struct campaign_conf *conf, struct strbuf *to,
    struct strbuf *unresolved)
{
	struct resolver *r = resolver_new(lp);
	size_t n = conf->n_devices + conf->n_agents, left = n, lost;
	struct lookup *l = xcalloc(n, sizeof(*l));

	for (size_t i = 0; i < n; i++) {
		l[i] = (struct lookup){.lp = lp, .left = &left};
		resolve_start(r, nth_name(conf, i), (int)conf->timeouts.rest,
		    on_resolved, &l[i]);
	}
	loop_run(lp);
	for (size_t i = conf->n_devices; i < n; i++)
		strbuf_addf(to, "agent %s\n  addresses: %s\n",
		    nth_name(conf, i), strbuf_text(&l[i].text));
	for (size_t i = 0; i < conf->n_devices; i++)
		print_device(
		    lp, conf, conf->devices[i], strbuf_text(&l[i].text), to);
	for (size_t i = 0; i < conf->n_skipped; i++)
		strbuf_addf(to, "device %s takes no part: skip = true\n",
		    conf->skipped[i]->address);
	lost = count_lost(conf, l, unresolved);
	for (size_t i = 0; i < n; i++)
		strbuf_free(&l[i].text);
	free(l);
	resolver_free(r);
	return lost;
}
