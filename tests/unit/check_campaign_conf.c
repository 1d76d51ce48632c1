/* check_campaign_conf.c - the campaign's configuration, rule by rule. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "conf_rig.h"

START_TEST(defaults_are_those_of_the_manual)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_str_eq(c->campaign.name, "campaign");
	ck_assert_str_eq(c->campaign.output, "/var/lib/traffic-capture");
	ck_assert_int_eq(c->campaign.listen_address.family, AF_INET);
	ck_assert_int_eq(c->campaign.listen_port, 20001);
	ck_assert_int_eq(c->campaign.register_attempts, 0);
	ck_assert_int_eq(c->campaign.rest_attempts, 10);
	ck_assert_int_eq(c->campaign.events_per_device, 1);
	ck_assert_int_eq(c->campaign.window, 28800000);
	ck_assert_int_eq(c->campaign.capture_for, 0);
	ck_assert(!c->campaign.keep_quiet_captures && !c->campaign.take_over);
	ck_assert_int_eq(c->campaign.recheck, 900000);
	ck_assert(!c->campaign.save_config);
	ck_assert_int_eq(c->campaign.min_free, 1000000000);
	ck_assert_int_eq(c->campaign.max_file, 1000000000);
	ck_assert_int_eq(c->campaign.keep, INT64_C(90) * 86400000);
	ck_assert_int_eq(c->campaign.keep_size, 0);
	ck_assert_int_eq(c->timeouts.connect, 5000);
	ck_assert_int_eq(c->timeouts.rest, 15000);
	ck_assert_int_eq(c->timeouts.sftp_stall, 30000);
	ck_assert_int_eq(c->timeouts.agent, 60000);
	ck_assert_int_eq(c->timeouts.repeat, 500);
	ck_assert_int_eq(c->timeouts.retry_pause, 1000);
	ck_assert_int_eq(c->timeouts.unreachable_pause, 30000);
	ck_assert_int_eq(c->timeouts.unreachable_limit, 7200000);
	ck_assert_int_eq(c->timeouts.stop_grace, 60000);
	ck_assert_int_eq(c->limits.rest, 64);
	ck_assert_int_eq(c->limits.sftp, 32);
	ck_assert_int_eq(c->limits.logins_per_second, 1000);
	ck_assert_int_eq(c->limits.requests_per_agent, 64);
	ck_assert_str_eq(c->trigger.alarm, "Connection Alarm");
	ck_assert_str_eq(c->trigger.text, "Connection Lost");
	ck_assert_int_eq(c->trigger.hold_down, 0);
	ck_assert(c->verify.on[VERIFY_ICMP] && c->verify.on[VERIFY_TCP]);
	ck_assert_int_eq(c->verify.count, 10);
	ck_assert_int_eq(c->verify.interval, 1000);
	ck_assert_int_eq(c->verify.tcp_port, 443);
	ck_assert_int_eq(c->snmp.port, 161);
	ck_assert_int_eq(c->rest.port, 443);
	ck_assert_int_eq(c->rest.tls, CONF_TLS_VERIFY);
	ck_assert_int_eq(c->rest.tls_minimum, CONF_TLS_1_2);
	ck_assert(!c->ssh.narrow);
	ck_assert_int_eq(c->ssh.host_keys, CONF_HOST_KEYS_ACCEPT_NEW);
	ck_assert_str_eq(
	    c->ssh.known_hosts, "/var/lib/traffic-capture/known_hosts");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_device_has_what_it_says_and_what_defaults_say)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEFAULTS
	    "rest = { port = 8443; tls_minimum = \"1.1\"; }; ssh = { port = 2222; };\n"
	    "devices = ( { address = \"192.0.2.1\"; type = \"gwsbc\"; },\n"
	    "  { address = \"b.example.net\"; interfaces = [ \"eth-wan\", "
	    "\"cellular-wan\" ]; username = \"u\"; password = \"p\";\n"
	    "  agent = \"ovoc.example.net\"; ovoc_address = \"10.1.1.1\";\n"
	    "  name = \"n\"; note = \"x\"; rest_port = 444; ssh_port = 23;\n"
	    "  tls_minimum = \"1.0\"; tls_pin = \"sha256//"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\";\n"
	    "  host_key = [ \"SHA256:"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\", \"SHA256:"
	    "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\" ]; } );\n");
	struct campaign_conf *c = conf_rig_right(r);
	const struct device_entry *d = c->devices[0];

	ck_assert_uint_eq(c->n_devices, 2);
	ck_assert_str_eq(d->type->name, "gwsbc");
	ck_assert_str_eq(d->type->family, "voip");
	ck_assert_uint_eq(d->n_interfaces, 1);
	ck_assert_str_eq(d->interfaces[0], "eth-lan");
	ck_assert_str_eq(d->username, "Admin");
	ck_assert_str_eq(d->password, "secret");
	ck_assert_str_eq(d->agent->address, "192.0.2.252");
	ck_assert_int_eq(d->agent->port, 20001);
	ck_assert_str_eq(d->told, "192.0.2.1");
	ck_assert_int_eq(d->rest_port, 8443);
	ck_assert_int_eq(d->ssh_port, 2222);
	ck_assert_int_eq(d->tls_minimum, CONF_TLS_1_1);
	ck_assert_uint_eq(d->n_tls_pins, 0);
	ck_assert_uint_eq(d->n_host_keys, 0);
	ck_assert_str_eq(d->name, "");
	d = c->devices[1];
	ck_assert_str_eq(d->type->name, "msbr");
	ck_assert_uint_eq(d->n_interfaces, 2);
	ck_assert_str_eq(d->interfaces[1], "cellular-wan");
	ck_assert_str_eq(d->password, "p");
	ck_assert_str_eq(d->agent->address, "ovoc.example.net");
	ck_assert_str_eq(d->told, "10.1.1.1");
	ck_assert_int_eq(d->rest_port, 444);
	ck_assert_int_eq(d->tls_minimum, CONF_TLS_1_0);
	ck_assert_uint_eq(d->n_tls_pins, 1);
	ck_assert_int_eq(strncmp(d->tls_pins[0], "sha256//A", 9), 0);
	ck_assert_uint_eq(d->n_host_keys, 2);
	ck_assert_int_eq(strncmp(d->host_keys[1], "SHA256:B", 8), 0);
	ck_assert_int_eq(d->place.line, 5);
	ck_assert_ptr_nonnull(strstr(d->place.file, "/a.conf"));
	conf_rig_free(r);
}
END_TEST

START_TEST(the_built_in_types_know_their_files)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_str_eq(c->types[0]->name, "msbr");
	ck_assert_str_eq(c->types[0]->family, "data");
	ck_assert_uint_eq(c->types[0]->n_allowed, 7);
	ck_assert_uint_eq(c->types[0]->n_interfaces, 0);
	ck_assert_str_eq(c->types[0]->remote_files[0],
	    "/debug-capture/debug-capture-data.pcap");
	ck_assert_str_eq(c->types[1]->name, "gwsbc");
	ck_assert_uint_eq(c->types[1]->n_allowed, 1);
	ck_assert_uint_eq(c->types[1]->n_remote_files, 2);
	ck_assert_str_eq(c->types[1]->remote_files[0],
	    "/debug-capture/debug-capture-voip.pcap");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_type_of_ones_own_is_like_its_base)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE
	    "device_types = ( { name = \"msbr2\"; base = \"msbr\";\n"
	    "interfaces = [ \"eth-lan\" ]; remote_files = [ \"/x.pcap\" ]; }, "
	    "{ name = \"sbc\"; base = \"gwsbc\"; } );\n");
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf",
	    "devices = ( { address = \"192.0.2.1\"; type = \"msbr2\"; }, "
	    "{ address = \"192.0.2.2\"; type = \"sbc\"; } );");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->devices[1]->interfaces[0], "eth-lan");
	ck_assert_str_eq(c->devices[1]->type->family, "data");
	ck_assert_uint_eq(c->devices[1]->type->n_remote_files, 1);
	ck_assert_str_eq(c->devices[1]->type->remote_files[0], "/x.pcap");
	ck_assert_uint_eq(c->devices[1]->type->n_allowed, 7);
	ck_assert_str_eq(c->devices[2]->type->family, "voip");
	ck_assert_uint_eq(c->devices[2]->type->n_remote_files, 2);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_type_of_ones_own_is_refused)
{
	conf_rig_wrong_also(
	    "device_types = ( { name = \"msbr\"; base = \"msbr\"; } );",
	    "b.conf:1: device_types.name: there is another type msbr", NULL);
	conf_rig_wrong_also(
	    "device_types = ( { name = \"a\"; base = \"sbc\"; } );",
	    "b.conf:1: device_types.base: \"sbc\" is unknown",
	    "\"msbr\" or \"gwsbc\"");
	conf_rig_wrong_also("device_types = ( { name = \"a\"; } );",
	    "b.conf:1: device_types.base: is missing", NULL);
	conf_rig_wrong_also(
	    "device_types = ( { name = \"a\"; base = \"gwsbc\"; interfaces "
	    "= [ \"eth-wan\" ]; } );",
	    "b.conf:1: device_types.interfaces: type a has no interface "
	    "\"eth-wan\"; allowed is eth-lan",
	    NULL);
	conf_rig_wrong_also(
	    "device_types = ( { name = \"a\"; base = \"msbr\"; remote_files "
	    "= [ \"x.pcap\" ]; } );",
	    "b.conf:1: device_types.remote_files: \"x.pcap\" cannot be used",
	    "absolute");
}
END_TEST

START_TEST(all_errors_of_all_files_are_reported_at_once)
{
	struct conf_rig *r =
	    conf_rig_with("campaign = {\n  window = \"8x\";\n"
			  "  listen_port = 0;\n};\n" CONF_RIG_WHOLE);
	const char *e;

	conf_rig_file(r, "b.conf", "\n\nlimits = { rest = 0; };\n");
	conf_rig_file(r, "c.conf", "campaign = { note = \"cut");
	ck_assert_ptr_null(conf_rig_campaign(r));
	ck_assert_uint_eq(r->m.n_errors, 4);
	e = strbuf_text(&r->m.errors);
	ck_assert_ptr_nonnull(strstr(e, "/a.conf:2: campaign.window: \"8x\""));
	ck_assert_ptr_nonnull(strstr(e, "/a.conf:3: campaign.listen_port: 0"));
	ck_assert_ptr_nonnull(strstr(e, "/b.conf:3: limits.rest: 0 is out"));
	ck_assert_ptr_nonnull(strstr(e, "/c.conf:1: syntax error at the end"));
	conf_rig_free(r);
}
END_TEST

START_TEST(an_unknown_key_is_refused_with_the_nearest_one)
{
	conf_rig_wrong_also("\ncampaign = { windwo = 3; };",
	    "b.conf:2: campaign.windwo: unknown key; the nearest known one is "
	    "campaign.window",
	    NULL);
	conf_rig_wrong_also("compaign = { };",
	    "b.conf:1: compaign: unknown section; the nearest known one is "
	    "campaign",
	    NULL);
	conf_rig_wrong_also("window = 3;",
	    "b.conf:1: window: unknown section; the key campaign.window is "
	    "meant, perhaps",
	    NULL);
	conf_rig_wrong_also(
	    "agents = ( { address = \"192.0.2.9\"; prot = 1; } );",
	    "b.conf:1: agents.prot: unknown key; the nearest known one is "
	    "agents.port",
	    NULL);
}
END_TEST

START_TEST(one_mistake_is_one_error)
{
	struct conf_rig *r = conf_rig_new();
	static const char devices[] =
	    "devices = ( { address = \"192.0.2.1\"; }, { address = "
	    "\"192.0.2.2\"; }, { address = \"192.0.2.3\"; } );";

	/* A group, so no key; what would stand there is not missing, too. */
	conf_rig_file(
	    r, "a.conf", CONF_RIG_QUIET "default = { };\n%s", devices);
	conf_rig_wrong(r,
	    "a.conf:2: default: unknown section; the nearest known one is "
	    "defaults",
	    NULL);
	conf_rig_file(r, "a.conf",
	    "verify = { snmp = true; };\nsnmp = { auth_passwd = \"\"; };\n" CONF_RIG_DEFAULTS
		CONF_RIG_DEVICE);
	conf_rig_wrong(r, "a.conf:2: snmp.auth_passwd: unknown key", NULL);
	conf_rig_file(r, "a.conf", CONF_RIG_QUIET "device = ( );\n");
	conf_rig_wrong(r, "a.conf:2: device: unknown section", "devices");
	conf_rig_file(r, "a.conf", CONF_RIG_WHOLE "timeout = { rest = 1; };");
	conf_rig_wrong(r, "a.conf:4: timeout: unknown section", "timeouts");
	conf_rig_file(
	    r, "a.conf", CONF_RIG_QUIET CONF_RIG_DEFAULTS "%s", devices);
	ck_assert_ptr_null(conf_rig_campaign(r));
	ck_assert_uint_eq(r->m.n_errors, 2);
	ck_assert_ptr_nonnull(strstr(r->m.errors.s,
	    "a.conf:3: devices.interfaces: is missing, and type msbr"));
	ck_assert_ptr_nonnull(strstr(r->m.errors.s,
	    "a.conf: devices.interfaces: is missing in 2 more devices"));
	conf_rig_free(r);
}
END_TEST

START_TEST(the_other_programs_file_is_called_that)
{
	struct conf_rig *r =
	    conf_rig_with("agent = { interface = \"eth0\"; allow = [ ]; };\n"
			  "ovoc = { username = \"x\"; };\n"
			  "snmp = { auth_password_file = \"none\"; };\n");

	conf_rig_wrong(r, "a.conf:1: agent: this is the agent's configuration",
	    "traffic-capture-agent");
	conf_rig_file(r, "a.conf", CONF_RIG_WHOLE);
	conf_rig_agent_wrong(
	    r, "a.conf:2: defaults: this is a campaign's configuration", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_type_is_refused)
{
	conf_rig_wrong_also("campaign = { window = true; };",
	    "b.conf:1: campaign.window: a truth value is the wrong type",
	    "0 or 1s..366d");
	conf_rig_wrong_also("campaign = { listen_port = \"20001\"; };",
	    "b.conf:1: campaign.listen_port: a text is the wrong type",
	    "1025..65535");
	conf_rig_wrong_also("campaign = { listen_port = 2000.5; };",
	    "campaign.listen_port: a number with a point is the wrong", NULL);
	conf_rig_wrong_also("campaign = { note = 4711; };",
	    "b.conf:1: campaign.note: a whole number is the wrong type",
	    "text of at most 1024 bytes");
	conf_rig_wrong_also("campaign = { take_over = 1; };",
	    "campaign.take_over: a whole number is the wrong type",
	    "true or false");
	conf_rig_wrong_also("campaign = ( );",
	    "b.conf:1: campaign: a list is the wrong type", "a group");
	conf_rig_wrong_also("devices = { };",
	    "b.conf:1: devices: a group is the wrong type", "list of groups");
	conf_rig_wrong_also("devices = ( \"192.0.2.1\" );",
	    "b.conf:1: devices: a text is the wrong type", "list of groups");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; interfaces = \"eth-wan\";",
	    "devices.interfaces: a text is the wrong type", "an array");
	conf_rig_wrong_device("address = \"192.0.2.1\"; interfaces = [ 1 ];",
	    "devices.interfaces: a whole number in it is the wrong type", NULL);
}
END_TEST

START_TEST(a_value_out_of_range_is_refused)
{
	conf_rig_wrong_also("campaign = { listen_port = 1024; };",
	    "b.conf:1: campaign.listen_port: 1024 is out of", "1025..65535");
	conf_rig_wrong_also("campaign = { listen_port = 65536; };",
	    "campaign.listen_port: 65536 is out of range", "1025..65535");
	conf_rig_wrong_also("campaign = { register_attempts = 26; };",
	    "campaign.register_attempts: 26 is out of range", "0..25");
	conf_rig_wrong_also("campaign = { rest_attempts = 101; };",
	    "campaign.rest_attempts: 101 is out of range", "1..100");
	conf_rig_wrong_also("campaign = { events_per_device = 51; };",
	    "campaign.events_per_device: 51 is out of range", "1..50");
	conf_rig_wrong_also("campaign = { window = \"367d\"; };",
	    "campaign.window: \"367d\" is out of range", "0 or 1s..366d");
	conf_rig_wrong_also("campaign = { window = -1; };",
	    "campaign.window: -1 is out of range", NULL);
	conf_rig_wrong_also("timeouts = { repeat = 0; };",
	    "timeouts.repeat: 0 is out of range", "10ms..1m");
	conf_rig_wrong_also("campaign = { min_free = \"1X\"; };",
	    "campaign.min_free: \"1X\" is no size", "0..1000T");
}
END_TEST

START_TEST(a_duration_of_8x_is_refused)
{
	conf_rig_wrong_also("campaign = { window = \"8x\"; };",
	    "b.conf:1: campaign.window: \"8x\" is no duration", "\"1h30m\"");
}
END_TEST

START_TEST(port_0_is_refused)
{
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
	    "rest_port = 0;",
	    "b.conf:1: devices.rest_port: 0 is out of range", "1..65535");
	conf_rig_wrong_also("ssh = { port = 0; };",
	    "b.conf:1: ssh.port: 0 is out of range", "1..65535");
	conf_rig_wrong_also(
	    "agents = ( { address = \"192.0.2.9\"; port = 0; } );",
	    "b.conf:1: agents.port: 0 is out of range", "1..65535");
}
END_TEST

START_TEST(digits_in_texts_names_and_comments_are_no_numbers)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf",
	    "# 99999999999999999999\n// 99999999999999999999 \"\n"
	    "/* 99999999999999999999 \" */\n"
	    "campaign = { note = \"99999999999999999999 \\\" # {\"; };");
	ck_assert_str_eq(
	    conf_rig_right(r)->campaign.note, "99999999999999999999 \" # {");
	conf_rig_free(r);
}
END_TEST

/* 201 bytes: file names of 255 are made of it. */
#define LABEL_50  "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwx."
#define LONG_HOST LABEL_50 LABEL_50 LABEL_50 LABEL_50 "t"

START_TEST(a_host_name_may_have_what_networks_have)
{
	static const char *const good[] = {
	    "branch_12.example.net.", "_x", LONG_HOST};

	ck_assert_uint_eq(strlen(LONG_HOST), 201);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *device = xasprintf(
		    "devices = ( { address = \"%s\"; type = \"gwsbc\"; } );\n",
		    good[i]);
		struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

		conf_rig_file(r, "b.conf", "%s", device);
		conf_rig_right(r);
		conf_rig_free(r);
		free(device);
	}
	/* One dot at the end makes no other device of it. */
	conf_rig_wrong_also(
	    "devices = ( { address = \"b.example.net\"; type = \"gwsbc\"; },\n"
	    "{ address = \"B.example.net.\"; type = \"gwsbc\"; } );",
	    "b.conf:2: devices.address: B.example.net. is the same device",
	    NULL);
}
END_TEST

START_TEST(an_address_or_host_name_is_needed)
{
	static const char *const bad[] = {"192.0.2.256", "192.0.2", "a b",
	    "-a.example", "fe80::1%eth0", "[2001:db8::1]", "",
	    "192.0.2.1; reboot", "a..b"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *device = xasprintf("address = \"%s\"; interfaces = "
					 "[ \"eth-wan\" ];",
		    bad[i]);

		conf_rig_wrong_device(device, "b.conf:1: devices.address: ",
		    "cannot be used; allowed is a numeric address or a host "
		    "name");
		free(device);
	}
	conf_rig_wrong_device("address = \"" LONG_HOST
			      "u\"; interfaces = [ \"eth-wan\" ];",
	    "cannot be used: it has 202 bytes",
	    "a host name of at most 201 bytes");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
	    "agent = \"a b\";",
	    "b.conf:1: devices.agent: \"a b\" cannot be used", NULL);
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
	    "ovoc_address = \"a b\";",
	    "b.conf:1: devices.ovoc_address: \"a b\" cannot be used", NULL);
	conf_rig_wrong_also("campaign = { listen_address = \"localhost\"; };",
	    "b.conf:1: campaign.listen_address: \"localhost\" is no address",
	    "a numeric address");
	conf_rig_wrong_also("agents = ( { address = \"192.0.2.9\"; sources = "
			    "[ \"host.example\" ]; } );",
	    "b.conf:1: agents.sources: \"host.example\" cannot be used",
	    "numeric addresses");
}
END_TEST

START_TEST(an_interface_the_type_does_not_have_is_refused)
{
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\";\n interfaces = [ \"eth-wan\", "
	    "\"eth-wlan\" ];",
	    "b.conf:2: devices.interfaces: type msbr has no interface "
	    "\"eth-wlan\"",
	    "cellular-wan, fiber-wan, xdsl-wan, shdsl-wan, t1-e1-wan, "
	    "eth-wan, eth-lan");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; interfaces "
	    "= [ \"eth-wan\" ];",
	    "devices.interfaces: type gwsbc has no interface \"eth-wan\"; "
	    "allowed is eth-lan",
	    NULL);
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; interfaces = [ \"eth-wan\", "
	    "\"eth-wan\" ];",
	    "devices.interfaces: \"eth-wan\" is named twice", NULL);
	conf_rig_wrong_device("address = \"192.0.2.1\";",
	    "b.conf:1: devices.interfaces: is missing, and type msbr has "
	    "none by default",
	    NULL);
	conf_rig_wrong_device("address = \"192.0.2.1\"; type = \"msbr9\";",
	    "b.conf:1: devices.type: \"msbr9\" is unknown",
	    "msbr, gwsbc or a name in device_types");
}
END_TEST

START_TEST(an_agent_must_be_within_reach_of_the_socket)
{
	conf_rig_wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; "
			      "agent = \"2001:db8::1\";",
	    "b.conf:1: devices.agent: campaign.listen_address 0.0.0.0 cannot "
	    "send to 2001:db8::1",
	    "set that to \"::\"");
}
END_TEST

START_TEST(duplicate_devices_name_both_places)
{
	conf_rig_wrong_device("address = \"192.0.2.218\"; interfaces = "
			      "[ \"eth-lan\" ];",
	    "b.conf:1: devices.address: 192.0.2.218 is the same device as in "
	    "/",
	    "/a.conf:3; ");
	conf_rig_wrong_device("address = \"::ffff:192.0.2.218\"; interfaces = "
			      "[ \"eth-lan\" ];",
	    "b.conf:1: devices.address: ::ffff:192.0.2.218 is the same",
	    "/a.conf:3; ");
	conf_rig_wrong_also(
	    "devices = ( { address = \"A.example\"; type = \"gwsbc\"; },\n"
	    "{ address = \"a.EXAMPLE\"; type = \"gwsbc\"; } );",
	    "b.conf:2: devices.address: a.EXAMPLE is the same device", NULL);
}
END_TEST

START_TEST(one_address_told_to_an_agent_twice_is_refused)
{
	struct conf_rig *r;

	conf_rig_wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; "
			      "ovoc_address = \"192.0.2.218\";",
	    "b.conf:1: devices.ovoc_address: 192.0.2.1 is the same device as",
	    "/a.conf:3; ");
	/* Another port of the same address is another device, if OVOC can
	 * tell the two apart. */
	conf_rig_wrong_device("address = \"192.0.2.218\"; type = \"gwsbc\"; "
			      "rest_port = 8443;",
	    "b.conf:1: devices.ovoc_address: ", "/a.conf:3; ");
	r = conf_rig_with(CONF_RIG_WHOLE);
	conf_rig_file(r, "b.conf",
	    "devices = ( { address = \"192.0.2.218\"; type = \"gwsbc\"; "
	    "rest_port = 8443; ovoc_address = \"10.0.0.1\"; } );");
	ck_assert_uint_eq(conf_rig_right(r)->n_devices, 2);
	conf_rig_file(r, "b.conf",
	    "devices = ( { address = \"192.0.2.218\"; type = \"gwsbc\"; "
	    "rest_port = 8443; agent = \"192.0.2.9\"; } );");
	ck_assert_uint_eq(conf_rig_right(r)->n_devices, 2);
	conf_rig_free(r);
}
END_TEST

START_TEST(no_devices_at_all_is_an_error)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET);

	conf_rig_wrong(r, "/a.conf: devices: there is no device", NULL);
	conf_rig_file(r, "a.conf", CONF_RIG_QUIET "devices = ( );");
	conf_rig_wrong(r, "/a.conf: devices: there is no device", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_device_needs_type_user_password_and_agent)
{
	struct conf_rig *r = conf_rig_with(
	    CONF_RIG_QUIET "devices = ( { address = \"192.0.2.1\"; } );");
	const char *e;

	ck_assert_ptr_null(conf_rig_campaign(r));
	e = strbuf_text(&r->m.errors);
	ck_assert_uint_eq(r->m.n_errors, 4);
	ck_assert_ptr_nonnull(strstr(e, "a.conf:2: devices.type: is missing"));
	ck_assert_ptr_nonnull(strstr(e, "devices.username: is missing"));
	ck_assert_ptr_nonnull(strstr(e, "devices.password_file: is missing"));
	ck_assert_ptr_nonnull(strstr(e, "devices.agent: is missing"));
	conf_rig_free(r);
}
END_TEST

START_TEST(the_campaign_name_is_a_file_name)
{
	static const char *const bad[] = {"", "latest", ".a", "-a", "a/b",
	    "a b", "..", "\xc3\xa4",
	    "12345678901234567890123456789012345678901234567890123456789012345"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text =
		    xasprintf("campaign = { name = \"%s\"; };", bad[i]);

		conf_rig_wrong_also(
		    text, "b.conf:1: campaign.name: ", "cannot be used");
		free(text);
	}
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_WHOLE "campaign = { name = \"9a._-Z\"; };");
	ck_assert_str_eq(conf_rig_right(r)->campaign.name, "9a._-Z");
	conf_rig_free(r);
}
END_TEST

START_TEST(the_window_has_its_end_and_room_for_capture_for)
{
	struct conf_rig *r;

	conf_rig_wrong_also(
	    "campaign = { window = \"1h\";\n capture_for = 3600; };",
	    "b.conf:2: campaign.capture_for: the capture ends with or after",
	    "campaign.window = 0");
	r = conf_rig_with(
	    CONF_RIG_WHOLE "campaign = { window = 0; capture_for = \"9h\"; };");
	ck_assert_int_eq(conf_rig_right(r)->campaign.capture_for, 9 * 3600000);
	conf_rig_free(r);
	conf_rig_wrong_also("campaign = { until = \"6:00\"; };",
	    "b.conf:1: campaign.until: \"6:00\"",
	    "\"00:00\" to \"23:59\", or \"\"");
	/* How long it is until then is not known before the start. */
	r = conf_rig_with(CONF_RIG_WHOLE "campaign = { until = \"06:00\"; "
					 "capture_for = \"9h\"; };");
	ck_assert_str_eq(conf_rig_right(r)->campaign.until, "06:00");
	conf_rig_free(r);
}
END_TEST

START_TEST(snmp_user_and_keys_are_words_of_the_cli)
{
	static const char *const bad[] = {"1234567", "with blank", "quote\\\"s",
	    "quote'''", "hash####", "!bang!!!", "mark????",
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
	    "12345678901234567890123456789012345678901234567890123456789012345"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = xasprintf("snmp = { auth_password = \"%s\"; "
				       "priv_password = \"12345678\"; };",
		    bad[i]);
		struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

		conf_rig_file(r, "b.conf", "%s", text);
		conf_rig_wrong(r,
		    "b.conf:1: snmp.auth_password: this password cannot be",
		    "8 to 64 printable characters");
		ck_assert_ptr_null(strstr(r->m.errors.s, bad[i]));
		conf_rig_free(r);
		free(text);
	}
	conf_rig_wrong_also("snmp = { user = \"a b\"; };",
	    "b.conf:1: snmp.user: \"a b\" cannot be used", "1 to 32");
	conf_rig_wrong_also(
	    "snmp = { user = \"123456789012345678901234567890123\"; };",
	    "b.conf:1: snmp.user: ", "1 to 32");
}
END_TEST

START_TEST(the_rule_that_a_key_broke_is_told)
{
	static const struct {
		const char *key, *why;
	} bad[] = {{"1234567", "it is too short"},
	    {"12345 78", "its character 6 is a blank"},
	    {"#2345678", "its character 1 is a #"},
	    {"1234567?", "its character 8 is a ?"},
	    {"1234\xc3\xa4 78", "its character 5 is not ASCII"}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = xasprintf(
		    "snmp = { auth_password = \"%s\"; };", bad[i].key);

		conf_rig_wrong_also(text,
		    "b.conf:1: snmp.auth_password: this password cannot be "
		    "used: ",
		    bad[i].why);
		free(text);
	}
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; username = "
	    "\"01234567890123456789012345678901234567890123456789012345678901"
	    "234\";",
	    "cannot be used: it has 65 bytes; ", "1 to 64 bytes");
}
END_TEST

START_TEST(snmp_probes_need_both_keys)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_DEFAULTS CONF_RIG_DEVICE
	    "snmp = { auth_password = \"12345678\"; };");

	conf_rig_wrong(r, "verify.snmp: SNMP requests need both keys",
	    "verify.snmp = false");
	conf_rig_file(r, "b.conf", "snmp = { priv_password = \"87654321\"; };");
	ck_assert_str_eq(conf_rig_right(r)->snmp.priv_password, "87654321");
	ck_assert(r->campaign->verify.on[VERIFY_SNMP]);
	conf_rig_free(r);
}
END_TEST

START_TEST(usernames_pins_and_keys_have_their_form)
{
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; username = "
	    "\"a:b\";",
	    "b.conf:1: devices.username: \"a:b\" cannot be used", "':'");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; tls_pin = "
	    "\"sha256//AAAA\";",
	    "b.conf:1: devices.tls_pin: \"sha256//AAAA\" cannot be used",
	    "44 characters of base64");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; host_key = "
	    "\"MD5:AAAA\";",
	    "b.conf:1: devices.host_key: \"MD5:AAAA\" cannot be used",
	    "43 characters of base64");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; host_key = "
	    "[ \"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\", "
	    "\"\" ];",
	    "b.conf:1: devices.host_key: \"\" cannot be used", "one, or an");
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; tls_pin = 7;",
	    "b.conf:1: devices.tls_pin: a whole number is the wrong type",
	    "one, or an array [ ] of 1 to 8");
}
END_TEST

START_TEST(insecure_settings_are_warned_about)
{
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_WHOLE "rest = { tls = \"insecure\"; };\n"
					 "ssh = { host_keys = \"off\"; "
					 "window = \"narrow\"; };\n");
	const char *w;

	ck_assert_int_eq(conf_rig_right(r)->rest.tls, CONF_TLS_INSECURE);
	ck_assert_int_eq(r->campaign->ssh.host_keys, CONF_HOST_KEYS_OFF);
	ck_assert(r->campaign->ssh.narrow);
	w = strbuf_text(&r->m.warnings);
	ck_assert_ptr_nonnull(strstr(w, "/a.conf:4: rest.tls: \"insecure\""));
	ck_assert_ptr_nonnull(strstr(w, "/a.conf:5: ssh.host_keys: \"off\""));
	conf_rig_file(
	    r, "a.conf", CONF_RIG_WHOLE "ssh = { host_keys = \"strict\"; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->ssh.host_keys, CONF_HOST_KEYS_STRICT);
	ck_assert_str_eq(strbuf_text(&r->m.warnings), "");
	conf_rig_free(r);
	conf_rig_wrong_also("ssh = { host_keys = \"maybe\"; };",
	    "b.conf:1: ssh.host_keys: \"maybe\" is unknown",
	    "\"strict\" or \"accept-new\" or \"off\"");
}
END_TEST

/* Put something that may be a password in place of each mask. */
static void
unmask(char *text)
{
	char *p = text;

	while ((p = strstr(p, "\"*****\"")) != NULL)
		memcpy(p + 1, "abcde", 5);
}

START_TEST(what_is_printed_loads_again_to_the_same)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE
	    "campaign = { note = \"a \\\"b\\\" \\\\ c\"; output = \"out\"; "
	    "min_free = 1234567891; };\n"
	    "agents = ( { address = \"192.0.2.252\"; sources = "
	    "[ \"192.0.2.253\" ]; } );\n"
	    "device_types = ( { name = \"t\"; base = \"msbr\"; interfaces = "
	    "[ \"eth-wan\" ]; } );\n");
	struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;
	struct conf_rig *again;
	char *copy;

	conf_rig_file(r, "b.conf",
	    "devices = ( { address = \"a.example\"; type = \"t\"; } );");
	campaign_conf_print(conf_rig_right(r), &one);
	ck_assert_ptr_null(strstr(one.s, "secret"));
	ck_assert_ptr_nonnull(strstr(one.s, "password = \"*****\""));
	copy = xstrdup(one.s);
	unmask(copy);
	again = conf_rig_with(copy);
	campaign_conf_print(conf_rig_right(again), &two);
	ck_assert_str_eq(one.s, two.s);
	free(copy);
	strbuf_free(&one);
	strbuf_free(&two);
	conf_rig_free(again);
	conf_rig_free(r);
}
END_TEST

START_TEST(every_key_is_listed_with_range_default_and_help)
{
	struct strbuf b = STRBUF_INIT;
	size_t lines = 0;

	campaign_conf_keys(&b);
	ck_assert_ptr_nonnull(strstr(b.s,
	    "campaign.window\ta duration, 0 or 1s..366d\t8h\tLongest wait"));
	ck_assert_ptr_nonnull(strstr(b.s,
	    "devices.address\ta numeric address or a host name of at most 201 "
	    "bytes\trequired"));
	for (char *p = b.s, *end; *p != '\0'; p = end + 1, lines++) {
		size_t tabs = 0;

		end = strchr(p, '\n');
		ck_assert_ptr_nonnull(end);
		for (; p < end; p++)
			tabs += *p == '\t';
		ck_assert_uint_eq(tabs, 3);
	}
	ck_assert_uint_gt(lines, 70);
	strbuf_free(&b);
}
END_TEST

UNIT_MAIN("campaign_conf", defaults_are_those_of_the_manual,
    a_device_has_what_it_says_and_what_defaults_say,
    the_built_in_types_know_their_files, a_type_of_ones_own_is_like_its_base,
    a_wrong_type_of_ones_own_is_refused,
    all_errors_of_all_files_are_reported_at_once,
    an_unknown_key_is_refused_with_the_nearest_one, one_mistake_is_one_error,
    the_other_programs_file_is_called_that, a_wrong_type_is_refused,
    a_value_out_of_range_is_refused, a_duration_of_8x_is_refused,
    port_0_is_refused, digits_in_texts_names_and_comments_are_no_numbers,
    a_host_name_may_have_what_networks_have, an_address_or_host_name_is_needed,
    an_interface_the_type_does_not_have_is_refused,
    an_agent_must_be_within_reach_of_the_socket,
    duplicate_devices_name_both_places,
    one_address_told_to_an_agent_twice_is_refused,
    no_devices_at_all_is_an_error, a_device_needs_type_user_password_and_agent,
    the_campaign_name_is_a_file_name,
    the_window_has_its_end_and_room_for_capture_for,
    snmp_user_and_keys_are_words_of_the_cli, the_rule_that_a_key_broke_is_told,
    snmp_probes_need_both_keys, usernames_pins_and_keys_have_their_form,
    insecure_settings_are_warned_about, what_is_printed_loads_again_to_the_same,
    every_key_is_listed_with_range_default_and_help)
