/* fragments.c - see fragments.h. */
#include "compare/fragments.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define RING_SIZE  64
#define PIECES_MAX 64 /* of 64 KiB at the usual size, 45; others count */
/* RFC 791 lets IP ids come again, RFC 8200 keeps pieces for 60 s; here they
 * are seconds apart at the most. */
#define LIFE_NS INT64_C(30000000000)

struct datagram {
	unsigned char from[16], to[16];
	uint32_t id;
	uint8_t protocol, version; /* 0: free */
	int64_t time;              /* of its latest piece */
	uint32_t record;
	uint32_t seen, total; /* bytes; 0: the last piece was not seen */
	uint32_t header;      /* of the transport, in the first piece */
	/* Where those begin that were seen, in units of 8 bytes, so that copies
	 * are not counted. */
	uint16_t at[PIECES_MAX];
	unsigned n;
};

struct fragments {
	struct datagram ring[RING_SIZE];
	unsigned next;
};

struct fragments *
fragments_new(void)
{
	return xcalloc(1, sizeof(struct fragments));
}

void
fragments_free(struct fragments *f)
{
	free(f);
}

static bool
is_of(const struct datagram *d, const struct ip_packet *p)
{
	size_t n = p->version == 4 ? 4 : 16;

	return d->id == p->id && d->version == p->version &&
	       d->protocol == p->protocol && memcmp(d->from, p->from, n) == 0 &&
	       memcmp(d->to, p->to, n) == 0;
}

static void
begin(struct datagram *d, const struct ip_packet *p)
{
	size_t n = p->version == 4 ? 4 : 16;

	memset(d, 0, sizeof(*d));
	memcpy(d->from, p->from, n);
	memcpy(d->to, p->to, n);
	d->id = p->id;
	d->protocol = p->protocol;
	d->version = p->version;
	d->record = FRAGMENTS_NO_RECORD;
}

static bool
is_whole(const struct datagram *d)
{
	return d->total > 0 && d->seen >= d->total;
}

/* That of this piece, which may be its first. */
static struct datagram *
find(struct fragments *f, const struct ip_packet *p, int64_t time)
{
	struct datagram *d;

	for (unsigned i = 0; i < RING_SIZE; i++) {
		d = &f->ring[i];
		if (!is_of(d, p))
			continue;
		/* The id again, for another datagram or copies of all of it. */
		if (is_whole(d) || time - d->time > LIFE_NS ||
		    d->time - time > LIFE_NS)
			begin(d, p);
		return d;
	}
	d = &f->ring[f->next++ % RING_SIZE];
	begin(d, p);
	return d;
}

/* Was this piece seen before?  It is now. */
static bool
seen_before(struct datagram *d, const struct ip_packet *p)
{
	uint16_t at = (uint16_t)(p->at / 8);

	for (unsigned i = 0; i < d->n; i++)
		if (d->at[i] == at)
			return true;
	if (d->n < PIECES_MAX)
		d->at[d->n++] = at;
	return false;
}

/* What is known of the datagram, into its record. */
static void
update(const struct datagram *d, struct record *r)
{
	/* Of these it is something else. */
	if (r->what != RECORD_TCP && r->what != RECORD_ICMP_ERROR)
		r->seq = d->seen;
	r->bits |= RECORD_FRAGMENTED;
	if (is_whole(d))
		r->bits &= (uint16_t)~RECORD_INCOMPLETE;
	else
		r->bits |= RECORD_INCOMPLETE;
	/* Only UDP says in the first piece how long all is. */
	if (d->protocol != IPPROTO_UDP && d->total > d->header)
		r->length = d->total - d->header;
}

void
fragments_add(struct fragments *f, struct record *records,
    const struct ip_packet *p, int64_t time, uint32_t index)
{
	struct datagram *d = find(f, p, time);

	d->time = time;
	if (index != FRAGMENTS_NO_RECORD) {
		d->record = index;
		d->header = p->protocol == IPPROTO_UDP
				? 0
				: p->payload - p->data_length;
	}
	if (!seen_before(d, p))
		d->seen += p->payload;
	if (!p->more)
		d->total = p->at + p->payload;
	if (d->record != FRAGMENTS_NO_RECORD)
		update(d, &records[d->record]);
}
