/* page_of_pair.c - see page_of_pair.h.
 */
#include "report/page_of_pair.h"

#include "report/compare_words.h"
#include "report/event_view.h"
#include "report/html.h"
#include "report/mark.h"
#include "report/strip.h"

/* Some time of it, to tell the zone by. */
static int64_t
some_time(const struct compare_result *r)
{
	return r->n_common > 0 ? r->common[0].from : r->side[SIDE_SERVER].first;
}

static void
add_times(struct html *h, const struct compare_result *r)
{
	char zone[WORDS_TIME_MAX], day[WORDS_TIME_MAX];
	int64_t at = some_time(r);

	if (at == 0)
		return;
	html_leaff(h, "p", "dim",
	    "Begins %s. Times are local (UTC%s), by the server's clock.",
	    words_time(at, 0, day), words_zone(at, zone));
}

void
page_of_pair(const struct compare_result *r, struct sink *to)
{
	enum mark m = mark_of_compare(r);
	struct html *h = html_new(to, r->sentence);

	strip_begin(h);
	html_open(h, "section", "class", mark_class(m), NULL);
	html_open(h, "h1", NULL);
	mark_add(h, m, mark_compare_word(m));
	html_close(h);
	html_leaf(h, "p", "sentence", r->sentence);
	if (r->trouble[0] != '\0')
		html_leaff(h, "p", "bad", "Not read: %s", r->trouble);
	add_times(h, r);
	event_view_add(h, r, 0);
	html_close(h);
	html_open(h, "footer", NULL);
	html_leaf(h, "p", "dim", "traffic-capture-compare " VERSION);
	html_close(h);
	html_free(h);
}
