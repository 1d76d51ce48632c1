/* check_retrieval.c - a capture comes home in several tries. */
#include "device/retrieval.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/str.h"
#include "base/xmem.h"
#include "local.h"
#include "rig/fake_device.h"
#include "rig/fake_disk_sync.h"
#include "rig/fake_sync.h"
#include "unit.h"

#define WALL INT64_C(1795406400000) /* 2026-11-23T04:00:00Z */

static unsigned long disk_free = 1000000000; /* bytes */
static unsigned long disk_taken;             /* by others, at each look */

/* In place of the C library's. */
int
statvfs(const char *path, struct statvfs *fs)
{
	ck_assert_int_eq(path[0], '/');
	*fs = (struct statvfs){.f_bavail = disk_free, .f_frsize = 1};
	disk_free -= disk_taken;
	return 0;
}

struct fetch {
	struct loop *lp;
	struct disk_sync *disk;
	struct fake_device device;
	struct retrieval *retrieval;
	char *path;
	bool done;
	struct retrieval_end end;
	char remote[64];
};

static struct fetch *
fetch_new(void)
{
	struct fetch *f = xcalloc(1, sizeof(*f));
	char folder[UNIT_PATH_MAX];

	unit_folder(folder);
	f->lp = unit_loop_virtual(WALL);
	f->disk = disk_sync_new(f->lp);
	f->device = (struct fake_device){
	    .addr = local_addr("192.0.2.1"), .text = "192.0.2.1"};
	fake_fill(&f->device, 5, WALL);
	fake_devices(&f->device, 1);
	f->path = xasprintf("%s/home.pcap", folder);
	f->retrieval = retrieval_new(f->lp, f->disk, f->path);
	return f;
}

static void
fetch_free(struct fetch *f)
{
	retrieval_free(f->retrieval);
	disk_sync_free(f->disk);
	unit_loop_free(f->lp);
	free(f->path);
	free(f);
}

static void
on_done(void *arg, const struct retrieval_end *end)
{
	struct fetch *f = arg;

	ck_assert(!f->done);
	f->done = true;
	f->end = *end;
	str_copy(f->remote, sizeof(f->remote), end->remote);
}

static const char *const files[] = {"/debug-capture/x.pcap"};

/* One session, to its end; returns how it failed. */
static void
begin(struct fetch *f)
{
	struct sftp_spec spec = {.addr = f->device.addr,
	    .host = f->device.text,
	    .files = files,
	    .n_files = 1,
	    .stall_ms = 30000,
	    .narrow = retrieval_wants_narrow(f->retrieval)};

	f->done = false;
	retrieval_try(f->retrieval, &spec, on_done, f);
	ck_assert(!f->done);
	loop_run_for(f->lp, 60000);
}

static enum fail_kind
try(struct fetch *f)
{
	begin(f);
	ck_assert(f->done);
	return f->end.fail.kind;
}

static void
is_home(struct fetch *f)
{
	struct fail why;
	struct digest *d = digest_new();
	char hex[DIGEST_HEX_MAX];

	ck_assert_int_eq(unit_file_size(f->path), -1);
	ck_assert(retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(unit_file_size(f->path), (long)f->device.len);
	digest_add(d, f->device.file, f->device.len);
	ck_assert_str_eq(f->end.sha256, digest_hex(d, hex));
	digest_free(d);
}

START_TEST(a_whole_file_is_counted_and_hashed)
{
	struct fetch *f = fetch_new();

	ck_assert_int_eq(try(f), FAIL_NONE);
	ck_assert(f->end.logged_in);
	ck_assert_int_eq(f->end.verdict, PCAP_WHOLE);
	ck_assert_uint_eq(f->end.packets, 5);
	ck_assert_uint_eq(f->end.bytes, f->device.len);
	ck_assert_int_eq(f->end.first_us, WALL * 1000);
	ck_assert_int_eq(f->end.last_us, (WALL + 4000) * 1000);
	ck_assert_str_eq(f->remote, files[0]);
	ck_assert(!retrieval_wants_narrow(f->retrieval));
	is_home(f);
	fetch_free(f);
}
END_TEST

START_TEST(a_broken_transfer_goes_on_where_it_broke)
{
	struct fetch *f = fetch_new();

	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, 1);
	fake_fault(&f->device, STEP_SFTP, FAULT_HANG, 200, 1);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert(retrieval_wants_narrow(f->retrieval));
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_uint_eq(f->device.offset, 77);
	ck_assert_int_eq(try(f), FAIL_NONE);
	ck_assert_uint_eq(f->device.offset, 200);
	is_home(f);
	fetch_free(f);
}
END_TEST

START_TEST(a_file_that_changed_is_fetched_from_its_beginning)
{
	struct fetch *f = fetch_new();

	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, 2);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	f->device.mtime++;
	f->device.file[30]++;
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_uint_eq(f->device.offset, 0);
	f->device.len -= 76; /* another size */
	ck_assert_int_eq(try(f), FAIL_NONE);
	ck_assert_uint_eq(f->device.offset, 0);
	is_home(f);
	fetch_free(f);
}
END_TEST

START_TEST(a_cut_record_is_fetched_again_and_then_kept)
{
	struct fetch *f = fetch_new();
	struct fail why;

	fake_fault(&f->device, STEP_SFTP, FAULT_ENDS_EARLY, 111, -1);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(try(f), FAIL_NONE);
	ck_assert_uint_eq(f->device.offset, 0);
	ck_assert_int_eq(f->end.verdict, PCAP_CUT);
	ck_assert_uint_eq(f->end.bytes, 111);
	ck_assert_uint_eq(f->end.packets, 1);
	ck_assert(retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(unit_file_size(f->path), 111);
	fetch_free(f);
}
END_TEST

START_TEST(cut_at_another_length_is_fetched_once_more)
{
	struct fetch *f = fetch_new();

	fake_fault(&f->device, STEP_SFTP, FAULT_ENDS_EARLY, 111, 1);
	fake_fault(&f->device, STEP_SFTP, FAULT_ENDS_EARLY, 222, 1);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(try(f), FAIL_NONE);
	ck_assert_int_eq(f->end.verdict, PCAP_WHOLE);
	is_home(f);
	fetch_free(f);
}
END_TEST

/* Fetched once more, it breaks early: the first copy is the better one. */
START_TEST(what_came_once_stays_until_as_much_has_come_again)
{
	struct fetch *f = fetch_new();
	char *part = xasprintf("%s.part", f->path);
	char *first = xasprintf("%s.first.part", f->path);
	struct fail why;

	fake_fault(&f->device, STEP_SFTP, FAULT_ENDS_EARLY, 222, 1);
	fake_fault(&f->device, STEP_SFTP, FAULT_ENDS_EARLY, 111, 1);
	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, -1);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_uint_eq(f->end.bytes, 222);
	ck_assert_int_ge(unit_file_size(part), 0);
	ck_assert_int_ge(unit_file_size(first), 0);
	ck_assert(retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(unit_file_size(f->path), 222);
	retrieval_free(f->retrieval);
	f->retrieval = NULL;
	ck_assert_int_eq(unit_file_size(part), -1);
	ck_assert_int_eq(unit_file_size(first), -1);
	free(part);
	free(first);
	fetch_free(f);
}
END_TEST

/* It is refused, with this in the sentence, and nothing is left here. */
static void
stays(struct fetch *f, enum fail_kind kind, const char *has)
{
	char *part = xasprintf("%s.part", f->path);
	struct fail why;

	ck_assert_int_eq(try(f), kind);
	ck_assert_msg(
	    strstr(f->end.fail.text, has) != NULL, "%s", f->end.fail.text);
	ck_assert_ptr_nonnull(strstr(f->end.fail.text, "stays where it is"));
	ck_assert_uint_eq(f->end.bytes, 0);
	ck_assert_int_eq(unit_file_size(part), -1);
	ck_assert(!retrieval_keep(f->retrieval, &why));
	free(part);
}

START_TEST(what_would_break_the_floor_stays_on_the_device)
{
	struct fetch *f = fetch_new();

	disk_free = 1000 + f->device.len - 1;
	retrieval_limit(f->retrieval, 1000, 0);
	stays(f, FAIL_LOCAL, "were announced");
	/* Also where a part has come already. */
	disk_free = 1000000;
	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, 1);
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	disk_free = 1000;
	stays(f, FAIL_LOCAL, "campaign.min_free keeps 1000");
	/* Others fill the disk while it comes. */
	disk_free = 1000 + f->device.len;
	disk_taken = f->device.len;
	stays(f, FAIL_LOCAL, "have come");
	disk_taken = 0;
	disk_free = 1000 + f->device.len;
	ck_assert_int_eq(try(f), FAIL_NONE);
	is_home(f);
	fetch_free(f);
}
END_TEST

START_TEST(what_is_longer_than_max_file_stays_on_the_device)
{
	struct fetch *f = fetch_new();
	size_t len = f->device.len;

	retrieval_limit(f->retrieval, 1, (int64_t)len - 1);
	stays(f, FAIL_FINAL, "campaign.max_file allows");
	f->device.less = 100;
	retrieval_limit(f->retrieval, 1, (int64_t)len - 50);
	stays(f, FAIL_FINAL, "it has at least");
	retrieval_limit(f->retrieval, 1, (int64_t)len);
	ck_assert_int_eq(try(f), FAIL_NONE);
	is_home(f);
	fetch_free(f);
}
END_TEST

START_TEST(a_part_may_be_kept)
{
	struct fetch *f = fetch_new();
	struct fail why;

	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, -1);
	try(f);
	ck_assert(retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(unit_file_size(f->path), 77);
	fetch_free(f);
}
END_TEST

START_TEST(with_nothing_there_is_nothing_to_keep)
{
	struct fetch *f = fetch_new();
	struct fail why;

	fake_fault(&f->device, STEP_SFTP, FAULT_UNREACHABLE, 0, -1);
	ck_assert_int_eq(try(f), FAIL_UNREACHABLE);
	ck_assert(!f->end.logged_in);
	ck_assert(!retrieval_keep(f->retrieval, &why));
	fetch_free(f);
}
END_TEST

START_TEST(what_is_not_kept_leaves_nothing_behind)
{
	struct fetch *f = fetch_new();
	char *part = xasprintf("%s.part", f->path);

	fake_fault(&f->device, STEP_SFTP, FAULT_CUT, 77, -1);
	try(f);
	ck_assert_int_ge(unit_file_size(part), 0);
	retrieval_free(f->retrieval);
	f->retrieval = NULL;
	ck_assert_int_eq(unit_file_size(part), -1);
	ck_assert_int_eq(unit_file_size(f->path), -1);
	free(part);
	fetch_free(f);
}
END_TEST

START_TEST(a_folder_that_is_gone_is_local_trouble)
{
	struct fetch *f = fetch_new();

	retrieval_free(f->retrieval);
	f->retrieval = retrieval_new(f->lp, NULL, "/nonexistent/x.pcap");
	ck_assert_int_eq(try(f), FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(f->end.fail.text, "/nonexistent"));
	fetch_free(f);
}
END_TEST

START_TEST(cancel_ends_a_try_without_a_word)
{
	struct fetch *f = fetch_new();
	struct sftp_spec spec = {
	    .addr = f->device.addr, .files = files, .n_files = 1};

	retrieval_try(f->retrieval, &spec, on_done, f);
	loop_run_for(f->lp, 32);
	retrieval_cancel(f->retrieval);
	retrieval_cancel(f->retrieval);
	loop_run_for(f->lp, 1000);
	ck_assert(!f->done);
	fetch_free(f);
}
END_TEST

/* --- its sync, where that is beside the loop --- */

/* All has come, and the disk is at it. */
static struct fetch *
fetch_synced_beside(void)
{
	struct fetch *f = fetch_new();

	fake_disk_sync_beside();
	begin(f);
	ck_assert(!f->done);
	ck_assert_int_eq(fake_disk_sync_begun(), 1);
	ck_assert(retrieval_has_come(f->retrieval));
	return f;
}

START_TEST(a_try_ends_when_what_came_is_on_the_disk)
{
	struct fetch *f = fetch_synced_beside();

	fake_disk_sync_end(0);
	ck_assert(f->done);
	ck_assert(!retrieval_has_come(f->retrieval));
	ck_assert_int_eq(f->end.fail.kind, FAIL_NONE);
	ck_assert(f->end.logged_in);
	ck_assert_uint_eq(f->end.packets, 5);
	is_home(f);
	/* It is not synced again. */
	ck_assert_int_eq(fake_synced(), 0);
	fetch_free(f);
}
END_TEST

START_TEST(a_sync_that_fails_shows_when_the_file_is_kept)
{
	struct fetch *f = fetch_synced_beside();
	struct fail why;

	fake_disk_sync_end(EIO);
	ck_assert_int_eq(f->end.fail.kind, FAIL_NONE);
	ck_assert(!retrieval_put(f->retrieval, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, f->path));
	ck_assert_int_eq(unit_file_size(f->path), -1);
	fetch_free(f);
}
END_TEST

START_TEST(cancel_ends_its_wait_for_the_disk_too)
{
	struct fetch *f = fetch_synced_beside();
	struct fail why;

	retrieval_cancel(f->retrieval);
	ck_assert(!retrieval_has_come(f->retrieval));
	ck_assert(retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(fake_synced(), (off_t)f->device.len);
	ck_assert_int_eq(unit_file_size(f->path), (long)f->device.len);
	ck_assert(!f->done);
	fetch_free(f);
}
END_TEST

START_TEST(an_error_of_what_is_cancelled_shows_when_the_file_is_kept)
{
	struct fetch *f = fetch_synced_beside();
	struct fail why;

	fake_disk_sync_fails(EIO);
	retrieval_cancel(f->retrieval);
	fake_disk_sync_fails(0);
	ck_assert(!retrieval_keep(f->retrieval, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	fetch_free(f);
}
END_TEST

START_TEST(what_is_cut_is_not_synced_first)
{
	struct fetch *f = fetch_new();

	fake_disk_sync_beside();
	f->device.len -= 1;
	ck_assert_int_eq(try(f), FAIL_TRANSIENT);
	ck_assert_int_eq(fake_disk_sync_begun(), 0);
	fetch_free(f);
}
END_TEST

UNIT_MAIN("retrieval", a_whole_file_is_counted_and_hashed,
    a_broken_transfer_goes_on_where_it_broke,
    a_file_that_changed_is_fetched_from_its_beginning,
    a_cut_record_is_fetched_again_and_then_kept,
    cut_at_another_length_is_fetched_once_more,
    what_came_once_stays_until_as_much_has_come_again,
    what_would_break_the_floor_stays_on_the_device,
    what_is_longer_than_max_file_stays_on_the_device, a_part_may_be_kept,
    with_nothing_there_is_nothing_to_keep,
    what_is_not_kept_leaves_nothing_behind,
    a_folder_that_is_gone_is_local_trouble, cancel_ends_a_try_without_a_word,
    a_try_ends_when_what_came_is_on_the_disk,
    a_sync_that_fails_shows_when_the_file_is_kept,
    cancel_ends_its_wait_for_the_disk_too,
    an_error_of_what_is_cancelled_shows_when_the_file_is_kept,
    what_is_cut_is_not_synced_first)
