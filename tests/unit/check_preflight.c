/* check_preflight.c - what --check says of this host. */
#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/xmem.h"
#include "books/run_folder.h"
#include "campaign/preflight.h"
#include "conf_rig.h"
#include "io/datagram.h"

static const struct host_facts good = {.descriptors = 4096};

struct rig {
	struct conf_rig *conf;
	struct loop *lp;
};

/* One device behind 127.0.0.1, an output that is not there yet. */
static struct rig
rig_new(const char *more)
{
	struct rig r = {.conf = conf_rig_with(CONF_RIG_WHOLE)};

	conf_rig_file(r.conf, "b.conf",
	    "campaign = { name = \"night\"; output = \"%s/deep/out\"; "
	    "listen_address = \"127.0.0.1\"; listen_port = 27011; "
	    "min_free = 0; };\nverify = { icmp = false; };\n",
	    r.conf->folder);
	conf_rig_file(r.conf, "c.conf", "%s", more);
	conf_rig_right(r.conf);
	unit_log_keep(LOGGING_NOTICE);
	r.lp = unit_loop();
	return r;
}

static void
rig_free(struct rig *r)
{
	unit_loop_free(r->lp);
	conf_rig_free(r->conf);
}

/* `wrong`: the run would end for it. */
static void
says(
    struct rig *r, const struct host_facts *host, bool wrong, const char *words)
{
	const char *said;

	ck_assert_int_eq(preflight(r->lp, r->conf->campaign, host), !wrong);
	said = unit_logged();
	if (strstr(said, words) == NULL ||
	    (strstr(said, "error") != NULL) != wrong)
		ck_abort_msg("no \"%s\" in \"%s\"", words, said);
}

START_TEST(a_host_without_trouble_says_nothing_and_nothing_is_left)
{
	struct rig r = rig_new("");
	char *deep = xasprintf("%s/deep", r.conf->folder);

	ck_assert(preflight(r.lp, r.conf->campaign, &good));
	ck_assert_str_eq(unit_logged(), "");
	ck_assert_int_eq(access(deep, F_OK), -1);
	free(deep);
	rig_free(&r);
}
END_TEST

START_TEST(an_output_that_cannot_be_made_would_end_the_run)
{
	struct rig r = rig_new("");

	conf_rig_file(r.conf, "deep", "a file in the way");
	says(&r, &good, true, "campaign.output");
	rig_free(&r);
}
END_TEST

START_TEST(a_disk_below_its_floor_would_end_the_run)
{
	struct rig r = rig_new("campaign = { min_free = \"900000G\"; };");

	says(&r, &good, true, "campaign.min_free wants 900000000000000");
	rig_free(&r);
}
END_TEST

START_TEST(less_room_than_captures_may_take_is_a_warning)
{
	struct rig r = rig_new("campaign = { max_file = \"900000G\"; };");

	says(&r, &good, false, "has room for 0 captures");
	rig_free(&r);
}
END_TEST

static void
ignore(
    void *arg, const void *data, size_t len, const struct datagram_from *from)
{
	(void)arg, (void)data, (void)len, (void)from;
}

START_TEST(a_port_that_somebody_has_would_end_the_run)
{
	struct rig r = rig_new("");
	const struct campaign_section *c = &r.conf->campaign->campaign;
	struct fail why;
	struct datagram *d = datagram_new(r.lp, &c->listen_address,
	    (uint16_t)c->listen_port, ignore, NULL, &why);

	ck_assert_ptr_nonnull(d);
	says(&r, &good, true, "27011");
	datagram_free(d);
	rig_free(&r);
}
END_TEST

START_TEST(beside_a_running_campaign_the_port_is_not_tried)
{
	struct rig r = rig_new("");
	struct run_result *result = run_result_new(r.conf->campaign, 1);
	const struct campaign_section *c = &r.conf->campaign->campaign;
	struct run_folder *f = NULL;
	struct fail why;
	struct datagram *d = datagram_new(r.lp, &c->listen_address,
	    (uint16_t)c->listen_port, ignore, NULL, &why);

	ck_assert_int_eq(run_folder_open(&f, result, &why), RUN_FOLDER_MADE);
	says(&r, &good, false, "27011 is free was not tried");
	/* It did not take the lock away. */
	says(&r, &good, false, "already running");
	run_folder_close(f);
	datagram_free(d);
	says(&r, &good, false, "");
	run_result_free(result);
	rig_free(&r);
}
END_TEST

START_TEST(a_clock_that_nobody_sets_is_a_warning)
{
	struct rig r = rig_new("");
	const struct host_facts host = {
	    .descriptors = 4096, .clock_wrong = true};

	says(&r, &host, false, "not synchronised");
	rig_free(&r);
}
END_TEST

START_TEST(few_descriptors_are_a_warning)
{
	struct rig r = rig_new("");
	const struct host_facts host = {.descriptors = 64};

	says(&r, &host, false, "64 descriptors (LimitNOFILE");
	rig_free(&r);
}
END_TEST

START_TEST(broken_known_hosts_would_end_the_run)
{
	struct rig r = rig_new("");
	char *folder = xasprintf("%s/deep/out", r.conf->folder);

	ck_assert(disk_make_folders(folder, DISK_PRIVATE));
	conf_rig_file(r.conf, "deep/out/known_hosts", "nonsense\n");
	says(&r, &good, true, "known_hosts:1: ");
	free(folder);
	rig_free(&r);
}
END_TEST

START_TEST(known_hosts_that_could_not_be_made_would_end_the_run)
{
	struct rig r = rig_new("");
	char *path = xasprintf("%s/a.conf/below/known", r.conf->folder);

	r.conf->campaign->ssh.known_hosts = path;
	says(&r, &good, true, "ssh.known_hosts");
	rig_free(&r);
	free(path);
}
END_TEST

UNIT_MAIN("preflight", a_host_without_trouble_says_nothing_and_nothing_is_left,
    an_output_that_cannot_be_made_would_end_the_run,
    a_disk_below_its_floor_would_end_the_run,
    less_room_than_captures_may_take_is_a_warning,
    a_port_that_somebody_has_would_end_the_run,
    beside_a_running_campaign_the_port_is_not_tried,
    a_clock_that_nobody_sets_is_a_warning, few_descriptors_are_a_warning,
    broken_known_hosts_would_end_the_run,
    known_hosts_that_could_not_be_made_would_end_the_run)
