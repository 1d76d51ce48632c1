/* check_event_record.c - what is told of an event beside its captures, read. */
#include "wire/event_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutate.h"
#include "unit.h"

#define EVENT    "192.0.2.10_2026-11-23T04.00.00.123456Z"
#define PIECE(n) "OVOC_device_" EVENT "-" n ".pcap"

static const char agents[] =
    "{\"schema\":1,\"writer\":\"agent\",\"version\":\"0.1.0\","
    "\"device\":\"192.0.2.10\",\"owner\":\"192.0.2.1\",\"interface\":\"eth0\","
    "\"snaplen\":96,\"offload\":{\"tso\":true},\"began\":1000,\"ended\":9000,"
    "\"dropped\":12,\"diskWasFull\":true,\"pieces\":["
    "{\"name\":\"" PIECE(
	"0") "\",\"bytes\":4711,\"firstUs\":1000001,"
	     "\"lastUs\":1999999,\"packets\":47},"
	     "{\"name\":\"" PIECE(
		 "12") "\",\"bytes\":24,\"firstUs\":2000000,"
		       "\"lastUs\":2000000,\"cut\":true}],"
		       "\"holes\":[{\"from\":1500,\"to\":1600},{\"from\":1600,\"to\":1700}],"
		       "\"probeTimeoutMs\":2000,\"probes\":[{\"kind\":\"icmp\",\"sentUs\":5007000,\"tookUs\":3100,"
		       "\"id\":77,\"seq\":1,\"fate\":\"answered\"}]}";

static const char campaigns[] =
    "{\"schema\":1,\"writer\":\"campaign\",\"version\":\"0.1.0\","
    "\"campaign\":\"night\",\"device\":\"192.0.2.10\","
    "\"file\":\"CPE_device_" EVENT ".pcap\","
    "\"deviceAddresses\":[\"192.0.2.10\",\"2001:db8::1\"],"
    "\"agentAddresses\":[\"192.0.2.2\"],\"ovocAddresses\":[\"192.0.2.3\"],"
    "\"campaignAddresses\":[\"192.0.2.1\"],"
    "\"interfaces\":[\"eth-wan\",\"xdsl\"],\"allInterfaces\":false,"
    "\"confirmed\":[{\"from\":1000,\"to\":2000},{\"from\":3000,\"to\":4000}],"
    "\"stopped\":4500,"
    "\"alarm\":{\"at\":3500,\"text\":\"Connection Lost\"},"
    "\"deviceClock\":{\"aheadMs\":-3600000,\"errorMs\":1500},"
    "\"agentClock\":{\"aheadMs\":12,\"errorMs\":40},"
    "\"probes\":[{\"kind\":\"snmp\",\"sentUs\":1,\"messageId\":123456,"
    "\"port\":40000,\"fate\":\"lost\"},{\"kind\":\"tcp\",\"sentUs\":2,"
    "\"tookUs\":0,\"port\":40001,\"fate\":\"refused\"}],"
    "\"heartbeats\":[{\"kind\":\"icmp\",\"sentUs\":3,\"id\":7,\"seq\":9,"
    "\"tookUs\":5,\"fate\":\"failed\"}]}";

static struct event_record *
decoded(const char *text)
{
	struct fail why = {.kind = FAIL_NONE};
	struct event_record *r = event_record_decode(text, strlen(text), &why);

	ck_assert_msg(r != NULL, "%s", why.text);
	return r;
}

/* The text with `was` replaced. */
static char *
changed(const char *text, const char *was, const char *by)
{
	const char *at = strstr(text, was);
	struct strbuf b = STRBUF_INIT;

	ck_assert_msg(at != NULL, "%s", was);
	strbuf_add_bytes(&b, text, (size_t)(at - text));
	strbuf_addf(&b, "%s%s", by, at + strlen(was));
	return strbuf_take(&b);
}

static void
refused(const char *text, const char *sentence)
{
	struct fail why = {.kind = FAIL_NONE};

	ck_assert_ptr_null(event_record_decode(text, strlen(text), &why));
	ck_assert_int_eq(why.kind, FAIL_FINAL);
	ck_assert_str_eq(why.text, sentence);
}

static void
refused_with(
    const char *text, const char *was, const char *by, const char *sentence)
{
	char *bad = changed(text, was, by);

	refused(bad, sentence);
	free(bad);
}

START_TEST(the_agents_tells_its_capture_and_its_pieces)
{
	struct event_record *r = decoded(agents);

	ck_assert_int_eq(r->writer, EVENT_AGENT);
	ck_assert_str_eq(r->device, "192.0.2.10");
	ck_assert_str_eq(r->event, EVENT);
	ck_assert_uint_eq(r->n_interfaces, 1);
	ck_assert_str_eq(r->interface[0], "eth0");
	ck_assert_int_eq(r->snaplen, 96);
	ck_assert_int_eq(r->dropped, 12);
	ck_assert(r->disk_was_full);
	ck_assert_uint_eq(r->ran.n, 1);
	ck_assert_int_eq(r->ran.at[0].from, 1000);
	ck_assert_int_eq(r->ran.at[0].to, 9000);
	ck_assert_uint_eq(r->holes.n, 2);
	ck_assert_int_eq(r->holes.at[1].to, 1700);
	ck_assert_uint_eq(r->n_pieces, 2);
	ck_assert_uint_eq(r->piece[0].number, 0);
	ck_assert_int_eq(r->piece[0].bytes, 4711);
	ck_assert_int_eq(r->piece[0].first_us, 1000001);
	ck_assert_int_eq(r->piece[0].last_us, 1999999);
	ck_assert_int_eq(r->piece[0].packets, 47);
	ck_assert(!r->piece[0].cut && !r->piece[0].aborted);
	ck_assert_uint_eq(r->piece[1].number, 12);
	ck_assert_int_eq(r->piece[1].packets, -1);
	ck_assert(r->piece[1].cut);
	ck_assert_uint_eq(r->n_probes, 1);
	ck_assert_int_eq(r->probe_timeout, 2000);
	ck_assert_int_eq(r->probe[0].sent_us, 5007000);
	ck_assert_int_eq(r->probe[0].took_us, 3100);
	ck_assert_uint_eq(r->probe[0].id, 77);
	ck_assert_uint_eq(r->probe[0].seq, 1);
	ck_assert_int_eq(r->probe[0].fate, PROBE_FATE_ANSWERED);
	event_record_free(r);
}
END_TEST

START_TEST(the_campaigns_tells_what_it_saw_and_who_is_who)
{
	struct event_record *r = decoded(campaigns);
	struct addr a;

	ck_assert_int_eq(r->writer, EVENT_CAMPAIGN);
	ck_assert_str_eq(r->campaign, "night");
	ck_assert_str_eq(r->event, EVENT);
	ck_assert_uint_eq(r->device_at.n, 2);
	ck_assert(addr_parse(&a, "2001:db8::1"));
	ck_assert_int_eq(addr_cmp(&r->device_at.at[1], &a), 0);
	ck_assert_uint_eq(r->agent_at.n, 1);
	ck_assert_uint_eq(r->ovoc_at.n, 1);
	ck_assert_uint_eq(r->campaign_at.n, 1);
	ck_assert_uint_eq(r->n_interfaces, 2);
	ck_assert_str_eq(r->interface[1], "xdsl");
	ck_assert_int_eq(r->all_interfaces, 0);
	ck_assert_uint_eq(r->ran.n, 2);
	ck_assert_int_eq(r->ran.at[1].from, 3000);
	ck_assert_int_eq(r->alarm_at, 3500);
	ck_assert_int_eq(r->stopped, 4500);
	ck_assert_str_eq(r->alarm, "Connection Lost");
	ck_assert(r->device_clock.known);
	ck_assert_int_eq(r->device_clock.ahead, -3600000);
	ck_assert_int_eq(r->device_clock.error, 1500);
	ck_assert_int_eq(r->agent_clock.ahead, 12);
	ck_assert_uint_eq(r->n_probes, 2);
	ck_assert_uint_eq(r->probe[0].id, 123456);
	ck_assert_uint_eq(r->probe[0].port, 40000);
	ck_assert_int_eq(r->probe[0].took_us, -1);
	ck_assert_int_eq(r->probe[0].fate, PROBE_FATE_LOST);
	ck_assert_int_eq(r->probe[1].kind, PROBE_KIND_TCP);
	ck_assert_uint_eq(r->probe[1].port, 40001);
	ck_assert_uint_eq(r->n_heartbeats, 1);
	ck_assert_int_eq(r->heartbeat[0].fate, PROBE_FATE_FAILED);
	event_record_free(r);
}
END_TEST

START_TEST(what_is_not_told_is_not_known)
{
	struct event_record *r =
	    decoded("{\"schema\":1,\"writer\":\"agent\",\"device\":\"h\","
		    "\"began\":1,\"ended\":2,\"later\":{}}");

	ck_assert_int_eq(r->dropped, -1);
	ck_assert_uint_eq(r->n_pieces + r->n_probes + r->n_interfaces, 0);
	ck_assert_str_eq(r->event, "");
	event_record_free(r);
	r = decoded("{\"schema\":1,\"writer\":\"campaign\",\"device\":\"h\","
		    "\"file\":\"CPE_device_h_2026-11-23T04.00.00.123456Z."
		    "pcap\"}");
	ck_assert_int_eq(r->all_interfaces, -1);
	ck_assert(!r->device_clock.known && !r->agent_clock.known);
	ck_assert_int_eq(r->alarm_at, 0);
	ck_assert_uint_eq(r->ran.n + r->n_heartbeats + r->device_at.n, 0);
	event_record_free(r);
}
END_TEST

START_TEST(what_is_no_record_is_refused)
{
	static const char *const cut[] = {"", "{", "{}x", "\xff", "{\"a\":1"};
	static const char *const other[] = {"[]", "7", "null", "{}",
	    "{\"schema\":1}", "{\"schema\":1,\"writer\":\"x\"}",
	    "{\"schema\":\"1\",\"writer\":\"agent\"}",
	    "{\"schema\":0,\"writer\":\"agent\"}"};

	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
		refused(cut[i], "it is no JSON, or not whole");
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		refused(other[i], "it is no record of a capture's event");
	refused("{\"schema\":2,\"writer\":\"agent\"}",
	    "its form (schema 2) is of a later version");
}
END_TEST

START_TEST(one_wrong_member_and_nothing_is_believed)
{
	static const struct {
		const char *text, *was, *by, *sentence;
	} bad[] = {
	    {agents, "\"192.0.2.10\",", "\"../x\",", "device"},
	    {agents, "\"192.0.2.10\",", "7,", "device"},
	    {agents, "\"eth0\"", "[]", "interface"},
	    {agents, "\"snaplen\":96", "\"snaplen\":-1", "snaplen"},
	    {agents, "\"dropped\":12", "\"dropped\":\"12\"", "dropped"},
	    {agents, "\"diskWasFull\":true", "\"diskWasFull\":1",
		"diskWasFull"},
	    {agents, "\"began\":1000,", "", "began"},
	    {agents, "\"ended\":9000", "\"ended\":9000.5", "ended"},
	    {agents, "\"ended\":9000", "\"ended\":99999999999999999", "ended"},
	    {agents, PIECE("0"), "OVOC_device_../../etc/passwd", "pieces"},
	    {agents, PIECE("0"), "OVOC_device_" EVENT ".json", "pieces"},
	    {agents, PIECE("0"), PIECE("4294967296"), "pieces"},
	    {agents, PIECE("0"), PIECE("-1"), "pieces"},
	    {agents, "\"bytes\":24", "\"bytes\":-24", "bytes"},
	    {agents, "\"lastUs\":1999999,", "", "lastUs"},
	    {agents, "\"packets\":47", "\"packets\":{}", "packets"},
	    {agents, "\"holes\":[", "\"holes\":[7,", "from"},
	    {agents, "\"probeTimeoutMs\":2000", "\"probeTimeoutMs\":0",
		"probeTimeoutMs"},
	    {agents, "\"kind\":\"icmp\"", "\"kind\":\"arp\"", "probes"},
	    {agents, "\"sentUs\":5007000,", "", "probes"},
	    {agents, "\"tookUs\":3100,", "", "probes"},
	    {agents, "\"id\":77", "\"id\":65536", "probes"},
	    {agents, "\"seq\":1,", "", "probes"},
	    {agents, "\"fate\":\"answered\"", "\"fate\":\"\"", "probes"},
	    {agents, "\"fate\":\"answered\"", "\"fate\":\"lost\"", "probes"},
	    {campaigns, "CPE_device_192", "CPE_device_193", "file"},
	    {campaigns, EVENT ".pcap", EVENT "/x.pcap", "file"},
	    {campaigns, "\"2001:db8::1\"", "\"branch\"", "deviceAddresses"},
	    {campaigns, "[\"192.0.2.2\"]", "\"192.0.2.2\"", "agentAddresses"},
	    {campaigns, "\"errorMs\":1500", "\"errorMs\":-1", "errorMs"},
	    {campaigns, "{\"aheadMs\":12,", "{", "agentClock"},
	    {campaigns, "\"at\":3500", "\"at\":-1", "at"},
	    {campaigns, "\"Connection Lost\"", "7", "alarm"},
	    {campaigns, "\"allInterfaces\":false", "\"allInterfaces\":0",
		"allInterfaces"},
	    {campaigns, "\"messageId\":123456", "\"messageId\":-1", "probes"},
	    {campaigns, "\"port\":40001", "\"port\":65536", "probes"},
	    {campaigns, "\"seq\":9", "\"seq\":\"9\"", "heartbeats"},
	    {campaigns, "\"tookUs\":5", "\"tookUs\":3600000001", "heartbeats"},
	};
	char sentence[80];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(sentence, sizeof(sentence), "its %s is not right",
		    bad[i].sentence);
		refused_with(bad[i].text, bad[i].was, bad[i].by, sentence);
	}
}
END_TEST

/* The first wrong one in the order they are read, whatever its place. */
START_TEST(more_of_anything_than_a_writer_has_is_refused)
{
	struct strbuf many = STRBUF_INIT;

	strbuf_add(&many, "\"probes\":[");
	for (int i = 0; i < EVENT_PROBES_MAX; i++)
		strbuf_addf(&many,
		    "{\"kind\":\"tcp\",\"sentUs\":%d,\"port\":1,"
		    "\"fate\":\"lost\"},",
		    i);
	refused_with(agents, "\"probes\":[", strbuf_text(&many),
	    "its probes is not right");
	strbuf_clear(&many);
	for (int i = 0; i <= EVENT_RECORD_BYTES; i++)
		strbuf_add(&many, " ");
	refused(strbuf_text(&many), "it is larger than 4194304 bytes");
	strbuf_free(&many);
}
END_TEST

START_TEST(a_clock_that_was_set_back_proves_nothing)
{
	static const char *const moved[][2] = {
	    {"\"ended\":9000", "\"ended\":900"}, {"\"to\":1600", "\"to\":1400"},
	    {"\"from\":1600", "\"from\":1550"}};
	struct event_record *r;
	char *text;

	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		text = changed(agents, moved[i][0], moved[i][1]);
		r = decoded(text);
		ck_assert_uint_eq(r->ran.n, 0);
		ck_assert_uint_eq(r->n_pieces, 2);
		event_record_free(r);
		free(text);
	}
}
END_TEST

START_TEST(pieces_that_were_kept_apart_are_told_so)
{
	char *text = changed(agents, PIECE("12"),
	    "ABORTED_device_192.0.2.10_2026-11-23T03.00.00.000000Z-3.pcap");
	struct event_record *r = decoded(text);

	ck_assert(r->piece[1].aborted && !r->piece[0].aborted);
	ck_assert_uint_eq(r->piece[1].number, 3);
	ck_assert_str_eq(r->event, EVENT);
	event_record_free(r);
	free(text);
}
END_TEST

START_TEST(texts_are_printable_and_cut_to_fit)
{
	char longer[3 * EVENT_WORD_MAX], *text;
	struct event_record *r;

	text = changed(campaigns, "Connection Lost", "a\\nb\\u202ec");
	r = decoded(text);
	ck_assert_str_eq(r->alarm, "a?b???c");
	event_record_free(r);
	free(text);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	text = changed(campaigns, "eth-wan", longer);
	r = decoded(text);
	ck_assert_uint_eq(strlen(r->interface[0]), EVENT_WORD_MAX - 1);
	event_record_free(r);
	free(text);
}
END_TEST

static void
survives(const void *data, size_t len)
{
	struct fail why = {.kind = FAIL_NONE};
	struct event_record *r = event_record_decode(data, len, &why);

	ck_assert((r == NULL) == (why.kind != FAIL_NONE));
	event_record_free(r);
}

START_TEST(hostile_text_is_refused_or_read)
{
	mutate_truncate(agents, strlen(agents), survives);
	mutate_random(agents, strlen(agents), 2000, survives);
	mutate_truncate(campaigns, strlen(campaigns), survives);
	mutate_random(campaigns, strlen(campaigns), 2000, survives);
}
END_TEST

UNIT_MAIN("event_record", the_agents_tells_its_capture_and_its_pieces,
    the_campaigns_tells_what_it_saw_and_who_is_who,
    what_is_not_told_is_not_known, what_is_no_record_is_refused,
    one_wrong_member_and_nothing_is_believed,
    more_of_anything_than_a_writer_has_is_refused,
    a_clock_that_was_set_back_proves_nothing,
    pieces_that_were_kept_apart_are_told_so, texts_are_printable_and_cut_to_fit,
    hostile_text_is_refused_or_read)
