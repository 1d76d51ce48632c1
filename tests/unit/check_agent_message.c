/* check_agent_message.c - the messages between campaign and agent. */
#include "unit.h"

#include <string.h>

#include "mutate.h"
#include "wire/agent_message.h"

#define TIME "2026-11-23T04.00.00.123456"

static bool
request(const char *text, struct agent_message *m)
{
	const char *why;
	bool ok = agent_message_parse_request(text, strlen(text), m, &why);

	ck_assert(ok == (why == NULL));
	return ok;
}

static bool
answer(const char *text, struct agent_message *m)
{
	const char *why;
	bool ok = agent_message_parse_answer(text, strlen(text), m, &why);

	ck_assert(ok == (why == NULL));
	return ok;
}

START_TEST(requests_are_read)
{
	struct agent_message m;

	ck_assert(request("REGISTER 192.0.2.10", &m));
	ck_assert_int_eq(m.request, REQUEST_REGISTER);
	ck_assert_int_eq(m.code, 0);
	ck_assert_str_eq(m.device, "192.0.2.10");
	ck_assert_str_eq(m.file, "");
	ck_assert(request("CAPTURE 2001:db8::1", &m));
	ck_assert_int_eq(m.request, REQUEST_CAPTURE);
	ck_assert_str_eq(m.device, "2001:db8::1");
	ck_assert(request("VERIFY branch12.example.net", &m));
	ck_assert_int_eq(m.request, REQUEST_VERIFY);
	ck_assert(request(
	    "STOP 192.0.2.10 CPE_device_192.0.2.10_" TIME "Z.pcap", &m));
	ck_assert_int_eq(m.request, REQUEST_STOP);
	ck_assert_str_eq(m.file, "CPE_device_192.0.2.10_" TIME "Z.pcap");
}
END_TEST

START_TEST(answers_are_read_with_their_request)
{
	struct agent_message m;

	ck_assert(answer("200 OK 192.0.2.10 CAPTURE", &m));
	ck_assert_int_eq(m.code, AGENT_OK);
	ck_assert_int_eq(m.request, REQUEST_CAPTURE);
	ck_assert_str_eq(m.device, "192.0.2.10");
	ck_assert(answer("503 Service Unavailable 192.0.2.10 STOP", &m));
	ck_assert_int_eq(m.code, AGENT_UNAVAILABLE);
	ck_assert_int_eq(m.request, REQUEST_STOP);
	ck_assert(answer("430 Flow Failed h.example VERIFY", &m));
	ck_assert_int_eq(m.code, AGENT_FLOW_FAILED);
	ck_assert(answer("408 Clock 192.0.2.10 REGISTER", &m));
	ck_assert_int_eq(m.code, AGENT_CLOCK);
	ck_assert_int_eq(m.request, REQUEST_REGISTER);
}
END_TEST

START_TEST(answers_of_old_agents_lack_the_request)
{
	struct agent_message m;

	ck_assert(answer("200 OK 192.0.2.10", &m));
	ck_assert_int_eq(m.code, AGENT_OK);
	ck_assert_int_eq(m.request, REQUEST_NONE);
	ck_assert_str_eq(m.device, "192.0.2.10");
	ck_assert(answer("404 Not Found 2001:db8::1", &m));
	ck_assert_int_eq(m.code, AGENT_NOT_FOUND);
	ck_assert_int_eq(m.request, REQUEST_NONE);
	ck_assert_str_eq(m.device, "2001:db8::1");
}
END_TEST

START_TEST(unknown_codes_are_kept)
{
	struct agent_message m;

	ck_assert(answer("299 Whatever 192.0.2.10 STOP", &m));
	ck_assert_int_eq(m.code, 299);
	ck_assert_str_eq(agent_code_reason(299), "Unknown");
}
END_TEST

START_TEST(malformed_requests_are_refused)
{
	static const char *const bad[] = {"", " ", "REGISTER", "REGISTER ",
	    " REGISTER 192.0.2.10", "REGISTER  192.0.2.10",
	    "REGISTER 192.0.2.10 ", "REGISTER 192.0.2.10 x",
	    "register 192.0.2.10", "NONE 192.0.2.10", "REGISTERS 192.0.2.10",
	    "REGISTER 192.0.2.10\n", "REGISTER 192.0.2.10\n\nwant info",
	    "REGISTER 192.0.2.10\nwant\tinfo", "REGISTER 192.0.2.10\nh\xff",
	    "want info", "REGISTER\t192.0.2.10", "REGISTER 192.0.2",
	    "REGISTER 192.0.2.256", "REGISTER fe80::1%eth0",
	    "REGISTER [2001:db8::1]", "REGISTER a;reboot", "REGISTER $(reboot)",
	    "REGISTER ../x", "REGISTER -w", "REGISTER caf\xc3\xa9",
	    "REGISTER h\xff", "200 OK 192.0.2.10", "STOP 192.0.2.10",
	    "STOP 192.0.2.10 x.pcap",
	    "STOP 192.0.2.10 CPE_device_192.0.2.11_" TIME ".pcap",
	    "STOP 192.0.2.10 CPE_device_192.0.2.10_" TIME ".pcap x",
	    "CAPTURE 192.0.2.10 CPE_device_192.0.2.10_" TIME ".pcap",
	    "a b c d e f g h i j"};
	struct agent_message m;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(!request(bad[i], &m), "%s", bad[i]);
		ck_assert_int_eq(m.request, REQUEST_NONE);
		ck_assert_str_eq(m.device, "");
	}
}
END_TEST

START_TEST(malformed_answers_are_refused)
{
	static const char *const bad[] = {"", "200", "200 OK", "200 ",
	    "20 OK 192.0.2.10", "2000 OK 192.0.2.10", "099 OK 192.0.2.10",
	    "+20 OK 192.0.2.10", "200  192.0.2.10", "200 192.0.2.10",
	    "200 192.0.2.10 CAPTURE", "200 OK CAPTURE",
	    "200 OK 192.0.2.10 CAPTURE x", "200 OK 192.0.2.10 capture",
	    "200 OK not/a/host CAPTURE", "200 a b c 192.0.2.10 CAPTURE",
	    "200 OK 192.0.2.10\r", "REGISTER 192.0.2.10"};
	struct agent_message m;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!answer(bad[i], &m), "%s", bad[i]);
}
END_TEST

START_TEST(trailing_nuls_are_ignored_and_others_refused)
{
	static const char good[] = "REGISTER 192.0.2.10\0\0\0";
	static const char bad[] = "REGISTER 192.0.2.10\0x";
	struct agent_message m;
	const char *why;

	ck_assert(agent_message_parse_request(good, sizeof(good), &m, &why));
	ck_assert_str_eq(m.device, "192.0.2.10");
	ck_assert(!agent_message_parse_request(bad, sizeof(bad) - 1, &m, &why));
	ck_assert(!agent_message_parse_request("\0\0\0", 3, &m, &why));
	ck_assert(!agent_message_parse_request(NULL, 0, &m, &why));
}
END_TEST

START_TEST(a_datagram_over_the_limit_is_refused)
{
	char big[AGENT_MESSAGE_MAX + 1] = "REGISTER 192.0.2.10";
	struct agent_message m;
	const char *why;

	/* The rest is NULs, which are ignored while the length is right. */
	ck_assert(agent_message_parse_request(big, sizeof(big) - 1, &m, &why));
	ck_assert(!agent_message_parse_request(big, sizeof(big), &m, &why));
}
END_TEST

START_TEST(an_answer_is_told_from_an_alarm)
{
	ck_assert(agent_message_is_answer("200 OK", 6));
	ck_assert(agent_message_is_answer("100 ", 4));
	ck_assert(!agent_message_is_answer("200", 3));
	ck_assert(!agent_message_is_answer("<130>Nov 23", 11));
	ck_assert(!agent_message_is_answer("Title: Alarm", 12));
	ck_assert(!agent_message_is_answer("2000 ", 5));
	ck_assert(!agent_message_is_answer(NULL, 0));
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
	static const int codes[] = {100, 200, 404, 408, 430, 503};
	char buf[AGENT_MESSAGE_MAX];
	struct agent_message m = {.device = "2001:db8::1"}, back;
	const char *why;
	size_t len;

	for (int r = REQUEST_NONE; r <= REQUEST_STOP; r++) {
		m.request = (enum agent_request)r;
		for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
			m.code = codes[i];
			len = agent_message_format_answer(buf, &m);
			ck_assert_uint_eq(len, strlen(buf));
			ck_assert(
			    agent_message_parse_answer(buf, len, &back, &why));
			ck_assert_int_eq(back.request, m.request);
			ck_assert_int_eq(back.code, m.code);
			ck_assert_str_eq(back.device, m.device);
		}
	}
	ck_assert_str_eq(buf, "503 Service Unavailable 2001:db8::1 STOP");
}
END_TEST

START_TEST(the_longest_message_fits)
{
	struct agent_message m = {.request = REQUEST_STOP}, back;
	char buf[AGENT_MESSAGE_MAX];
	const char *why;
	size_t len;

	memset(m.device, 'a', 253);
	for (size_t i = 63; i < 253; i += 64)
		m.device[i] = '.';
	capture_name_cpe(m.file, m.device, 1700000000123LL);
	len = agent_message_format_request(buf, &m);
	ck_assert_uint_lt(len, AGENT_MESSAGE_MAX);
	ck_assert(agent_message_parse_request(buf, len, &back, &why));
	ck_assert_str_eq(back.file, m.file);
	capture_name_ovoc(buf, m.file, 4294967295u);
	ck_assert_uint_lt(strlen(buf), CAPTURE_NAME_MAX);
	ck_assert_ptr_nonnull(strstr(buf, "-4294967295.pcap"));
}
END_TEST

/* What is taken for a message is written and read again as the same. */
static void
sink(const void *data, size_t len)
{
	struct agent_message m, back;
	char buf[AGENT_MESSAGE_MAX];
	const char *why;

	(void)agent_message_is_answer(data, len);
	if (agent_message_parse_request(data, len, &m, &why)) {
		len = agent_message_format_request(buf, &m);
		ck_assert(agent_message_parse_request(buf, len, &back, &why));
		ck_assert_mem_eq(&m, &back, sizeof(m));
		ck_assert_ptr_null(strchr(m.file, '/'));
	}
	if (agent_message_parse_answer(data, len, &m, &why)) {
		len = agent_message_format_answer(buf, &m);
		if (!strcmp(agent_code_reason(m.code), "Unknown"))
			return;
		ck_assert(agent_message_parse_answer(buf, len, &back, &why));
		ck_assert_str_eq(m.device, back.device);
	}
}

START_TEST(hostile_datagrams_do_no_harm)
{
	static const char *const good[] = {
	    "STOP 2001:db8::1 CPE_device_2001.db8..1_" TIME "Z.pcap",
	    "REGISTER branch12.example.net", "200 OK 192.0.2.10 CAPTURE",
	    "503 Service Unavailable 192.0.2.10"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		mutate_truncate(good[i], strlen(good[i]), sink);
		mutate_random(good[i], strlen(good[i]), 5000, sink);
	}
}
END_TEST

START_TEST(lines_that_are_not_known_are_ignored)
{
	struct agent_message m;

	ck_assert(request("CAPTURE 192.0.2.10\nlater: x y z", &m));
	ck_assert_str_eq(m.device, "192.0.2.10");
	ck_assert(!m.wants_info);
	ck_assert(request("CAPTURE 192.0.2.10\nlater\nwant info\nx", &m));
	ck_assert(m.wants_info);
	ck_assert(request("CAPTURE 192.0.2.10\nwant information", &m));
	ck_assert(!m.wants_info);
	ck_assert(answer("200 OK 192.0.2.10 STOP\nlater\ninfo {}", &m));
	ck_assert_int_eq(m.request, REQUEST_STOP);
}
END_TEST

START_TEST(info_is_the_line_that_says_so)
{
	static const char line[] = "430 Flow Failed 192.0.2.10 VERIFY";
	static const char json[] = "{\"reason\":\"x\"}";
	static const char behind[] =
	    "200 OK 192.0.2.10 STOP\nlater info {}\ninfo {1}\0\0";
	char buf[AGENT_TEXT_MAX];
	const char *at;
	size_t n, len;

	memcpy(buf, line, sizeof(line));
	len = agent_message_add_info(buf, strlen(line), json);
	ck_assert_str_eq(buf, "430 Flow Failed 192.0.2.10 VERIFY\n"
			      "info {\"reason\":\"x\"}");
	at = agent_message_info(buf, len, &n);
	ck_assert_mem_eq(at, json, strlen(json));
	ck_assert_uint_eq(n, strlen(json));
	at = agent_message_info(behind, sizeof(behind) - 1, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_mem_eq(at, "{1}", 3);
	ck_assert_ptr_null(agent_message_info(line, strlen(line), &n));
	ck_assert_ptr_null(agent_message_info("info {}", 7, &n));
	ck_assert_ptr_null(agent_message_info("200 OK a STOP\ninfo ", 19, &n));
}
END_TEST

UNIT_MAIN("agent_message", lines_that_are_not_known_are_ignored,
    info_is_the_line_that_says_so, requests_are_read,
    answers_are_read_with_their_request, answers_of_old_agents_lack_the_request,
    unknown_codes_are_kept, malformed_requests_are_refused,
    malformed_answers_are_refused, trailing_nuls_are_ignored_and_others_refused,
    a_datagram_over_the_limit_is_refused, an_answer_is_told_from_an_alarm,
    what_is_written_is_read_again, the_longest_message_fits,
    hostile_datagrams_do_no_harm)
