/* check_device_shared.c - what devices have from groups and defaults. */
#include "unit.h"

#include <string.h>

#include "conf_rig.h"

#define DEFAULTS                                                         \
	CONF_RIG_QUIET                                                   \
	"defaults = { type = \"msbr\"; username = \"Admin\"; password "  \
	"= \"secret\"; agent = \"192.0.2.252\"; note = \"all\";\n"       \
	"interfaces = [ \"eth-wan\" ]; rest_port = 444; ssh_port = 23; " \
	"};\n"
#define GROUPS                                                            \
	"groups = ( { name = \"north\"; agent = \"192.0.2.9\"; username " \
	"= \"n\"; interfaces = [ \"eth-lan\" ]; ssh_port = 24; },\n"      \
	"{ name = \"gw\"; type = \"gwsbc\"; } );\n"

START_TEST(a_device_goes_before_its_group_and_that_before_defaults)
{
	struct conf_rig *r = conf_rig_with(DEFAULTS GROUPS
	    "devices = ( { address = \"192.0.2.1\"; group = \"north\"; "
	    "username = \"own\"; }, { address = \"192.0.2.2\"; } );");
	const struct device_entry *d = conf_rig_right(r)->devices[0];

	ck_assert_str_eq(d->username, "own");
	ck_assert_str_eq(d->password, "secret");
	ck_assert_str_eq(d->agent->address, "192.0.2.9");
	ck_assert_str_eq(d->interfaces[0], "eth-lan");
	ck_assert_int_eq(d->ssh_port, 24);
	ck_assert_int_eq(d->rest_port, 444);
	ck_assert_str_eq(d->note, "all");
	ck_assert_str_eq(d->name, "");
	d = r->campaign->devices[1];
	ck_assert_str_eq(d->username, "Admin");
	ck_assert_str_eq(d->agent->address, "192.0.2.252");
	ck_assert_str_eq(d->interfaces[0], "eth-wan");
	ck_assert_uint_eq(d->n_interfaces, 1);
	ck_assert_int_eq(d->ssh_port, 23);
	conf_rig_free(r);
}
END_TEST

START_TEST(defaults_may_name_the_group)
{
	struct conf_rig *r = conf_rig_with(DEFAULTS GROUPS
	    "devices = ( { address = \"192.0.2.1\"; }, { address = "
	    "\"192.0.2.2\"; group = \"\"; }, { address = \"192.0.2.3\"; "
	    "group = \"gw\"; } );");
	struct campaign_conf *c;

	conf_rig_file(r, "b.conf", "defaults = { group = \"north\"; };");
	c = conf_rig_right(r);
	ck_assert_str_eq(c->devices[0]->username, "n");
	ck_assert_str_eq(c->devices[1]->username, "Admin");
	ck_assert_str_eq(c->devices[2]->username, "Admin");
	ck_assert_str_eq(c->devices[2]->type->name, "gwsbc");
	conf_rig_free(r);
}
END_TEST

START_TEST(shared_interfaces_are_for_types_that_have_them)
{
	struct conf_rig *r = conf_rig_with(DEFAULTS GROUPS
	    "devices = ( { address = \"192.0.2.1\"; group = \"gw\"; },\n"
	    "{ address = \"192.0.2.2\"; type = \"gwsbc\"; interfaces = "
	    "[ \"eth-wan\" ]; } );");

	conf_rig_wrong(r,
	    "a.conf:7: devices.interfaces: type gwsbc has no interface "
	    "\"eth-wan\"",
	    NULL);
	conf_rig_file(r, "a.conf",
	    DEFAULTS GROUPS
	    "devices = ( { address = \"192.0.2.1\"; group = \"gw\"; } );");
	ck_assert_str_eq(
	    conf_rig_right(r)->devices[0]->interfaces[0], "eth-lan");
	conf_rig_free(r);
}
END_TEST

START_TEST(what_is_wrong_in_shared_settings_is_said_once)
{
	static const char two[] =
	    "devices = ( { address = \"192.0.2.1\"; }, { address = "
	    "\"192.0.2.2\"; } );";
	struct conf_rig *r = conf_rig_new();

	conf_rig_file(r, "a.conf", DEFAULTS "%s", two);
	conf_rig_file(
	    r, "b.conf", "defaults = { interfaces = [ \"eth-wam\" ]; };");
	conf_rig_wrong(r,
	    "b.conf:1: defaults.interfaces: type msbr has no interface "
	    "\"eth-wam\"",
	    "cellular-wan");
	conf_rig_file(r, "b.conf", "defaults = { type = \"mbsr\"; };");
	conf_rig_wrong(r, "b.conf:1: defaults.type: \"mbsr\" is unknown", NULL);
	conf_rig_file(r, "b.conf", "defaults = { rest_port = 0; };");
	conf_rig_wrong(r, "b.conf:1: defaults.rest_port: 0 is out of", NULL);
	conf_rig_file(r, "b.conf", "defaults = { group = \"x\"; };");
	conf_rig_wrong(r, "b.conf:1: defaults.group: there is no group \"x\"",
	    "groups = ( { name = \"x\"; ... } );");
	conf_rig_file(r, "b.conf", "defaults = { address = \"192.0.2.9\"; };");
	conf_rig_wrong(r, "b.conf:1: defaults.address: unknown key", NULL);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_group_that_is_none_is_told_with_the_nearest)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET GROUPS
	    "devices = ( { address = \"192.0.2.1\"; group = \"noth\"; } );");

	/* Neither is said what the group would have given. */
	conf_rig_wrong(r,
	    "a.conf:4: devices.group: there is no group \"noth\"; the nearest "
	    "one is \"north\"",
	    NULL);
	conf_rig_free(r);
	conf_rig_wrong_also(
	    "groups = ( { name = \"a\"; },\n{ name = \"a\"; } );",
	    "b.conf:2: groups.name: there is a group \"a\" in ",
	    "b.conf:1 already");
	conf_rig_wrong_also("groups = ( { agent = \"192.0.2.1\"; } );",
	    "b.conf:1: groups.name: is missing", NULL);
	conf_rig_wrong_also(
	    "groups = ( { name = \"a\"; type = \"gwsbc\"; interfaces "
	    "= [ \"eth-wan\" ]; } );",
	    "b.conf:1: groups.interfaces: type gwsbc has no interface", NULL);
}
END_TEST

START_TEST(what_is_printed_has_each_device_whole)
{
	struct conf_rig *r = conf_rig_with(DEFAULTS GROUPS
	    "devices = ( { address = \"192.0.2.1\"; group = \"north\"; } );");
	struct strbuf text = STRBUF_INIT;

	campaign_conf_print(conf_rig_right(r), &text);
	ck_assert_ptr_nonnull(strstr(text.s, "interfaces = [ \"eth-lan\" ];"));
	ck_assert_ptr_nonnull(strstr(text.s, "username = \"n\";"));
	ck_assert_ptr_null(strstr(text.s, "group"));
	ck_assert_ptr_null(strstr(text.s, "defaults"));
	strbuf_free(&text);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_group_may_be_skipped_and_a_device_of_it_not)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_QUIET CONF_RIG_DEFAULTS
	    "groups = ( { name = \"g\"; skip = true; interfaces = [ "
	    "\"eth-wan\" ]; } );\n"
	    "devices = ( { address = \"192.0.2.1\"; group = \"g\"; }, { "
	    "address = \"192.0.2.2\"; group = \"g\"; skip = false; } );");
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_uint_eq(c->n_devices, 1);
	ck_assert_str_eq(c->devices[0]->address, "192.0.2.2");
	ck_assert_uint_eq(c->n_skipped, 1);
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("device_shared", a_group_may_be_skipped_and_a_device_of_it_not,
    a_device_goes_before_its_group_and_that_before_defaults,
    defaults_may_name_the_group, shared_interfaces_are_for_types_that_have_them,
    what_is_wrong_in_shared_settings_is_said_once,
    a_group_that_is_none_is_told_with_the_nearest,
    what_is_printed_has_each_device_whole)
