/* check_atomic_file.c - a file appears whole or not at all. */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <signal.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"
#include "unit.h"

static int syncs;

/* In place of the C library's. */
int
fdatasync(int fd)
{
	syncs++;
	return (int)syscall(SYS_fdatasync, fd);
}

/* Every test works in a folder of its own. */
struct place {
	char folder[UNIT_PATH_MAX];
	char path[80];
	char part[96];
};

static struct place
enter(void)
{
	struct place p;

	unit_folder(p.folder);
	snprintf(p.path, sizeof(p.path), "%s/f", p.folder);
	snprintf(p.part, sizeof(p.part), "%s.part", p.path);
	return p;
}

/* Fails if anything but the file itself is left in the folder. */
static void
leave(struct place *p)
{
	unlink(p->path);
	ck_assert_msg(
	    rmdir(p->folder) == 0, "%s: %s", p->folder, strerror(errno));
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

START_TEST(the_file_appears_at_commit_only)
{
	struct place p = enter();
	struct atomic_file *f;
	struct fail why;
	struct stat st;

	umask(022);
	f = atomic_file_open(p.path, &why);
	ck_assert_ptr_nonnull(f);
	atomic_file_write(f, "one ", 4);
	atomic_file_write(f, "two 3", 5);
	ck_assert(atomic_file_ok(f));
	ck_assert(!exists(p.path) && exists(p.part));
	ck_assert(atomic_file_commit(f, &why));
	unit_file_is(p.path, "one two 3");
	ck_assert_int_eq(stat(p.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	leave(&p);
}
END_TEST

START_TEST(an_aborted_file_leaves_the_old_one)
{
	struct place p = enter();
	struct atomic_file *f;
	struct fail why;

	unit_write(p.path, "old");
	f = atomic_file_open(p.path, &why);
	atomic_file_write(f, "new", 3);
	atomic_file_abort(f);
	atomic_file_abort(NULL);
	unit_file_is(p.path, "old");
	leave(&p);
}
END_TEST

START_TEST(commit_replaces_what_is_there)
{
	struct place p = enter();
	struct fail why;

	unit_write(p.path, "old and longer");
	unit_write(p.part, "left over");
	ck_assert(atomic_file_commit(atomic_file_open(p.path, &why), &why));
	unit_file_is(p.path, "");
	leave(&p);
}
END_TEST

START_TEST(a_link_at_the_part_file_is_not_followed)
{
	struct place p = enter();
	struct atomic_file *f;
	char victim[96];
	struct fail why;

	snprintf(victim, sizeof(victim), "%s/victim", p.folder);
	unit_write(victim, "precious");
	ck_assert_int_eq(symlink(victim, p.part), 0);
	f = atomic_file_open(p.path, &why);
	atomic_file_write(f, "new", 3);
	ck_assert(atomic_file_commit(f, &why));
	unit_file_is(victim, "precious");
	unit_file_is(p.path, "new");
	unlink(victim);
	leave(&p);
}
END_TEST

START_TEST(one_set_aside_and_another_compete_for_the_place)
{
	struct place p = enter();
	struct atomic_file *first, *second;
	struct fail why;

	for (int better = 0; better < 2; better++) {
		first = atomic_file_open(p.path, &why);
		atomic_file_write(first, "first", 5);
		atomic_file_set_aside(first);
		atomic_file_write(first, "!", 1);
		second = atomic_file_open(p.path, &why);
		atomic_file_write(second, "second", 6);
		atomic_file_abort(better ? first : second);
		ck_assert(atomic_file_commit(better ? second : first, &why));
		unit_file_is(p.path, better ? "second" : "first!");
	}
	leave(&p);
}
END_TEST

START_TEST(pieces_of_every_size_arrive_in_order)
{
	struct place p = enter();
	struct atomic_file *f;
	unsigned char *want = xcalloc(1, 12000000), *got;
	size_t len = 0;
	unsigned seed = 20261123;
	struct fail why;
	FILE *in;

	f = atomic_file_open(p.path, &why);
	while (len < 11000000) {
		size_t n = (size_t)rand_r(&seed) % 70000;

		memset(want + len, rand_r(&seed), n);
		atomic_file_write(f, want + len, n);
		len += n;
	}
	ck_assert(atomic_file_commit(f, &why));
	got = xcalloc(1, len + 1);
	in = fopen(p.path, "r");
	ck_assert_uint_eq(fread(got, 1, len + 1, in), len);
	fclose(in);
	ck_assert_msg(memcmp(got, want, len) == 0, "seed 20261123");
	free(got);
	free(want);
	leave(&p);
}
END_TEST

START_TEST(a_failed_open_says_what_to_do)
{
	struct place p = enter();
	char path[128];
	struct fail why;

	snprintf(path, sizeof(path), "%s/none/f", p.folder);
	ck_assert_ptr_null(atomic_file_open(path, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, path));
	ck_assert_ptr_nonnull(strstr(why.text, "No such file or directory"));
	ck_assert_ptr_nonnull(strstr(why.text, "create that folder"));
	leave(&p);
}
END_TEST

START_TEST(an_error_sticks_and_leaves_nothing)
{
	struct rlimit small = {4096, 4096};
	struct place p = enter();
	struct atomic_file *f;
	char *block = xcalloc(1, 100000);
	struct fail why;

	/* EFBIG stands for every error of write(2). */
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	unit_write(p.path, "old");
	f = atomic_file_open(p.path, &why);
	atomic_file_write(f, block, 100000);
	ck_assert(!atomic_file_ok(f));
	atomic_file_write(f, "x", 1);
	ck_assert(!atomic_file_ok(f));
	ck_assert(!atomic_file_commit(f, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_ptr_nonnull(strstr(why.text, "File too large"));
	ck_assert_ptr_nonnull(strstr(why.text, p.path));
	unit_file_is(p.path, "old");
	free(block);
	leave(&p);
}
END_TEST

START_TEST(a_commit_that_cannot_rename_leaves_nothing)
{
	struct place p = enter();
	struct atomic_file *f;
	struct fail why;

	ck_assert_int_eq(mkdir(p.path, 0700), 0);
	f = atomic_file_open(p.path, &why);
	ck_assert(!atomic_file_commit(f, &why));
	ck_assert(!exists(p.part));
	rmdir(p.path);
	leave(&p);
}
END_TEST

/* What is written behind the flush, and how the sync elsewhere went. */
static bool
synced_elsewhere(
    const struct place *p, const char *more, int error, struct fail *why)
{
	struct atomic_file *f = atomic_file_open(p->path, why);
	struct stat st;

	atomic_file_write(f, "text", 4);
	ck_assert_int_eq(fstat(atomic_file_flush(f), &st), 0);
	ck_assert_int_eq(st.st_size, 4);
	atomic_file_write(f, more, strlen(more));
	atomic_file_synced(f, error);
	syncs = 0;
	return atomic_file_commit(f, why);
}

START_TEST(what_was_synced_elsewhere_is_not_synced_again)
{
	struct place p = enter();
	struct fail why;

	ck_assert(synced_elsewhere(&p, "", 0, &why));
	ck_assert_int_eq(syncs, 0);
	unit_file_is(p.path, "text");
	ck_assert(synced_elsewhere(&p, ", and more", 0, &why));
	ck_assert_int_eq(syncs, 1);
	unit_file_is(p.path, "text, and more");
	leave(&p);
}
END_TEST

START_TEST(an_error_of_that_sync_sticks)
{
	struct place p = enter();
	struct fail why;

	ck_assert(!synced_elsewhere(&p, "", EIO, &why));
	ck_assert_ptr_nonnull(strstr(why.text, strerror(EIO)));
	ck_assert(!exists(p.path));
	ck_assert(!exists(p.part));
	leave(&p);
}
END_TEST

UNIT_MAIN("atomic_file", the_file_appears_at_commit_only,
    an_aborted_file_leaves_the_old_one, commit_replaces_what_is_there,
    a_link_at_the_part_file_is_not_followed,
    one_set_aside_and_another_compete_for_the_place,
    pieces_of_every_size_arrive_in_order, a_failed_open_says_what_to_do,
    an_error_sticks_and_leaves_nothing,
    a_commit_that_cannot_rename_leaves_nothing,
    what_was_synced_elsewhere_is_not_synced_again, an_error_of_that_sync_sticks)
