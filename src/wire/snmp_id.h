/* snmp_id.h - which SNMP question or answer is this?
 *
 * SNMPv1 and v2c (RFC 1157, RFC 3416) by their request id, SNMPv3 by its
 * message id (RFC 3412 section 6), which a response shares with its request.
 * Bounded and lenient: what a cut packet still shows is enough.
 */
#ifndef WIRE_SNMP_ID_H
#define WIRE_SNMP_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum snmp_pdu {
	SNMP_UNKNOWN, /* not readable: cut, or no PDU that is known */
	SNMP_REQUEST, /* Get, GetNext, GetBulk, Set */
	SNMP_RESPONSE,
	SNMP_REPORT,
	SNMP_TRAP,
	SNMP_INFORM,
	/* SNMPv3, encrypted or cut off before the PDU: */
	SNMP_ENCRYPTED_ASKS, /* with reportableFlag: request or inform */
	SNMP_ENCRYPTED       /* without: response, report or trap */
};

struct snmp_id {
	unsigned version; /* 1, 2 or 3 */
	enum snmp_pdu pdu;
	bool has_id; /* a v1 trap has none; of others it may be cut */
	uint32_t id;
};

/* False if the bytes are not the beginning of an SNMP message. */
bool snmp_id_decode(struct snmp_id *s, const unsigned char *data, size_t len);

#endif
