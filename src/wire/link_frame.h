/* link_frame.h - where in a captured frame the IP packet begins.
 *
 * Ethernet (802.1Q and 802.1ad tags, PPPoE session, MPLS, LLC/SNAP), Linux
 * cooked 1 and 2, raw IP, BSD loopback, PPP.  Link types are libpcap's DLT_
 * numbers for Linux.  Pure, and lenient: a frame that ends early is LINK_CUT.
 */
#ifndef WIRE_LINK_FRAME_H
#define WIRE_LINK_FRAME_H

#include <stdbool.h>
#include <stddef.h>

enum link_verdict {
	LINK_IP,
	LINK_NO_IP, /* ARP, LLDP, spanning tree, ... */
	LINK_CUT    /* its headers are not all there */
};

struct link_frame {
	size_t offset; /* of the IP packet; never beyond the frame */
	int version;   /* 4 or 6, as its first half-byte says, too */
};

bool link_type_known(int link_type);
/* `data` are the first `len` bytes of a frame of a known link type; `f` is set
 * if it is LINK_IP, with at least one byte behind the offset. */
enum link_verdict link_frame_decode(
    struct link_frame *f, int link_type, const unsigned char *data, size_t len);

#endif
