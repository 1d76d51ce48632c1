/* check_device_status.c - what a device tells of itself is read. */
#include "unit.h"

#include <string.h>

#include "wire/device_status.h"

/* AudioCodes' own sample, in part. */
#define SAMPLE                                                \
	"{\"localTimeStamp\": \"2010-01-17T17:29:15.000Z\", " \
	"\"ipAddress\": \"10.4.219.229\", "                   \
	"\"versionID\": \"7.20A.200.014\", "                  \
	"\"systemUpTime\": 161446, \"saveNeeded\": \"false\"}"

START_TEST(what_is_plain_is_told_and_nothing_else)
{
	static const struct {
		const char *body;
		int64_t up, clock;
	} rows[] = {{SAMPLE, 161446000, INT64_C(1263749355000)},
	    {"{\"systemUpTime\":0}", 0, 0},
	    {"{\"systemUpTime\":-1,\"localTimeStamp\":\"soon\"}", -1, 0},
	    {"{\"systemUpTime\":\"12\",\"localTimeStamp\":7}", -1, 0},
	    {"{\"systemUpTime\":9223372036854775807}", -1, 0},
	    {"{\"localTimeStamp\":\"1901-01-01T00:00:00Z\"}", -1, 0},
	    {"{\"systemUpTime\":5}\n", 5000, 0}, {"[1]", -1, 0},
	    {"<html>", -1, 0}, {"", -1, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct device_status s;

		device_status_read(rows[i].body, strlen(rows[i].body), &s);
		ck_assert_int_eq(s.up, rows[i].up);
		ck_assert_int_eq(s.clock, rows[i].clock);
	}
}
END_TEST

UNIT_MAIN("device_status", what_is_plain_is_told_and_nothing_else)
