/* last_list.c - see last_list.h.
 *
 * Its first line says which program printed it: what another one printed are
 * other devices.
 */
#include "campaign/last_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/disk.h"
#include "base/str.h"
#include "base/xmem.h"
#include "books/result.h"
#include "campaign/list_program.h"

#define MARK "# printed by "
/* The mark and a path are before the list. */
#define FILE_MOST (LIST_PROGRAM_MOST + 8192)

static char *
first_line(const struct campaign_conf *c)
{
	return xasprintf(MARK "%s\n", c->inventory.program[0]);
}

/* The list behind its first line; it is NULL-terminated. */
static char *
take_list(const struct campaign_conf *c, const char *path, const char *text,
    size_t *len, struct fail *why)
{
	char *line = first_line(c), *list = NULL;
	size_t n = strlen(line);

	if (*len >= n && memcmp(text, line, n) == 0) {
		list = bytes_grow(NULL, 0, *len - n + 1);
		memcpy(list, text + n, *len - n);
		*len -= n;
	} else if (str_starts(text, MARK)) {
		fail_set(why, FAIL_LOCAL, "%s is of another program: %.*s",
		    path, (int)strcspn(text + strlen(MARK), "\n"),
		    text + strlen(MARK));
	} else {
		fail_set(why, FAIL_LOCAL, "%s is none of these lists", path);
	}
	free(line);
	return list;
}

char *
last_list_read(
    const struct campaign_conf *c, size_t *len, int64_t *when, struct fail *why)
{
	char *parent = run_parent(c);
	char *path = xasprintf("%s/" LAST_LIST_NAME, parent);
	char *text, *list = NULL;
	size_t whole = 0;
	struct stat st;

	text = bytes_read(bytes_open(path, O_NOFOLLOW, &st), FILE_MOST, &whole);
	if (text == NULL) {
		fail_set(why, FAIL_LOCAL, "cannot read %s: %s", path,
		    strerror(errno));
	} else {
		*len = whole;
		*when = clock_us(&st.st_mtim) / 1000;
		list = take_list(c, path, text, len, why);
		bytes_free(text, whole + 1);
	}
	free(path);
	free(parent);
	return list;
}

bool
last_list_write(const struct campaign_conf *c, const char *text, size_t len,
    struct fail *why)
{
	char *parent = run_parent(c);
	char *path = xasprintf("%s/" LAST_LIST_NAME, parent);
	char *line = first_line(c);
	struct atomic_file *f = NULL;
	bool ok = false;

	if (!disk_make_folders(parent, DISK_PRIVATE))
		fail_set(why, FAIL_LOCAL, "cannot make %s: %s", parent,
		    strerror(errno));
	else
		f = atomic_file_open(path, why);
	if (f != NULL) {
		atomic_file_write(f, line, strlen(line));
		atomic_file_write(f, text, len);
		ok = atomic_file_commit(f, why);
	}
	free(line);
	free(path);
	free(parent);
	return ok;
}
