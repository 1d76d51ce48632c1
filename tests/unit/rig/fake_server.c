/* fake_server.c - see fake_server.h. */
#include "fake_server.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "../unit.h"

#define PACKET_LEN 60

static struct fake_server *the_server;

void
fake_server(struct fake_server *s)
{
	the_server = s;
}

struct fake_server *
fake_server_now(void)
{
	ck_assert_msg(the_server != NULL, "no server has SFTP here");
	return the_server;
}

static bool
is_it(const char *file, const char *path)
{
	size_t len = strlen(path), end = strlen(file + 1);

	if (file[0] != '*')
		return strcmp(file, path) == 0;
	return len >= end && strcmp(path + len - end, file + 1) == 0;
}

size_t
fake_server_find(const struct fake_server *s, const char *path)
{
	size_t i = 0;

	while (i < s->n_files && !is_it(s->files[i].path, path))
		i++;
	return i;
}

void
fake_server_put(
    struct fake_server *s, const char *path, const void *data, size_t len)
{
	size_t i = 0;

	while (i < s->n_files && strcmp(s->files[i].path, path) != 0)
		i++;
	ck_assert_uint_lt(i, SERVER_FILES_MAX);
	if (i == s->n_files) {
		s->n_files++;
		s->files[i].path = xstrdup(path);
		s->files[i].data = NULL;
	}
	free(s->files[i].data);
	s->files[i].data = xcalloc(1, len + 1);
	memcpy(s->files[i].data, data, len);
	s->files[i].len = len;
}

void
fake_server_capture(struct fake_server *s, const char *path, int packets,
    int64_t wall_ms, size_t cut)
{
	size_t len = 24 + (size_t)packets * (16 + PACKET_LEN);
	uint32_t *data = xcalloc(1, len), *p = data + 6;
	const uint32_t head[] = {0xa1b2c3d4, 4u << 16 | 2u, 0, 0, 65535, 1};

	memcpy(data, head, sizeof(head));
	for (int i = 0; i < packets; i++, p += 4 + PACKET_LEN / 4) {
		p[0] = (uint32_t)(wall_ms / 1000 + i);
		p[2] = p[3] = PACKET_LEN;
	}
	fake_server_put(s, path, data, len - cut);
	free(data);
}

void
fake_server_clear(struct fake_server *s)
{
	for (size_t i = 0; i < s->n_files; i++) {
		free(s->files[i].path);
		free(s->files[i].data);
	}
	*s = (struct fake_server){.n_files = 0};
}

enum server_fault
fake_server_fault(struct fake_server *s)
{
	if (s->fault_times == 0)
		return SERVER_SOUND;
	if (s->fault_times > 0)
		s->fault_times--;
	return s->fault;
}
