/* piece_list.h - the files in the folder of a capture, named by the folder's
 * descriptor.
 */
#ifndef AGENT_PIECE_LIST_H
#define AGENT_PIECE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The beginning of the names of a ring's files; the rest is protected. */
#define RUN_PREFIX "run"

struct piece {
	char *name;
	int64_t first_us; /* of its first packet, or when it was written */
	int64_t last_us;
	int64_t packets; /* -1: not counted */
	bool cut;
};

struct piece_list {
	struct piece *all;
	size_t n;
};

/* All files of a folder; empty if it cannot be read. */
struct piece_list piece_list_names(int folder);
/* The same, in the order of their first packets. */
struct piece_list piece_list_in_order(int folder);
/* By time, then by name. */
void piece_list_sort(struct piece_list *l);
void piece_list_free(struct piece_list *l);
/* NULL: none has this name. */
const struct piece *piece_list_find(
    const struct piece_list *l, const char *name);
/* Of all of them together. */
int64_t piece_list_bytes(int folder, const struct piece_list *l);

#endif
