/* ber.h - SNMP messages as the standards want them: RFC 3412, 3414, 3416.
 */
#ifndef PAIRS_BER_H
#define PAIRS_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"

#define BER_MAX 2048

enum ber_pdu {
	BER_GET = 0xa0,
	BER_RESPONSE = 0xa2,
	BER_GET_BULK = 0xa5,
	BER_TRAP = 0xa7,
	BER_REPORT = 0xa8
};

struct ber_message {
	enum ber_pdu pdu;
	uint32_t id; /* msgID of version 3, else the request-id */
	uint32_t up; /* hundredths of a second since the engine started */
	size_t room; /* about how many bytes of values it brings */
	bool v2c, discovers;
};

/* The message's bytes, of which there are at most BER_MAX.  What the third
 * version encrypts comes from the dice. */
size_t ber_message(
    unsigned char to[BER_MAX], const struct ber_message *m, struct dice *d);

#endif
