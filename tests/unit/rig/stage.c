/* stage.c - see stage.h. */
#include "stage.h"

#include <stdio.h>

#include "base/xmem.h"

#define AGENT "198.51.100.1"

static const char settings_of_all[] =
    "campaign = { name = \"test\"; min_free = 0; };\n"
    "snmp = { auth_password = \"auth-secret\"; "
    "priv_password = \"priv-secret\"; };\n"
    "defaults = { type = \"msbr\"; username = \"Admin\"; "
    "password = \"device-secret\"; agent = \"" AGENT "\"; };\n";

struct campaign_conf *
stage_conf(struct conf_rig *files, int n_devices, const char *settings)
{
	struct strbuf text = STRBUF_INIT;

	conf_rig_file(files, "a.conf", "%s", settings_of_all);
	conf_rig_file(files, "b.conf", "campaign = { output = \"%s/out\"; };\n",
	    files->folder);
	strbuf_add(&text, "devices = (");
	for (int i = 0; i < n_devices; i++)
		strbuf_addf(&text,
		    "%s{ address = \"192.0.%d.%d\"; "
		    "interfaces = [ \"eth-wan\" ]; }",
		    i > 0 ? ", " : "", 2 + (i + 1) / 256, (i + 1) % 256);
	strbuf_add(&text, ");\n");
	if (n_devices > 0)
		conf_rig_file(files, "c.conf", "%s", strbuf_text(&text));
	conf_rig_file(files, "d.conf", "%s", settings);
	strbuf_free(&text);
	return conf_rig_right(files);
}

struct fake_device *
stage_devices(const struct campaign_conf *conf)
{
	struct fake_device *all = xcalloc(conf->n_devices, sizeof(*all));

	for (size_t i = 0; i < conf->n_devices; i++) {
		struct fake_device *d = &all[i];
		const char *text = conf->devices[i]->address;

		str_copy(d->text, sizeof(d->text), text);
		if (!addr_parse(&d->addr, text)) {
			char own[ADDR_TEXT_MAX];

			snprintf(own, sizeof(own), "203.0.113.%zu", i);
			ck_assert(addr_parse(&d->addr, own));
		}
	}
	fake_devices(all, conf->n_devices);
	return all;
}

struct fake_net *
stage_net(struct loop *lp, const struct campaign_conf *conf)
{
	struct fake_net *net = fake_net_new(lp, conf->n_agents);

	for (size_t i = 0; i < net->n_agents; i++)
		fake_agent_init(&net->agents[i], lp, conf->agents[i]->address);
	return net;
}
