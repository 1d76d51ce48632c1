/* check_keeper.c - the state file on the disk. */
#include "agent/keeper.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent_folder.h"
#include "base/xmem.h"
#include "loop/timer.h"
#include "unit.h"

static struct world {
	struct loop *lp;
	char folder[UNIT_PATH_MAX];
	struct keeper *keeper;
	size_t devices;
	int collected;
	struct timer work;
} w;

static void
collect(void *arg, struct agent_state *to)
{
	(void)arg;
	w.collected++;
	to->devices = xcalloc(w.devices + 1, sizeof(*to->devices));
	for (; to->n < w.devices; to->n++) {
		struct device_state *d = &to->devices[to->n];
		snprintf(d->device, sizeof(d->device), "10.0.0.%zu", to->n);
		addr_parse(&d->registration.owner, "192.0.2.1");
		d->registration.port = 1;
	}
}

static void
changes(void *arg)
{
	(void)arg;
	keeper_changed(w.keeper);
	keeper_changed(w.keeper);
}

static void
rig_new(void)
{
	memset(&w, 0, sizeof(w));
	w.lp = loop_new_virtual(NULL, 0);
	unit_folder(w.folder);
	w.keeper = keeper_new(w.lp, w.folder, collect, NULL);
	timer_init(&w.work, w.lp, changes, NULL);
}

static void
rig_free(void)
{
	keeper_free(w.keeper);
	loop_free(w.lp);
}

static void
write_file(const char *text)
{
	char *path = xasprintf("%s/agent-state.json", w.folder);
	unit_write(path, text);
	free(path);
}

static size_t
reads(void)
{
	struct agent_state s;
	keeper_read(w.keeper, &s);
	size_t n = s.n;
	agent_state_free(&s);
	return n;
}

START_TEST(a_turn_that_changes_something_writes_once)
{
	rig_new();
	w.devices = 3;
	loop_run_for(w.lp, 100);
	ck_assert_int_eq(w.collected, 0);
	timer_set(&w.work, 0);
	loop_run_for(w.lp, 100000);
	ck_assert_int_eq(w.collected, 1);
	folder_is(w.folder, "agent-state.json ");
	ck_assert_uint_eq(reads(), 3);
	rig_free();
}
END_TEST

START_TEST(with_no_device_left_the_file_goes)
{
	rig_new();
	w.devices = 1;
	keeper_changed(w.keeper);
	keeper_flush(w.keeper);
	folder_is(w.folder, "agent-state.json ");
	w.devices = 0;
	keeper_changed(w.keeper);
	keeper_flush(w.keeper);
	folder_is(w.folder, "");
	ck_assert_uint_eq(reads(), 0);
	rig_free();
}
END_TEST

START_TEST(a_file_that_is_not_understood_is_moved_aside)
{
	rig_new();
	write_file("{\"version\":1,\"devices\":[{");
	ck_assert_uint_eq(reads(), 0);
	folder_is(w.folder, "agent-state.json.bad ");
	write_file("{\"version\":2,\"devices\":[]}");
	ck_assert_uint_eq(reads(), 0);
	folder_is(w.folder, "agent-state.json.bad ");
	write_file("");
	ck_assert_uint_eq(reads(), 0);
	folder_is(w.folder, "agent-state.json.bad ");
	rig_free();
}
END_TEST

START_TEST(what_is_no_file_is_not_read)
{
	rig_new();
	char *path = xasprintf("%s/agent-state.json", w.folder);
	ck_assert_int_eq(symlink("/dev/zero", path), 0);
	ck_assert_uint_eq(reads(), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_uint_eq(reads(), 0);
	free(path);
	rig_free();
}
END_TEST

START_TEST(a_write_that_failed_is_tried_again)
{
	rig_new();
	w.devices = 1;
	char *path = xasprintf("%s/agent-state.json", w.folder);
	char *below = xasprintf("%s/x", path);
	/* A folder that is not empty is in the way. */
	ck_assert_int_eq(mkdir(path, 0700), 0);
	ck_assert_int_eq(mkdir(below, 0700), 0);
	timer_set(&w.work, 0);
	loop_run_for(w.lp, 100);
	ck_assert_int_eq(w.collected, 1);
	ck_assert_int_eq(rmdir(below), 0);
	ck_assert_int_eq(rmdir(path), 0);
	folder_is(w.folder, "");
	loop_run_for(w.lp, 120000);
	ck_assert_int_eq(w.collected, 2);
	folder_is(w.folder, "agent-state.json ");
	free(path);
	free(below);
	rig_free();
}
END_TEST

UNIT_MAIN("keeper", a_turn_that_changes_something_writes_once,
    with_no_device_left_the_file_goes,
    a_file_that_is_not_understood_is_moved_aside, what_is_no_file_is_not_read,
    a_write_that_failed_is_tried_again)
