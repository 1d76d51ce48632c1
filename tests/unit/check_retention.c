/* check_retention.c - which finished captures go, and when. */
#include "agent/retention.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <fcntl.h>
#include <unistd.h>

#include "agent/owner.h"
#include "agent_folder.h"
#include "base/xmem.h"
#include "unit.h"

#define NOW_S 1000000
#define SIZE  41 /* of what folder_pcap() writes */

static struct world {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct agent_section conf;
	struct retention *retention;
} w;

static void
rig_new(int64_t keep_s, int64_t keep_files)
{
	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, (int64_t)NOW_S * 1000);
	unit_folder(w.folder);
	w.conf.captures = w.folder;
	w.conf.keep = keep_s * 1000;
	w.conf.keep_size = keep_files * SIZE;
	w.retention = retention_new(w.lp, &w.conf);
}

static void
rig_free(void)
{
	retention_free(w.retention);
	loop_free(w.lp);
}

static void
add(const char *name, int seconds_ago)
{
	struct timeval at = {NOW_S - seconds_ago, 0};
	char *path = xasprintf("%s/%s", w.folder, name);
	folder_pcap(path, 1, 1);
	ck_assert_int_eq(utimes(path, (struct timeval[2]){at, at}), 0);
	free(path);
}

/* False: this file system cannot tell whose a file is. */
static bool
add_of(const char *owner, const char *name, int seconds_ago)
{
	char *path = xasprintf("%s/%s", w.folder, name);
	char found[ADDR_TEXT_MAX];
	int fd;

	add(name, seconds_ago);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	owner_set(fd, owner);
	close(fd);
	owner_get(AT_FDCWD, path, found);
	free(path);
	return strcmp(found, owner) == 0;
}

START_TEST(what_is_older_than_keep_goes)
{
	rig_new(100, 1000);
	add("OVOC_device_a", 101);
	add("ABORTED_device_b", 101);
	add("OVOC_device_c", 50);
	loop_run_for(w.lp, 10);
	folder_is(w.folder, "OVOC_device_c ");
	loop_run_for(w.lp, 610000);
	folder_is(w.folder, "");
	rig_free();
}
END_TEST

START_TEST(the_oldest_go_first_until_the_rest_fits)
{
	rig_new(100000, 2);
	add("OVOC_device_a", 10);
	add("OVOC_device_b", 40);
	add("ABORTED_device_c", 20);
	add("OVOC_device_d", 30);
	ck_assert_int_eq(retention_size(w.retention), -1);
	loop_run_for(w.lp, 10);
	folder_is(w.folder, "ABORTED_device_c OVOC_device_a ");
	ck_assert_int_eq(retention_size(w.retention), 2 * SIZE);
	rig_free();
}
END_TEST

START_TEST(what_is_not_a_finished_capture_stays)
{
	rig_new(100, 0);
	char *running = xasprintf("%s/tmp_device_a_1", w.folder);
	char *folder = xasprintf("%s/OVOC_device_folder", w.folder);
	char *link = xasprintf("%s/OVOC_device_link", w.folder);
	ck_assert_int_eq(mkdir(running, 0700), 0);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	ck_assert_int_eq(symlink("/etc/hostname", link), 0);
	add("tmp_device_a_1/run000.pcap0", 1000);
	add("agent-state.json", 1000);
	add("notes", 1000);
	loop_run_for(w.lp, 10);
	folder_is(w.folder,
	    "OVOC_device_folder OVOC_device_link agent-state.json "
	    "notes tmp_device_a_1 ");
	folder_is(running, "run000.pcap0 ");
	free(running);
	free(folder);
	free(link);
	rig_free();
}
END_TEST

START_TEST(a_file_from_the_future_is_not_old)
{
	rig_new(100, 1000);
	add("OVOC_device_a", -5000);
	loop_run_for(w.lp, 10);
	folder_is(w.folder, "OVOC_device_a ");
	rig_free();
}
END_TEST

START_TEST(the_end_of_a_capture_is_followed_by_a_look)
{
	rig_new(1000000, 1);
	loop_run_for(w.lp, 10);
	add("OVOC_device_a", 2);
	add("OVOC_device_b", 1);
	loop_run_for(w.lp, 20000);
	folder_is(w.folder, "OVOC_device_a OVOC_device_b ");
	retention_soon(w.retention);
	retention_soon(w.retention);
	loop_run_for(w.lp, 11000);
	folder_is(w.folder, "OVOC_device_b ");
	rig_free();
}
END_TEST

START_TEST(who_takes_most_gives_first)
{
	rig_new(1000000, 3);
	if (!add_of("192.0.2.1", "OVOC_device_a", 9000))
		return;
	add_of("192.0.2.2", "OVOC_device_b", 8000);
	add_of("192.0.2.2", "OVOC_device_c", 7000);
	add_of("192.0.2.2", "OVOC_device_d", 6000);
	add_of("192.0.2.2", "OVOC_device_e", 5000);
	loop_run_for(w.lp, 10);
	folder_is(w.folder, "OVOC_device_a OVOC_device_d OVOC_device_e ");
	rig_free();
}
END_TEST

START_TEST(what_ended_within_the_hour_goes_last)
{
	rig_new(1000000, 2);
	if (!add_of("192.0.2.1", "OVOC_device_a", 3000))
		return;
	add_of("192.0.2.1", "OVOC_device_b", 2000);
	add_of("192.0.2.1", "OVOC_device_c", 1000);
	add_of("192.0.2.2", "OVOC_device_d", 4000);
	loop_run_for(w.lp, 10);
	/* the only one that is older goes, though its owner has least */
	folder_is(w.folder, "OVOC_device_b OVOC_device_c ");
	rig_free();
}
END_TEST

START_TEST(below_the_floor_the_same_ones_go)
{
	rig_new(1000000, 1000);
	add("OVOC_device_a", 5000);
	add("OVOC_device_b", 6000);
	loop_run_for(w.lp, 10);
	retention_make_room(w.retention, 1);
	folder_is(w.folder, "OVOC_device_a OVOC_device_b ");
	retention_make_room(w.retention, INT64_MAX);
	folder_is(w.folder, "");
	rig_free();
}
END_TEST

START_TEST(a_jump_of_the_clock_makes_nothing_old)
{
	rig_new(7200, 1000);
	add("OVOC_device_a", 3600);
	loop_run_for(w.lp, 10);
	loop_set_wall(w.lp, loop_wall(w.lp) + INT64_C(1000000000));
	loop_run_for(w.lp, 1200000);
	folder_is(w.folder, "OVOC_device_a ");
	/* there and back, and its age is what it was */
	loop_set_wall(w.lp, loop_wall(w.lp) - INT64_C(1000000000));
	loop_run_for(w.lp, 1200000);
	folder_is(w.folder, "OVOC_device_a ");
	loop_run_for(w.lp, 1800000);
	folder_is(w.folder, "");
	rig_free();
}
END_TEST

START_TEST(the_time_without_an_agent_makes_nothing_old)
{
	rig_new(7200, 1000);
	add("OVOC_device_a", 3600);
	loop_run_for(w.lp, 10);
	retention_free(w.retention);
	loop_set_wall(w.lp, loop_wall(w.lp) + INT64_C(1000000000));
	w.retention = retention_new(w.lp, &w.conf);
	loop_run_for(w.lp, 1200000);
	folder_is(w.folder, "OVOC_device_a ");
	loop_run_for(w.lp, 3000000);
	folder_is(w.folder, "");
	rig_free();
}
END_TEST

UNIT_MAIN("retention", what_is_older_than_keep_goes,
    the_oldest_go_first_until_the_rest_fits,
    what_is_not_a_finished_capture_stays, a_file_from_the_future_is_not_old,
    the_end_of_a_capture_is_followed_by_a_look, who_takes_most_gives_first,
    what_ended_within_the_hour_goes_last, below_the_floor_the_same_ones_go,
    a_jump_of_the_clock_makes_nothing_old,
    the_time_without_an_agent_makes_nothing_old)
