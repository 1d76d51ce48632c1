/* fuzz_ovoc_rule.c - any body as an answer of OVOC. */
#include "fuzz.h"

#include "wire/ovoc_rule.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *body = (const char *)data;
	int64_t id;

	PROMISE((ovoc_device_found(200, body, size, &id) == OVOC_FOUND) ==
		(id > 0));
	PROMISE(
	    (ovoc_rule_found(200, body, size, &id) == OVOC_FOUND) == (id > 0));
	PROMISE((ovoc_rule_created(body, size, &id) == OVOC_FOUND) == (id > 0));
	return 0;
}
