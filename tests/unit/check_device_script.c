/* check_device_script.c - the scripts a device is sent, and its answers. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/xmem.h"
#include "mutate.h"
#include "wire/device_script.h"

#define ACTIVE     "Debug capture physical is active"
#define NOT_ACTIVE "Debug capture physical is not active"

static const char *const wans[] = {"eth-wan", "cellular-wan"};
static const char *const lan[] = {"eth-lan"};

static const struct device_script msbr = {
    "data", wans, 2, "CaptureScript", "auth-pass", "priv-pass", false};
static const struct device_script gateway = {
    "voip", lan, 1, NULL, NULL, NULL, false};

static void
assert_script(char *script, const char *text)
{
	ck_assert_str_eq(script, text);
	secret_free(script);
}

START_TEST(start_makes_the_user_and_captures_each_interface)
{
	assert_script(device_script_start(&msbr),
	    "configure system\n"
	    " no snmp v3-users where username CaptureScript\n"
	    " snmp v3-users new\n"
	    "  user CaptureScript\n"
	    "  auth-protocol sha-1\n"
	    "  priv-protocol aes-128\n"
	    "  auth-key auth-pass\n"
	    "  priv-key priv-pass\n"
	    " exit\n"
	    "exit\n"
	    "debug capture data physical stop\n"
	    "debug capture data physical eth-wan\n"
	    "debug capture data physical cellular-wan\n"
	    "debug capture data physical start\n");
}
END_TEST

START_TEST(stop_takes_the_user_away)
{
	assert_script(device_script_stop(&msbr),
	    "configure system\n"
	    " no snmp v3-users where username CaptureScript\n"
	    "exit\n"
	    "debug capture data physical stop\n");
}
END_TEST

START_TEST(gateways_use_voip)
{
	assert_script(device_script_start(&gateway),
	    "debug capture voip physical stop\n"
	    "debug capture voip physical eth-lan\n"
	    "debug capture voip physical start\n");
	assert_script(
	    device_script_show(&gateway), "debug capture voip physical show\n");
	assert_script(
	    device_script_stop(&gateway), "debug capture voip physical stop\n");
	assert_script(
	    device_script_show(&msbr), "debug capture data physical show\n");
}
END_TEST

START_TEST(write_ends_start_and_stop_only_with_save)
{
	struct device_script s = gateway;

	s.save = true;
	assert_script(device_script_start(&s),
	    "debug capture voip physical stop\n"
	    "debug capture voip physical eth-lan\n"
	    "debug capture voip physical start\n"
	    "write\n");
	assert_script(device_script_stop(&s),
	    "debug capture voip physical stop\n"
	    "write\n");
	assert_script(
	    device_script_show(&s), "debug capture voip physical show\n");
}
END_TEST

START_TEST(the_masked_script_holds_no_key)
{
	char *masked = device_script_start_masked(&msbr);

	ck_assert_ptr_nonnull(strstr(masked, "  auth-key *****\n"));
	ck_assert_ptr_nonnull(strstr(masked, "  priv-key *****\n"));
	ck_assert_ptr_nonnull(strstr(masked, "  user CaptureScript\n"));
	ck_assert_ptr_null(strstr(masked, "auth-pass"));
	ck_assert_ptr_null(strstr(masked, "priv-pass"));
	secret_free(masked);
	assert_script(device_script_start_masked(&gateway),
	    "debug capture voip physical stop\n"
	    "debug capture voip physical eth-lan\n"
	    "debug capture voip physical start\n");
}
END_TEST

static enum script_result
result(const char *body)
{
	struct script_answer a;

	device_script_answer(body, strlen(body), NULL, &a);
	return a.result;
}

START_TEST(a_status_in_any_case_tells_success)
{
	ck_assert_int_eq(result("{\"status\":\"success\"}"), SCRIPT_SUCCESS);
	ck_assert_int_eq(result("{\"status\":\"SUCCESS\"}"), SCRIPT_SUCCESS);
	ck_assert_int_eq(result("{\"status\":\"Success\"}"), SCRIPT_SUCCESS);
	ck_assert_int_eq(result("{\"status\":\"failure\"}"), SCRIPT_FAILURE);
	ck_assert_int_eq(result("{\"status\":\"\"}"), SCRIPT_FAILURE);
	ck_assert_int_eq(result("{\"status\":\"successful\"}"), SCRIPT_FAILURE);
	ck_assert_int_eq(result("{\"status\":1}"), SCRIPT_FAILURE);
	ck_assert_int_eq(result("{\"status\":null}"), SCRIPT_FAILURE);
}
END_TEST

START_TEST(no_status_is_success)
{
	ck_assert_int_eq(result("{\"output\":\"x\"}"), SCRIPT_SUCCESS);
	ck_assert_int_eq(result("{}"), SCRIPT_SUCCESS);
}
END_TEST

START_TEST(anything_but_an_object_is_garbled)
{
	static const char *const bad[] = {"", "[]", "[{}]", "5", "null",
	    "\"success\"", "{", "{\"status\":\"success\"", "<html></html>",
	    "{\"output\":\"\xff\"}", "{} {}"};
	struct script_answer a;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(result(bad[i]) == SCRIPT_GARBLED, "%s", bad[i]);
	device_script_answer(NULL, 0, NULL, &a);
	ck_assert_int_eq(a.result, SCRIPT_GARBLED);
	ck_assert_str_eq(a.output, "");
	ck_assert_int_eq(device_script_shown(&a), CAPTURE_UNKNOWN);
}
END_TEST

/* A device's own habits: see json_parse_answer(). */
START_TEST(an_answer_with_a_mark_zeros_and_raw_line_ends_is_read)
{
	static const char body[] =
	    "\xef\xbb\xbf{\"status\":\"success\",\"output\":\"\r\n;Board\r\n" ACTIVE
	    "\r\n\"}\0\0";
	struct script_answer a;

	device_script_answer(body, sizeof(body), NULL, &a);
	ck_assert_int_eq(a.result, SCRIPT_SUCCESS);
	ck_assert_int_eq(device_script_shown(&a), CAPTURE_ACTIVE);
	ck_assert_str_eq(a.output, ";Board " ACTIVE);
}
END_TEST

START_TEST(output_and_description_are_kept_printable)
{
	static const char body[] =
	    "{\"output\":\"\\na\\r\\nb\\u001b[2J\\n\",\"description\":\"d\\u0007\"}";
	struct script_answer a;

	device_script_answer(body, strlen(body), NULL, &a);
	ck_assert_str_eq(a.output, "a b?[2J");
	ck_assert_str_eq(a.description, "d?");
}
END_TEST

START_TEST(members_of_a_wrong_type_are_no_text)
{
	static const char body[] =
	    "{\"output\":[\"" ACTIVE "\"],\"description\":7,"
	    "\"status\":\"success\"}";
	struct script_answer a;

	device_script_answer(body, strlen(body), NULL, &a);
	ck_assert_int_eq(a.result, SCRIPT_SUCCESS);
	ck_assert_str_eq(a.output, "");
	ck_assert_str_eq(a.description, "");
}
END_TEST

static enum capture_shown
shown(const char *output)
{
	char body[8192];
	struct script_answer a;

	snprintf(body, sizeof(body), "{\"output\":\"%s\"}", output);
	device_script_answer(body, strlen(body), NULL, &a);
	return device_script_shown(&a);
}

START_TEST(show_tells_whether_a_capture_runs)
{
	ck_assert_int_eq(shown(ACTIVE), CAPTURE_ACTIVE);
	ck_assert_int_eq(shown(NOT_ACTIVE), CAPTURE_NOT_ACTIVE);
	ck_assert_int_eq(shown(". ;Board: M800. " ACTIVE "."), CAPTURE_ACTIVE);
	ck_assert_int_eq(
	    shown("\\r\\n" NOT_ACTIVE "\\r\\n"), CAPTURE_NOT_ACTIVE);
	ck_assert_int_eq(
	    shown("DEBUG CAPTURE PHYSICAL IS ACTIVE"), CAPTURE_ACTIVE);
	ck_assert_int_eq(shown(""), CAPTURE_UNKNOWN);
	ck_assert_int_eq(shown("Invalid command"), CAPTURE_UNKNOWN);
	ck_assert_int_eq(shown("Debug capture physical"), CAPTURE_UNKNOWN);
}
END_TEST

START_TEST(what_show_says_is_kept_of_a_long_output)
{
	char text[6000];

	for (size_t before = 900; before < 5000; before += 7) {
		memset(text, 'x', sizeof(text));
		memcpy(text + before, NOT_ACTIVE, strlen(NOT_ACTIVE));
		text[5500] = '\0';
		ck_assert_int_eq(shown(text), CAPTURE_NOT_ACTIVE);
		text[before + strlen(NOT_ACTIVE)] = '\0';
		ck_assert_int_eq(shown(text), CAPTURE_NOT_ACTIVE);
	}
}
END_TEST

START_TEST(a_long_output_is_cut_from_its_end)
{
	char body[6000] = "{\"output\":\"begin";
	struct script_answer a;
	size_t n = strlen(body);

	memset(body + n, 'y', 4000);
	memcpy(body + n + 4000, "\"}", 3);
	device_script_answer(body, strlen(body), NULL, &a);
	ck_assert_uint_eq(strlen(a.output), DEVICE_SCRIPT_OUTPUT - 1);
	ck_assert(!strncmp(a.output, "beginyyy", 8));
}
END_TEST

static void
sink(const void *data, size_t len)
{
	struct script_answer a;

	device_script_answer(data, len, NULL, &a);
	ck_assert_ptr_nonnull(memchr(a.output, '\0', sizeof(a.output)));
	for (const char *p = a.output; *p; p++)
		ck_assert(!iscntrl((unsigned char)*p));
	if (a.result == SCRIPT_GARBLED)
		ck_assert_int_eq(device_script_shown(&a), CAPTURE_UNKNOWN);
}

/* At whatever byte the text is cut, nothing of the secret is left. */
START_TEST(a_secret_is_masked_before_it_is_cut)
{
	static const char *const secrets[] = {"Sesame", NULL};

	for (int before = 0; before < DEVICE_SCRIPT_OUTPUT + 20; before++) {
		char *body = xasprintf("{\"output\": \"%*sSesame\", "
				       "\"description\": \"%*sSesame\"}",
		    before, "", before, "");
		struct script_answer a;

		device_script_answer(body, strlen(body), secrets, &a);
		ck_assert_int_eq(a.result, SCRIPT_SUCCESS);
		ck_assert_ptr_null(strchr(a.output, 'S'));
		ck_assert_ptr_null(strchr(a.description, 'S'));
		free(body);
	}
}
END_TEST

START_TEST(hostile_answers_do_no_harm)
{
	static const char body[] =
	    "{\"status\":\"success\",\"output\":\". ;Board: \\u00e9. " ACTIVE
	    ".\",\"description\":\"done\\n\",\"more\":[1,{\"a\":null}]}";

	mutate_truncate(body, strlen(body), sink);
	mutate_random(body, strlen(body), 20000, sink);
}
END_TEST

UNIT_MAIN("device_script", start_makes_the_user_and_captures_each_interface,
    stop_takes_the_user_away, gateways_use_voip,
    write_ends_start_and_stop_only_with_save, the_masked_script_holds_no_key,
    a_status_in_any_case_tells_success, no_status_is_success,
    anything_but_an_object_is_garbled,
    an_answer_with_a_mark_zeros_and_raw_line_ends_is_read,
    output_and_description_are_kept_printable,
    members_of_a_wrong_type_are_no_text, show_tells_whether_a_capture_runs,
    what_show_says_is_kept_of_a_long_output, a_long_output_is_cut_from_its_end,
    a_secret_is_masked_before_it_is_cut, hostile_answers_do_no_harm)
