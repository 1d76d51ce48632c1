/* capture.h - the packet capture of one simulated device, and its file.
 *
 * Synthetic: a valid pcap file (draft-ietf-opsawg-pcap) with the device's
 * address in every packet, written when the capture stops.  Or a real
 * tcpdump(8) on an interface, limited to the device's address.
 */
#ifndef LAB_CAPTURE_H
#define LAB_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/fail.h"
#include "loop/loop.h"

enum capture_state {
	CAPTURE_OFF,
	CAPTURE_STARTING, /* tcpdump does not listen yet */
	CAPTURE_ON,
	CAPTURE_ENDING /* tcpdump has yet to read what has arrived */
};

struct capture_plan {
	const char *path; /* of the file; ends in .pcap */
	struct addr address;
	int64_t size;          /* synthetic: about so many bytes */
	const char *interface; /* NULL: synthetic */
	const char *tcpdump;   /* absolute path */
	int64_t clock;         /* s ahead of this host's: of all stamps */
};

struct capture;
/* The state has changed, to on or to off, and not within a call below. */
typedef void capture_changed(void *arg);

/* What `plan` points at outlives the capture. */
struct capture *capture_new(struct loop *lp, const struct capture_plan *plan,
    capture_changed *changed, void *arg);
/* Start, or start again: the old file is overwritten.  False and FAIL_LOCAL in
 * `why` if the file or tcpdump cannot be had. */
bool capture_start(struct capture *c, struct fail *why);
/* Off at once when synthetic, after a second when real. */
bool capture_stop(struct capture *c, struct fail *why);
enum capture_state capture_state(const struct capture *c);
/* End without a file: what a restart does. */
void capture_lose(struct capture *c);
/* A running tcpdump is killed; the file stays.  NULL is accepted. */
void capture_free(struct capture *c);

#endif
