/* pcap_in.c - the whole file in memory, walked once. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "pcap_in.h"

#define FILE_MAX (256u << 20)

static uint32_t
number(const struct pcap_in *in, size_t at)
{
	const unsigned char *b = in->bytes + at;

	if (at + 4 > in->len)
		return 0;
	if (in->big)
		return (uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3];
	return (uint32_t)b[3] << 24 | b[2] << 16 | b[1] << 8 | b[0];
}

static bool
know_form(struct pcap_in *in)
{
	static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34};
	size_t i;
	int big;

	in->ng = number(in, 0) == 0x0a0d0d0a;
	if (in->ng) {
		in->big = number(in, 8) != 0x1a2b3c4d;
		return in->len >= 28;
	}
	for (big = 0; big < 2; big++) {
		in->big = big == 1;
		for (i = 0; i < 3; i++) {
			if (number(in, 0) != magics[i])
				continue;
			in->header = i == 2 ? 24 : 16;
			in->link = number(in, 20);
			in->at = 24;
			return in->len >= 24;
		}
	}
	return false;
}

bool
pcap_in_open(struct pcap_in *in, const char *path)
{
	struct stat st;

	memset(in, 0, sizeof(*in));
	in->bytes = (unsigned char *)bytes_read(
	    bytes_open(path, 0, &st), FILE_MAX, &in->len);
	return in->bytes != NULL && know_form(in);
}

static bool
next_block(struct pcap_in *in, struct packet_in *p)
{
	uint32_t len;

	for (;;) {
		len = number(in, in->at + 4);
		if (in->at + 12 > in->len || len > in->len - in->at)
			return false;
		if (number(in, in->at) == 6)
			break;
		if (number(in, in->at) == 1)
			in->link = in->big ? number(in, in->at + 8) >> 16
					   : number(in, in->at + 8) & 0xffff;
		in->at += len;
	}
	p->bytes = in->bytes + in->at + 28;
	p->kept = number(in, in->at + 20);
	p->len = number(in, in->at + 24);
	p->link = in->link;
	in->at += len;
	return p->kept + 32 <= len;
}

bool
pcap_in_next(struct pcap_in *in, struct packet_in *p)
{
	if (in->ng)
		return next_block(in, p);
	if (in->at + in->header > in->len)
		return false;
	p->kept = number(in, in->at + 8);
	p->len = number(in, in->at + 12);
	if (p->kept > in->len - in->at - in->header)
		return false;
	p->bytes = in->bytes + in->at + in->header;
	p->link = in->link;
	in->at += in->header + p->kept;
	return true;
}

void
pcap_in_close(struct pcap_in *in)
{
	bytes_free((char *)in->bytes, in->len + 1);
}
