/* answer.c - hang, wrong status, cut, slow and senseless answers.
 *
 * Shared by device_rest.c and ovoc.c, which know what a right answer is.
 */
#include "answer.h"

#define HUGE_DEFAULT (64 * 1000 * 1000)

const struct fault *
answer_hit(struct faults *fs, const enum fault_on *places, size_t n,
    enum fault_kind kind)
{
	const struct fault *hit = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct fault *f = fault_hit(fs, places[i], kind);
		if (f && !hit)
			hit = f;
	}
	return hit;
}

struct answer_fate
answer_before(struct faults *fs, const enum fault_on *places, size_t n)
{
	struct answer_fate fate = {false, true, 0, WEB_WHOLE};
	const struct fault *f = answer_hit(fs, places, n, KIND_HANG);

	if (f) {
		fate.struck = true;
		fate.obey = f->obey == OBEY_YES;
		fate.shape = WEB_NEVER;
	}
	f = answer_hit(fs, places, n, KIND_STATUS);
	if (f && !fate.struck) {
		fate.struck = true;
		fate.obey = f->obey == OBEY_YES;
		fate.code = (int)f->code;
	}
	return fate;
}

static void
body_replace(struct web_answer *a, const char *text)
{
	strbuf_clear(&a->body);
	strbuf_add(&a->body, text);
}

void
answer_after(struct faults *fs, const enum fault_on *places, size_t n,
    struct web_answer *a)
{
	const struct fault *f;

	if (answer_hit(fs, places, n, KIND_GARBAGE))
		body_replace(a, "<html><body>\xff\xfe not { JSON");
	if (answer_hit(fs, places, n, KIND_EMPTY))
		body_replace(a, "");
	if (answer_hit(fs, places, n, KIND_CUT))
		a->shape = WEB_CUT;
	if (answer_hit(fs, places, n, KIND_SLOW))
		a->shape = WEB_SLOW;
	f = answer_hit(fs, places, n, KIND_HUGE);
	if (f) {
		a->shape = WEB_ENDLESS;
		a->size = f->size >= 0 ? f->size : HUGE_DEFAULT;
	}
	if (answer_hit(fs, places, n, KIND_CLOSE))
		a->close = true;
}
