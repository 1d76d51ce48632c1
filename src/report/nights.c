/* nights.c - see nights.h.
 *
 * A strip is one text: a thousand devices with an element for each night would
 * be more than a page may have.
 */
#include "report/nights.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "books/history_ask.h"
#include "books/history_store.h"

#define BEFORE_MAX (NIGHTS_MAX - 1)

/* In the order in which they are told. */
enum night {
	NIGHT_LOST,
	NIGHT_FAILED,
	NIGHT_DOUBT,
	NIGHT_WELL,
	NIGHT_QUIET,
	NIGHT_ABSENT,
	NIGHT_COUNT
};

static const struct {
	const char *shape, *words, *count; /* count: before a number */
} shapes[NIGHT_COUNT] = {
    [NIGHT_LOST] = {"\xe2\x96\xb2", "packets were lost", "packets lost in"},
    [NIGHT_FAILED] = {"\xe2\x96\xa0", "it failed", "failed in"},
    [NIGHT_DOUBT] = {"\xe2\x97\x86", "it cannot be said, or was not compared",
	"not known in"},
    [NIGHT_WELL] = {"\xe2\x97\x8f", "nothing was lost", "nothing lost in"},
    [NIGHT_QUIET] = {"\xc2\xb7", "no event", "no event in"},
    [NIGHT_ABSENT] = {"-", "it did not take part", "not there in"},
};

struct place {
	const char *address;
	size_t device;
};

struct nights {
	size_t n; /* runs before this one */
	size_t n_devices;
	unsigned char *night; /* of each device n, the newest first */
	struct place *place;  /* by address */
};

static enum night
night_of(enum outcome outcome, enum found found)
{
	switch (found) {
	case FOUND_LOST:
		return NIGHT_LOST;
	case FOUND_UNREAD:
	case FOUND_UNKNOWN:
		return NIGHT_DOUBT;
	case FOUND_NOTHING:
	case FOUND_NO_VERDICT:
	case FOUND_COUNT:
		break;
	}
	switch (outcome) {
	case OUTCOME_FAILED:
	case OUTCOME_PARTIAL:
		return NIGHT_FAILED;
	case OUTCOME_QUIET:
		return NIGHT_QUIET;
	case OUTCOME_SKIPPED:
		return NIGHT_ABSENT;
	case OUTCOME_SUCCESS:
	case OUTCOME_ONE_SIDED:
	case OUTCOME_INTERRUPTED:
	case OUTCOME_NONE:
	case OUTCOME_COUNT:
		break;
	}
	return found == FOUND_NOTHING ? NIGHT_WELL : NIGHT_DOUBT;
}

/* --- from the history --- */

static int
by_address(const void *one, const void *other)
{
	const struct place *a = one, *b = other;

	return strcmp(a->address, b->address);
}

static void
sort_devices(struct nights *n, const struct run_result *r)
{
	n->n_devices = r->n_devices;
	n->place = xcalloc(r->n_devices + 1, sizeof(*n->place));
	for (size_t i = 0; i < r->n_devices; i++)
		n->place[i] = (struct place){r->devices[i].conf->address, i};
	if (r->n_devices > 0)
		qsort(n->place, r->n_devices, sizeof(*n->place), by_address);
}

/* The k-th run before this one. */
static void
read_night(struct nights *n, struct query *q, size_t k)
{
	while (query_row(q)) {
		struct place key = {query_text(q, 0), 0};
		const struct place *p = bsearch(&key, n->place, n->n_devices,
		    sizeof(*n->place), by_address);

		if (p != NULL)
			n->night[p->device * BEFORE_MAX + k] =
			    (unsigned char)night_of(
				outcome_find(query_text(q, 1)),
				found_by_name(query_text(q, 2)));
	}
}

static void
read_all(struct nights *n, struct database *db, int64_t started)
{
	struct query *before = history_ask(db, ASK_BEFORE);
	struct query *night = history_ask(db, ASK_NIGHT);

	query_set_int(before, 1, started);
	query_set_int(before, 2, BEFORE_MAX);
	while (n->n < BEFORE_MAX && query_row(before)) {
		query_set_int(night, 1, query_int(before, 0));
		read_night(n, night, n->n++);
	}
	query_free(before);
	query_free(night);
}

static struct database *
open_history(const struct run_result *r)
{
	char *parent = run_parent(r->conf);
	enum database_state state;
	struct fail why;
	struct database *db = history_open(parent, DATABASE_READ, &state, &why);

	free(parent);
	return db;
}

struct nights *
nights_read(const struct run_result *r)
{
	struct database *db = open_history(r);
	struct nights *n;
	bool ok;

	if (db == NULL)
		return NULL;
	n = xcalloc(1, sizeof(*n));
	n->night = xcalloc(r->n_devices + 1, BEFORE_MAX);
	memset(n->night, NIGHT_ABSENT, (r->n_devices + 1) * BEFORE_MAX);
	sort_devices(n, r);
	read_all(n, db, r->started);
	ok = database_state(db, NULL) == DATABASE_FINE && n->n > 0;
	database_close(db);
	if (ok)
		return n;
	nights_free(n);
	return NULL;
}

void
nights_free(struct nights *n)
{
	if (n == NULL)
		return;
	free(n->night);
	free(n->place);
	free(n);
}

/* --- on the page --- */

static void
add_count(
    enum night night, const unsigned count[NIGHT_COUNT], struct strbuf *to)
{
	if (count[night] > 0)
		strbuf_addf(to, "%s %s %u",
		    to->s[to->len - 1] == ':' ? "" : ",", shapes[night].count,
		    count[night]);
}

void
nights_add(struct html *h, const struct nights *n, size_t i,
    enum outcome outcome, enum found found)
{
	struct strbuf strip = STRBUF_INIT, told = STRBUF_INIT;
	unsigned count[NIGHT_COUNT] = {0};

	if (n == NULL)
		return;
	for (size_t k = n->n + 1; k-- > 0;) {
		enum night night =
		    k > 0 ? (enum night)n->night[i * BEFORE_MAX + k - 1]
			  : night_of(outcome, found);

		strbuf_add(&strip, shapes[night].shape);
		count[night]++;
	}
	strbuf_addf(&told, "last %zu runs:", n->n + 1);
	for (int night = 0; night < NIGHT_COUNT; night++)
		add_count((enum night)night, count, &told);
	html_open(h, "div", "class", "nights", "role", "img", NULL);
	html_attr(h, "aria-label", "%s", strbuf_text(&told));
	html_text(h, strbuf_text(&strip));
	html_close(h);
	strbuf_free(&strip);
	strbuf_free(&told);
}

void
nights_add_legend(struct html *h, const struct nights *n)
{
	struct strbuf b = STRBUF_INIT;

	if (n == NULL)
		return;
	strbuf_addf(&b,
	    "Below each device its last %zu runs, this one on the "
	    "right:",
	    n->n + 1);
	for (int i = 0; i < NIGHT_COUNT; i++)
		strbuf_addf(&b, "%s %s %s", i > 0 ? ";" : "", shapes[i].shape,
		    shapes[i].words);
	html_leaff(h, "p", "dim", "%s.", strbuf_text(&b));
	strbuf_free(&b);
}
