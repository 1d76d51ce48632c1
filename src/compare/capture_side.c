/* capture_side.c - see capture_side.h. */
#include "compare/capture_side.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xmem.h"
#include "compare/capture_reader.h"
#include "compare/copies.h"
#include "compare/fragments.h"
#include "compare/side_order.h"
#include "wire/link_frame.h"

#define RECORDS_FIRST 4096u
#define RECORDS_MAX   (UINT32_MAX / 2)
/* Of memory, for one record, while the side is read. */
#define RECORD_BYTES (sizeof(struct record) + SIDE_ORDER_BYTES)
/* Fewer bytes of a payload tell nothing apart; a packet that is cut so short is
 * RECORD_SHORT and does not make all others short.  TCP's numbers do it. */
#define DEPTH_LEAST 8

struct capture_side {
	struct capture_limits limits;
	struct side_facts facts;
	struct side_file *files;
	int *fds; /* of the files; -1: opened by their names */
	unsigned n_files;
	bool sorted; /* the files are in the order of their first stamps */
	struct record_depth depth;   /* at which it is read ... */
	struct record_depth fitting; /* ... and at which no key is short */
	struct record *records;
	uint32_t n, cap;
	struct flow_table *flows;
	struct fragments *fragments;
	struct side_order *order;
	bool full; /* the limit of memory was reached */
};

struct capture_side *
capture_side_new(const char *name, const struct capture_limits *limits)
{
	struct capture_side *s = xcalloc(1, sizeof(*s));

	s->limits = *limits;
	s->facts.name = name;
	return s;
}

static void
forget(struct capture_side *s)
{
	flow_table_free(s->flows);
	fragments_free(s->fragments);
	side_order_free(s->order);
	s->flows = NULL;
	s->fragments = NULL;
	s->order = NULL;
}

void
capture_side_free(struct capture_side *s)
{
	if (s == NULL)
		return;
	forget(s);
	for (unsigned i = 0; i < s->n_files; i++)
		free(s->files[i].name);
	free(s->files);
	free(s->fds);
	free(s->records);
	free(s);
}

void
capture_side_add(struct capture_side *s, const char *path, int fd)
{
	unsigned n = s->n_files++;

	s->files = xreallocarray(s->files, s->n_files, sizeof(*s->files));
	s->fds = xreallocarray(s->fds, s->n_files, sizeof(*s->fds));
	s->files[n] = (struct side_file){
	    .name = xstrdup(path), .state = FILE_UNREADABLE, .link_type = -1};
	s->fds[n] = fd;
	s->sorted = false;
}

/* Room for one more record. */
static bool
grow(struct capture_side *s)
{
	size_t flows, most, cap = s->cap;

	/* The records go elsewhere. */
	if (!flow_table_settle(s->flows))
		return false;
	flows = flow_table_bytes(s->flows);
	most = s->limits.memory > flows
		   ? (s->limits.memory - flows) / RECORD_BYTES
		   : 0;
	if (s->n == cap)
		cap = cap > 0 ? cap + cap / 2 : RECORDS_FIRST;
	if (most > RECORDS_MAX)
		most = RECORDS_MAX;
	if (cap > most)
		cap = most;
	if (cap <= s->n)
		return false;
	if (cap > s->cap) {
		s->records =
		    xreallocarray(s->records, cap, sizeof(*s->records));
		s->cap = (uint32_t)cap;
	}
	flow_table_limit(s->flows, s->limits.memory - s->cap * RECORD_BYTES);
	return true;
}

static void
flow_id_of(struct flow_id *id, const struct ip_packet *p)
{
	size_t n = p->version == 4 ? 4 : 16;

	memset(id, 0, sizeof(*id));
	memcpy(id->from, p->from, n);
	memcpy(id->to, p->to, n);
	id->family = p->version == 4 ? AF_INET : AF_INET6;
	id->protocol = p->protocol;
	id->from_port = p->what == IP_ECHO ? p->icmp_id : p->from_port;
	id->to_port = p->what == IP_ECHO_ANSWER ? p->icmp_id : p->to_port;
}

/* Is enough of a quoted packet there to know its flow? */
static bool
has_flow(const struct ip_packet *quoted)
{
	switch (quoted->what) {
	case IP_UDP:
	case IP_TCP:
		return quoted->n_header >= 4;
	case IP_ECHO:
	case IP_ECHO_ANSWER:
		return quoted->n_header >= 8;
	case IP_OTHER:
	case IP_ICMP_ERROR:
	case IP_ICMP_OTHER:
	case IP_TUNNEL:
		break;
	}
	return quoted->at == 0;
}

/* A packet's payload is cut: at which depth would its key be whole? */
static void
note_cut(struct capture_side *s, const struct ip_packet *p)
{
	uint8_t *fitting =
	    p->what == IP_TCP ? &s->fitting.tcp : &s->fitting.other;

	if (p->n_data >= *fitting || p->n_data == p->data_length)
		return;
	if (p->what == IP_TCP || p->n_data >= DEPTH_LEAST)
		*fitting = (uint8_t)p->n_data;
}

/* What a packet's record says of flows. */
static bool
find_flows(struct capture_side *s, struct record *r, const struct ip_packet *p,
    const struct ip_packet *quoted)
{
	struct flow_id id;

	flow_id_of(&id, p);
	if (!flow_table_count(s->flows, &id, &r->flow))
		return false;
	if (quoted != NULL && has_flow(quoted)) {
		flow_id_of(&id, quoted);
		r->seq = flow_table_find(s->flows, &id);
	}
	if (r->what != RECORD_TUNNEL)
		return true;
	if (!flow_table_settle(s->flows))
		return false;
	flow_table_flows(s->flows)[r->flow].tunnel = true;
	return true;
}

/* The record of a packet, whose flow is found. */
static void
add_record(struct capture_side *s, const struct ip_packet *p, int64_t time)
{
	struct record *r = &s->records[s->n];
	struct ip_packet quoted;
	bool quotes =
	    p->what == IP_ICMP_ERROR && ip_packet_decode_quote(&quoted, p);

	record_fill(r, p, quotes ? &quoted : NULL, &s->depth);
	r->time = time;
	if (!find_flows(s, r, p, quotes ? &quoted : NULL)) {
		s->full = true;
		return;
	}
	side_order_packet(s->order, s->n, time);
	s->n++;
	if (p->fragment)
		fragments_add(s->fragments, s->records, p, time, s->n - 1);
}

static void
take_ip(struct capture_side *s, const struct captured *c, size_t offset)
{
	struct ip_packet p;

	if (!ip_packet_decode(
		&p, c->data + offset, c->n - offset, c->length - offset) ||
	    p.partial) {
		s->facts.broken++;
		return;
	}
	if (ip_packet_is_local(&p)) {
		s->facts.local++;
		return;
	}
	if (p.at > 0) {
		s->facts.pieces++;
		fragments_add(
		    s->fragments, s->records, &p, c->time, FRAGMENTS_NO_RECORD);
		return;
	}
	if (s->n == s->cap && !grow(s)) {
		s->full = true;
		return;
	}
	if (c->n < c->length)
		note_cut(s, &p);
	add_record(s, &p, c->time);
}

static void
take(struct capture_side *s, const struct captured *c, int link_type)
{
	struct side_facts *f = &s->facts;
	struct link_frame frame;

	f->packets++;
	if (c->time < s->limits.from || c->time > s->limits.to) {
		f->left++;
		return;
	}
	if (c->n < c->length && (f->snaplen == 0 || c->n < f->snaplen))
		f->snaplen = c->n;
	switch (link_frame_decode(&frame, link_type, c->data, c->n)) {
	case LINK_IP:
		take_ip(s, c, frame.offset);
		break;
	case LINK_NO_IP:
		f->no_ip++;
		break;
	case LINK_CUT:
		f->broken++;
		break;
	}
}

static void
note_link_type(struct side_facts *f, int link_type)
{
	char name[SIDE_LINK_NAME_MAX];
	unsigned i;

	capture_link_name(link_type, name);
	for (i = 0; i < SIDE_LINK_TYPES_MAX && i < f->n_link_types; i++)
		if (strcmp(f->link_types[i], name) == 0)
			return;
	if (i == SIDE_LINK_TYPES_MAX)
		return;
	str_copy(f->link_types[i], sizeof(f->link_types[i]), name);
	f->n_link_types = i + 1;
}

static void
read_file(struct capture_side *s, unsigned i)
{
	struct side_file *f = &s->files[i];
	struct capture_reader *r = capture_reader_open(f, s->fds[i]);
	struct captured c;

	side_order_file(s->order, i);
	if (f->link_type >= 0)
		note_link_type(&s->facts, f->link_type);
	if (f->state == FILE_LINK_TYPE)
		while (capture_reader_next(r, &c)) {
			s->facts.packets++;
			s->facts.other_link++;
		}
	while (!s->full && capture_reader_next(r, &c))
		take(s, &c, f->link_type);
	capture_reader_close(r, s->full);
}

/* When a file begins, INT64_MAX if there is no packet in it. */
static int64_t
first_stamp(const struct side_file *f, int fd)
{
	struct side_file copy = {.name = f->name};
	struct capture_reader *r = capture_reader_open(&copy, fd);
	struct captured c;
	int64_t time = capture_reader_next(r, &c) ? c.time : INT64_MAX;

	capture_reader_close(r, true);
	return time;
}

struct begin {
	int64_t time;
	unsigned file;
};

static int
by_begin(const void *left, const void *right)
{
	const struct begin *a = left, *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->file < b->file ? -1 : a->file > b->file;
}

/* The files in the order of their first stamps. */
static void
sort_files(struct capture_side *s)
{
	struct begin *begins = xcalloc(s->n_files, sizeof(*begins));
	struct side_file *files = xcalloc(s->n_files, sizeof(*files));
	int *fds = xcalloc(s->n_files, sizeof(*fds));

	for (unsigned i = 0; i < s->n_files; i++)
		begins[i] =
		    (struct begin){first_stamp(&s->files[i], s->fds[i]), i};
	qsort(begins, s->n_files, sizeof(*begins), by_begin);
	for (unsigned i = 0; i < s->n_files; i++) {
		files[i] = s->files[begins[i].file];
		fds[i] = s->fds[begins[i].file];
	}
	free(begins);
	free(s->files);
	free(s->fds);
	s->files = files;
	s->fds = fds;
}

static void
find_both_ways(struct capture_side *s)
{
	const struct flow *flows = flow_table_flows(s->flows);
	uint32_t n = flow_table_size(s->flows);

	for (uint32_t i = 0; i < n && !s->facts.both_ways; i++)
		s->facts.both_ways = flows[i].packets > 0 &&
				     flows[i].reverse != FLOW_NONE &&
				     flows[flows[i].reverse].packets > 0;
}

/* All is read: put it in order and count. */
static void
finish(struct capture_side *s)
{
	struct stretch *stretches;
	uint32_t n_stretches, n = s->n;

	side_order_finish(s->order, s->records, s->n, s->files);
	stretches = side_order_stretches(s->order, &n_stretches);
	s->n = copies_fold(s->records, stretches, n_stretches);
	s->facts.copies = n - s->n;
	s->facts.records = s->n;
	for (uint32_t i = 0; i < s->n; i++)
		s->facts.tunnel += s->records[i].what == RECORD_TUNNEL;
	flow_table_finish(s->flows);
	find_both_ways(s);
}

static void
begin(struct capture_side *s, const struct record_depth *depth)
{
	if (s->n_files > 1 && !s->sorted)
		sort_files(s);
	s->sorted = true;
	forget(s);
	s->facts = (struct side_facts){
	    .name = s->facts.name, .files = s->files, .n_files = s->n_files};
	s->depth = *depth;
	s->fitting = (struct record_depth){RECORD_DEPTH, RECORD_DEPTH};
	s->n = 0;
	s->full = false;
	s->flows = flow_table_new(s->limits.memory);
	s->fragments = fragments_new();
	s->order = side_order_new();
}

enum side_status
capture_side_read(struct capture_side *s, const struct record_depth *depth)
{
	begin(s, depth);
	if (!grow(s))
		s->full = true;
	for (unsigned i = 0; i < s->n_files && !s->full; i++)
		read_file(s, i);
	if (!flow_table_settle(s->flows))
		s->full = true;
	if (!s->full)
		finish(s);
	side_facts_conclude(&s->facts, s->full, s->limits.of);
	return s->facts.status;
}

struct record_depth
capture_side_depth(const struct capture_side *s)
{
	return s->fitting;
}

const struct side_facts *
capture_side_facts(const struct capture_side *s)
{
	return &s->facts;
}

struct record *
capture_side_records(struct capture_side *s)
{
	return s->records;
}

uint32_t
capture_side_size(const struct capture_side *s)
{
	return s->facts.status == SIDE_READ ? s->n : 0;
}

const struct stretch *
capture_side_stretches(const struct capture_side *s, uint32_t *n)
{
	return side_order_stretches(s->order, n);
}

struct flow_table *
capture_side_flows(struct capture_side *s)
{
	return s->flows;
}

size_t
capture_side_bytes(const struct capture_side *s)
{
	return s->n * sizeof(*s->records) + flow_table_bytes(s->flows);
}
