/* fuzz_pcap_file.c - any file as a capture, whole and in pieces.
 *
 * The first byte is the length of the pieces.
 */
#include "fuzz.h"

#include "wire/pcap_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pcap_walk *whole = pcap_walk_new();
	struct pcap_walk *pieces = pcap_walk_new();
	size_t piece = size && data[0] ? data[0] : 1;

	for (size_t at = 1; at < size; at += piece)
		pcap_walk_add(
		    pieces, data + at, size - at < piece ? size - at : piece);
	if (size > 1)
		pcap_walk_add(whole, data + 1, size - 1);
	PROMISE(pcap_walk_verdict(whole) == pcap_walk_verdict(pieces));
	PROMISE(pcap_walk_packets(whole) == pcap_walk_packets(pieces));
	PROMISE(pcap_walk_first_us(whole) == pcap_walk_first_us(pieces));
	PROMISE(pcap_walk_last_us(whole) == pcap_walk_last_us(pieces));
	PROMISE(pcap_walk_first_us(whole) <= pcap_walk_last_us(whole));
	pcap_walk_free(whole);
	pcap_walk_free(pieces);
	return 0;
}
