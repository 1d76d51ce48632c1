/* fuzz_result_decode.c - any file as what a comparison found.
 *
 * What is taken becomes, written and read again, the same text.
 */
#include "fuzz.h"

#include <string.h>

#include "compare/result_decode.h"
#include "compare/result_json.h"

static void
must_be_kept(const struct compare_result *r)
{
	struct strbuf one = STRBUF_INIT, other = STRBUF_INIT;
	struct fail why = {0};
	struct compare_result *back;

	result_json(r, &one);
	back = result_decode(one.s, one.len, &why);
	PROMISE(back != NULL);
	result_json(back, &other);
	PROMISE(one.len == other.len && !memcmp(one.s, other.s, one.len));
	free(back);
	strbuf_free(&one);
	strbuf_free(&other);
}

static void
must_be_bounded(const struct compare_result *r)
{
	PROMISE(r->n_common >= 0 && r->n_common <= RESULT_COMMON_MAX);
	PROMISE(r->n_nat >= 0 && r->n_nat <= RESULT_NAT_MAX);
	PROMISE(r->n_ladder >= 0 && r->n_ladder <= RESULT_LADDER_MAX);
	PROMISE(r->clock.n_steps <= RESULT_STEPS_MAX);
	PROMISE(r->grade < GRADE_COUNT && r->reports < REPORTS_COUNT);
	PROMISE(r->sentence[0] != '\0');
	PROMISE(!str_has_control(r->sentence, strlen(r->sentence)));
	for (int s = 0; s < SIDE_COUNT; s++) {
		PROMISE(r->side[s].n_files >= 0);
		PROMISE(r->side[s].n_links <= RESULT_LINKS_MAX);
	}
	for (int i = 0; i < r->n_ladder; i++)
		PROMISE(r->ladder[i].letter < LETTER_COUNT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fail why = {0};
	struct compare_result *r =
	    result_decode((const char *)data, size, &why);

	PROMISE((r == NULL) == (why.kind != FAIL_NONE));
	if (r == NULL)
		return 0;
	must_be_bounded(r);
	must_be_kept(r);
	free(r);
	return 0;
}
