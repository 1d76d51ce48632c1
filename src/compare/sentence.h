/* sentence.h - the result in words that a night shift understands.
 *
 * <who asked what> <what happened where>: <n of m> between <T1> and <T2>
 * <(pattern)>. <second witness>. <Certain|Likely>.
 */
#ifndef COMPARE_SENTENCE_H
#define COMPARE_SENTENCE_H

#include "base/str.h"
#include "compare/compare_result.h"

/* From all else that is in the result: grade, exit_status and sentence.  A
 * result that has a status of trouble keeps it. */
void sentence_make(struct compare_result *r);
/* The one where nothing could be compared; `why` without a full stop. */
void sentence_give_up(struct strbuf *to, const char *why);

#endif
