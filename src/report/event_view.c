/* event_view.c - see event_view.h.
 */
#include "report/event_view.h"

#include <string.h>

#include "compare/result_facts.h"
#include "report/compare_notes.h"
#include "report/ladder.h"
#include "report/loss_table.h"
#include "report/picture.h"
#include "report/strip.h"

struct print {
	struct html *h;
	char label[64]; /* of the last note */
};

static void
add_note(void *arg, const struct note *n)
{
	static const char *const classes[] = {
	    [NOTE_CLASS] = NULL,
	    [NOTE_FACT] = NULL,
	    [NOTE_FILE] = "file",
	    [NOTE_DIGEST] = "hash",
	};
	struct print *p = arg;

	if (strcmp(p->label, n->label) != 0)
		html_leaf(p->h, "dt", NULL, n->label);
	str_copy(p->label, sizeof(p->label), n->label);
	html_leaf(p->h, "dd", classes[n->kind], n->text);
}

static void
add_small_print(struct html *h, const struct compare_result *r)
{
	struct print p = {.h = h};

	html_open(h, "dl", NULL);
	compare_notes(r, false, add_note, &p);
	html_close(h);
}

void
event_view_add(struct html *h, const struct compare_result *r, int64_t alarm)
{
	if (result_judged(r)) {
		picture_add(h, r);
		strip_add(h, r, alarm);
		ladder_add(h, r);
		loss_table_add(h, r);
	}
	add_small_print(h, r);
}
