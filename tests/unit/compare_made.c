/* compare_made.c - see compare_made.h.
 */
#include "compare_made.h"

#include <string.h>

#include "base/str.h"
#include "base/xmem.h"

static const char sentence[] =
    "SNMP requests of OVOC left the server and never reached the device: 20 of "
    "20 between 04:11:02 and 04:12:40. The campaign host reached it all the "
    "while, so the device and its line are well. Certain.";

static void
fill_side(struct result_side *s, const char *name, const char *file)
{
	str_copy(s->name, sizeof(s->name), name);
	str_copy(s->file[0].name, sizeof(s->file[0].name), file);
	str_copy(s->file[0].sha256, sizeof(s->file[0].sha256), MADE_SHA256);
	s->file[0].packets = s->packets = 661;
	s->n_files = 1;
	s->first = MADE_AT - 300 * MADE_S;
	s->last = MADE_AT + 300 * MADE_S;
	s->stretches = 1;
	s->both_ways = true;
	str_copy(s->link[0], sizeof(s->link[0]), "EN10MB");
	s->n_links = 1;
	s->sample = 750;
	s->miss_upper = 0.004;
}

static void
fill_tallies(struct compare_result *r)
{
	struct loss_tally *t = &r->tally[TRAFFIC_SNMP][WAY_THERE];

	for (int i = 0; i < TRAFFIC_COUNT; i++)
		for (int w = 0; w < WAY_COUNT; w++)
			r->tally[i][w].delay_before =
			    r->tally[i][w].delay_during = -1;
	*t = (struct loss_tally){.sent = 120,
	    .arrived = 100,
	    .lost = 20,
	    .at_least = 20,
	    .first = MADE_AT,
	    .last = MADE_AT + 98 * MADE_S,
	    .longest = 19 * MADE_S,
	    .run = 20,
	    .among = 20,
	    .pattern = PATTERN_ALL,
	    .delay_before = 22100000,
	    .delay_during = -1};
	t = &r->tally[TRAFFIC_SNMP][WAY_BACK];
	t->sent = t->arrived = 100;
	t = &r->tally[TRAFFIC_TCP][WAY_BACK];
	t->sent = 10;
	t->arrived = 7;
	t->unknown = t->unknown_by[REASON_CAPTURE_BLIND] = 3;
	t->grade = GRADE_UNKNOWN;
}

static void
fill_letters(struct compare_result *r)
{
	r->letter[ASKER_OVOC][ASK_SNMP] =
	    (struct letter_row){.letter = LETTER_LOST_THERE,
		.n = 10,
		.agree = 9,
		.by[LETTER_LOST_THERE] = 9,
		.by[LETTER_ANSWERED] = 1,
		.first = MADE_AT,
		.last = MADE_AT + 9 * MADE_S};
	r->letter[ASKER_CAMPAIGN][ASK_ICMP] =
	    (struct letter_row){.letter = LETTER_ANSWERED,
		.n = 10,
		.agree = 10,
		.by[LETTER_ANSWERED] = 10};
	r->ladder[0] = (struct ladder_row){.asker = ASKER_OVOC,
	    .kind = ASK_SNMP,
	    .letter = LETTER_LOST_THERE,
	    .s1 = MADE_AT};
	r->n_ladder = 1;
}

struct compare_result *
compare_made(void)
{
	struct compare_result *r = xcalloc(1, sizeof(*r));

	r->clock = (struct result_clock){.known = true,
	    .at = MADE_AT,
	    .offset = 86400 * MADE_S + 180000,
	    .error = 21100000,
	    .drift_ppm = 50,
	    .drift_error = 390,
	    .pairs = 640};
	r->common[0].from = MADE_AT - 300 * MADE_S;
	r->common[0].to = MADE_AT + 300 * MADE_S;
	r->n_common = 1;
	fill_side(&r->side[SIDE_SERVER], "server", "OVOC_x-0.pcap");
	fill_side(&r->side[SIDE_DEVICE], "device", "CPE_x.pcap");
	fill_tallies(r);
	fill_letters(r);
	addr_parse(&r->nat[0].server, "198.51.100.7");
	addr_parse(&r->nat[0].device, "192.0.2.10");
	r->nat[0].server_port = 10161;
	r->nat[0].device_port = 161;
	r->n_nat = 1;
	r->not_judged[REASON_CAPTURE_ENDED] = 7;
	r->exit_status = 1;
	str_copy(r->sentence, sizeof(r->sentence), sentence);
	return r;
}

struct compare_result *
compare_made_of_nothing(void)
{
	struct compare_result *r = xcalloc(1, sizeof(*r));

	r->grade = GRADE_UNKNOWN;
	r->exit_status = 7;
	str_copy(r->trouble, sizeof(r->trouble), "x.pcap: no capture");
	str_copy(r->sentence, sizeof(r->sentence),
	    "Cannot be said: x.pcap: no capture.");
	return r;
}
