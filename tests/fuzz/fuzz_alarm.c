/* fuzz_alarm.c - any datagram as an alarm of OVOC. */
#include "fuzz.h"

#include "wire/alarm.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alarm a;
	bool ok = alarm_parse(data, size, &a) == ALARM_OK;

	PROMISE(ok == (a.device[0] != '\0'));
	PROMISE(!ok || a.name[0]);
	(void)alarm_says(&a, "Connection Alarm", "Connection Lost");
	return 0;
}
