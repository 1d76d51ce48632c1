/* compare_made.h - a comparison's result made by hand, for what prints it. */
#ifndef UNIT_COMPARE_MADE_H
#define UNIT_COMPARE_MADE_H

#include "compare/compare_result.h"

#define MADE_S INT64_C(1000000000)
/* 2026-11-23T03:11:02.100Z, in ns */
#define MADE_AT (INT64_C(1795403462) * MADE_S + 100000000)

#define MADE_SHA256 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* SNMP requests were lost for 98 s: 20 of 120, between a server and a device
 * whose clock is a day ahead.  free(3). */
struct compare_result *compare_made(void);
/* Nothing was read.  free(3). */
struct compare_result *compare_made_of_nothing(void);

#endif
