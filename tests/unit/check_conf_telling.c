/* check_conf_telling.c - the keys by which others are told how it goes: hooks,
 * and metrics, which stands beside the sections.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "conf_rig.h"

START_TEST(nobody_is_told_by_default)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_ptr_null(c->hooks.on_event);
	ck_assert_ptr_null(c->hooks.on_finish);
	ck_assert_int_eq(c->hooks.timeout, 60000);
	ck_assert_ptr_null(c->metrics);
	conf_rig_free(r);
}
END_TEST

START_TEST(a_later_file_and_an_option_override)
{
	struct conf_rig *r = conf_rig_with(
	    CONF_RIG_WHOLE "metrics = \"/a.prom\";\n"
			   "hooks = { on_event = \"/bin/true\"; timeout = 5; "
			   "on_finish = \"\"; };\n");
	struct campaign_conf *c = conf_rig_right(r);

	ck_assert_str_eq(c->metrics, "/a.prom");
	ck_assert_str_eq(c->hooks.on_event, "/bin/true");
	ck_assert_ptr_null(c->hooks.on_finish);
	ck_assert_int_eq(c->hooks.timeout, 5000);
	ck_assert_uint_eq(r->m.warnings.len, 0);
	conf_rig_file(r, "b.conf", "metrics = \"/b.prom\";\n");
	ck_assert_str_eq(conf_rig_right(r)->metrics, "/b.prom");
	r->sets[r->n_sets++] = "metrics=/c.prom";
	ck_assert_str_eq(conf_rig_right(r)->metrics, "/c.prom");
	r->sets[r->n_sets++] = "metrics=";
	ck_assert_ptr_null(conf_rig_right(r)->metrics);
	conf_rig_free(r);
}
END_TEST

START_TEST(what_a_collector_does_not_read_is_refused)
{
	static const char rule[] =
	    "allowed is an absolute name that ends in .prom, or \"\"";

	conf_rig_wrong_also(
	    "\nmetrics = \"numbers.prom\";", "b.conf:2: metrics: ", rule);
	conf_rig_wrong_also(
	    "metrics = \"/numbers.txt\";", "b.conf:1: metrics: ", rule);
	conf_rig_wrong_also("metrics = \"/.prom\";", "metrics: ", rule);
	conf_rig_wrong_also("metrics = 1;", "metrics: ", "wrong type");
	conf_rig_wrong_also("metrics = { };", "metrics: ", "wrong type");
	conf_rig_wrong_set("metrics=numbers", "--set: metrics: ", rule);
}
END_TEST

START_TEST(a_key_beside_the_sections_is_the_nearest_one)
{
	conf_rig_wrong_also("metric = \"/a.prom\";",
	    "b.conf:1: metric: unknown section; the nearest known one is "
	    "metrics",
	    NULL);
	conf_rig_wrong_set("metrics.file=/a.prom",
	    "--set: metrics.file: unknown section", NULL);
}
END_TEST

START_TEST(a_program_has_an_absolute_name)
{
	conf_rig_wrong_also("hooks = { on_event = \"mail\"; };",
	    "b.conf:1: hooks.on_event: ",
	    "allowed is an absolute name, or \"\"");
	conf_rig_wrong_also("hooks = { on_finish = \"./mail\"; };",
	    "hooks.on_finish: ", "allowed is an absolute name, or \"\"");
	conf_rig_wrong_also(
	    "hooks = { timeout = 0; };", "hooks.timeout: ", "100ms..1h");
}
END_TEST

/* It may be there when it is needed. */
START_TEST(one_that_cannot_be_run_is_warned_about)
{
	struct conf_rig *r = conf_rig_with(CONF_RIG_WHOLE);
	char *path = conf_rig_path(r, "program");

	conf_rig_file(r, "program", "#!/bin/sh\n");
	conf_rig_file(r, "b.conf",
	    "\nhooks = { on_event = \"%s\";\n"
	    "on_finish = \"/no/such\"; };\n",
	    path);
	conf_rig_right(r);
	ck_assert_ptr_nonnull(
	    strstr(strbuf_text(&r->m.warnings), "/b.conf:2: hooks.on_event: "));
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.warnings),
	    "program cannot be run: Permission denied"));
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.warnings),
	    "/b.conf:3: hooks.on_finish: /no/such cannot be run: No such"));
	conf_rig_mode(r, "program", 0700);
	conf_rig_file(r, "b.conf", "hooks = { on_event = \"%s\"; };\n", path);
	conf_rig_right(r);
	ck_assert_uint_eq(r->m.warnings.len, 0);
	free(path);
	conf_rig_free(r);
}
END_TEST

START_TEST(it_is_printed_so_that_it_loads_again)
{
	struct conf_rig *r = conf_rig_with(
	    CONF_RIG_WHOLE "metrics = \"/a.prom\";\n"
			   "hooks = { on_finish = \"/bin/true\"; };\n");
	struct strbuf b = STRBUF_INIT, keys = STRBUF_INIT;

	campaign_conf_print(conf_rig_right(r), &b);
	ck_assert_ptr_nonnull(strstr(b.s, "\nmetrics = \"/a.prom\";\n"));
	ck_assert_ptr_nonnull(strstr(b.s, "\ton_finish = \"/bin/true\";\n"));
	ck_assert_ptr_null(strstr(b.s, "on_event"));
	campaign_conf_settings(&keys);
	ck_assert(str_starts(keys.s, "metrics\n"));
	ck_assert_ptr_nonnull(strstr(keys.s, "\nhooks.timeout\n"));
	strbuf_free(&b);
	strbuf_free(&keys);
	conf_rig_free(r);
}
END_TEST

UNIT_MAIN("conf_telling", nobody_is_told_by_default,
    a_later_file_and_an_option_override,
    what_a_collector_does_not_read_is_refused,
    a_key_beside_the_sections_is_the_nearest_one,
    a_program_has_an_absolute_name, one_that_cannot_be_run_is_warned_about,
    it_is_printed_so_that_it_loads_again)
