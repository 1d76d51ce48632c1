/* check_outage.c - nothing is in both captures: what their records prove, and
 * what they do not. */
#include "compare/outage.h"

#include <netinet/in.h>
#include <string.h>

#include "base/str.h"
#include "compare/sentence.h"
#include "compare_rig.h"
#include "unit.h"

#define MS       INT64_C(1000000)
#define BEGAN_MS (RIG_BEGAN / MS)
#define SECONDS  120
#define PROBES   10
#define AHEAD_MS 5000 /* the server's clock, of the campaign's */
#define ZONE_MS  (INT64_C(3600) * 2000) /* the device's, of the server's */
#define OTHER    "203.0.113.77"

static struct {
	struct compare_rig *rig;
	struct event_record record, sidecar;
	struct event_probe probe[PROBES];
} it;

static void
campaign_sends(int64_t ms, bool answer, uint32_t id)
{
	struct rig_packet p = {.way = answer ? WAY_BACK : WAY_THERE,
	    .server_port = 41000,
	    .device_port = 161,
	    .protocol = IPPROTO_UDP,
	    .what = answer ? RECORD_SNMP_HIDDEN : RECORD_SNMP_REQUEST,
	    .bits = answer ? RECORD_ANSWERS : RECORD_ASKS,
	    .exchange = id,
	    .length = 90,
	    .key = 4242 + 2 * (uint64_t)id + answer};

	rig_campaign(it.rig, ms, &p);
}

/* What proves that both captures ran, by the clocks of their writers. */
static void
make_records(void)
{
	struct event_record *r = &it.record, *s = &it.sidecar;
	int64_t began = BEGAN_MS - AHEAD_MS;

	r->writer = EVENT_CAMPAIGN;
	r->all_interfaces = 1;
	r->ran.n = 1;
	r->ran.at[0] = (struct event_span){began - 9000, began + 100000};
	r->stopped = began + SECONDS * 1000;
	r->agent_clock = (struct event_clock){true, AHEAD_MS, 100};
	r->device_clock = (struct event_clock){true, ZONE_MS + AHEAD_MS, 1500};
	r->campaign_at.n = 1;
	ck_assert(addr_parse(&r->campaign_at.at[0], RIG_CAMPAIGN));
	s->writer = EVENT_AGENT;
	s->ran.n = 1;
	s->ran.at[0] = (struct event_span){BEGAN_MS - 9000, BEGAN_MS + 121000};
	str_copy(s->interface[0], sizeof(s->interface[0]), "any");
}

/* Two minutes of polls and messages, none of which arrives, while the campaign
 * host asks and is answered. */
static void
make_behind(bool translation)
{
	int64_t began = RIG_BEGAN / 1000 - AHEAD_MS * 1000;
	uint32_t i;

	memset(&it, 0, sizeof(it));
	it.rig = compare_rig_new();
	it.rig->offset = ZONE_MS * MS;
	it.rig->nat = translation;
	for (i = 0; i < SECONDS; i++) {
		rig_ask(it.rig, i * 1000, 7000 + i, RIG_LOST);
		rig_trap(it.rig, i * 1000 + 500, 100 + i, RIG_LOST);
		campaign_sends(i * 1000 + 210, false, 900000 + i);
		campaign_sends(i * 1000 + 211, true, 900000 + i);
	}
	for (i = 0; i < PROBES; i++)
		it.probe[i] = (struct event_probe){.kind = PROBE_KIND_SNMP,
		    .fate = PROBE_FATE_ANSWERED,
		    .sent_us = began + (60 + i) * 1000000 + 200000,
		    .took_us = 20000,
		    .id = 900060 + i,
		    .port = 41000};
	make_records();
	it.record.probe = it.probe;
	it.record.n_probes = PROBES;
	it.rig->wish.record = &it.record;
	it.rig->wish.sidecar = &it.sidecar;
	ck_assert(addr_parse(&it.rig->wish.device, "192.0.2.5"));
	ck_assert(addr_parse(&it.rig->wish.ovoc, "10.0.0.1"));
	ck_assert(addr_parse(&it.rig->wish.campaign, RIG_CAMPAIGN));
	it.rig->wish.one_way[SIDE_SERVER] = true;
}

static void
make(void)
{
	make_behind(false);
}

static const struct compare_result *
judge(void)
{
	const struct compare_result *r = rig_judge(it.rig);

	sentence_make(&it.rig->result);
	return r;
}

static const struct loss_tally *
tally(enum traffic t, enum way w)
{
	return &it.rig->result.tally[t][w];
}

/* All but those near the ends, as near as the clocks may err. */
static void
is_lost(enum traffic t, enum way w, int64_t error)
{
	const struct loss_tally *of = tally(t, w);
	uint32_t near = 2 * (uint32_t)(error / 1000000000 + 4);

	ck_assert_uint_eq(of->lost, of->sent);
	ck_assert_uint_ge(of->lost, SECONDS - near);
	ck_assert_uint_lt(of->lost, SECONDS);
	ck_assert_int_eq(of->grade, GRADE_LIKELY);
}

START_TEST(what_both_ran_through_is_likely_lost)
{
	const struct compare_result *r;
	const struct result_clock *c;

	make();
	str_copy(it.rig->result.side[SIDE_SERVER].name, 32, "server");
	str_copy(it.rig->result.side[SIDE_DEVICE].name, 32, "device");
	r = judge();
	c = &r->clock;
	ck_assert(c->known);
	ck_assert_uint_eq(c->pairs, 0);
	ck_assert_int_le(llabs(c->offset - ZONE_MS * MS), c->error);
	ck_assert_int_lt(c->error, 4000 * MS);
	is_lost(TRAFFIC_SNMP, WAY_THERE, c->error);
	is_lost(TRAFFIC_TRAP, WAY_BACK, c->error);
	ck_assert_int_eq(r->exit_status, 1);
	ck_assert_int_eq(r->grade, GRADE_LIKELY);
	ck_assert_int_eq(
	    r->letter[ASKER_OVOC][ASK_SNMP].letter, LETTER_LOST_THERE);
	ck_assert_int_eq(
	    r->letter[ASKER_CAMPAIGN][ASK_SNMP].letter, LETTER_ANSWERED);
	ck_assert_msg(strstr(r->sentence, "never reached the device") &&
			  strstr(r->sentence, "Likely."),
	    "%s", r->sentence);
	compare_rig_free(it.rig);
}
END_TEST

/* Where the campaign host does not reach it either, its date tells. */
START_TEST(the_devices_own_account_of_its_clock_will_do)
{
	const struct compare_result *r;

	make();
	it.record.n_probes = 0;
	r = judge();
	ck_assert_int_eq(r->clock.offset, ZONE_MS * MS);
	ck_assert_int_ge(r->clock.error, 1600 * MS);
	is_lost(TRAFFIC_SNMP, WAY_THERE, r->clock.error);
	compare_rig_free(it.rig);
}
END_TEST

/* Its answers may come in by another one. */
START_TEST(by_one_interface_of_the_server_only_one_way_is_judged)
{
	make();
	str_copy(it.sidecar.interface[0], EVENT_WORD_MAX, "ens192");
	judge();
	is_lost(TRAFFIC_SNMP, WAY_THERE, it.rig->result.clock.error);
	ck_assert_uint_eq(tally(TRAFFIC_TRAP, WAY_BACK)->lost, 0);
	ck_assert_uint_gt(
	    tally(TRAFFIC_TRAP, WAY_BACK)->unknown_by[REASON_ONE_WAY], 0);
	compare_rig_free(it.rig);
}
END_TEST

/* --- what they do not prove --- */

static void
send_from(const char *host, bool to_device, uint16_t port)
{
	struct compare_rig *r = it.rig;
	enum side s = to_device ? SIDE_DEVICE : SIDE_SERVER;
	struct flow_id id = {.protocol = IPPROTO_UDP, .family = AF_INET};
	const char *to = to_device ? "192.0.2.5" : "10.0.0.1";
	struct addr a, b;

	ck_assert(addr_parse(&a, host) && addr_parse(&b, to));
	memcpy(id.from, &a.ip, 4);
	memcpy(id.to, &b.ip, 4);
	id.from_port = 50000;
	id.to_port = port;
	flow_table_count(r->table[s], &id, &r->rec[s][r->n[s] - 1].flow);
	flow_table_settle(r->table[s]);
}

static void
no_record(void)
{
	it.rig->wish.record = NULL;
}
static void
no_sidecar(void)
{
	it.rig->wish.sidecar = NULL;
}
static void
no_agent_clock(void)
{
	it.record.agent_clock.known = false;
}
static void
not_confirmed(void)
{
	it.record.ran.n = 0;
}
static void
never_stopped(void)
{
	it.record.stopped = 0;
}
static void
not_began(void)
{
	it.sidecar.ran.n = 0;
}
static void
disk_full(void)
{
	it.sidecar.disk_was_full = true;
}
static void
some_interfaces(void)
{
	it.record.all_interfaces = -1;
}
static void
cut_server(void)
{
	it.rig->wish.partial[SIDE_SERVER] = true;
}
static void
tunnel(void)
{
	it.rig->wish.partial[SIDE_DEVICE] = true;
}
static void
vague_agent(void)
{
	it.record.agent_clock.error = 61000;
}
static void
who(void)
{
	it.rig->wish.device.family = AF_UNSPEC;
}

static void
off_and_on_again(void)
{
	it.record.ran.n = 2;
	it.record.ran.at[1] = it.record.ran.at[0];
}

static void
no_device_clock(void)
{
	it.record.n_probes = 0;
	it.record.device_clock.known = false;
}

static void
vague_device(void)
{
	it.record.n_probes = 0;
	it.record.device_clock.error = 61000;
}

/* Its REST knows the time zone, its capture does not. */
static void
another_clock(void)
{
	it.record.n_probes = 0;
	it.record.device_clock.ahead -= ZONE_MS;
}

/* Two probes are in its capture at times that do not go together. */
static void
odd_probes(void)
{
	it.probe[3].sent_us += 4000000;
	it.record.device_clock.known = false;
}

static void
another_day(void)
{
	it.record.ran.at[0].from -= 86400000;
	it.record.ran.at[0].to -= 86400000;
	it.record.stopped -= 86400000;
}

static void
ended_before(void)
{
	it.sidecar.ran.at[0].to = BEGAN_MS + 60000;
}

static void
set_back(void)
{
	it.rig->step_at = 119000;
	it.rig->step = -30000 * MS;
	rig_trap(it.rig, 119700, 9000, RIG_LOST);
}

/* One poll is in both, at whatever time. */
static void
one_passes(void)
{
	it.rig->rec[SIDE_DEVICE][3].key = it.rig->rec[SIDE_SERVER][7].key;
}

/* A box on the way asks in OVOC's name, with bytes of its own. */
static void
asked_by_another(void)
{
	send_from(OTHER, true, 161);
}

static void
changed_on_the_way(void)
{
	send_from("10.0.0.1", true, 5000);
}

static void
something_arrives(void)
{
	send_from(OTHER, false, 162);
}

static void (*const spoils[])(void) = {no_record, no_sidecar, no_agent_clock,
    not_confirmed, never_stopped, not_began, disk_full, some_interfaces,
    cut_server, tunnel, vague_agent, who, off_and_on_again, no_device_clock,
    vague_device, another_clock, odd_probes, another_day, ended_before,
    set_back, one_passes, asked_by_another, changed_on_the_way,
    something_arrives};

START_TEST(what_is_not_proved_cannot_be_said)
{
	const struct compare_result *r;

	make();
	spoils[_i]();
	r = judge();
	ck_assert_msg(r->exit_status == 3, "%d: %s", _i, r->sentence);
	ck_assert_int_eq(r->grade, GRADE_UNKNOWN);
	ck_assert(!r->clock.known);
	ck_assert_ptr_nonnull(strstr(r->sentence, "Cannot be said"));
	compare_rig_free(it.rig);
}
END_TEST

/* Behind translation it has another address in the server's capture. */
START_TEST(behind_translation_it_cannot_be_said)
{
	make_behind(true);
	ck_assert_int_eq(judge()->exit_status, 3);
	ck_assert_uint_eq(tally(TRAFFIC_SNMP, WAY_THERE)->lost, 0);
	compare_rig_free(it.rig);
}
END_TEST

UNIT_TABLE("outage", what_is_not_proved_cannot_be_said,
    sizeof(spoils) / sizeof(spoils[0]), what_both_ran_through_is_likely_lost,
    the_devices_own_account_of_its_clock_will_do,
    by_one_interface_of_the_server_only_one_way_is_judged,
    behind_translation_it_cannot_be_said)
