/* triangle.h - what the letters mean: the decision tables, one row a sentence.
 *
 * Knows letters only, never packets.  The sentences are whole, in the one
 * language that there is so far; nothing is put into them.
 */
#ifndef COMPARE_TRIANGLE_H
#define COMPARE_TRIANGLE_H

#include <stdbool.h>

#include "compare/finding.h"

/* The device's own messages meanwhile, on their way to the server. */
enum reports {
	REPORTS_UNKNOWN, /* some arrived and some did not, or nobody knows */
	REPORTS_ARRIVED,
	REPORTS_LOST,
	REPORTS_NONE, /* it sent none, nor anything else */
	REPORTS_COUNT
};

const char *reports_name(enum reports r); /* that of the JSON */
int reports_by_name(const char *name);    /* REPORTS_COUNT: none */

/* Of one kind of question, by OVOC and by the campaign host (LETTER_NOBODY and
 * LETTER_UNKNOWN: no witness).  `all`: every way out of the device was
 * captured, so that no answer left it unseen.  NULL: the letters say nothing
 * more. */
const char *triangle_witness(enum letter ovoc, enum letter campaign, bool all);
/* The same where only the device's capture shows the campaign host: its
 * questions arrived, and the device `answered` them or not. */
const char *triangle_heard(enum letter ovoc, bool answered, bool all);
/* Of OVOC's three kinds of questions; LETTER_NOBODY where none were asked.
 * NULL: nothing follows from comparing them. */
const char *triangle_kinds(enum letter icmp, enum letter snmp, enum letter tcp);
/* Of OVOC's questions and the device's own messages. */
const char *triangle_event(enum letter ovoc, enum reports reports);

#endif
