/* html.h - writes a page as it goes: HTML that is well-formed XML, too.
 *
 * Every text is made valid UTF-8 without control characters and those that turn
 * the direction of writing; nothing of it is ever taken for markup.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/sink.h"

/* A text of more bytes is cut, and ends in "...". */
#define HTML_TEXT_MAX 1000

/* Zero-initialise.  How large a page may be, or has become. */
struct html_size {
	uint64_t bytes;
	uint32_t elements;
};

struct html;

/* Begin a page with this title; NULL for `to`: it is only measured.  It ends
 * with html_free(), when all that was opened is closed. */
struct html *html_new(struct sink *to, const char *title);
void html_free(struct html *h);
/* What it is so far. */
struct html_size html_size(struct html *h);

/* The next element within the innermost open one.  Behind its name stand pairs
 * of an attribute and its value, then NULL; of names nothing is escaped. */
void html_open(struct html *h, const char *element, ...)
    __attribute__((sentinel));
/* One more attribute: right behind html_open(). */
void html_attr(struct html *h, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void html_text(struct html *h, const char *text);
void html_textf(struct html *h, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* End the innermost element. */
void html_close(struct html *h);

/* An element with nothing but text in it; `class` may be NULL. */
void html_leaf(
    struct html *h, const char *element, const char *class, const char *text);
void html_leaff(struct html *h, const char *element, const char *class,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A picture of this size in units: it scales, and whoever does not see it is
 * told `label`.  html_close() ends it. */
void html_picture(struct html *h, const char *class, int width, int height,
    const char *label);
/* A line in it, of any length; `d` is our own. */
void html_path(struct html *h, const char *class, const struct strbuf *d);
/* A text in it that begins there; `class` may be NULL. */
void html_label(
    struct html *h, const char *class, int x, int y, const char *text);

#endif
