/* page_rig.h - a page as it was written, and as an XML parser understands it.
 */
#ifndef UNIT_PAGE_RIG_H
#define UNIT_PAGE_RIG_H

#include "base/str.h"
#include "report/html.h"
#include "report/sink.h"

struct page {
	struct strbuf text;
	struct sink to; /* write the page to it, */
	size_t pieces;  /* in so many pieces it came, */
	size_t longest; /* the longest of them of so many bytes */
	void *doc;      /* once it is read */
	size_t elements;
};

void page_begin(struct page *p);
/* All is written: it must be well-formed, without script, without a reference
 * to anything outside it, every text of it in good UTF-8. */
void page_read(struct page *p);
void page_free(struct page *p);

/* A page of its own around what is looked at: page_html_end() reads it. */
struct html *page_html(struct page *p);
void page_html_end(struct page *p, struct html *h);

/* How many elements have this name, and this word among their classes (NULL:
 * any). */
size_t page_count(const struct page *p, const char *name, const char *class);
/* The text of all elements, one behind the other, has this. */
void page_says(const struct page *p, const char *text);
void page_does_not_say(const struct page *p, const char *text);
/* The text as it was written has this. */
void page_has(const struct page *p, const char *part);

#endif
