/* judge_pair.c - is what traffic-capture-compare said of a pair true?
 *
 * usage: judge_pair TRUTH JSON STATUS
 *
 * One line "wrong: ..." for each thing that is not, then "tally" and numbers:
 * 1 if the sentence is wrong; classes said to be lost for certain, and those
 * said to be likely lost, where nothing was; losses called arrived; classes of
 * which nothing could be said; all classes; 1 if there are super-packets.
 * Exit status 1 if something is wrong.
 */
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "facts.h"
#include "verdict.h"

struct judge {
	struct facts facts;
	struct verdict verdict;
	unsigned wrong, sentence, certain, likely, hidden, unknown, classes;
};

static void __attribute__((format(printf, 2, 3)))
wrong(struct judge *j, const char *fmt, ...)
{
	va_list ap;

	j->wrong++;
	va_start(ap, fmt);
	fputs("wrong: ", stdout);
	vprintf(fmt, ap);
	putchar('\n');
	va_end(ap);
}

static unsigned
grade_of(const struct verdict_class *c)
{
	if (c == NULL || strcmp(c->grade, "cannot be said") == 0)
		return FACT_UNKNOWN;
	if (c->lost == 0 && c->incomplete == 0)
		return FACT_ARRIVED;
	return strcmp(c->grade, "certain") == 0 ? FACT_CERTAIN : FACT_LIKELY;
}

static void
judge_grade(struct judge *j, const struct fact *f, unsigned grade)
{
	if ((f->may & grade) != 0)
		return;
	switch (grade) {
	case FACT_CERTAIN:
		j->certain += f->lost_most == 0;
		wrong(j, "%s %s: certainly lost, truth %u", f->kind, f->way,
		    f->lost_most);
		break;
	case FACT_LIKELY:
		j->likely += f->lost_most == 0;
		wrong(j, "%s %s: likely lost, truth %u", f->kind, f->way,
		    f->lost_most);
		break;
	case FACT_ARRIVED:
		j->hidden++;
		wrong(j, "%s %s: arrived, but %u were lost", f->kind, f->way,
		    f->lost_least);
		break;
	default:
		wrong(j, "%s %s: cannot be said, but it can", f->kind, f->way);
	}
}

static void
judge_counts(
    struct judge *j, const struct fact *f, const struct verdict_class *c)
{
	bool exact = j->facts.exact;
	unsigned most = f->lost_most + (exact ? 0 : f->missed);
	unsigned least = f->lost_least - (exact ? 0 : f->lost_least * 6 / 100);
	int64_t lost = c->lost + c->incomplete;

	if (c->sent < 0 || c->arrived < 0 || c->lost < 0)
		wrong(j, "%s %s: without counts", f->kind, f->way);
	if (c->sent > f->sent_most)
		wrong(j, "%s %s: sent %lld, of %u", f->kind, f->way,
		    (long long)c->sent, f->sent_most);
	if (c->sent + c->unknown < f->sent_least * 95 / 100)
		wrong(j, "%s %s: sent %lld, at least %u", f->kind, f->way,
		    (long long)c->sent, f->sent_least);
	if (c->lost > most || c->at_least > f->lost_most)
		wrong(j, "%s %s: lost %lld, at least %lld, truth %u", f->kind,
		    f->way, (long long)c->lost, (long long)c->at_least,
		    f->lost_most);
	if (lost + c->unknown < least)
		wrong(j, "%s %s: lost %lld, truth %u", f->kind, f->way,
		    (long long)lost, f->lost_least);
}

/* Seconds of the event; negative: it is no time. */
static double
event_time(const char *iso)
{
	struct tm tm = {0};
	const char *rest = strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm);

	if (rest == NULL)
		return -1e9;
	return (double)(timegm(&tm) - EVENT_WALL) + strtod(rest, NULL);
}

/* The server's clock is right; a second is for the way and the clock. */
static void
judge_times(
    struct judge *j, const struct fact *f, const struct verdict_class *c)
{
	double first = event_time(c->first), last = event_time(c->last);

	if (f->latest == 0 || j->facts.clock < 0 || c->first[0] == '\0')
		return;
	if (first < f->earliest / 1e3 - 1 || first > f->first / 1e3 + 1)
		wrong(j, "%s %s: lost from %s, truth %.3f to %.3f s", f->kind,
		    f->way, c->first, f->earliest / 1e3, f->first / 1e3);
	if (last < f->last / 1e3 - 1 || last > f->latest / 1e3 + 1)
		wrong(j, "%s %s: lost until %s, truth %.3f to %.3f s", f->kind,
		    f->way, c->last, f->last / 1e3, f->latest / 1e3);
}

static void
judge_class(struct judge *j, const struct fact *f, struct verdict_class *c)
{
	unsigned grade = grade_of(c);

	if (f->sent_most == 0 && (c == NULL || c->sent <= 0))
		return;
	j->classes++;
	j->unknown += grade == FACT_UNKNOWN;
	judge_grade(j, f, grade);
	if (c == NULL)
		return;
	c->judged = true;
	if (grade != FACT_UNKNOWN)
		judge_counts(j, f, c);
	if (j->facts.exact && (grade & (FACT_CERTAIN | FACT_LIKELY)) != 0)
		judge_times(j, f, c);
}

/* --- traps, which are SNMP to some and UDP to others --- */

static struct fact
together(const struct fact *a, const struct fact *b)
{
	struct fact f = *a;

	f.sent_least += b->sent_least;
	f.sent_most += b->sent_most;
	f.lost_least += b->lost_least;
	f.lost_most += b->lost_most;
	f.missed += b->missed;
	f.may |= b->may;
	f.latest = 0;
	if ((a->may & b->may & FACT_ARRIVED) == 0)
		f.may &= ~FACT_ARRIVED;
	return f;
}

/* How far the count is from what it should be with, or without, the traps. */
static int64_t
distance(const struct verdict_class *c, unsigned sent)
{
	return c == NULL ? sent : llabs(c->sent + c->unknown - (int64_t)sent);
}

static const char *
home_of_traps(struct judge *j)
{
	const struct fact *trap = facts_class(&j->facts, "trap", "back");
	const struct fact *snmp = facts_class(&j->facts, "snmp", "back");
	const struct fact *udp = facts_class(&j->facts, "udp", "back");
	const struct verdict_class *s, *u;

	if (verdict_find(&j->verdict, "trap", "back") != NULL)
		return "trap";
	s = verdict_find(&j->verdict, "snmp", "back");
	u = verdict_find(&j->verdict, "udp", "back");
	return distance(s, snmp->sent_most + trap->sent_most) +
			   distance(u, udp->sent_most) <
		       distance(s, snmp->sent_most) +
			   distance(u, udp->sent_most + trap->sent_most)
		   ? "snmp"
		   : "udp";
}

static void
judge_classes(struct judge *j)
{
	const char *home = home_of_traps(j);
	const struct fact *trap = facts_class(&j->facts, "trap", "back");
	struct verdict_class *c;
	struct fact f;
	unsigned i;

	for (i = 0; i < j->facts.n_classes; i++) {
		f = j->facts.classes[i];
		if (strcmp(f.kind, "trap") == 0 && strcmp(home, "trap") != 0)
			continue;
		if (strcmp(f.kind, home) == 0 && strcmp(f.way, "back") == 0 &&
		    strcmp(home, "trap") != 0)
			f = together(&f, trap);
		judge_class(j, &f, verdict_find(&j->verdict, f.kind, f.way));
	}
	for (i = 0; i < j->verdict.n_classes; i++) {
		c = &j->verdict.classes[i];
		if (!c->judged && c->lost > 0)
			wrong(j, "%s %s: lost, but there is no such traffic",
			    c->kind, c->way);
	}
}

/* --- the rest --- */

static void
judge_clock(struct judge *j)
{
	const struct facts *f = &j->facts;
	const struct verdict *v = &j->verdict;
	double error = v->error + 0.000002; /* stamps are of microseconds */

	if (f->clock < 0)
		return;
	if (!v->clock_known) {
		if (f->clock != 2)
			wrong(j, "the clock is unknown");
		return;
	}
	if (v->offset < f->clock_least - error ||
	    v->offset > f->clock_most + error)
		wrong(j, "clock %.6f +- %.6f, truth %.6f to %.6f", v->offset,
		    v->error, f->clock_least, f->clock_most);
	else if (f->clock == 1 && (v->offset < f->clock_least - 0.001 ||
				      v->offset > f->clock_most + 0.001))
		wrong(j, "clock %.6f, more than a millisecond from %.6f",
		    v->offset, f->clock_least);
}

static void
judge_letters(struct judge *j)
{
	const struct verdict_letter *said;
	unsigned i, k;

	for (i = 0; i < j->facts.n_letters; i++) {
		for (k = 0; k < j->verdict.n_letters; k++) {
			said = &j->verdict.letters[k];
			if (strcmp(said->kind, j->facts.letters[i].kind) == 0 &&
			    said->letter != j->facts.letters[i].letter)
				wrong(j, "%s: letter %c, truth %c", said->kind,
				    said->letter, j->facts.letters[i].letter);
		}
	}
}

/* The server's clock is right, and the truth has room for the rest. */
static bool
is_path(const struct judge *j, const struct fact_path *f,
    const struct verdict_path *v)
{
	double from = event_time(v->from) * 1e3;
	bool slower = strcmp(f->what, "slower") == 0;

	if (f->latest > 0 && j->facts.clock >= 0 &&
	    (from < f->earliest || from > f->latest))
		return false;
	/* Of the one it is a range, of the others two facts. */
	return slower ? v->a >= f->a && v->a <= f->b
		      : v->a == f->a && v->b == f->b;
}

static void
judge_told(struct judge *j, const struct verdict_path *v)
{
	struct fact_path *f;
	unsigned i;

	for (i = 0; i < j->facts.n_paths; i++) {
		f = &j->facts.paths[i];
		if (strcmp(f->way, v->way) != 0 ||
		    strcmp(f->what, v->what) != 0)
			continue;
		f->told = true;
		if (!is_path(j, f, v))
			wrong(j,
			    "%s %s: %s, %g, %g; truth %.0f to %.0f ms, %d, %d",
			    v->way, v->what, v->from, v->a, v->b, f->earliest,
			    f->latest, f->a, f->b);
		return;
	}
	wrong(j, "%s %s: %s, %g, %g, but it did not", v->way, v->what, v->from,
	    v->a, v->b);
}

static void
judge_paths(struct judge *j)
{
	const struct fact_path *f;
	unsigned i;

	for (i = 0; i < j->verdict.n_paths; i++)
		judge_told(j, &j->verdict.paths[i]);
	for (i = 0; i < j->facts.n_paths; i++) {
		f = &j->facts.paths[i];
		if (!f->told)
			wrong(j, "%s %s: is not told", f->way, f->what);
	}
}

static void
judge_whole(struct judge *j, unsigned status)
{
	const struct verdict *v = &j->verdict;
	bool unknown = strcmp(v->grade, "cannot be said") == 0;

	if (v->status != status)
		wrong(j, "exitStatus %lld, but it ended with %u",
		    (long long)v->status, status);
	if (!unknown && strcmp(v->grade, "certain") != 0 &&
	    strcmp(v->grade, "likely") != 0)
		wrong(j, "\"%s\" is no grade", v->grade);
	else if ((status == 1 && unknown) || (status == 3 && !unknown))
		wrong(j, "exit status %u, but grade %s", status, v->grade);
}

static bool
matches(const char *expression, const char *text)
{
	regex_t re;
	bool found;

	if (regcomp(&re, expression, REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
		abort();
	found = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

static void
judge_sentence(struct judge *j)
{
	const struct facts *f = &j->facts;
	unsigned before = j->wrong, i;

	for (i = 0; i < f->n_must; i++) {
		if (!matches(f->must[i], j->verdict.sentence))
			wrong(j, "\"%s\" without %s", j->verdict.sentence,
			    f->must[i]);
	}
	for (i = 0; i < f->n_mustnot; i++) {
		if (matches(f->mustnot[i], j->verdict.sentence))
			wrong(j, "\"%s\" with %s", j->verdict.sentence,
			    f->mustnot[i]);
	}
	j->sentence = j->wrong > before;
}

static void
judge_all(struct judge *j, const char *json, unsigned status)
{
	const char *why;

	if (status > 31 || (j->facts.status & 1u << status) == 0)
		wrong(j, "exit status %u", status);
	if (status == 7)
		return;
	if (!verdict_read(&j->verdict, json, &why)) {
		wrong(j, "%s", why);
		return;
	}
	judge_whole(j, status);
	judge_classes(j);
	judge_clock(j);
	judge_letters(j);
	judge_paths(j);
	judge_sentence(j);
}

int
main(int argc, char *argv[])
{
	static struct judge j;

	if (argc != 4) {
		fprintf(stderr, "usage: judge_pair TRUTH JSON STATUS\n");
		return 2;
	}
	if (!facts_read(&j.facts, argv[1]))
		return 2;
	judge_all(&j, argv[2], strtoul(argv[3], NULL, 10));
	printf("tally %u %u %u %u %u %u %u\n", j.sentence, j.certain, j.likely,
	    j.hidden, j.unknown, j.classes, j.facts.super);
	return j.wrong > 0;
}
