/* check_conf_file.c - files, folders, passwords and --set of a campaign. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "conf_rig.h"

START_TEST(a_folder_is_read_by_name_and_later_files_override)
{
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_WHOLE "campaign = { window = \"1h\"; "
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
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_WHOLE "campaign = { window = \"1h\"; };");
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEVICE);
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", CONF_RIG_DEFAULTS);
	conf_rig_file(r, "c.conf", "defaults = { username = \"capture\"; };");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->devices[0]->username, "capture");
	ck_assert_str_eq(c->devices[0]->password, "secret");
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_default_is_said_once)
{
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEVICE CONF_RIG_DEFAULTS);

	conf_rig_file(r, "b.conf",
	    "defaults = { username = \"a:b\"; };\n"
	    "devices = ( { address = \"192.0.2.1\"; type = \"gwsbc\"; } );");
	conf_rig_wrong(r, "b.conf:1: defaults.username: \"a:b\"", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(agents_of_one_address_merge)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE
	    "agents = ( { address = \"192.0.2.252\"; port = 1; sources = "
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	r->paths[0] = "/nonexistent/x.conf";
	r->n_paths = 1;
	conf_rig_wrong(r,
	    "/nonexistent/x.conf: cannot read /nonexistent/x.conf: No such "
	    "file",
	    NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_fifo_is_refused_at_once_and_a_pipe_is_read)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	char *path = conf_rig_path(r, "fifo"), name[32];
	int fds[2];

	r->paths[0] = path;
	r->n_paths = 1;
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	conf_rig_wrong(r, "is a FIFO; allowed is a file", r->folder);
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	ck_assert_int_gt(dprintf(fds[1], CONF_RIG_WHOLE), 0);
	close(fds[1]);
	snprintf(name, sizeof(name), "/dev/fd/%d", fds[0]);
	r->paths[0] = name;
	conf_rig_right(r);
	close(fds[0]);
	r->n_paths = 0;
	conf_rig_file(
	    r, "a.conf", CONF_RIG_WHOLE "rest = { ca_file = \"fifo\"; };");
	conf_rig_wrong(r, "rest.ca_file: ", "holds no certificate");
	free(path);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_file_cut_in_the_middle_is_an_error_with_its_line)
{
	static const char whole[] = "campaign = {\n  name = \"a\";\n"
				    "  window = \"1h\";\n};\n";

	for (size_t len = 12; len < sizeof(whole) - 4; len++) {
		struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

		conf_rig_file(r, "b.conf", "%.*s", (int)len, whole);
		conf_rig_wrong(r, "/b.conf:", "syntax error");
		conf_rig_free(r);
	}
	conf_rig_wrong_also(
	    "campaign = {\n  name = \"a\"\n  window = \"1h\"\n};\nx y\n",
	    "b.conf:", "syntax error");
	conf_rig_wrong_also("campaign = {\n\n  name = \"a\n};\n",
	    "b.conf:5: syntax error at the end of the file",
	    "The text of line 3 is never closed");
	conf_rig_wrong_also("campaign = { };\ncampaign = { };",
	    "b.conf:2: a setting stands here that this group has already",
	    NULL);
}
END_TEST

START_TEST(a_mistake_is_told_where_it_is)
{
	conf_rig_wrong_also(
	    "devices = (\n  { address = \"192.0.2.1\"; },\n);\n",
	    "b.conf:2: syntax error: a ',' stands before the closing ')' of "
	    "line 3",
	    NULL);
	conf_rig_wrong_also("verify = { icmp = 2snmp = 1; };",
	    "b.conf:1: syntax error: a value is a text in quotes", NULL);
	conf_rig_wrong_also("campaign = { = 1; };",
	    "b.conf:1: syntax error: a name is missing before '='", NULL);
	conf_rig_wrong_also("campaign = { name = \"a;\n note = \"b\"; };\n",
	    "b.conf:1: syntax error: a text that begins in this line is not "
	    "closed in it",
	    NULL);
	conf_rig_wrong_also("campaign = { name = \"a; };",
	    "The text of line 1 is never closed by a quote", NULL);
}
END_TEST

START_TEST(the_last_line_needs_no_newline)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE "# the end");

	conf_rig_right(r);
	conf_rig_file(r, "a.conf", CONF_RIG_WHOLE "// the end");
	conf_rig_right(r);
	conf_rig_file(r, "a.conf", "%s",
	    "verify = { snmp = false; };\r\n" CONF_RIG_DEFAULTS
		CONF_RIG_DEVICE);
	conf_rig_right(r);
	conf_rig_free(r);
}
END_TEST

START_TEST(text_that_is_no_plain_utf_8_is_refused)
{
	conf_rig_wrong_also("\xef\xbb\xbf"
			    "campaign = { };",
	    "b.conf:1: the file begins with a byte order mark", "without");
	conf_rig_wrong_also(
	    "\n# \xe4\n", "b.conf:2: this line is not UTF-8 text", NULL);
	conf_rig_wrong_also("campaign = { };\n\n/* never\n closed",
	    "b.conf:4: the comment of line 3 is never closed", NULL);
	conf_rig_wrong_also("campaign = { note = \"a\\x00b\"; };",
	    "b.conf:1: \\x00 cannot be part of a text", NULL);
	conf_rig_wrong_also("campaign = { note = \"a\\x07\"; };",
	    "b.conf:1: campaign.note: the text has control characters", NULL);
	conf_rig_wrong_also("campaign = { note = \"\\xff\"; };",
	    "b.conf:1: campaign.note: the text has control characters or is "
	    "not UTF-8",
	    NULL);
	conf_rig_wrong_also("x = ((((((((((((1))))))))))));",
	    "b.conf:1: brackets are nested too deeply", NULL);
}
END_TEST

START_TEST(include_is_relative_to_the_file_it_is_in)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
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
	conf_rig_wrong_also("\n@include \"none\"\n", "b.conf:2: cannot read ",
	    "/none: No such file");
	conf_rig_wrong_also("@include \"b.conf\"\n",
	    "more than 10 files include one another", NULL);
	conf_rig_wrong_also(
	    "@inklude \"b.conf\"\n", "b.conf:1: @ begins no setting", NULL);
	conf_rig_wrong_also(
	    "@include b.conf\n", "b.conf:1: @ begins no setting", NULL);
	conf_rig_wrong_also("@", "b.conf:1: @ begins no setting", NULL);
}
END_TEST

START_TEST(a_password_comes_from_a_file_beside_the_configuration)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEVICE
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEVICE
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEVICE
	    "defaults = { type = \"msbr\"; username = \"Admin\"; agent = "
	    "\"192.0.2.252\"; password_file = \"none\"; };");

	conf_rig_file(r, "b.conf", "defaults = { password = \"p\"; };");
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "p");
	conf_rig_free(r);
}
END_TEST

START_TEST(password_and_password_file_exclude_each_other)
{
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; password = "
	    "\"p\";\npassword_file = \"pw\";",
	    "b.conf:2: devices.password_file: password is set as well, in "
	    "line 1",
	    NULL);
	conf_rig_wrong_also(
	    "snmp = { auth_password = \"12345678\"; auth_password_file = "
	    "\"f\"; priv_password = \"12345678\"; };",
	    "snmp.auth_password_file: auth_password is set as well", NULL);
}
END_TEST

START_TEST(a_file_with_a_password_must_be_private)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

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
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	char *path = conf_rig_path(r, "a.conf");

	/* Only root may give a file to a group it is not in. */
	if (geteuid() == 0) {
		ck_assert_int_eq(chown(path, (uid_t)-1, 54321), 0);
		conf_rig_mode(r, "a.conf", 0640);
		conf_rig_wrong(
		    r, "a.conf:2: defaults.password: ", "others can read it");
		conf_rig_mode(r, "a.conf", 0600);
		conf_rig_right(r);
		ck_assert_int_eq(chown(path, 54321, 0), 0);
		conf_rig_wrong(r,
		    "a.conf:2: defaults.password: ", "belongs to another user");
	}
	free(path);
	conf_rig_free(r);
}
END_TEST

START_TEST(the_mask_is_no_password)
{
	conf_rig_wrong_device(
	    "address = \"192.0.2.1\"; type = \"gwsbc\"; password = "
	    "\"*****\";",
	    "b.conf:1: devices.password: ***** is the mask", NULL);
}
END_TEST

START_TEST(the_key_of_1_0_6_can_be_configured_and_is_warned_about)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_DEFAULTS CONF_RIG_DEVICE);

	conf_rig_file(r, "key", "Capture01!\n");
	conf_rig_file(r, "b.conf",
	    "snmp = { auth_password = \"Capture01!\";\n"
	    "priv_password_file = \"key\"; };\n");
	ck_assert_str_eq(conf_rig_right(r)->snmp.auth_password, "Capture01!");
	ck_assert_str_eq(r->campaign->snmp.priv_password, "Capture01!");
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.warnings),
	    "b.conf:1: snmp.auth_password: this is the key of version 1.0.6, "
	    "which everybody knows"));
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.warnings),
	    "b.conf:2: snmp.priv_password_file: "));
	ck_assert_ptr_null(strstr(strbuf_text(&r->m.warnings), "Capture01!"));
	conf_rig_free(r);
}
END_TEST

START_TEST(a_ca_file_is_beside_the_configuration_and_readable)
{
	struct conf_rig *r =
	    conf_rig_with(CONF_RIG_WHOLE "rest = { ca_file = \"ca.pem\"; };");
	char *path = conf_rig_path(r, "ca.pem");

	conf_rig_wrong(
	    r, "a.conf:4: rest.ca_file: cannot read ", "/ca.pem: No such file");
	conf_rig_file(r, "ca.pem", "garbage\n");
	conf_rig_wrong(r, "a.conf:4: rest.ca_file: ", "holds no certificate");
	conf_rig_file(
	    r, "ca.pem", "What it is\n-----BEGIN CERTIFICATE-----\nMIIB\n");
	ck_assert_str_eq(conf_rig_right(r)->rest.ca_file, path);
	free(path);
	conf_rig_free(r);
}
END_TEST

#define KEYED "agents = ( { address = \"192.0.2.252\"; key_file = \"k\"; } );\n"

START_TEST(an_agents_key_is_read_from_its_file_and_never_printed)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE KEYED);
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
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf", KEYED);
	conf_rig_wrong(r, "b.conf:1: agents.key_file: cannot open ", rule);
	conf_rig_wrong(r, "CREDENTIALS_DIRECTORY, where it", rule);
	conf_rig_file(r, "k", "0123456789abcde\n");
	conf_rig_wrong(r, "b.conf:1: agents.key_file: this key cannot", rule);
	conf_rig_file(r, "k", "0123456789\tabcdef\n");
	conf_rig_wrong(r, "agents.key_file: the key has control", rule);
	conf_rig_file(r, "k", "%01025d\n", 7);
	conf_rig_wrong(r, "k holds more than the 1024 bytes", rule);
	conf_rig_file(r, "k", "%01024d\n", 7);
	conf_rig_right(r);
	conf_rig_mode(r, "k", 0644);
	conf_rig_wrong(r, "k is open to others than its owner", rule);
	conf_rig_free(r);
}
END_TEST

START_TEST(two_agents_never_have_the_same_key)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE KEYED);

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

START_TEST(set_overrides_the_files)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
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
	ck_assert(c->campaign.take_over && c->rest.tls == CONF_TLS_INSECURE);
	ck_assert_str_eq(c->devices[0]->username, "me");
	ck_assert_int_eq(c->campaign.min_free, INT64_C(3000000000));
	conf_rig_free(r);
}
END_TEST

START_TEST(set_takes_a_password_file_but_no_secret)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	char *path = conf_rig_path(r, "pw");
	char *set = xasprintf("defaults.password_file=%s", path);

	conf_rig_file(r, "pw", "other");
	r->sets[r->n_sets++] = set;
	ck_assert_str_eq(conf_rig_right(r)->devices[0]->password, "other");
	free(path);
	free(set);
	conf_rig_free(r);
	conf_rig_wrong_set("defaults.password=x",
	    "--set: defaults.password: a secret on a command line",
	    "defaults.password_file");
	conf_rig_wrong_set("snmp.auth_password=12345678",
	    "--set: snmp.auth_password: a secret on a command line", NULL);
	conf_rig_wrong_set("snmp.priv_password=12345678",
	    "--set: snmp.priv_password: a secret on a command line", NULL);
}
END_TEST

START_TEST(errors_of_the_command_line_are_counted)
{
	static const char *const sets[] = {"campaign.windw=8",
	    "campaign.window=8x", "campain.window=8", "campaign.window",
	    "devices.address=x", "campaign.take_over=yes"};
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		r->sets[0] = sets[i];
		r->n_sets = 1;
		ck_assert_ptr_null(conf_rig_campaign(r));
		ck_assert_uint_eq(r->m.n_errors, 1);
		ck_assert_uint_eq(r->m.n_option_errors, 1);
	}
	r->n_sets = 0;
	conf_rig_file(r, "b.conf", "campaign = { windw = 8; };");
	ck_assert_ptr_null(conf_rig_campaign(r));
	ck_assert_uint_eq(r->m.n_option_errors, 0);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_wrong_set_is_refused)
{
	conf_rig_wrong_set("campaign.window=8x",
	    "--set: campaign.window: \"8x\" is no duration", "1s..366d");
	conf_rig_wrong_set("campaign.windw=8",
	    "--set: campaign.windw: unknown key; the nearest known one is "
	    "campaign.window",
	    NULL);
	conf_rig_wrong_set("campain.window=8",
	    "--set: campain.window: unknown section", "campaign");
	conf_rig_wrong_set(
	    "window=8", "--set: window: unknown section", "campaign.window");
	conf_rig_wrong_set("campaign.window",
	    "--set: \"campaign.window\" cannot be", "section.key=value");
	conf_rig_wrong_set("campaign.take_over=yes",
	    "--set: campaign.take_over: \"yes\" is the wrong type",
	    "true or false");
	conf_rig_wrong_set("limits.rest=many",
	    "--set: limits.rest: a text is the wrong type", "1..10000");
	conf_rig_wrong_set(
	    "devices.address=x", "--set: devices.address: a list", NULL);
}
END_TEST

START_TEST(the_output_option_overrides_everything)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	r->sets[r->n_sets++] = "campaign.output=/one";
	r->output = "/two";
	ck_assert_str_eq(conf_rig_right(r)->campaign.output, "/two");
	/* An output elsewhere does not make every key a new one. */
	ck_assert_str_eq(r->campaign->ssh.known_hosts, "/one/known_hosts");
	r->n_sets--;
	ck_assert_str_eq(conf_rig_right(r)->ssh.known_hosts,
	    "/var/lib/traffic-capture/known_hosts");
	r->n_sets++;
	r->output = "three";
	ck_assert_int_eq(conf_rig_right(r)->campaign.output[0], '/');
	r->output = "";
	conf_rig_wrong(r, "-o: campaign.output: \"\" cannot be used", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(numbers_beyond_32_bits_are_not_wrapped)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);

	conf_rig_file(r, "b.conf", "campaign = { min_free = 3000000000; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->campaign.min_free, INT64_C(3000000000));
	conf_rig_file(r, "b.conf", "campaign = { min_free = +3000000000L; };");
	ck_assert_int_eq(
	    conf_rig_right(r)->campaign.min_free, INT64_C(3000000000));
	conf_rig_free(r);
	conf_rig_wrong_also("campaign = { rest_attempts = 4294967297; };",
	    "b.conf:1: campaign.rest_attempts: 4294967297 is out of", NULL);
	conf_rig_wrong_also("campaign = { rest_attempts = 0x100000001; };",
	    "campaign.rest_attempts: 4294967297 is out of range", NULL);
	conf_rig_wrong_also(
	    "campaign = {\n rest_attempts = 99999999999999999999; };",
	    "b.conf:2: the number 99999999999999999999 does not fit", NULL);
	conf_rig_wrong_also("campaign = { window = 9223372036854775807L; };",
	    "campaign.window: 9223372036854775807 is out of range", NULL);
}
END_TEST

/* Is `key` refused for what it is, whatever its value? */
static bool
cannot_be_set(const char *key)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	char *set = xasprintf("%s=?", key);
	bool is;

	r->sets[r->n_sets++] = set;
	conf_rig_campaign(r);
	is = strstr(strbuf_text(&r->m.errors), "command line") != NULL;
	conf_rig_free(r);
	free(set);
	return is;
}

START_TEST(the_settings_listed_are_those_that_set_takes)
{
	struct strbuf keys = STRBUF_INIT, settings = STRBUF_INIT;
	size_t n = 0;

	campaign_conf_keys(&keys);
	strbuf_add(&settings, "\n");
	campaign_conf_settings(&settings);
	for (char *key = keys.s, *end; *key != '\0'; key = end + 1, n++) {
		char *name, *line;

		end = strchr(key, '\n');
		name = xasprintf("%.*s", (int)strcspn(key, "\t"), key);
		line = xasprintf("\n%s\n", name);
		ck_assert_msg(
		    cannot_be_set(name) == (strstr(settings.s, line) == NULL),
		    "%s", name);
		free(name);
		free(line);
	}
	ck_assert_uint_gt(n, 70);
	ck_assert_ptr_nonnull(strstr(settings.s, "\ncampaign.window\n"));
	ck_assert_ptr_null(strstr(settings.s, "devices."));
	strbuf_free(&keys);
	strbuf_free(&settings);
}
END_TEST

/* Who edits the first file wonders why nothing changes. */
START_TEST(what_one_file_overrides_in_another_is_noted)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	const char *notes;

	conf_rig_file(r, "b.conf",
	    "campaign = { window = \"1h\"; };\n"
	    "defaults = { password_file = \"b\"; };\n"
	    "agents = ( { address = \"192.0.2.252\"; port = 1; } );\n");
	conf_rig_file(r, "b", "other");
	conf_rig_file(r, "c.conf",
	    "\ncampaign = { window = \"2h\"; note = \"x\"; };\n"
	    "agents = ( { address = \"192.0.2.252\"; port = 2; } );\n");
	r->sets[r->n_sets++] = "campaign.note=y";
	conf_rig_right(r);
	notes = strbuf_text(&r->m.notes);
	ck_assert_ptr_nonnull(strstr(notes, "c.conf:2: campaign.window: "));
	ck_assert_ptr_nonnull(strstr(notes, "b.conf:1\n"));
	ck_assert_ptr_nonnull(
	    strstr(notes, "b.conf:2: defaults.password_file: overrides "));
	ck_assert_ptr_nonnull(strstr(notes, "c.conf:3: agents.port: "));
	/* What the command line overrides, its writer knows. */
	ck_assert_ptr_null(strstr(notes, "campaign.note"));
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("conf_file", a_folder_is_read_by_name_and_later_files_override,
    what_one_file_overrides_in_another_is_noted,
    paths_are_read_in_the_order_they_are_given,
    defaults_apply_after_all_files_are_read, a_wrong_default_is_said_once,
    agents_of_one_address_merge, an_agent_that_is_not_listed_has_the_defaults,
    an_empty_folder_is_an_error, a_file_that_is_not_there_is_an_error,
    a_file_cut_in_the_middle_is_an_error_with_its_line,
    a_mistake_is_told_where_it_is, a_fifo_is_refused_at_once_and_a_pipe_is_read,
    errors_of_the_command_line_are_counted, the_last_line_needs_no_newline,
    text_that_is_no_plain_utf_8_is_refused,
    include_is_relative_to_the_file_it_is_in,
    a_wrong_include_is_an_error_with_its_line,
    a_password_comes_from_a_file_beside_the_configuration,
    the_credentials_folder_comes_first,
    an_overridden_password_file_need_not_exist,
    password_and_password_file_exclude_each_other,
    a_file_with_a_password_must_be_private,
    another_groups_file_with_a_password_is_refused, the_mask_is_no_password,
    the_key_of_1_0_6_can_be_configured_and_is_warned_about,
    a_ca_file_is_beside_the_configuration_and_readable,
    an_agents_key_is_read_from_its_file_and_never_printed,
    a_key_that_cannot_be_used_is_refused, two_agents_never_have_the_same_key,
    set_overrides_the_files, set_takes_a_password_file_but_no_secret,
    a_wrong_set_is_refused, the_output_option_overrides_everything,
    numbers_beyond_32_bits_are_not_wrapped,
    the_settings_listed_are_those_that_set_takes)
