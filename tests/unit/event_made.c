/* event_made.c - see event_made.h.
 */
#include "event_made.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

#define S     INT64_C(1000000000)
#define MS    INT64_C(1000000)
#define LONG  (420 * S)
#define FROM  (150 * S) /* of the trouble, from the beginning */
#define UNTIL (248 * S)

static const char *const sentences[EVENT_KIND_COUNT] = {
    [EVENT_LOST_THERE] =
	"SNMP requests of OVOC left the server and never reached the device: "
	"33 of 33 between 04:13:32 and 04:15:10 (everything in that time). The "
	"campaign host reached it all the while, so the device and its line "
	"are well. Certain.",
    [EVENT_LOST_BACK] =
	"Answers of the device to SNMP left it and never reached the server: "
	"47 of 140 between 04:11:03 and 04:17:59 (every 3rd: one of 3 parallel "
	"paths, or a rate limit). Likely.",
    [EVENT_UNANSWERED] =
	"SNMP requests of OVOC reached the device and were not answered: 33 of "
	"33 between 04:13:32 and 04:15:10. Nobody was answered: the device's "
	"SNMP service, its access list or its load. Certain.",
    [EVENT_WELL] = "Nothing was lost: 140 of 140 packets reached the device, "
		   "140 of 140 the server, between 04:11:02 and 04:18:02. "
		   "Certain.",
    [EVENT_UNKNOWN] = "Cannot be said: no packet is in both captures.",
};

static void
fill_side(struct result_side *s, const char *name, const char *file, int64_t at)
{
	str_copy(s->name, sizeof(s->name), name);
	str_copy(s->file[0].name, sizeof(s->file[0].name), file);
	memset(s->file[0].sha256, 'a', sizeof(s->file[0].sha256) - 1);
	s->file[0].packets = s->packets = 1322;
	s->n_files = 1;
	s->first = at;
	s->last = at + LONG;
	s->stretches = 1;
	s->both_ways = true;
	str_copy(s->link[0], sizeof(s->link[0]), "EN10MB");
	s->n_links = 1;
	s->sample = 750;
	s->miss_upper = 0.004;
}

static struct compare_result *
begin(enum event_kind kind, int64_t at)
{
	static const int statuses[EVENT_KIND_COUNT] = {
	    [EVENT_LOST_THERE] = 1, [EVENT_LOST_BACK] = 1, [EVENT_UNKNOWN] = 3};
	struct compare_result *r = xcalloc(1, sizeof(*r));

	str_copy(r->sentence, sizeof(r->sentence), sentences[kind]);
	r->exit_status = statuses[kind];
	r->grade = kind == EVENT_UNKNOWN     ? GRADE_UNKNOWN
		   : kind == EVENT_LOST_BACK ? GRADE_LIKELY
					     : GRADE_CERTAIN;
	fill_side(&r->side[SIDE_SERVER], "server",
	    "OVOC_device_192.0.2.1_2026-11-23T03.18.02.100000Z-0.pcap", at);
	fill_side(&r->side[SIDE_DEVICE], "device",
	    "CPE_device_192.0.2.1_2026-11-23T03.18.02.100000Z.pcap", at);
	for (int i = 0; i < TRAFFIC_COUNT * WAY_COUNT; i++)
		(&r->tally[0][0])[i].delay_before =
		    (&r->tally[0][0])[i].delay_during = -1;
	return r;
}

static void
add_clock(struct compare_result *r, int64_t at)
{
	r->clock = (struct result_clock){.known = true,
	    .at = at,
	    .offset = 7 * S + 180000,
	    .error = 21100000,
	    .drift_error = 390,
	    .pairs = 640};
	r->common[0] = (struct result_span){at + S, at + LONG - 20 * S};
	r->n_common = 1;
	r->strip.from = at;
	r->strip.n_bins = STRIP_BINS_MAX;
	r->strip.width = LONG / STRIP_BINS_MAX;
	addr_parse(&r->nat[0].server, "198.51.100.7");
	addr_parse(&r->nat[0].device, "192.0.2.10");
	r->nat[0].server_port = 10161;
	r->nat[0].device_port = 161;
	r->n_nat = 1;
	r->not_judged[REASON_CAPTURE_ENDED] = 7;
}

/* --- a kind of traffic: a packet each `every`, and its fate --- */

enum fate { ARRIVES, IS_LOST, IS_UNKNOWN };

struct flow_made {
	enum traffic traffic;
	enum way way;
	int64_t every;
	enum fate (*fate)(int i, int64_t at);
};

static enum fate
arrives(int i, int64_t at)
{
	(void)i;
	(void)at;
	return ARRIVES;
}

static enum fate
lost_for_a_while(int i, int64_t at)
{
	(void)i;
	return at >= FROM && at <= UNTIL ? IS_LOST : ARRIVES;
}

static enum fate
every_third(int i, int64_t at)
{
	(void)at;
	return i % 3 == 1 ? IS_LOST : ARRIVES;
}

static enum fate
unknown_for_a_while(int i, int64_t at)
{
	(void)i;
	return at >= FROM && at <= UNTIL ? IS_UNKNOWN : ARRIVES;
}

static void
count(struct loss_tally *t, struct strip_bin *b, enum fate fate, int64_t at)
{
	t->sent++;
	switch (fate) {
	case ARRIVES:
		t->arrived++;
		b->arrived++;
		t->run = 0;
		return;
	case IS_LOST:
		t->lost++;
		b->lost++;
		t->run++;
		t->first = t->first == 0 ? at : t->first;
		t->last = at;
		t->longest = t->last - t->first;
		return;
	case IS_UNKNOWN:
		t->unknown++;
		b->unknown++;
		t->unknown_by[REASON_CAPTURE_BLIND]++;
		return;
	}
}

static void
add_flow(struct compare_result *r, int64_t at, const struct flow_made *f)
{
	struct strip_row *row = &r->strip.row[r->strip.n_rows++];
	struct loss_tally *t = &r->tally[f->traffic][f->way];
	int i = 0;

	row->traffic = f->traffic;
	row->way = f->way;
	for (int64_t then = 2 * S; then < LONG; then += f->every, i++) {
		int bin = (int)(then / r->strip.width);

		count(t, &row->bin[bin], f->fate(i, then), at + then);
	}
	t->at_least = t->lost;
	if (t->lost > 0)
		t->run = t->pattern_n = f->fate == every_third ? 1 : t->lost;
	t->pattern = t->lost == 0             ? PATTERN_NONE
		     : f->fate == every_third ? PATTERN_EVERY
					      : PATTERN_ALL;
	t->pattern_n = 3;
	t->delay_before = 22100000;
	t->delay_during = t->lost > 0 ? 34900000 : -1;
	t->grade = t->unknown > 0 ? GRADE_UNKNOWN : r->grade;
}

/* --- requests, one by one --- */

static void
add_rung(struct compare_result *r, enum asker asker, enum ask_kind kind,
    enum letter letter, int64_t at)
{
	bool there = letter != LETTER_LOST_THERE;
	bool back = letter == LETTER_ANSWERED || letter == LETTER_LOST_BACK ||
		    letter == LETTER_LATE;

	r->letter[asker][kind].by[letter]++;
	r->letter[asker][kind].n++;
	r->letter[asker][kind].letter = letter;
	r->letter[asker][kind].agree = r->letter[asker][kind].by[letter];
	r->ladder[r->n_ladder++] = (struct ladder_row){.asker = asker,
	    .kind = kind,
	    .letter = letter,
	    .s1 = at,
	    .d1 = there ? at + 11 * MS : 0,
	    .d2 = back ? at + 12 * MS : 0,
	    .s2 = back && letter != LETTER_LOST_BACK ? at + 23 * MS : 0};
}

static void
add_requests(struct compare_result *r, enum event_kind kind, int64_t at)
{
	static const enum letter ovoc[EVENT_KIND_COUNT] = {
	    [EVENT_LOST_THERE] = LETTER_LOST_THERE,
	    [EVENT_LOST_BACK] = LETTER_LOST_BACK,
	    [EVENT_UNANSWERED] = LETTER_UNANSWERED,
	    [EVENT_WELL] = LETTER_ANSWERED};
	int64_t probes = at + UNTIL - 60 * S;

	for (int k = 0; k < ASK_KIND_COUNT; k++) {
		for (int i = 0; i < 10; i++) {
			bool bad = k == ASK_SNMP &&
				   (kind != EVENT_LOST_BACK || i % 3 == 1);

			add_rung(r, ASKER_OVOC, (enum ask_kind)k,
			    bad ? ovoc[kind] : LETTER_ANSWERED,
			    probes + (i + k * 10) * S);
			add_rung(r, ASKER_CAMPAIGN, (enum ask_kind)k,
			    bad && kind == EVENT_UNANSWERED ? LETTER_UNANSWERED
							    : LETTER_ANSWERED,
			    probes + (i + k * 10) * S + 400 * MS);
		}
	}
}

struct compare_result *
event_made(enum event_kind kind, int64_t at)
{
	struct compare_result *r = begin(kind, at);
	struct flow_made flows[] = {
	    {TRAFFIC_SNMP, WAY_THERE, 3 * S,
		kind == EVENT_LOST_THERE ? lost_for_a_while : arrives},
	    {TRAFFIC_SNMP, WAY_BACK, 3 * S,
		kind == EVENT_LOST_BACK ? every_third : arrives},
	    {TRAFFIC_TRAP, WAY_BACK, 30 * S, arrives},
	    {TRAFFIC_ICMP, WAY_THERE, 10 * S, arrives},
	    {TRAFFIC_TCP, WAY_THERE, S,
		kind == EVENT_LOST_BACK ? unknown_for_a_while : arrives},
	    {TRAFFIC_TCP, WAY_BACK, S / 3, arrives},
	};

	if (kind == EVENT_UNKNOWN)
		return r;
	add_clock(r, at);
	for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++)
		add_flow(r, at, &flows[i]);
	add_requests(r, kind, at);
	return r;
}

/* --- the largest --- */

static void
fill_files(struct result_side *s)
{
	struct result_file one = s->file[0];

	memset(one.name, 'n', sizeof(one.name) - 1);
	memset(one.trouble, 't', sizeof(one.trouble) - 1);
	for (int i = 0; i < RESULT_FILES_MAX; i++)
		s->file[i] = one;
	s->n_files = 10000;
}

struct compare_result *
event_made_large(int64_t at)
{
	struct compare_result *r = begin(EVENT_LOST_BACK, at);

	add_clock(r, at);
	for (int i = 0; i < STRIP_ROWS_MAX; i++) {
		struct flow_made f = {(enum traffic)(i / WAY_COUNT),
		    (enum way)(i % WAY_COUNT), S / 7,
		    i % 2 == 0 ? every_third : unknown_for_a_while};

		add_flow(r, at, &f);
	}
	for (int i = 0; i < RESULT_LADDER_MAX; i++)
		add_rung(r, (enum asker)(i % ASKER_COUNT),
		    (enum ask_kind)(i / 2 % ASK_KIND_COUNT),
		    i % 5 < 3 ? LETTER_LOST_BACK : LETTER_LATE, at + i * S);
	for (int i = 0; i < RESULT_NAT_MAX; i++)
		r->nat[i] = r->nat[0];
	r->n_nat = RESULT_NAT_MAX;
	for (int i = 0; i < RESULT_STEPS_MAX; i++)
		r->clock.step_at[i] = at + i * S;
	r->clock.n_steps = RESULT_STEPS_MAX;
	for (int i = 0; i < REASON_COUNT; i++)
		r->not_judged[i] = UINT32_MAX;
	memset(r->sentence, 's', sizeof(r->sentence) - 1);
	for (int s = 0; s < SIDE_COUNT; s++)
		fill_files(&r->side[s]);
	return r;
}
