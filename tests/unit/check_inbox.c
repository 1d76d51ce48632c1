/* check_inbox.c - what the log tells of datagrams; whose they are, and what an
 * alarm does, is in check_campaign_alarm.c.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "rig/rig.h"

#define AGENT    "198.51.100.1"
#define STRANGER "203.0.113.5"

#define ALARM_OF(of)                                                     \
	"New Alarm - Connection Alarm, Description:Connection Lost, IP " \
	"Address:" of ", x"

static void
arrive(const char *from, const char *text)
{
	fake_arrive(from, text, strlen(text));
}

static void
has(const char *said, const char *what)
{
	ck_assert_msg(strstr(said, what) != NULL, "no %s: %s", what, said);
}

static int
lines(const char *said)
{
	int n = 0;

	for (; (said = strchr(said, '\n')) != NULL; said++)
		n++;
	return n;
}

/* A campaign that waits, its log of this level empty. */
static struct rig *
waiting(enum log_level level, const char *settings)
{
	struct rig *r;

	unit_log_keep(level);
	r = rig_waiting(1, settings);
	unit_logged();
	return r;
}

START_TEST(the_first_of_each_kind_and_sender_is_told_with_its_text)
{
	struct rig *r = waiting(LOGGING_NOTICE, "");
	const char *said;

	arrive(AGENT, "hello\n");
	said = unit_logged();
	has(said, " warning " AGENT ":20001 inbox: datagram ignored: it is "
		  "neither an answer nor an alarm: \"hello\\n\"; for an hour");
	ck_assert_int_eq(lines(said), 1);
	arrive(AGENT, "hello again");
	ck_assert_str_eq(unit_logged(), "");
	/* of another sender, and of another kind */
	arrive(STRANGER, "hello");
	has(unit_logged(), STRANGER ":20001");
	arrive(AGENT, ALARM_OF("192.0.2.77"));
	has(unit_logged(), "no device 192.0.2.77 of this sender is in the "
			   "campaign: \"New Alarm - ");
	rig_advance(r, 3600000);
	arrive(AGENT, "hello");
	has(unit_logged(), "(and 1 more like it since the last line)");
	rig_free(r);
}
END_TEST

START_TEST(it_is_cut_after_200_characters_with_its_length)
{
	struct rig *r = waiting(LOGGING_NOTICE, "");
	char text[1001], shown[256];

	memset(text, 'x', 1000);
	text[1000] = '\0';
	arrive(AGENT, text);
	snprintf(shown, sizeof(shown), "\"%.200s\"... (1000 bytes)", text);
	has(unit_logged(), shown);
	rig_free(r);
}
END_TEST

START_TEST(a_stranger_is_told_with_the_key_that_would_let_it_in)
{
	struct rig *r = waiting(LOGGING_NOTICE, "");

	arrive(STRANGER, "200 OK 192.0.2.1 CAPTURE");
	has(unit_logged(),
	    "it is not from an agent; if an OVOC server sends from there, add "
	    "the address to its agents.sources: \"200 OK");
	arrive(STRANGER, ALARM_OF("192.0.2.77"));
	has(unit_logged(), "agents.sources");
	/* which hides no trigger that was missed */
	arrive(STRANGER, ALARM_OF("192.0.2.1"));
	has(unit_logged(),
	    "it is an alarm of 192.0.2.1, but not from its agent " AGENT
	    ": if that OVOC server sends from there, add the address to its "
	    "agents.sources: \"New Alarm");
	rig_free(r);
}
END_TEST

START_TEST(strangers_without_number_fill_no_log)
{
	struct rig *r = waiting(LOGGING_NOTICE, "");
	char from[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(from, sizeof(from), "10.9.%d.%d", i / 250, i % 250);
		arrive(from, "200 OK 192.0.2.1 CAPTURE");
	}
	ck_assert_int_eq(lines(unit_logged()), 17);
	rig_free(r);
}
END_TEST

START_TEST(with_debug_messages_every_datagram_is_told)
{
	struct rig *r;
	const char *said;

	unit_log_keep(LOGGING_DEBUG);
	r = rig_waiting(1, "agents = ( { address = \"" AGENT "\"; sources = [ "
			   "\"198.51.100.7\" ]; } );");
	said = unit_logged();
	has(said, " debug 192.0.2.1 agent: sent to " AGENT ", transmission 1: "
		  "\"REGISTER 192.0.2.1\"");
	has(said, " debug " AGENT ":20001 inbox: received from agent " AGENT
		  ": \"200 OK 192.0.2.1 CAPTURE\\ninfo {}\"");
	has(said, " transmission 1: \"CAPTURE 192.0.2.1\\nwant info\"");
	arrive(STRANGER, "a\nb");
	arrive(STRANGER, "a\nc");
	said = unit_logged();
	has(said, "received from a stranger: \"a\\nb\"");
	has(said, "received from a stranger: \"a\\nc\"");
	/* whose it is by agents.sources */
	arrive("198.51.100.7", ALARM_OF("192.0.2.1"));
	has(unit_logged(), " debug 198.51.100.7:20001 inbox: received from "
			   "agent " AGENT ": \"New Alarm");
	rig_free(r);
}
END_TEST

START_TEST(no_secret_is_told)
{
	struct rig *r = waiting(LOGGING_DEBUG, "");
	const struct campaign_conf *conf = r->conf;
	const char *const secrets[] = {conf->devices[0]->password,
	    conf->snmp.auth_password, conf->snmp.priv_password};
	char text[300] = "";
	const char *said;

	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(secrets[i]);
		snprintf(text + strlen(text), 100, "<%s>", secrets[i]);
	}
	arrive(STRANGER, text);
	said = unit_logged();
	ck_assert_int_eq(lines(said), 2);
	has(said, "<***");
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_null(strstr(said, secrets[i]));
	rig_free(r);
}
END_TEST

UNIT_MAIN("inbox", the_first_of_each_kind_and_sender_is_told_with_its_text,
    it_is_cut_after_200_characters_with_its_length,
    a_stranger_is_told_with_the_key_that_would_let_it_in,
    strangers_without_number_fill_no_log,
    with_debug_messages_every_datagram_is_told, no_secret_is_told)
