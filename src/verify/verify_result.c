/* verify_result.c - see verify_result.h.  verify/verify fills results; report
 * rows, the records of events and the agent's answers are made of them.
 */
#include "verify/verify_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

void
verify_count_plan(struct verify_count *c, int n)
{
	c->n = n;
	c->probe = xcalloc((size_t)n, sizeof(c->probe[0]));
}

struct verify_result *
verify_result_copy(const struct verify_result *r)
{
	struct {
		struct verify_result r;
		struct verify_probe probe[];
	} * whole;
	size_t n = 0;

	for (int k = 0; k < VERIFY_KINDS; k++)
		n += (size_t)r->kind[k].n;
	whole = xcalloc(1, sizeof(*whole) + n * sizeof(whole->probe[0]));
	whole->r = *r;
	n = 0;
	for (int k = 0; k < VERIFY_KINDS; k++) {
		struct verify_count *c = &whole->r.kind[k];

		if (c->n > 0)
			memcpy(&whole->probe[n], c->probe,
			    (size_t)c->n * sizeof(c->probe[0]));
		c->probe = &whole->probe[n];
		n += (size_t)c->n;
	}
	return &whole->r;
}

void
verify_result_clear(struct verify_result *r)
{
	for (int k = 0; k < VERIFY_KINDS; k++)
		free(r->kind[k].probe);
}

static int
count_fate(const struct verify_count *c, enum verify_fate what)
{
	int n = 0;

	for (int i = 0; i < c->n; i++)
		if (c->probe[i].fate == what)
			n++;
	return n;
}

/* "4", "4, 6-8": numbers from 1. */
static void
add_numbers(
    const struct verify_count *c, enum verify_fate what, struct strbuf *to)
{
	const char *comma = "";

	for (int i = 0; i < c->n; i++) {
		int last = i;

		if (c->probe[i].fate != what)
			continue;
		while (last + 1 < c->n && c->probe[last + 1].fate == what)
			last++;
		if (last == i)
			strbuf_addf(to, "%s%d", comma, i + 1);
		else
			strbuf_addf(to, "%s%d-%d", comma, i + 1, last + 1);
		comma = ", ";
		i = last;
	}
}

static void
add_fate(const struct verify_count *c, enum verify_fate what, const char *word,
    struct strbuf *to)
{
	int n = count_fate(c, what);

	if (n == 0)
		return;
	strbuf_addf(to, ", %s ", word);
	if (n == c->sent)
		strbuf_add(to, "all");
	else
		add_numbers(c, what, to);
}

void
verify_describe(const struct verify_count *c, struct strbuf *to)
{
	int refused = count_fate(c, VERIFY_REFUSED);

	if (!c->on) {
		strbuf_add(to, "off");
		return;
	}
	if (c->impossible) {
		strbuf_addf(to, "not possible: %s", c->reason);
		return;
	}
	strbuf_addf(to, "%d of %d answered", c->answered, c->sent);
	if (refused > 0 && refused == c->answered)
		strbuf_add(to, " (connection refused)");
	else if (refused > 0)
		strbuf_addf(to, " (%d connections refused)", refused);
	add_fate(c, VERIFY_LOST, "lost", to);
	add_fate(c, VERIFY_BAD, "failed", to);
	if (c->reason[0] != '\0')
		strbuf_addf(to, " (%s)", c->reason);
}

bool
verify_all_answered(const struct verify_result *r)
{
	bool any = false;

	for (int k = 0; k < VERIFY_KINDS; k++) {
		const struct verify_count *c = &r->kind[k];

		if (c->on && !c->impossible &&
		    (c->sent == 0 || c->answered < c->sent))
			return false;
		any = any || (c->on && c->sent > 0);
	}
	return any;
}
