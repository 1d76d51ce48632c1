/* check_flow.c - the table of directional flows. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "compare/flow.h"

#define MANY 20000u

static struct flow_id
flow_of(uint32_t from, uint32_t to, uint16_t from_port, uint16_t to_port)
{
	struct flow_id id = {.from_port = from_port,
	    .to_port = to_port,
	    .protocol = IPPROTO_UDP,
	    .family = AF_INET};

	from = htonl(from);
	to = htonl(to);
	memcpy(id.from, &from, 4);
	memcpy(id.to, &to, 4);
	return id;
}

/* Count one packet, and wait for the number. */
static uint32_t
count(struct flow_table *t, const struct flow_id *id)
{
	uint32_t flow = 0;
	bool room = flow_table_count(t, id, &flow) && flow_table_settle(t);

	ck_assert_int_eq(room, flow != FLOW_NONE);
	return flow;
}

START_TEST(flows_are_numbered_as_they_come)
{
	struct flow_table *t = flow_table_new(1 << 20);
	struct flow_id ask = flow_of(1, 2, 1000, 161);
	struct flow_id answer = flow_of(2, 1, 161, 1000);
	struct flow_id other = flow_of(1, 2, 1001, 161);
	struct flow_id tcp = ask;
	const struct flow *flows;
	char text[ADDR_TEXT_MAX];

	tcp.protocol = IPPROTO_TCP;
	ck_assert_uint_eq(count(t, &ask), 0);
	ck_assert_uint_eq(count(t, &answer), 1);
	ck_assert_uint_eq(count(t, &ask), 0);
	ck_assert_uint_eq(flow_table_find(t, &other), 2);
	ck_assert_uint_eq(count(t, &tcp), 3);
	flow_table_finish(t);
	ck_assert_uint_eq(flow_table_size(t), 4);
	ck_assert_uint_eq(flow_table_hosts(t), 2);
	flows = flow_table_flows(t);
	ck_assert_uint_eq(flows[0].packets, 2);
	ck_assert_uint_eq(flows[0].reverse, 1);
	ck_assert_uint_eq(flows[1].reverse, 0);
	ck_assert_uint_eq(flows[2].reverse, FLOW_NONE);
	ck_assert_uint_eq(flows[2].packets, 0);
	ck_assert_uint_eq(flows[0].partner, FLOW_NONE);
	ck_assert_uint_eq(flows[1].from_port, 161);
	ck_assert_uint_eq(flows[1].to_port, 1000);
	ck_assert_str_eq(
	    addr_text(flow_table_host(t, flows[1].from), text), "0.0.0.2");
	flow_table_free(t);
}
END_TEST

START_TEST(ipv6_is_not_ipv4)
{
	struct flow_table *t = flow_table_new(1 << 20);
	struct flow_id four = flow_of(1, 2, 3, 4), six = four;

	six.family = AF_INET6;
	ck_assert_uint_eq(flow_table_find(t, &four), 0);
	ck_assert_uint_eq(flow_table_find(t, &six), 1);
	six.to[15] = 1;
	ck_assert_uint_eq(flow_table_find(t, &six), 2);
	ck_assert_uint_eq(flow_table_hosts(t), 5);
	flow_table_free(t);
}
END_TEST

START_TEST(many_flows_and_hosts_are_found_again)
{
	struct flow_table *t = flow_table_new(64 << 20);

	for (unsigned round = 0; round < 2; round++)
		for (uint32_t i = 0; i < MANY; i++) {
			struct flow_id id =
			    flow_of(i, i / 2, (uint16_t)i, (uint16_t)(i >> 8));

			unit_must(count(t, &id) == i, "%u", i);
		}
	flow_table_finish(t);
	ck_assert_uint_eq(flow_table_size(t), MANY);
	ck_assert_uint_eq(flow_table_hosts(t), MANY);
	for (uint32_t i = 0; i < MANY; i++)
		unit_must(flow_table_flows(t)[i].packets == 2, "%u", i);
	flow_table_free(t);
}
END_TEST

/* The table grows meanwhile; a flow that is asked for at once is behind those
 * that wait. */
START_TEST(flows_that_wait_are_numbered_as_they_were_asked_for)
{
	struct flow_table *t = flow_table_new(64 << 20);
	static uint32_t flow[2 * MANY];
	struct flow_id id;

	for (uint32_t i = 0; i < 2 * MANY; i++) {
		id = flow_of(i / 2, 7, 1, 2);
		flow[i] = FLOW_NONE;
		unit_must(flow_table_count(t, &id, &flow[i]), "%u", i);
	}
	id = flow_of(MANY, 7, 1, 2);
	ck_assert_uint_eq(flow_table_find(t, &id), MANY);
	for (uint32_t i = 0; i < 2 * MANY; i++)
		unit_must(flow[i] == i / 2, "%u", i);
	ck_assert(flow_table_settle(t));
	flow_table_finish(t);
	for (uint32_t i = 0; i < MANY; i++)
		unit_must(flow_table_flows(t)[i].packets == 2, "%u", i);
	ck_assert_uint_eq(flow_table_flows(t)[MANY].packets, 0);
	flow_table_free(t);
}
END_TEST

/* Whoever settles them, who counted is told. */
START_TEST(flows_that_wait_for_room_in_vain_are_told_of)
{
	struct flow_table *t = flow_table_new(1 << 20);
	struct flow_id id = flow_of(1, 2, 3, 4), new = flow_of(2, 1, 3, 4);
	uint32_t known = 7, unknown = 7, again = 7;

	for (uint32_t i = 0; flow_table_find(t, &id) != FLOW_NONE; i++)
		id = flow_of(1, 2, (uint16_t)i, (uint16_t)(i >> 16));
	id = flow_of(1, 2, 3, 4);
	ck_assert(flow_table_count(t, &id, &known));
	ck_assert(flow_table_count(t, &new, &unknown));
	ck_assert_uint_eq(flow_table_find(t, &id), 0);
	ck_assert_uint_eq(known, 0);
	ck_assert_uint_eq(unknown, FLOW_NONE);
	ck_assert(!flow_table_count(t, &id, &again));
	ck_assert(!flow_table_settle(t));
	ck_assert_uint_eq(again, 0);
	flow_table_free(t);
}
END_TEST

START_TEST(memory_has_a_limit)
{
	const size_t limit = 1 << 20;
	struct flow_table *t = flow_table_new(limit);
	size_t before;
	uint32_t i;

	for (i = 0; i < 1000000; i++) {
		struct flow_id id = flow_of(i, ~i, 1, 2);

		if (flow_table_find(t, &id) == FLOW_NONE)
			break;
		unit_must(flow_table_bytes(t) <= limit, "%u", i);
	}
	/* About 100 bytes a flow with its hosts. */
	ck_assert_uint_gt(i, limit / 400);
	ck_assert_uint_lt(i, limit / 50);
	/* What is there is still found. */
	struct flow_id first = flow_of(0, ~0u, 1, 2);

	ck_assert_uint_eq(flow_table_find(t, &first), 0);
	/* What only finding needs is given back. */
	before = flow_table_bytes(t);
	flow_table_finish(t);
	ck_assert_uint_le(
	    flow_table_bytes(t) + 2 * i * sizeof(uint64_t), before);
	ck_assert_uint_ge(flow_table_bytes(t), i * sizeof(struct flow));
	flow_table_free(t);
	flow_table_free(NULL);
}
END_TEST

UNIT_MAIN("flow", flows_are_numbered_as_they_come, ipv6_is_not_ipv4,
    many_flows_and_hosts_are_found_again,
    flows_that_wait_are_numbered_as_they_were_asked_for,
    flows_that_wait_for_room_in_vain_are_told_of, memory_has_a_limit)
