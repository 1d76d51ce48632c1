/* unit.c - see unit.h. */
#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_S 60 /* for one test; CK_TIMEOUT_MULTIPLIER is on top */

static char top[] = "/tmp/check.XXXXXX";

void
unit_folder(char path[UNIT_PATH_MAX])
{
	snprintf(path, UNIT_PATH_MAX, "%s/XXXXXX", top);
	ck_assert_ptr_nonnull(mkdtemp(path));
}

void
unit_file(char path[UNIT_PATH_MAX], const char *text)
{
	int fd;

	snprintf(path, UNIT_PATH_MAX, "%s/XXXXXX", top);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
unit_run(const char *name, const TTest *const *tests, size_t n)
{
	TCase *tc = tcase_create(name);
	Suite *s = suite_create(name);
	SRunner *sr = srunner_create(s);
	int failed;

	if (mkdtemp(top) == NULL || chmod(top, 0755) != 0) {
		perror(top);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < n; i++)
		tcase_add_test(tc, tests[i]);
	tcase_set_timeout(tc, TIMEOUT_S);
	suite_add_tcase(s, tc);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
