/* fuzz_device_script.c - any body as a device's answer to a script, and as what
 * it tells of itself. */
#include "fuzz.h"

#include <ctype.h>

#include "wire/device_script.h"
#include "wire/device_status.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script_answer a;
	struct device_status s;

	device_script_answer((const char *)data, size, NULL, &a);
	for (const char *p = a.output; *p; p++)
		PROMISE(!iscntrl((unsigned char)*p));
	PROMISE(a.result != SCRIPT_GARBLED ||
		device_script_shown(&a) == CAPTURE_UNKNOWN);
	device_status_read((const char *)data, size, &s);
	PROMISE(s.up >= -1 && s.clock >= 0);
	return 0;
}
