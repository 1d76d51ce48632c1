/* ladder.c - see ladder.h.
 */
#include "report/ladder.h"

#include <stdio.h>

#include "compare/result_facts.h"
#include "report/compare_words.h"
#include "report/picture.h"

#define ROW      18
#define TOP      26 /* of the first row */
#define NAMES_Y  14
#define UNDER    4 /* the answer is drawn so far below its request */
#define HEAD     4
#define CROSS    4
#define CIRCLE   4
#define BASELINE 3 /* a text's, below the middle of its row */
#define TIME_X   4
#define WORD_GAP 12 /* between the device's line and a word */
/* A run of fewer is not worth a line that says so. */
#define FOLD_MIN 3

struct ladder {
	struct html *h;
	const struct compare_result *r;
	int rows;     /* drawn, or counted while h is NULL */
	int64_t date; /* what times need not repeat */
};

/* --- one row --- */

static void
arrow(struct strbuf *d, int from, int to, int y)
{
	int sign = from < to ? 1 : -1;

	strbuf_addf(d, "M%d %dH%dm%d -%dl%d %dl%d %d", from, y, to,
	    -sign * HEAD, HEAD, sign * HEAD, HEAD, -sign * HEAD, HEAD);
}

static void
half(struct strbuf *d, struct strbuf *x, int from, int to, int y)
{
	int end = (from + to) / 2;

	strbuf_addf(d, "M%d %dH%d", from, y, end);
	strbuf_addf(x, "M%d %dl%d %dm0 -%dl-%d %d", end - CROSS, y - CROSS,
	    2 * CROSS, 2 * CROSS, 2 * CROSS, 2 * CROSS, 2 * CROSS);
}

/* A hollow circle: it came, and nothing followed. */
static void
circle(struct strbuf *x, int at, int y)
{
	strbuf_addf(x, "M%d %da%d %d 0 1 0 %d 0a%d %d 0 1 0 -%d 0", at - CIRCLE,
	    y, CIRCLE, CIRCLE, 2 * CIRCLE, CIRCLE, CIRCLE, 2 * CIRCLE);
}

/* What was seen, in `d`, and where it ended, in `x`. */
static void
draw(const struct ladder_row *row, int from, int y, struct strbuf *d,
    struct strbuf *x)
{
	int device = PICTURE_DEVICE;

	switch (row->letter) {
	case LETTER_LOST_THERE:
		half(d, x, from, device, y);
		return;
	case LETTER_UNANSWERED:
		arrow(d, from, device, y);
		circle(x, device, y);
		return;
	case LETTER_LOST_BACK:
		arrow(d, from, device, y - UNDER / 2);
		half(d, x, device, from, y + UNDER / 2);
		return;
	case LETTER_NOT_TAKEN:
	case LETTER_LATE:
	case LETTER_ANSWERED:
		arrow(d, from, device, y - UNDER / 2);
		arrow(d, device, from, y + UNDER / 2);
		return;
	case LETTER_NOBODY:
	case LETTER_MIXED:
	case LETTER_UNKNOWN:
	case LETTER_COUNT:
		break;
	}
	if (row->d1 != 0 || row->d2 != 0)
		arrow(d, from, device, y - UNDER / 2);
	if (row->d2 != 0)
		arrow(d, device, from, y + UNDER / 2);
}

static const char *
word_of(const struct ladder_row *row)
{
	static const char *const words[LETTER_COUNT] = {
	    [LETTER_LOST_THERE] = "lost",
	    [LETTER_UNANSWERED] = "not answered",
	    [LETTER_LOST_BACK] = "answer lost",
	    [LETTER_LATE] = "late",
	    [LETTER_NOT_TAKEN] = "answer not taken",
	    [LETTER_ANSWERED] = "",
	};

	if (words[row->letter] != NULL)
		return words[row->letter];
	return row->d2 != 0 ? "answered by the device" : "unclear";
}

/* The fate in a word, and how long the answer took. */
static void
add_word(struct ladder *l, const struct ladder_row *row, int y)
{
	bool ovoc = row->asker == ASKER_OVOC;
	bool bad =
	    row->letter != LETTER_ANSWERED && row->letter != LETTER_UNKNOWN;
	struct strbuf b = STRBUF_INIT;
	const char *class = ovoc ? (bad ? "l" : "s") : (bad ? "e l" : "e s");

	strbuf_add(&b, word_of(row));
	if (row->s1 != 0 && row->s2 > row->s1) {
		strbuf_add(&b, b.len > 0 ? ", " : "");
		words_span(row->s2 - row->s1, &b);
	}
	if (b.len > 0)
		html_label(l->h, class,
		    PICTURE_DEVICE + (ovoc ? WORD_GAP : -WORD_GAP),
		    y + BASELINE, strbuf_text(&b));
	strbuf_free(&b);
}

static int64_t
time_of(const struct ladder_row *row)
{
	return row->s1 != 0 ? row->s1 : row->d1;
}

static void
add_rung(struct ladder *l, const struct ladder_row *row)
{
	int y = TOP + l->rows * ROW + ROW / 2;
	struct strbuf d = STRBUF_INIT, x = STRBUF_INIT;
	char at[WORDS_TIME_MAX];

	words_time(time_of(row), l->date, at);
	html_open(l->h, "g", NULL);
	html_leaff(l->h, "title", NULL, "%s, %s by %s: %s", at,
	    words_kind(row->kind), words_asker(row->asker),
	    words_letter(row->letter));
	html_label(l->h, "s", TIME_X, y + BASELINE, at);
	draw(row, row->asker == ASKER_OVOC ? PICTURE_OVOC : PICTURE_CAMPAIGN, y,
	    &d, &x);
	if (d.len > 0)
		html_path(l->h, row->letter == LETTER_UNKNOWN ? "q" : "r", &d);
	if (x.len > 0)
		html_path(l->h, "x", &x);
	add_word(l, row, y);
	html_close(l->h);
	strbuf_free(&d);
	strbuf_free(&x);
}

/* --- all rows --- */

static void
put_rung(struct ladder *l, const struct ladder_row *row)
{
	if (l->rows < LADDER_ROWS_MAX && l->h != NULL)
		add_rung(l, row);
	l->rows++;
}

static void
put_words(struct ladder *l, const char *class, const char *text)
{
	int y = TOP + l->rows * ROW + ROW / 2;

	if (l->rows < LADDER_ROWS_MAX && l->h != NULL)
		html_label(l->h, class, PICTURE_DEVICE, y + BASELINE, text);
	l->rows++;
}

/* `n` of them had the same fate. */
static void
put_run(struct ladder *l, const struct ladder_row *const *row, int n)
{
	char text[96], at[WORDS_TIME_MAX];

	put_rung(l, row[0]);
	if (n < FOLD_MIN) {
		if (n > 1)
			put_rung(l, row[1]);
		return;
	}
	snprintf(text, sizeof(text), "... %d more of the same, until %s", n - 1,
	    words_time(time_of(row[n - 1]), l->date, at));
	put_words(l, "c s", text);
}

static void
put_block(struct ladder *l, enum asker asker, enum ask_kind kind)
{
	const struct ladder_row *row[RESULT_LADDER_MAX];
	int n = 0, from = 0,
	    held = result_held(l->r->n_ladder, RESULT_LADDER_MAX);
	char text[64];

	for (int i = 0; i < held; i++)
		if (l->r->ladder[i].asker == asker &&
		    l->r->ladder[i].kind == kind)
			row[n++] = &l->r->ladder[i];
	if (n == 0)
		return;
	snprintf(text, sizeof(text), "%s by %s", words_kind(kind),
	    words_asker(asker));
	put_words(l, "c b", text);
	for (int i = 1; i <= n; i++) {
		if (i < n && row[i]->letter == row[from]->letter)
			continue;
		put_run(l, &row[from], i - from);
		from = i;
	}
}

static int
put_all(struct ladder *l)
{
	l->rows = 0;
	for (int a = 0; a < ASKER_COUNT; a++)
		for (int k = 0; k < ASK_KIND_COUNT; k++)
			put_block(l, (enum asker)a, (enum ask_kind)k);
	return l->rows;
}

static void
add_lines(struct html *h, const struct compare_result *r, int bottom)
{
	struct strbuf d = STRBUF_INIT;

	html_label(h, "c b", PICTURE_OVOC, NAMES_Y, r->side[SIDE_SERVER].name);
	html_label(
	    h, "c b", PICTURE_DEVICE, NAMES_Y, r->side[SIDE_DEVICE].name);
	html_label(h, "c b", PICTURE_CAMPAIGN, NAMES_Y, "campaign host");
	strbuf_addf(&d, "M%d %dV%dM%d %dV%dM%d %dV%d", PICTURE_OVOC, TOP - 6,
	    bottom, PICTURE_DEVICE, TOP - 6, bottom, PICTURE_CAMPAIGN, TOP - 6,
	    bottom);
	html_path(h, "life", &d);
	strbuf_free(&d);
}

void
ladder_add(struct html *h, const struct compare_result *r)
{
	struct ladder l = {.r = r};
	int rows = put_all(&l), left = rows - LADDER_ROWS_MAX, bottom;

	if (rows == 0)
		return;
	if (r->n_common > 0)
		l.date = r->common[0].from;
	if (left > 0)
		rows = LADDER_ROWS_MAX;
	bottom = TOP + rows * ROW;
	html_picture(h, "ladder", PICTURE_WIDTH, bottom + 4, r->sentence);
	add_lines(h, r, bottom);
	l.h = h;
	put_all(&l);
	html_close(h);
	if (left > 0)
		html_leaff(h, "p", "dim", "And %d more rows.", left);
}
