/* check_bytes.c - a file is read whole, or not at all. */
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/xmem.h"
#include "unit.h"

enum { PLENTY = 10 * 1024 * 1024 };

/* All of a file of this text, at most `max`; NULL with errno set. */
static char *
read_text(const char *text, size_t max, size_t *len)
{
	char path[UNIT_PATH_MAX];

	unit_file(path, text);
	return bytes_read(open(path, O_RDONLY), max, len);
}

START_TEST(a_file_is_read_whole_and_terminated)
{
	static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 1000000};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *text = xcalloc(1, sizes[i] + 1), *got;
		size_t len;

		memset(text, 'x', sizes[i]);
		got = read_text(text, PLENTY, &len);
		ck_assert_ptr_nonnull(got);
		ck_assert_uint_eq(len, sizes[i]);
		ck_assert_str_eq(got, text);
		bytes_free(got, len + 1);
		free(text);
	}
}
END_TEST

START_TEST(more_than_the_bound_is_refused)
{
	size_t len;
	char *got = read_text("12345", 5, &len);

	ck_assert_str_eq(got, "12345");
	bytes_free(got, len + 1);
	ck_assert_ptr_null(read_text("123456", 5, &len));
	ck_assert_int_eq(errno, EFBIG);
}
END_TEST

START_TEST(what_cannot_be_read_is_told)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY);
	size_t len;

	ck_assert_ptr_null(bytes_read(fd, PLENTY, &len));
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_int_eq(close(fd), -1); /* it was */
	ck_assert_ptr_null(
	    bytes_read(open("/nonexistent", O_RDONLY), PLENTY, &len));
	ck_assert_int_eq(errno, ENOENT);
}
END_TEST

static void
refuse(const char *path, int flags, int error)
{
	struct stat st;

	ck_assert_int_eq(bytes_open(path, flags, &st), -1);
	ck_assert_int_eq(errno, error);
}

START_TEST(only_regular_files_are_opened)
{
	char folder[UNIT_PATH_MAX], file[UNIT_PATH_MAX], path[96];
	struct stat st;
	int fd;

	unit_folder(folder);
	unit_file(file, "text");
	snprintf(path, sizeof(path), "%s/x", folder);
	refuse(path, 0, ENOENT);
	refuse(folder, 0, EINVAL);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	refuse(path, 0, EINVAL);
	unlink(path);
	ck_assert_int_eq(symlink(file, path), 0);
	refuse(path, O_NOFOLLOW, ELOOP);
	fd = bytes_open(path, 0, &st);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(st.st_size, 4);
	close(fd);
}
END_TEST

START_TEST(growing_keeps_what_is_there)
{
	char *s = bytes_grow(NULL, 0, 4);

	memcpy(s, "abcd", 4);
	s = bytes_grow(s, 4, 6);
	ck_assert_mem_eq(s, "abcd\0\0", 6);
	s = bytes_grow(s, 6, 2);
	ck_assert_mem_eq(s, "ab", 2);
	bytes_free(s, 2);
	bytes_free(NULL, 0);
}
END_TEST

UNIT_MAIN("bytes", a_file_is_read_whole_and_terminated,
    more_than_the_bound_is_refused, what_cannot_be_read_is_told,
    only_regular_files_are_opened, growing_keeps_what_is_there)
