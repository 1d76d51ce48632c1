/* fuzz.h - the entry of a fuzz target, as libFuzzer calls it.
 *
 * One target a decoder: fuzz_<module>.c, its first inputs in seeds/<module>/.
 * Linked with -fsanitize=fuzzer it searches; linked with replay.c it runs the
 * files it is given.  A broken promise of a header ends the process.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(3): it holds whatever NDEBUG says. */
#define PROMISE(x)               \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

#endif
