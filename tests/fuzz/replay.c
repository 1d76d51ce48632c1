/* replay.c - run a fuzz target on files: the seeds, or an input that was found.
 *
 * Stands in for libFuzzer's main() with a compiler that has none.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX (1u << 20) /* what a fuzzer would try at most */

static int
replay(const char *name)
{
	static unsigned char buf[INPUT_MAX];
	FILE *f = fopen(name, "rb");
	unsigned char *exact;
	size_t n;

	if (!f) {
		perror(name);
		return 1;
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	/* A block of its own length, so that a read beyond it shows. */
	exact = malloc(n ? n : 1);
	if (!exact)
		abort();
	memcpy(exact, buf, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	return failed;
}
