/* truth_text.c - the truth as a text, and the words of the sentence.
 *
 *   scenario NAME SEED
 *   status N...                  exit statuses that are right
 *   clock LEAST MOST TIGHT       device's less server's, in seconds; TIGHT 1:
 *                                to be found within a millisecond; 2: may be
 *                                unknown
 *   class KIND WAY SENT ARRIVED LOST LEAST-SENT MOST-SENT LEAST-LOST
 *         MOST-LOST MISSED IN-SERVER IN-DEVICE IN-BOTH MAY...
 *   times KIND WAY EARLIEST FIRST LAST LATEST   of the losses that may and of
 *                                those that must be seen; ms of the event
 *   letter KIND LETTER           of OVOC's questions
 *   exact yes|no                 are counts to be exact?
 *   super yes|no                 are there super-packets?
 *   path WAY WHAT EARLIEST LATEST A B   what it did, and since when, in ms of
 *                                the event: slower by A to B ms; route of A,
 *                                then of B routers; dscp A becomes B; mapping,
 *                                A 1: what went to the old one was lost, B 1:
 *                                to another address.  Nothing else is told
 *   must RE, mustnot RE          of the sentence, extended, any case
 *   file NAME                    in the order of the command line
 */
#include <inttypes.h>
#include <stdio.h>

#include "changed.h"
#include "sentence.h"
#include "truth.h"

static const char *const kinds[] = {"snmp", "trap", "icmp", "tcp", "udp"};

static void
write_class(FILE *f, const struct truth *t, enum kind kind, enum way way)
{
	static const char *const may[] = {
	    "certain", "likely", "arrived", "unknown"};
	const struct tally *n = &t->tally[kind][way];
	unsigned i;

	fprintf(f, "class %s %s %u %u %u %u %u %u %u %u %u %u %u", kinds[kind],
	    way == THERE ? "there" : "back", n->sent, n->arrived, n->lost,
	    n->sent_least, n->sent_most, n->lost_least, n->lost_most, n->missed,
	    n->in_server, n->in_device, n->in_both);
	for (i = 0; i < 4; i++) {
		if ((n->may & 1u << i) != 0)
			fprintf(f, " %s", may[i]);
	}
	fputc('\n', f);
	if (n->lost_least > 0)
		fprintf(f,
		    "times %s %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
		    "\n",
		    kinds[kind], way == THERE ? "there" : "back",
		    n->most_first / MILLI, n->least_first / MILLI,
		    n->least_last / MILLI, n->most_last / MILLI);
}

/* Where all questions had the same fate, all the time. */
static void
write_letters(FILE *f, const struct truth *t, const struct settings *s)
{
	static const enum kind asked[] = {KIND_SNMP, KIND_ICMP};
	bool there = (s->loss.ways & 1u << THERE) != 0;
	size_t i;

	/* OVOC's patience is two seconds; whoever falls silent has two. */
	if (t->murky || s->mixture || t->met == 0 || t->guard > 5 * SECOND ||
	    s->muted_from > 0)
		return;
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		if ((s->muted[BACK] & 1u << asked[i]) != 0)
			fprintf(f, "letter %s U\n", kinds[asked[i]]);
		else if ((s->loss.kinds & 1u << asked[i]) == 0)
			fprintf(f, "letter %s A\n", kinds[asked[i]]);
		else if (s->loss.how == LOSS_ALL && s->loss.from == 0)
			fprintf(f, "letter %s %c\n", kinds[asked[i]],
			    there ? 'T' : 'B');
	}
}

static void
write_clock(FILE *f, const struct truth *t, const struct settings *s)
{
	int64_t first = files_device_time(s, t->from) - t->from;
	int64_t last = files_device_time(s, t->until) - t->until;
	int tight = 0;

	if (s->path.base[THERE] == s->path.base[BACK] &&
	    s->path.jitter[THERE] <= 5 * MILLI &&
	    s->path.jitter[BACK] <= 5 * MILLI && t->met_way[THERE] >= 30 &&
	    t->met_way[BACK] >= 30 && !s->mixture)
		tight = 1;
	if (s->clock.step_by != 0 || t->met_way[THERE] < 4 ||
	    t->met_way[BACK] < 4 || t->murky)
		tight = 2;
	if (first > last) {
		int64_t swap = first;

		first = last;
		last = swap;
	}
	if (s->clock.step_by == 0 && t->met > 0)
		fprintf(
		    f, "clock %.9f %.9f %d\n", first / 1e9, last / 1e9, tight);
}

static bool
has_super(const struct settings *s)
{
	return s->recorder[SERVER].super || s->recorder[DEVICE].super;
}

static bool
is_exact(const struct settings *s)
{
	return s->recorder[SERVER].drops == 0 &&
	       s->recorder[DEVICE].drops == 0 && !has_super(s);
}

bool
truth_write(const struct truth *t, const struct world *w,
    const struct files *files, const char *scenario, unsigned seed,
    const char *path)
{
	FILE *f = fopen(path, "w");
	unsigned i;

	if (f == NULL) {
		perror(path);
		return false;
	}
	fprintf(f, "scenario %s %u\nstatus", scenario, seed);
	for (i = 0; i < 8; i++) {
		if ((t->status & 1u << i) != 0)
			fprintf(f, " %u", i);
	}
	fputc('\n', f);
	write_clock(f, t, w->settings);
	for (i = 0; i < KIND_COUNT * WAYS; i++)
		write_class(f, t, i / WAYS, i % WAYS);
	fprintf(f, "exact %s\nsuper %s\n", is_exact(w->settings) ? "yes" : "no",
	    has_super(w->settings) ? "yes" : "no");
	write_letters(f, t, w->settings);
	changed_write(f, w->settings);
	sentence_write(f, t, w->settings);
	for (i = 0; i < files->n; i++)
		fprintf(f, "file %s\n", files->names[i]);
	return fclose(f) == 0;
}
