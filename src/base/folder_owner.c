/* folder_owner.c - whose folder it is, and being that user.
 */
#include "base/folder_owner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "base/disk.h"
#include "base/xmem.h"

static bool
cannot(const char *what, const char *path, struct fail *why)
{
	fail_set(
	    why, FAIL_LOCAL, "cannot %s %s: %s", what, path, strerror(errno));
	return false;
}

/* The folder itself and never what a link points to, which with a slash behind
 * it would be; -1 with errno. */
static int
open_folder(const char *folder)
{
	char *path = xstrdup(folder);
	size_t len = strlen(path);
	int fd;

	while (len > 1 && path[len - 1] == '/')
		path[--len] = '\0';
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(path);
	return fd;
}

/* Can anybody but root and this user exchange what is in it? */
static bool
is_open_to_others(const struct stat *parent, uid_t uid)
{
	if (parent->st_uid != 0 && parent->st_uid != uid)
		return true;
	if (parent->st_mode & S_ISVTX)
		return false;
	return (parent->st_mode & S_IWOTH) != 0 ||
	       ((parent->st_mode & S_IWGRP) != 0 && parent->st_gid != 0);
}

static bool
is_safe(int fd, const char *folder, const struct stat *st, struct fail *why)
{
	struct stat parent;

	if (fstatat(fd, "..", &parent, 0) != 0)
		return cannot("look at the folder above", folder, why);
	if (st->st_mode & S_IWOTH) {
		fail_set(why, FAIL_LOCAL,
		    "everybody can write to %s, so root does not: take that "
		    "away (chmod o-w), or choose another folder",
		    folder);
		return false;
	}
	if (is_open_to_others(&parent, st->st_uid)) {
		fail_set(why, FAIL_LOCAL,
		    "others can put something else in the place of %s, so root "
		    "does not write there: only root and its owner may be able "
		    "to write to the folder above",
		    folder);
		return false;
	}
	return true;
}

/* In a folder that is missing. */
static void
of_user(const char *user, struct folder_owner *o)
{
	const struct passwd *pw = getpwnam(user);

	*o = (struct folder_owner){.missing = true};
	if (pw != NULL) {
		o->uid = pw->pw_uid;
		o->gid = pw->pw_gid;
	}
}

bool
folder_owner_find(const char *folder, const char *user, struct folder_owner *o,
    struct fail *why)
{
	int fd = open_folder(folder);
	struct stat st;
	bool ok;

	if (fd < 0 && errno == ENOENT) {
		of_user(user, o);
		return true;
	}
	/* A link is no folder for O_NOFOLLOW. */
	if (fd < 0)
		return cannot("open the folder", folder, why);
	if (fstat(fd, &st) != 0)
		ok = cannot("look at", folder, why);
	else
		ok = is_safe(fd, folder, &st, why);
	close(fd);
	if (ok)
		*o = (struct folder_owner){.uid = st.st_uid, .gid = st.st_gid};
	return ok;
}

/* Those above it, which root keeps, can be passed by everybody. */
static bool
make_folder(const char *folder, const struct folder_owner *o, struct fail *why)
{
	mode_t mask = umask(022);
	bool ok = disk_make_folders(folder, 0755);
	int fd;

	umask(mask);
	if (!ok)
		return cannot("make", folder, why);
	fd = open_folder(folder);
	ok = fd >= 0 && fchown(fd, o->uid, o->gid) == 0 &&
	     fchmod(fd, DISK_PRIVATE) == 0;
	if (!ok)
		cannot("give away", folder, why);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Of a user without a name only the folder's group is known. */
static bool
take_groups(const struct folder_owner *o)
{
	const struct passwd *pw = getpwuid(o->uid);
	gid_t gid = pw != NULL ? pw->pw_gid : o->gid;

	if (pw != NULL ? initgroups(pw->pw_name, gid) != 0
		       : setgroups(1, &gid) != 0)
		return false;
	return setresgid(gid, gid, gid) == 0;
}

bool
folder_owner_become(const char *folder, const struct folder_owner *o,
    uint64_t capabilities, struct fail *why)
{
	bool ok;

	if (o->missing && !make_folder(folder, o, why))
		return false;
	if (o->uid == 0)
		return true;
	ok = prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && take_groups(o) &&
	     setresuid(o->uid, o->uid, o->uid) == 0 &&
	     capabilities_keep(capabilities);
	if (!ok)
		return cannot("become the owner of", folder, why);
	(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	return true;
}
