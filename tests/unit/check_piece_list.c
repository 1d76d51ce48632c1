/* check_piece_list.c - the files of a capture's folder. */
#include "agent/piece_list.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"

static void
put(const char *folder, const char *name, const char *text)
{
	char path[2 * UNIT_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unit_write(path, text);
}

START_TEST(files_are_listed_found_and_measured)
{
	char folder[UNIT_PATH_MAX];
	struct piece_list l;
	int fd;

	unit_folder(folder);
	put(folder, "run000.pcap0", "abc");
	put(folder, "run000.pcap1", "de");
	put(folder, ".hidden", "x");
	fd = open(folder, O_RDONLY | O_DIRECTORY);
	l = piece_list_in_order(fd);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_ptr_nonnull(piece_list_find(&l, "run000.pcap1"));
	ck_assert_ptr_null(piece_list_find(&l, ".hidden"));
	ck_assert_int_eq(l.all[0].packets, -1);
	ck_assert_int_eq(piece_list_bytes(fd, &l), 5);
	piece_list_free(&l);
	close(fd);
	l = piece_list_names(fd);
	ck_assert_uint_eq(l.n, 0);
	piece_list_free(&l);
}
END_TEST

UNIT_MAIN("piece_list", files_are_listed_found_and_measured)
