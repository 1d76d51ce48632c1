/* check_beside.c - what the records of an event say of its captures. */
#include "compare/beside.h"

#include <string.h>

#include "compare_rig.h"
#include "unit.h"

#define EVENT    "192.0.2.5_2026-11-23T04.00.00.123456Z"
#define PIECE(n) "/x/OVOC_device_" EVENT "-" n ".pcap"
#define MS       INT64_C(1000000)
#define AT(ms)   (RIG_BEGAN + (ms)*MS)
#define N_PIECES 3

static struct {
	struct compare_rig *rig;
	struct event_piece piece[N_PIECES];
	struct event_record sidecar, record;
	struct compare_input in;
	struct trace *server;
} it;

/* A minute of polls, in three pieces of 20 s; the capture ran 5 s more. */
static void
make(const char *const *paths, size_t n)
{
	uint32_t i;

	memset(&it, 0, sizeof(it));
	it.rig = compare_rig_new();
	it.rig->jitter[WAY_THERE] = it.rig->jitter[WAY_BACK] = 0;
	for (i = 0; i <= 60; i++) {
		rig_ask(it.rig, i * 1000, i + 1, RIG_PASSES);
		rig_answer(it.rig, i * 1000 + 30, i + 1, RIG_PASSES);
	}
	for (i = 0; i < N_PIECES; i++)
		it.piece[i] = (struct event_piece){.number = i,
		    .first_us = AT(i * 20000) / 1000,
		    .last_us = AT(i * 20000 + 19030) / 1000};
	it.sidecar.piece = it.piece;
	it.sidecar.n_pieces = N_PIECES;
	it.sidecar.ran.n = 1;
	it.sidecar.ran.at[0] =
	    (struct event_span){AT(-5000) / MS, AT(65000) / MS};
	it.sidecar.dropped = -1;
	it.in.sidecar = &it.sidecar;
	it.in.side[SIDE_SERVER].path = paths;
	it.in.side[SIDE_SERVER].n_paths = n;
}

static void
apply(void)
{
	rig_traces(it.rig);
	it.server = it.rig->trace[SIDE_SERVER];
	beside_apply(&it.in, it.rig->trace, &it.rig->wish);
}

static void
ran(uint32_t i, int64_t from_ms, int64_t to_ms)
{
	ck_assert_uint_lt(i, it.server->n_spans);
	ck_assert_int_eq(it.server->span[i].from, AT(from_ms));
	ck_assert_int_eq(it.server->span[i].to, AT(to_ms));
}

static void
end(void)
{
	compare_rig_free(it.rig);
}

/* The ring may have overwritten what was before the first piece. */
START_TEST(with_its_last_piece_the_capture_ran_to_its_end)
{
	const char *all[] = {PIECE("2"), PIECE("0"), PIECE("1")};

	make(all, 3);
	apply();
	ck_assert_uint_eq(it.server->n_spans, 1);
	ran(0, 0, 65000);
	end();
}
END_TEST

START_TEST(without_it_the_capture_ran_to_its_last_packet)
{
	const char *two[] = {PIECE("0"), PIECE("1")};
	const char *unnamed[] = {"a.pcap", "b.pcap", "c.pcap"};

	make(two, 2);
	apply();
	ran(0, 0, 60040);
	end();
	make(unnamed, 3);
	apply();
	ck_assert_uint_eq(it.server->n_spans, 1);
	ran(0, 0, 60040);
	end();
}
END_TEST

START_TEST(a_piece_that_is_not_here_is_a_hole)
{
	const char *two[] = {PIECE("0"), PIECE("2")};

	make(two, 2);
	apply();
	ck_assert_uint_eq(it.server->n_spans, 2);
	ran(0, 0, 19030);
	ran(1, 40000, 65000);
	end();
}
END_TEST

START_TEST(a_hole_is_one_and_behind_many_nothing_is_known)
{
	const char *all[] = {PIECE("2"), PIECE("0"), PIECE("1")};
	size_t i;

	make(all, 3);
	it.sidecar.holes.n = 2;
	it.sidecar.holes.at[0] =
	    (struct event_span){AT(10000) / MS, AT(12000) / MS};
	it.sidecar.holes.at[1] =
	    (struct event_span){AT(64000) / MS, AT(70000) / MS};
	apply();
	ck_assert_uint_eq(it.server->n_spans, 2);
	ran(0, 0, 10000);
	ran(1, 12000, 64000);
	end();
	make(all, 3);
	it.sidecar.holes.n = 8;
	for (i = 0; i < 8; i++)
		it.sidecar.holes.at[i] =
		    (struct event_span){AT(10000) / MS, AT(10000) / MS};
	apply();
	ck_assert_uint_eq(it.server->n_spans, 1);
	ran(0, 10000, 65000);
	end();
}
END_TEST

START_TEST(what_is_in_doubt_proves_nothing)
{
	const char *all[] = {PIECE("2"), PIECE("0"), PIECE("1")};

	make(all, 3);
	it.sidecar.disk_was_full = true;
	apply();
	ran(0, 0, 60040);
	end();
	make(all, 3);
	it.sidecar.ran.n = 0;
	apply();
	ran(0, 0, 60040);
	end();
	make(all, 3);
	it.in.sidecar = NULL;
	apply();
	ran(0, 0, 60040);
	ck_assert_ptr_null(it.rig->wish.sidecar);
	end();
}
END_TEST

START_TEST(the_kernels_drops_are_taken_unless_they_are_given)
{
	make(NULL, 0);
	it.sidecar.dropped = 12;
	apply();
	ck_assert_uint_eq(it.rig->wish.dropped[SIDE_SERVER], 12);
	end();
	make(NULL, 0);
	it.sidecar.dropped = 12;
	it.rig->wish.dropped[SIDE_SERVER] = 3;
	apply();
	ck_assert_uint_eq(it.rig->wish.dropped[SIDE_SERVER], 3);
	end();
}
END_TEST

static void
add(struct event_addrs *to, const char *text)
{
	ck_assert(addr_parse(&to->at[to->n++], text));
}

START_TEST(who_is_who_is_told_by_addresses_that_are_there)
{
	char text[ADDR_TEXT_MAX];

	make(NULL, 0);
	it.in.record = &it.record;
	add(&it.record.device_at, "198.51.100.99");
	add(&it.record.device_at, "192.0.2.5");
	add(&it.record.ovoc_at, "10.0.0.1");
	add(&it.record.campaign_at, "198.51.100.98");
	apply();
	ck_assert_str_eq(addr_text(&it.rig->wish.device, text), "192.0.2.5");
	ck_assert_str_eq(addr_text(&it.rig->wish.ovoc, text), "10.0.0.1");
	ck_assert_int_eq(it.rig->wish.campaign.family, AF_UNSPEC);
	end();
	make(NULL, 0);
	it.in.record = &it.record;
	add(&it.record.device_at, "192.0.2.5");
	ck_assert(addr_parse(&it.rig->wish.device, "192.0.2.77"));
	apply();
	ck_assert_str_eq(addr_text(&it.rig->wish.device, text), "192.0.2.77");
	end();
}
END_TEST

/* The device's capture has nothing behind 60 s, the server asks on. */
static uint32_t
lost_of_silence(bool known, int64_t error)
{
	uint32_t i, lost;

	make(NULL, 0);
	for (i = 61; i <= 120; i++)
		rig_ask(it.rig, i * 1000, i + 1, RIG_LOST);
	it.record.ran.n = 1;
	it.record.ran.at[0] =
	    (struct event_span){AT(0) / MS - 7000, AT(100000) / MS - 7000};
	it.record.agent_clock = (struct event_clock){known, 7000, error};
	it.rig->wish.record = &it.record;
	lost = rig_judge(it.rig)->tally[TRAFFIC_SNMP][WAY_THERE].lost;
	end();
	return lost;
}

START_TEST(what_show_confirmed_is_time_of_the_device_less_the_clocks_errors)
{
	ck_assert_uint_eq(lost_of_silence(false, 0), 0);
	ck_assert_uint_ge(lost_of_silence(true, 0), 35);
	ck_assert_uint_le(lost_of_silence(true, 0), 40);
	ck_assert_uint_ge(lost_of_silence(true, 20000), 15);
	ck_assert_uint_le(lost_of_silence(true, 20000), 20);
	ck_assert_uint_eq(lost_of_silence(true, 60000), 0);
}
END_TEST

UNIT_MAIN("beside", with_its_last_piece_the_capture_ran_to_its_end,
    without_it_the_capture_ran_to_its_last_packet,
    a_piece_that_is_not_here_is_a_hole,
    a_hole_is_one_and_behind_many_nothing_is_known,
    what_is_in_doubt_proves_nothing,
    the_kernels_drops_are_taken_unless_they_are_given,
    who_is_who_is_told_by_addresses_that_are_there,
    what_show_confirmed_is_time_of_the_device_less_the_clocks_errors)
