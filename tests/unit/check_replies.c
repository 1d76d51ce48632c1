/* check_replies.c - who is told what about one device. */
#include "agent/replies.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "unit.h"

#define DEVICE "192.0.2.10"

static struct world {
	struct replies_env env;
	struct registration_env registering;
	struct registration *registration;
	struct replies replies;
	struct strbuf said;
} w;

static void
on_send(void *arg, const struct datagram_from *to,
    const struct agent_message *m, const char *info)
{
	(void)arg;
	ck_assert_str_eq(m->device, DEVICE);
	strbuf_addf(&w.said, "%u: %d%s%s;", to->port, m->code,
	    info != NULL ? " " : "", info != NULL ? info : "");
}

static struct datagram_from
from_port(uint16_t port)
{
	struct datagram_from from = {.port = port};

	ck_assert(addr_parse(&from.addr, "192.0.2.1"));
	return from;
}

/* The device is port 1's. */
static void
rig_new(void)
{
	static const struct registration_events none = {NULL, NULL};
	struct datagram_from owner = from_port(1);

	memset(&w, 0, sizeof(w));
	unit_log_keep(LOGGING_WARNING);
	w.env.lp = w.registering.lp = unit_loop_virtual(0);
	w.env.complaints = complaints_new(w.env.lp);
	w.env.send = on_send;
	w.registration = registration_new(&w.registering, DEVICE, &none, NULL);
	registration_take(w.registration, &owner);
	replies_init(&w.replies, &w.env, DEVICE, w.registration);
}

static void
rig_free(void)
{
	replies_free(&w.replies);
	registration_free(w.registration);
	complaints_free(w.env.complaints);
	strbuf_free(&w.said);
	unit_loop_free(w.env.lp);
}

static void
asks(uint16_t port, bool wants)
{
	const struct agent_message m = {
	    .request = REQUEST_VERIFY, .wants_info = wants};
	struct datagram_from from = from_port(port);

	replies_asked(&w.replies, &m, &from);
}

static void
is_refused(uint16_t port)
{
	const struct agent_message m = {
	    .request = REQUEST_VERIFY, .device = DEVICE};
	struct datagram_from from = from_port(port);

	replies_refuse(&w.replies, &m, &from, "not yours");
}

static void
were_said(const char *expected)
{
	ck_assert_str_eq(strbuf_text(&w.said), expected);
	strbuf_clear(&w.said);
}

START_TEST(the_owner_is_told_why_and_so_is_the_log)
{
	rig_new();
	asks(1, true);
	replies_complain(&w.replies, REQUEST_VERIFY, "no probe can be sent");
	ck_assert_ptr_nonnull(
	    strstr(unit_logged(), DEVICE " VERIFY: no probe can be sent"));
	replies_answer(&w.replies, REQUEST_VERIFY, AGENT_FLOW_FAILED);
	were_said("1: 430 {\"reason\":\"no probe can be sent\"};");
	rig_free();
}
END_TEST

START_TEST(what_others_want_and_are_refused_is_theirs)
{
	rig_new();
	asks(1, false);
	asks(2, true);
	is_refused(2);
	ck_assert_ptr_nonnull(
	    strstr(unit_logged(), "the device is worked with for"));
	were_said("2: 503 {\"reason\":\"not yours\"};");
	replies_answer(&w.replies, REQUEST_VERIFY, AGENT_FLOW_FAILED);
	were_said("1: 430;");
	rig_free();
}
END_TEST

START_TEST(others_are_not_told_what_one_of_them_wanted)
{
	struct datagram_from two = from_port(2);

	rig_new();
	asks(2, true);
	replies_answer_to(&w.replies, &two, REQUEST_VERIFY, AGENT_TRYING);
	asks(3, false);
	is_refused(3);
	were_said("2: 100;3: 503;");
	rig_free();
}
END_TEST

START_TEST(a_new_owner_is_told_what_it_wants_alone)
{
	const struct agent_message plain = {.request = REQUEST_VERIFY};
	struct datagram_from two = from_port(2);

	rig_new();
	asks(1, true);
	replies_owner_changes(&w.replies, &plain, &two, false);
	registration_take(w.registration, &two);
	ck_assert_ptr_nonnull(strstr(unit_logged(), "takes the device over"));
	replies_answer(&w.replies, REQUEST_VERIFY, AGENT_OK);
	were_said("2: 200;");
	rig_free();
}
END_TEST

UNIT_MAIN("replies", the_owner_is_told_why_and_so_is_the_log,
    what_others_want_and_are_refused_is_theirs,
    others_are_not_told_what_one_of_them_wanted,
    a_new_owner_is_told_what_it_wants_alone)
