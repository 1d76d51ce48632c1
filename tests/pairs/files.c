/* files.c - pieces, stamps, damages, and the list of identities. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xmem.h"
#include "files.h"
#include "frame.h"
#include "pcap_out.h"

#define STAMP "192.0.2.10_2026-11-23T03.00.00"

struct writer {
	const struct world *w;
	const char *folder;
	FILE *identities;
	struct files *files;
};

int64_t
files_device_time(const struct settings *s, int64_t at)
{
	const struct wrong_clock *c = &s->clock;
	int64_t wrong = at + c->offset + at / SECOND * c->drift +
			at % SECOND * c->drift / SECOND;

	return c->step_by != 0 && at >= c->step_at ? wrong + c->step_by : wrong;
}

static void
write_record(struct writer *to, struct pcap_out *out, enum side side,
    const struct record *r, bool cut)
{
	static unsigned char bytes[FRAME_MAX];
	const struct settings *s = to->w->settings;
	struct view v = {s, side, r->packets, r->n, r->piece, r->hops,
	    pcap_out_swapped(s->recorder[side].format), r->packets[0]->id + 1};
	int64_t at = side == SERVER ? r->at : files_device_time(s, r->at);
	size_t len = frame_write(bytes, &v);
	unsigned i;

	pcap_out_packet(out, EVENT_WALL * SECOND + at, bytes, len);
	if (cut)
		return; /* nobody can read it */
	fprintf(to->identities, "record %u %u", to->files->n, r->piece);
	for (i = 0; i < r->n; i++)
		fprintf(to->identities, " %u", r->packets[i]->id);
	fputc('\n', to->identities);
}

/* Which records are in a piece: equal parts; the ring's begin a little before
 * the end of the last one where they overlap; a hole ends the first. */
static void
bounds(const struct recorder *r, const struct capture *c, unsigned piece,
    size_t *from, size_t *until)
{
	size_t i;

	*from = c->n * piece / r->pieces;
	*until = c->n * (piece + 1) / r->pieces;
	if (r->overlap && piece > 0)
		*from -= c->n / r->pieces / 8;
	if (!r->hole)
		return;
	for (i = 0; i < c->n && c->records[i].at < r->blind_at; i++)
		;
	*from = piece == 0 ? 0 : i;
	*until = piece == 0 ? i : c->n;
}

static char *
name_of(enum side side, unsigned piece)
{
	if (side == SERVER)
		return xasprintf("OVOC_device_" STAMP "Z-%u.pcap", piece);
	/* A campaign gives one name a capture. */
	return piece == 0
		   ? xstrdup("CPE_device_" STAMP "Z.pcap")
		   : xasprintf("CPE_device_" STAMP ".%06uZ.pcap", piece * 1000);
}

/* Of files that have no records, but for those that are cut. */
static bool
damage(const char *path, enum damage damage)
{
	unsigned i, n = damage == DAMAGE_LENGTH ? 16 : 4000;
	struct stat st;
	FILE *f;

	if (damage == DAMAGE_NONE || damage == DAMAGE_EMPTY)
		return true;
	if (damage == DAMAGE_ZERO)
		return truncate(path, 0) == 0;
	if (damage == DAMAGE_CUT)
		return stat(path, &st) == 0 &&
		       truncate(path, st.st_size - 5) == 0;
	f = fopen(path, damage == DAMAGE_LENGTH ? "ab" : "wb");
	if (f == NULL)
		return false;
	for (i = 0; i < n; i++)
		fputc("\x6b\xed\x7f\x5a\x91"[i % 5] & 0xff, f);
	return fclose(f) == 0;
}

static bool
write_piece(
    struct writer *to, const struct capture *c, unsigned piece, char *name)
{
	const struct recorder *r = &to->w->settings->recorder[c->side];
	char *path = xasprintf("%s/%s", to->folder, name);
	struct pcap_out *out =
	    pcap_out_open(path, r->format, r->link, r->snaplen);
	size_t from, until;
	bool good = out != NULL;

	if (good) {
		bounds(r, c, piece, &from, &until);
		for (; from < until; from++)
			write_record(to, out, c->side, &c->records[from],
			    r->damage == DAMAGE_CUT && from + 1 == until);
		good = pcap_out_close(out) && damage(path, r->damage);
	}
	free(path);
	to->files->names[to->files->n++] = name;
	return good;
}

static bool
write_side(struct writer *to, const struct capture *c)
{
	const struct recorder *r = &to->w->settings->recorder[c->side];
	unsigned i, piece;
	bool good = true;

	for (i = 0; i < r->pieces; i++) {
		piece = r->shuffled ? (i * 3 + 1) % r->pieces : i;
		if (r->shuffled && r->pieces == 3)
			piece = 2 - i;
		good =
		    write_piece(to, c, piece, name_of(c->side, piece)) && good;
	}
	return good;
}

static void
write_fates(struct writer *to)
{
	static const char *const kinds[] = {
	    "snmp", "trap", "icmp", "tcp", "udp"};
	const struct packet *p;
	size_t i;

	for (i = 0; i < to->w->n_packets; i++) {
		p = to->w->packets[i];
		fprintf(to->identities, "packet %u %s %s %s %u\n", p->id,
		    packet_counts(p) ? kinds[p->flow->kind] : "other",
		    p->way == THERE ? "there" : "back",
		    packet_arrived(p) ? "arrived" : "lost", p->pieces);
	}
}

bool
files_write(struct files *f, const struct world *w,
    const struct capture captures[SIDES], const char *folder)
{
	struct writer to = {w, folder, NULL, f};
	char *path = xasprintf("%s/identities", folder);
	bool good;

	f->n = 0;
	to.identities = fopen(path, "w");
	if (to.identities == NULL) {
		perror(path);
		free(path);
		return false;
	}
	good = write_side(&to, &captures[SERVER]);
	good = write_side(&to, &captures[DEVICE]) && good;
	write_fates(&to);
	good = fclose(to.identities) == 0 && good;
	free(path);
	return good;
}

void
files_free(struct files *f)
{
	while (f->n > 0)
		free(f->names[--f->n]);
}
