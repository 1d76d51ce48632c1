/* refusal.c - the packet's IP header and eight bytes more, quoted. */
#include <netinet/in.h>
#include <string.h>

#include "ip.h"
#include "refusal.h"

enum { UNREACHABLE = 3, PROHIBITED = 13, QUOTED = 28 };

static void
refuse(struct world *w, const struct packet *about)
{
	static unsigned char bytes[FRAME_MAX];
	struct put quote = {bytes, 0};
	struct packet copy = *about, *const list[] = {&copy}, *p;
	/* Its time to live is less there than where it began. */
	struct view view = {
	    .settings = w->settings, .side = DEVICE, .packets = list, .n = 1};
	struct flow *f;

	if (about->way == BACK)
		return;
	f = world_flow(w, KIND_ICMP, IPPROTO_ICMP, 0, 0);
	copy.pieces = 1;
	ip_write(&quote, &view);
	f->router = true;
	f->icmp_id[SERVER] = 0;
	p = world_packet(w, f, BACK, QUOTED);
	p->icmp_type = UNREACHABLE;
	p->icmp_code = PROHIBITED;
	memcpy(p->data, bytes, QUOTED);
	world_send(w, p);
}

void
refusal_begin(struct world *w)
{
	w->on_lost = refuse;
}
