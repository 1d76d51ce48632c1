/* mark.c - see mark.h.
 */
#include "report/mark.h"

static const struct {
	const char *class, *shape, *compare;
} marks[MARK_COUNT] = {
    [MARK_BAD] = {"bad", "\xe2\x96\xa0", "Not all files could be read"},
    [MARK_LOST] = {"lost", "\xe2\x96\xb2", "Packets were lost"},
    [MARK_DOUBT] = {"doubt", "\xe2\x97\x86", "It cannot be said"},
    [MARK_SILENT] = {"doubt", "\xe2\x97\x86", "The device did not answer"},
    [MARK_GOOD] = {"good", "\xe2\x97\x8f", "Nothing was lost"},
};

static bool
is_silent(const struct compare_result *r)
{
	for (int a = 0; a < ASKER_COUNT; a++)
		for (int k = 0; k < ASK_KIND_COUNT; k++)
			if (r->letter[a][k].n > 0 &&
			    r->letter[a][k].letter == LETTER_UNANSWERED)
				return true;
	return false;
}

enum mark
mark_of_compare(const struct compare_result *r)
{
	switch (r->exit_status) {
	case 0:
		return is_silent(r) ? MARK_SILENT : MARK_GOOD;
	case 1:
		return MARK_LOST;
	case 3:
		return MARK_DOUBT;
	default:
		return MARK_BAD;
	}
}

const char *
mark_compare_word(enum mark m)
{
	return marks[m].compare;
}

const char *
mark_class(enum mark m)
{
	return marks[m].class;
}

void
mark_add(struct html *h, enum mark m, const char *word)
{
	html_open(h, "span", "class", "mark", NULL);
	html_textf(h, "%s %s", marks[m].shape, word);
	html_close(h);
}
