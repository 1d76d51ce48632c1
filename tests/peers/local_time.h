/* local_time.h - a time as 1.0.6 writes it into names: local, without a Z. */
#ifndef PEERS_LOCAL_TIME_H
#define PEERS_LOCAL_TIME_H

#include <stdint.h>

#define LOCAL_TIME_MAX 40

/* "2026-11-23T04.00.00.123000"; returns buf. */
const char *local_time(int64_t wall_ms, char buf[LOCAL_TIME_MAX]);

#endif
