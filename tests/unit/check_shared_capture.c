/* check_shared_capture.c - the splitter's orders and answers, and its end.
 *
 * A real child: this program in the splitter's place (fake_splitter.h).
 */
#include "agent/shared_capture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/xmem.h"
#include "fake_splitter.h"
#include "loop/timer.h"
#include "unit.h"

#define PARTS_MAX 2000

struct one {
	struct rig *r;
	struct shared_part *part;
	bool listening, ended;
	struct fail why;
	struct shared_drops drops;
};

struct rig {
	struct loop *lp;
	struct agent_section conf;
	struct shared_capture *shared;
	struct timer late;
	struct one parts[PARTS_MAX];
	char *folder;
	int listening, ended, wait_for;
	bool again; /* one that ends begins another one */
};

static void
on_late(void *arg)
{
	(void)arg;
	ck_abort_msg("nothing happened for 20 s");
}

static void
on_listening(void *arg)
{
	struct one *o = arg;

	ck_assert(!o->listening && !o->ended);
	o->listening = true;
	if (++o->r->listening == o->r->wait_for)
		loop_stop(o->r->lp);
}

static void start(struct rig *r, int i);

static void
on_ended(void *arg, const struct fail *why, const struct shared_drops *drops)
{
	struct one *o = arg;

	ck_assert(!o->ended);
	o->ended = true;
	o->part = NULL;
	o->why = *why;
	o->drops = *drops;
	if (o->r->again) {
		o->r->again = false;
		start(o->r, 1);
	}
	if (++o->r->ended == o->r->wait_for)
		loop_stop(o->r->lp);
}

static const struct shared_events events = {on_listening, on_ended};

static struct rig *
rig_new(const char *how)
{
	struct rig *r = xcalloc(1, sizeof(*r));
	char *program = fake_splitter_program();
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	r->folder = xstrdup(folder);
	r->lp = unit_loop();
	r->conf = (struct agent_section){.interface = xstrdup(how),
	    .shared = true,
	    .file_size = 10000000,
	    .files = 3,
	    .snaplen = 96,
	    .buffer = 2000000};
	r->shared = shared_capture_new(r->lp, &r->conf, program);
	timer_init(&r->late, r->lp, on_late, r);
	timer_set(&r->late, 20000);
	free(program);
	return r;
}

static void
rig_free(struct rig *r)
{
	for (int i = 0; i < PARTS_MAX; i++)
		shared_part_drop(r->parts[i].part);
	shared_capture_free(r->shared);
	timer_clear(&r->late);
	unit_loop_free(r->lp);
	free(r->conf.interface);
	free(r->folder);
	free(r);
}

static void
start(struct rig *r, int i)
{
	char *path = xasprintf("%s/run%d.pcap", r->folder, i);
	struct addr addrs[2];
	struct fail why;

	addr_parse(&addrs[0], "192.0.2.1");
	addr_parse(&addrs[1], "2001:db8::1");
	r->parts[i] = (struct one){.r = r};
	r->parts[i].part = shared_part_start(
	    r->shared, path, addrs, 2, &events, &r->parts[i], &why);
	ck_assert(!r->parts[i].listening);
	free(path);
}

static void
wait_for(struct rig *r, int n)
{
	r->wait_for = n;
	loop_run(r->lp);
}

START_TEST(a_part_listens_and_ends)
{
	struct rig *r;
	int pid;

	unit_log_keep(LOGGING_DEBUG);
	r = rig_new("good");
	ck_assert_int_eq(shared_capture_pid(r->shared), 0);
	start(r, 0);
	pid = shared_capture_pid(r->shared);
	ck_assert_int_gt(pid, 0);
	wait_for(r, 1);
	ck_assert(r->parts[0].listening);
	shared_part_end(r->parts[0].part);
	wait_for(r, 1);
	ck_assert(r->parts[0].ended);
	ck_assert_int_eq(r->parts[0].why.kind, FAIL_NONE);
	/* It was started with what the configuration says, and stays. */
	ck_assert_ptr_nonnull(strstr(unit_logged(),
	    "splitter: listening on good 96 32000000 10000000 3"));
	start(r, 1);
	ck_assert_int_eq(shared_capture_pid(r->shared), pid);
	rig_free(r);
}
END_TEST

START_TEST(what_was_dropped_is_told_of_each_and_counted_once)
{
	struct rig *r = rig_new("good");

	start(r, 0); /* 2 dropped */
	start(r, 1); /* 4 */
	wait_for(r, 2);
	shared_part_end(r->parts[0].part); /* 6 */
	wait_for(r, 1);
	ck_assert_int_eq(r->parts[0].drops.all, 4);
	ck_assert_int_eq(r->parts[0].drops.news, 6);
	shared_part_end(r->parts[1].part); /* 8 */
	wait_for(r, 2);
	ck_assert_int_eq(r->parts[1].drops.all, 4);
	ck_assert_int_eq(r->parts[1].drops.news, 2);
	rig_free(r);
}
END_TEST

START_TEST(thousands_of_orders_at_once_all_arrive)
{
	struct rig *r = rig_new("good");

	for (int i = 0; i < PARTS_MAX; i++)
		start(r, i);
	wait_for(r, PARTS_MAX);
	ck_assert_int_eq(r->listening, PARTS_MAX);
	for (int i = 0; i < PARTS_MAX; i++)
		shared_part_end(r->parts[i].part);
	wait_for(r, PARTS_MAX);
	ck_assert_int_eq(r->ended, PARTS_MAX);
	rig_free(r);
}
END_TEST

START_TEST(one_that_fails_ends_alone)
{
	struct rig *r = rig_new("fails");

	start(r, 0);
	wait_for(r, 1);
	ck_assert(r->parts[0].ended);
	ck_assert_str_eq(r->parts[0].why.text, "no such file");
	ck_assert_int_eq(r->parts[0].drops.all, -1);
	ck_assert_int_gt(shared_capture_pid(r->shared), 0);
	rig_free(r);
}
END_TEST

START_TEST(its_death_ends_all_and_the_next_one_starts_it_anew)
{
	struct rig *r = rig_new("dies");

	start(r, 0);
	start(r, 1);
	wait_for(r, 2);
	shared_part_end(r->parts[0].part);
	wait_for(r, 2);
	for (int i = 0; i < 2; i++) {
		ck_assert(r->parts[i].ended);
		ck_assert_str_eq(r->parts[i].why.text,
		    "the capture of all devices ended by signal 9: it is too "
		    "much");
		ck_assert_int_eq(r->parts[i].drops.all, -1);
	}
	ck_assert_int_eq(shared_capture_pid(r->shared), 0);
	start(r, 2);
	wait_for(r, 3);
	ck_assert(r->parts[2].listening);
	rig_free(r);
}
END_TEST

START_TEST(one_that_begins_while_all_end_is_not_among_them)
{
	struct rig *r = rig_new("dies");

	start(r, 0);
	wait_for(r, 1);
	r->again = true;
	shared_part_end(r->parts[0].part);
	r->ended = 0;
	wait_for(r, 2);
	ck_assert(r->parts[0].ended);
	ck_assert(r->parts[1].listening);
	ck_assert(!r->parts[1].ended);
	rig_free(r);
}
END_TEST

START_TEST(why_it_cannot_capture_is_told)
{
	struct rig *r = rig_new("none");
	struct fail why;
	struct shared_capture *absent;

	start(r, 0);
	wait_for(r, 1);
	ck_assert_str_eq(r->parts[0].why.text,
	    "the capture of all devices ended with status 1: none: No such "
	    "device exists");
	absent = shared_capture_new(r->lp, &r->conf, "/nonexistent/splitter");
	ck_assert_ptr_null(
	    shared_part_start(absent, "/x", NULL, 0, &events, NULL, &why));
	ck_assert_ptr_nonnull(
	    strstr(why.text, "cannot start /nonexistent/splitter: "));
	shared_capture_free(absent);
	rig_free(r);
}
END_TEST

START_TEST(it_may_be_there_before_the_first_part)
{
	struct rig *r = rig_new("good");
	int pid;

	shared_capture_begin(NULL);
	shared_capture_begin(r->shared);
	pid = shared_capture_pid(r->shared);
	ck_assert_int_gt(pid, 0);
	shared_capture_begin(r->shared);
	start(r, 0);
	ck_assert_int_eq(shared_capture_pid(r->shared), pid);
	wait_for(r, 1);
	ck_assert(r->parts[0].listening);
	rig_free(r);
}
END_TEST

START_TEST(why_it_is_not_there_is_logged_and_told_the_first_part)
{
	struct rig *r;

	unit_log_keep(LOGGING_WARNING);
	r = rig_new("none");
	shared_capture_begin(r->shared);
	for (int i = 0; i < 1000 && shared_capture_pid(r->shared) != 0; i++)
		loop_run_for(r->lp, 10);
	ck_assert_ptr_nonnull(strstr(unit_logged(),
	    "warning - splitter: the capture of all devices ended with status "
	    "1: none: No such device exists; it is started again for the next "
	    "device"));
	start(r, 0);
	wait_for(r, 1);
	ck_assert_ptr_nonnull(
	    strstr(r->parts[0].why.text, "none: No such device exists"));
	ck_assert_str_eq(unit_logged(), "");
	rig_free(r);
}
END_TEST

START_TEST(one_that_talks_nonsense_is_ended)
{
	struct rig *r = rig_new("lies");

	start(r, 0);
	wait_for(r, 1);
	wait_for(r, 1);
	ck_assert(r->parts[0].listening && r->parts[0].ended);
	ck_assert_str_eq(r->parts[0].why.text,
	    "the capture of all devices ended by signal 9: its answer is not "
	    "understood");
	rig_free(r);
}
END_TEST

START_TEST(one_that_does_not_answer_is_broken)
{
	struct rig *r = rig_new("deaf");

	start(r, 0);
	start(r, 1);
	loop_run_for(r->lp, 50);
	ck_assert_int_eq(r->listening, 0);
	shared_part_break(r->parts[0].part);
	wait_for(r, 2);
	ck_assert_str_eq(r->parts[1].why.text,
	    "the capture of all devices ended by signal 9: it did not answer "
	    "in time");
	rig_free(r);
}
END_TEST

START_TEST(what_was_dropped_is_not_told_any_more)
{
	struct rig *r = rig_new("good");

	start(r, 0);
	shared_part_drop(r->parts[0].part);
	r->parts[0].part = NULL;
	start(r, 1);
	wait_for(r, 1);
	ck_assert(!r->parts[0].listening && !r->parts[0].ended);
	ck_assert(r->parts[1].listening);
	rig_free(r);
}
END_TEST

int
main(int argc, char **argv)
{
	const TTest *const tests[] = {a_part_listens_and_ends,
	    what_was_dropped_is_told_of_each_and_counted_once,
	    thousands_of_orders_at_once_all_arrive, one_that_fails_ends_alone,
	    its_death_ends_all_and_the_next_one_starts_it_anew,
	    one_that_begins_while_all_end_is_not_among_them,
	    why_it_cannot_capture_is_told,
	    it_may_be_there_before_the_first_part,
	    why_it_is_not_there_is_logged_and_told_the_first_part,
	    one_that_talks_nonsense_is_ended,
	    one_that_does_not_answer_is_broken,
	    what_was_dropped_is_not_told_any_more};

	if (fake_splitter(argc, argv))
		return 0;
	return unit_run(
	    "shared_capture", NULL, 0, tests, sizeof(tests) / sizeof(tests[0]));
}
