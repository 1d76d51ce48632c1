/* check_capture.c - a capture from its order to its named files.
 *
 * tcpdump is played by the functions here, which take the place of
 * agent/tcpdump at link time.
 */
#include "agent/capture.h"

#include <string.h>

#include "agent/tcpdump.h"
#include "agent_folder.h"
#include "base/xmem.h"
#include "unit.h"

#define CPE  "CPE_device_127.0.0.1_2026-11-23T04.00.00.000000Z.pcap"
#define OVOC "OVOC_device_127.0.0.1_2026-11-23T04.00.00.000000Z"

struct tcpdump {
	const struct tcpdump_events *events;
	void *arg;
	bool stopped;
};

static struct world {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct agent_section conf;
	struct capture_env env;
	struct tcpdump tcpdump;
	size_t n_addrs;
	int64_t goes_on_from;
	int starts, kills;
	int began, expelled, ceased, ended;
	int64_t since;
	struct fail why;
} w;

struct tcpdump *
tcpdump_start(struct loop *lp, const struct tcpdump_spec *spec,
    const struct tcpdump_events *events, void *arg)
{
	char *base = pieces_next_path(spec->pieces);
	char *path = xasprintf("%s0", base);
	(void)lp;
	folder_pcap(path, 10, 10);
	free(base);
	free(path);
	w.starts++;
	w.n_addrs = spec->n_addrs;
	w.goes_on_from = spec->goes_on_from;
	w.tcpdump = (struct tcpdump){.events = events, .arg = arg};
	return &w.tcpdump;
}

void
tcpdump_stop(struct tcpdump *t)
{
	t->stopped = true;
}

void
tcpdump_kill(struct tcpdump *t)
{
	w.kills += t != NULL;
}

static void
tcpdump_ended(enum fail_kind kind)
{
	struct fail why;
	fail_clear(&why);
	if (kind != FAIL_NONE)
		fail_set(&why, kind, "no such interface");
	w.tcpdump.events->ended(w.tcpdump.arg, &why);
}

static void
on_began(void *arg)
{
	(void)arg;
	w.began++;
}

static void
on_ended(void *arg, const struct fail *why, const struct info_pieces *pieces)
{
	(void)pieces;
	(void)arg;
	w.ended++;
	w.why = *why;
}

static void
on_expelled(void *arg, const struct fail *why)
{
	(void)arg;
	w.expelled++;
	w.why = *why;
}

static void
on_ceased(void *arg, int64_t since)
{
	(void)arg;
	w.ceased++;
	w.since = since;
}

static const struct capture_events events = {
    on_began, on_expelled, on_ceased, on_ended};

static void
delete_nothing(void *arg, int64_t bytes)
{
	(void)arg;
	(void)bytes;
}

static void
rig_new(void)
{
	static char interface[] = "lo";
	struct fail why;
	memset(&w, 0, sizeof(w));
	unit_log_keep(LOGGING_NOTICE);
	w.lp = unit_loop_virtual(0);
	unit_folder(w.folder);
	w.conf = (struct agent_section){.captures = w.folder,
	    .interface = interface,
	    .max_captures = 2,
	    .files = 2,
	    .file_size = 1000000};
	w.env.lp = w.lp;
	w.env.conf = &w.conf;
	w.env.store = store_open(w.folder, NULL, &why);
	ck_assert_ptr_nonnull(w.env.store);
	w.env.room = room_new(w.lp, &w.conf, w.env.store, delete_nothing, NULL);
	w.env.resolver = resolver_new(w.lp);
}

static void
rig_free(void)
{
	resolver_free(w.env.resolver);
	room_free(w.env.room);
	store_close(w.env.store);
	unit_loop_free(w.lp);
}

static struct capture *
start(const char *device)
{
	struct fail why;
	struct capture *c = capture_start(&w.env, device, &events, NULL, &why);
	ck_assert_ptr_nonnull(c);
	return c;
}

START_TEST(its_pieces_are_named_after_the_stop)
{
	rig_new();
	struct capture *c = start("127.0.0.1");
	ck_assert_int_eq(w.starts, 0);
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(w.starts, 1);
	ck_assert_uint_eq(w.n_addrs, 1);
	ck_assert_int_eq(w.began, 0);
	w.tcpdump.events->listening(w.tcpdump.arg);
	ck_assert_int_eq(w.began, 1);
	ck_assert_uint_eq(w.env.begun, 1);
	capture_stop(c, CPE);
	capture_stop(c, NULL);
	ck_assert(w.tcpdump.stopped);
	ck_assert_uint_eq(w.env.running, 1);
	tcpdump_ended(FAIL_NONE);
	ck_assert_int_eq(w.ended, 1);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert_uint_eq(w.env.running, 0);
	folder_is(w.folder, OVOC "-0.pcap " OVOC ".json ");
	rig_free();
}
END_TEST

START_TEST(one_file_is_no_files)
{
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	w.tcpdump.events->listening(w.tcpdump.arg);
	capture_stop(c, NULL);
	tcpdump_ended(FAIL_NONE);
	ck_assert_ptr_nonnull(
	    strstr(unit_logged(), "aborted, 1 file kept as ABORTED_device_"));
	rig_free();
}
END_TEST

START_TEST(tcpdumps_reason_is_passed_on)
{
	rig_new();
	start("127.0.0.1");
	loop_run_for(w.lp, 10);
	tcpdump_ended(FAIL_LOCAL);
	ck_assert_int_eq(w.began, 0);
	ck_assert_str_eq(w.why.text, "no such interface");
	ck_assert_uint_eq(w.env.running, 0);
	rig_free();
}
END_TEST

START_TEST(one_that_is_stopped_before_tcpdump_has_no_file)
{
	rig_new();
	struct capture *c = start("127.0.0.1");
	capture_stop(c, CPE);
	ck_assert_int_eq(w.ended, 0);
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(w.ended, 1);
	ck_assert_int_eq(w.why.kind, FAIL_LOCAL);
	ck_assert_int_eq(w.starts, 0);
	rig_free();
}
END_TEST

START_TEST(there_are_at_most_max_captures)
{
	struct fail why;
	rig_new();
	struct capture *a = start("127.0.0.1");
	struct capture *b = start("127.0.0.2");
	ck_assert_ptr_null(
	    capture_start(&w.env, "127.0.0.3", &events, NULL, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "max_captures"));
	capture_kill(a);
	capture_kill(start("127.0.0.3"));
	capture_kill(b);
	rig_free();
}
END_TEST

START_TEST(a_full_disk_refuses_a_capture)
{
	struct fail why;
	rig_new();
	w.conf.min_free = INT64_MAX;
	ck_assert_ptr_null(
	    capture_start(&w.env, "127.0.0.1", &events, NULL, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "min_free"));
	rig_free();
}
END_TEST

START_TEST(a_kill_leaves_the_pieces_where_they_are)
{
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	capture_kill(c);
	ck_assert_int_eq(w.kills, 1);
	ck_assert_int_eq(w.ended, 0);
	char *names = folder_list(w.folder);
	ck_assert_int_eq(strncmp(names, "tmp_device_", 11), 0);
	free(names);
	rig_free();
}
END_TEST

static struct capture *
resume(const struct capture_state *was)
{
	struct fail why;
	return capture_resume(&w.env, "127.0.0.1", was, &events, NULL, &why);
}

START_TEST(a_parked_one_goes_on_with_its_pieces)
{
	struct capture_state was;
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(w.goes_on_from, 0);
	w.tcpdump.events->listening(w.tcpdump.arg);
	w.tcpdump.events->dropped(w.tcpdump.arg, 0, 0);
	capture_describe(c, &was);
	ck_assert_int_eq(record_all_dropped(&was.record), -1);
	capture_park(c);
	ck_assert(w.tcpdump.stopped);
	tcpdump_ended(FAIL_NONE);
	ck_assert_int_eq(w.ended, 1);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	c = resume(&was);
	ck_assert_ptr_nonnull(c);
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(w.starts, 2);
	ck_assert_int_gt(w.goes_on_from, 0);
	capture_stop(c, CPE);
	tcpdump_ended(FAIL_NONE);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	folder_is(w.folder, OVOC "-0.pcap " OVOC "-1.pcap " OVOC ".json ");
	rig_free();
}
END_TEST

START_TEST(one_that_goes_on_may_be_stopped_before_tcpdump)
{
	struct capture_state was;
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	capture_describe(c, &was);
	capture_kill(c);
	c = resume(&was);
	capture_stop(c, CPE);
	loop_run_for(w.lp, 10);
	ck_assert_int_eq(w.ended, 1);
	/* it was only about to go on */
	ck_assert_int_eq(w.ceased, 0);
	ck_assert_int_eq(w.why.kind, FAIL_NONE);
	ck_assert_ptr_null(resume(&was));
	rig_free();
}
END_TEST

/* Nothing was captured from then to its STOP. */
START_TEST(one_whose_tcpdump_does_not_run_has_ceased)
{
	struct capture_state now;
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	w.tcpdump.events->listening(w.tcpdump.arg);
	loop_run_for(w.lp, 90);
	capture_stop(c, CPE);
	w.tcpdump.events->hole(w.tcpdump.arg, 50, 0);
	ck_assert_int_eq(w.ceased, 1);
	ck_assert_int_eq(w.since, 50);
	capture_describe(c, &now);
	ck_assert_uint_eq(now.record.n_holes, 1);
	ck_assert_int_eq(now.record.holes[0].to, loop_wall(w.lp));
	tcpdump_ended(FAIL_NONE);
	rig_free();
}
END_TEST

START_TEST(one_that_goes_on_is_never_refused)
{
	struct capture_state was;
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	capture_describe(c, &was);
	capture_kill(c);
	w.conf.min_free = INT64_MAX;
	c = resume(&was);
	ck_assert_ptr_nonnull(c);
	capture_kill(c);
	rig_free();
}
END_TEST

/* How many files of the ring have been protected, in this capture. */
static unsigned
protected_files(const struct capture *c, const char *prefix)
{
	struct capture_state s;
	unsigned n = 0;
	capture_describe(c, &s);
	char *folder = xasprintf("%s/%s", w.folder, s.folder);
	char *names = folder_list(folder);
	for (const char *at = names; (at = strstr(at, prefix)) != NULL; at++)
		n++;
	free(names);
	free(folder);
	return n;
}

/* tcpdump turns to its next file. */
static void
next_file(const struct capture *c)
{
	struct capture_state s;
	capture_describe(c, &s);
	char *path = xasprintf("%s/%s/run000.pcap1", w.folder, s.folder);
	folder_pcap(path, 20, 20);
	free(path);
}

START_TEST(the_ring_is_protected_before_and_after_a_verify)
{
	rig_new();
	w.conf.settle = 1200;
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	capture_verify_began(c);
	ck_assert_uint_eq(protected_files(c, "kept1-run"), 1);
	next_file(c);
	capture_verify_ended(c, NULL);
	loop_run_for(w.lp, 1000);
	ck_assert_uint_eq(protected_files(c, "kept2-run"), 0);
	loop_run_for(w.lp, 300);
	ck_assert_uint_eq(protected_files(c, "kept2-run"), 1);
	/* no third time */
	next_file(c);
	capture_verify_began(c);
	capture_verify_ended(c, NULL);
	loop_run_for(w.lp, 10000);
	ck_assert_uint_eq(protected_files(c, "kept"), 2);
	capture_kill(c);
	rig_free();
}
END_TEST

START_TEST(a_ring_is_protected_only_where_another_one_has_room)
{
	struct fail why;
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	next_file(c);
	/* two files of 1 MB beside the ring's own */
	w.conf.min_free = store_free_bytes(w.env.store) - 3000000;
	capture_verify_began(c);
	ck_assert_uint_eq(protected_files(c, "kept"), 0);
	ck_assert(!w.tcpdump.stopped);
	w.conf.min_free -= 200000000; /* others use this disk, too */
	capture_verify_ended(c, NULL);
	loop_run_for(w.lp, 10);
	ck_assert_uint_eq(protected_files(c, "kept2-run"), 2);
	w.conf.min_free = store_free_bytes(w.env.store) - 1000000;
	ck_assert_ptr_null(
	    capture_start(&w.env, "127.0.0.2", &events, NULL, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "agent.min_free"));
	capture_kill(c);
	rig_free();
}
END_TEST

START_TEST(below_the_floor_it_is_expelled)
{
	rig_new();
	struct capture *c = start("127.0.0.1");
	loop_run_for(w.lp, 10);
	w.conf.min_free = INT64_MAX;
	loop_run_for(w.lp, 1100);
	ck_assert_int_eq(w.expelled, 1);
	ck_assert_ptr_nonnull(strstr(w.why.text, "agent.min_free"));
	capture_stop(c, NULL);
	capture_stop(c, CPE); /* its STOP comes just now */
	tcpdump_ended(FAIL_NONE);
	char *names = folder_list(w.folder);
	ck_assert_str_eq(names, OVOC "-0.pcap " OVOC ".json ");
	free(names);
	rig_free();
}
END_TEST

UNIT_MAIN("capture", its_pieces_are_named_after_the_stop, one_file_is_no_files,
    tcpdumps_reason_is_passed_on,
    one_that_is_stopped_before_tcpdump_has_no_file,
    there_are_at_most_max_captures, a_full_disk_refuses_a_capture,
    a_kill_leaves_the_pieces_where_they_are,
    a_parked_one_goes_on_with_its_pieces,
    one_that_goes_on_may_be_stopped_before_tcpdump,
    one_whose_tcpdump_does_not_run_has_ceased,
    one_that_goes_on_is_never_refused,
    the_ring_is_protected_before_and_after_a_verify,
    a_ring_is_protected_only_where_another_one_has_room,
    below_the_floor_it_is_expelled)
