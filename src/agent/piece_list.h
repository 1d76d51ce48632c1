/* piece_list.h - the files in a folder of a capture's pieces. */
#ifndef AGENT_PIECE_LIST_H
#define AGENT_PIECE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The beginning of the names of a ring's files; the rest is protected. */
#define RUN_PREFIX "run"

struct piece {
	char *name;
	int64_t first_us; /* what it is sorted by; 0 when it was just read */
	bool cut;
};

struct piece_list {
	struct piece *all;
	size_t n;
};

/* All but hidden ones; empty where the folder cannot be read. */
struct piece_list piece_list_read(int folder);
/* By time, then by name. */
void piece_list_sort(struct piece_list *l);
void piece_list_free(struct piece_list *l);

#endif
