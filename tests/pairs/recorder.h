/* recorder.h - what one side's recorder is set to, and what it does wrong.
 *
 * Times are those of settings.h.  Pure data.
 */
#ifndef PAIRS_RECORDER_H
#define PAIRS_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

enum link {
	LINK_ETHERNET,
	LINK_VLAN,
	LINK_QINQ,
	LINK_PPPOE,
	LINK_MPLS,
	LINK_SLL,
	LINK_SLL2,
	LINK_RAW,
	LINK_IPV4,
	LINK_NULL,
	LINK_LOOP,
	LINK_PPP,
	LINK_PPP_SERIAL
};
enum format {
	FORMAT_PCAP,
	FORMAT_NANO,
	FORMAT_SWAPPED,
	FORMAT_SWAPPED_NANO,
	FORMAT_MODIFIED,
	FORMAT_NG,
	FORMAT_NG_NANO
};
enum tunnel { TUNNEL_NONE, TUNNEL_ESP, TUNNEL_UDP };
enum damage {
	DAMAGE_NONE,
	DAMAGE_EMPTY,
	DAMAGE_ZERO,
	DAMAGE_CUT,
	DAMAGE_GARBAGE,
	DAMAGE_LENGTH
};

struct recorder {
	int64_t from, until;
	int64_t blind_at, blind_for; /* also a hole between two pieces */
	unsigned drops;              /* in 10 000 */
	unsigned ways;               /* that it records */
	unsigned snaplen, pieces;
	bool hops; /* copies are forwarded ones */
	bool copies, super, overlap, shuffled, hole;
	enum link link;
	enum format format;
	enum tunnel tunnel;
	enum damage damage;
};

#endif
