/* answer.h - the faults that every HTTP answer can have. */
#ifndef LAB_ANSWER_H
#define LAB_ANSWER_H

#include <stdbool.h>

#include "fault.h"
#include "web.h"

/* Faults that replace the answer before anything is done: hang, status.  True
 * if one struck and `a` is complete.  With `obey` the request is carried out
 * all the same, and its answer is lost. */
struct answer_fate {
	bool struck;
	bool obey;
	int code;  /* of status */
	int shape; /* enum web_shape */
};
struct answer_fate answer_before(
    struct faults *fs, const enum fault_on *places, size_t n);
/* Faults that spoil an answer that is ready: cut, slow, garbage, empty, huge,
 * close. */
void answer_after(struct faults *fs, const enum fault_on *places, size_t n,
    struct web_answer *a);
/* The first of the places where this kind strikes; all of them count. */
const struct fault *answer_hit(struct faults *fs, const enum fault_on *places,
    size_t n, enum fault_kind kind);

#endif
