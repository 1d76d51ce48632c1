/* check_status_facts.c - what an agent tells of itself, line by line. */
#include "agent/status_facts.h"

#include <string.h>

#include "unit.h"

#define STARTED INT64_C(1795950374000)

static struct status_facts facts;
static struct status_device device;
static int64_t devices;

/* False: it is no line. */
static bool
read_line(const char *text, enum status_line expected)
{
	enum status_line kind;

	if (!status_line_read(
		text, strlen(text), &kind, &facts, &device, &devices))
		return false;
	ck_assert_int_eq(kind, expected);
	return true;
}

START_TEST(the_facts_come_out_as_they_went_in)
{
	const struct status_facts all = {.version = "1.2.3",
	    .started = STARTED,
	    .uptime = 4711,
	    .port = 20001,
	    .ending = true,
	    .mail = {1, 2, 3, 4, 5},
	    .captures_begun = 6,
	    .packets_dropped = 7,
	    .free = 8,
	    .min_free = 9,
	    .finished = 10,
	    .left = 11,
	    .ring = 12,
	    .manages_rules = true,
	    .ovoc = {.login = OVOC_REFUSED,
		.refused = 401,
		.pause = 13,
		.answered = STARTED + 1000,
		.failed = STARTED + 2000,
		.reachable = false,
		.trouble = "no route",
		.waiting = 14}};
	struct strbuf line = STRBUF_INIT, again = STRBUF_INIT;

	status_line_facts(&all, &line);
	ck_assert_ptr_eq(strchr(line.s, '\n'), line.s + line.len - 1);
	ck_assert(read_line(line.s, STATUS_LINE_FACTS));
	ck_assert_str_eq(facts.version, "1.2.3");
	ck_assert_int_eq(facts.started, STARTED);
	ck_assert(facts.ending);
	ck_assert_int_eq(facts.mail.unproven, 4);
	ck_assert_int_eq(facts.finished, 10);
	ck_assert_int_eq(facts.ovoc.login, OVOC_REFUSED);
	ck_assert_int_eq(facts.ovoc.refused, 401);
	ck_assert_int_eq(facts.ovoc.failed, STARTED + 2000);
	ck_assert_str_eq(facts.ovoc.trouble, "no route");
	status_line_facts(&facts, &again);
	ck_assert_str_eq(again.s, line.s);
	strbuf_free(&line);
	strbuf_free(&again);
}
END_TEST

START_TEST(a_device_comes_out_as_it_went_in)
{
	const struct status_device all = {.device = "192.0.2.10",
	    .owner = "[2001:db8::1]:20001",
	    .state = STATUS_STOPPING,
	    .has_rule = true,
	    .rule = 17,
	    .captures = true,
	    .since = STARTED,
	    .last_written = STARTED + 1000,
	    .ring_from = STARTED + 2000,
	    .bytes = 18,
	    .pieces = 19,
	    .dropped = 0};
	struct strbuf line = STRBUF_INIT, again = STRBUF_INIT;

	status_line_device(&all, &line);
	ck_assert(read_line(line.s, STATUS_LINE_DEVICE));
	ck_assert_str_eq(device.device, "192.0.2.10");
	ck_assert_str_eq(device.owner, "[2001:db8::1]:20001");
	ck_assert_int_eq(device.state, STATUS_STOPPING);
	ck_assert_int_eq(device.rule, 17);
	ck_assert_int_eq(device.ring_from, STARTED + 2000);
	ck_assert_int_eq(device.dropped, 0);
	status_line_device(&device, &again);
	ck_assert_str_eq(again.s, line.s);
	strbuf_free(&line);
	strbuf_free(&again);
}
END_TEST

START_TEST(every_state_has_a_name_of_its_own)
{
	struct strbuf line = STRBUF_INIT;

	for (int i = 0; i < STATUS_STATES; i++) {
		struct status_device d = {.state = (enum status_state)i};

		strbuf_clear(&line);
		status_line_device(&d, &line);
		ck_assert(read_line(line.s, STATUS_LINE_DEVICE));
		ck_assert_int_eq(device.state, i);
	}
	strbuf_free(&line);
}
END_TEST

START_TEST(the_end_tells_how_many_there_were)
{
	struct strbuf line = STRBUF_INIT;

	status_line_end(12, &line);
	ck_assert_str_eq(line.s, "{\"end\":12}\n");
	ck_assert(read_line(line.s, STATUS_LINE_END));
	ck_assert_int_eq(devices, 12);
	strbuf_free(&line);
}
END_TEST

/* An agent of another version. */
START_TEST(what_is_missing_is_0_and_what_is_new_is_passed_over)
{
	ck_assert(read_line(
	    "{\"version\":\"9\",\"mood\":{\"is\":[1]}}", STATUS_LINE_FACTS));
	ck_assert_int_eq(facts.uptime, 0);
	ck_assert_int_eq(facts.free, -1);
	ck_assert_int_eq(facts.ovoc.login, OVOC_UNTRIED);
	ck_assert(!facts.manages_rules);
	ck_assert(read_line(
	    "{\"device\":\"a\",\"state\":\"dancing\"}", STATUS_LINE_DEVICE));
	ck_assert_int_eq(device.state, STATUS_UNREGISTERED);
	ck_assert(!device.has_rule);
	ck_assert(!device.captures);
	ck_assert_int_eq(device.dropped, -1);
}
END_TEST

START_TEST(no_text_reaches_a_terminal_as_it_came)
{
	ck_assert(read_line("{\"version\":\"\\u001b[2J\",\"room\":17,"
			    "\"uptimeMs\":-5,\"started\":\"soon\","
			    "\"ovoc\":{\"trouble\":\"a\\n\\u202eb\"}}",
	    STATUS_LINE_FACTS));
	ck_assert_str_eq(facts.version, "?[2J");
	ck_assert_str_eq(facts.ovoc.trouble, "a?"
					     "???b");
	ck_assert_int_eq(facts.uptime, 0);
	ck_assert_int_eq(facts.started, 0);
	ck_assert(read_line("{\"device\":\"\\u0007x\",\"owner\":\"\\r\","
			    "\"rule\":{\"id\":9223372036854775807},"
			    "\"capture\":{\"bytes\":-1,\"since\":4}}",
	    STATUS_LINE_DEVICE));
	ck_assert_int_eq(device.rule, 0);
	ck_assert_str_eq(device.device, "?x");
	ck_assert_str_eq(device.owner, "?");
	ck_assert_int_eq(device.bytes, 0);
	ck_assert_int_eq(device.since, 0);
}
END_TEST

START_TEST(what_is_too_long_is_cut)
{
	struct strbuf line = STRBUF_INIT;

	strbuf_addf(
	    &line, "{\"device\":\"%04000d\",\"owner\":\"%04000d\"}", 0, 0);
	ck_assert(read_line(line.s, STATUS_LINE_DEVICE));
	ck_assert_uint_eq(strlen(device.device), sizeof(device.device) - 1);
	ck_assert_uint_eq(strlen(device.owner), sizeof(device.owner) - 1);
	strbuf_free(&line);
}
END_TEST

START_TEST(everything_else_is_no_line)
{
	static const char *const none[] = {"", "{", "{}", "[]", "17", "null",
	    "{\"end\":-1}", "{\"end\":\"1\"}", "{\"version\":1}",
	    "{\"device\":null}", "{\"device\":\"a\"} x",
	    "{\"device\":\"a\",\"device\":\"b\"}", "200 OK"};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ck_assert_msg(
		    !read_line(none[i], STATUS_LINE_END), "%s", none[i]);
}
END_TEST

UNIT_MAIN("status_facts", the_facts_come_out_as_they_went_in,
    a_device_comes_out_as_it_went_in, every_state_has_a_name_of_its_own,
    the_end_tells_how_many_there_were,
    what_is_missing_is_0_and_what_is_new_is_passed_over,
    no_text_reaches_a_terminal_as_it_came, what_is_too_long_is_cut,
    everything_else_is_no_line)
