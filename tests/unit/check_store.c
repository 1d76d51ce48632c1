/* check_store.c - pieces of captures and the names they end up with. */
#include "agent/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "agent/owner.h"
#include "agent_folder.h"
#include "base/str.h"
#include "base/xmem.h"
#include "wire/capture_name.h"
#include "unit.h"

#define CPE     "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"
#define OVOC    "OVOC_device_192.0.2.10_2026-11-23T04.00.00.000000Z"
#define ABORTED "ABORTED_device_192.0.2.10_1970-01-01T00.00.01.000000Z"

struct rig {
	char folder[UNIT_PATH_MAX];
	struct store *store;
	struct pieces *pieces;
	struct fail why;
};

static struct rig
rig_new(const char *device)
{
	struct rig r;
	unit_folder(r.folder);
	r.store = store_open(r.folder, NULL, &r.why);
	ck_assert_ptr_nonnull(r.store);
	r.pieces = pieces_new(r.store, device, 1000, &r.why);
	ck_assert_ptr_nonnull(r.pieces);
	return r;
}

static void
rig_free(struct rig *r)
{
	store_close(r->store);
}

/* Another run of tcpdump: `n` files whose first packets have these times. */
static void
rig_run(struct rig *r, const int64_t *seconds, int n)
{
	char *base = pieces_next_path(r->pieces);
	for (int i = 0; i < n; i++) {
		char *path = xasprintf("%s%d", base, i);
		folder_pcap(path, seconds[i], (unsigned char)seconds[i]);
		free(path);
	}
	free(base);
}

START_TEST(pieces_are_numbered_by_the_time_of_their_first_packet)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){50, 20, 30}, 3);
	rig_run(&r, (int64_t[]){60, 40}, 2);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 5);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	folder_is(r.folder, OVOC "-0.pcap " OVOC "-1.pcap " OVOC "-2.pcap " OVOC
				 "-3.pcap " OVOC "-4.pcap ");
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-0.pcap"), 20);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-1.pcap"), 30);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-2.pcap"), 40);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-3.pcap"), 50);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-4.pcap"), 60);
	rig_free(&r);
}
END_TEST

START_TEST(a_finished_piece_is_as_old_as_its_name)
{
	const struct timeval old[2] = {{1, 0}, {1, 0}};
	struct rig r = rig_new("192.0.2.10");
	struct stat st;
	time_t from = time(NULL);
	char *path = pieces_next_path(r.pieces);
	folder_pcap(path, 1, 1);
	ck_assert_int_eq(utimes(path, old), 0);
	free(path);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 1);
	path = xasprintf("%s/" OVOC "-0.pcap", r.folder);
	ck_assert_int_eq(stat(path, &st), 0);
	/* the kernel's coarse clock may lag a tick behind time(2) */
	ck_assert_int_ge(st.st_mtime, from - 1);
	free(path);
	rig_free(&r);
}
END_TEST

START_TEST(a_capture_without_a_stop_is_kept_as_aborted)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){20, 10}, 2);
	ck_assert_uint_eq(pieces_keep(r.pieces, NULL, &r.why), 2);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	folder_is(r.folder, ABORTED "-0.pcap " ABORTED "-1.pcap ");
	ck_assert_int_eq(folder_tag(r.folder, ABORTED "-0.pcap"), 10);
	rig_free(&r);
}
END_TEST

START_TEST(a_file_without_packets_is_a_piece_too)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){0}, 1);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 1);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	folder_is(r.folder, OVOC "-0.pcap ");
	rig_free(&r);
}
END_TEST

START_TEST(no_file_at_all_is_a_failure_of_a_stop)
{
	struct rig r = rig_new("192.0.2.10");
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 0);
	ck_assert_int_eq(r.why.kind, FAIL_LOCAL);
	folder_is(r.folder, "");
	rig_free(&r);
}
END_TEST

/* As an agent leaves it that was killed while it named them. */
START_TEST(an_existing_file_is_never_replaced_but_counted_on_from)
{
	struct rig r = rig_new("192.0.2.10");
	char *there = xasprintf("%s/%s", r.folder, OVOC "-0.pcap");
	folder_pcap(there, 5, 5);
	free(there);
	rig_run(&r, (int64_t[]){20, 10}, 2);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 2);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	folder_is(r.folder, OVOC "-0.pcap " OVOC "-1.pcap " OVOC "-2.pcap ");
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-0.pcap"), 5);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-1.pcap"), 10);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-2.pcap"), 20);
	rig_free(&r);
}
END_TEST

START_TEST(colons_of_an_address_become_dots)
{
	struct rig r = rig_new("2001:db8::1");
	rig_run(&r, (int64_t[]){10}, 1);
	ck_assert_uint_eq(pieces_keep(r.pieces, NULL, &r.why), 1);
	folder_is(r.folder,
	    "ABORTED_device_2001.db8..1_1970-01-01T00.00.01.000000Z-0.pcap ");
	rig_free(&r);
}
END_TEST

START_TEST(what_a_killed_agent_left_is_kept_as_aborted)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){20, 10}, 2);
	pieces_free(r.pieces);
	ck_assert_uint_eq(store_keep_leftovers(r.store), 2);
	folder_is(r.folder, ABORTED "-0.pcap " ABORTED "-1.pcap ");
	rig_free(&r);
}
END_TEST

START_TEST(two_agents_cannot_share_a_folder)
{
	struct rig r = rig_new("192.0.2.10");
	ck_assert_ptr_null(store_open(r.folder, NULL, &r.why));
	ck_assert_int_eq(r.why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(r.why.text, "another agent"));
	pieces_free(r.pieces);
	rig_free(&r);
}
END_TEST

START_TEST(a_missing_folder_is_made_and_a_file_in_its_place_refused)
{
	struct fail why;
	char folder[UNIT_PATH_MAX];
	unit_folder(folder);
	char *inner = xasprintf("%s/a/b", folder);
	char *file = xasprintf("%s/file", folder);
	struct store *s = store_open(inner, NULL, &why);
	ck_assert_ptr_nonnull(s);
	ck_assert_int_gt(store_free_bytes(s), 0);
	store_close(s);
	folder_pcap(file, 1, 1);
	ck_assert_ptr_null(store_open(file, NULL, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	free(inner);
	free(file);
}
END_TEST

START_TEST(protected_files_are_out_of_tcpdumps_way)
{
	struct rig r = rig_new("192.0.2.10");
	struct ring_held held;
	char *folder = xasprintf("%s/%s", r.folder, pieces_name(r.pieces));
	rig_run(&r, (int64_t[]){30, 20}, 2);
	/* written long before the other one */
	char *first = xasprintf("%s/run000.pcap1", folder);
	ck_assert_int_eq(utimes(first, (struct timeval[2]){{1, 0}, {1, 0}}), 0);
	free(first);
	pieces_protect(r.pieces, 1, &held);
	ck_assert_uint_eq(held.files, 2);
	ck_assert_int_eq(held.first_us, 20000000);
	folder_is(folder, "kept1-run000.pcap0 kept1-run000.pcap1 ");
	/* tcpdump uses its names again, and does so after the next one. */
	char *path = xasprintf("%s/run000.pcap0", folder);
	folder_pcap(path, 40, 40);
	pieces_protect(r.pieces, 2, &held);
	ck_assert_uint_eq(held.files, 1);
	ck_assert_int_eq(held.first_us, 40000000);
	folder_pcap(path, 50, 50);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 4);
	for (int i = 0; i < 4; i++) {
		char *name = xasprintf(OVOC "-%d.pcap", i);
		ck_assert_int_eq(folder_tag(r.folder, name), 20 + 10 * i);
		free(name);
	}
	free(path);
	free(folder);
	rig_free(&r);
}
END_TEST

START_TEST(a_ring_without_files_or_packets_holds_nothing)
{
	struct rig r = rig_new("192.0.2.10");
	struct ring_held held;
	pieces_protect(r.pieces, 1, &held);
	ck_assert_uint_eq(held.files, 0);
	ck_assert_int_eq(held.first_us, 0);
	rig_run(&r, (int64_t[]){0}, 1);
	pieces_protect(r.pieces, 1, &held);
	ck_assert_uint_eq(held.files, 1);
	ck_assert_int_eq(held.first_us, 0);
	pieces_keep(r.pieces, NULL, &r.why);
	rig_free(&r);
}
END_TEST

START_TEST(pieces_that_are_opened_again_get_new_names)
{
	struct rig r = rig_new("192.0.2.10");
	struct ring_held held;
	rig_run(&r, (int64_t[]){10}, 1);
	rig_run(&r, (int64_t[]){20}, 1);
	pieces_protect(r.pieces, 1, &held);
	char *name = xstrdup(pieces_name(r.pieces));
	pieces_free(r.pieces);
	r.pieces = pieces_reopen(r.store, name, &r.why);
	ck_assert_ptr_nonnull(r.pieces);
	ck_assert_int_gt(pieces_last_written(r.pieces), 0);
	ck_assert_uint_eq(store_keep_leftovers(r.store), 0);
	char *path = pieces_next_path(r.pieces);
	ck_assert_ptr_nonnull(strstr(path, "/run002.pcap"));
	free(path);
	rig_run(&r, (int64_t[]){30}, 1);
	ck_assert(!store_has_named(r.store, CPE));
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 3);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-2.pcap"), 30);
	ck_assert(store_has_named(r.store, CPE));
	ck_assert_ptr_null(pieces_reopen(r.store, name, &r.why));
	ck_assert_int_eq(r.why.kind, FAIL_FINAL);
	free(name);
	rig_free(&r);
}
END_TEST

/* One more byte than whole: the next record has begun. */
static void
cut_piece(const struct rig *r, const char *name)
{
	char *path =
	    xasprintf("%s/%s/%s", r->folder, pieces_name(r->pieces), name);
	FILE *f = fopen(path, "a");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fputc('x', f), 'x');
	ck_assert_int_eq(fclose(f), 0);
	free(path);
}

/* Read to the end, seven bytes at a time: how often it took. */
static int
check_all(const struct rig *r)
{
	int n = 1;
	while (!pieces_check(r->pieces, 7))
		n++;
	return n;
}

START_TEST(what_was_moved_is_told_with_its_packets)
{
	struct rig r = rig_new("192.0.2.10");
	struct kept_pieces kept = {0};

	rig_run(&r, (int64_t[]){10, 20}, 2);
	pieces_note(r.pieces, &kept);
	while (!pieces_count(r.pieces, 7, 1000000))
		;
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 2);
	ck_assert_uint_eq(kept.n, 2);
	ck_assert_ptr_nonnull(strstr(kept.all[1].name, "-1.pcap"));
	ck_assert_int_eq(kept.all[0].packets, 1);
	ck_assert_int_eq(kept.all[0].first_us, kept.all[0].last_us);
	ck_assert_int_lt(kept.all[0].first_us, kept.all[1].first_us);
	ck_assert_int_gt(kept.all[0].bytes, 24);
	kept_free(&kept);
	rig_free(&r);
}
END_TEST

START_TEST(big_captures_are_not_counted)
{
	struct rig r = rig_new("192.0.2.10");
	struct kept_pieces kept = {0};

	rig_run(&r, (int64_t[]){10}, 1);
	pieces_note(r.pieces, &kept);
	ck_assert(pieces_count(r.pieces, 7, 10));
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 1);
	ck_assert_int_eq(kept.all[0].packets, -1);
	kept_free(&kept);
	rig_free(&r);
}
END_TEST

START_TEST(after_a_full_disk_only_whole_files_get_their_names)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){10, 20, 30}, 3);
	cut_piece(&r, "run000.pcap1");
	ck_assert_int_gt(check_all(&r), 3);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 3);
	ck_assert_int_eq(r.why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(r.why.text, "full"));
	folder_is(r.folder, ABORTED "-1.pcap " OVOC "-0.pcap " OVOC "-2.pcap ");
	rig_free(&r);
}
END_TEST

START_TEST(a_full_disk_that_cut_nothing_is_no_failure)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){10, 0}, 2);
	check_all(&r);
	ck_assert_uint_eq(pieces_keep(r.pieces, CPE, &r.why), 2);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	rig_free(&r);
}
END_TEST

START_TEST(a_check_may_be_broken_off)
{
	struct rig r = rig_new("192.0.2.10");
	rig_run(&r, (int64_t[]){10, 20}, 2);
	ck_assert(!pieces_check(r.pieces, 7));
	pieces_free(r.pieces);
	rig_free(&r);
}
END_TEST

START_TEST(a_late_stop_names_what_was_kept_as_aborted)
{
	char folder[CAPTURE_NAME_MAX], owner[ADDR_TEXT_MAX], *path;
	struct info_pieces told;
	struct rig r = rig_new("192.0.2.10");
	str_copy(folder, sizeof(folder), pieces_name(r.pieces));
	pieces_own(r.pieces, "192.0.2.1");
	rig_run(
	    &r, (int64_t[]){11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}, 11);
	pieces_keep(r.pieces, NULL, &r.why);
	path = xasprintf("%s/" ABORTED "-0.pcap", r.folder);
	owner_get(AT_FDCWD, path, owner);
	/* "": this file system cannot tell */
	ck_assert(owner[0] == '\0' || strcmp(owner, "192.0.2.1") == 0);
	/* agent/retention took one */
	ck_assert_int_eq(unlink(path), 0);
	free(path);
	ck_assert_uint_eq(
	    store_name_aborted(r.store, folder, CPE, &told, &r.why), 10);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-0.pcap"), 12);
	ck_assert_int_eq(folder_tag(r.folder, OVOC "-9.pcap"), 21);
	/* no sidecar tells more */
	ck_assert_int_eq(told.count, 10);
	ck_assert_int_gt(told.bytes, 0);
	ck_assert_int_eq(told.packets, -1);
	ck_assert_int_eq(told.dropped, -1);
	/* an agent was killed before it could save that */
	ck_assert_uint_eq(
	    store_name_aborted(r.store, folder, CPE, &told, &r.why), 0);
	ck_assert_int_eq(r.why.kind, FAIL_NONE);
	rig_free(&r);
}
END_TEST

START_TEST(a_late_stop_names_what_is_told_of_them_too)
{
	char folder[CAPTURE_NAME_MAX], path[2 * CAPTURE_NAME_MAX];
	struct info_pieces told;
	struct rig r = rig_new("192.0.2.10");
	str_copy(folder, sizeof(folder), pieces_name(r.pieces));
	rig_run(&r, (int64_t[]){11, 12}, 2);
	pieces_keep(r.pieces, NULL, &r.why);
	snprintf(path, sizeof(path), "%s/" ABORTED ".json", r.folder);
	unit_write(path, "{\"dropped\":3,\"pieces\":["
			 "{\"name\":\"" ABORTED "-0.pcap\",\"packets\":5,"
			 "\"firstUs\":1000,\"lastUs\":2000},"
			 "{\"name\":\"" ABORTED "-1.pcap\",\"packets\":6,"
			 "\"firstUs\":3000,\"lastUs\":4000}]}\n");
	ck_assert_uint_eq(
	    store_name_aborted(r.store, folder, CPE, &told, &r.why), 2);
	folder_is(r.folder, OVOC "-0.pcap " OVOC "-1.pcap " OVOC ".json ");
	snprintf(path, sizeof(path), "%s/" OVOC ".json", r.folder);
	char *text = unit_read(path);
	ck_assert_ptr_nonnull(strstr(text, "\"" OVOC "-1.pcap\""));
	ck_assert_ptr_null(strstr(text, "ABORTED"));
	free(text);
	ck_assert(told.told);
	ck_assert_str_eq(told.first, OVOC "-0.pcap");
	ck_assert_int_eq(told.count, 2);
	ck_assert_int_eq(told.packets, 11);
	ck_assert_int_eq(told.from_ms, 1);
	ck_assert_int_eq(told.to_ms, 4);
	ck_assert_int_eq(told.dropped, 3);
	rig_free(&r);
}
END_TEST

START_TEST(a_late_stop_without_any_file_left_says_so)
{
	char folder[CAPTURE_NAME_MAX];
	struct info_pieces told;
	struct rig r = rig_new("192.0.2.10");
	str_copy(folder, sizeof(folder), pieces_name(r.pieces));
	pieces_keep(r.pieces, NULL, &r.why);
	ck_assert_uint_eq(
	    store_name_aborted(r.store, folder, CPE, &told, &r.why), 0);
	ck_assert_int_eq(r.why.kind, FAIL_LOCAL);
	rig_free(&r);
}
END_TEST

UNIT_MAIN("store", what_was_moved_is_told_with_its_packets,
    big_captures_are_not_counted,
    pieces_are_numbered_by_the_time_of_their_first_packet,
    a_finished_piece_is_as_old_as_its_name,
    a_capture_without_a_stop_is_kept_as_aborted,
    a_file_without_packets_is_a_piece_too,
    no_file_at_all_is_a_failure_of_a_stop,
    an_existing_file_is_never_replaced_but_counted_on_from,
    colons_of_an_address_become_dots,
    what_a_killed_agent_left_is_kept_as_aborted,
    two_agents_cannot_share_a_folder,
    a_missing_folder_is_made_and_a_file_in_its_place_refused,
    protected_files_are_out_of_tcpdumps_way,
    a_ring_without_files_or_packets_holds_nothing,
    pieces_that_are_opened_again_get_new_names,
    after_a_full_disk_only_whole_files_get_their_names,
    a_full_disk_that_cut_nothing_is_no_failure, a_check_may_be_broken_off,
    a_late_stop_names_what_was_kept_as_aborted,
    a_late_stop_names_what_is_told_of_them_too,
    a_late_stop_without_any_file_left_says_so)
