/* fuzz_icmp.c - any message as an answer to an echo. */
#include "fuzz.h"

#include "wire/icmp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct icmp_echo e;

	for (unsigned i = 0; i < 3; i++) {
		sa_family_t family = i == 2 ? AF_INET6 : AF_INET;
		enum icmp_kind k = icmp_decode(data, size, family, i == 1, &e);

		PROMISE(k != ICMP_OTHER || !e.cookie);
	}
	return 0;
}
