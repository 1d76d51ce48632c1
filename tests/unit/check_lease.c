/* check_lease.c - how long a capture goes on, and the ways it ends. */
#include "agent/lease.h"

#include "session/world.h"
#include "unit.h"

static struct reports {
	struct lease *lease;
	int began, ended;
	bool awaited;
	enum lease_phase phase; /* as it ended */
	char file[CAPTURE_NAME_MAX];
	enum fail_kind kind;
} told;

static void
on_began(void *arg, bool awaited)
{
	ck_assert_ptr_eq(arg, &told);
	told.began++;
	told.awaited = awaited;
}

static void
on_ended(void *arg, const struct fail *why, const struct info_pieces *pieces)
{
	(void)pieces;
	ck_assert_ptr_eq(arg, &told);
	told.ended++;
	told.phase = lease_phase(told.lease);
	str_copy(told.file, sizeof(told.file), lease_file(told.lease));
	told.kind = why->kind;
	told.lease = NULL;
}

static const struct lease_events events = {on_began, on_ended};

static const struct addr *
owner(void)
{
	static struct addr a;
	ck_assert(addr_parse(&a, "192.0.2.1"));
	return &a;
}

static struct lease *
start(void)
{
	struct fail why;

	told = (struct reports){.began = 0};
	rig_new(false);
	told.lease =
	    lease_start(&w.env.capture, DEVICE, owner(), &events, &told, &why);
	return told.lease;
}

/* Its agent is killed, and another goes on after `pause` ms. */
static struct lease *
go_on(int64_t pause, struct fail *why)
{
	struct lease_state was;

	lease_keep(told.lease, &was);
	lease_kill(told.lease);
	loop_run_for(w.lp, pause);
	told.lease =
	    lease_resume(&w.env.capture, DEVICE, &was, &events, &told, why);
	return told.lease;
}

static void
end_world(void)
{
	lease_kill(told.lease);
	rig_free();
}

START_TEST(it_runs_once_tcpdump_captures)
{
	struct lease *l = start();
	ck_assert_int_eq(lease_phase(l), LEASE_STARTING);
	ck_assert(lease_goes_on(l));
	ck_assert(!lease_in_hand(l));
	capture_began();
	ck_assert_int_eq(told.began, 1);
	ck_assert(told.awaited);
	ck_assert_int_eq(lease_phase(l), LEASE_RUNNING);
	ck_assert(lease_in_hand(l));
	end_world();
}
END_TEST

START_TEST(one_that_cannot_begin_is_none)
{
	struct fail why;
	rig_new(false);
	w.capture_refused = true;
	ck_assert_ptr_null(
	    lease_start(&w.env.capture, DEVICE, owner(), &events, &told, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	rig_free();
}
END_TEST

START_TEST(one_that_never_captures_tells_why)
{
	start();
	capture_ended(FAIL_UNREACHABLE);
	ck_assert_int_eq(told.began, 0);
	ck_assert_int_eq(told.phase, LEASE_STARTING);
	ck_assert_int_eq(told.kind, FAIL_UNREACHABLE);
	end_world();
}
END_TEST

START_TEST(a_stop_names_the_file)
{
	struct lease *l = start();
	capture_began();
	ck_assert_str_eq(lease_file(l), "");
	lease_stop(l, FILE_Z);
	ck_assert(!lease_goes_on(l));
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	capture_ended(FAIL_NONE);
	ck_assert_int_eq(told.phase, LEASE_STOPPING);
	ck_assert_str_eq(told.file, FILE_Z);
	end_world();
}
END_TEST

START_TEST(an_order_to_end_overtakes_the_beginning)
{
	struct lease *l = start();
	lease_abort(l);
	capture_began();
	ck_assert_int_eq(told.began, 0);
	ck_assert_int_eq(lease_phase(l), LEASE_ABORTING);
	end_world();
}
END_TEST

START_TEST(the_first_order_counts)
{
	struct lease *l = start();
	capture_began();
	lease_stop(l, FILE_Z);
	lease_stop(l, FILE_2);
	lease_abort(l);
	lease_park(l);
	ck_assert_int_eq(lease_phase(l), LEASE_STOPPING);
	ck_assert_str_eq(lease_file(l), FILE_Z);
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	ck_assert(!w.capture->parked);
	end_world();
}
END_TEST

START_TEST(one_that_is_aborted_may_still_be_stopped)
{
	struct lease *l = start();
	capture_began();
	lease_abort(l);
	lease_park(l);
	ck_assert_int_eq(lease_phase(l), LEASE_ABORTING);
	lease_stop(l, FILE_Z);
	ck_assert_int_eq(lease_phase(l), LEASE_STOPPING);
	ck_assert_str_eq(w.capture->cpe_name, FILE_Z);
	end_world();
}
END_TEST

START_TEST(one_that_ended_as_it_was_told_to_has_no_other_reason)
{
	struct lease *l = start();
	capture_began();
	ck_assert_str_eq(lease_ended_why(NULL), "");
	lease_stop(l, FILE_Z);
	w.capture->events->ceased(w.capture->arg, 1000);
	ck_assert_str_eq(lease_ended_why(l),
	    "the capture ended at 1970-01-01T00:00:01.000Z as tcpdump did, "
	    "which did not capture again");
	end_world();
	l = start();
	capture_began();
	lease_stop(l, FILE_Z);
	ck_assert_str_eq(lease_ended_why(l), "");
	end_world();
}
END_TEST

START_TEST(one_without_room_is_kept_as_aborted)
{
	struct lease *l = start();
	capture_began();
	ck_assert_str_eq(lease_folder(l), FOLDER);
	capture_expelled();
	capture_expelled();
	ck_assert_int_eq(lease_phase(l), LEASE_ABORTING);
	ck_assert(w.capture->stopped);
	ck_assert_str_eq(lease_ended_why(l),
	    "the capture ended at 1970-01-01T00:00:00.000Z for want of room: "
	    "no room");
	end_world();
}
END_TEST

START_TEST(it_lives_from_one_renewal_to_the_next)
{
	struct lease *l = start();
	capture_began();
	lease_modern(l);
	loop_run_for(w.lp, 93599000);
	lease_renew(l);
	loop_run_for(w.lp, 93599000);
	ck_assert(lease_goes_on(l));
	loop_run_for(w.lp, 2000);
	ck_assert_int_eq(lease_phase(l), LEASE_ABORTING);
	ck_assert(w.capture->stopped);
	ck_assert_ptr_null(w.capture->cpe_name);
	end_world();
}
END_TEST

START_TEST(the_ring_hears_of_a_verify_only_while_it_runs)
{
	struct lease *l = start();
	lease_verify_began(l);
	lease_verify_ended(l, NULL);
	ck_assert_int_eq(w.capture->verifies_began, 0);
	ck_assert_int_eq(w.capture->verifies_ended, 0);
	capture_began();
	lease_verify_began(l);
	lease_verify_ended(l, NULL);
	ck_assert_int_eq(w.capture->verifies_began, 1);
	ck_assert_int_eq(w.capture->verifies_ended, 1);
	lease_stop(l, FILE_Z);
	lease_verify_ended(l, NULL);
	ck_assert_int_eq(w.capture->verifies_ended, 1);
	end_world();
}
END_TEST

START_TEST(one_of_an_earlier_agent_is_in_hand_at_once)
{
	struct fail why;
	start();
	capture_began();
	struct lease *l = go_on(1000, &why);
	ck_assert_int_eq(lease_phase(l), LEASE_STARTING);
	ck_assert(lease_in_hand(l));
	capture_began();
	ck_assert(!told.awaited);
	end_world();
}
END_TEST

START_TEST(asked_for_again_it_is_waited_for)
{
	struct fail why;
	start();
	struct lease *l = go_on(1000, &why);
	lease_await(l);
	ck_assert(!lease_in_hand(l));
	capture_began();
	ck_assert(told.awaited);
	ck_assert(lease_in_hand(l));
	lease_await(l);
	ck_assert(lease_in_hand(l));
	end_world();
}
END_TEST

START_TEST(the_time_without_an_agent_counts)
{
	struct fail why;
	lease_modern(start());
	struct lease *l = go_on(93000000, &why);
	loop_run_for(w.lp, 599000);
	ck_assert(lease_goes_on(l));
	loop_run_for(w.lp, 2000);
	ck_assert_int_eq(lease_phase(l), LEASE_ABORTING);
	end_world();
}
END_TEST

START_TEST(one_whose_folder_is_gone_is_none)
{
	struct fail why;
	start();
	w.folder_gone = true;
	ck_assert_ptr_null(go_on(1000, &why));
	ck_assert_int_eq(why.kind, FAIL_FINAL);
	end_world();
}
END_TEST

START_TEST(what_is_kept_depends_on_how_it_ends)
{
	struct lease_state kept;
	struct lease *l = start();
	lease_stop(l, FILE_Z);
	lease_keep(l, &kept);
	ck_assert_str_eq(kept.capture.folder, FOLDER);
	end_world();
	l = start();
	lease_park(l);
	ck_assert(w.capture->parked);
	lease_keep(l, &kept);
	ck_assert_str_eq(kept.capture.folder, FOLDER);
	end_world();
	l = start();
	lease_abort(l);
	lease_keep(l, &kept);
	ck_assert_str_eq(kept.capture.folder, "");
	end_world();
}
END_TEST

UNIT_MAIN("lease", it_runs_once_tcpdump_captures, one_that_cannot_begin_is_none,
    one_that_never_captures_tells_why, a_stop_names_the_file,
    an_order_to_end_overtakes_the_beginning, the_first_order_counts,
    one_that_is_aborted_may_still_be_stopped,
    one_that_ended_as_it_was_told_to_has_no_other_reason,
    one_without_room_is_kept_as_aborted, it_lives_from_one_renewal_to_the_next,
    the_ring_hears_of_a_verify_only_while_it_runs,
    one_of_an_earlier_agent_is_in_hand_at_once,
    asked_for_again_it_is_waited_for, the_time_without_an_agent_counts,
    one_whose_folder_is_gone_is_none, what_is_kept_depends_on_how_it_ends)
