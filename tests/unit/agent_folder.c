/* agent_folder.c - see agent_folder.h. */
#include "agent_folder.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xmem.h"

#define PCAP_HEAD 24 /* draft-ietf-opsawg-pcap */
#define PCAP_TAG  (PCAP_HEAD + 16)

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

char *
folder_list(const char *folder)
{
	struct strbuf names = STRBUF_INIT;
	struct dirent **found;
	int n = scandir(folder, &found, visible, alphasort);
	ck_assert_int_ge(n, 0);
	for (int i = 0; i < n; i++) {
		strbuf_addf(&names, "%s ", found[i]->d_name);
		free(found[i]);
	}
	free(found);
	return strbuf_take(&names);
}

void
folder_is(const char *folder, const char *names)
{
	char *found = folder_list(folder);
	ck_assert_str_eq(found, names);
	free(found);
}

static void
write_file(const char *path, const void *data, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, data, len), (ssize_t)len);
	ck_assert_int_eq(close(fd), 0);
}

void
folder_pcap(const char *path, int64_t second, unsigned char tag)
{
	const uint32_t file[] = {
	    0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1, (uint32_t)second, 0, 1, 1};
	unsigned char bytes[PCAP_TAG + 1];
	memcpy(bytes, file, sizeof(file));
	bytes[PCAP_TAG] = tag;
	write_file(path, bytes, second ? sizeof(bytes) : PCAP_HEAD, 0640);
}

int
folder_tag(const char *folder, const char *name)
{
	unsigned char bytes[PCAP_TAG + 1];
	char *path = xasprintf("%s/%s", folder, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	ck_assert_int_ge(fd, 0);
	ssize_t got = read(fd, bytes, sizeof(bytes));
	close(fd);
	return got == (ssize_t)sizeof(bytes) ? bytes[PCAP_TAG] : -1;
}

void
folder_script(const char *path, const char *lines)
{
	char *text = xasprintf("#!/bin/sh\n%s\n", lines);
	write_file(path, text, strlen(text), 0755);
	free(text);
}
