/* page_of_pair.h - the page of one comparison. */
#ifndef REPORT_PAGE_OF_PAIR_H
#define REPORT_PAGE_OF_PAIR_H

#include "compare/compare_result.h"
#include "report/sink.h"

/* Whole, in one file that loads nothing. */
void page_of_pair(const struct compare_result *r, struct sink *to);

#endif
