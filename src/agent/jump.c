/* jump.c - see jump.h.  Used by agent/retention. */
#include "agent/jump.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"

#define STAMP   ".last-look"
#define JUMP_MS 300000 /* what NTP corrects step by step is no jump */

/* Where it cannot be written, the time without an agent is age, too. */
static void
write_stamp(int folder, int64_t wall)
{
	struct timespec at = {wall / 1000, wall % 1000 * 1000000};
	int fd = openat(folder, STAMP,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);

	if (fd < 0)
		return;
	(void)!futimens(fd, (struct timespec[2]){at, at});
	close(fd);
}

int64_t
jump_look(
    struct jump *j, int folder, int64_t now, int64_t wall, int64_t *expected)
{
	int64_t jump;

	*expected = j->wall != 0 ? j->wall + now - j->looked_at
				 : disk_written_ms(folder, STAMP);
	if (*expected == 0)
		*expected = wall;
	jump = wall - *expected;
	j->looked_at = now;
	j->wall = wall;
	write_stamp(folder, wall);
	return jump > JUMP_MS || jump < -JUMP_MS ? jump : 0;
}
