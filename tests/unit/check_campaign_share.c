/* check_campaign_share.c - slow servers and the places that others wait for. */
#include "unit.h"

#include "rig/fake_disk_sync.h"
#include "rig/rig.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)

/* Device 0 sends so many bytes a second, and gets the only place first. */
static struct rig *
rig_slow(int n_devices, int bytes)
{
	struct rig *r = rig_waiting(n_devices, "limits = { sftp = 1; };");

	fake_fault(&r->devices[0], STEP_SFTP, FAULT_SLOW, bytes, -1);
	rig_lost(r, 0);
	rig_until_hit(r, 0, STEP_SFTP);
	return r;
}

START_TEST(a_slow_transfer_gives_its_place_up_and_goes_on)
{
	struct rig *r = rig_slow(3, 2);
	struct fake_device *d = r->devices;
	int64_t begun = d[0].at[STEP_SFTP][0];
	const struct row *row;

	rig_lost(r, 1);
	rig_lost(r, 2);
	rig_finish(r, 60 * MINUTE);
	ck_assert_int_ge(d[1].at[STEP_SFTP][0], begun + MINUTE);
	ck_assert_int_le(d[2].at[STEP_SFTP][0], begun + MINUTE + 5 * SECOND);
	ck_assert_int_eq(d[0].hits[STEP_SFTP], 2);
	ck_assert_uint_gt(d[0].offset, 100);
	/* One attempt, from its first byte to its last. */
	row = rig_expect(
	    r, 0, TASK_RETRIEVE, 1, TASK_SUCCESS, SEVERITY_NORMAL, "packets");
	ck_assert_int_eq(rig_count(r, 0, TASK_RETRIEVE), 1);
	ck_assert_int_eq(row->attempt, 1);
	ck_assert_int_ge(row->duration, (int64_t)d[0].len / 2 * SECOND);
	ck_assert_int_eq(rig_file_size(r, row->file), (long)d[0].len);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(two_slow_ones_take_turns)
{
	struct rig *r = rig_slow(2, 2);
	struct fake_device *d = r->devices;

	fake_fault(&d[1], STEP_SFTP, FAULT_SLOW, 2, -1);
	rig_lost(r, 1);
	rig_finish(r, 60 * MINUTE);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_ge(d[i].hits[STEP_SFTP], 2);
		rig_expect(r, (size_t)i, TASK_RETRIEVE, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "packets");
	}
	rig_free(r);
}
END_TEST

START_TEST(nobody_waits_so_it_stays)
{
	struct rig *r = rig_slow(1, 2);

	rig_finish(r, 60 * MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SFTP], 1);
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

/* It needs about 80 s. */
START_TEST(what_is_nearly_done_ends_first)
{
	struct rig *r = rig_slow(2, 3);
	struct fake_device *d = r->devices;
	int64_t needs = (int64_t)d[0].len / 3 * SECOND;

	ck_assert_int_gt(needs, MINUTE + 10 * SECOND);
	ck_assert_int_lt(needs, 2 * MINUTE - 10 * SECOND);
	rig_lost(r, 1);
	rig_finish(r, 60 * MINUTE);
	ck_assert_int_eq(d[0].hits[STEP_SFTP], 1);
	ck_assert_int_ge(d[1].at[STEP_SFTP][0], d[0].at[STEP_SFTP][0] + needs);
	rig_free(r);
}
END_TEST

/* All of it is here, and the disk takes its time. */
START_TEST(what_is_written_to_the_disk_keeps_its_place)
{
	struct rig *r = rig_slow(2, 3);
	struct fake_device *d = r->devices;
	int64_t needs = (int64_t)d[0].len / 3 * SECOND;

	rig_lost(r, 1);
	rig_advance(r, d[0].at[STEP_SFTP][0] + needs - SECOND - rig_now(r));
	fake_disk_sync_takes(20 * SECOND);
	rig_advance(r, 10 * SECOND);
	ck_assert_int_eq(d[1].hits[STEP_SFTP], 0);
	fake_disk_sync_takes(0);
	rig_finish(r, 60 * MINUTE);
	ck_assert_int_eq(d[0].hits[STEP_SFTP], 1);
	for (size_t i = 0; i < 2; i++)
		rig_expect(r, i, TASK_RETRIEVE, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "packets");
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_share", a_slow_transfer_gives_its_place_up_and_goes_on,
    two_slow_ones_take_turns, nobody_waits_so_it_stays,
    what_is_nearly_done_ends_first, what_is_written_to_the_disk_keeps_its_place)
