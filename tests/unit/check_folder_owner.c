/* check_folder_owner.c - whose folder it is, which are refused, and being
 * its owner. */
#include "base/folder_owner.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "base/xmem.h"
#include "unit.h"

#define NOBODY  65534
#define NOT_ONE "no-such-user-here"

static struct fail why;

/* A folder in a folder of its own. */
static char *
made(mode_t above, mode_t mode)
{
	char parent[UNIT_PATH_MAX], *folder;

	umask(0);
	unit_folder(parent);
	ck_assert_int_eq(chmod(parent, above), 0);
	folder = xasprintf("%s/output", parent);
	ck_assert_int_eq(mkdir(folder, mode), 0);
	return folder;
}

static void
refused(const char *folder, const char *words)
{
	struct folder_owner o;

	ck_assert(!folder_owner_find(folder, NOT_ONE, &o, &why));
	ck_assert_int_eq(why.kind, FAIL_LOCAL);
	ck_assert_msg(strstr(why.text, words) != NULL, "%s", why.text);
}

/* A test may be somebody else at its end: the folders are the program's. */
static void
give(const char *path)
{
	if (geteuid() == 0)
		ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
}

START_TEST(the_owner_of_a_folder_is_found)
{
	char *folder = made(0755, 0750);
	struct folder_owner o;

	give(folder);
	ck_assert(folder_owner_find(folder, NOT_ONE, &o, &why));
	ck_assert_uint_eq(o.uid, geteuid() == 0 ? NOBODY : geteuid());
	ck_assert(!o.missing);
	free(folder);
}
END_TEST

START_TEST(a_missing_one_is_for_the_user_of_the_service)
{
	struct folder_owner o;

	ck_assert(folder_owner_find("/nonexistent/x", "nobody", &o, &why));
	ck_assert(o.missing);
	ck_assert_uint_eq(o.uid, NOBODY);
	ck_assert(folder_owner_find("/nonexistent/x", NOT_ONE, &o, &why));
	ck_assert(o.missing);
	ck_assert_uint_eq(o.uid, 0);
}
END_TEST

START_TEST(a_link_or_a_file_is_refused)
{
	char *folder = made(0755, 0750), *path;

	path = xasprintf("%s/link", folder);
	ck_assert_int_eq(symlink(folder, path), 0);
	refused(path, "cannot open the folder");
	free(path);
	path = xasprintf("%s/link/", folder);
	refused(path, "cannot open the folder");
	free(path);
	path = xasprintf("%s/file", folder);
	unit_write(path, "");
	refused(path, "cannot open the folder");
	free(path);
	free(folder);
}
END_TEST

START_TEST(one_that_others_can_write_to_is_refused)
{
	char *folder = made(0755, 0777);

	refused(folder, "everybody can write to");
	free(folder);
}
END_TEST

START_TEST(one_that_others_can_exchange_is_refused)
{
	static const mode_t modes[] = {0777, 0757};
	char *folder, *slash;

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		folder = made(modes[i], 0750);
		refused(folder, "others can put something else");
		free(folder);
	}
	if (geteuid() != 0)
		return;
	folder = made(0755, 0750);
	slash = strrchr(folder, '/');
	*slash = '\0';
	give(folder);
	*slash = '/';
	refused(folder, "others can put something else");
	free(folder);
}
END_TEST

START_TEST(a_sticky_folder_above_is_none_that_others_can_change)
{
	char *folder = made(01777, 0750);
	struct folder_owner o;

	ck_assert(folder_owner_find(folder, NOT_ONE, &o, &why));
	free(folder);
}
END_TEST

START_TEST(root_becomes_the_owner)
{
	char *folder = made(0755, 0750), *path;
	struct folder_owner o = {.uid = NOBODY, .gid = NOBODY};

	give(folder);
	if (geteuid() != 0) {
		ck_assert(!folder_owner_become(folder, &o, 0, &why));
		ck_assert_ptr_nonnull(strstr(why.text, "become the owner of"));
		free(folder);
		return;
	}
	ck_assert(folder_owner_become(folder, &o, 1U << CAP_NET_RAW, &why));
	ck_assert_uint_eq(geteuid(), NOBODY);
	ck_assert_uint_eq(getegid(), NOBODY);
	ck_assert_uint_eq(
	    capabilities_here() & ~(uint64_t)(1U << CAP_NET_RAW), 0);
	ck_assert_int_ne(setuid(0), 0);
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE), 0);
	path = xasprintf("%s/file", folder);
	unit_write(path, "");
	free(path);
	free(folder);
}
END_TEST

START_TEST(a_missing_folder_is_made_for_its_owner)
{
	char *above = made(0755, 0755), *folder;
	struct folder_owner o = {
	    .uid = geteuid(), .gid = getegid(), .missing = true};
	struct stat st;

	if (geteuid() == 0)
		o.uid = o.gid = NOBODY;
	folder = xasprintf("%s/a/b/", above);
	umask(027);
	ck_assert_int_eq(
	    folder_owner_become(folder, &o, 0, &why), o.uid == NOBODY);
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_uint_eq(st.st_uid, o.uid);
	ck_assert_uint_eq(st.st_mode & 07777, 0750);
	folder[strlen(folder) - 2] = '\0';
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	free(folder);
	free(above);
}
END_TEST

START_TEST(root_stays_root_where_the_folder_is_roots)
{
	char *folder = made(0755, 0750);
	struct folder_owner o = {.uid = 0};
	uid_t before = geteuid();

	ck_assert(folder_owner_become(folder, &o, 0, &why));
	ck_assert_uint_eq(geteuid(), before);
	free(folder);
}
END_TEST

UNIT_MAIN("folder_owner", the_owner_of_a_folder_is_found,
    a_missing_one_is_for_the_user_of_the_service, a_link_or_a_file_is_refused,
    one_that_others_can_write_to_is_refused,
    one_that_others_can_exchange_is_refused,
    a_sticky_folder_above_is_none_that_others_can_change,
    root_becomes_the_owner, a_missing_folder_is_made_for_its_owner,
    root_stays_root_where_the_folder_is_roots)
