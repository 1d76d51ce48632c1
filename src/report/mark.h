/* mark.h - how bad a thing is, as a shape and a word: never as a colour alone.
 */
#ifndef REPORT_MARK_H
#define REPORT_MARK_H

#include "compare/compare_result.h"
#include "report/html.h"

/* From the worst on. */
enum mark {
	MARK_BAD,
	MARK_LOST,
	MARK_DOUBT,
	MARK_SILENT, /* nothing was lost, and the device did not answer */
	MARK_GOOD,
	MARK_COUNT
};

enum mark mark_of_compare(const struct compare_result *r);
const char *mark_compare_word(enum mark m);

/* A class of the style sheet. */
const char *mark_class(enum mark m);
/* "(shape) word", coloured. */
void mark_add(struct html *h, enum mark m, const char *word);

#endif
