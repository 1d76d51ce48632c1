/* check_witness.c - the third witness: the campaign's probes, by its record and
 * in the device's capture; and the agent's, by its sidecar. */
#include "compare/witness.h"

#include <netinet/in.h>
#include <string.h>

#include "compare/sentence.h"
#include "compare_rig.h"
#include "unit.h"

#define PROBES   10
#define POLLS    120
#define FROM_MS  60000 /* the first probe; one each second */
#define AHEAD_MS 5000  /* the server's clock, of the campaign's */
#define TOOK_MS  20

/* What became of the campaign's probes, and what the device's capture has. */
enum {
	TOLD = 1,  /* the record says that they were answered */
	ASKED = 2, /* the capture has the question */
	LEFT = 4,  /* ... and the answer */
	LATE = 8,  /* the answer left late */
	AWAY = 16, /* the campaign host's address is not in the capture */
	LONE = 32  /* no clock of the agent's is known */
};

static struct {
	struct compare_rig *rig;
	struct event_record record, sidecar;
	struct event_probe probe[PROBES], own[POLLS];
} it;

/* What becomes of OVOC's polls from 60 s to 75 s; late ones are all. */
enum polls {
	POLLS_ANSWERED,
	POLLS_LOST,
	POLLS_IGNORED,
	POLLS_LOST_BACK,
	POLLS_LATE,
	POLLS_NONE /* nor at any other time: the device's messages only */
};

static void
poll(enum polls fate, int64_t ms, uint32_t id)
{
	rig_ask(it.rig, ms, id, fate == POLLS_LOST ? RIG_LOST : RIG_PASSES);
	if (fate == POLLS_LOST || fate == POLLS_IGNORED)
		return;
	rig_answer(it.rig, ms + (fate == POLLS_LATE ? 6000 : 30), id,
	    fate == POLLS_LOST_BACK ? RIG_LOST : RIG_PASSES);
}

/* Two minutes. */
static void
make(enum polls fate)
{
	uint32_t i;

	memset(&it, 0, sizeof(it));
	it.rig = compare_rig_new();
	for (i = 0; i < POLLS; i++) {
		if (fate == POLLS_NONE) {
			rig_trap(it.rig, i * 1000, 100 + i, RIG_PASSES);
			rig_send(it.rig, i * 1000 + 500,
			    &(struct rig_packet){.way = WAY_THERE,
				.server_port = 5000,
				.device_port = 514,
				.protocol = IPPROTO_UDP,
				.what = RECORD_UDP,
				.length = 50,
				.key = 777000 + i},
			    RIG_PASSES);
		} else {
			poll((i >= 60 && i < 75) || fate == POLLS_LATE
				 ? fate
				 : POLLS_ANSWERED,
			    i * 1000, 7000 + i);
		}
	}
}

static struct rig_packet
packet(enum probe_kind kind, bool answer, uint32_t i)
{
	struct rig_packet p = {.way = answer ? WAY_BACK : WAY_THERE,
	    .server_port = 41000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = answer ? RECORD_SNMP_HIDDEN : RECORD_SNMP_REQUEST,
	    .bits = answer ? RECORD_ANSWERS : RECORD_ASKS,
	    .exchange = 900000 + i,
	    .length = 90,
	    .key = 4242 + 2 * i + answer};

	if (kind == PROBE_KIND_ICMP) {
		p.protocol = IPPROTO_ICMP;
		p.server_port = 77;
		p.device_port = 0;
		p.what = answer ? RECORD_ECHO_ANSWER : RECORD_ECHO;
		p.exchange = 77u << 16 | (i + 1);
	} else if (kind == PROBE_KIND_TCP) {
		p.protocol = IPPROTO_TCP;
		p.server_port = (uint16_t)(42000 + i);
		p.device_port = 443;
		p.what = RECORD_TCP;
		p.exchange = 5000 + i;
		p.bits |= RECORD_SYN | (uint16_t)(answer ? RECORD_ACK : 0);
	}
	return p;
}

static struct event_probe
probe(enum probe_kind kind, bool answered, uint32_t i, int64_t sent_ms)
{
	struct event_probe p = {.kind = kind,
	    .fate = answered ? PROBE_FATE_ANSWERED : PROBE_FATE_LOST,
	    .sent_us = RIG_BEGAN / 1000 + sent_ms * 1000,
	    .took_us = answered ? TOOK_MS * 1000 : -1,
	    .id = kind == PROBE_KIND_SNMP ? 900000 + i : 77,
	    .seq = (uint16_t)(i + 1),
	    .port = (uint16_t)(42000 + i)};

	return p;
}

static void
campaign_asks(enum probe_kind kind, int what)
{
	uint32_t i;

	for (i = 0; i < PROBES; i++) {
		int64_t at = FROM_MS + i * 1000;
		struct rig_packet ask = packet(kind, false, i);
		struct rig_packet answer = packet(kind, true, i);

		it.probe[i] = probe(kind, (what & TOLD) != 0, i, at - AHEAD_MS);
		if (what & ASKED)
			rig_campaign(it.rig, at + 10, &ask);
		if (what & LEFT)
			rig_campaign(it.rig,
			    at + 11 + ((what & LATE) ? 3000 : 0), &answer);
	}
	/* Its REST, say. */
	if (!(what & AWAY)) {
		struct rig_packet other = packet(PROBE_KIND_TCP, false, 5000);

		rig_campaign(it.rig, 1000, &other);
	}
	it.record.probe = it.probe;
	it.record.n_probes = PROBES;
	it.record.probe_timeout = 2000;
	it.record.agent_clock = (struct event_clock){
	    .known = !(what & LONE), .ahead = AHEAD_MS, .error = 100};
}

static const struct compare_result *
judge(void)
{
	const struct compare_result *r;

	it.rig->wish.record = &it.record;
	ck_assert(addr_parse(&it.rig->wish.campaign, RIG_CAMPAIGN));
	r = rig_judge(it.rig);
	sentence_make(&it.rig->result);
	return r;
}

static void
row_is(const struct letter_row *row, enum letter l, uint32_t agree)
{
	ck_assert_str_eq(letter_name(row->letter), letter_name(l));
	ck_assert_uint_eq(row->agree, agree);
}

/* COMPARE's table of one request and its answer, for the campaign host. */
static const struct {
	int what;
	enum letter letter;
} table[] = {
    {0, LETTER_LOST_THERE}, {ASKED, LETTER_UNANSWERED},
    {ASKED | LEFT, LETTER_LOST_BACK}, {ASKED | LEFT | LATE, LETTER_LATE},
    {LEFT, LETTER_LOST_BACK}, /* the capture missed the question */
    {TOLD | ASKED | LEFT, LETTER_ANSWERED},
    {TOLD | ASKED, LETTER_ANSWERED}, /* ... the answer */
    {TOLD | LEFT, LETTER_ANSWERED}, {TOLD, LETTER_ANSWERED}, /* ... both */
};

START_TEST(a_probe_has_the_letter_of_who_saw_it)
{
	enum probe_kind kind;
	enum ask_kind as[] = {ASK_ICMP, ASK_SNMP, ASK_TCP};
	size_t i;

	for (kind = 0; kind < PROBE_KIND_COUNT; kind++) {
		for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
			make(POLLS_LOST);
			campaign_asks(kind, table[i].what);
			row_is(&judge()->letter[ASKER_CAMPAIGN][as[kind]],
			    table[i].letter, PROBES);
			ck_assert(it.rig->result.witness);
			compare_rig_free(it.rig);
		}
	}
}
END_TEST

START_TEST(the_ladder_has_its_rungs_by_the_servers_clock)
{
	const struct compare_result *r;
	const struct ladder_row *rung = NULL;
	int i;

	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, TOLD | ASKED | LEFT);
	r = judge();
	for (i = 0; i < r->n_ladder && rung == NULL; i++)
		if (r->ladder[i].asker == ASKER_CAMPAIGN)
			rung = &r->ladder[i];
	ck_assert_ptr_nonnull(rung);
	ck_assert_int_eq(rung->letter, LETTER_ANSWERED);
	ck_assert_int_eq(rung->s1, RIG_BEGAN + FROM_MS * INT64_C(1000000));
	ck_assert_int_eq(rung->s2 - rung->s1, TOOK_MS * INT64_C(1000000));
	ck_assert_int_lt(llabs(rung->d1 - rung->s1), INT64_C(20000000));
	ck_assert_int_gt(rung->d2, rung->d1);
	compare_rig_free(it.rig);
}
END_TEST

/* Translation leaves the ids of SNMP alone, and may change the others. */
START_TEST(behind_translation_only_snmp_can_be_missing)
{
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, AWAY);
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_LOST_THERE,
	    PROBES);
	compare_rig_free(it.rig);
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_TCP, AWAY);
	row_is(
	    &judge()->letter[ASKER_CAMPAIGN][ASK_TCP], LETTER_UNKNOWN, PROBES);
	compare_rig_free(it.rig);
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_ICMP, AWAY | TOLD);
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_ICMP], LETTER_ANSWERED,
	    PROBES);
	compare_rig_free(it.rig);
}
END_TEST

START_TEST(without_a_clock_nothing_is_missing)
{
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, LONE);
	ck_assert_int_eq(
	    judge()->letter[ASKER_CAMPAIGN][ASK_SNMP].letter, LETTER_UNKNOWN);
	compare_rig_free(it.rig);
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, LONE | ASKED);
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_UNANSWERED,
	    PROBES);
	compare_rig_free(it.rig);
}
END_TEST

/* ... but for what was sent before the capture was stopped. */
START_TEST(before_the_stop_no_clock_is_needed)
{
	int64_t began = RIG_BEGAN / 1000000;

	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, LONE);
	it.record.ran.at[0].from = it.record.ran.at[0].to = began + 1000;
	it.record.ran.n = 1;
	it.record.stopped = began + 118000;
	/* When they were sent is off by the difference of the clocks. */
	ck_assert_int_eq(judge()->letter[ASKER_CAMPAIGN][ASK_SNMP].letter,
	    LETTER_LOST_THERE);
	compare_rig_free(it.rig);
	make(POLLS_LOST);
	campaign_asks(PROBE_KIND_SNMP, LONE);
	it.record.ran.at[0].from = it.record.ran.at[0].to = began + 1000;
	it.record.ran.n = 1;
	it.record.stopped = began + 2000;
	ck_assert_int_eq(
	    judge()->letter[ASKER_CAMPAIGN][ASK_SNMP].letter, LETTER_UNKNOWN);
	compare_rig_free(it.rig);
}
END_TEST

/* The agent's first probe tells when the alarm had come. */
START_TEST(polls_before_the_agents_probes_are_ovocs_own)
{
	static const struct {
		enum polls fate;
		int64_t probes_at; /* ms */
		bool calm;
	} rows[] = {{POLLS_ANSWERED, 100000, true}, {POLLS_LOST, 100000, false},
	    {POLLS_LOST, 59000, true}, {POLLS_ANSWERED, 5000, false}};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make(rows[i].fate);
		it.own[0] =
		    probe(PROBE_KIND_SNMP, true, 999, rows[i].probes_at);
		it.sidecar.probe = it.own;
		it.sidecar.n_probes = 1;
		it.rig->wish.sidecar = &it.sidecar;
		ck_assert_int_eq(judge()->calm > 0, rows[i].calm);
		compare_rig_free(it.rig);
	}
}
END_TEST

/* One that is sent when the capture had ended. */
START_TEST(outside_of_the_capture_nothing_is_missing)
{
	uint32_t i;

	make(POLLS_ANSWERED);
	campaign_asks(PROBE_KIND_SNMP, 0);
	for (i = 0; i < PROBES; i++)
		it.probe[i].sent_us += INT64_C(90000000);
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_UNKNOWN, 0);
	ck_assert_uint_eq(it.rig->result.letter[ASKER_CAMPAIGN][ASK_SNMP].n, 0);
	compare_rig_free(it.rig);
}
END_TEST

/* What was answered is so without a capture; what was not tells nothing. */
START_TEST(heartbeats_of_other_times_do_not_outvote_the_probes)
{
	struct event_probe beat[4 * PROBES];
	uint32_t i;

	make(POLLS_ANSWERED);
	campaign_asks(PROBE_KIND_SNMP, ASKED | LEFT);
	for (i = 0; i < 4 * PROBES; i++)
		beat[i] = probe(PROBE_KIND_SNMP, false, 5000 + i,
		    -1000000 + (int64_t)i * 1000);
	it.record.heartbeat = beat;
	it.record.n_heartbeats = 4 * PROBES;
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_LOST_BACK,
	    PROBES);
	compare_rig_free(it.rig);
}
END_TEST

/* Each row of the table of askers; those where OVOC's side cannot be said are
 * in check_sentence. */
static const struct {
	enum polls fate;
	int what;
	const char *words;
} sentences[] = {
    {POLLS_ANSWERED, TOLD | ASKED | LEFT, "both get answers"},
    {POLLS_ANSWERED, 0, "the campaign host does not reach the device"},
    {POLLS_ANSWERED, ASKED, "the device ignores the campaign host"},
    {POLLS_ANSWERED, ASKED | LEFT, "those to the campaign host get lost"},
    {POLLS_LOST, TOLD | ASKED | LEFT,
	"The campaign host reached the device all the while"},
    {POLLS_LOST, 0, "Nothing from the campaign host reached it either"},
    {POLLS_LOST, ASKED, "two faults"},
    {POLLS_LOST, ASKED | LEFT, "the line is bad in both directions"},
    {POLLS_IGNORED, TOLD | ASKED | LEFT,
	"It answers the campaign host and not OVOC"},
    {POLLS_IGNORED, 0, "The campaign host is no witness"},
    {POLLS_IGNORED, ASKED, "It heard the campaign host, too"},
    {POLLS_IGNORED, ASKED | LEFT, "those answers get lost, and not OVOC"},
    {POLLS_LOST_BACK, TOLD | ASKED | LEFT,
	"Answers to the campaign host arrived"},
    {POLLS_LOST_BACK, 0, "The campaign host cannot reach it at all"},
    {POLLS_LOST_BACK, ASKED, "the path back to OVOC, and an access list"},
    {POLLS_LOST_BACK, ASKED | LEFT, "sending direction is dead"},
    {POLLS_LATE, TOLD | ASKED | LEFT, "The path there or back is slow now."},
    {POLLS_LATE, 0, "the campaign host's is worse"},
    {POLLS_LATE, ASKED, "ignores the campaign host: an access list"},
    {POLLS_LATE, ASKED | LEFT, "answers to the campaign host get lost"},
    {POLLS_NONE, TOLD | ASKED | LEFT, "OVOC's server sent nothing"},
    {POLLS_NONE, 0, "OVOC asked nothing; the campaign host does not reach"},
    {POLLS_NONE, ASKED, "the device does not answer the campaign host"},
    {POLLS_NONE, ASKED | LEFT, "on the way to the campaign host"},
};

START_TEST(its_letter_says_where_the_loss_is)
{
	size_t i;

	for (i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const struct compare_result *r;

		make(sentences[i].fate);
		campaign_asks(PROBE_KIND_SNMP, sentences[i].what);
		r = judge();
		ck_assert_msg(strstr(r->sentence, sentences[i].words) != NULL,
		    "%s: %s", sentences[i].words, r->sentence);
		compare_rig_free(it.rig);
	}
}
END_TEST

/* The device's may have answered by an interface that was not captured; by its
 * record all of them were, or that is not known. */
START_TEST(the_record_tells_whether_all_interfaces_were_captured)
{
	int all;

	for (all = -1; all <= 1; all++) {
		make(POLLS_IGNORED);
		campaign_asks(PROBE_KIND_SNMP, TOLD | ASKED | LEFT);
		it.record.all_interfaces = all;
		ck_assert_int_eq(
		    strstr(judge()->sentence, "interface") == NULL, all == 1);
		compare_rig_free(it.rig);
	}
}
END_TEST

/* --- nothing that both captures have --- */

/* A minute in which nothing comes through, while the device's capture runs. */
static void
make_outage(void)
{
	int64_t began = RIG_BEGAN / 1000000 - AHEAD_MS;
	uint32_t i;

	memset(&it, 0, sizeof(it));
	it.rig = compare_rig_new();
	for (i = 0; i < POLLS; i++) {
		rig_ask(it.rig, i * 1000, 7000 + i, RIG_LOST);
		rig_trap(it.rig, i * 1000 + 500, 100 + i, RIG_LOST);
	}
	it.record.ran.at[0].from = it.record.ran.at[0].to = began + 1000;
	it.record.ran.n = 1;
	it.record.stopped = began + 118000;
}

static const struct {
	int what;
	const char *words; /* NULL: no word of it */
} alone[] = {
    {TOLD | ASKED | LEFT,
	". The device and its line are well; OVOC's side cannot be said."},
    {TOLD, ". The device and its line are well; OVOC's side cannot be said."},
    {0, ". From the campaign host nothing arrives; OVOC's side cannot be "
	"said."},
    {ASKED, ". The device did not answer the campaign host; OVOC's side cannot "
	    "be said."},
    {ASKED | LEFT, ". Answers to the campaign host get lost; OVOC's side "
		   "cannot be said."},
    {AWAY | LONE, ". From the campaign host nothing arrives; OVOC's side "
		  "cannot be said."},
};

START_TEST(without_a_common_packet_the_campaign_host_is_heard)
{
	const struct compare_result *r;
	size_t i;

	for (i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
		make_outage();
		campaign_asks(PROBE_KIND_SNMP, alone[i].what);
		r = judge();
		ck_assert_int_eq(r->exit_status, 3);
		ck_assert_int_eq(r->grade, GRADE_UNKNOWN);
		ck_assert(!r->clock.known && r->witness);
		ck_assert_int_eq(r->n_ladder, 0);
		ck_assert_msg(strstr(r->sentence, "no packet in common") &&
				  strstr(r->sentence, alone[i].words),
		    "%d: %s", alone[i].what, r->sentence);
		compare_rig_free(it.rig);
	}
}
END_TEST

static void
says_nothing_of_it(void)
{
	ck_assert_int_eq(judge()->exit_status, 3);
	ck_assert_ptr_null(strstr(it.rig->result.sentence, "campaign host"));
	ck_assert_ptr_null(strstr(it.rig->result.sentence, "OVOC's side"));
	compare_rig_free(it.rig);
}

/* Behind the stop, and where its stop or its start is not known. */
START_TEST(what_its_capture_may_not_show_is_not_missing)
{
	make_outage();
	campaign_asks(PROBE_KIND_SNMP, 0);
	it.record.stopped -= 90000;
	says_nothing_of_it();
	make_outage();
	campaign_asks(PROBE_KIND_SNMP, 0);
	it.record.stopped = 0;
	says_nothing_of_it();
	make_outage();
	campaign_asks(PROBE_KIND_SNMP, 0);
	it.record.ran.n = 0;
	says_nothing_of_it();
	make_outage();
	campaign_asks(PROBE_KIND_SNMP, AWAY);
	it.rig->wish.one_way[SIDE_DEVICE] = true;
	says_nothing_of_it();
}
END_TEST

/* An hour of answered beats says nothing of the event. */
START_TEST(beats_of_before_do_not_outvote_its_probes)
{
	struct event_probe beat[4 * PROBES];
	uint32_t i;

	make_outage();
	campaign_asks(PROBE_KIND_SNMP, 0);
	for (i = 0; i < 4 * PROBES; i++)
		beat[i] = probe(PROBE_KIND_SNMP, true, 5000 + i,
		    2000 + (int64_t)i * 1000 - AHEAD_MS);
	it.record.heartbeat = beat;
	it.record.n_heartbeats = 4 * PROBES;
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_LOST_THERE,
	    PROBES);
	compare_rig_free(it.rig);
	make_outage();
	campaign_asks(PROBE_KIND_SNMP, 0);
	it.record.n_probes = 0;
	it.record.heartbeat = beat;
	it.record.n_heartbeats = 4 * PROBES;
	row_is(&judge()->letter[ASKER_CAMPAIGN][ASK_SNMP], LETTER_ANSWERED,
	    4 * PROBES);
	compare_rig_free(it.rig);
}
END_TEST

/* --- the agent's own probes --- */

static const struct compare_result *
agent_says(enum probe_fate fate, int64_t timeout)
{
	uint32_t i;

	make(POLLS_ANSWERED);
	for (i = 0; i < POLLS; i++) {
		it.own[i] = probe(PROBE_KIND_SNMP, false, i, i * 1000);
		it.own[i].fate = fate;
		it.own[i].id = 7000 + i;
	}
	it.sidecar.probe = it.own;
	it.sidecar.n_probes = POLLS;
	it.sidecar.probe_timeout = timeout;
	it.rig->wish.sidecar = &it.sidecar;
	campaign_asks(PROBE_KIND_SNMP, TOLD | ASKED | LEFT);
	return judge();
}

/* Answers that are in the server's capture, and the agent has none. */
START_TEST(what_arrived_and_was_not_taken_is_told_so)
{
	static const struct {
		enum probe_fate fate;
		int64_t timeout;
		enum letter letter;
		const char *words;
	} cases[] = {
	    {PROBE_FATE_LOST, 2000, LETTER_NOT_TAKEN,
		"It is the server: its firewall"},
	    {PROBE_FATE_LOST, 20, LETTER_LATE, "slow now"},
	    {PROBE_FATE_LOST, 0, LETTER_ANSWERED, "both get answers"},
	    {PROBE_FATE_ANSWERED, 2000, LETTER_ANSWERED, "both get answers"},
	    {PROBE_FATE_FAILED, 2000, LETTER_ANSWERED, "both get answers"},
	};
	const struct compare_result *r;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = agent_says(cases[i].fate, cases[i].timeout);
		ck_assert_int_eq(
		    r->letter[ASKER_OVOC][ASK_SNMP].letter, cases[i].letter);
		ck_assert_msg(strstr(r->sentence, cases[i].words) != NULL,
		    "%s: %s", cases[i].words, r->sentence);
		ck_assert_int_eq(r->exit_status, 0);
		compare_rig_free(it.rig);
	}
}
END_TEST

START_TEST(a_probe_is_found_by_kind_identity_and_time)
{
	int64_t at = RIG_BEGAN + 5000 * INT64_C(1000000);
	struct probe_index ix;

	agent_says(PROBE_FATE_LOST, 2000);
	it.own[0].id = 0; /* not known */
	probe_index_make(&ix, &it.sidecar);
	ck_assert_uint_eq(ix.n, POLLS - 1);
	ck_assert_ptr_eq(probe_index_find(&ix, ASK_SNMP, 7005, at), &it.own[5]);
	ck_assert_ptr_null(
	    probe_index_find(&ix, ASK_SNMP, 7005, at + INT64_C(60000000000)));
	ck_assert_ptr_null(probe_index_find(&ix, ASK_TCP, 7005, at));
	ck_assert_ptr_null(probe_index_find(&ix, ASK_SNMP, 6999, at));
	probe_index_free(&ix);
	probe_index_make(&ix, NULL);
	ck_assert_ptr_null(probe_index_find(&ix, ASK_SNMP, 7005, at));
	probe_index_free(&ix);
	compare_rig_free(it.rig);
}
END_TEST

/* Its host may be at the server's end: both captures have its probes. */
START_TEST(what_the_campaign_asked_is_not_ovocs)
{
	uint32_t i, all;

	make(POLLS_ANSWERED);
	all = rig_judge(it.rig)->letter[ASKER_OVOC][ASK_SNMP].n;
	compare_rig_free(it.rig);
	make(POLLS_ANSWERED);
	campaign_asks(PROBE_KIND_SNMP, TOLD);
	for (i = 0; i < PROBES; i++)
		it.probe[i].id = 7060 + i;
	judge();
	ck_assert_uint_eq(
	    it.rig->result.letter[ASKER_OVOC][ASK_SNMP].n, all - PROBES);
	row_is(&it.rig->result.letter[ASKER_CAMPAIGN][ASK_SNMP],
	    LETTER_ANSWERED, PROBES);
	compare_rig_free(it.rig);
}
END_TEST

UNIT_MAIN("witness", a_probe_has_the_letter_of_who_saw_it,
    the_ladder_has_its_rungs_by_the_servers_clock,
    behind_translation_only_snmp_can_be_missing,
    without_a_clock_nothing_is_missing, before_the_stop_no_clock_is_needed,
    polls_before_the_agents_probes_are_ovocs_own,
    outside_of_the_capture_nothing_is_missing,
    heartbeats_of_other_times_do_not_outvote_the_probes,
    its_letter_says_where_the_loss_is,
    the_record_tells_whether_all_interfaces_were_captured,
    without_a_common_packet_the_campaign_host_is_heard,
    what_its_capture_may_not_show_is_not_missing,
    beats_of_before_do_not_outvote_its_probes,
    what_arrived_and_was_not_taken_is_told_so,
    a_probe_is_found_by_kind_identity_and_time,
    what_the_campaign_asked_is_not_ovocs)
