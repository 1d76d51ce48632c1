/* compare_result.h - what a comparison found.  Plain data, of a fixed size.
 *
 * Times are ns since 1970 by the server's clock, 0: not known; spans of time
 * are ns.  "Lost" is what was sent at one end and not seen at the other while
 * both captures ran, and no other reason for it was found.
 */
#ifndef COMPARE_COMPARE_RESULT_H
#define COMPARE_COMPARE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/finding.h"
#include "compare/loss_tally.h"
#include "compare/result_letter.h"
#include "compare/result_path.h"
#include "compare/result_side.h"
#include "compare/result_strip.h"
#include "compare/traffic.h"
#include "compare/triangle.h"

#define RESULT_COMMON_MAX   16
#define RESULT_NAT_MAX      16
#define RESULT_LADDER_MAX   200
#define RESULT_SENTENCE_MAX 1152

struct compare_result {
	struct result_clock clock;
	struct result_span common[RESULT_COMMON_MAX];
	int n_common; /* more than fit: the shortest are left out */
	struct result_side side[SIDE_COUNT];
	struct loss_tally tally[TRAFFIC_COUNT][WAY_COUNT];
	struct result_path path[WAY_COUNT];
	struct letter_row letter[ASKER_COUNT][ASK_KIND_COUNT];
	bool witness; /* the campaign host's letters are by its own record */
	/* The letters are those of the time of trouble, if there is any; these
	 * are of all the time: OVOC's SNMP. */
	struct letter_row polls;
	enum reports reports; /* in the time of trouble */
	struct result_span trouble_time;
	/* OVOC asked regularly, and no more behind this; 0: to the end. */
	int64_t asked_until;
	uint32_t calm;     /* OVOC's own requests, all of them answered; or 0 */
	uint32_t bad_user; /* requests that only Reports answered */
	struct result_refusal refusal; /* of what was lost; n 0: none */
	struct result_nat nat[RESULT_NAT_MAX];
	int n_nat;
	struct ladder_row ladder[RESULT_LADDER_MAX];
	int n_ladder;
	struct result_strip strip;
	/* Packets that were not judged, and why; not in any tally's `sent`. */
	uint32_t not_judged[REASON_COUNT];
	enum grade grade;  /* of the sentence */
	int exit_status;   /* 0 nothing lost, 1 lost, 3 cannot be said, 7 */
	char trouble[256]; /* of 7: file and why; else "" */
	char sentence[RESULT_SENTENCE_MAX]; /* local time (TZ) */
};

#endif
