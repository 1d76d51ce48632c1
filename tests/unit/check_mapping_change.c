/* check_mapping_change.c - an address translation that changes. */
#include "unit.h"

#include <netinet/in.h>

#include "compare_rig.h"

#define MS     INT64_C(1000000)
#define AT     60000 /* ms: then it changes, ... */
#define KNOWN  75000 /* ... and its other end knows it */
#define END    130000
#define POLL   500
#define TRAP   2000
#define BEFORE "198.51.100.7"
#define NOW    "198.51.100.99"

/* Polls and traps; what is sent to the old one is lost. */
struct plan {
	int64_t from, to; /* ms: of all */
	int64_t lost_from, lost_to;
	enum way lost;
	bool mute;     /* nobody answers polls */
	bool new_trap; /* each from another port */
	int64_t flaps; /* ms: then each second trap is seen as before */
};

static const struct plan usual = {.to = END, .lost_from = AT, .lost_to = KNOWN};

static int
fate(const struct plan *p, int64_t ms, enum way w)
{
	return w == p->lost && ms >= p->lost_from && ms < p->lost_to
		   ? RIG_LOST
		   : RIG_PASSES;
}

static void
send_trap(struct compare_rig *r, const struct plan *p, int64_t ms)
{
	struct rig_packet one = {.way = WAY_BACK,
	    .server_port = 162,
	    .device_port = (uint16_t)(p->new_trap ? 30000 + ms / 100 : 32768),
	    .protocol = IPPROTO_UDP,
	    .what = RECORD_SNMP_TRAP,
	    .length = 150,
	    .key = (uint64_t)(ms + 3) * 0x9e3779b97f4a7c15u};
	int64_t at = r->map.at;

	if (p->flaps > 0 && ms >= p->flaps && ms / TRAP % 2 == 0)
		r->map.at = 0;
	rig_send(r, ms, &one, fate(p, ms, WAY_BACK));
	r->map.at = at;
}

static void
play(struct compare_rig *r, const struct plan *p)
{
	uint32_t id;
	int64_t ms;
	int f;

	for (ms = p->from; ms < p->to; ms += POLL) {
		id = (uint32_t)(ms / POLL);
		f = fate(p, ms, WAY_THERE);
		rig_ask(r, ms, id, f);
		if (!p->mute && f == RIG_PASSES)
			rig_answer(
			    r, ms + 100, id, fate(p, ms + 100, WAY_BACK));
		if (ms % TRAP == 0)
			send_trap(r, p, ms + 50);
	}
	rig_judge(r);
}

/* Behind a translation; the device's changes. */
static struct compare_rig *
translated(bool address, bool port)
{
	struct compare_rig *r = compare_rig_new();

	r->nat = true;
	r->map = (struct rig_map){AT, KNOWN, WAY_BACK, address, port, false};
	return r;
}

static void
is_addr(const struct addr *a, const char *text)
{
	char buf[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_text(a, buf), text);
}

static const struct result_mapping *
mapping(const struct compare_rig *r, enum way w)
{
	return &r->result.path[w].mapping;
}

static void
no_mapping(const struct compare_rig *r, enum way w)
{
	ck_assert_int_eq(mapping(r, w)->now.family, AF_UNSPEC);
	ck_assert_int_eq(mapping(r, w)->from, 0);
	ck_assert_uint_eq(mapping(r, w)->lost, 0);
}

/* Play it, and nothing is told. */
static void
tells_none(struct compare_rig *r, const struct plan *p)
{
	play(r, p);
	no_mapping(r, WAY_THERE);
	no_mapping(r, WAY_BACK);
	compare_rig_free(r);
}

/* At the first packet that comes from the new one, by the clocks. */
static void
is_at(const struct result_mapping *m, int64_t least, int64_t most)
{
	ck_assert_int_ge(m->from, RIG_BEGAN + (least - 15) * MS);
	ck_assert_int_le(m->from, RIG_BEGAN + (most + 15) * MS);
}

/* All that arrived is known to have. */
static void
has_counts(const struct compare_rig *r, enum traffic t, enum way w, uint32_t n)
{
	const struct loss_tally *of = &r->result.tally[t][w];

	ck_assert_uint_eq(of->lost, n);
	ck_assert_uint_eq(of->unknown, 0);
	ck_assert_uint_eq(of->arrived, of->sent - n);
}

START_TEST(another_address_is_told_and_what_was_lost)
{
	struct compare_rig *r = translated(true, false);

	r->offset = INT64_C(86400000000000);
	play(r, &usual);
	is_addr(&mapping(r, WAY_THERE)->before, BEFORE);
	is_addr(&mapping(r, WAY_THERE)->now, NOW);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->before_port, 0);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->port, 0);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 30);
	/* Not when the next answer comes, or a trap. */
	is_at(mapping(r, WAY_THERE), AT, AT);
	no_mapping(r, WAY_BACK);
	has_counts(r, TRAFFIC_SNMP, WAY_THERE, 30);
	has_counts(r, TRAFFIC_SNMP, WAY_BACK, 0);
	has_counts(r, TRAFFIC_TRAP, WAY_BACK, 0);
	ck_assert_uint_eq(r->result.not_judged[REASON_ONE_SIDE], 0);
	compare_rig_free(r);
}
END_TEST

START_TEST(another_port_is_told)
{
	struct compare_rig *r = translated(false, true);

	play(r, &usual);
	is_addr(&mapping(r, WAY_THERE)->before, BEFORE);
	is_addr(&mapping(r, WAY_THERE)->now, BEFORE);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->before_port, 161);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->port, 20161);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 30);
	is_at(mapping(r, WAY_THERE), AT, AT + TRAP + 50);
	has_counts(r, TRAFFIC_SNMP, WAY_THERE, 30);
	has_counts(r, TRAFFIC_SNMP, WAY_BACK, 0);
	compare_rig_free(r);
}
END_TEST

START_TEST(the_servers_own_translation_may_change_too)
{
	struct compare_rig *r = compare_rig_new();
	struct plan p = usual;

	r->map = (struct rig_map){AT, KNOWN, WAY_THERE, true, false, false};
	p.lost = WAY_BACK;
	play(r, &p);
	is_addr(&mapping(r, WAY_BACK)->before, "10.0.0.1");
	is_addr(&mapping(r, WAY_BACK)->now, "198.51.100.100");
	is_at(mapping(r, WAY_BACK), AT, AT + POLL);
	/* Answers, and traps. */
	ck_assert_uint_eq(mapping(r, WAY_BACK)->lost, 38);
	no_mapping(r, WAY_THERE);
	has_counts(r, TRAFFIC_SNMP, WAY_THERE, 0);
	has_counts(r, TRAFFIC_SNMP, WAY_BACK, 30);
	compare_rig_free(r);
}
END_TEST

START_TEST(a_change_that_lost_nothing_is_a_note)
{
	struct compare_rig *r = translated(true, false);
	struct plan p = {.to = END};

	r->map.known = AT;
	play(r, &p);
	is_addr(&mapping(r, WAY_THERE)->now, NOW);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 0);
	has_counts(r, TRAFFIC_SNMP, WAY_THERE, 0);
	compare_rig_free(r);
	/* Two may be chance. */
	r = translated(true, false);
	p.lost_from = AT;
	p.lost_to = AT + 2 * POLL;
	r->map.known = p.lost_to;
	play(r, &p);
	is_addr(&mapping(r, WAY_THERE)->now, NOW);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 0);
	compare_rig_free(r);
	r = translated(true, false);
	r->map.known = p.lost_to = AT + 3 * POLL;
	play(r, &p);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 3);
	compare_rig_free(r);
}
END_TEST

/* They were lost before. */
START_TEST(what_was_lost_at_another_time_is_not_its)
{
	struct compare_rig *r = translated(true, false);
	struct plan p = usual;

	p.lost_from = 30000;
	p.lost_to = 45000;
	r->map.known = AT;
	play(r, &p);
	is_addr(&mapping(r, WAY_THERE)->now, NOW);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 0);
	has_counts(r, TRAFFIC_SNMP, WAY_THERE, 30);
	compare_rig_free(r);
}
END_TEST

START_TEST(without_a_change_nothing_is_told)
{
	struct compare_rig *r = translated(false, false);

	r->map.at = 0;
	tells_none(r, &usual);
	/* Each connection has its own, and the one of them ends. */
	r = translated(false, false);
	r->map.at = 0;
	r->map.each = true;
	tells_none(r, &usual);
}
END_TEST

START_TEST(two_that_are_in_use_together_are_no_change)
{
	struct compare_rig *r = translated(false, true);
	struct plan p = usual;

	p.mute = true;
	p.flaps = AT;
	tells_none(r, &p);
	/* What is sent to the old one still arrives. */
	r = translated(false, true);
	p = (struct plan){.to = END, .new_trap = true};
	tells_none(r, &p);
	r = translated(true, false);
	p.new_trap = false;
	tells_none(r, &p);
}
END_TEST

START_TEST(few_packets_are_no_change)
{
	struct compare_rig *r = translated(true, false);
	struct plan p = usual;

	/* Three traps behind it, two, and two before it. */
	p.mute = true;
	p.to = AT + 3 * TRAP;
	p.lost_to = END;
	r->map.known = END;
	play(r, &p);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 8);
	compare_rig_free(r);
	r = translated(true, false);
	r->map.known = END;
	p.to = AT + 2 * TRAP;
	tells_none(r, &p);
	r = translated(true, false);
	p = usual;
	p.mute = true;
	p.from = AT - 2 * TRAP;
	tells_none(r, &p);
}
END_TEST

/* No connection of before goes on; only the loss tells that a host has not just
 * two of them. */
START_TEST(new_connections_tell_of_another_address)
{
	struct compare_rig *r = translated(true, false);
	struct plan p = usual;

	p.mute = p.new_trap = true;
	p.lost_to = r->map.known = END;
	play(r, &p);
	is_addr(&mapping(r, WAY_THERE)->before, BEFORE);
	is_addr(&mapping(r, WAY_THERE)->now, NOW);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->before_port, 0);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->port, 0);
	ck_assert_uint_ge(mapping(r, WAY_THERE)->lost, 130);
	is_at(mapping(r, WAY_THERE), AT, AT + 50);
	compare_rig_free(r);
	r = translated(true, false);
	r->map.known = AT;
	p.lost_to = AT;
	tells_none(r, &p);
}
END_TEST

/* A connection of TCP's, and then another one with the same ports. */
static void
speak(struct compare_rig *r, int64_t from, bool begins)
{
	struct rig_packet p = {.way = WAY_BACK,
	    .server_port = 443,
	    .device_port = 50000,
	    .protocol = IPPROTO_TCP,
	    .what = RECORD_TCP,
	    .length = 100};
	int i;

	for (i = 0; i < 10; i++) {
		p.bits = i == 0 && begins ? RECORD_SYN : RECORD_ACK;
		p.seq = (uint32_t)(from + i * 100);
		p.key = (uint64_t)(from + i) * 0x9e3779b97f4a7c15u;
		rig_send(r, from + i * 500, &p, RIG_PASSES);
	}
}

START_TEST(another_connection_is_no_change)
{
	struct compare_rig *r = translated(false, false);
	struct plan p = {.to = END};

	/* The port is the connection's alone. */
	speak(r, 20013, true);
	r->map.port = true;
	speak(r, AT + 2013, true);
	r->map.port = false;
	tells_none(r, &p);
	r = translated(false, false);
	speak(r, 20013, true);
	r->map.port = true;
	speak(r, AT + 2013, false);
	r->map.port = false;
	play(r, &p);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->before_port, 50000);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->port, 4464);
	ck_assert_uint_eq(mapping(r, WAY_THERE)->lost, 0);
	compare_rig_free(r);
}
END_TEST

UNIT_MAIN("mapping_change", another_address_is_told_and_what_was_lost,
    another_port_is_told, the_servers_own_translation_may_change_too,
    a_change_that_lost_nothing_is_a_note,
    what_was_lost_at_another_time_is_not_its, without_a_change_nothing_is_told,
    two_that_are_in_use_together_are_no_change, few_packets_are_no_change,
    new_connections_tell_of_another_address, another_connection_is_no_change)
