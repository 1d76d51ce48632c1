/* fuzz_alarm.c - any datagram as an alarm of OVOC. */
#include "fuzz.h"

#include "wire/alarm.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alarm a;
	bool ok = alarm_parse(data, size, &a) == ALARM_OK;

	PROMISE(ok == (a.address.family != AF_UNSPEC));
	PROMISE(!ok || a.name[0]);
	(void)alarm_matches(&a, "Connection Alarm", "Connection Lost");
	return 0;
}
