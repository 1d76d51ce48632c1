/* agent_folder.h - a captures folder of its own for a test of the agent. */
#ifndef UNIT_AGENT_FOLDER_H
#define UNIT_AGENT_FOLDER_H

#include <stdint.h>

/* Names in it, sorted, each followed by a blank; free(3). */
char *folder_list(const char *folder);
/* They are these, and no more. */
void folder_is(const char *folder, const char *names);
/* A pcap file with one packet of this time (0: none) that tells `tag`. */
void folder_pcap(const char *path, int64_t second, unsigned char tag);
/* The tag of a file's packet, -1 if it has none. */
int folder_tag(const char *folder, const char *name);
/* An executable shell script; its lines after "#!/bin/sh". */
void folder_script(const char *path, const char *lines);

#endif
