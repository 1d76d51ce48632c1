/* unit.c - see unit.h. */
#include "unit.h"

#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

#define START_MS  1000000 /* where virtual clocks begin: loop.h */
#define TIMEOUT_S 60      /* for one test; CK_TIMEOUT_MULTIPLIER is on top */

static char top[UNIT_PATH_MAX - sizeof("/XXXXXX")];

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

char *
unit_read(const char *path)
{
	struct strbuf text = STRBUF_INIT;
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n;

	unit_must(f != NULL, "%s is not there", path);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add_bytes(&text, buf, n);
	fclose(f);
	return strbuf_take(&text);
}

void
unit_file_is(const char *path, const char *text)
{
	char *found = unit_read(path);

	ck_assert_str_eq(found, text);
	free(found);
}

long
unit_file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

void
unit_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert_msg(f != NULL, "%s cannot be written", path);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* Of the process: a test is one. */
static struct log *kept;
static int kept_fd = -1;

struct log *
unit_log(void)
{
	return kept;
}

void
unit_log_keep(enum log_level max)
{
	if (kept_fd >= 0)
		close(kept_fd);
	log_free(kept);
	unsetenv("JOURNAL_STREAM");
	kept_fd = memfd_create("log", MFD_CLOEXEC);
	ck_assert_int_ge(kept_fd, 0);
	kept = log_new(LOG_FORMAT_TEXT, max, kept_fd);
}

const char *
unit_logged(void)
{
	static char text[65536];
	ssize_t n;

	n = pread(kept_fd, text, sizeof(text) - 1, 0);
	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	ck_assert_int_eq(ftruncate(kept_fd, 0), 0);
	ck_assert_int_eq(lseek(kept_fd, 0, SEEK_SET), 0);
	return text;
}

static struct log *
loop_log_new(void)
{
	if (kept != NULL)
		return kept;
	return log_new(LOG_FORMAT_TEXT, LOGGING_ERROR, STDERR_FILENO);
}

struct loop *
unit_loop(void)
{
	return loop_new(loop_log_new());
}

struct loop *
unit_loop_virtual(int64_t wall_ms)
{
	return loop_new_virtual(loop_log_new(), wall_ms);
}

static void
on_urgent(void *arg, short ready)
{
	uint64_t n;

	(void)ready;
	ck_assert_int_eq(read(*(int *)arg, &n, sizeof(n)), sizeof(n));
}

void
unit_loop_away(struct loop *lp, int ms)
{
	int fd = eventfd(1, EFD_CLOEXEC);
	struct watch *w = watch_new(lp, fd, POLLIN, on_urgent, &fd);

	watch_urgent(w);
	usleep((useconds_t)ms * 1000);
	loop_run_for(lp, 0);
	watch_free(w);
	close(fd);
}

void
unit_loop_free(struct loop *lp)
{
	struct log *lg = loop_log(lp);

	loop_free(lp);
	if (lg != kept)
		log_free(lg);
}

int64_t
unit_elapsed(const struct loop *lp)
{
	return loop_now(lp) - START_MS;
}

static bool
make_top(void)
{
	const char *in = getenv("TMPDIR");

	snprintf(top, sizeof(top), "%s/check.XXXXXX", in != NULL ? in : "/tmp");
	return mkdtemp(top) != NULL && chmod(top, 0755) == 0;
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
unit_run(const char *name, const TTest *each_row, size_t rows,
    const TTest *const *tests, size_t n)
{
	TCase *tc = tcase_create(name);
	Suite *s = suite_create(name);
	SRunner *sr = srunner_create(s);
	int failed;

	if (!make_top()) {
		perror(top);
		return EXIT_FAILURE;
	}
	if (each_row != NULL)
		tcase_add_loop_test(tc, each_row, 0, (int)rows);
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
