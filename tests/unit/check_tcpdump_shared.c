/* check_tcpdump_shared.c - what a device has of the shared capture, minded as
 * its own tcpdump is.
 *
 * A real child: this program in the splitter's place (fake_splitter.h).
 */
#include <string.h>

#include "agent/tcpdump.h"
#include "agent_folder.h"
#include "base/xmem.h"
#include "fake_splitter.h"
#include "loop/timer.h"
#include "unit.h"

#define DEVICES 2

struct device {
	struct rig *r;
	struct pieces *pieces;
	struct tcpdump *tcpdump;
	int listened, ended;
	struct fail why;
	int told_dropped, holes, ceased;
	int64_t dropped, news;
};

struct rig {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct agent_section conf;
	struct store *store;
	struct shared_capture *shared;
	struct timer late;
	struct device devices[DEVICES];
};

static void
on_listening(void *arg)
{
	struct device *d = arg;

	d->listened++;
	loop_stop(d->r->lp);
}

static void
on_ended(void *arg, const struct fail *why)
{
	struct device *d = arg;

	d->ended++;
	d->tcpdump = NULL;
	d->why = *why;
	loop_stop(d->r->lp);
}

static void
on_dropped(void *arg, int64_t packets, int64_t news)
{
	struct device *d = arg;

	d->told_dropped++;
	d->dropped = packets;
	d->news += news;
}

static void
on_hole(void *arg, int64_t from, int64_t to)
{
	struct device *d = arg;

	ck_assert_int_gt(from, 0);
	d->holes += to != 0;
	d->ceased += to == 0;
	loop_stop(d->r->lp);
}

static const struct tcpdump_events events = {
    on_listening, on_ended, on_dropped, on_hole};

static void
on_late(void *arg)
{
	(void)arg;
	ck_abort_msg("nothing happened for 30 s");
}

static struct rig *
rig_new(const char *how)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	char *program = fake_splitter_program();
	struct fail why;

	unit_log_keep(LOGGING_DEBUG);
	r->lp = unit_loop();
	unit_folder(r->folder);
	r->conf = (struct agent_section){.interface = xstrdup(how),
	    .shared = true,
	    .captures = r->folder,
	    .file_size = 10000000,
	    .files = 3,
	    .buffer = 2000000,
	    .settle = 60000};
	r->store = store_open(r->folder, NULL, &why);
	r->shared = shared_capture_new(r->lp, &r->conf, program);
	timer_init(&r->late, r->lp, on_late, r);
	timer_set(&r->late, 30000);
	free(program);
	return r;
}

static struct device *
start(struct rig *r, int i)
{
	static const char *const names[DEVICES] = {"192.0.2.10", "192.0.2.11"};
	struct device *d = &r->devices[i];
	struct addr addr;
	struct fail why;
	struct tcpdump_spec spec = {.conf = &r->conf,
	    .shared = r->shared,
	    .device = names[i],
	    .addrs = &addr,
	    .n_addrs = 1};

	d->r = r;
	addr_parse(&addr, names[i]);
	d->pieces = pieces_new(r->store, names[i], 0, &why);
	ck_assert_ptr_nonnull(d->pieces);
	spec.pieces = d->pieces;
	d->tcpdump = tcpdump_start(r->lp, &spec, &events, d);
	loop_run(r->lp);
	return d;
}

static void
rig_free(struct rig *r)
{
	struct fail why;

	for (int i = 0; i < DEVICES; i++) {
		tcpdump_kill(r->devices[i].tcpdump);
		if (r->devices[i].pieces != NULL)
			pieces_keep(r->devices[i].pieces, NULL, &why);
	}
	shared_capture_free(r->shared);
	timer_clear(&r->late);
	store_close(r->store);
	unit_loop_free(r->lp);
	free(r->conf.interface);
	free(r);
}

START_TEST(it_captures_and_a_stop_waits_for_the_splitter_alone)
{
	struct rig *r = rig_new("good");
	struct device *d = start(r, 0);

	ck_assert_int_eq(d->listened, 1);
	tcpdump_stop(d->tcpdump);
	tcpdump_stop(d->tcpdump);
	loop_run(r->lp); /* not for the minute of `settle` */
	ck_assert_int_eq(d->ended, 1);
	ck_assert_int_eq(d->why.kind, FAIL_NONE);
	ck_assert_int_eq(d->told_dropped, 1);
	ck_assert_int_eq(d->dropped, 2);
	ck_assert_int_eq(d->news, 4);
	rig_free(r);
}
END_TEST

START_TEST(one_that_cannot_begin_says_why)
{
	struct rig *r = rig_new("none");
	struct device *d = start(r, 0);

	ck_assert_int_eq(d->listened, 0);
	ck_assert_int_eq(d->ended, 1);
	ck_assert_int_eq(d->told_dropped, 0);
	ck_assert_str_eq(d->why.text,
	    "the capture of all devices ended with status 1: none: No such "
	    "device exists");
	rig_free(r);
	r = rig_new("fails");
	d = start(r, 0);
	ck_assert_str_eq(d->why.text, "no such file");
	rig_free(r);
}
END_TEST

/* The death that one device's end brings is a hole in the other's capture. */
START_TEST(where_the_splitter_dies_each_goes_on_in_new_files)
{
	struct rig *r = rig_new("dies");
	struct device *one = start(r, 0), *two = start(r, 1);
	int64_t died;
	struct fail why;

	tcpdump_stop(one->tcpdump);
	loop_run(r->lp);
	died = loop_now(r->lp);
	ck_assert_int_eq(one->ended, 1);
	ck_assert_int_eq(one->why.kind, FAIL_NONE);
	ck_assert_int_eq(one->dropped, -1);
	while (two->holes == 0)
		loop_run(r->lp);
	ck_assert_int_ge(loop_now(r->lp) - died, 1000);
	ck_assert_int_eq(two->dropped, -1);
	ck_assert_int_eq(two->listened, 1);
	ck_assert_int_eq(two->ended, 0);
	ck_assert_ptr_nonnull(strstr(unit_logged(),
	    "192.0.2.11 splitter: captures again; packets are missing from"));
	ck_assert_uint_eq(pieces_keep(two->pieces, NULL, &why), 2);
	two->pieces = NULL;
	rig_free(r);
}
END_TEST

START_TEST(one_that_is_stopped_while_it_pauses_has_a_hole_to_its_end)
{
	struct rig *r = rig_new("dies");
	struct device *one = start(r, 0), *two = start(r, 1);

	tcpdump_stop(one->tcpdump);
	loop_run(r->lp);
	loop_run_for(r->lp, 50);
	tcpdump_stop(two->tcpdump);
	while (two->ended == 0)
		loop_run(r->lp);
	ck_assert_int_eq(two->ceased, 1);
	ck_assert_int_eq(two->why.kind, FAIL_NONE);
	rig_free(r);
}
END_TEST

/* Then it is killed, and the other one goes on after a pause. */
START_TEST(a_splitter_that_hangs_holds_up_no_end)
{
	struct rig *r = rig_new("stays");
	struct device *one = start(r, 0), *two = start(r, 1);

	tcpdump_stop(one->tcpdump);
	while (one->ended == 0)
		loop_run(r->lp);
	ck_assert_int_eq(one->why.kind, FAIL_NONE);
	ck_assert_int_eq(one->dropped, -1);
	while (two->holes == 0)
		loop_run(r->lp);
	ck_assert_int_eq(two->ended, 0);
	ck_assert_ptr_nonnull(strstr(unit_logged(),
	    "192.0.2.11 splitter: the capture of all devices ended by signal "
	    "9: it did not answer in time; started again in 1 s"));
	rig_free(r);
}
END_TEST

START_TEST(one_that_is_killed_is_forgotten)
{
	struct rig *r = rig_new("good");
	struct device *one = start(r, 0), *two = start(r, 1);

	tcpdump_kill(one->tcpdump);
	one->tcpdump = NULL;
	tcpdump_stop(two->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(one->ended, 0);
	ck_assert_int_eq(two->ended, 1);
	rig_free(r);
}
END_TEST

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {
	    it_captures_and_a_stop_waits_for_the_splitter_alone,
	    one_that_cannot_begin_says_why,
	    where_the_splitter_dies_each_goes_on_in_new_files,
	    one_that_is_stopped_while_it_pauses_has_a_hole_to_its_end,
	    a_splitter_that_hangs_holds_up_no_end,
	    one_that_is_killed_is_forgotten};

	if (fake_splitter(argc, argv))
		return 0;
	return unit_run(
	    "tcpdump_shared", NULL, 0, tests, sizeof(tests) / sizeof(tests[0]));
}
