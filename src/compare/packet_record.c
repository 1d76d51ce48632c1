/* packet_record.c - see packet_record.h. */
#include "compare/packet_record.h"

#include <netinet/in.h>

#include "base/hash.h"
#include "compare/flow.h"
#include "wire/snmp_id.h"

#define PORT_TRAP     162      /* RFC 3417 section 3 */
#define PORT_TRAP_TLS 10162    /* RFC 6353, and where 162 is taken */
#define LENGTH_MAX    0xfffffu /* of a record: more than any super-packet */
#define HEAD_MAX      0xffu
#define WHAT_MAX      0xfu

_Static_assert(sizeof(struct record) == 40, "a record has 40 bytes");
_Static_assert(RECORD_WHAT_COUNT - 1 <= WHAT_MAX, "4 bits have each kind");

/* The first bytes of the payload, `depth` at most. */
static uint64_t
hash_payload(
    struct record *r, uint64_t key, const struct ip_packet *p, uint32_t depth)
{
	uint32_t n = p->data_length < depth ? p->data_length : depth;

	if (p->n_data < n) {
		r->bits |= RECORD_SHORT;
		n = p->n_data;
	}
	return hash_bytes(key, p->data, n);
}

static bool
is_to_manager(const struct ip_packet *p)
{
	return p->to_port == PORT_TRAP || p->to_port == PORT_TRAP_TLS;
}

static enum record_what
snmp_what(const struct ip_packet *p, enum snmp_pdu pdu)
{
	switch (pdu) {
	case SNMP_REQUEST:
		return RECORD_SNMP_REQUEST;
	case SNMP_RESPONSE:
		return RECORD_SNMP_RESPONSE;
	case SNMP_REPORT:
		return RECORD_SNMP_REPORT;
	case SNMP_TRAP:
		return RECORD_SNMP_TRAP;
	case SNMP_INFORM:
		return RECORD_SNMP_INFORM;
	case SNMP_ENCRYPTED_ASKS:
		return is_to_manager(p) ? RECORD_SNMP_INFORM
					: RECORD_SNMP_REQUEST;
	case SNMP_ENCRYPTED:
		return is_to_manager(p) ? RECORD_SNMP_TRAP : RECORD_SNMP_HIDDEN;
	case SNMP_UNKNOWN:
		break;
	}
	return RECORD_UDP;
}

static void
fill_snmp(struct record *r, const struct ip_packet *p)
{
	struct snmp_id id;

	if (!snmp_id_decode(&id, p->data, p->n_data))
		return;
	r->what = snmp_what(p, id.pdu) & WHAT_MAX;
	if (!id.has_id)
		return;
	r->exchange = id.id;
	if (r->what == RECORD_SNMP_REQUEST || r->what == RECORD_SNMP_INFORM)
		r->bits |= RECORD_ASKS;
	else if (r->what != RECORD_UDP && r->what != RECORD_SNMP_TRAP)
		r->bits |= RECORD_ANSWERS;
}

static void
set_exchange(struct record *r, uint32_t exchange, uint16_t bits)
{
	r->exchange = exchange;
	r->bits |= bits;
}

static void
fill_tcp(struct record *r, const struct ip_packet *p, uint32_t depth)
{
	uint8_t flags = p->flags & (IP_FIN | IP_SYN | IP_RST);
	bool acks = (p->flags & IP_ACK) != 0;
	uint64_t key = hash_word(p->protocol, p->seq);

	key = hash_word(key, (uint64_t)(acks ? p->ack : 0) << 32 |
				 (uint64_t)flags << 8 | (p->data_length > 0));
	r->key = hash_payload(r, key, p, depth);
	r->what = RECORD_TCP;
	r->seq = p->seq;
	r->bits |= flags | (acks ? RECORD_ACK : 0);
	r->tie |= hash_bytes(p->window, p->options, p->n_options) & 0xffff;
	if (acks)
		set_exchange(r, p->ack,
		    (flags & (IP_SYN | IP_RST)) != 0 ? RECORD_ANSWERS : 0);
	else if ((flags & IP_SYN) != 0)
		set_exchange(r, p->seq + 1, RECORD_ASKS);
}

static void
fill_echo(struct record *r, const struct ip_packet *p, uint32_t depth)
{
	uint64_t key =
	    hash_word(p->protocol, (uint64_t)p->icmp_type << 16 | p->icmp_seq);

	r->key = hash_payload(r, key, p, depth);
	r->what = p->what == IP_ECHO ? RECORD_ECHO : RECORD_ECHO_ANSWER;
	set_exchange(r, (uint32_t)p->icmp_id << 16 | p->icmp_seq,
	    p->what == IP_ECHO ? RECORD_ASKS : RECORD_ANSWERS);
}

/* What address translation leaves alone in the beginning of a transport's
 * header. */
static uint32_t
unchanged(const struct ip_packet *quoted)
{
	switch (quoted->what) {
	case IP_TCP:
		return quoted->seq;
	case IP_UDP:
		return quoted->udp_length;
	case IP_ECHO:
	case IP_ECHO_ANSWER:
		return quoted->icmp_seq;
	case IP_ICMP_ERROR:
	case IP_ICMP_OTHER:
	case IP_TUNNEL:
	case IP_OTHER:
		break;
	}
	return 0;
}

static void
fill_icmp_error(struct record *r, const struct ip_packet *p,
    const struct ip_packet *quoted, const struct record_depth *depth)
{
	uint64_t key =
	    hash_word(p->protocol, (uint64_t)p->icmp_type << 8 | p->icmp_code);

	r->what = RECORD_ICMP_ERROR;
	r->seq = FLOW_NONE;
	if (quoted != NULL) {
		struct record of;

		record_fill(&of, quoted, NULL, depth);
		r->exchange = of.exchange;
		key = hash_word(
		    key, (uint64_t)quoted->protocol << 32 | unchanged(quoted));
	}
	r->key = key;
}

static void
fill_other(struct record *r, const struct ip_packet *p, uint32_t depth)
{
	/* Only a datagram in pieces still says how long it is. */
	uint64_t length = p->protocol == IPPROTO_UDP ? p->data_length : 0;
	uint64_t kind = p->what == IP_ICMP_OTHER
			    ? (uint64_t)p->icmp_type << 8 | p->icmp_code
			    : 0;

	r->key = hash_payload(
	    r, hash_word(p->protocol, kind << 32 | length), p, depth);
	switch (p->what) {
	case IP_TUNNEL:
		r->what = RECORD_TUNNEL;
		break;
	case IP_ICMP_OTHER:
		r->what = RECORD_ICMP_OTHER;
		break;
	case IP_UDP:
		r->what = RECORD_UDP;
		fill_snmp(r, p);
		break;
	default:
		r->what = RECORD_OTHER;
		break;
	}
}

void
record_fill(struct record *r, const struct ip_packet *p,
    const struct ip_packet *quoted, const struct record_depth *depth)
{
	*r = (struct record){.ttl = p->ttl, .dscp = p->dscp};
	r->length = p->data_length < LENGTH_MAX ? p->data_length : LENGTH_MAX;
	r->head = p->head < HEAD_MAX ? p->head : HEAD_MAX;
	r->tie = (p->id & 0xffff) << 16;
	if (p->fragment)
		r->bits = RECORD_FRAGMENTED;
	/* Both are 0 in anything but ICMP. */
	r->tie |= (uint32_t)p->icmp_type << 8 | p->icmp_code;
	switch (p->what) {
	case IP_TCP:
		fill_tcp(r, p, depth->tcp);
		break;
	case IP_ECHO:
	case IP_ECHO_ANSWER:
		fill_echo(r, p, depth->other);
		break;
	case IP_ICMP_ERROR:
		fill_icmp_error(r, p, quoted, depth);
		break;
	case IP_UDP:
	case IP_ICMP_OTHER:
	case IP_TUNNEL:
	case IP_OTHER:
		fill_other(r, p, depth->other);
		break;
	}
}
