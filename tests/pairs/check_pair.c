/* check_pair.c - does the truth beside two captures say what is in them?
 *
 * usage: check_pair FOLDER
 *
 * Walks each file packet by packet and knows each by its private identity:
 * its bytes must be those of its class and way, equal in both files, and the
 * truth's counts those that come out here.  Prints what is wrong.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "facts.h"
#include "look.h"

struct known {
	char kind[8];
	bool there, arrived;
	unsigned pieces, seen[SIDES];
	uint64_t payload[SIDES];
	bool has_payload[SIDES];
};

struct check {
	struct facts facts;
	const char *folder;
	struct known *known;
	unsigned n_known, wrong;
	char **records; /* "FILE PIECE ID..." in the order of the files */
	unsigned n_records, at;
};

static void __attribute__((format(printf, 2, 3)))
complain(struct check *c, const char *fmt, ...)
{
	va_list ap;

	if (c->wrong++ > 10)
		return;
	va_start(ap, fmt);
	printf("%s %u: ", c->facts.scenario, c->facts.seed);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

static void
read_known(struct check *c, const char *line)
{
	struct known k = {0};
	char way[8], fate[16];
	unsigned id;

	if (sscanf(line, "packet %u %7s %7s %15s %u", &id, k.kind, way, fate,
		&k.pieces) != 5 ||
	    id != c->n_known)
		return;
	k.there = strcmp(way, "there") == 0;
	k.arrived = strcmp(fate, "arrived") == 0;
	if ((c->n_known & (c->n_known - 1)) == 0)
		c->known = xreallocarray(
		    c->known, 2 * c->n_known + 1, sizeof(*c->known));
	c->known[c->n_known++] = k;
}

static void
read_record(struct check *c, const char *line)
{
	if ((c->n_records & (c->n_records - 1)) == 0)
		c->records = xreallocarray(
		    c->records, 2 * c->n_records + 1, sizeof(*c->records));
	c->records[c->n_records++] = xstrdup(line + strlen("record "));
}

static void
read_identities(struct check *c)
{
	char *path = xasprintf("%s/identities", c->folder);
	char line[512];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		perror(path);
		exit(2);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (str_starts(line, "record "))
			read_record(c, line);
		else
			read_known(c, line);
	}
	fclose(f);
	free(path);
}

static void
compare_payload(struct check *c, struct known *k, unsigned id, enum side side,
    const struct looks *l)
{
	k->payload[side] = l->payload;
	k->has_payload[side] = true;
	if (k->has_payload[1 - side] && k->payload[1 - side] != l->payload)
		complain(c, "packet %u: its bytes differ", id);
}

static void
check_record(struct check *c, const struct packet_in *p, enum side side,
    unsigned piece, const char *ids)
{
	struct looks l;
	struct known *k;
	unsigned id = 0, n = 0;
	int used;
	bool good = look(&l, p);

	while (sscanf(ids, "%u%n", &id, &used) == 1 && id < c->n_known) {
		k = &c->known[id];
		k->seen[side] |= 1u << piece;
		ids += used;
		n++;
	}
	k = &c->known[id];
	if (n == 0 || !good) {
		complain(c, "packet %u: no packet of the event", id);
		return;
	}
	if (l.broken)
		complain(c, "packet %u: a checksum or length is wrong", id);
	if (strcmp(l.kind, "tunnel") == 0)
		return;
	if (l.there != k->there || (l.first && strcmp(l.kind, k->kind) != 0))
		complain(c, "packet %u: is %s, not %s", id, l.kind, k->kind);
	if (l.first != (piece == 0))
		complain(c, "packet %u: not that piece", id);
	if (l.whole && n == 1)
		compare_payload(c, k, id, side, &l);
}

static void
check_file(struct check *c, unsigned file)
{
	const char *name = c->facts.files[file];
	char *path = xasprintf("%s/%s", c->folder, name);
	enum side side = str_starts(name, "OVOC_") ? SERVER : DEVICE;
	struct pcap_in in;
	struct packet_in p;
	unsigned of, piece;
	int used = 0;

	if (pcap_in_open(&in, path)) {
		while (pcap_in_next(&in, &p)) {
			if (c->at == c->n_records ||
			    sscanf(c->records[c->at], "%u %u%n", &of, &piece,
				&used) != 2 ||
			    of != file) {
				complain(c, "%s: too many packets", name);
				break;
			}
			check_record(
			    c, &p, side, piece, c->records[c->at++] + used);
		}
	}
	if (c->at < c->n_records &&
	    strtoul(c->records[c->at], NULL, 10) == file)
		complain(c, "%s: too few packets", name);
	pcap_in_close(&in);
	free(path);
}

static bool
in_file(const struct known *k, enum side side)
{
	bool sender = side == (k->there ? SERVER : DEVICE);

	return k->seen[side] == (sender ? 1 : (1u << k->pieces) - 1);
}

static void
check_class(struct check *c, const struct fact *f)
{
	const struct known *k;
	enum side from = strcmp(f->way, "there") == 0 ? SERVER : DEVICE;
	unsigned seen[SIDES] = {0, 0}, both = 0, lost = 0, missed = 0, i;
	bool a, b;

	for (i = 0; i < c->n_known; i++) {
		k = &c->known[i];
		if (strcmp(k->kind, f->kind) != 0 ||
		    k->there != (from == SERVER))
			continue;
		a = in_file(k, from);
		b = in_file(k, 1 - from);
		seen[from] += a;
		seen[1 - from] += b;
		both += a && b;
		lost += a && !k->arrived;
		missed += a && k->arrived && !b;
		if (b && !k->arrived)
			complain(c, "packet %u: lost, and it is there", i);
	}
	if (seen[SERVER] != f->in_server || seen[DEVICE] != f->in_device ||
	    both != f->in_both || lost < f->lost_most || missed != f->missed)
		complain(c, "%s %s: %u %u %u, lost %u, missed %u", f->kind,
		    f->way, seen[SERVER], seen[DEVICE], both, lost, missed);
	if (f->lost_least > f->lost_most || f->sent_least > f->sent_most ||
	    f->lost_most > f->sent_most)
		complain(c, "%s %s: counts contradict", f->kind, f->way);
}

int
main(int argc, char *argv[])
{
	static struct check c;
	char *path;
	unsigned i;

	if (argc != 2) {
		fprintf(stderr, "usage: check_pair FOLDER\n");
		return 2;
	}
	c.folder = argv[1];
	path = xasprintf("%s/truth", c.folder);
	if (!facts_read(&c.facts, path))
		return 2;
	free(path);
	read_identities(&c);
	for (i = 0; i < c.facts.n_files; i++)
		check_file(&c, i);
	for (i = 0; i < c.facts.n_classes; i++)
		check_class(&c, &c.facts.classes[i]);
	for (i = 0; i < c.n_records; i++)
		free(c.records[i]);
	free(c.records);
	free(c.known);
	return c.wrong > 0;
}
