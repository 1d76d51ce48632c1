/* loss_table.c - see loss_table.h.
 */
#include "report/loss_table.h"

#include <inttypes.h>

#include "compare/result_facts.h"
#include "report/compare_words.h"

static const struct {
	const char *name, *class;
} columns[] = {
    {"kind", NULL},
    {"direction", NULL},
    {"sent", "n"},
    {"arrived", "n"},
    {"lost", "n"},
    {"cannot be said", "n"},
    {"first lost", NULL},
    {"last lost", NULL},
    {"longest run", NULL},
    {"delay meanwhile", NULL},
    {"how sure", NULL},
};

static void
add_number(struct html *h, const char *class, uint32_t n)
{
	html_leaff(h, "td", class, "%" PRIu32, n);
}

static void
add_time(struct html *h, int64_t at, int64_t before)
{
	char text[WORDS_TIME_MAX];

	html_leaf(h, "td", "t", at == 0 ? "" : words_time(at, before, text));
}

static void
add_run(struct html *h, const struct loss_tally *t)
{
	struct strbuf b = STRBUF_INIT;

	if (t->lost > 0)
		strbuf_addf(&b, "%" PRIu32, t->run);
	if (t->lost > 0 && t->longest > 0) {
		strbuf_add(&b, ", ");
		words_span(t->longest, &b);
	}
	html_leaf(h, "td", NULL, strbuf_text(&b));
	strbuf_free(&b);
}

/* Of the two only the difference means something. */
static void
add_delay(struct html *h, const struct loss_tally *t)
{
	int64_t more = t->delay_during - t->delay_before;
	struct strbuf b = STRBUF_INIT;

	if (t->delay_before >= 0 && t->delay_during >= 0) {
		words_span(more, &b);
		strbuf_add(&b, more < 0 ? " less" : " more");
	}
	html_leaf(h, "td", NULL, strbuf_text(&b));
	strbuf_free(&b);
}

static void
add_lost(struct html *h, const struct loss_tally *t)
{
	const char *class = t->lost > 0 ? "n l" : "n";

	if (t->at_least < t->lost)
		html_leaff(h, "td", class, "%" PRIu32 " to %" PRIu32,
		    t->at_least, t->lost);
	else
		add_number(h, class, t->lost);
}

static void
add_row(struct html *h, enum traffic kind, enum way way,
    const struct loss_tally *t, int64_t date)
{
	html_open(h, "tr", NULL);
	html_open(h, "th", "scope", "row", NULL);
	html_text(h, words_traffic(kind));
	html_close(h);
	html_leaf(h, "td", "t",
	    way == WAY_THERE ? "to the device" : "from the device");
	add_number(h, "n", t->sent);
	add_number(h, "n", t->arrived);
	add_lost(h, t);
	add_number(h, "n", t->unknown);
	add_time(h, t->first, date);
	add_time(h, t->last, date);
	add_run(h, t);
	add_delay(h, t);
	html_leaf(h, "td", NULL, grade_name(t->grade));
	html_close(h);
}

static void
add_head(struct html *h)
{
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		html_open(h, "th", "scope", "col", NULL);
		if (columns[i].class != NULL)
			html_attr(h, "class", "%s", columns[i].class);
		html_text(h, columns[i].name);
		html_close(h);
	}
	html_close(h);
	html_close(h);
}

void
loss_table_add(struct html *h, const struct compare_result *r)
{
	int64_t date = r->n_common > 0 ? r->common[0].from : 0;

	if (!result_judged(r))
		return;
	html_open(h, "table", "class", "loss", NULL);
	add_head(h);
	html_open(h, "tbody", NULL);
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (result_seen(&r->tally[kind][way]))
				add_row(h, (enum traffic)kind, (enum way)way,
				    &r->tally[kind][way], date);
	html_close(h);
	html_close(h);
}
