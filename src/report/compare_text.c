/* compare_text.c - see compare_text.h.  Called by the command when it ends.
 */
#include "report/compare_text.h"

#include <inttypes.h>
#include <string.h>

#include "compare/result_facts.h"
#include "report/compare_notes.h"
#include "report/compare_words.h"
#include "report/paragraph.h"

#define INDENT 18 /* the first two columns of the table */
/* A digest of 64 digits has to fit behind its name. */
#define INDENT_FILE 2

/* --- the table --- */

static void
table_row(enum traffic kind, enum way way, const struct loss_tally *t,
    struct strbuf *to)
{
	strbuf_addf(to,
	    "%-12s%-6s%9" PRIu32 " %9" PRIu32 " %9" PRIu32 " %9" PRIu32
	    "  %s\n",
	    words_traffic(kind), way_name(way), t->sent, t->arrived, t->lost,
	    t->unknown, grade_name(t->grade));
}

static void
add_table(const struct compare_result *r, struct strbuf *to)
{
	if (!result_judged(r))
		return;
	strbuf_addf(to, "\n%-18s%9s %9s %9s %9s\n", "", "sent", "arrived",
	    "lost", "unclear");
	for (int kind = 0; kind < TRAFFIC_COUNT; kind++)
		for (int way = 0; way < WAY_COUNT; way++)
			if (result_seen(&r->tally[kind][way]))
				table_row((enum traffic)kind, (enum way)way,
				    &r->tally[kind][way], to);
	strbuf_add(to, "(there: to the device, back: from it)\n");
}

/* --- the notes --- */

struct notes {
	struct strbuf *to;
	char label[64]; /* of the last one */
	bool classes;   /* so far of them only */
};

static void
add_note(void *arg, const struct note *n)
{
	struct notes *all = arg;
	bool again = strcmp(all->label, n->label) == 0;

	switch (n->kind) {
	case NOTE_CLASS:
		break;
	case NOTE_FACT:
		if (all->classes && all->label[0] != '\0')
			strbuf_add(all->to, "\n");
		all->classes = false;
		break;
	case NOTE_FILE:
		paragraph("", INDENT_FILE, n->text, all->to);
		all->label[0] = '\0'; /* both ends may be called alike */
		return;
	case NOTE_DIGEST:
		paragraph("", 2 * INDENT_FILE, n->text, all->to);
		return;
	}
	paragraph(again ? "" : n->label, INDENT, n->text, all->to);
	str_copy(all->label, sizeof(all->label), n->label);
}

static void
add_notes(const struct compare_result *r, struct strbuf *to)
{
	struct notes all = {.to = to, .classes = true};

	strbuf_add(to, "\n");
	compare_notes(r, true, add_note, &all);
}

void
compare_text(const struct compare_result *r, struct strbuf *to)
{
	if (r->trouble[0] != '\0' && !result_judged(r))
		return;
	paragraph("", 0, r->sentence, to);
	add_table(r, to);
	add_notes(r, to);
}
