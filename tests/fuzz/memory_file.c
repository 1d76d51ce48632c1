/* memory_file.c - files that are nowhere on a disk: memfd_create(2). */
#include "memory_file.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void
memory_file_open(struct memory_file *f, const uint8_t *data, size_t size)
{
	f->fd = memfd_create("input", MFD_CLOEXEC);
	PROMISE(f->fd >= 0 && fchmod(f->fd, 0600) == 0);
	PROMISE(write(f->fd, data, size) == (ssize_t)size);
	snprintf(f->path, sizeof(f->path), "/proc/self/fd/%d", f->fd);
}

void
memory_file_close(struct memory_file *f)
{
	close(f->fd);
}
