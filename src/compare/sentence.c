/* sentence.c - the result in words that a night shift understands.
 */
#include "compare/sentence.h"

#include <ctype.h>
#include <stddef.h>
#include <time.h>

#include "base/str.h"
#include "compare/sentence_path.h"
#include "compare/sentence_time.h"
#include "compare/sentence_words.h"

/* More kinds of traffic that lost something are in the table only. */
#define ALSO_MAX 2
#define NS_MS    INT64_C(1000000)
#define NS_S     INT64_C(1000000000)
/* Fewer questions are no witness. */
#define HEARD_MIN 3
/* More than one in so many is too much to be left out in silence. */
#define LEFT_SHARE 10

/* The formats are the program's own, in sentence_words.c. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

struct place {
	enum traffic traffic;
	enum way way;
	const struct loss_tally *tally;
};

static const char *
end_of(const struct compare_result *r, enum way w, bool sender)
{
	bool server = (w == WAY_THERE) == sender;

	return r->side[server ? SIDE_SERVER : SIDE_DEVICE].name;
}

static void
count_text(struct strbuf *to, const struct loss_tally *t)
{
	if (t->at_least < t->lost)
		strbuf_addf(to, sentence_phrase(PHRASE_AT_LEAST), t->at_least);
	else
		strbuf_addf(to, "%u", t->lost);
}

/* The event first: OVOC's questions and the device's messages, then others;
 * of one kind the way that lost more. */
static bool
find_main(const struct compare_result *r, struct place *p)
{
	const struct loss_tally *there, *back;
	int i;

	for (i = 0; i < TRAFFIC_COUNT; i++) {
		there = &r->tally[i][WAY_THERE];
		back = &r->tally[i][WAY_BACK];
		if (there->lost == 0 && back->lost == 0)
			continue;
		p->traffic = (enum traffic)i;
		p->way = there->lost >= back->lost ? WAY_THERE : WAY_BACK;
		p->tally = &r->tally[i][p->way];
		return true;
	}
	return false;
}

/* Did all that went this way get lost from the first to the last one?  Then no
 * protocol is named. */
static bool
lost_everything(
    const struct compare_result *r, enum way w, struct loss_tally *sum)
{
	const struct loss_tally *t;
	int i, kinds = 0;

	*sum = (struct loss_tally){.grade = GRADE_CERTAIN};
	for (i = 0; i < TRAFFIC_COUNT; i++) {
		t = &r->tally[i][w];
		if (t->sent == 0)
			continue;
		if (t->lost == 0 || t->lost != t->among || t->incomplete > 0)
			return false;
		kinds++;
		sum->lost += t->lost;
		sum->among += t->among;
		sum->at_least += t->at_least;
		if (sum->first == 0 || t->first < sum->first)
			sum->first = t->first;
		if (t->last > sum->last)
			sum->last = t->last;
		if (t->grade > sum->grade)
			sum->grade = t->grade;
	}
	return kinds > 1;
}

/* Some went where nobody is any more, and that is all: what looks like chance,
 * or like parallel paths, is none. */
static bool
is_explained(
    const struct compare_result *r, enum way w, const struct loss_tally *t)
{
	return r->path[w].mapping.lost >= t->lost &&
	       t->pattern != PATTERN_ALL && t->pattern != PATTERN_ONWARD;
}

static void
say_pattern(struct strbuf *to, const struct compare_result *r, enum way w,
    const struct loss_tally *t)
{
	const char *words = sentence_pattern(t->pattern);

	if (words != NULL && !is_explained(r, w, t))
		strbuf_addf(to, words, t->pattern_n);
}

static void
say_lost(struct strbuf *to, const struct compare_result *r, const char *what,
    enum way w, const struct loss_tally *t)
{
	struct strbuf count = STRBUF_INIT, when = STRBUF_INIT;
	bool all = t->lost >= t->among;
	size_t begin = to->len;

	count_text(&count, t);
	sentence_time(&when, t->first, t->last);
	strbuf_addf(to, sentence_phrase(all ? PHRASE_LOST : PHRASE_LOST_SOME),
	    what, end_of(r, w, true), end_of(r, w, false), strbuf_text(&count),
	    t->among > t->lost ? t->among : t->lost, strbuf_text(&when));
	to->s[begin] = (char)toupper((unsigned char)to->s[begin]);
	say_pattern(to, r, w, t);
	strbuf_add(to, ".");
	strbuf_free(&count);
	strbuf_free(&when);
}

/* Of traffic that went the way `but`, if it is one, nothing is said. */
static void
say_also(struct strbuf *to, const struct compare_result *r,
    const struct loss_tally *main, enum way but)
{
	struct strbuf count = STRBUF_INIT;
	const struct loss_tally *t;
	int i, w, n = 0;

	for (i = 0; i < TRAFFIC_COUNT; i++) {
		for (w = 0; w < WAY_COUNT; w++) {
			t = &r->tally[i][w];
			if (t->lost == 0 || t == main || w == (int)but ||
			    n == ALSO_MAX)
				continue;
			n++;
			strbuf_clear(&count);
			count_text(&count, t);
			strbuf_addf(to, sentence_phrase(PHRASE_ALSO),
			    strbuf_text(&count),
			    t->among > t->lost ? t->among : t->lost,
			    sentence_what((enum traffic)i, (enum way)w),
			    end_of(r, (enum way)w, false));
		}
	}
	strbuf_free(&count);
}

static bool
others_lost(const struct compare_result *r, const struct loss_tally *main)
{
	const struct loss_tally *t = &r->tally[0][0];
	int i;

	for (i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++)
		if (t[i].lost > 0 && &t[i] != main)
			return true;
	return false;
}

static void
say_both(struct strbuf *to, const struct compare_result *r)
{
	bool lost[WAY_COUNT] = {false, false};
	int i, w;

	for (i = 0; i < TRAFFIC_COUNT; i++)
		for (w = 0; w < WAY_COUNT; w++)
			lost[w] |= r->tally[i][w].lost > 0;
	if (lost[WAY_THERE] && lost[WAY_BACK])
		strbuf_add(to, sentence_phrase(PHRASE_BOTH));
}

static enum letter
letter_of(const struct compare_result *r, enum asker a, enum ask_kind k)
{
	const struct letter_row *row = &r->letter[a][k];

	return row->n == 0 ? LETTER_NOBODY : row->letter;
}

static const char *
witness(const struct compare_result *r, enum letter ovoc, enum letter campaign)
{
	return triangle_witness(
	    ovoc, campaign, r->side[SIDE_DEVICE].all_interfaces);
}

/* The campaign host, as far as the device's capture shows it. */
static const char *
heard(const struct compare_result *r, enum letter ovoc)
{
	const struct letter_row *row = &r->letter[ASKER_CAMPAIGN][ASK_SNMP];
	uint32_t answered = row->by[LETTER_UNKNOWN];
	uint32_t ignored = row->by[LETTER_UNANSWERED];

	if (row->n < HEARD_MIN || answered + ignored != row->n ||
	    (answered > 0 && ignored > 0))
		return NULL;
	return triangle_heard(
	    ovoc, answered > 0, r->side[SIDE_DEVICE].all_interfaces);
}

static bool
is_known(enum letter campaign)
{
	return campaign != LETTER_NOBODY && campaign != LETTER_UNKNOWN &&
	       campaign != LETTER_MIXED;
}

static void
add_text(struct strbuf *to, const char *text)
{
	if (text == NULL)
		return;
	strbuf_add(to, " ");
	strbuf_add(to, text);
}

/* What OVOC's questions of one kind met, beside those of the others. */
static const char *
across_kinds(const struct compare_result *r)
{
	return triangle_kinds(letter_of(r, ASKER_OVOC, ASK_ICMP),
	    letter_of(r, ASKER_OVOC, ASK_SNMP),
	    letter_of(r, ASKER_OVOC, ASK_TCP));
}

/* What the letters of SNMP mean.  Where other traffic was lost, too (`more`),
 * nothing is "only" that; where only SNMP was, for both who ask, it is not the
 * device's line. */
static void
say_meaning(
    struct strbuf *to, const struct compare_result *r, enum letter l, bool more)
{
	enum letter campaign = letter_of(r, ASKER_CAMPAIGN, ASK_SNMP);
	const char *kinds = NULL, *text = NULL;

	/* A service that answers one of them is no dead one. */
	if (!more &&
	    (l != LETTER_UNANSWERED || campaign == l || !is_known(campaign)))
		kinds = across_kinds(r);
	add_text(to, kinds);
	if (!r->witness)
		text = heard(r, l);
	if (text == NULL && is_known(campaign))
		text = kinds != NULL && campaign == l
			   ? sentence_phrase(PHRASE_SAME)
			   : witness(r, l, campaign);
	if (text != NULL || kinds != NULL) {
		add_text(to, text);
		return;
	}
	if (!more || r->reports == REPORTS_LOST || r->reports == REPORTS_NONE)
		text = triangle_event(l, r->reports);
	add_text(to, text != NULL ? text : witness(r, l, LETTER_UNKNOWN));
}

/* Nothing was lost between the two, or nothing can be said of that (`cannot`):
 * what the campaign host's own record adds, by the kind that both know. */
static void
say_witness(struct strbuf *to, const struct compare_result *r, bool cannot)
{
	enum letter campaign = LETTER_NOBODY, ovoc = LETTER_NOBODY;
	int k;

	for (k = 0; k < ASK_KIND_COUNT && r->witness; k++) {
		if (!is_known(letter_of(r, ASKER_CAMPAIGN, (enum ask_kind)k)) ||
		    (is_known(campaign) && r->letter[ASKER_OVOC][k].n == 0))
			continue;
		campaign = letter_of(r, ASKER_CAMPAIGN, (enum ask_kind)k);
		ovoc = letter_of(r, ASKER_OVOC, (enum ask_kind)k);
		if (ovoc != LETTER_NOBODY)
			break;
	}
	if (is_known(campaign))
		add_text(
		    to, witness(r, cannot ? LETTER_UNKNOWN : ovoc, campaign));
}

/* The campaign host's questions of all kinds had one fate; LETTER_UNKNOWN. */
static enum letter
all_of_campaign(const struct compare_result *r)
{
	enum letter one, all = LETTER_UNKNOWN;
	int k;

	for (k = 0; k < ASK_KIND_COUNT; k++) {
		one = letter_of(r, ASKER_CAMPAIGN, (enum ask_kind)k);
		if (one == LETTER_NOBODY)
			continue;
		if (!is_known(one) || (is_known(all) && one != all))
			return LETTER_UNKNOWN;
		all = one;
	}
	return all;
}

/* Nothing was lost: the event first, if OVOC's own requests tell of it, and
 * whatever else the campaign host met. */
static void
say_calm(struct strbuf *to, const struct compare_result *r)
{
	const char *text = NULL;

	if (r->calm > 0)
		text = triangle_event(LETTER_ANSWERED, r->reports);
	add_text(to, text);
	if (text == NULL || all_of_campaign(r) != LETTER_ANSWERED)
		say_witness(to, r, false);
}

/* All that was sent this way was lost: who else met that, and did the device
 * send anything? */
static void
say_event(struct strbuf *to, const struct compare_result *r, enum way w)
{
	enum letter ovoc =
	    w == WAY_THERE ? LETTER_LOST_THERE : LETTER_LOST_BACK;
	enum letter campaign = all_of_campaign(r);

	if (w == WAY_THERE)
		add_text(to, triangle_event(ovoc, r->reports));
	if (is_known(campaign))
		add_text(to, witness(r, ovoc, campaign));
}

/* Nothing was lost, and OVOC did not ask to the end. */
static void
say_asked_no_more(struct strbuf *to, const struct compare_result *r)
{
	const char *text = triangle_event(LETTER_NOBODY, r->reports);
	char at[SENTENCE_CLOCK_MAX];

	if (r->asked_until == 0)
		return;
	strbuf_addf(to, sentence_phrase(PHRASE_ASKED_NO_MORE),
	    sentence_clock(r->asked_until, false, at));
	add_text(to, text);
}

static void
say_grade(struct strbuf *to, struct compare_result *r, enum grade g)
{
	r->grade = g;
	if (g == GRADE_UNKNOWN)
		return;
	strbuf_add(to, sentence_phrase(g == GRADE_CERTAIN ? PHRASE_CERTAIN
							  : PHRASE_LIKELY));
}

static bool
say_loss(struct strbuf *to, struct compare_result *r)
{
	enum letter snmp = letter_of(r, ASKER_OVOC, ASK_SNMP);
	struct loss_tally sum;
	struct place p;

	if (!find_main(r, &p))
		return false;
	r->exit_status = 1;
	if (lost_everything(r, p.way, &sum)) {
		say_lost(to, r, sentence_phrase(PHRASE_ALL_WHAT), p.way, &sum);
		say_also(to, r, NULL, p.way);
		/* What is said of the event says that, too. */
		if (p.way != WAY_THERE || r->reports != REPORTS_LOST)
			say_both(to, r);
		sentence_path(to, r, p.way);
		sentence_refused(to, r);
		say_event(to, r, p.way);
		say_grade(to, r, sum.grade);
		return true;
	}
	say_lost(to, r, sentence_what(p.traffic, p.way), p.way, p.tally);
	say_also(to, r, p.tally, WAY_COUNT);
	say_both(to, r);
	sentence_path(to, r, p.way);
	sentence_refused(to, r);
	/* Only what the letters say, too, has their meaning. */
	if (p.traffic == TRAFFIC_SNMP &&
	    snmp == (p.way == WAY_THERE ? LETTER_LOST_THERE : LETTER_LOST_BACK))
		say_meaning(to, r, snmp, others_lost(r, p.tally));
	else if (snmp == LETTER_ANSWERED && !others_lost(r, p.tally))
		add_text(to, across_kinds(r));
	say_grade(to, r, p.tally->grade);
	return true;
}

/* Nothing was lost, but somebody asked and got no answer, or a late one. */
static bool
say_silence(struct strbuf *to, struct compare_result *r)
{
	const struct letter_row *row = NULL;
	struct strbuf when = STRBUF_INIT;
	int k;

	for (k = 0; k < ASK_KIND_COUNT; k++) {
		row = &r->letter[ASKER_OVOC][k];
		if (row->n > 0 && row->grade != GRADE_UNKNOWN &&
		    (row->letter == LETTER_UNANSWERED ||
			row->letter == LETTER_NOT_TAKEN ||
			row->letter == LETTER_LATE))
			break;
	}
	if (k == ASK_KIND_COUNT)
		return false;
	sentence_time(&when, row->first, row->last);
	if (row->letter == LETTER_UNANSWERED)
		strbuf_addf(to, sentence_phrase(PHRASE_UNANSWERED),
		    sentence_asked((enum ask_kind)k), r->side[SIDE_DEVICE].name,
		    row->agree, row->n, strbuf_text(&when));
	else if (row->letter == LETTER_NOT_TAKEN)
		strbuf_addf(to, sentence_phrase(PHRASE_NOT_TAKEN),
		    sentence_asked((enum ask_kind)k), r->side[SIDE_SERVER].name,
		    row->agree, row->n, strbuf_text(&when));
	else
		strbuf_addf(to, sentence_phrase(PHRASE_LATE),
		    sentence_asked((enum ask_kind)k),
		    (unsigned)(row->late / NS_MS), row->agree, row->n,
		    strbuf_text(&when));
	strbuf_add(to, ".");
	if (k == ASK_SNMP || row->letter == LETTER_NOT_TAKEN)
		say_meaning(to, r, row->letter, false);
	else
		add_text(to, across_kinds(r));
	say_grade(to, r, row->grade);
	strbuf_free(&when);
	return true;
}

struct sums {
	uint32_t sent, arrived[WAY_COUNT], unknown, by[REASON_COUNT];
	enum grade grade;
};

static void
sum_up(const struct compare_result *r, struct sums *s)
{
	const struct loss_tally *t;
	int i, w, why;

	*s = (struct sums){.grade = GRADE_CERTAIN};
	for (i = 0; i < TRAFFIC_COUNT; i++) {
		for (w = 0; w < WAY_COUNT; w++) {
			t = &r->tally[i][w];
			if (t->sent == 0)
				continue;
			s->sent += t->sent;
			s->arrived[w] += t->arrived;
			s->unknown += t->unknown;
			for (why = 0; why < REASON_COUNT; why++)
				s->by[why] += t->unknown_by[why];
			if (t->grade > s->grade)
				s->grade = t->grade;
		}
	}
}

static enum reason
most(const uint32_t by[REASON_COUNT])
{
	int i, best = 0;

	for (i = 1; i < REASON_COUNT; i++)
		if (by[i] > by[best])
			best = i;
	return (enum reason)best;
}

/* Nothing could be judged at all. */
static enum reason
why_nothing(const struct compare_result *r)
{
	int s;

	for (s = 0; s < SIDE_COUNT; s++)
		if (r->clock.pairs == 0 && r->side[s].tunnelled > 0)
			return REASON_TUNNEL;
	if (r->clock.pairs == 0 && !r->clock.known)
		return REASON_CLOCK_UNKNOWN;
	return r->n_common == 0 ? REASON_CAPTURE_ENDED : most(r->not_judged);
}

/* Of one direction nothing could be judged, though there was something. */
static bool
is_half(const struct compare_result *r, const struct sums *s)
{
	uint64_t left = 0;
	int i;

	for (i = 0; i < REASON_COUNT; i++)
		left += r->not_judged[i];
	return (s->arrived[WAY_THERE] == 0 || s->arrived[WAY_BACK] == 0) &&
	       left * LEFT_SHARE > s->sent;
}

static void
say_no_loss(struct strbuf *to, struct compare_result *r)
{
	struct strbuf when = STRBUF_INIT;
	struct sums s;
	bool one_way;

	sum_up(r, &s);
	one_way = is_half(r, &s);
	if (s.sent == 0 || one_way || s.grade == GRADE_UNKNOWN) {
		r->exit_status = 3;
		r->grade = GRADE_UNKNOWN;
		if (s.sent == 0 || one_way)
			strbuf_addf(to, sentence_phrase(PHRASE_CANNOT),
			    sentence_reason(why_nothing(r)));
		else
			strbuf_addf(to, sentence_phrase(PHRASE_CANNOT_COUNT),
			    s.unknown, s.sent, sentence_reason(most(s.by)));
		say_witness(to, r, true);
		return;
	}
	r->exit_status = 0;
	if (say_silence(to, r))
		return;
	sentence_time(&when, r->common[0].from, r->common[r->n_common - 1].to);
	strbuf_addf(to,
	    sentence_phrase(
		s.arrived[0] == 1 ? PHRASE_ONE_NOT_LOST : PHRASE_NOTHING_LOST),
	    s.arrived[0], r->side[SIDE_DEVICE].name, s.arrived[1],
	    r->side[SIDE_SERVER].name, strbuf_text(&when));
	if (s.unknown > 0)
		strbuf_addf(to, sentence_phrase(PHRASE_NOT_ALL), s.unknown);
	if (r->bad_user > 0)
		strbuf_addf(to, sentence_phrase(PHRASE_BAD_USER), r->bad_user);
	say_asked_no_more(to, r);
	if (r->asked_until == 0 && r->bad_user == 0)
		say_calm(to, r);
	say_grade(to, r, s.grade);
	strbuf_free(&when);
}

void
sentence_give_up(struct strbuf *to, const char *why)
{
	strbuf_addf(to, sentence_phrase(PHRASE_CANNOT), why);
}

void
sentence_make(struct compare_result *r)
{
	struct strbuf text = STRBUF_INIT;
	int status = r->exit_status;

	if (!say_loss(&text, r))
		say_no_loss(&text, r);
	if (status == 7)
		r->exit_status = status;
	str_copy(r->sentence, sizeof(r->sentence), strbuf_text(&text));
	strbuf_free(&text);
}
