/* fuzz_compare.c - any two files as the captures of two ends.
 *
 * The first two bytes are the length of the server's.
 */
#include "fuzz.h"

#include <string.h>

#include "compare/compare.h"
#include "memory_file.h"

static void
must_add_up(const struct loss_tally *t)
{
	uint64_t unknown = 0;

	for (int i = 0; i < REASON_COUNT; i++)
		unknown += t->unknown_by[i];
	PROMISE(unknown == t->unknown);
	PROMISE(t->at_least <= t->lost);
	PROMISE(t->run <= t->lost);
	PROMISE(t->lost == 0 || t->grade != GRADE_UNKNOWN);
	PROMISE((uint64_t)t->arrived <= t->sent);
	PROMISE(t->unknown <= t->sent);
}

static void
must_be_sane(const struct compare_result *r)
{
	bool lost = false;

	for (int i = 0; i < TRAFFIC_COUNT; i++) {
		for (int w = 0; w < WAY_COUNT; w++) {
			must_add_up(&r->tally[i][w]);
			lost |= r->tally[i][w].lost > 0;
		}
	}
	PROMISE(r->sentence[0] != '\0');
	PROMISE(r->exit_status == 0 || r->exit_status == 1 ||
		r->exit_status == 3 || r->exit_status == 7);
	PROMISE(!lost || r->exit_status == 1 || r->exit_status == 7);
	PROMISE((r->exit_status == 7) == (r->trouble[0] != '\0'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compare_input in = {.memory = 1 << 22};
	struct memory_file files[SIDE_COUNT];
	const char *path[SIDE_COUNT];
	struct compare_result *r;
	size_t n;

	if (size < 2)
		return 0;
	n = (size_t)(data[0] << 8 | data[1]);
	data += 2;
	size -= 2;
	if (n > size)
		n = size;
	memory_file_open(&files[SIDE_SERVER], data, n);
	memory_file_open(&files[SIDE_DEVICE], data + n, size - n);
	for (int s = 0; s < SIDE_COUNT; s++) {
		path[s] = files[s].path;
		in.side[s].path = &path[s];
		in.side[s].n_paths = 1;
	}
	r = compare_run(&in);
	must_be_sane(r);
	compare_free(r);
	memory_file_close(&files[SIDE_SERVER]);
	memory_file_close(&files[SIDE_DEVICE]);
	return 0;
}
