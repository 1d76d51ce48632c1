/* picture.c - see picture.h.
 *
 * An arrow goes through where packets arrived, is cut by a cross where they
 * were lost, and dashed where it is not known; words say how many.
 */
#include "report/picture.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/compare_words.h"

#define HEIGHT   102
#define NOTE     20 /* more, where a note stands below */
#define BOX_TOP  34
#define BOX_HIGH 44
#define BOX_HALF 62
#define THERE_Y  48
#define BACK_Y   66
/* A baseline above the boxes, and two below. */
#define OVER_Y  24
#define UNDER_Y 94
#define NOTE_Y  112
#define HEAD    6 /* of an arrow */
#define CROSS   7

enum leg_state { LEG_UNHEARD, LEG_PASSED, LEG_UNKNOWN, LEG_CUT };

/* One arrow. */
struct leg {
	enum leg_state state;
	bool all; /* of LEG_CUT: nothing arrived */
	char text[64];
};

/* The kind of traffic that lost something, in the order in which people care;
 * NULL: none did. */
static const struct loss_tally *
worst(const struct compare_result *r, enum way w, enum traffic *kind)
{
	for (int t = 0; t < TRAFFIC_COUNT; t++) {
		*kind = (enum traffic)t;
		if (r->tally[t][w].lost > 0)
			return &r->tally[t][w];
	}
	return NULL;
}

static struct leg
ovoc_leg(const struct compare_result *r, enum way w)
{
	enum traffic kind;
	const struct loss_tally *t = worst(r, w, &kind);
	uint64_t arrived = 0, unknown = 0;
	struct leg leg = {0};

	if (t != NULL) {
		leg.state = LEG_CUT;
		leg.all = t->arrived == 0;
		snprintf(leg.text, sizeof(leg.text),
		    "%s: %" PRIu32 " of %" PRIu32 " lost", words_traffic(kind),
		    t->lost, t->sent);
		return leg;
	}
	for (int i = 0; i < TRAFFIC_COUNT; i++) {
		arrived += r->tally[i][w].arrived;
		unknown += r->tally[i][w].unknown;
	}
	if (arrived > unknown) {
		leg.state = LEG_PASSED;
		snprintf(
		    leg.text, sizeof(leg.text), "%" PRIu64 " arrived", arrived);
	} else if (unknown > 0) {
		leg.state = LEG_UNKNOWN;
		snprintf(leg.text, sizeof(leg.text), "cannot be said");
	}
	return leg;
}

/* What the campaign host asked, of all kinds. */
struct asked {
	uint32_t n, lost_there, lost_back, answered;
};

static struct asked
campaign_asked(const struct compare_result *r)
{
	struct asked a = {0};

	for (int k = 0; k < ASK_KIND_COUNT; k++) {
		const struct letter_row *l = &r->letter[ASKER_CAMPAIGN][k];

		a.n += l->n;
		a.lost_there += l->by[LETTER_LOST_THERE];
		a.lost_back += l->by[LETTER_LOST_BACK];
		a.answered += l->by[LETTER_ANSWERED] + l->by[LETTER_LATE] +
			      l->by[LETTER_NOT_TAKEN];
	}
	return a;
}

static struct leg
campaign_there(const struct asked *a)
{
	struct leg leg = {0};

	if (a->n == 0)
		return leg;
	leg.state = a->lost_there > 0 ? LEG_CUT : LEG_PASSED;
	leg.all = a->lost_there == a->n;
	if (a->lost_there > 0)
		snprintf(leg.text, sizeof(leg.text),
		    "%" PRIu32 " of %" PRIu32 " lost", a->lost_there, a->n);
	else
		snprintf(
		    leg.text, sizeof(leg.text), "%" PRIu32 " arrived", a->n);
	return leg;
}

static struct leg
campaign_back(const struct asked *a)
{
	struct leg leg = {0};

	if (a->lost_back > 0) {
		leg.state = LEG_CUT;
		leg.all = a->answered == 0;
		snprintf(leg.text, sizeof(leg.text),
		    "%" PRIu32 " of %" PRIu32 " answers lost", a->lost_back,
		    a->lost_back + a->answered);
	} else if (a->answered > 0) {
		leg.state = LEG_PASSED;
		snprintf(leg.text, sizeof(leg.text),
		    "%" PRIu32 " of %" PRIu32 " answered", a->answered, a->n);
	} else if (a->n > a->lost_there) {
		leg.state = LEG_UNKNOWN;
		snprintf(leg.text, sizeof(leg.text), "answers: not known");
	}
	return leg;
}

static void
add_box(struct html *h, int x, const char *name)
{
	struct strbuf d = STRBUF_INIT;

	strbuf_addf(&d, "M%d %dh%dv%dh-%dz", x - BOX_HALF, BOX_TOP,
	    2 * BOX_HALF, BOX_HIGH, 2 * BOX_HALF);
	html_path(h, "box", &d);
	html_label(h, "c b", x, BOX_TOP + BOX_HIGH / 2 + 4, name);
	strbuf_free(&d);
}

/* An arrow from one to the other, or as far as the cross. */
static void
draw(const struct leg *leg, int from, int to, int y, struct strbuf *line,
    struct strbuf *cross)
{
	int sign = from < to ? 1 : -1;
	int middle = (from + to) / 2;

	if (leg->state == LEG_CUT && leg->all) {
		strbuf_addf(line, "M%d %dH%d", from, y, middle - sign * CROSS);
	} else {
		strbuf_addf(line, "M%d %dH%d", from, y, to);
		strbuf_addf(line, "m%d -%dl%d %dl%d %d", -sign * HEAD, HEAD,
		    sign * HEAD, HEAD, -sign * HEAD, HEAD);
	}
	if (leg->state == LEG_CUT)
		strbuf_addf(cross, "M%d %dl%d %dm0 -%dl-%d %d", middle - CROSS,
		    y - CROSS, 2 * CROSS, 2 * CROSS, 2 * CROSS, 2 * CROSS,
		    2 * CROSS);
}

static void
add_leg(struct html *h, const char *name, const struct leg *leg, int from,
    int to, bool over)
{
	static const char *const classes[] = {
	    [LEG_UNHEARD] = "none",
	    [LEG_PASSED] = "pass",
	    [LEG_UNKNOWN] = "open",
	    [LEG_CUT] = "pass",
	};
	struct strbuf line = STRBUF_INIT, cross = STRBUF_INIT;
	int sign = from < to ? 1 : -1;

	html_open(h, "g", NULL);
	html_leaff(h, "title", NULL, "%s: %s", name,
	    leg->text[0] != '\0' ? leg->text : "nothing seen");
	draw(leg, from + sign * (BOX_HALF + 2), to - sign * (BOX_HALF + 2),
	    over ? THERE_Y : BACK_Y, &line, &cross);
	html_path(h, classes[leg->state], &line);
	if (cross.len > 0)
		html_path(h, "cut", &cross);
	if (leg->text[0] != '\0')
		html_label(h, leg->state == LEG_CUT ? "c l" : "c",
		    (from + to) / 2, over ? OVER_Y : UNDER_Y, leg->text);
	html_close(h);
	strbuf_free(&line);
	strbuf_free(&cross);
}

/* Requests that reached the device, and that it did not answer; "": none. */
static void
tell_silence(const struct compare_result *r, char text[64])
{
	uint32_t n = 0, of = 0;

	for (int a = 0; a < ASKER_COUNT; a++) {
		for (int k = 0; k < ASK_KIND_COUNT; k++) {
			n += r->letter[a][k].by[LETTER_UNANSWERED];
			of += r->letter[a][k].n;
		}
	}
	text[0] = '\0';
	if (n == 0)
		return;
	snprintf(text, 64,
	    "the device did not answer %" PRIu32 " of %" PRIu32 " requests", n,
	    of);
}

void
picture_add(struct html *h, const struct compare_result *r)
{
	struct asked asked = campaign_asked(r);
	struct leg there = ovoc_leg(r, WAY_THERE), back = ovoc_leg(r, WAY_BACK);
	struct leg ask = campaign_there(&asked), answer = campaign_back(&asked);
	const char *server = r->side[SIDE_SERVER].name;
	const char *device = r->side[SIDE_DEVICE].name;

	char silence[64];

	tell_silence(r, silence);
	html_picture(h, "triangle", PICTURE_WIDTH,
	    HEIGHT + (silence[0] != '\0' ? NOTE : 0), r->sentence);
	add_box(h, PICTURE_OVOC, server);
	add_box(h, PICTURE_DEVICE, device);
	add_box(h, PICTURE_CAMPAIGN, "campaign host");
	add_leg(h, "to the device", &there, PICTURE_OVOC, PICTURE_DEVICE, true);
	add_leg(
	    h, "from the device", &back, PICTURE_DEVICE, PICTURE_OVOC, false);
	add_leg(h, "from the campaign host", &ask, PICTURE_CAMPAIGN,
	    PICTURE_DEVICE, true);
	add_leg(h, "to the campaign host", &answer, PICTURE_DEVICE,
	    PICTURE_CAMPAIGN, false);
	if (silence[0] != '\0')
		html_label(h, "c l", PICTURE_DEVICE, NOTE_Y, silence);
	html_close(h);
}
