/* check_ovoc_rule.c - OVOC's REST API: paths, bodies, answers. */
#include "unit.h"

#include <string.h>

#include "base/json.h"
#include "mutate.h"
#include "wire/ovoc_rule.h"

static const struct ovoc_rule rule = {"192.0.2.10", 42, "198.51.100.7", 20001};

static void
assert_text(char *made, const char *text)
{
	ck_assert_str_eq(made, text);
	free(made);
}

START_TEST(a_device_is_looked_up_by_address_or_name)
{
	assert_text(ovoc_device_path("192.0.2.10"),
	    "/ovoc/v1/topology/devices?detail=1&filter="
	    "%28ipAddress%3D%27192.0.2.10%27%29");
	assert_text(ovoc_device_path("2001:db8::1"),
	    "/ovoc/v1/topology/devices?detail=1&filter="
	    "%28ipAddress%3D%272001%3Adb8%3A%3A1%27%29");
	assert_text(ovoc_device_path("branch-12.example.net"),
	    "/ovoc/v1/topology/devices?detail=1&filter="
	    "%28fqdn%3D%27branch-12.example.net%27%29");
	assert_text(ovoc_device_path("branch_12.example.net."),
	    "/ovoc/v1/topology/devices?detail=1&filter="
	    "%28fqdn%3D%27branch_12.example.net%27%29");
}
END_TEST

START_TEST(nothing_in_a_name_gets_out_of_the_query)
{
	assert_text(ovoc_device_path("a b&c=d#e/f%41\xc3\xa9"),
	    "/ovoc/v1/topology/devices?detail=1&filter="
	    "%28fqdn%3D%27a%20b%26c%3Dd%23e%2Ff%2541%C3%A9%27%29");
}
END_TEST

START_TEST(a_rule_has_the_devices_name)
{
	char name[OVOC_RULE_NAME_MAX];

	ovoc_rule_name(name, "192.0.2.10");
	ck_assert_str_eq(name, "Forward Connection Lost from 192.0.2.10");
	assert_text(ovoc_rule_find_path("192.0.2.10"),
	    "/ovoc/v1/alarms/fwdRules?detail=1&filter=%28name%3D%27"
	    "Forward%20Connection%20Lost%20from%20192.0.2.10%27%29");
}
END_TEST

START_TEST(a_rules_path_ends_with_its_id)
{
	assert_text(ovoc_rule_path(17), "/ovoc/v1/alarms/fwdRules/17");
	assert_text(ovoc_rule_path(0), "/ovoc/v1/alarms/fwdRules");
}
END_TEST

static void
assert_empty_list(const struct json *body, const char *key)
{
	ck_assert(json_is_array(json_get(body, key)));
	ck_assert_uint_eq(json_count(json_get(body, key)), 0);
}

/* What both bodies hold. */
static void
assert_rule(const struct json *body)
{
	const struct json *to = json_get(body, "destSyslog");
	const struct json *names = json_get(body, "alarmNamesFilter");
	const struct json *devices = json_get(body, "alarmDevicesFilter");

	ck_assert_str_eq(
	    json_get_text(to, "syslogServerIP", ""), "198.51.100.7");
	ck_assert_int_eq(json_get_int(to, "syslogServerPort", 0), 20001);
	ck_assert_uint_eq(json_count(names), 1);
	ck_assert_str_eq(
	    json_text(json_at(names, 0), ""), "acEMSNodeConnectionLostAlarm");
	ck_assert_uint_eq(json_count(devices), 1);
	ck_assert_int_eq(json_int(json_at(devices, 0), 0), 42);
	assert_empty_list(body, "alarmTenantsFilter");
	assert_empty_list(body, "alarmRegionsFilter");
	assert_empty_list(body, "alarmSitesFilter");
	assert_empty_list(body, "alarmEndpointsFilter");
}

START_TEST(a_new_rule_is_told_in_full)
{
	char *text = ovoc_rule_create_body(&rule);
	struct json *body = json_parse(text, strlen(text));

	assert_rule(body);
	ck_assert_str_eq(json_get_text(body, "name", ""),
	    "Forward Connection Lost from 192.0.2.10");
	ck_assert_int_eq(json_get_int(body, "tenantId", 0), -1);
	ck_assert_str_eq(json_get_text(body, "ruleDestType", ""), "SYSLOG");
	ck_assert_str_eq(json_get_text(body, "forwardType", ""), "ALLOW");
	json_free(body);
	free(text);
}
END_TEST

START_TEST(an_update_leaves_out_what_cannot_change)
{
	char *text = ovoc_rule_update_body(&rule);
	struct json *body = json_parse(text, strlen(text));

	assert_rule(body);
	ck_assert_ptr_null(json_get(body, "name"));
	ck_assert_ptr_null(json_get(body, "tenantId"));
	ck_assert_ptr_null(json_get(body, "ruleDestType"));
	ck_assert_ptr_null(json_get(body, "forwardType"));
	json_free(body);
	free(text);
}
END_TEST

static enum ovoc_found
device(int status, const char *body, int64_t *id)
{
	return ovoc_device_found(status, body, strlen(body), id);
}

START_TEST(the_first_found_counts)
{
	static const char rules[] =
	    "{\"fwdRules\":[{\"name\":\"x\",\"id\":5}]}";
	int64_t id;

	ck_assert_int_eq(
	    device(200, "{\"devices\":[{\"id\":7,\"x\":1},{\"id\":8}]}", &id),
	    OVOC_FOUND);
	ck_assert_int_eq(id, 7);
	ck_assert_int_eq(
	    ovoc_rule_found(200, rules, strlen(rules), &id), OVOC_FOUND);
	ck_assert_int_eq(id, 5);
}
END_TEST

START_TEST(none_is_told_in_several_ways)
{
	int64_t id = 1;

	ck_assert_int_eq(device(204, "", &id), OVOC_NONE);
	ck_assert_int_eq(id, 0);
	ck_assert_int_eq(
	    device(404, "{\"description\":\"x\"}", &id), OVOC_NONE);
	ck_assert_int_eq(device(404, "<html>", &id), OVOC_NONE);
	ck_assert_int_eq(device(200, "{}", &id), OVOC_NONE);
	ck_assert_int_eq(device(200, "{\"fwdRules\":[]}", &id), OVOC_NONE);
	ck_assert_int_eq(device(200, "{\"devices\":[]}", &id), OVOC_NONE);
}
END_TEST

START_TEST(an_answer_that_makes_no_sense_is_not_none)
{
	static const char *const bad[] = {"", "[]", "null", "{", "x",
	    "{\"devices\":{}}", "{\"devices\":5}", "{\"devices\":null}",
	    "{\"devices\":[5]}", "{\"devices\":[{}]}",
	    "{\"devices\":[{\"id\":\"7\"}]}", "{\"devices\":[{\"id\":0}]}",
	    "{\"devices\":[{\"id\":-7}]}", "{\"devices\":[{\"id\":7.5}]}",
	    "{\"devices\":[{},{\"id\":8}]}"};
	int64_t id;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(
		    device(200, bad[i], &id) == OVOC_GARBLED, "%s", bad[i]);
		ck_assert_int_eq(id, 0);
	}
	ck_assert_int_eq(device(500, "{}", &id), OVOC_GARBLED);
	ck_assert_int_eq(device(401, "", &id), OVOC_GARBLED);
	ck_assert_int_eq(ovoc_device_found(200, NULL, 0, &id), OVOC_GARBLED);
}
END_TEST

START_TEST(a_new_rule_tells_its_id)
{
	static const char good[] = "{\"id\":123456789012}";
	int64_t id;

	ck_assert_int_eq(
	    ovoc_rule_created(good, strlen(good), &id), OVOC_FOUND);
	ck_assert_int_eq(id, 123456789012);
	ck_assert_int_eq(
	    ovoc_rule_created("{\"id\":7,\"n\":\"\n\"}\0", 17, &id),
	    OVOC_FOUND);
	ck_assert_int_eq(id, 7);
	ck_assert_int_eq(ovoc_rule_created("{}", 2, &id), OVOC_GARBLED);
	ck_assert_int_eq(id, 0);
	ck_assert_int_eq(ovoc_rule_created("[]", 2, &id), OVOC_GARBLED);
	ck_assert_int_eq(ovoc_rule_created(NULL, 0, &id), OVOC_GARBLED);
}
END_TEST

static void
sink(const void *data, size_t len)
{
	int64_t id;

	ck_assert(
	    (ovoc_device_found(200, data, len, &id) == OVOC_FOUND) == (id > 0));
	ck_assert(
	    (ovoc_rule_found(200, data, len, &id) == OVOC_FOUND) == (id > 0));
	ck_assert(
	    (ovoc_rule_created(data, len, &id) == OVOC_FOUND) == (id > 0));
}

START_TEST(hostile_answers_do_no_harm)
{
	static const char *const good[] = {
	    "{\"devices\":[{\"id\":7,\"x\":[1,2]},{\"id\":8}]}",
	    "{\"fwdRules\":[{\"name\":\"x\",\"id\":5}]}", "{\"id\":12}"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		mutate_truncate(good[i], strlen(good[i]), sink);
		mutate_random(good[i], strlen(good[i]), 5000, sink);
	}
}
END_TEST

UNIT_MAIN("ovoc_rule", a_device_is_looked_up_by_address_or_name,
    nothing_in_a_name_gets_out_of_the_query, a_rule_has_the_devices_name,
    a_rules_path_ends_with_its_id, a_new_rule_is_told_in_full,
    an_update_leaves_out_what_cannot_change, the_first_found_counts,
    none_is_told_in_several_ways, an_answer_that_makes_no_sense_is_not_none,
    a_new_rule_tells_its_id, hostile_answers_do_no_harm)
