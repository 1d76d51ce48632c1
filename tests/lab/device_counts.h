/* device_counts.h - what has happened to a device, for the tests to judge. */
#ifndef LAB_DEVICE_COUNTS_H
#define LAB_DEVICE_COUNTS_H

#include <stdint.h>

struct device_counts {
	int64_t rest_connections, rest_requests, rest_overlaps;
	int64_t expects; /* requests with Expect: 100-continue */
	int64_t starts, shows, stops, others, writes;
	int64_t captures; /* times the capture became active */
	int64_t logins_ok, logins_refused;
	int64_t ssh_connections, sftp_sessions, sftp_bytes;
	int64_t losses, alarms;
};

#endif
