/* picture.h - the triangle: who reached whom, as three boxes and four arrows.
 */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include "compare/compare_result.h"
#include "report/html.h"

/* Where the three stand, in all pictures of that width. */
#define PICTURE_WIDTH    640
#define PICTURE_OVOC     110
#define PICTURE_DEVICE   320
#define PICTURE_CAMPAIGN 530

/* The sentence is told to whoever does not see it. */
void picture_add(struct html *h, const struct compare_result *r);

#endif
