/* check_campaign_agent.c - requests to our agents, and to those of 1.0.6. */
#include "unit.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "rig/fake_resolve.h"
#include "rig/rig.h"

#define HOUR   (60 * MINUTE)
#define MINUTE INT64_C(60000)
#define OLD    "198.51.100.1"

static struct fake_agent *
agent(struct rig *r)
{
	return &r->net->agents[0];
}

static struct rig *
old_rig(int n, const char *settings)
{
	struct rig *r = rig_new(n, settings);

	agent(r)->old = true;
	rig_start(r);
	return r;
}

static void
times_are(struct rig *r, const char *prefix, const char *wanted)
{
	char buf[1024];

	ck_assert_str_eq(fake_sent_times(r->net, prefix, buf), wanted);
}

/* The device's file is here; of the server's part this is missing. */
static void
is_one_sided(const struct rig *r, enum lack lacks)
{
	const struct device_result *d = &r->result->devices[0];

	ck_assert_str_eq(rig_outcome(r, 0), "one-sided");
	ck_assert_int_eq(d->lacks, lacks);
	ck_assert_int_eq(d->one_sided, d->events);
	ck_assert_ptr_nonnull(strstr(d->description, lack_text(lacks)));
	ck_assert_int_eq(r->result->exit_status, 1);
}

/* --- ours --- */

START_TEST(to_ours_a_request_is_repeated_until_its_final_answer)
{
	struct rig *r = rig_waiting(1, "");

	r->net->drop_prefix = "200 OK 192.0.2.1 VERIFY";
	r->net->drop = 1000;
	rig_lost(r, 0);
	rig_advance(r, 2 * MINUTE);
	times_are(r, "VERIFY",
	    "0 500 1500 3500 7500 11500 15500 19500 23500 27500 31500 35500 "
	    "39500 43500 47500 51500 55500 59500");
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "VERIFY unconfirmed");
	rig_expect(r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "");
	ck_assert_int_eq(agent(r)->done[REQUEST_VERIFY], 1);
	is_one_sided(r, LACK_VERIFY);
	rig_free(r);
}
END_TEST

START_TEST(to_ours_the_beat_is_kept_however_late_trying_comes)
{
	struct rig *r = rig_waiting(1, "");

	r->net->delay_max = 200;
	rig_lost(r, 0);
	rig_advance(r, 9000);
	times_are(r, "VERIFY", "0 500 1500 3500 7500");
	rig_free(r);
}
END_TEST

START_TEST(to_ours_a_lost_answer_is_asked_for_again)
{
	struct rig *r = rig_waiting(1, "");

	r->net->drop_prefix = "200 OK 192.0.2.1 STOP";
	r->net->drop = 1;
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	times_are(r, "STOP", "0 500 1500");
	ck_assert_int_eq(agent(r)->done[REQUEST_STOP], 1);
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	rig_free(r);
}
END_TEST

START_TEST(trying_to_a_register_makes_an_agent_one_of_ours)
{
	struct rig *r = rig_waiting(1, "");

	ck_assert(!rig_agent(r)->earlier_version);
	rig_free(r);
	r = old_rig(1, "");
	rig_until(r, 0, "capturing");
	ck_assert(rig_agent(r)->earlier_version);
	rig_free(r);
}
END_TEST

START_TEST(trying_to_a_register_counts_behind_its_final_answer_too)
{
	struct rig *r = rig_new(1, "");
	char times[1024];

	r->net->drop_prefix = "100 Trying";
	r->net->drop = 1;
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert(rig_agent(r)->earlier_version);
	r->net->drop_prefix = "200 OK";
	r->net->drop = 1000;
	rig_lost(r, 0);
	rig_advance(r, 1000);
	fake_arrive(OLD, "100 Trying 192.0.2.1 REGISTER", 29);
	rig_advance(r, 4000);
	ck_assert(!rig_agent(r)->earlier_version);
	ck_assert_str_eq(
	    fake_sent_times(r->net, "VERIFY", times), "0 1500 2500 4500");
	rig_free(r);
}
END_TEST

START_TEST(ours_gets_many_requests_at_once)
{
	struct rig *r = rig_new(100, "");

	agent(r)->work[REQUEST_REGISTER] = 5000;
	rig_start(r);
	rig_advance(r, 4000);
	/* The first has found out that it is ours. */
	ck_assert_int_eq(agent(r)->most, 100);
	rig_free(r);
}
END_TEST

/* Nothing is heard of VERIFY, of which `devices` send one with a limit of 5:
 * then so many are on the way. */
static void
assert_unheard(size_t devices, int most)
{
	struct rig *r =
	    rig_waiting(devices, "limits = { requests_per_agent = 5; };");

	r->net->drop_prefix = "100 Trying";
	r->net->drop = 100000;
	agent(r)->work[REQUEST_VERIFY] = 30000;
	for (size_t i = 0; i < devices; i++)
		rig_lost(r, i);
	rig_advance(r, 400);
	ck_assert_int_eq(fake_sent_count(r->net, "VERIFY"), most);
	r->net->drop = 0;
	rig_advance(r, 5000);
	ck_assert_int_eq(agent(r)->most, (int)devices);
	rig_free(r);
}

START_TEST(ours_has_at_most_8_times_requests_per_agent_of_verify_unanswered)
{
	assert_unheard(30, 30);
	assert_unheard(50, 40);
}
END_TEST

START_TEST(ours_has_at_most_requests_per_agent_of_others_unanswered)
{
	struct rig *r =
	    rig_waiting(30, "limits = { requests_per_agent = 5; };");

	r->net->drop_prefix = "100 Trying";
	r->net->drop = 100000;
	agent(r)->work[REQUEST_STOP] = 90000;
	for (size_t i = 0; i < 30; i++)
		rig_lost(r, i);
	rig_until(r, 29, "stopping");
	rig_advance(r, 400);
	ck_assert_int_eq(fake_sent_count(r->net, "STOP"), 5);
	r->net->drop = 0;
	rig_advance(r, 5000);
	ck_assert_int_eq(agent(r)->most, 30);
	rig_free(r);
}
END_TEST

START_TEST(refused_capture_is_minor_and_asked_again_after_5_minutes)
{
	struct rig *r = rig_new(1, "");

	fake_agent_rule(agent(r), REQUEST_CAPTURE, 503, 2);
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "503 Service Unavailable");
	ck_assert_int_eq(rig_row(r, 0, TASK_OVOC_CAPTURE, 1)->code, 503);
	rig_advance(r, 16 * MINUTE);
	/* The same failure again is no row of its own. */
	ck_assert_int_eq(rig_count(r, 0, TASK_OVOC_CAPTURE), 2);
	ck_assert_int_eq(rig_row(r, 0, TASK_OVOC_CAPTURE, 1)->attempt, 2);
	ck_assert_int_eq(
	    rig_row(r, 0, TASK_OVOC_CAPTURE, 1)->duration, 5 * MINUTE + 204);
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 2, TASK_SUCCESS, SEVERITY_NORMAL,
	    "200 OK");
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_servers_capture_is_renewed_every_hour_without_a_row)
{
	struct rig *r = rig_new(1, "campaign = { window = \"30h\"; };");

	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_advance(r, 27 * 60 * MINUTE);
	ck_assert_int_eq(fake_sent_count(r->net, "CAPTURE"), 1 + 26);
	ck_assert_int_eq(rig_count(r, 0, TASK_OVOC_CAPTURE), 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(an_alarm_while_capture_is_asked_again_waits_for_its_answer)
{
	struct rig *r = rig_new(1, "");

	fake_agent_rule(agent(r), REQUEST_CAPTURE, 503, 1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	agent(r)->work[REQUEST_CAPTURE] = 3000;
	while (fake_sent_count(r->net, "CAPTURE") < 2)
		rig_advance(r, 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_int_eq(agent(r)->done[REQUEST_VERIFY], 1);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	rig_free(r);
}
END_TEST

START_TEST(an_agent_that_falls_silent_costs_the_servers_side_only)
{
	struct rig *r = rig_new(1, "");

	rig_start(r);
	rig_until(r, 0, "arming");
	agent(r)->silent = true;
	rig_until(r, 0, "capturing");
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "no answer");
	rig_lost(r, 0);
	rig_finish(r, 5 * MINUTE);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "no answer");
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_FAILURE, SEVERITY_MINOR, "no answer");
	is_one_sided(r, LACK_CAPTURE);
	rig_free(r);
}
END_TEST

START_TEST(a_404_is_answered_by_register_and_the_same_request)
{
	struct rig *r = rig_waiting(1, "");

	fake_agent_forget(agent(r));
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR, "404");
	rig_expect(r, 0, TASK_REGISTER, 2, TASK_SUCCESS, SEVERITY_NORMAL, "");
	rig_expect(
	    r, 0, TASK_OVOC_VERIFY, 2, TASK_SUCCESS, SEVERITY_NORMAL, "200 OK");
	ck_assert_int_eq(r->result->devices[0].register_attempts, 2);
	rig_free(r);
}
END_TEST

START_TEST(a_404_again_counts)
{
	struct rig *r = rig_new(1, "");

	fake_agent_rule(agent(r), REQUEST_CAPTURE, 404, -1);
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 2);
	ck_assert_int_eq(agent(r)->done[REQUEST_CAPTURE], 2);
	rig_free(r);
}
END_TEST

START_TEST(a_404_whose_register_fails_ends_the_request)
{
	struct rig *r = rig_waiting(1, "");

	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, -1);
	fake_agent_forget(agent(r));
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_REGISTER, 2, TASK_FAILURE, SEVERITY_MINOR, "503");
	is_one_sided(r, LACK_VERIFY);
	rig_free(r);
}
END_TEST

START_TEST(a_430_is_a_finding)
{
	struct rig *r = rig_waiting(1, "");

	fake_agent_rule(agent(r), REQUEST_VERIFY, 430, 1);
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "430 Flow Failed");
	ck_assert_int_eq(r->result->exit_status, 0);
	rig_free(r);
}
END_TEST

START_TEST(stop_names_the_file_that_was_kept)
{
	struct rig *r = rig_waiting(1, "");

	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	ck_assert_str_eq(
	    agent(r)->stop_file, rig_row(r, 0, TASK_RETRIEVE, 1)->file);
	ck_assert(capture_name_valid(agent(r)->stop_file, "192.0.2.1"));
	ck_assert_int_gt(rig_file_size(r, agent(r)->stop_file), 0);
	rig_free(r);
}
END_TEST

/* --- registration --- */

START_TEST(a_refused_register_is_tried_register_attempts_times)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 3; };");

	fake_agent_rule(agent(r), REQUEST_REGISTER, 503, -1);
	rig_start(r);
	rig_finish(r, 2 * MINUTE);
	ck_assert_int_eq(agent(r)->done[REQUEST_REGISTER], 3);
	ck_assert_int_eq(r->result->devices[0].register_attempts, 3);
	ck_assert_int_eq(
	    r->result->devices[0].registration, REGISTRATION_ABORTED);
	ck_assert_ptr_nonnull(
	    strstr(r->result->devices[0].description, "registration: aborted"));
	ck_assert_int_eq(rig_count(r, 0, TASK_REGISTER), 1);
	ck_assert_int_eq(rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE,
			     SEVERITY_MAJOR, "503")
			     ->attempt,
	    3);
	ck_assert_int_ge(rig_row(r, 0, TASK_REGISTER, 1)->duration, MINUTE);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], 0);
	ck_assert_int_eq(r->result->exit_status, 4);
	rig_free(r);
}
END_TEST

START_TEST(an_agent_that_never_speaks_gives_its_devices_up_together)
{
	struct rig *r = rig_new(50, "");

	agent(r)->silent = true;
	rig_start(r);
	rig_finish(r, 3 * HOUR);
	ck_assert_int_ge(r->ended_at, 2 * HOUR);
	ck_assert_int_le(r->ended_at, 2 * HOUR + 3 * MINUTE);
	for (size_t i = 0; i < 50; i++)
		ck_assert_str_eq(rig_outcome(r, i), "failed");
	rig_expect(
	    r, 7, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MAJOR, "no answer");
	ck_assert_int_eq(rig_count(r, 7, TASK_REGISTER), 1);
	ck_assert_int_gt(rig_row(r, 7, TASK_REGISTER, 1)->attempt, 70);
	rig_free(r);
}
END_TEST

START_TEST(what_this_host_cannot_send_is_not_the_agents_silence)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 2; };");

	r->net->send_error = ENETUNREACH;
	rig_start(r);
	rig_finish(r, 10 * MINUTE);
	rig_expect(r, 0, TASK_REGISTER, -1, TASK_FAILURE, SEVERITY_MAJOR,
	    "could not even send it: Network is unreachable");
	rig_free(r);
}
END_TEST

/* A name with several addresses: the first cannot be sent to from here, the
 * second is dead. */
static struct rig *
rig_with_name(const char *first, const char *second, const char *answers)
{
	struct rig *r =
	    rig_new(0, "campaign = { register_attempts = 2; }; "
		       "agents = ( { address = \"ovoc.example\"; sources = "
		       "[ \"198.51.100.9\" ]; } );"
		       "devices = ( { address = \"192.0.2.1\"; interfaces = "
		       "[ \"eth-wan\" ]; agent = \"ovoc.example\"; } );");

	fake_name("ovoc.example", first, second, 0);
	str_copy(agent(r)->address, sizeof(agent(r)->address), answers);
	return r;
}

START_TEST(an_agents_addresses_are_tried_until_one_answers)
{
	struct rig *r =
	    rig_with_name("2001:db8::1", "198.51.100.2", "198.51.100.2");

	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(rig_row(r, 0, TASK_REGISTER, 1)->code, 200);
	rig_free(r);
	r = rig_with_name("198.51.100.1", "198.51.100.2", "198.51.100.2");
	rig_start(r);
	rig_until(r, 0, "capturing");
	campaign_trigger(r->campaign);
	rig_finish(r, 10 * MINUTE);
	/* One request was lost to the dead address, and only one; the third
	 * asks for more than a status. */
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 3);
	ck_assert_int_eq(fake_sent_count(r->net, "CAPTURE"), 1);
	rig_free(r);
	/* It answers from elsewhere. */
	r = rig_with_name("198.51.100.1", "198.51.100.2", "198.51.100.2");
	agent(r)->from = "198.51.100.9";
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 3);
	ck_assert_int_eq(rig_row(r, 0, TASK_OVOC_CAPTURE, 1)->code, 200);
	rig_free(r);
	/* ... and late, when the dead one has been tried as well. */
	r = rig_with_name("198.51.100.1", "198.51.100.2", "198.51.100.1");
	agent(r)->from = "198.51.100.9";
	agent(r)->old = true;
	agent(r)->work[REQUEST_REGISTER] = 6000;
	rig_start(r);
	rig_until(r, 0, "capturing");
	ck_assert_int_eq(rig_row(r, 0, TASK_OVOC_CAPTURE, 1)->code, 200);
	rig_free(r);
	r = rig_with_name("2001:db8::1", NULL, "2001:db8::1");
	rig_start(r);
	rig_finish(r, 10 * MINUTE);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "listen_address");
	ck_assert_int_eq(r->net->sent, 0);
	rig_free(r);
}
END_TEST

START_TEST(an_agent_without_an_address_fails_its_devices)
{
	struct rig *r =
	    rig_new(0, "campaign = { register_attempts = 2; }; "
		       "devices = ( { address = \"192.0.2.1\"; interfaces = "
		       "[ \"eth-wan\" ]; agent = \"nowhere.example\"; } );");

	rig_start(r);
	rig_finish(r, 10 * MINUTE);
	rig_expect(r, 0, TASK_REGISTER, 1, TASK_FAILURE, SEVERITY_MAJOR,
	    "no such name");
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_int_eq(r->net->sent, 0);
	rig_free(r);
}
END_TEST

START_TEST(nothing_is_sent_before_register_is_answered)
{
	struct rig *r = rig_new(1, "");

	agent(r)->work[REQUEST_REGISTER] = 16000;
	rig_start(r);
	rig_advance(r, 15900);
	ck_assert_int_eq(r->devices[0].hits[STEP_SHOW], 0);
	ck_assert_int_eq(
	    r->net->sent, fake_sent_count(r->net, "REGISTER 192.0.2.1"));
	rig_free(r);
}
END_TEST

/* --- 1.0.6 --- */

START_TEST(to_1_0_6_a_register_is_repeated_after_4_12_and_28_s)
{
	struct rig *r = rig_new(1, "");

	agent(r)->silent = true;
	rig_start(r);
	rig_advance(r, 59000);
	times_are(r, "REGISTER", "0 4000 12000 28000");
	rig_free(r);
}
END_TEST

START_TEST(to_1_0_6_a_request_is_not_repeated_in_silence)
{
	struct rig *r = old_rig(1, "");

	rig_until(r, 0, "arming");
	agent(r)->silent = true;
	rig_until(r, 0, "capturing");
	times_are(r, "CAPTURE", "0");
	/* 20 s behind it, then at 4, 12 and 28 s. */
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 1 + 4);
	rig_expect(r, 0, TASK_OVOC_CAPTURE, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "no answer");
	/* It may be at work all the same: it is not asked again. */
	rig_advance(r, 60 * MINUTE);
	times_are(r, "CAPTURE", "0");
	rig_free(r);
}
END_TEST

START_TEST(to_1_0_6_nothing_is_repeated_after_trying)
{
	struct rig *r = old_rig(1, "");

	rig_until(r, 0, "capturing");
	fake_agent_rule(agent(r), REQUEST_VERIFY, 0, -1);
	rig_lost(r, 0);
	rig_finish(r, 3 * MINUTE);
	times_are(r, "VERIFY", "0");
	rig_expect(r, 0, TASK_OVOC_VERIFY, 1, TASK_FAILURE, SEVERITY_MINOR,
	    "VERIFY unconfirmed");
	is_one_sided(r, LACK_VERIFY);
	rig_free(r);
}
END_TEST

START_TEST(a_1_0_6_agent_has_one_request_at_a_time)
{
	struct rig *r = old_rig(10, "timeouts = { agent = 30; };");

	for (size_t i = 0; i < 10; i++)
		rig_until(r, i, "capturing");
	for (size_t i = 0; i < 10; i++)
		rig_lost(r, i);
	rig_finish(r, 10 * MINUTE);
	ck_assert_int_eq(agent(r)->most, 1);
	ck_assert_int_eq(agent(r)->aborted, 0);
	/* The clock of each starts when it is sent: ten VERIFY of 10 s each
	 * fit, though together they take longer than timeouts.agent. */
	ck_assert_int_eq(agent(r)->done[REQUEST_VERIFY], 10);
	for (size_t i = 0; i < 10; i++) {
		rig_expect(r, i, TASK_OVOC_VERIFY, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "200 OK");
		ck_assert_str_eq(rig_outcome(r, i), "success");
	}
	rig_free(r);
}
END_TEST

START_TEST(a_1_0_6_agent_that_is_busy_is_left_alone)
{
	struct rig *r = rig_new(3, "");

	agent(r)->old = true;
	agent(r)->work[REQUEST_REGISTER] = 3900;
	agent(r)->work[REQUEST_CAPTURE] = 16000;
	rig_start(r);
	for (size_t i = 0; i < 3; i++)
		rig_until(r, i, "capturing");
	ck_assert_int_eq(fake_sent_count(r->net, "REGISTER"), 3);
	ck_assert_int_eq(fake_sent_count(r->net, "CAPTURE"), 3);
	ck_assert_int_eq(agent(r)->most, 1);
	ck_assert_int_eq(agent(r)->aborted, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_1_0_6_agent_never_ends_by_our_request)
{
	struct rig *r = old_rig(3, "campaign = { events_per_device = 2; };");

	for (int event = 0; event < 2; event++) {
		for (size_t i = 0; i < 3; i++) {
			rig_until(r, i, "capturing");
			rig_lost(r, i);
		}
		rig_advance(r, 30000);
	}
	rig_finish(r, 10 * MINUTE);
	ck_assert(!agent(r)->ended);
	ck_assert_int_eq(agent(r)->aborted, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_1_0_6_capture_without_file_answers_503_and_the_file_is_kept)
{
	struct rig *r = old_rig(1, "");

	fake_agent_rule(agent(r), REQUEST_STOP, 503, -1);
	rig_until(r, 0, "capturing");
	rig_lost(r, 0);
	rig_finish(r, MINUTE);
	rig_expect(
	    r, 0, TASK_OVOC_STOP, 1, TASK_FAILURE, SEVERITY_MINOR, "503");
	is_one_sided(r, LACK_STOP);
	rig_free(r);
}
END_TEST

START_TEST(answers_without_the_requests_name_are_understood)
{
	struct rig *r = rig_new(2, "");

	agent(r)->old = true;
	agent(r)->short_words = true;
	rig_start(r);
	for (size_t i = 0; i < 2; i++)
		rig_until(r, i, "capturing");
	rig_lost(r, 0);
	rig_lost(r, 1);
	rig_finish(r, 2 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "success");
	ck_assert_str_eq(rig_outcome(r, 1), "success");
	rig_free(r);
}
END_TEST

/* --- who answers --- */

START_TEST(answers_come_from_the_agents_sources_too)
{
	struct rig *r =
	    rig_new(1, "agents = ( { address = \"" OLD "\"; sources = "
		       "[ \"198.51.100.9\" ]; } );");

	agent(r)->from = "198.51.100.9";
	rig_start(r);
	rig_until(r, 0, "capturing");
	rig_free(r);
}
END_TEST

START_TEST(answers_from_elsewhere_are_refused)
{
	struct rig *r = rig_new(1, "campaign = { register_attempts = 2; };");

	agent(r)->from = "198.51.100.9";
	rig_start(r);
	rig_finish(r, 10 * MINUTE);
	ck_assert_str_eq(rig_outcome(r, 0), "failed");
	ck_assert_uint_gt(r->result->refused, 0);
	ck_assert_int_eq(rig_agent(r)->last, 0);
	rig_free(r);
}
END_TEST

START_TEST(an_answer_nobody_waits_for_changes_nothing)
{
	struct rig *r = rig_waiting(1, "");

	fake_arrive(OLD, "404 Not Found 192.0.2.1 CAPTURE", 31);
	fake_arrive(OLD, "200 OK 192.0.2.1 STOP", 21);
	fake_arrive(OLD, "200 OK 192.0.2.77", 17);
	rig_advance(r, 1000);
	ck_assert_str_eq(rig_state(r, 0), "capturing");
	rig_free(r);
}
END_TEST

START_TEST(a_bad_net_costs_nothing_with_ours)
{
	unsigned seed = 4711;
	struct rig *r;

	srandom(seed);
	r = rig_new(20, "");
	r->net->loss = 30;
	r->net->doubled = 20;
	r->net->delay_max = 300;
	rig_start(r);
	for (size_t i = 0; i < 20; i++)
		rig_until(r, i, "capturing");
	for (size_t i = 0; i < 20; i++)
		rig_lost(r, i);
	rig_finish(r, 5 * MINUTE);
	for (size_t i = 0; i < 20; i++) {
		ck_assert_str_eq(rig_outcome(r, i), "success");
		rig_expect(r, i, TASK_OVOC_STOP, 1, TASK_SUCCESS,
		    SEVERITY_NORMAL, "200 OK");
	}
	ck_assert_int_eq(agent(r)->done[REQUEST_VERIFY], 20);
	rig_free(r);
}
END_TEST

UNIT_MAIN("campaign_agent",
    to_ours_a_request_is_repeated_until_its_final_answer,
    to_ours_the_beat_is_kept_however_late_trying_comes,
    to_ours_a_lost_answer_is_asked_for_again,
    trying_to_a_register_makes_an_agent_one_of_ours,
    trying_to_a_register_counts_behind_its_final_answer_too,
    ours_gets_many_requests_at_once,
    ours_has_at_most_8_times_requests_per_agent_of_verify_unanswered,
    ours_has_at_most_requests_per_agent_of_others_unanswered,
    refused_capture_is_minor_and_asked_again_after_5_minutes,
    a_servers_capture_is_renewed_every_hour_without_a_row,
    an_alarm_while_capture_is_asked_again_waits_for_its_answer,
    an_agent_that_falls_silent_costs_the_servers_side_only,
    a_404_is_answered_by_register_and_the_same_request, a_404_again_counts,
    a_404_whose_register_fails_ends_the_request, a_430_is_a_finding,
    stop_names_the_file_that_was_kept,
    a_refused_register_is_tried_register_attempts_times,
    an_agent_that_never_speaks_gives_its_devices_up_together,
    what_this_host_cannot_send_is_not_the_agents_silence,
    an_agents_addresses_are_tried_until_one_answers,
    an_agent_without_an_address_fails_its_devices,
    nothing_is_sent_before_register_is_answered,
    to_1_0_6_a_register_is_repeated_after_4_12_and_28_s,
    to_1_0_6_a_request_is_not_repeated_in_silence,
    to_1_0_6_nothing_is_repeated_after_trying,
    a_1_0_6_agent_has_one_request_at_a_time,
    a_1_0_6_agent_that_is_busy_is_left_alone,
    a_1_0_6_agent_never_ends_by_our_request,
    a_1_0_6_capture_without_file_answers_503_and_the_file_is_kept,
    answers_without_the_requests_name_are_understood,
    answers_come_from_the_agents_sources_too,
    answers_from_elsewhere_are_refused,
    an_answer_nobody_waits_for_changes_nothing,
    a_bad_net_costs_nothing_with_ours)
