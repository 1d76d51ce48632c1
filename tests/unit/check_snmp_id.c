/* check_snmp_id.c - the ids and kinds of SNMP messages. */
#include "unit.h"

#include <string.h>

#include "mutate.h"
#include "wire/snmp_id.h"

/* As net-snmp sends them, variable bindings left out. */
#define V2(pdu, id)                                        \
	"\x30\x1a\x02\x01\x01\x04\x06public" pdu "\x0d" id \
	"\x02\x01\x00\x02\x01\x00\x30\x00"
#define V3_HEAD(flags)                                         \
	"\x30\x4d\x02\x01\x03\x30\x10\x02\x04\x12\x34\x56\x78" \
	"\x02\x03\x00\xff\xe3\x04\x01" flags "\x02\x01\x03"
#define V3_SECURITY                                    \
	"\x04\x10\x30\x0e\x04\0\x02\1\0\x02\1\0\x04\0" \
	"\x04\0\x04\0"
#define V3(flags, rest) V3_HEAD(flags) V3_SECURITY rest
#define SCOPED(pdu)     "\x30\x11\x04\0\x04\0" pdu PDU_REST
#define PDU_REST        "\x0b\x02\1\5\x02\1\0\x02\1\0"

static const struct message {
	const char *bytes;
	size_t len;
	unsigned version;
	enum snmp_pdu pdu;
	bool has_id;
	uint32_t id;
} messages[] = {
#define MESSAGE(bytes, version, pdu, has_id, id)                   \
	{                                                          \
		bytes, sizeof(bytes) - 1, version, pdu, has_id, id \
	}
    MESSAGE(V2("\xa0", "\x02\x04\x7f\xee\xdd\xcc"), 2, SNMP_REQUEST, true,
	0x7feeddcc),
    MESSAGE(V2("\xa1", "\x02\x01\x05"), 2, SNMP_REQUEST, true, 5),
    MESSAGE(V2("\xa2", "\x02\x01\x00"), 2, SNMP_RESPONSE, true, 0),
    MESSAGE(V2("\xa3", "\x02\x02\x01\x00"), 2, SNMP_REQUEST, true, 256),
    MESSAGE(V2("\xa5", "\x02\x01\xff"), 2, SNMP_REQUEST, true, 0xffffffff),
    MESSAGE(
	V2("\xa6", "\x02\x05\x00\xff\0\0\0"), 2, SNMP_INFORM, true, 0xff000000),
    MESSAGE(V2("\xa7", "\x02\x01\x07"), 2, SNMP_TRAP, true, 7),
    MESSAGE(V2("\xa8", "\x02\x01\x08"), 2, SNMP_REPORT, true, 8),
    MESSAGE(V2("\xa9", "\x02\x01\x08"), 2, SNMP_UNKNOWN, false, 0),
    MESSAGE("\x30\x20\x02\x01\x00\x04\x00\xa4\x10\x06\x08\x2b", 1, SNMP_TRAP,
	false, 0),
    MESSAGE("\x30\x82\x01\x10\x02\x01\x00\x04\x01p\xa0\x82\x01\x00\x02\x01\x09",
	1, SNMP_REQUEST, true, 9),
    MESSAGE(V3("\4", SCOPED("\xa0")), 3, SNMP_REQUEST, true, 0x12345678),
    MESSAGE(V3("\0", SCOPED("\xa8")), 3, SNMP_REPORT, true, 0x12345678),
    MESSAGE(V3("\1", SCOPED("\xa2")), 3, SNMP_RESPONSE, true, 0x12345678),
    MESSAGE(
	V3("\7", "\x04\x20garble"), 3, SNMP_ENCRYPTED_ASKS, true, 0x12345678),
    MESSAGE(V3("\3", "\x04\x20garble"), 3, SNMP_ENCRYPTED, true, 0x12345678),
    /* Cut by a snaplen. */
    MESSAGE(
	V3_HEAD("\7") "\x04\x30\x30", 3, SNMP_ENCRYPTED_ASKS, true, 0x12345678),
    MESSAGE(V3_HEAD("\3") "\x04\x30\x30", 3, SNMP_ENCRYPTED, true, 0x12345678),
    MESSAGE(V3("\4", "\x30"), 3, SNMP_ENCRYPTED_ASKS, true, 0x12345678),
    MESSAGE(V3("\0", "\x30\x11\x04"), 3, SNMP_ENCRYPTED, true, 0x12345678),
    MESSAGE(
	"\x30\x4d\x02\x01\x03\x30\x10\x02\x01\x05", 3, SNMP_UNKNOWN, true, 5),
    MESSAGE("\x30\x1a\x02\x01\x01\x04\x06pub", 2, SNMP_UNKNOWN, false, 0),
};
#define N_MESSAGES (sizeof(messages) / sizeof(messages[0]))

START_TEST(id_and_kind_are_read)
{
	const struct message *m = &messages[_i];
	struct snmp_id s;

	ck_assert(snmp_id_decode(&s, (const unsigned char *)m->bytes, m->len));
	ck_assert_uint_eq(s.version, m->version);
	ck_assert_int_eq(s.pdu, m->pdu);
	ck_assert_int_eq(s.has_id, m->has_id);
	ck_assert_uint_eq(s.id, m->id);
}
END_TEST

START_TEST(other_payload_is_not_snmp)
{
	static const struct {
		const char *bytes;
		size_t len;
	} others[] = {
	    {"", 0},
	    {"\x30", 1},
	    {"\x30\x80\x02\x01\x01\x04\x00", 7}, /* indefinite length */
	    {"\x30\x0c\x02\x01\x02\x04\x00", 7}, /* version 2: v2p */
	    {"\x30\x0c\x02\x00\x04\x00", 6},     /* an integer of no bytes */
	    {"\x31\x0c\x02\x01\x01\x04\x00", 7},
	    {"\x30\x0c\x02\x01\x01\x63\x84", 7}, /* CLDAP */
	    {"\x30\x0c\x02\x01\x03\x63\x84", 7},
	    {"\x30\x85\0\0\0\0\x07\x02\x01\x01", 10},
	    {"GET / HTTP/1.1", 14},
	};
	struct snmp_id s;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		ck_assert_msg(
		    !snmp_id_decode(&s, (const unsigned char *)others[i].bytes,
			others[i].len),
		    "%zu", i);
}
END_TEST

static void
sink(const void *data, size_t len)
{
	struct snmp_id s;

	if (snmp_id_decode(&s, data, len))
		unit_must(
		    s.version >= 1 && s.version <= 3 && (s.has_id || s.id == 0),
		    "version %u", s.version);
}

START_TEST(hostile_messages_do_no_harm)
{
	for (size_t i = 0; i < N_MESSAGES; i++) {
		mutate_truncate(messages[i].bytes, messages[i].len, sink);
		mutate_random(messages[i].bytes, messages[i].len, 300, sink);
	}
}
END_TEST

UNIT_TABLE("snmp_id", id_and_kind_are_read, N_MESSAGES,
    other_payload_is_not_snmp, hostile_messages_do_no_harm)
