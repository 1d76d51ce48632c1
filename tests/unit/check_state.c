/* check_state.c - the agent's state, to text and back. */
#include "agent/state.h"

#include <string.h>

#include "agent/state_clock.h"
#include "base/xmem.h"
#include "unit.h"
#include "wire/agent_message.h"

#define FOLDER "tmp_device_192.0.2.10_2026-11-23T04.00.00.000000Z"
#define CPE    "CPE_device_192.0.2.10_2026-11-23T04.00.00.000000Z.pcap"
#define OWNER  "\"owner\":\"192.0.2.1\",\"port\":20001"
#define OF(device) \
	"{\"version\":1,\"devices\":[{\"device\":\"" device "\"," OWNER "}]}"
#define WITH(member)                                                    \
	"{\"version\":1,\"devices\":[{\"device\":\"192.0.2.10\"," OWNER \
	"," member "}]}"

static bool
decodes(const char *text)
{
	struct agent_state s;
	struct fail why;
	bool good = agent_state_decode(text, strlen(text), &s, &why);
	ck_assert(good || s.n == 0);
	ck_assert(good || why.kind == FAIL_LOCAL);
	agent_state_free(&s);
	return good;
}

static struct device_state
whole_device(void)
{
	struct device_state d = {.device = "192.0.2.10",
	    .registration = {.port = 20001,
		.registered = true,
		.registered_at = 1764000000000},
	    .rule = {true, 12},
	    .lease = {.capture = {.folder = FOLDER,
			  .protections = 2,
			  .doubt = true},
		.renewed_at = 1764000000001,
		.modern = true},
	    .last_verify = {AGENT_FLOW_FAILED, 1764000000002},
	    .orders = {true, true, FOLDER, {CPE, AGENT_UNAVAILABLE},
		"it had no room"}};
	addr_parse(&d.registration.owner, "2001:db8::1");
	return d;
}

START_TEST(what_is_encoded_is_decoded)
{
	struct device_state all[2] = {
	    whole_device(), {.registration = {.port = 1}}};
	struct agent_state from = {.devices = all, .n = 2, .newest = 7}, to;
	struct strbuf text = STRBUF_INIT;
	struct fail why;
	str_copy(all[1].device, sizeof(all[1].device), "branch.example.net");
	all[1].registration.owner = all[0].registration.owner;
	agent_state_encode(&from, &text);
	ck_assert_msg(
	    agent_state_decode(strbuf_text(&text), text.len, &to, &why), "%s",
	    why.text);
	ck_assert_uint_eq(to.n, 2);
	ck_assert_int_eq(to.newest, 7);
	ck_assert_mem_eq(&to.devices[0], &all[0], sizeof(all[0]));
	ck_assert_mem_eq(&to.devices[1], &all[1], sizeof(all[1]));
	agent_state_free(&to);
	strbuf_free(&text);
}
END_TEST

START_TEST(what_is_not_a_state_of_this_version_is_refused)
{
	ck_assert(decodes("{\"version\":1,\"devices\":[]}"));
	ck_assert(!decodes(""));
	ck_assert(!decodes("{\"version\":1,\"devices\":["));
	ck_assert(!decodes("[]"));
	ck_assert(!decodes("{\"version\":2,\"devices\":[]}"));
	ck_assert(!decodes("{\"version\":0,\"devices\":[]}"));
	ck_assert(!decodes("{\"version\":1}"));
	ck_assert(!decodes("{\"version\":1,\"devices\":[1]}"));
}
END_TEST

START_TEST(one_wrong_value_refuses_all)
{
	ck_assert(decodes(OF("192.0.2.10")));
	ck_assert(decodes(OF("branch.example.net")));
	ck_assert(!decodes(OF("../../etc")));
	ck_assert(!decodes(OF("")));
	ck_assert(decodes(WITH("\"lastVerify\":{\"code\":200}")));
	ck_assert(!decodes(WITH("\"lastVerify\":{\"code\":201}")));
	ck_assert(!decodes(WITH("\"lastVerify\":{}")));
	ck_assert(!decodes(WITH("\"lastVerify\":{\"code\":200,\"at\":-1}")));
	ck_assert(!decodes(WITH("\"renewedAt\":-1")));
	ck_assert(!decodes(WITH("\"registeredAt\":-1")));
	ck_assert(decodes(WITH("\"capture\":{\"folder\":\"" FOLDER "\"}")));
	ck_assert(!decodes(WITH("\"capture\":{}")));
	ck_assert(!decodes(WITH("\"capture\":{\"folder\":\"tmp_device_192.0.2."
				"11_2026-11-23T04.00.00.000000Z\"}")));
	ck_assert(
	    !decodes(WITH("\"capture\":{\"folder\":\"" FOLDER "/../..\"}")));
	ck_assert(!decodes(
	    WITH("\"capture\":{\"folder\":\"" FOLDER "\",\"protections\":3}")));
	ck_assert(
	    decodes(WITH("\"lastStop\":{\"file\":\"" CPE "\",\"code\":200}")));
	ck_assert(!decodes(WITH("\"lastStop\":{\"file\":\"" CPE "\"}")));
	ck_assert(!decodes(WITH("\"lastStop\":{\"code\":200}")));
	ck_assert(
	    !decodes(WITH("\"lastStop\":{\"file\":\"../x\",\"code\":200}")));
	ck_assert(!decodes(WITH("\"rule\":{\"id\":-4}")));
}
END_TEST

START_TEST(a_device_that_is_there_twice_is_refused)
{
	ck_assert(!decodes("{\"version\":1,\"devices\":["
			   "{\"device\":\"192.0.2.10\"," OWNER "},"
			   "{\"device\":\"192.0.2.10\"," OWNER "}]}"));
}
END_TEST

START_TEST(devices_come_in_order)
{
	static const char text[] = "{\"version\":1,\"devices\":["
				   "{\"device\":\"192.0.2.9\"," OWNER "},"
				   "{\"device\":\"192.0.2.10\"," OWNER "}]}";
	struct agent_state s;
	struct fail why;
	ck_assert(agent_state_decode(text, strlen(text), &s, &why));
	ck_assert_str_eq(s.devices[0].device, "192.0.2.10");
	agent_state_free(&s);
}
END_TEST

/* The next agent may be one of the next boot. */
START_TEST(times_survive_a_monotonic_clock_that_begins_anew)
{
	struct device_state d = {.registration = {.registered_at = 900000},
	    .lease = {.renewed_at = 990000},
	    .last_verify = {.at = 1000000}};
	struct agent_state s = {.devices = &d, .n = 1};
	agent_state_to_wall(&s, 1000000, 1764000000000);
	ck_assert_int_eq(d.registration.registered_at, 1763999900000);
	ck_assert_int_eq(d.lease.renewed_at, 1763999990000);
	ck_assert_int_eq(d.last_verify.at, 1764000000000);
	agent_state_to_mono(&s, 5000, 1764000060000);
	ck_assert_int_eq(d.registration.registered_at, 5000 - 160000);
	ck_assert_int_eq(d.lease.renewed_at, 5000 - 70000);
	ck_assert_int_eq(d.last_verify.at, 5000 - 60000);
}
END_TEST

START_TEST(a_wall_clock_that_is_set_back_makes_no_time_impossible)
{
	struct device_state d = {.registration = {.registered_at = 10},
	    .lease = {.renewed_at = INT64_MAX}};
	struct agent_state s = {.devices = &d, .n = 1};
	agent_state_to_mono(&s, 5000, 1764000000000);
	ck_assert_int_eq(d.lease.renewed_at, 5000);
	agent_state_to_wall(&s, 5000, 1000);
	ck_assert_int_eq(d.lease.renewed_at, 1000);
	ck_assert_int_eq(d.registration.registered_at, 0);
}
END_TEST

UNIT_MAIN("state", what_is_encoded_is_decoded,
    what_is_not_a_state_of_this_version_is_refused, one_wrong_value_refuses_all,
    a_device_that_is_there_twice_is_refused, devices_come_in_order,
    times_survive_a_monotonic_clock_that_begins_anew,
    a_wall_clock_that_is_set_back_makes_no_time_impossible)
