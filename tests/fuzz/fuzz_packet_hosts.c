/* fuzz_packet_hosts.c - any frame of any link type: the first two bytes. */
#include "fuzz.h"

#include "split/packet_hosts.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet_hosts h;

	if (size < 2)
		return 0;
	packet_hosts_find(&h, data[0] << 8 | data[1], data + 2, size - 2);
	PROMISE(h.n <= PACKET_HOSTS_MAX);
	for (size_t i = 0; i < h.n; i++) {
		size_t len = h.family == AF_INET6 ? 16 : 4;

		PROMISE(h.ip[i] >= data + 2);
		PROMISE(h.ip[i] + len <= data + size);
	}
	return 0;
}
