/* fuzz_ip_packet.c - any bytes as an IP packet, and what it quotes.
 *
 * The first byte is how much more was on the wire than was captured.
 */
#include "fuzz.h"

#include "wire/ip_packet.h"

static void
must_fit(const struct ip_packet *p, const uint8_t *data, size_t size)
{
	PROMISE(p->head <= p->length);
	PROMISE(p->data >= data && p->data + p->n_data <= data + size);
	PROMISE(p->n_data <= p->data_length);
	PROMISE(
	    p->n_options == 0 ||
	    (p->options >= data && p->options + p->n_options <= data + size));
	PROMISE(p->fragment == (p->at > 0 || p->more));
	(void)ip_packet_is_local(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ip_packet p, q;
	size_t more;

	if (size == 0)
		return 0;
	more = *data++;
	size--;
	if (!ip_packet_decode(&p, data, size, size + more * 300))
		return 0;
	PROMISE(p.length <= size + more * 300);
	must_fit(&p, data, size);
	if (p.what == IP_ICMP_ERROR && ip_packet_decode_quote(&q, &p))
		must_fit(&q, data, size);
	return 0;
}
