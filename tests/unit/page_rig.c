/* page_rig.c - see page_rig.h.
 */
#include "page_rig.h"

#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/xmem.h"
#include "unit.h"

static void
put(void *arg, const void *data, size_t len)
{
	struct page *p = arg;

	p->pieces++;
	p->longest = len > p->longest ? len : p->longest;
	strbuf_add_bytes(&p->text, data, len);
}

void
page_begin(struct page *p)
{
	*p = (struct page){.to = {.put = put}};
	p->to.to = p;
}

static xmlNode *
root(const struct page *p)
{
	return xmlDocGetRootElement(p->doc);
}

/* The next element in the order of the page; NULL: none. */
static xmlNode *
next(xmlNode *n)
{
	xmlNode *below = xmlFirstElementChild(n), *beside;

	if (below != NULL)
		return below;
	for (; n != NULL && n->type == XML_ELEMENT_NODE; n = n->parent)
		if ((beside = xmlNextElementSibling(n)) != NULL)
			return beside;
	return NULL;
}

/* The next node of any kind; NULL: none. */
static const xmlNode *
next_node(const xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	while (n != NULL && n->next == NULL)
		n = n->parent;
	return n != NULL ? n->next : NULL;
}

/* All that it says; free it.  xmlNodeGetContent(3) copies what it has again
 * with each node, which takes a minute for a large page under a sanitizer. */
static char *
content(const struct page *p)
{
	struct strbuf all = STRBUF_INIT;

	for (const xmlNode *n = root(p); n != NULL; n = next_node(n))
		if (n->type == XML_TEXT_NODE ||
		    n->type == XML_CDATA_SECTION_NODE)
			strbuf_add(&all, (const char *)n->content);
	return all.s != NULL ? all.s : xstrdup("");
}

static bool
is_called(const xmlNode *n, const char *name)
{
	return strcmp((const char *)n->name, name) == 0;
}

static bool
begins(const xmlAttr *a, const char *with)
{
	const char *value = (const char *)a->children->content;

	return str_starts(value, with);
}

/* What could run or load something. */
static void
check_attribute(const xmlNode *n, const xmlAttr *a)
{
	const char *name = (const char *)a->name;

	unit_must(!str_starts(name, "on"), "%s has %s", n->name, name);
	unit_must(strcmp(name, "src") != 0, "%s has a src", n->name);
	if (strcmp(name, "href") == 0)
		unit_must(begins(a, "#"), "a link leaves the page");
}

static void
check_element(const xmlNode *n)
{
	static const char *const wrong[] = {"script", "img", "iframe", "object",
	    "embed", "link", "base", "form", "foreignObject", "use"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		unit_must(!is_called(n, wrong[i]), "there is <%s>", n->name);
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		check_attribute(n, a);
}

void
page_read(struct page *p)
{
	char *printable;

	sink_end(&p->to);
	p->doc = xmlReadMemory(p->text.s, (int)p->text.len, "page", NULL,
	    XML_PARSE_NONET | XML_PARSE_HUGE);
	ck_assert_msg(p->doc != NULL, "it is not well-formed: %.300s",
	    strbuf_text(&p->text));
	for (xmlNode *n = root(p); n != NULL; n = next(n)) {
		p->elements++;
		check_element(n);
	}
	printable = content(p);
	for (char *at = printable; (at = strchr(at, '\n')) != NULL;)
		*at = ' ';
	for (char *c = printable; *c != '\0'; c++)
		unit_must((unsigned char)*c >= ' ', "a control character");
	ck_assert(str_is_utf8(printable, strlen(printable)));
	free(printable);
}

void
page_free(struct page *p)
{
	xmlFreeDoc(p->doc);
	strbuf_free(&p->text);
}

struct html *
page_html(struct page *p)
{
	page_begin(p);
	return html_new(&p->to, "unit");
}

void
page_html_end(struct page *p, struct html *h)
{
	html_free(h);
	page_read(p);
}

static bool
has_class(xmlNode *n, const char *class)
{
	char *value = (char *)xmlGetProp(n, (const xmlChar *)"class");
	size_t len = strlen(class);
	bool has = false;

	if (value == NULL)
		return false;
	for (char *at = value; (at = strstr(at, class)) != NULL && !has; at++)
		has = (at == value || at[-1] == ' ') &&
		      (at[len] == ' ' || at[len] == '\0');
	xmlFree(value);
	return has;
}

size_t
page_count(const struct page *p, const char *name, const char *class)
{
	size_t found = 0;

	for (xmlNode *n = root(p); n != NULL; n = next(n))
		found += is_called(n, name) &&
			 (class == NULL || has_class(n, class));
	return found;
}

static bool
says(const struct page *p, const char *text)
{
	char *all = content(p);
	bool is = strstr(all, text) != NULL;

	free(all);
	return is;
}

void
page_says(const struct page *p, const char *text)
{
	ck_assert_msg(
	    says(p, text), "no '%s' in %.3000s", text, strbuf_text(&p->text));
}

void
page_does_not_say(const struct page *p, const char *text)
{
	ck_assert_msg(
	    !says(p, text), "'%s' in %.3000s", text, strbuf_text(&p->text));
}

void
page_has(const struct page *p, const char *part)
{
	ck_assert_msg(strstr(strbuf_text(&p->text), part) != NULL,
	    "no '%s' in %.3000s", part, strbuf_text(&p->text));
}
