/* side_order.c - see side_order.h.
 *
 * A segment is what one file has between two steps back of the clock; an epoch
 * is the time between two such steps and has segments of all files.  Epochs
 * follow each other, whatever their stamps say; in an epoch the stamps are the
 * order.
 */
#include "compare/side_order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define SECOND INT64_C(1000000000)
/* Packets of several interfaces or processors are in a file in the order in
 * which they were fetched; this much late is no clock that was set. */
#define LATE_MAX SECOND
/* More steps are no clock, but noise. */
#define SEGMENTS_MAX 1024
/* Shorter silences between two files are no hole. */
#define HOLE_LEAST (2 * SECOND)
/* Of a file in a sequence; longer ones are dates and times. */
#define DIGITS_MAX 5

struct segment {
	int64_t from, to;
	int64_t silence; /* the longest in it */
	uint32_t first, n;
	unsigned file;
	unsigned epoch;
	bool set_back; /* it is not the first of its file */
	bool mixed;    /* not in the order of its stamps */
	bool placed;   /* its epoch is known */
};

struct epoch {
	int64_t from, to;
	unsigned place; /* among all epochs */
};

struct side_order {
	struct segment *segments;
	uint32_t n, cap;
	unsigned file; /* of the packets that come now */
	bool in_file;  /* the last segment is of it */
	struct epoch *epochs;
	unsigned n_epochs;
	struct stretch *stretches;
	uint32_t n_stretches;
};

struct side_order *
side_order_new(void)
{
	return xcalloc(1, sizeof(struct side_order));
}

void
side_order_free(struct side_order *o)
{
	if (o == NULL)
		return;
	free(o->segments);
	free(o->epochs);
	free(o->stretches);
	free(o);
}

void
side_order_file(struct side_order *o, unsigned file)
{
	o->file = file;
	o->in_file = false;
}

static struct segment *
add_segment(struct side_order *o, uint32_t index, int64_t time)
{
	struct segment *s;

	o->segments = xgrow(o->segments, o->n, &o->cap, sizeof(*o->segments));
	s = &o->segments[o->n++];
	*s = (struct segment){.from = time,
	    .to = time,
	    .first = index,
	    .file = o->file,
	    .set_back = o->in_file};
	o->in_file = true;
	return s;
}

void
side_order_packet(struct side_order *o, uint32_t index, int64_t time)
{
	struct segment *s = o->n > 0 ? &o->segments[o->n - 1] : NULL;

	if (!o->in_file || (time < s->to - LATE_MAX && o->n < SEGMENTS_MAX))
		s = add_segment(o, index, time);
	s->n++;
	if (time < s->to) {
		s->mixed = true;
		if (time < s->from)
			s->from = time;
		return;
	}
	if (time - s->to > s->silence)
		s->silence = time - s->to;
	s->to = time;
}

static void
widen(struct epoch *e, const struct segment *s)
{
	if (s->from < e->from)
		e->from = s->from;
	if (s->to > e->to)
		e->to = s->to;
}

/* A new epoch at this place; those behind it move on. */
static unsigned
insert_epoch(struct side_order *o, unsigned place, const struct segment *s)
{
	for (unsigned i = 0; i < o->n_epochs; i++)
		if (o->epochs[i].place >= place)
			o->epochs[i].place++;
	o->epochs[o->n_epochs] =
	    (struct epoch){.from = s->from, .to = s->to, .place = place};
	return o->n_epochs++;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* A file begins when another ends, which it continues, or when another begins,
 * beside which it runs: it is in the epoch of the nearest of these. */
static unsigned
epoch_of_file(struct side_order *o, unsigned n)
{
	const struct segment *s = &o->segments[n];
	int64_t nearest = INT64_MAX;
	unsigned best = 0;

	if (o->n_epochs == 0)
		return insert_epoch(o, 0, s);
	for (unsigned i = 0; i < o->n; i++) {
		const struct segment *other = &o->segments[i];
		int64_t end = distance(other->to, s->from);
		int64_t away = distance(other->from, s->from);

		if (end < away)
			away = end;
		if (other->placed && away <= nearest) {
			nearest = away;
			best = other->epoch;
		}
	}
	return best;
}

/* The epoch behind `before`: that of another file which saw the same step, or a
 * new one. */
static unsigned
epoch_behind(struct side_order *o, const struct segment *s, unsigned before)
{
	unsigned place = o->epochs[before].place + 1;

	for (unsigned i = 0; i < o->n_epochs; i++) {
		const struct epoch *e = &o->epochs[i];

		if (e->place == place && e->from - LATE_MAX <= s->to &&
		    s->from <= e->to + LATE_MAX)
			return i;
	}
	return insert_epoch(o, place, s);
}

static bool
saw_step(const struct side_order *o, unsigned i)
{
	return o->segments[i].set_back ||
	       (i + 1 < o->n && o->segments[i + 1].set_back);
}

/* Files that saw a step say what epochs there are, so they come first. */
static void
find_epochs(struct side_order *o)
{
	o->epochs = xcalloc(o->n, sizeof(*o->epochs));
	for (unsigned i = 0; i < 2 * o->n; i++) {
		unsigned n = i % o->n;
		struct segment *s = &o->segments[n];

		if (saw_step(o, n) != (i < o->n))
			continue;
		s->epoch = s->set_back ? epoch_behind(o, s, s[-1].epoch)
				       : epoch_of_file(o, n);
		s->placed = true;
		widen(&o->epochs[s->epoch], s);
	}
}

static unsigned
place_of(const struct side_order *o, const struct segment *s)
{
	return o->epochs[s->epoch].place;
}

static bool
is_in_order(const struct side_order *o)
{
	for (unsigned i = 0; i < o->n; i++) {
		const struct segment *s = &o->segments[i];

		if (s->mixed)
			return false;
		if (i == 0)
			continue;
		if (place_of(o, s) < place_of(o, s - 1) ||
		    (s->epoch == s[-1].epoch && s->from < s[-1].to))
			return false;
	}
	return true;
}

/* Where a record is and where it belongs. */
struct ticket {
	int64_t time;
	uint32_t index;
	uint32_t place; /* of its epoch */
};

static int
by_time(const void *left, const void *right)
{
	const struct ticket *a = left, *b = right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* Move each record to where its ticket is: cycle by cycle, without a copy of
 * all. */
static void
permute(struct record *records, struct ticket *tickets, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct record first = records[i];
		uint32_t to = i;

		while (tickets[to].index != i) {
			uint32_t from = tickets[to].index;

			records[to] = records[from];
			tickets[to].index = to;
			to = from;
		}
		records[to] = first;
		tickets[to].index = to;
	}
}

static void
sort(const struct side_order *o, struct record *records, uint32_t n)
{
	struct ticket *tickets = xcalloc(n, sizeof(*tickets));
	uint32_t k = 0;

	for (unsigned i = 0; i < o->n; i++) {
		const struct segment *s = &o->segments[i];

		for (uint32_t end = k + s->n; k < end; k++)
			tickets[k] = (struct ticket){.time = records[k].time,
			    .index = k,
			    .place = place_of(o, s)};
	}
	assert(k == n);
	qsort(tickets, n, sizeof(*tickets), by_time);
	permute(records, tickets, n);
	free(tickets);
}

/* The digits of "stem12.pcap" and "stem.pcap12": where they begin, and how many
 * there are, which may be 0. */
static size_t
find_digits(const char *name, size_t *n)
{
	static const char digits[] = "0123456789";
	size_t end = strlen(name);
	const char *dot = strrchr(name, '.');

	if (end == 0)
		dot = NULL;
	else if (strchr(digits, name[end - 1]) != NULL)
		dot = NULL;
	if (dot != NULL)
		end = (size_t)(dot - name);
	*n = 0;
	while (*n < end && strchr(digits, name[end - *n - 1]) != NULL)
		++*n;
	return end - *n;
}

/* How far is `next` behind `file` in a sequence of names that differ in a
 * number only?  0: they are in none, or it began anew. */
static long
names_apart(const char *file, const char *next)
{
	size_t n, n_next;
	size_t at = find_digits(file, &n), at_next = find_digits(next, &n_next);
	long apart;

	if (n == 0 || n > DIGITS_MAX || n_next == 0 || n_next > DIGITS_MAX ||
	    at != at_next || strncmp(file, next, at) != 0 ||
	    strcmp(file + at + n, next + at_next + n_next) != 0)
		return 0;
	apart = strtol(next + at, NULL, 10) - strtol(file + at, NULL, 10);
	return apart > 0 ? apart : 0;
}

/* Is something missing between these two? */
static bool
is_hole(const struct segment *s, const struct segment *next,
    const struct side_file *files)
{
	const struct side_file *f = &files[s->file];
	long apart = names_apart(f->name, files[next->file].name);
	int64_t silence =
	    s->silence > next->silence ? s->silence : next->silence;

	if (f->state != FILE_WHOLE || apart > 1)
		return true;
	if (apart == 1)
		return false;
	return next->from - s->to > HOLE_LEAST &&
	       next->from - s->to > 2 * silence;
}

static int
by_place(const void *left, const void *right)
{
	const struct segment *a = left, *b = right;

	if (a->epoch != b->epoch)
		return a->epoch < b->epoch ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static void
add_stretch(struct side_order *o, const struct segment *s, uint32_t first,
    enum stretch_begin how)
{
	o->stretches[o->n_stretches++] = (struct stretch){
	    .from = s->from, .to = s->to, .first = first, .begin = how};
}

/* Segments in order, and stretches made of those between which nothing is
 * missing. */
static void
find_stretches(struct side_order *o, const struct side_file *files)
{
	const struct segment *last = NULL; /* which reaches furthest */
	uint32_t first = 0;

	for (unsigned i = 0; i < o->n; i++)
		o->segments[i].epoch = place_of(o, &o->segments[i]);
	qsort(o->segments, o->n, sizeof(*o->segments), by_place);
	o->stretches = xcalloc(o->n, sizeof(*o->stretches));
	for (unsigned i = 0; i < o->n; i++) {
		const struct segment *s = &o->segments[i];
		struct stretch *t;

		if (last == NULL)
			add_stretch(o, s, first, STRETCH_FIRST);
		else if (s->epoch != last->epoch)
			add_stretch(o, s, first, STRETCH_SET_BACK);
		else if (s->from > last->to && is_hole(last, s, files))
			add_stretch(o, s, first, STRETCH_HOLE);
		t = &o->stretches[o->n_stretches - 1];
		t->n += s->n;
		if (last == NULL || s->epoch != last->epoch ||
		    s->to >= last->to)
			last = s;
		t->to = last->to;
		first += s->n;
	}
}

void
side_order_finish(struct side_order *o, struct record *records, uint32_t n,
    const struct side_file *files)
{
	if (n == 0)
		return;
	find_epochs(o);
	if (!is_in_order(o))
		sort(o, records, n);
	find_stretches(o, files);
}

struct stretch *
side_order_stretches(struct side_order *o, uint32_t *n)
{
	*n = o->n_stretches;
	return o->stretches;
}
