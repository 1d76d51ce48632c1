/* sentence_path.h - what the way between the captures did, in words: it became
 * slower, its route or a translation changed, somebody on it refused packets.
 */
#ifndef COMPARE_SENTENCE_PATH_H
#define COMPARE_SENTENCE_PATH_H

#include "base/str.h"
#include "compare/compare_result.h"

/* Slower, another route, or another address behind it, where the loss began;
 * nothing where it was not. */
void sentence_path(
    struct strbuf *to, const struct compare_result *r, enum way w);
/* Who on the way refused packets, and why; nothing where nobody did. */
void sentence_refused(struct strbuf *to, const struct compare_result *r);

#endif
