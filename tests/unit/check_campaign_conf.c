/* check_campaign_conf.c - the campaign's configuration, rule by rule. */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "conf_rig.h"

#define QUIET "verify = { snmp = false; };\n"
#define DEFAULTS                                               \
	"defaults = { type = \"msbr\"; username = \"Admin\"; " \
	"password = \"secret\"; agent = \"192.0.2.252\"; };\n"
#define DEVICE                                      \
	"devices = ( { address = \"192.0.2.218\"; " \
	"interfaces = [ \"eth-wan\" ]; } );\n"
#define WHOLE QUIET DEFAULTS DEVICE

static struct conf_rig *
rig(const char *text)
{
	struct conf_rig *r = conf_rig_new();

	conf_rig_file(r, "a.conf", "%s", text);
	return r;
}

/* A configuration that is right but for the file b.conf. */
static void
wrong(const char *text, const char *has, const char *also)
{
	struct conf_rig *r = rig(WHOLE);

	conf_rig_file(r, "b.conf", "%s", text);
	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}

/* One member of `devices` in line 1 of b.conf is wrong. */
static void
wrong_device(const char *settings, const char *has, const char *also)
{
	char *text = xasprintf("devices = ( { %s } );", settings);

	wrong(text, has, also);
	free(text);
}

/* One --set is wrong. */
static void
wrong_set(const char *set, const char *has, const char *also)
{
	struct conf_rig *r = rig(WHOLE);

	r->sets[r->n_sets++] = set;
	conf_rig_wrong(r, has, also);
	conf_rig_free(r);
}

START_TEST(defaults_are_those_of_the_manual)
{
	struct conf_rig *r = rig(WHOLE);
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_str_eq(c->campaign.name, "campaign");
	ck_assert_str_eq(c->campaign.output, "/var/lib/traffic-capture");
	ck_assert_int_eq(c->campaign.listen_address.family, AF_INET);
	ck_assert_int_eq(c->campaign.listen_port, 20001);
	ck_assert_int_eq(c->campaign.register_attempts, 2);
	ck_assert_int_eq(c->campaign.rest_attempts, 10);
	ck_assert_int_eq(c->campaign.events_per_device, 1);
	ck_assert_int_eq(c->campaign.window, 28800000);
	ck_assert_int_eq(c->campaign.capture_for, 0);
	ck_assert(!c->campaign.keep_quiet_captures && !c->campaign.take_over);
	ck_assert_int_eq(c->campaign.recheck, 900000);
	ck_assert(!c->campaign.save_config);
	ck_assert_int_eq(c->campaign.min_free, 1000000000);
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
	ck_assert_int_eq(c->limits.logins_per_second, 200);
	ck_assert_int_eq(c->limits.requests_per_agent, 64);
	ck_assert_str_eq(c->trigger.alarm, "Connection Alarm");
	ck_assert_str_eq(c->trigger.text, "Connection Lost");
	ck_assert_int_eq(c->trigger.hold_down, 0);
	ck_assert(c->verify.icmp && c->verify.tcp);
	ck_assert_int_eq(c->verify.count, 10);
	ck_assert_int_eq(c->verify.interval, 1000);
	ck_assert_int_eq(c->verify.tcp_port, 443);
	ck_assert_int_eq(c->snmp.port, 161);
	ck_assert_int_eq(c->rest.port, 443);
	ck_assert(!c->rest.insecure && !c->ssh.narrow);
	ck_assert_int_eq(c->ssh.host_keys, CONF_HOST_KEYS_ACCEPT_NEW);
	ck_assert_str_eq(
	    c->ssh.known_hosts, "/var/lib/traffic-capture/known_hosts");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_device_has_what_it_says_and_what_defaults_say)
{
	struct conf_rig *r = rig(QUIET DEFAULTS
	    "rest = { port = 8443; }; ssh = { port = 2222; };\n"
	    "devices = ( { address = \"192.0.2.1\"; type = \"gwsbc\"; },\n"
	    "  { address = \"b.example.net\"; interfaces = [ \"eth-wan\", "
	    "\"cellular-wan\" ]; username = \"u\"; password = \"p\";\n"
	    "  agent = \"ovoc.example.net\"; ovoc_address = \"10.1.1.1\";\n"
	    "  name = \"n\"; note = \"x\"; rest_port = 444; ssh_port = 23;\n"
	    "  tls_pin = \"sha256//"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\";\n"
	    "  host_key = \"SHA256:"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"; } );\n");
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
	ck_assert_ptr_null(d->tls_pin);
	ck_assert_ptr_null(d->host_key);
	ck_assert_str_eq(d->name, "");
	d = c->devices[1];
	ck_assert_str_eq(d->type->name, "msbr");
	ck_assert_uint_eq(d->n_interfaces, 2);
	ck_assert_str_eq(d->interfaces[1], "cellular-wan");
	ck_assert_str_eq(d->password, "p");
	ck_assert_str_eq(d->agent->address, "ovoc.example.net");
	ck_assert_str_eq(d->told, "10.1.1.1");
	ck_assert_int_eq(d->rest_port, 444);
	ck_assert_int_eq(strncmp(d->tls_pin, "sha256//", 8), 0);
	ck_assert_int_eq(strncmp(d->host_key, "SHA256:", 7), 0);
	ck_assert_int_eq(d->place.line, 5);
	ck_assert_ptr_nonnull(strstr(d->place.file, "/a.conf"));
	conf_rig_free(r);
}
END_TEST

START_TEST(the_built_in_types_know_their_files)
{
	struct conf_rig *r = rig(WHOLE);
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
	struct conf_rig *r = rig(WHOLE
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
	wrong("device_types = ( { name = \"msbr\"; base = \"msbr\"; } );",
	    "b.conf:1: device_types.name: there is another type msbr", NULL);
	wrong("device_types = ( { name = \"a\"; base = \"sbc\"; } );",
	    "b.conf:1: device_types.base: \"sbc\" is unknown",
	    "\"msbr\" or \"gwsbc\"");
	wrong("device_types = ( { name = \"a\"; } );",
	    "b.conf:1: device_types.base: is missing", NULL);
	wrong("device_types = ( { name = \"a\"; base = \"gwsbc\"; interfaces "
	      "= [ \"eth-wan\" ]; } );",
	    "b.conf:1: device_types.interfaces: type a has no interface "
	    "\"eth-wan\"; allowed is eth-lan",
	    NULL);
	wrong("device_types = ( { name = \"a\"; base = \"msbr\"; remote_files "
	      "= [ \"x.pcap\" ]; } );",
	    "b.conf:1: device_types.remote_files: \"x.pcap\" cannot be used",
	    "absolute");
}
END_TEST

START_TEST(all_errors_of_all_files_are_reported_at_once)
{
	struct conf_rig *r = rig("campaign = {\n  window = \"8x\";\n"
				 "  listen_port = 0;\n};\n" WHOLE);
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
	wrong("\ncampaign = { windwo = 3; };",
	    "b.conf:2: campaign.windwo: unknown key; the nearest known one is "
	    "campaign.window",
	    NULL);
	wrong("compaign = { };",
	    "b.conf:1: compaign: unknown section; the nearest known one is "
	    "campaign",
	    NULL);
	wrong("window = 3;",
	    "b.conf:1: window: unknown section; the key campaign.window is "
	    "meant, perhaps",
	    NULL);
	wrong("agents = ( { address = \"192.0.2.9\"; prot = 1; } );",
	    "b.conf:1: agents.prot: unknown key; the nearest known one is "
	    "agents.port",
	    NULL);
}
END_TEST

START_TEST(a_wrong_type_is_refused)
{
	wrong("campaign = { window = true; };",
	    "b.conf:1: campaign.window: a truth value is the wrong type",
	    "0 or 1s..366d");
	wrong("campaign = { listen_port = \"20001\"; };",
	    "b.conf:1: campaign.listen_port: a text is the wrong type",
	    "1025..65535");
	wrong("campaign = { listen_port = 2000.5; };",
	    "campaign.listen_port: a number with a point is the wrong", NULL);
	wrong("campaign = { note = 4711; };",
	    "b.conf:1: campaign.note: a whole number is the wrong type",
	    "text of at most 1024 bytes");
	wrong("campaign = { take_over = 1; };",
	    "campaign.take_over: a whole number is the wrong type",
	    "true or false");
	wrong("campaign = ( );", "b.conf:1: campaign: a list is the wrong type",
	    "a group");
	wrong("devices = { };", "b.conf:1: devices: a group is the wrong type",
	    "list of groups");
	wrong("devices = ( \"192.0.2.1\" );",
	    "b.conf:1: devices: a text is the wrong type", "list of groups");
	wrong_device("address = \"192.0.2.1\"; interfaces = \"eth-wan\";",
	    "devices.interfaces: a text is the wrong type", "an array");
	wrong_device("address = \"192.0.2.1\"; interfaces = [ 1 ];",
	    "devices.interfaces: a whole number in it is the wrong type", NULL);
}
END_TEST

START_TEST(a_value_out_of_range_is_refused)
{
	wrong("campaign = { listen_port = 1024; };",
	    "b.conf:1: campaign.listen_port: 1024 is out of", "1025..65535");
	wrong("campaign = { listen_port = 65536; };",
	    "campaign.listen_port: 65536 is out of range", "1025..65535");
	wrong("campaign = { register_attempts = 26; };",
	    "campaign.register_attempts: 26 is out of range", "1..25");
	wrong("campaign = { rest_attempts = 101; };",
	    "campaign.rest_attempts: 101 is out of range", "1..100");
	wrong("campaign = { events_per_device = 51; };",
	    "campaign.events_per_device: 51 is out of range", "1..50");
	wrong("campaign = { window = \"367d\"; };",
	    "campaign.window: \"367d\" is out of range", "0 or 1s..366d");
	wrong("campaign = { window = -1; };",
	    "campaign.window: -1 is out of range", NULL);
	wrong("timeouts = { repeat = 0; };",
	    "timeouts.repeat: 0 is out of range", "10ms..1m");
	wrong("campaign = { min_free = \"1X\"; };",
	    "campaign.min_free: \"1X\" is no size", "0..1000T");
}
END_TEST

START_TEST(a_duration_of_8x_is_refused)
{
	wrong("campaign = { window = \"8x\"; };",
	    "b.conf:1: campaign.window: \"8x\" is no duration", "\"1h30m\"");
}
END_TEST

START_TEST(port_0_is_refused)
{
	wrong_device("address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
		     "rest_port = 0;",
	    "b.conf:1: devices.rest_port: 0 is out of range", "1..65535");
	wrong("ssh = { port = 0; };", "b.conf:1: ssh.port: 0 is out of range",
	    "1..65535");
	wrong("agents = ( { address = \"192.0.2.9\"; port = 0; } );",
	    "b.conf:1: agents.port: 0 is out of range", "1..65535");
}
END_TEST

START_TEST(numbers_beyond_32_bits_are_not_wrapped)
{
	struct conf_rig *r = rig(WHOLE);

	conf_rig_file(r, "b.conf", "campaign = { min_free = 3000000000; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->campaign.min_free, INT64_C(3000000000));
	conf_rig_file(r, "b.conf", "campaign = { min_free = +3000000000L; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->campaign.min_free, INT64_C(3000000000));
	conf_rig_free(r);
	wrong("campaign = { rest_attempts = 4294967297; };",
	    "b.conf:1: campaign.rest_attempts: 4294967297 is out of", NULL);
	wrong("campaign = { rest_attempts = 0x100000001; };",
	    "campaign.rest_attempts: 4294967297 is out of range", NULL);
	wrong("campaign = {\n rest_attempts = 99999999999999999999; };",
	    "b.conf:2: the number 99999999999999999999 does not fit", NULL);
	wrong("campaign = { window = 9223372036854775807L; };",
	    "campaign.window: 9223372036854775807 is out of range", NULL);
}
END_TEST

START_TEST(digits_in_texts_names_and_comments_are_no_numbers)
{
	struct conf_rig *r = rig(WHOLE);

	conf_rig_file(r, "b.conf",
	    "# 99999999999999999999\n// 99999999999999999999 \"\n"
	    "/* 99999999999999999999 \" */\n"
	    "campaign = { note = \"99999999999999999999 \\\" # {\"; };");
	ck_assert_str_eq(
	    conf_rig_right(r)->campaign.note, "99999999999999999999 \" # {");
	conf_rig_free(r);
}
END_TEST

START_TEST(an_address_or_host_name_is_needed)
{
	static const char *const bad[] = {"192.0.2.256", "192.0.2", "a b",
	    "-a.example", "fe80::1%eth0", "[2001:db8::1]", "",
	    "192.0.2.1; reboot", "a_b"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *device = xasprintf("address = \"%s\"; interfaces = "
					 "[ \"eth-wan\" ];",
		    bad[i]);

		wrong_device(device, "b.conf:1: devices.address: ",
		    "cannot be used; allowed is a numeric address or a host "
		    "name");
		free(device);
	}
	wrong_device("address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
		     "agent = \"a b\";",
	    "b.conf:1: devices.agent: \"a b\" cannot be used", NULL);
	wrong_device("address = \"192.0.2.1\"; interfaces = [ \"eth-wan\" ]; "
		     "ovoc_address = \"a b\";",
	    "b.conf:1: devices.ovoc_address: \"a b\" cannot be used", NULL);
	wrong("campaign = { listen_address = \"localhost\"; };",
	    "b.conf:1: campaign.listen_address: \"localhost\" is no address",
	    "a numeric address");
	wrong("agents = ( { address = \"192.0.2.9\"; sources = "
	      "[ \"host.example\" ]; } );",
	    "b.conf:1: agents.sources: \"host.example\" cannot be used",
	    "numeric addresses");
}
END_TEST

START_TEST(an_interface_the_type_does_not_have_is_refused)
{
	wrong_device("address = \"192.0.2.1\";\n interfaces = [ \"eth-wan\", "
		     "\"eth-wlan\" ];",
	    "b.conf:2: devices.interfaces: type msbr has no interface "
	    "\"eth-wlan\"",
	    "cellular-wan, fiber-wan, xdsl-wan, shdsl-wan, t1-e1-wan, "
	    "eth-wan, eth-lan");
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; interfaces "
		     "= [ \"eth-wan\" ];",
	    "devices.interfaces: type gwsbc has no interface \"eth-wan\"; "
	    "allowed is eth-lan",
	    NULL);
	wrong_device("address = \"192.0.2.1\"; interfaces = [ \"eth-wan\", "
		     "\"eth-wan\" ];",
	    "devices.interfaces: \"eth-wan\" is named twice", NULL);
	wrong_device("address = \"192.0.2.1\";",
	    "b.conf:1: devices.interfaces: is missing, and type msbr has "
	    "none by default",
	    NULL);
	wrong_device("address = \"192.0.2.1\"; type = \"msbr9\";",
	    "b.conf:1: devices.type: \"msbr9\" is unknown",
	    "msbr, gwsbc or a name in device_types");
}
END_TEST

START_TEST(duplicate_devices_name_both_places)
{
	wrong_device("address = \"192.0.2.218\"; interfaces = "
		     "[ \"eth-lan\" ];",
	    "b.conf:1: devices.address: 192.0.2.218 is the same device as in "
	    "/tmp/check_conf.",
	    "/a.conf:3; ");
	wrong_device("address = \"::ffff:192.0.2.218\"; interfaces = "
		     "[ \"eth-lan\" ];",
	    "b.conf:1: devices.address: ::ffff:192.0.2.218 is the same",
	    "/a.conf:3; ");
	wrong("devices = ( { address = \"A.example\"; type = \"gwsbc\"; },\n"
	      "{ address = \"a.EXAMPLE\"; type = \"gwsbc\"; } );",
	    "b.conf:2: devices.address: a.EXAMPLE is the same device", NULL);
}
END_TEST

START_TEST(one_address_told_to_an_agent_twice_is_refused)
{
	struct conf_rig *r;

	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; "
		     "ovoc_address = \"192.0.2.218\";",
	    "b.conf:1: devices.ovoc_address: 192.0.2.1 is the same device as",
	    "/a.conf:3; ");
	/* Another port of the same address is another device, if OVOC can
	 * tell the two apart. */
	wrong_device("address = \"192.0.2.218\"; type = \"gwsbc\"; "
		     "rest_port = 8443;",
	    "b.conf:1: devices.ovoc_address: ", "/a.conf:3; ");
	r = rig(WHOLE);
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
	struct conf_rig *r = rig(QUIET);

	conf_rig_wrong(r, "/a.conf: devices: there is no device", NULL);
	conf_rig_file(r, "a.conf", QUIET "devices = ( );");
	conf_rig_wrong(r, "/a.conf: devices: there is no device", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_device_needs_type_user_password_and_agent)
{
	struct conf_rig *r =
	    rig(QUIET "devices = ( { address = \"192.0.2.1\"; } );");
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

START_TEST(a_folder_is_read_by_name_and_later_files_override)
{
	struct conf_rig *r = rig(WHOLE "campaign = { window = \"1h\"; "
				       "capture_for = \"1m\"; };");
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", "campaign = { window = \"3h\"; };");
	conf_rig_file(r, "B.conf",
	    "campaign = { window = \"2h\"; }; devices = ( { address = "
	    "\"192.0.2.1\"; type = \"gwsbc\"; } );");
	conf_rig_file(r, "c.conf.bak", "nonsense");
	conf_rig_file(r, ".d.conf", "nonsense");
	c = conf_rig_right(r);
	ck_assert_int_eq(c->campaign.window, 3 * 3600000);
	ck_assert_int_eq(c->campaign.capture_for, 60000);
	ck_assert_uint_eq(c->n_devices, 2);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.1");
	conf_rig_free(r);
}
END_TEST

START_TEST(paths_are_read_in_the_order_they_are_given)
{
	struct conf_rig *r = rig(WHOLE "campaign = { window = \"1h\"; };");
	char *a = conf_rig_path(r, "a.conf"), *b = conf_rig_path(r, "b.conf");

	conf_rig_file(r, "b.conf", "campaign = { window = \"2h\"; };");
	r->paths[0] = b;
	r->paths[1] = a;
	r->n_paths = 2;
	ck_assert_int_eq(conf_rig_right(r)->campaign.window, 3600000);
	free(a);
	free(b);
	conf_rig_free(r);
}
END_TEST

START_TEST(defaults_apply_after_all_files_are_read)
{
	struct conf_rig *r = rig(QUIET DEVICE);
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", DEFAULTS);
	conf_rig_file(r, "c.conf", "defaults = { username = \"capture\"; };");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->devices[0]->username, "capture");
	ck_assert_str_eq(c->devices[0]->password, "secret");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_default_is_said_once)
{
	struct conf_rig *r = rig(QUIET DEVICE DEFAULTS);

	conf_rig_file(r, "b.conf",
	    "defaults = { username = \"a:b\"; };\n"
	    "devices = ( { address = \"192.0.2.1\"; type = \"gwsbc\"; } );");
	conf_rig_wrong(r, "b.conf:1: defaults.username: \"a:b\"", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(agents_of_one_address_merge)
{
	struct conf_rig *r = rig(
	    WHOLE "agents = ( { address = \"192.0.2.252\"; port = 1; sources = "
		  "[ \"192.0.2.253\", \"2001:db8::1\" ]; }, "
		  "{ address = \"192.0.2.9\"; } );");
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf",
	    "agents = ( { address = \"::ffff:192.0.2.252\"; port = 2; } );");
	c = conf_rig_right(r);
	ck_assert_uint_eq(c->n_agents, 2);
	ck_assert_ptr_eq(c->devices[0]->agent, c->agents[0]);
	ck_assert_int_eq(c->agents[0]->port, 2);
	ck_assert_uint_eq(c->agents[0]->n_sources, 2);
	ck_assert_int_eq(c->agents[0]->sources[1].family, AF_INET6);
	conf_rig_free(r);
}
END_TEST

START_TEST(an_agent_that_is_not_listed_has_the_defaults)
{
	struct conf_rig *r = rig(WHOLE);
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf",
	    "devices = ( { address = \"192.0.2.1\"; type = \"gwsbc\"; agent "
	    "= \"Ovoc.example\"; }, { address = \"192.0.2.2\"; type = "
	    "\"gwsbc\"; agent = \"ovoc.example\"; } );");
	c = conf_rig_right(r);
	ck_assert_uint_eq(c->n_agents, 2);
	ck_assert_ptr_eq(c->devices[1]->agent, c->devices[2]->agent);
	ck_assert_int_eq(c->agents[1]->port, 20001);
	ck_assert_ptr_null(c->agents[1]->key);
	conf_rig_free(r);
}
END_TEST

START_TEST(an_empty_folder_is_an_error)
{
	struct conf_rig *r = conf_rig_new();

	conf_rig_file(r, "readme.txt", "nothing");
	conf_rig_wrong(r, ": no *.conf in this folder", r->folder);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_an_error)
{
	struct conf_rig *r = rig(WHOLE);

	r->paths[0] = "/nonexistent/x.conf";
	r->n_paths = 1;
	conf_rig_wrong(r,
	    "/nonexistent/x.conf: cannot read /nonexistent/x.conf: No such "
	    "file",
	    NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_file_cut_in_the_middle_is_an_error_with_its_line)
{
	static const char whole[] = "campaign = {\n  name = \"a\";\n"
				    "  window = \"1h\";\n};\n";

	for (size_t len = 12; len < sizeof(whole) - 4; len++) {
		struct conf_rig *r = rig(WHOLE);

		conf_rig_file(r, "b.conf", "%.*s", (int)len, whole);
		conf_rig_wrong(r, "/b.conf:", "syntax error");
		conf_rig_free(r);
	}
	wrong("campaign = {\n  name = \"a\"\n  window = \"1h\"\n};\nx y\n",
	    "b.conf:", "syntax error");
	wrong("campaign = {\n\n  name = \"a\n};\n",
	    "b.conf:5: syntax error at the end of the file",
	    "The text of line 3 is never closed");
	wrong("campaign = { };\ncampaign = { };",
	    "b.conf:2: duplicate setting name", NULL);
}
END_TEST

START_TEST(the_last_line_needs_no_newline)
{
	struct conf_rig *r = rig(WHOLE "# the end");

	conf_rig_right(r);
	conf_rig_file(r, "a.conf", WHOLE "// the end");
	conf_rig_right(r);
	conf_rig_file(r, "a.conf", "%s",
	    "verify = { snmp = false; };\r\n" DEFAULTS DEVICE);
	conf_rig_right(r);
	conf_rig_free(r);
}
END_TEST

START_TEST(text_that_is_no_plain_utf_8_is_refused)
{
	wrong("\xef\xbb\xbf"
	      "campaign = { };",
	    "b.conf:1: the file begins with a byte order mark", "without");
	wrong("\n# \xe4\n", "b.conf:2: this line is not UTF-8 text", NULL);
	wrong("campaign = { };\n\n/* never\n closed",
	    "b.conf:4: the comment of line 3 is never closed", NULL);
	wrong("campaign = { note = \"a\\x00b\"; };",
	    "b.conf:1: \\x00 cannot be part of a text", NULL);
	wrong("campaign = { note = \"a\\x07\"; };",
	    "b.conf:1: campaign.note: the text has control characters", NULL);
	wrong("campaign = { note = \"\\xff\"; };",
	    "b.conf:1: campaign.note: the text has control characters or is "
	    "not UTF-8",
	    NULL);
	wrong("x = ((((((((((((1))))))))))));",
	    "b.conf:1: brackets are nested too deeply", NULL);
}
END_TEST

START_TEST(include_is_relative_to_the_file_it_is_in)
{
	struct conf_rig *r = rig(WHOLE);
	char *sub = conf_rig_path(r, "sub");

	ck_assert_int_eq(mkdir(sub, 0700), 0);
	conf_rig_file(r, "b.conf",
	    "campaign = {\n  @include \"sub/one\"\n  rest_attempts = 3;\n"
	    "};\nlimits = { rest = 0; };");
	conf_rig_file(r, "sub/one", "window = \"7h\";\n@include \"two\"");
	conf_rig_file(r, "sub/two", "note = \"deep\"; # no newline");
	conf_rig_wrong(r, "/b.conf:5: limits.rest: 0 is out of range", NULL);
	conf_rig_file(r, "sub/two", "note = 1;");
	conf_rig_file(r, "b.conf", "campaign = {\n@include \"sub/one\"\n};");
	conf_rig_wrong(r, "/sub/two:1: campaign.note: a whole number", NULL);
	conf_rig_file(r, "sub/two", "note = \"deep\"; # no newline");
	ck_assert_str_eq(conf_rig_right(r)->campaign.note, "deep");
	ck_assert_int_eq(r->campaign->campaign.window, 7 * 3600000);
	free(sub);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_include_is_an_error_with_its_line)
{
	wrong("\n@include \"none\"\n", "b.conf:2: cannot read ",
	    "/none: No such file");
	wrong("@include \"b.conf\"\n", "more than 10 files include one another",
	    NULL);
	wrong("@inklude \"b.conf\"\n", "b.conf:1: @ begins no setting", NULL);
	wrong("@include b.conf\n", "b.conf:1: @ begins no setting", NULL);
	wrong("@", "b.conf:1: @ begins no setting", NULL);
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

		wrong(text, "b.conf:1: campaign.name: ", "cannot be used");
		free(text);
	}
	struct conf_rig *r = rig(WHOLE "campaign = { name = \"9a._-Z\"; };");
	ck_assert_str_eq(conf_rig_right(r)->campaign.name, "9a._-Z");
	conf_rig_free(r);
}
END_TEST

START_TEST(capture_for_is_shorter_than_the_window)
{
	struct conf_rig *r;

	wrong("campaign = { window = \"1h\";\n capture_for = 3600; };",
	    "b.conf:2: campaign.capture_for: the capture ends with or after",
	    "campaign.window = 0");
	r = rig(WHOLE "campaign = { window = 0; capture_for = \"9h\"; };");
	ck_assert_int_eq(conf_rig_right(r)->campaign.capture_for, 9 * 3600000);
	conf_rig_free(r);
}
END_TEST

START_TEST(snmp_user_and_keys_are_words_of_the_cli)
{
	static const char *const bad[] = {"1234567", "with blank", "quote\\\"s",
	    "quote'''", "hash####", "bang!!!!", "mark????",
	    "\xc3\xa4\xc3\xa4"
	    "\xc3\xa4\xc3\xa4",
	    "12345678901234567890123456789012345678901234567890123456789012345"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = xasprintf("snmp = { auth_password = \"%s\"; "
				       "priv_password = \"12345678\"; };",
		    bad[i]);
		struct conf_rig *r = rig(WHOLE);

		conf_rig_file(r, "b.conf", "%s", text);
		conf_rig_wrong(r,
		    "b.conf:1: snmp.auth_password: this password cannot be",
		    "8 to 64 printable characters");
		ck_assert_ptr_null(strstr(r->m.errors.s, bad[i]));
		conf_rig_free(r);
		free(text);
	}
	wrong("snmp = { user = \"a b\"; };",
	    "b.conf:1: snmp.user: \"a b\" cannot be used", "1 to 32");
	wrong("snmp = { user = \"123456789012345678901234567890123\"; };",
	    "b.conf:1: snmp.user: ", "1 to 32");
}
END_TEST

START_TEST(snmp_probes_need_both_keys)
{
	struct conf_rig *r =
	    rig(DEFAULTS DEVICE "snmp = { auth_password = \"12345678\"; };");

	conf_rig_wrong(r, "verify.snmp: SNMP requests need both keys",
	    "verify.snmp = false");
	conf_rig_file(r, "b.conf", "snmp = { priv_password = \"87654321\"; };");
	ck_assert_str_eq(conf_rig_right(r)->snmp.priv_password, "87654321");
	ck_assert(r->campaign->verify.snmp);
	conf_rig_free(r);
}
END_TEST

START_TEST(usernames_pins_and_keys_have_their_form)
{
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; username = "
		     "\"a:b\";",
	    "b.conf:1: devices.username: \"a:b\" cannot be used", "':'");
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; tls_pin = "
		     "\"sha256//AAAA\";",
	    "b.conf:1: devices.tls_pin: \"sha256//AAAA\" cannot be used",
	    "44 characters of base64");
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; host_key = "
		     "\"MD5:AAAA\";",
	    "b.conf:1: devices.host_key: \"MD5:AAAA\" cannot be used",
	    "43 characters of base64");
}
END_TEST

START_TEST(a_password_comes_from_a_file_beside_the_configuration)
{
	struct conf_rig *r = rig(QUIET DEVICE
	    "defaults = { type = \"msbr\"; username = \"Admin\"; agent = "
	    "\"192.0.2.252\"; password_file = \"pw\"; };");

	conf_rig_wrong(
	    r, "a.conf:3: defaults.password_file: ", "/pw: No such file");
	conf_rig_file(r, "pw", "hidden\n");
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "hidden");
	conf_rig_mode(r, "pw", 0644);
	conf_rig_wrong(r, "a.conf:3: defaults.password_file: ", "/pw");
	conf_rig_mode(r, "pw", 0600);
	conf_rig_file(r, "pw", "%s", "");
	conf_rig_wrong(r, "a.conf:3: defaults.password_file: ", "/pw");
	conf_rig_file(r, "pw", "a\nb\n");
	conf_rig_wrong(r,
	    "a.conf:3: defaults.password_file: the password has "
	    "control characters",
	    NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(the_credentials_folder_comes_first)
{
	struct conf_rig *r = rig(QUIET DEVICE
	    "defaults = { type = \"msbr\"; username = \"Admin\"; agent = "
	    "\"192.0.2.252\"; password_file = \"pw\"; };");
	char *folder = conf_rig_path(r, "credentials");

	ck_assert_int_eq(mkdir(folder, 0700), 0);
	conf_rig_file(r, "pw", "beside\n");
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "beside");
	conf_rig_file(r, "credentials/pw", "systemd\n");
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "systemd");
	unsetenv("CREDENTIALS_DIRECTORY");
	free(folder);
	conf_rig_free(r);
}
END_TEST

START_TEST(an_overridden_password_file_need_not_exist)
{
	struct conf_rig *r = rig(QUIET DEVICE
	    "defaults = { type = \"msbr\"; username = \"Admin\"; agent = "
	    "\"192.0.2.252\"; password_file = \"none\"; };");

	conf_rig_file(r, "b.conf", "defaults = { password = \"p\"; };");
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "p");
	conf_rig_free(r);
}
END_TEST

START_TEST(password_and_password_file_exclude_each_other)
{
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; password = "
		     "\"p\";\npassword_file = \"pw\";",
	    "b.conf:2: devices.password_file: password is set as well, in "
	    "line 1",
	    NULL);
	wrong("snmp = { auth_password = \"12345678\"; auth_password_file = "
	      "\"f\"; priv_password = \"12345678\"; };",
	    "snmp.auth_password_file: auth_password is set as well", NULL);
}
END_TEST

START_TEST(a_file_with_a_password_must_be_private)
{
	struct conf_rig *r = rig(WHOLE);

	conf_rig_mode(r, "a.conf", 0604);
	conf_rig_wrong(r, "a.conf:2: defaults.password: ",
	    "holds a password and others can read it: chmod 0600");
	conf_rig_mode(r, "a.conf", 0640); /* our own group */
	conf_rig_right(r);
	conf_rig_file(r, "b.conf", "campaign = { note = \"no secret\"; };");
	conf_rig_mode(r, "b.conf", 0644);
	conf_rig_right(r);
	conf_rig_free(r);
}
END_TEST

START_TEST(another_groups_file_with_a_password_is_refused)
{
	struct conf_rig *r = rig(WHOLE);
	char *path = conf_rig_path(r, "a.conf");

	/* Only root may give a file to a group it is not in. */
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(path, (uid_t)-1, 54321), 0);
		conf_rig_mode(r, "a.conf", 0640);
		conf_rig_wrong(
		    r, "a.conf:2: defaults.password: ", "others can read it");
		conf_rig_mode(r, "a.conf", 0600);
		conf_rig_right(r);
	}
	free(path);
	conf_rig_free(r);
}
END_TEST

START_TEST(the_mask_is_no_password)
{
	wrong_device("address = \"192.0.2.1\"; type = \"gwsbc\"; password = "
		     "\"*****\";",
	    "b.conf:1: devices.password: ***** is the mask", NULL);
}
END_TEST

START_TEST(a_ca_file_is_beside_the_configuration_and_readable)
{
	struct conf_rig *r = rig(WHOLE "rest = { ca_file = \"ca.pem\"; };");
	char *path = conf_rig_path(r, "ca.pem");

	conf_rig_wrong(
	    r, "a.conf:4: rest.ca_file: cannot read ", "/ca.pem: No such file");
	conf_rig_file(r, "ca.pem", "x");
	ck_assert_str_eq(conf_rig_right(r)->rest.ca_file, path);
	free(path);
	conf_rig_free(r);
}
END_TEST

#define KEYED "agents = ( { address = \"192.0.2.252\"; key_file = \"k\"; } );\n"

START_TEST(an_agents_key_is_read_from_its_file_and_never_printed)
{
	struct conf_rig *r = rig(WHOLE KEYED);
	struct strbuf text = STRBUF_INIT;
	const struct campaign_conf *c;

	conf_rig_file(r, "k", "0123456789 key \"x\"\n");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->agents[0]->key, "0123456789 key \"x\"");
	campaign_conf_print(c, &text);
	ck_assert_ptr_nonnull(strstr(text.s, "key_file = \"*****\";"));
	ck_assert_ptr_null(strstr(text.s, "0123456789"));
	strbuf_free(&text);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_key_that_cannot_be_used_is_refused)
{
	static const char rule[] = "text of 16 to 1024 bytes";
	struct conf_rig *r = rig(WHOLE);

	conf_rig_file(r, "b.conf", KEYED);
	conf_rig_wrong(r, "b.conf:1: agents.key_file: cannot open ", rule);
	conf_rig_file(r, "k", "0123456789abcde\n");
	conf_rig_wrong(r, "b.conf:1: agents.key_file: this key cannot", rule);
	conf_rig_file(r, "k", "0123456789\tabcdef\n");
	conf_rig_wrong(r, "agents.key_file: the key has control", rule);
	conf_rig_file(r, "k", "%01025d\n", 7);
	conf_rig_wrong(r, "k holds more than the 1024 bytes", rule);
	conf_rig_file(r, "k", "%01024d\n", 7);
	conf_rig_right(r);
	conf_rig_mode(r, "k", 0644);
	conf_rig_wrong(r, "k is open to every user of this host", rule);
	conf_rig_free(r);
}
END_TEST

START_TEST(two_agents_never_have_the_same_key)
{
	struct conf_rig *r = rig(WHOLE KEYED);

	conf_rig_file(r, "k", "0123456789abcdef\n");
	conf_rig_file(r, "l", "0123456789abcdef\n");
	conf_rig_file(r, "b.conf",
	    "agents = ( { address = \"192.0.2.253\"; key_file = \"l\"; } );");
	conf_rig_wrong(r,
	    "b.conf:1: agents.key_file: 192.0.2.252 and 192.0.2.253 have the "
	    "same key",
	    NULL);
	conf_rig_file(r, "l", "0123456789abcdeg\n");
	conf_rig_right(r);
	conf_rig_file(r, "b.conf",
	    "agents = ( { address = \"192.0.2.252\"; key_file = \"\"; } );");
	ck_assert_ptr_null(conf_rig_right(r)->agents[0]->key);
	conf_rig_free(r);
}
END_TEST

START_TEST(insecure_settings_are_warned_about)
{
	struct conf_rig *r = rig(WHOLE "rest = { tls = \"insecure\"; };\n"
				       "ssh = { host_keys = \"off\"; "
				       "window = \"narrow\"; };\n");
	const char *w;

	ck_assert(conf_rig_right(r)->rest.insecure);
	ck_assert_int_eq(r->campaign->ssh.host_keys, CONF_HOST_KEYS_OFF);
	ck_assert(r->campaign->ssh.narrow);
	w = strbuf_text(&r->m.warnings);
	ck_assert_ptr_nonnull(strstr(w, "/a.conf:4: rest.tls: \"insecure\""));
	ck_assert_ptr_nonnull(strstr(w, "/a.conf:5: ssh.host_keys: \"off\""));
	conf_rig_file(r, "a.conf", WHOLE "ssh = { host_keys = \"strict\"; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->ssh.host_keys, CONF_HOST_KEYS_STRICT);
	ck_assert_str_eq(strbuf_text(&r->m.warnings), "");
	conf_rig_free(r);
	wrong("ssh = { host_keys = \"maybe\"; };",
	    "b.conf:1: ssh.host_keys: \"maybe\" is unknown",
	    "\"strict\" or \"accept-new\" or \"off\"");
}
END_TEST

START_TEST(set_overrides_the_files)
{
	struct conf_rig *r = rig(WHOLE);
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", "campaign = { window = \"1h\"; };");
	r->sets[r->n_sets++] = "campaign.window=2h";
	r->sets[r->n_sets++] = "campaign.recheck=90";
	r->sets[r->n_sets++] = "campaign.note=a = b";
	r->sets[r->n_sets++] = "campaign.take_over=true";
	r->sets[r->n_sets++] = "defaults.username=me";
	r->sets[r->n_sets++] = "rest.tls=insecure";
	r->sets[r->n_sets++] = "campaign.min_free=3000000000";
	c = conf_rig_right(r);
	ck_assert_int_eq(c->campaign.window, 7200000);
	ck_assert_int_eq(c->campaign.recheck, 90000);
	ck_assert_str_eq(c->campaign.note, "a = b");
	ck_assert(c->campaign.take_over && c->rest.insecure);
	ck_assert_str_eq(c->devices[0]->username, "me");
	ck_assert_int_eq(c->campaign.min_free, INT64_C(3000000000));
	conf_rig_free(r);
}
END_TEST

START_TEST(set_takes_a_password_file_but_no_secret)
{
	struct conf_rig *r = rig(WHOLE);
	char *path = conf_rig_path(r, "pw");
	char *set = xasprintf("defaults.password_file=%s", path);

	conf_rig_file(r, "pw", "other");
	r->sets[r->n_sets++] = set;
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "other");
	free(path);
	free(set);
	conf_rig_free(r);
	wrong_set("defaults.password=x",
	    "--set: defaults.password: a secret on a command line",
	    "defaults.password_file");
	wrong_set("snmp.auth_password=12345678",
	    "--set: snmp.auth_password: a secret on a command line", NULL);
	wrong_set("snmp.priv_password=12345678",
	    "--set: snmp.priv_password: a secret on a command line", NULL);
}
END_TEST

START_TEST(a_wrong_set_is_refused)
{
	wrong_set("campaign.window=8x",
	    "--set: campaign.window: \"8x\" is no duration", "1s..366d");
	wrong_set("campaign.windw=8",
	    "--set: campaign.windw: unknown key; the nearest known one is "
	    "campaign.window",
	    NULL);
	wrong_set("campain.window=8", "--set: campain.window: unknown section",
	    "campaign");
	wrong_set(
	    "window=8", "--set: window: unknown section", "campaign.window");
	wrong_set("campaign.window", "--set: \"campaign.window\" cannot be",
	    "section.key=value");
	wrong_set("campaign.take_over=yes",
	    "--set: campaign.take_over: \"yes\" is the wrong type",
	    "true or false");
	wrong_set("limits.rest=many",
	    "--set: limits.rest: a text is the wrong type", "1..10000");
	wrong_set("devices.address=x", "--set: devices.address: a list", NULL);
}
END_TEST

START_TEST(the_output_option_overrides_everything)
{
	struct conf_rig *r = rig(WHOLE);

	r->sets[r->n_sets++] = "campaign.output=/one";
	r->output = "/two";
	ck_assert_str_eq(conf_rig_right(r)->campaign.output, "/two");
	ck_assert_str_eq(r->campaign->ssh.known_hosts, "/two/known_hosts");
	r->output = "three";
	ck_assert_int_eq(conf_rig_right(r)->campaign.output[0], '/');
	r->output = "";
	conf_rig_wrong(r, "-o: campaign.output: \"\" cannot be used", NULL);
	conf_rig_free(r);
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
	struct conf_rig *r = rig(WHOLE
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
	again = rig(copy);
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
	    "devices.address\ta numeric address or a host name\trequired"));
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
    an_unknown_key_is_refused_with_the_nearest_one, a_wrong_type_is_refused,
    a_value_out_of_range_is_refused, a_duration_of_8x_is_refused,
    port_0_is_refused, numbers_beyond_32_bits_are_not_wrapped,
    digits_in_texts_names_and_comments_are_no_numbers,
    an_address_or_host_name_is_needed,
    an_interface_the_type_does_not_have_is_refused,
    duplicate_devices_name_both_places,
    one_address_told_to_an_agent_twice_is_refused,
    no_devices_at_all_is_an_error, a_device_needs_type_user_password_and_agent,
    a_folder_is_read_by_name_and_later_files_override,
    paths_are_read_in_the_order_they_are_given,
    defaults_apply_after_all_files_are_read, a_wrong_default_is_said_once,
    agents_of_one_address_merge, an_agent_that_is_not_listed_has_the_defaults,
    an_empty_folder_is_an_error, a_file_that_is_not_there_is_an_error,
    a_file_cut_in_the_middle_is_an_error_with_its_line,
    the_last_line_needs_no_newline, text_that_is_no_plain_utf_8_is_refused,
    include_is_relative_to_the_file_it_is_in,
    a_wrong_include_is_an_error_with_its_line, the_campaign_name_is_a_file_name,
    capture_for_is_shorter_than_the_window,
    snmp_user_and_keys_are_words_of_the_cli, snmp_probes_need_both_keys,
    usernames_pins_and_keys_have_their_form,
    a_password_comes_from_a_file_beside_the_configuration,
    the_credentials_folder_comes_first,
    an_overridden_password_file_need_not_exist,
    password_and_password_file_exclude_each_other,
    a_file_with_a_password_must_be_private,
    another_groups_file_with_a_password_is_refused, the_mask_is_no_password,
    a_ca_file_is_beside_the_configuration_and_readable,
    an_agents_key_is_read_from_its_file_and_never_printed,
    a_key_that_cannot_be_used_is_refused, two_agents_never_have_the_same_key,
    insecure_settings_are_warned_about, set_overrides_the_files,
    set_takes_a_password_file_but_no_secret, a_wrong_set_is_refused,
    the_output_option_overrides_everything,
    what_is_printed_loads_again_to_the_same,
    every_key_is_listed_with_range_default_and_help)
