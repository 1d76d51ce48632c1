/* check_agent_conf.c - the agent's configuration: defaults and refusals. */
#include "unit.h"

#include <string.h>

#include "conf_rig.h"

#define AGENT \
	"agent = { interface = \"ens192\"; allow = [ \"192.0.2.1\" ]; };\n"
#define OVOC                                                           \
	"ovoc = { username = \"capture\"; password = \"secret\"; };\n" \
	"verify = { snmp = false; };\n"

static struct conf_rig *
rig(const char *text)
{
	struct conf_rig *r = conf_rig_new();

	conf_rig_file(r, "a.conf", "%s", text);
	return r;
}

static void
wrong(const char *text, const char *has, const char *also)
{
	struct conf_rig *r = rig(text);

	conf_rig_agent_wrong(r, has, also);
	conf_rig_free(r);
}

/* One key of section agent is wrong. */
static void
wrong_key(const char *setting, const char *has, const char *also)
{
	struct conf_rig *r = rig(AGENT OVOC);

	conf_rig_file(r, "b.conf", "agent = { %s };\n", setting);
	conf_rig_agent_wrong(r, has, also);
	ck_assert_ptr_nonnull(strstr(r->m.errors.s, "/b.conf:1: agent."));
	conf_rig_free(r);
}

START_TEST(defaults_are_those_of_the_manual)
{
	struct conf_rig *r = rig(AGENT OVOC);
	struct agent_conf *c = conf_rig_agent_right(r);
	char text[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_text(&c->agent.listen_address, text), "0.0.0.0");
	ck_assert_int_eq(c->agent.listen_port, 20001);
	ck_assert_str_eq(c->agent.interface, "ens192");
	ck_assert_str_eq(c->agent.captures, "/var/lib/traffic-capture-agent");
	ck_assert_int_eq(c->agent.file_size, 10000000);
	ck_assert_int_eq(c->agent.files, 10);
	ck_assert_int_eq(c->agent.snaplen, 0);
	ck_assert_int_eq(c->agent.buffer, 2000000);
	ck_assert_int_eq(c->agent.min_free, 1000000000);
	ck_assert_int_eq(c->agent.max_captures, 2000);
	ck_assert_int_eq(c->agent.max_capture, INT64_C(26) * 3600000);
	ck_assert_int_eq(c->agent.settle, 1200);
	ck_assert_int_eq(c->agent.keep, INT64_C(14) * 86400000);
	ck_assert_int_eq(c->agent.keep_size, INT64_C(20000000000));
	ck_assert_str_eq(c->agent.tcpdump, "/usr/bin/tcpdump");
	ck_assert_uint_eq(c->agent.n_allow, 1);
	ck_assert_uint_eq(c->agent.allow[0].bits, 32);
	ck_assert_ptr_null(c->agent.key);
	ck_assert(!c->agent.until_idle);
	ck_assert_int_eq(c->agent.idle_rule_age, 7200000);
	ck_assert_str_eq(c->ovoc.url, "https://127.0.0.1");
	ck_assert_str_eq(c->ovoc.host, "127.0.0.1");
	ck_assert_int_eq(c->ovoc.port, 443);
	ck_assert_str_eq(c->ovoc.password, "secret");
	ck_assert(!c->ovoc.insecure && c->ovoc.manage_rules);
	ck_assert_str_eq(c->ovoc.ca_file, "");
	ck_assert_str_eq(c->ovoc.alarm_destination, "");
	ck_assert(c->verify.on[VERIFY_ICMP] && c->verify.on[VERIFY_TCP]);
	ck_assert_int_eq(c->verify.count, 10);
	ck_assert_str_eq(c->snmp.user, "CaptureScript");
	conf_rig_free(r);
}
END_TEST

START_TEST(allow_has_no_default)
{
	wrong("agent = { interface = \"any\"; };\n" OVOC,
	    "a.conf:1: agent.allow: is missing", "192.0.2.0/24");
	wrong_key(
	    "allow = [ ];", "agent.allow: 0 members is out of range", NULL);
}
END_TEST

START_TEST(an_interface_is_needed_and_named_as_tcpdump_takes_it)
{
	wrong("agent = { allow = [ \"192.0.2.1\" ]; };\n" OVOC,
	    "a.conf:1: agent.interface: is missing", "\"any\"");
	wrong_key("interface = \"-w/etc/passwd\";",
	    "agent.interface: \"-w/etc/passwd\" cannot be used", NULL);
}
END_TEST

START_TEST(values_out_of_range_are_refused)
{
	wrong_key("listen_port = 1024;", "agent.listen_port: 1024 is out of",
	    "1025..65535");
	wrong_key("files = 1;", "agent.files: 1 is out of range", "2..1000");
	wrong_key("file_size = \"999k\";",
	    "agent.file_size: \"999k\" is out of range", "1M..100G");
	wrong_key("snaplen = -1;", "agent.snaplen: -1 is out of", "0..262144");
	wrong_key(
	    "keep = \"8x\";", "agent.keep: \"8x\" is no duration", "1s..3660d");
	wrong_key("keep_size = \"20GB\";",
	    "agent.keep_size: \"20GB\" is no size", "1M..1000T");
	wrong_key("allow = [ \"192.0.2.1/24\" ];",
	    "agent.allow: \"192.0.2.1/24\" cannot be used", "prefixes");
	wrong_key("tcpdump = \"tcpdump\";",
	    "agent.tcpdump: \"tcpdump\" cannot be used", "absolute");
	wrong_key("run = \"once\";", "agent.run: \"once\" is unknown",
	    "\"forever\" or \"until-idle\"");
	wrong_key("settle = true;",
	    "agent.settle: a truth value is the wrong type", "0 or 100ms..1m");
}
END_TEST

START_TEST(a_key_is_read_from_its_file_and_never_printed)
{
	struct conf_rig *r = rig(AGENT OVOC);
	struct strbuf text = STRBUF_INIT;
	const struct agent_conf *c;

	conf_rig_file(r, "b.conf", "agent = { key_file = \"k\"; };");
	conf_rig_file(r, "k", "0123456789abcdef\n");
	c = conf_rig_agent_right(r);
	ck_assert_str_eq(c->agent.key, "0123456789abcdef");
	agent_conf_print(c, &text);
	ck_assert_ptr_nonnull(strstr(text.s, "key_file = \"*****\";"));
	ck_assert_ptr_null(strstr(text.s, "0123456789abcdef"));
	strbuf_free(&text);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_key_that_cannot_be_used_is_refused)
{
	wrong_key("key_file = \"k\";", "agent.key_file: cannot open ",
	    "text of 16 to 1024 bytes");
}
END_TEST

START_TEST(until_idle_is_understood)
{
	struct conf_rig *r = rig(AGENT OVOC);

	conf_rig_file(r, "b.conf", "agent = { run = \"until-idle\"; };");
	ck_assert(conf_rig_agent_right(r)->agent.until_idle);
	conf_rig_free(r);
}
END_TEST

static void
url_gives(const char *url, const char *host, int port)
{
	struct conf_rig *r = rig(AGENT OVOC);
	struct agent_conf *c;

	conf_rig_file(r, "b.conf", "ovoc = { url = \"%s\"; };", url);
	c = conf_rig_agent_right(r);
	ck_assert_str_eq(c->ovoc.host, host);
	ck_assert_int_eq(c->ovoc.port, port);
	conf_rig_free(r);
}

START_TEST(the_url_is_taken_apart)
{
	url_gives("https://ovoc.example.net", "ovoc.example.net", 443);
	url_gives("https://ovoc.example.net:8443/", "ovoc.example.net", 8443);
	url_gives("https://192.0.2.1:444", "192.0.2.1", 444);
	url_gives("https://[2001:db8::1]", "2001:db8::1", 443);
	url_gives("https://[2001:db8::1]:8443", "2001:db8::1", 8443);
}
END_TEST

START_TEST(other_urls_are_refused)
{
	static const char *const bad[] = {"", "http://192.0.2.1", "192.0.2.1",
	    "https://", "https:///", "https://u:p@ovoc", "https://ovoc/ovoc",
	    "https://ovoc:0", "https://ovoc:65536", "https://ovoc:x",
	    "https://2001:db8::1", "https://[192.0.2.1]", "https://[::1",
	    "https://a b"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct conf_rig *r = rig(AGENT OVOC);

		conf_rig_file(r, "b.conf", "ovoc = { url = \"%s\"; };", bad[i]);
		conf_rig_agent_wrong(r, "b.conf:1: ovoc.url: ", "\"https://\"");
		conf_rig_free(r);
	}
}
END_TEST

START_TEST(an_account_is_needed_to_manage_rules)
{
	struct conf_rig *r;

	wrong(AGENT "verify = { snmp = false; };\n"
		    "ovoc = { username = \"u\"; };",
	    "a.conf:3: ovoc.password_file: is missing",
	    "ovoc.manage_rules = false");
	wrong(AGENT "verify = { snmp = false; };\n"
		    "ovoc = { password = \"p\"; };",
	    "a.conf:3: ovoc.username: is missing", "ovoc.manage_rules = false");
	r = rig(AGENT "verify = { snmp = false; };\n"
		      "ovoc = { manage_rules = false; };");
	ck_assert_ptr_null(conf_rig_agent_right(r)->ovoc.password);
	conf_rig_free(r);
}
END_TEST

START_TEST(snmp_probes_need_keys)
{
	wrong(AGENT "ovoc = { manage_rules = false; };",
	    "verify.snmp: SNMP requests need both keys", "verify.snmp = false");
}
END_TEST

START_TEST(an_insecure_ovoc_is_warned_about)
{
	struct conf_rig *r = rig(AGENT OVOC);

	conf_rig_file(r, "b.conf", "ovoc = { tls = \"insecure\"; };");
	ck_assert(conf_rig_agent_right(r)->ovoc.insecure);
	ck_assert_ptr_nonnull(
	    strstr(r->m.warnings.s, "/b.conf:1: ovoc.tls: \"insecure\""));
	conf_rig_free(r);
}
END_TEST

START_TEST(relative_captures_are_made_absolute)
{
	struct conf_rig *r = rig(AGENT OVOC);

	r->sets[r->n_sets++] = "agent.captures=here";
	ck_assert_int_eq(conf_rig_agent_right(r)->agent.captures[0], '/');
	conf_rig_free(r);
}
END_TEST

START_TEST(what_is_printed_loads_again)
{
	struct conf_rig *r = rig(AGENT OVOC), *again;
	struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;
	char *mask;

	agent_conf_print(conf_rig_agent_right(r), &one);
	ck_assert_ptr_null(strstr(one.s, "secret"));
	mask = strstr(one.s, "*****");
	ck_assert_ptr_nonnull(mask);
	memcpy(mask, "12345", 5);
	again = rig(one.s);
	memcpy(mask, "*****", 5);
	agent_conf_print(conf_rig_agent_right(again), &two);
	ck_assert_str_eq(one.s, two.s);
	strbuf_free(&one);
	strbuf_free(&two);
	conf_rig_free(again);
	conf_rig_free(r);
}
END_TEST

START_TEST(every_key_is_listed_with_range_default_and_help)
{
	struct strbuf b = STRBUF_INIT;

	agent_conf_keys(&b);
	ck_assert_ptr_nonnull(strstr(
	    b.s, "agent.listen_port\ta whole number, 1025..65535\t20001\t"));
	ck_assert_ptr_nonnull(strstr(b.s, "agent.allow\tan array [ ] of 1 to"));
	ck_assert_ptr_nonnull(strstr(b.s, "snmp.priv_password_file\t"));
	strbuf_clear(&b);
	agent_conf_settings(&b);
	ck_assert_ptr_nonnull(strstr(b.s, "agent.listen_port\n"));
	ck_assert_ptr_nonnull(strstr(b.s, "snmp.priv_password_file\n"));
	ck_assert_ptr_null(strstr(b.s, "snmp.priv_password\n"));
	ck_assert_ptr_null(strstr(b.s, "agent.allow"));
	strbuf_free(&b);
}
END_TEST

/* It may come up later. */
START_TEST(an_interface_that_is_not_there_is_warned_of)
{
	struct conf_rig *r = rig(AGENT OVOC);

	conf_rig_file(r, "b.conf", "agent = { interface = \"nope0\"; };\n");
	conf_rig_agent_right(r);
	ck_assert_ptr_nonnull(strstr(r->m.warnings.s,
	    "/b.conf:1: agent.interface: this host has no interface "
	    "\"nope0\""));
	conf_rig_file(r, "b.conf", "agent = { interface = \"lo\"; };\n");
	conf_rig_agent_right(r);
	ck_assert_ptr_null(r->m.warnings.s);
	conf_rig_free(r);
}
END_TEST

static char *
load_captures(struct conf_rig *r)
{
	const char *path = r->folder;
	const struct conf_sources from = {
	    .paths = &path, .n_paths = 1, .sets = r->sets, .n_sets = r->n_sets};

	conf_messages_free(&r->m);
	memset(&r->m, 0, sizeof(r->m));
	return agent_conf_load_captures(&from, &r->m);
}

START_TEST(where_captures_are_is_found_without_any_secret)
{
	struct conf_rig *r =
	    rig("agent = { key_file = \"/not/there\"; };\n"
		"ovoc = { password_file = \"not-there\"; };\n");
	char *folder = load_captures(r);

	ck_assert_str_eq(folder, "/var/lib/traffic-capture-agent");
	free(folder);
	conf_rig_file(r, "b.conf", "agent = { captures = \"/a/b\"; };\n");
	folder = load_captures(r);
	ck_assert_str_eq(folder, "/a/b");
	free(folder);
	r->sets[r->n_sets++] = "agent.captures=/c";
	folder = load_captures(r);
	ck_assert_str_eq(folder, "/c");
	ck_assert_uint_eq(r->m.n_errors, 0);
	ck_assert_ptr_null(r->m.warnings.s);
	free(folder);
	conf_rig_free(r);
}
END_TEST

START_TEST(where_captures_are_cannot_be_told_of_nonsense)
{
	struct conf_rig *r = rig("agent = { captures = 17; };\n");

	ck_assert_ptr_null(load_captures(r));
	ck_assert_uint_eq(r->m.n_errors, 1);
	ck_assert_ptr_nonnull(strstr(r->m.errors.s, "agent.captures"));
	conf_rig_file(r, "a.conf", "agent = {");
	ck_assert_ptr_null(load_captures(r));
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("agent_conf", defaults_are_those_of_the_manual, allow_has_no_default,
    an_interface_is_needed_and_named_as_tcpdump_takes_it,
    values_out_of_range_are_refused,
    a_key_is_read_from_its_file_and_never_printed,
    a_key_that_cannot_be_used_is_refused, until_idle_is_understood,
    the_url_is_taken_apart, other_urls_are_refused,
    an_account_is_needed_to_manage_rules, snmp_probes_need_keys,
    an_insecure_ovoc_is_warned_about, relative_captures_are_made_absolute,
    what_is_printed_loads_again,
    every_key_is_listed_with_range_default_and_help,
    an_interface_that_is_not_there_is_warned_of,
    where_captures_are_is_found_without_any_secret,
    where_captures_are_cannot_be_told_of_nonsense)
