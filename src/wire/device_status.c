/* device_status.c - what a device tells of itself.
 */
#include "wire/device_status.h"

#include "base/clock.h"
#include "base/json.h"

/* A hundred years: more is no time that a device is up. */
#define UP_MAX_S (INT64_C(100) * 366 * 24 * 3600)

void
device_status_read(const char *body, size_t len, struct device_status *s)
{
	struct json *answer = json_parse_answer(body, len);
	int64_t up = json_get_int(answer, "systemUpTime", -1);
	const char *stamp = json_get_text(answer, "localTimeStamp", "");

	s->up = up >= 0 && up <= UP_MAX_S ? up * 1000 : -1;
	if (!clock_rfc3339_read(stamp, &s->clock) || s->clock < 0)
		s->clock = 0;
	json_free(answer);
}
