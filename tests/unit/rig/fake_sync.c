/* fake_sync.c - see fake_sync.h.
 *
 * Tests in virtual time wait for nothing, and nothing here survives a crash.
 */
#include "fake_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static off_t synced;
static int failing; /* errno, 0: none */

off_t
fake_synced(void)
{
	return synced;
}

void
fake_sync_fails(int error)
{
	failing = error;
}

int
fsync(int fd)
{
	if (failing != 0) {
		errno = failing;
		return -1;
	}
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int
fdatasync(int fd)
{
	struct stat st;

	if (failing == 0 && fstat(fd, &st) == 0)
		synced = st.st_size;
	return fsync(fd);
}

int
sync_file_range(int fd, off_t from, off_t n, unsigned flags)
{
	(void)from;
	(void)n;
	(void)flags;
	return fsync(fd);
}
