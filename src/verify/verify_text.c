/* verify_text.c - a verify's score in words, and whether it is full.
 *
 * Called for report rows and for the agent's answer.  Reads results only.
 */
#include "verify/verify.h"

static int
count_fate(const struct verify_count *c, enum verify_probe what)
{
	int n = 0;

	for (int i = 0; i < VERIFY_COUNT_MAX; i++)
		if (c->probe[i] == what)
			n++;
	return n;
}

/* "4", "4, 6-8": numbers from 1. */
static void
add_numbers(
    const struct verify_count *c, enum verify_probe what, struct strbuf *to)
{
	const char *comma = "";

	for (int i = 0; i < VERIFY_COUNT_MAX; i++) {
		int last = i;

		if (c->probe[i] != what)
			continue;
		while (
		    last + 1 < VERIFY_COUNT_MAX && c->probe[last + 1] == what)
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
add_fate(const struct verify_count *c, enum verify_probe what, const char *word,
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
