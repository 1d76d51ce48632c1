/* check_tcpdump.c - starting, minding and ending tcpdump.
 *
 * Real children: shell scripts that behave as tcpdump does, each waiting for
 * nothing but its signal.
 */
#include "agent/tcpdump.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent_folder.h"
#include "base/str.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "unit.h"

/* Options as far as the file's name, which is then in $1. */
#define FILE_IN_1 "while [ \"$1\" != -w ]; do shift; done; shift\n"
#define LISTEN                          \
	FILE_IN_1 "echo x >\"${1}0\"\n" \
		  "echo 'tcpdump: listening on lo, link-type EN10MB' >&2\n"

struct rig {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	char *program;
	struct agent_section conf;
	struct fail ignored;
	struct store *store;
	struct pieces *pieces;
	struct tcpdump *tcpdump;
	struct timer late;
	int listened;
	bool ended;
	bool stop_at_once; /* when it listens */
	struct fail why;
	int64_t dropped; /* by the kernel, and how often it was told */
	int told_dropped;
	int ceased; /* holes up to its end */
	int64_t listened_at, hole_from;
};

static void
on_listening(void *arg)
{
	struct rig *r = arg;
	r->listened++;
	r->listened_at = loop_wall(r->lp);
	if (r->stop_at_once)
		tcpdump_stop(r->tcpdump);
	else
		loop_stop(r->lp);
}

static void
on_ended(void *arg, const struct fail *why)
{
	struct rig *r = arg;
	r->ended = true;
	r->tcpdump = NULL;
	r->why = *why;
	loop_stop(r->lp);
}

static void
on_dropped(void *arg, int64_t packets, int64_t news)
{
	struct rig *r = arg;

	ck_assert_int_eq(news, packets > 0 ? packets : 0);
	r->dropped += packets;
	r->told_dropped++;
}

static void
on_hole(void *arg, int64_t from, int64_t to)
{
	struct rig *r = arg;

	ck_assert_int_gt(from, 0);
	r->ceased += to == 0;
	r->hole_from = from;
}

static const struct tcpdump_events events = {
    on_listening, on_ended, on_dropped, on_hole};

static void
on_late(void *arg)
{
	(void)arg;
	ck_abort_msg("nothing happened for 20 s");
}

static struct rig *
rig_new(const char *script)
{
	static char interface[] = "lo";
	struct rig *r = xcalloc(1, sizeof(*r));
	struct fail why;
	r->lp = loop_new(NULL);
	unit_folder(r->folder);
	r->program = xasprintf("%s/.tcpdump", r->folder);
	folder_script(r->program, script);
	r->conf = (struct agent_section){.interface = interface,
	    .captures = r->folder,
	    .tcpdump = r->program,
	    .file_size = 10000000,
	    .files = 3,
	    .snaplen = 96,
	    .buffer = 2000000,
	    .settle = 30};
	r->store = store_open(r->folder, NULL, &why);
	ck_assert_ptr_nonnull(r->store);
	r->pieces = pieces_new(r->store, "192.0.2.10", 0, &why);
	ck_assert_ptr_nonnull(r->pieces);
	timer_init(&r->late, r->lp, on_late, r);
	timer_set(&r->late, 20000);
	return r;
}

static void
rig_start(struct rig *r)
{
	struct addr addrs[2];
	addr_parse(&addrs[0], "192.0.2.10");
	addr_parse(&addrs[1], "2001:db8::1");
	const struct tcpdump_spec spec = {.conf = &r->conf,
	    .pieces = r->pieces,
	    .device = "192.0.2.10",
	    .addrs = addrs,
	    .n_addrs = 2};
	r->tcpdump = tcpdump_start(r->lp, &spec, &events, r);
}

static void
rig_free(struct rig *r)
{
	struct fail why;
	tcpdump_kill(r->tcpdump);
	pieces_keep(r->pieces, NULL, &why);
	timer_clear(&r->late);
	store_close(r->store);
	loop_free(r->lp);
	free(r->program);
	free(r);
}

START_TEST(it_captures_once_it_listens_and_ends_when_told)
{
	struct rig *r = rig_new(LISTEN "exec sleep 30");
	rig_start(r);
	loop_run(r->lp);
	ck_assert_int_eq(r->listened, 1);
	ck_assert(!r->ended);
	int64_t from = loop_now(r->lp);
	tcpdump_stop(r->tcpdump);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->why.kind, FAIL_NONE);
	/* not before it has read what the kernel held back */
	ck_assert_int_ge(loop_now(r->lp) - from, r->conf.settle);
	rig_free(r);
}
END_TEST

START_TEST(its_arguments_are_fixed_and_its_environment_is_bare)
{
	struct rig *r = rig_new("echo \"$*\" | sed \"s, [^ ]*/run, run,\" >&2\n"
				"env | grep -v ^PWD= | grep -v ^_= | "
				"grep -v ^SHLVL= | sort | tr '\\n' ' ' >&2\n"
				"exit 1");
	const char *z = geteuid() == 0 ? " -Z root" : "";
	rig_start(r);
	loop_run(r->lp);
	ck_assert_str_eq(r->why.text,
	    "tcpdump ended with status 1: "
	    "LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin ");
	folder_script(r->program, "echo \"$*\" | sed \"s, [^ ]*/run, run,\" "
				  ">&2\nexit 1");
	rig_start(r);
	loop_run(r->lp);
	char *expected =
	    xasprintf("tcpdump ended with status 1: -i lo -n -U -B 1954 "
		      "-C 10 -W 3 -s 96 -w run001.pcap%s "
		      "(host 192.0.2.10 or ((icmp[0] = 3 or icmp[0] = 11) "
		      "and icmp[24:4] = 0xc000020a)) or",
		z);
	ck_assert(str_starts(r->why.text, expected));
	free(expected);
	folder_script(r->program, "echo \"${*#*0a)) or }\" >&2\nexit 1");
	rig_start(r);
	loop_run(r->lp);
	ck_assert_str_eq(r->why.text,
	    "tcpdump ended with status 1: "
	    "(host 2001:db8::1 or (icmp6 and ip6[40] < 128 and "
	    "ip6[72:4] = 0x20010db8 and ip6[76:4] = 0x00000000 and "
	    "ip6[80:4] = 0x00000000 and ip6[84:4] = 0x00000001))");
	rig_free(r);
}
END_TEST

START_TEST(what_the_kernel_dropped_is_told)
{
	struct rig *r = rig_new(LISTEN "trap 'echo 7 packets captured >&2; "
				       "echo 12 packets dropped by kernel >&2; "
				       "exit 0' TERM\n"
				       "while :; do sleep 0.05; done");

	rig_start(r);
	loop_run(r->lp);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->told_dropped, 1);
	ck_assert_int_eq(r->dropped, 12);
	rig_free(r);
}
END_TEST

START_TEST(one_that_is_killed_does_not_tell_what_was_dropped)
{
	struct rig *r = rig_new(LISTEN "kill -KILL $$");

	rig_start(r);
	loop_run(r->lp);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->told_dropped, 1);
	ck_assert_int_eq(r->dropped, -1);
	rig_free(r);
}
END_TEST

START_TEST(one_that_died_before_it_was_stopped_has_a_hole_to_its_end)
{
	struct rig *r = rig_new(LISTEN "kill -KILL $$");

	rig_start(r);
	loop_run(r->lp);
	loop_run_for(r->lp, 200);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->ceased, 1);
	rig_free(r);
	r = rig_new(LISTEN "while :; do sleep 0.05; done");
	rig_start(r);
	loop_run(r->lp);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->ceased, 0);
	rig_free(r);
}
END_TEST

/* What the kernel held for it is in no file. */
START_TEST(a_hole_begins_before_the_death)
{
	struct rig *r = rig_new(LISTEN "sleep 0.3; kill -KILL $$");

	rig_start(r);
	loop_run(r->lp);
	loop_run_for(r->lp, 600);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->ceased, 1);
	ck_assert_int_ge(r->hole_from, r->listened_at - 100);
	ck_assert_int_le(r->hole_from, r->listened_at + 100);
	rig_free(r);
}
END_TEST

START_TEST(what_it_says_is_the_reason)
{
	struct rig *r = rig_new(
	    "echo 'tcpdump: lo7: No such device exists' "
	    ">&2; echo '(really)' >&2; echo '0 packets captured' >&2; exit 1");
	rig_start(r);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->listened, 0);
	ck_assert_int_eq(r->why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(
	    strstr(r->why.text, "No such device exists (really)"));
	rig_free(r);
}
END_TEST

START_TEST(a_program_that_cannot_run_is_a_failure)
{
	struct rig *r = rig_new("exit 0");
	unlink(r->program);
	rig_start(r);
	ck_assert(!r->ended);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->why.kind, FAIL_LOCAL);
	rig_free(r);
}
END_TEST

START_TEST(one_that_dies_is_started_again_into_new_files)
{
	struct rig *r = rig_new(LISTEN "case $1 in *run000*) exit 1;; esac\n"
				       "exec sleep 30");
	rig_start(r);
	loop_run(r->lp);
	loop_run_for(r->lp, 1300);
	ck_assert_int_eq(r->listened, 1);
	ck_assert(!r->ended);
	char *inner = folder_list(r->folder);
	inner[strcspn(inner, " ")] = '\0';
	char *path = xasprintf("%s/%s", r->folder, inner);
	folder_is(path, "run000.pcap0 run001.pcap0 ");
	free(path);
	free(inner);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert_int_eq(r->why.kind, FAIL_NONE);
	rig_free(r);
}
END_TEST

START_TEST(one_that_is_paused_ends_at_once)
{
	struct rig *r = rig_new(LISTEN "exit 1");
	rig_start(r);
	loop_run(r->lp);
	loop_run_for(r->lp, 200);
	tcpdump_stop(r->tcpdump);
	int64_t from = loop_now(r->lp);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->why.kind, FAIL_NONE);
	ck_assert_int_lt(loop_now(r->lp) - from, 500);
	rig_free(r);
}
END_TEST

START_TEST(it_may_be_stopped_before_and_when_it_listens)
{
	struct rig *r = rig_new(LISTEN "exec sleep 30");
	rig_start(r);
	tcpdump_stop(r->tcpdump);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->why.kind, FAIL_NONE);
	r->ended = false;
	r->stop_at_once = true;
	rig_start(r);
	loop_run(r->lp);
	ck_assert(r->ended);
	ck_assert_int_eq(r->listened, 1);
	rig_free(r);
}
END_TEST

START_TEST(nothing_is_left_after_a_kill)
{
	struct rig *r = rig_new(LISTEN "exec sleep 30");
	rig_start(r);
	loop_run(r->lp);
	tcpdump_kill(r->tcpdump);
	r->tcpdump = NULL;
	/* no child of ours, not even one that is not reaped */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	rig_free(r);
}
END_TEST

UNIT_MAIN("tcpdump", what_the_kernel_dropped_is_told,
    one_that_is_killed_does_not_tell_what_was_dropped,
    one_that_died_before_it_was_stopped_has_a_hole_to_its_end,
    a_hole_begins_before_the_death,
    it_captures_once_it_listens_and_ends_when_told,
    its_arguments_are_fixed_and_its_environment_is_bare,
    what_it_says_is_the_reason, a_program_that_cannot_run_is_a_failure,
    one_that_dies_is_started_again_into_new_files,
    one_that_is_paused_ends_at_once,
    it_may_be_stopped_before_and_when_it_listens, nothing_is_left_after_a_kill)
