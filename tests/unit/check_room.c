/* check_room.c - who may write to the captures' disk, and who gives way.
 *
 * The disk is played by store_free_bytes() here, which takes the place of
 * agent/store at link time.
 */
#include "agent/room.h"

#include <string.h>

#include "unit.h"

#define MB   INT64_C(1000000)
#define RING (4 * MB) /* of two files */

struct writer {
	struct claim claim;
	int64_t wrote;
	bool expelled;
	struct fail why;
};

static struct world {
	struct loop *lp;
	struct agent_section conf;
	struct room *room;
	int64_t disk;     /* without what the writers wrote */
	int64_t finished; /* captures that may be deleted */
	struct writer writers[4];
} w;

static int64_t
left(void)
{
	int64_t space = w.disk - w.finished;

	for (size_t i = 0; i < 4; i++)
		space -= w.writers[i].wrote;
	return space;
}

long long
store_free_bytes(const struct store *s)
{
	(void)s;
	return left();
}

static void
delete_some(void *arg, int64_t bytes)
{
	(void)arg;
	while (w.finished > 0 && left() < bytes)
		w.finished -= MB;
}

static int64_t
written(void *arg)
{
	const struct writer *x = arg;

	return x->wrote;
}

static void
on_expelled(void *arg, const struct fail *why)
{
	struct writer *x = arg;

	x->expelled = true;
	x->why = *why;
}

static const struct claim_events events = {written, on_expelled};

/* So much above the floor. */
static void
rig_new(int64_t above)
{
	static char folder[] = "/captures";

	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, 0);
	w.conf = (struct agent_section){.captures = folder,
	    .files = 2,
	    .file_size = RING / 2 - 1, /* rounded up */
	    .min_free = 30 * MB,
	    .max_captures = 3};
	w.disk = 30 * MB + above;
	w.room = room_new(w.lp, &w.conf, NULL, delete_some, NULL);
}

static void
rig_free(void)
{
	for (size_t i = 0; i < 4; i++)
		room_drop(&w.writers[i].claim);
	room_free(w.room);
	loop_free(w.lp);
}

static bool
claim(unsigned i)
{
	struct fail why;

	return room_claim(
	    w.room, &w.writers[i].claim, &events, &w.writers[i], &why);
}

static unsigned
expelled(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < 4; i++)
		n += w.writers[i].expelled;
	return n;
}

START_TEST(each_capture_has_its_ring_for_sure)
{
	rig_new(2 * RING + MB);
	ck_assert_int_eq(room_left(w.room), 2 * RING + MB);
	ck_assert(claim(0));
	ck_assert_int_eq(room_left(w.room), RING + MB);
	ck_assert(claim(1));
	ck_assert_int_eq(room_left(w.room), MB);
	ck_assert(!claim(2));
	/* what is written was promised before */
	w.writers[0].wrote = RING;
	loop_run_for(w.lp, 6000);
	ck_assert(!claim(2));
	room_drop(&w.writers[1].claim);
	ck_assert(claim(2));
	loop_run_for(w.lp, 10000);
	ck_assert_uint_eq(expelled(), 0);
	rig_free();
}
END_TEST

START_TEST(there_are_max_captures_whatever_the_disk_has)
{
	struct fail why;
	rig_new(100 * RING);
	for (unsigned i = 0; i < 3; i++)
		ck_assert(claim(i));
	ck_assert(!room_claim(
	    w.room, &w.writers[3].claim, &events, &w.writers[3], &why));
	ck_assert_ptr_nonnull(strstr(why.text, "max_captures"));
	rig_free();
}
END_TEST

START_TEST(a_protection_is_a_promise_too)
{
	struct fail why;
	rig_new(2 * RING + MB);
	ck_assert(claim(0));
	w.writers[0].wrote = 2 * MB;
	/* one of its two files is begun: the other may come, and two more */
	ck_assert(room_claim_files(&w.writers[0].claim, 1, &why));
	ck_assert(!room_claim_files(&w.writers[0].claim, 2, &why));
	ck_assert(!claim(1));
	rig_free();
}
END_TEST

START_TEST(each_run_of_tcpdump_needs_a_ring)
{
	struct fail why;
	rig_new(2 * RING + MB);
	ck_assert(claim(0));
	ck_assert(room_claim_ring(&w.writers[0].claim, &why));
	w.writers[0].wrote = RING;
	ck_assert(room_claim_ring(&w.writers[0].claim, &why));
	/* the same once more: nothing has been written since */
	ck_assert(room_claim_ring(&w.writers[0].claim, &why));
	w.writers[0].wrote = RING + 2 * MB;
	ck_assert(!room_claim_ring(&w.writers[0].claim, &why));
	rig_free();
}
END_TEST

START_TEST(one_that_goes_on_is_never_refused)
{
	rig_new(MB);
	w.writers[0].wrote = MB;
	room_claim_again(w.room, &w.writers[0].claim, &events, &w.writers[0]);
	loop_run_for(w.lp, 10000);
	ck_assert_uint_eq(expelled(), 0);
	ck_assert(!claim(1));
	rig_free();
}
END_TEST

START_TEST(below_the_floor_finished_captures_go_then_the_newest)
{
	rig_new(4 * RING);
	w.finished = 2 * MB;
	for (unsigned i = 0; i < 3; i++)
		ck_assert(claim(i));
	w.disk = 31 * MB; /* somebody else's files */
	loop_run_for(w.lp, 1100);
	ck_assert_int_eq(w.finished, MB);
	ck_assert_uint_eq(expelled(), 0);
	w.disk = 29 * MB;
	loop_run_for(w.lp, 1000);
	ck_assert_int_eq(w.finished, 0);
	ck_assert_uint_eq(expelled(), 1);
	ck_assert(w.writers[2].expelled);
	ck_assert_ptr_nonnull(strstr(w.writers[2].why.text, "min_free"));
	/* it gets the time to end; that was not enough */
	loop_run_for(w.lp, 1000);
	ck_assert_uint_eq(expelled(), 1);
	loop_run_for(w.lp, 3000);
	ck_assert(w.writers[1].expelled);
	w.disk = 40 * MB;
	loop_run_for(w.lp, 60000);
	ck_assert(!w.writers[0].expelled);
	rig_free();
}
END_TEST

START_TEST(finished_captures_make_room_for_no_promise)
{
	rig_new(RING);
	w.finished = MB;
	ck_assert(!claim(0));
	ck_assert_int_eq(w.finished, MB);
	/* for the floor they do */
	w.disk = 30 * MB;
	ck_assert(!claim(0));
	ck_assert_int_eq(w.finished, 0);
	rig_free();
}
END_TEST

START_TEST(the_longest_silent_gives_way)
{
	rig_new(2 * RING);
	ck_assert(claim(0));
	ck_assert(claim(1));
	room_claim_silent(&w.writers[0].claim, 5000);
	room_claim_silent(&w.writers[1].claim, 4000);
	ck_assert(claim(2));
	ck_assert(w.writers[1].expelled);
	room_claim_silent(&w.writers[0].claim, 0);
	ck_assert(!claim(3));
	ck_assert(!w.writers[0].expelled);
	rig_free();
}
END_TEST

UNIT_MAIN("room", each_capture_has_its_ring_for_sure,
    there_are_max_captures_whatever_the_disk_has, a_protection_is_a_promise_too,
    each_run_of_tcpdump_needs_a_ring, one_that_goes_on_is_never_refused,
    below_the_floor_finished_captures_go_then_the_newest,
    finished_captures_make_room_for_no_promise, the_longest_silent_gives_way)
