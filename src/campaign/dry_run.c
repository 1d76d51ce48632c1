/* dry_run.c - what a campaign would do, printed.
 *
 * Uses the same encoders as the campaign, so that what is shown is what would
 * be sent.
 */
#include "campaign/dry_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "campaign/name_lookup.h"
#include "device/device_script_of.h"
#include "wire/agent_message.h"

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

size_t
dry_run(struct loop *lp, const struct campaign_conf *conf, struct strbuf *to,
    struct strbuf *unresolved)
{
	struct name_lookup *l = name_lookup_all(lp, conf, 0);
	size_t n = conf->n_devices;

	for (size_t i = 0; i < conf->n_agents; i++)
		strbuf_addf(to, "agent %s\n  addresses: %s\n",
		    conf->agents[i]->address, name_lookup_text(l, n + i));
	for (size_t i = 0; i < n; i++)
		print_device(
		    lp, conf, conf->devices[i], name_lookup_text(l, i), to);
	for (size_t i = 0; i < conf->n_skipped; i++)
		strbuf_addf(to, "device %s takes no part: skip = true\n",
		    conf->skipped[i]->address);
	n = name_lookup_lost(l, unresolved);
	name_lookup_free(l);
	return n;
}
