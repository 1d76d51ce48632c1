/* fuzz_device_script.c - any body as a device's answer to a script. */
#include "fuzz.h"

#include <ctype.h>

#include "wire/device_script.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script_answer a;

	device_script_answer((const char *)data, size, NULL, &a);
	for (const char *p = a.output; *p; p++)
		PROMISE(!iscntrl((unsigned char)*p));
	PROMISE(a.result != SCRIPT_GARBLED ||
		device_script_shown(&a) == CAPTURE_UNKNOWN);
	return 0;
}
