/* sentence_path.c - what the way between the captures did, in words.
 */
#include "compare/sentence_path.h"

#include "compare/sentence_time.h"
#include "compare/sentence_words.h"

#define NS_MS INT64_C(1000000)

/* The formats are the program's own, in sentence_words.c. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static const char *
receiver(const struct compare_result *r, enum way w)
{
	return r->side[w == WAY_THERE ? SIDE_DEVICE : SIDE_SERVER].name;
}

/* "more routers" than before, by their number. */
static const char *
routers(int more)
{
	if (more == 1 || more == -1)
		return sentence_phrase(
		    more > 0 ? PHRASE_ONE_MORE : PHRASE_ONE_FEWER);
	return sentence_phrase(more > 0 ? PHRASE_MORE : PHRASE_FEWER);
}

/* What the way did that lost them. */
static void
say_route(struct strbuf *to, const struct compare_result *r, enum way w)
{
	const struct result_path *p = &r->path[w];
	int more = p->hops - p->hops_before;
	char at[SENTENCE_CLOCK_MAX];

	if (more != 0)
		strbuf_addf(to, sentence_phrase(PHRASE_ROUTE),
		    sentence_clock(p->route_from, false, at), receiver(r, w),
		    (unsigned)(more < 0 ? -more : more), routers(more));
}

void
sentence_path(struct strbuf *to, const struct compare_result *r, enum way w)
{
	const struct result_path *p = &r->path[w];
	char at[SENTENCE_CLOCK_MAX];

	if (p->slower_by > 0)
		strbuf_addf(to, sentence_phrase(PHRASE_SLOWER),
		    sentence_clock(p->slower_from, false, at), receiver(r, w),
		    (unsigned)(p->slower_by / NS_MS));
	say_route(to, r, w);
	if (p->mapping.lost > 0)
		strbuf_addf(to, sentence_phrase(PHRASE_MAPPING),
		    sentence_clock(p->mapping.from, false, at));
}

void
sentence_refused(struct strbuf *to, const struct compare_result *r)
{
	const struct result_refusal *f = &r->refusal;
	char by[ADDR_TEXT_MAX];

	if (f->n > 0)
		strbuf_addf(to, sentence_phrase(PHRASE_REFUSED),
		    addr_text(&f->by, by),
		    sentence_refusal(
			f->by.family == AF_INET6, f->type, f->code));
}
