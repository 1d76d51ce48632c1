/* fuzz_snmp_id.c - any UDP payload as an SNMP message. */
#include "fuzz.h"

#include "wire/snmp_id.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct snmp_id s;

	if (!snmp_id_decode(&s, data, size))
		return 0;
	PROMISE(s.version >= 1 && s.version <= 3);
	PROMISE(s.has_id || s.id == 0);
	PROMISE(s.version == 3 || s.pdu < SNMP_ENCRYPTED_ASKS);
	return 0;
}
