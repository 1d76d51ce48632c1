/* html.c - see html.h.  The only file that knows libxml2.
 *
 * Its writer (2.9) escapes and ends elements by itself; but it passes on
 * control characters and broken UTF-8, and writes an empty element as <td/>,
 * which HTML does not know, unless it is told not to.
 */
#include "report/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "base/xmem.h"
#include "report/style.h"

#define MORE "..."
/* What XML excludes beside what str_printable() takes: U+FFFE, U+FFFF. */
#define NONE_HEAD "\xef\xbf"

struct html {
	struct sink *to; /* NULL: it is only measured */
	xmlTextWriterPtr writer;
	struct strbuf clean; /* the text that is being written */
	struct html_size size;
	unsigned depth;
};

/* Each begins a line of the page. */
static const char *const blocks[] = {"body", "details", "div", "dl", "footer",
    "g", "h1", "h2", "head", "li", "p", "section", "style", "svg", "table",
    "title", "tr"};

/* Nothing but memory can fail: the sink keeps its own trouble. */
static void
must(int written)
{
	if (written < 0)
		xmem_exhausted();
}

static const xmlChar *
xml(const char *s)
{
	return (const xmlChar *)s;
}

static int
pass_on(void *arg, const char *data, int len)
{
	struct html *h = arg;

	h->size.bytes += (uint64_t)len;
	if (h->to != NULL) {
		strbuf_add_bytes(&h->to->held, data, (size_t)len);
		sink_pass(h->to);
	}
	return len;
}

static const xmlChar *
clean(struct html *h, const char *text)
{
	size_t len = strnlen(text, HTML_TEXT_MAX + 1);
	bool cut = len > HTML_TEXT_MAX;
	char *at;

	strbuf_clear(&h->clean);
	/* Not in the middle of a character. */
	if (cut)
		for (len = HTML_TEXT_MAX - strlen(MORE);
		     len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	strbuf_add_bytes(&h->clean, text, len);
	if (h->clean.len == 0)
		return xml("");
	str_printable(h->clean.s);
	for (at = h->clean.s; (at = strstr(at, NONE_HEAD)) != NULL; at++)
		if ((unsigned char)at[2] >= 0xbe)
			memset(at, '?', 3);
	if (cut)
		strbuf_add(&h->clean, MORE);
	return xml(h->clean.s);
}

static void
begin(struct html *h, const char *element)
{
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (strcmp(element, blocks[i]) == 0)
			must(xmlTextWriterWriteRaw(h->writer, xml("\n")));
	must(xmlTextWriterStartElement(h->writer, xml(element)));
	h->size.elements++;
	h->depth++;
}

static void
attribute(struct html *h, const char *name, const char *value)
{
	must(
	    xmlTextWriterWriteAttribute(h->writer, xml(name), clean(h, value)));
}

/* In HTML it has no end tag. */
static void
end_empty(struct html *h)
{
	must(xmlTextWriterEndElement(h->writer));
	h->depth--;
}

static void
meta(struct html *h, const char *kind, const char *name, const char *content)
{
	begin(h, "meta");
	attribute(h, kind, name);
	attribute(h, "content", content);
	end_empty(h);
}

static void
head(struct html *h, const char *title)
{
	must(xmlTextWriterWriteRaw(h->writer, xml("<!DOCTYPE html>\n")));
	html_open(h, "html", "lang", "en", "xmlns",
	    "http://www.w3.org/1999/xhtml", NULL);
	html_open(h, "head", NULL);
	begin(h, "meta");
	attribute(h, "charset", "utf-8");
	end_empty(h);
	meta(h, "http-equiv", "Content-Security-Policy",
	    "default-src 'none'; style-src 'unsafe-inline'");
	meta(h, "name", "viewport", "width=device-width, initial-scale=1");
	meta(h, "name", "color-scheme", "light dark");
	meta(h, "name", "referrer", "no-referrer");
	html_leaf(h, "title", NULL, title);
	begin(h, "style");
	must(xmlTextWriterWriteRaw(h->writer, xml(style_sheet)));
	html_close(h);
	html_close(h);
	html_open(h, "body", NULL);
}

struct html *
html_new(struct sink *to, const char *title)
{
	struct html *h = xcalloc(1, sizeof(*h));
	xmlOutputBufferPtr out;

	h->to = to;
	out = xmlOutputBufferCreateIO(pass_on, NULL, h, NULL);
	h->writer = out == NULL ? NULL : xmlNewTextWriter(out);
	if (h->writer == NULL)
		xmem_exhausted();
	head(h, title);
	return h;
}

void
html_free(struct html *h)
{
	html_close(h); /* body */
	html_close(h);
	assert(h->depth == 0);
	must(xmlTextWriterWriteRaw(h->writer, xml("\n")));
	must(xmlTextWriterFlush(h->writer));
	xmlFreeTextWriter(h->writer);
	strbuf_free(&h->clean);
	free(h);
}

struct html_size
html_size(struct html *h)
{
	must(xmlTextWriterFlush(h->writer));
	return h->size;
}

void
html_open(struct html *h, const char *element, ...)
{
	const char *name;
	va_list ap;

	begin(h, element);
	va_start(ap, element);
	while ((name = va_arg(ap, const char *)) != NULL)
		attribute(h, name, va_arg(ap, const char *));
	va_end(ap);
}

void
html_attr(struct html *h, const char *name, const char *fmt, ...)
{
	char *value;
	va_list ap;

	va_start(ap, fmt);
	value = xvasprintf(fmt, ap);
	va_end(ap);
	attribute(h, name, value);
	free(value);
}

void
html_text(struct html *h, const char *text)
{
	must(xmlTextWriterWriteString(h->writer, clean(h, text)));
}

void
html_textf(struct html *h, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	html_text(h, text);
	free(text);
}

void
html_close(struct html *h)
{
	must(xmlTextWriterFullEndElement(h->writer));
	h->depth--;
}

void
html_leaf(
    struct html *h, const char *element, const char *class, const char *text)
{
	begin(h, element);
	if (class != NULL)
		attribute(h, "class", class);
	html_text(h, text);
	html_close(h);
}

void
html_leaff(struct html *h, const char *element, const char *class,
    const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	html_leaf(h, element, class, text);
	free(text);
}

void
html_picture(
    struct html *h, const char *class, int width, int height, const char *label)
{
	html_open(h, "svg", "xmlns", "http://www.w3.org/2000/svg", "class",
	    class, "role", "img", "aria-label", label, NULL);
	html_attr(h, "viewBox", "0 0 %d %d", width, height);
}

void
html_path(struct html *h, const char *class, const struct strbuf *d)
{
	begin(h, "path");
	attribute(h, "class", class);
	must(xmlTextWriterWriteAttribute(
	    h->writer, xml("d"), xml(strbuf_text(d))));
	html_close(h);
}

void
html_label(struct html *h, const char *class, int x, int y, const char *text)
{
	begin(h, "text");
	if (class != NULL)
		attribute(h, "class", class);
	html_attr(h, "x", "%d", x);
	html_attr(h, "y", "%d", y);
	html_text(h, text);
	html_close(h);
}
