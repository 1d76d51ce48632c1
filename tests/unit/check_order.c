/* check_order.c - what the agent and its splitter say to each other. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "mutate.h"
#include "split/order.h"

/* Taken and said again it is the same. */
static void
same(const char *text)
{
	char message[ORDER_MAX], again[ORDER_MAX];
	struct order o;

	snprintf(message, sizeof(message), "%s", text);
	ck_assert_msg(order_parse(&o, message), "%s", text);
	ck_assert_uint_eq(order_format(again, &o), strlen(text));
	ck_assert_str_eq(again, text);
}

static bool
is_order(const char *text)
{
	char message[ORDER_MAX];
	struct order o;

	snprintf(message, sizeof(message), "%s", text);
	return order_parse(&o, message);
}

START_TEST(what_is_said_is_understood)
{
	same("add 7 192.0.2.1 /captures/tmp_device_x/run000.pcap");
	same("add 9223372036854775807 192.0.2.1 2001:db8::1 /a b/c");
	same("end 0");
	same("listening 7 0");
	same("ended 7 12");
	same("failed 4294967297 3 cannot open /a b: No space left");
}
END_TEST

START_TEST(anything_else_is_refused)
{
	static const char *const wrong[] = {"", " ", "add", "add 7", "add 7 /x",
	    "add 7 192.0.2.1", "add 7 192.0.2.1 ", "add 7 nonsense /x",
	    "add x 192.0.2.1 /x", "add -1 192.0.2.1 /x",
	    "add 7 192.0.2.1 relative", "end", "end 7 8", "END 7",
	    "listening 7", "listening 7 -1", "listening 7 0 more", "failed 7 0",
	    "failed 7 0 ", "failed 7 text", "more 7",
	    "add 9223372036854775808 192.0.2.1 /x",
	    ("add 1 1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 "
	     "1.1.1.8 1.1.1.9 /x")};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(!is_order(wrong[i]), "'%s'", wrong[i]);
}
END_TEST

START_TEST(what_is_too_long_is_not_said)
{
	static char path[ORDER_MAX];
	char to[ORDER_MAX];
	const struct order o = {.kind = ORDER_FAILED, .id = 1, .text = path};

	memset(path, '/', sizeof(path) - 1);
	ck_assert_uint_eq(order_format(to, &o), 0);
	path[sizeof(path) - 32] = '\0';
	ck_assert_uint_gt(order_format(to, &o), 0);
}
END_TEST

static void
sink(const void *data, size_t len)
{
	char message[ORDER_MAX];
	struct order o;

	if (len >= sizeof(message))
		return;
	memcpy(message, data, len);
	message[len] = '\0';
	if (order_parse(&o, message))
		unit_must(o.n_addrs <= ORDER_ADDRS_MAX, "%zu", o.n_addrs);
}

START_TEST(hostile_messages_do_no_harm)
{
	static const char add[] = "add 7 192.0.2.1 2001:db8::1 /a/b";
	static const char failed[] = "failed 7 12 cannot";

	mutate_truncate(add, sizeof(add) - 1, sink);
	mutate_random(add, sizeof(add) - 1, 2000, sink);
	mutate_random(failed, sizeof(failed) - 1, 2000, sink);
}
END_TEST

UNIT_MAIN("order", what_is_said_is_understood, anything_else_is_refused,
    what_is_too_long_is_not_said, hostile_messages_do_no_harm)
