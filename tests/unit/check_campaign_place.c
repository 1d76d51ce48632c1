/* check_campaign_place.c - where a campaign's runs are, for somebody who may
 * not read the rest of its configuration's secrets.
 */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "books/result.h"
#include "conf_rig.h"

static struct conf_rig *r;
static struct campaign_conf *place;

static struct campaign_conf *
load_shard(const char *output, const char *set, struct shard shard)
{
	const char *path = r->folder;
	struct conf_sources from = {.paths = &path,
	    .n_paths = 1,
	    .sets = &set,
	    .n_sets = set != NULL,
	    .place = {.output = output, .shard = shard}};

	conf_messages_free(&r->m);
	memset(&r->m, 0, sizeof(r->m));
	campaign_conf_free(place);
	place = campaign_conf_load_place(&from, &r->m);
	return place;
}

static struct campaign_conf *
load(const char *output, const char *set)
{
	return load_shard(output, set, (struct shard){0});
}

static void
runs_are_in(const char *folder)
{
	char *parent;

	ck_assert_msg(place != NULL, "%s", strbuf_text(&r->m.errors));
	ck_assert_uint_eq(r->m.n_errors, 0);
	ck_assert_uint_eq(r->m.warnings.len, 0);
	parent = run_parent(place);
	ck_assert_str_eq(parent, folder);
	free(parent);
}

static void
end(void)
{
	campaign_conf_free(place);
	place = NULL;
	conf_rig_free(r);
}

START_TEST(it_is_found_without_any_secret)
{
	r = conf_rig_with(CONF_RIG_WHOLE
	    "campaign = { name = \"night\"; output = \"/var/out\"; };\n"
	    "snmp = { auth_password_file = \"not-there\"; "
	    "priv_password_file = \"/not/there\"; };\n");
	/* For a whole configuration it would be one that others can read. */
	conf_rig_mode(r, "a.conf", 0644);
	load(NULL, NULL);
	runs_are_in("/var/out/night");
	ck_assert_uint_eq(place->n_devices, 0);
	end();
}
END_TEST

START_TEST(what_is_wrong_elsewhere_does_not_matter)
{
	r = conf_rig_with("devices = 7; nothing = { }; "
			  "limits = { rest = -1; };\n"
			  "campaign = { name = \"night\"; };\n");
	load(NULL, "limits.rest=0");
	runs_are_in("/var/lib/traffic-capture/night");
	end();
}
END_TEST

START_TEST(later_files_and_options_override)
{
	r = conf_rig_with("campaign = { name = \"a\"; output = \"/one\"; };");
	conf_rig_file(r, "b.conf", "campaign = { name = \"b\"; };");
	load(NULL, NULL);
	runs_are_in("/one/b");
	load("/two", "campaign.name=c");
	runs_are_in("/two/c");
	end();
}
END_TEST

START_TEST(a_relative_output_is_below_the_current_folder)
{
	char *here = getcwd(NULL, 0);
	char *wanted = xasprintf("%s/out/night", here);

	r = conf_rig_with("campaign = { name = \"night\"; };");
	load("out", NULL);
	runs_are_in(wanted);
	free(wanted);
	free(here);
	end();
}
END_TEST

START_TEST(a_shard_has_a_folder_of_its_own)
{
	r = conf_rig_with("campaign = { name = \"night\"; output = \"/o\"; };");
	load_shard(NULL, NULL, (struct shard){2, 4});
	runs_are_in("/o/night/shard-2-of-4");
	ck_assert_int_eq(
	    campaign_conf_port(place), place->campaign.listen_port + 2);
	load_shard("/x", NULL, (struct shard){0, 1});
	runs_are_in("/x/night/shard-0-of-1");
	end();
}
END_TEST

static void
is_wrong(const char *has)
{
	ck_assert_ptr_null(place);
	ck_assert_uint_eq(r->m.n_errors, 1);
	ck_assert_ptr_nonnull(strstr(strbuf_text(&r->m.errors), has));
}

START_TEST(what_is_wrong_there_is_told)
{
	r = conf_rig_with("campaign = { name = \"../x\"; };");
	load(NULL, NULL);
	is_wrong("a.conf:1: campaign.name: ");
	conf_rig_file(r, "a.conf", "campaign = { nam = \"x\"; };");
	load(NULL, NULL);
	is_wrong("a.conf:1: campaign.nam: unknown key");
	conf_rig_file(r, "a.conf", "campaign = { name = \"x\"; ");
	load(NULL, NULL);
	is_wrong("a.conf:");
	conf_rig_file(r, "a.conf", "campaign = { name = \"x\"; };");
	load(NULL, "campaign.name=/");
	is_wrong("--set: campaign.name: ");
	ck_assert_uint_eq(r->m.n_option_errors, 1);
	end();
}
END_TEST

UNIT_MAIN("campaign_place", it_is_found_without_any_secret,
    what_is_wrong_elsewhere_does_not_matter, later_files_and_options_override,
    a_relative_output_is_below_the_current_folder,
    a_shard_has_a_folder_of_its_own, what_is_wrong_there_is_told)
