/* snmp_id.c - see snmp_id.h. */
#include "wire/snmp_id.h"

#include <string.h>

/* BER (X.690): universal types and the PDUs of RFC 1157 and RFC 3416. */
enum {
	BER_INTEGER = 0x02,
	BER_OCTETS = 0x04,
	BER_SEQUENCE = 0x30,
	BER_PDU_GET = 0xa0,
	BER_PDU_TRAP_V1 = 0xa4,
	BER_PDU_LAST = 0xa8
};

#define V3_REPORTABLE 4 /* of msgFlags: RFC 3412 section 6.4 */

/* What is left of the message. */
struct ber {
	const unsigned char *p;
	size_t left;
};

/* Type and length of what comes next.  The length is not believed: what is
 * captured may be less. */
static bool
ber_head(struct ber *b, unsigned *type, size_t *len)
{
	unsigned n;

	if (b->left < 2)
		return false;
	*type = b->p[0];
	*len = b->p[1];
	b->p += 2;
	b->left -= 2;
	if (*len < 0x80)
		return true;
	n = *len & 0x7fu;
	if (n == 0 || n > 4 || n > b->left)
		return false;
	for (*len = 0; n > 0; n--, b->left--)
		*len = *len << 8 | *b->p++;
	return true;
}

/* Go into a sequence, or a PDU. */
static bool
ber_enter(struct ber *b, unsigned *type)
{
	size_t len;

	return ber_head(b, type, &len);
}

/* A value that is all there. */
static bool
ber_value(struct ber *b, unsigned type, const unsigned char **p, size_t *len)
{
	unsigned found;

	if (!ber_head(b, &found, len) || found != type || *len > b->left)
		return false;
	*p = b->p;
	b->p += *len;
	b->left -= *len;
	return true;
}

static bool
ber_skip(struct ber *b, unsigned type)
{
	const unsigned char *p;
	size_t len;

	return ber_value(b, type, &p, &len);
}

/* 32 bits; some write them with a fifth byte of zero, or as they like. */
static bool
ber_integer(struct ber *b, uint32_t *value)
{
	const unsigned char *p;
	size_t len;

	if (!ber_value(b, BER_INTEGER, &p, &len) || len == 0 || len > 8)
		return false;
	*value = (p[0] & 0x80) != 0 ? UINT32_MAX : 0;
	for (size_t i = 0; i < len; i++)
		*value = *value << 8 | p[i];
	return true;
}

static enum snmp_pdu
pdu_of(unsigned type)
{
	static const enum snmp_pdu pdus[] = {SNMP_REQUEST, SNMP_REQUEST,
	    SNMP_RESPONSE, SNMP_REQUEST, SNMP_TRAP, SNMP_REQUEST, SNMP_INFORM,
	    SNMP_TRAP, SNMP_REPORT};

	if (type < BER_PDU_GET || type > BER_PDU_LAST)
		return SNMP_UNKNOWN;
	return pdus[type - BER_PDU_GET];
}

/* RFC 1157, RFC 1901: community, PDU. */
static bool
decode_v1(struct snmp_id *s, struct ber *b)
{
	unsigned type;

	if (b->left > 0 && b->p[0] != BER_OCTETS)
		return false;
	if (!ber_skip(b, BER_OCTETS) || !ber_enter(b, &type))
		return true;
	s->pdu = pdu_of(type);
	if (s->pdu != SNMP_UNKNOWN && type != BER_PDU_TRAP_V1)
		s->has_id = ber_integer(b, &s->id);
	return true;
}

static enum snmp_pdu
encrypted(bool reportable)
{
	return reportable ? SNMP_ENCRYPTED_ASKS : SNMP_ENCRYPTED;
}

/* RFC 3412 section 6: the scoped PDU, or an encrypted one; what is cut off says
 * as much as what is encrypted. */
static void
read_scoped_pdu(struct snmp_id *s, struct ber *b, bool reportable)
{
	unsigned type;

	s->pdu = encrypted(reportable);
	if (!ber_enter(b, &type) || type != BER_SEQUENCE)
		return;
	if (ber_skip(b, BER_OCTETS) && ber_skip(b, BER_OCTETS) &&
	    ber_enter(b, &type))
		s->pdu = pdu_of(type);
}

static bool
decode_v3(struct snmp_id *s, struct ber *b)
{
	const unsigned char *flags;
	bool reportable;
	uint32_t ignored;
	unsigned type;
	size_t len;

	if (b->left > 0 && b->p[0] != BER_SEQUENCE)
		return false;
	if (!ber_enter(b, &type))
		return true;
	s->has_id = ber_integer(b, &s->id);
	if (s->has_id && ber_integer(b, &ignored) &&
	    ber_value(b, BER_OCTETS, &flags, &len) && len == 1) {
		reportable = (flags[0] & V3_REPORTABLE) != 0;
		if (ber_integer(b, &ignored) && ber_skip(b, BER_OCTETS))
			read_scoped_pdu(s, b, reportable);
		else
			s->pdu = encrypted(reportable);
	}
	return true;
}

bool
snmp_id_decode(struct snmp_id *s, const unsigned char *data, size_t len)
{
	struct ber b = {data, len};
	uint32_t version;
	unsigned type;

	memset(s, 0, sizeof(*s));
	if (!ber_enter(&b, &type) || type != BER_SEQUENCE ||
	    !ber_integer(&b, &version))
		return false;
	switch (version) {
	case 0:
	case 1:
		s->version = version + 1;
		return decode_v1(s, &b);
	case 3:
		s->version = version;
		return decode_v3(s, &b);
	default:
		return false;
	}
}
