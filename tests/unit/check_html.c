/* check_html.c - a page as it is written. */
#include "report/html.h"

#include <string.h>

#include "page_rig.h"
#include "unit.h"

/* What a peer, a file's name or a configuration may hold. */
static const struct {
	const char *text, *shown;
} hostile[] = {
    {"<script>alert(1)</script>", "<script>alert(1)</script>"},
    {"\"' onload=x & &amp; ]]> <!--", "\"' onload=x & &amp; ]]> <!--"},
    {"a\x1b[31mb\x01\x7f", "a?[31mb??"},
    {"tab\tline\nreturn\r", "tab?line?return?"},
    {"\xe2\x80\xaeturned\xe2\x81\xa6", "???turned???"},
    {"broken \xff\xc3(\xf0\x9f\x92", "broken \x3f\x3f(???"},
    {"\xed\xa0\x80 half a pair", "??? half a pair"},
    {"none: \xef\xbf\xbe \xef\xbf\xbf but \xef\xbf\xbd",
	"none: ??? ??? but \xef\xbf\xbd"},
    {"plain: gr\xc3\xbc\xc3\x9f \xe6\x97\xa5", "plain: gr\xc3\xbc\xc3\x9f "
					       "\xe6\x97\xa5"},
    {"", ""},
};

START_TEST(a_hostile_text_is_only_a_text)
{
	struct page p;
	struct html *h = page_html(&p);
	const char *text = hostile[_i].text;

	html_open(h, "p", "title", text, NULL);
	html_attr(h, "class", "x %s", text);
	html_text(h, text);
	html_close(h);
	html_picture(h, "x", 10, 10, text);
	html_label(h, NULL, 1, 2, text);
	html_leaf(h, "title", NULL, text);
	html_close(h);
	page_html_end(&p, h);
	page_says(&p, hostile[_i].shown);
	ck_assert_uint_eq(page_count(&p, "p", NULL), 1);
	ck_assert_uint_eq(page_count(&p, "svg", NULL), 1);
	ck_assert_uint_eq(page_count(&p, "b", NULL), 0);
	page_free(&p);
}
END_TEST

START_TEST(a_hostile_title_is_only_a_title)
{
	struct page p;

	page_begin(&p);
	page_html_end(&p, html_new(&p.to, "</title><script>x</script>\xff"));
	page_says(&p, "</title><script>x</script>?");
	page_free(&p);
}
END_TEST

START_TEST(a_long_text_is_cut_between_two_characters)
{
	char text[10001], shown[HTML_TEXT_MAX + 1];
	struct page p;
	struct html *h = page_html(&p);

	for (size_t i = 0; i < 10000; i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	text[10000] = '\0';
	html_leaf(h, "p", NULL, text);
	page_html_end(&p, h);
	memcpy(shown, text, HTML_TEXT_MAX - 4);
	memcpy(shown + HTML_TEXT_MAX - 4, "...", sizeof("..."));
	page_says(&p, shown);
	ck_assert_uint_lt(p.text.len, strlen(shown) + 20000);
	page_free(&p);
}
END_TEST

/* A browser must not load, run or ask for anything. */
START_TEST(the_head_forbids_all_that_is_not_there)
{
	struct page p;

	page_begin(&p);
	page_html_end(&p, html_new(&p.to, "x"));
	page_has(&p, "<!DOCTYPE html>\n<html lang=\"en\"");
	page_has(&p, "<meta http-equiv=\"Content-Security-Policy\" "
		     "content=\"default-src 'none'; style-src "
		     "'unsafe-inline'\"/>");
	page_has(&p, "<meta charset=\"utf-8\"/>");
	page_has(&p, "prefers-color-scheme:dark");
	page_has(&p, "@media print");
	ck_assert_ptr_null(strstr(p.text.s, "url(http"));
	ck_assert_ptr_null(strstr(p.text.s, "@import"));
	page_free(&p);
}
END_TEST

START_TEST(an_empty_element_has_an_end_tag)
{
	struct page p;
	struct html *h = page_html(&p);

	html_leaf(h, "td", NULL, "");
	page_html_end(&p, h);
	page_has(&p, "<td></td>");
	page_free(&p);
}
END_TEST

START_TEST(a_path_is_never_cut)
{
	struct strbuf d = STRBUF_INIT;
	struct page p;
	struct html *h = page_html(&p);

	for (int i = 0; i < 1000; i++)
		strbuf_add(&d, "M1 2v-3");
	html_picture(h, "x", 10, 20, "label");
	html_path(h, "y", &d);
	html_close(h);
	page_html_end(&p, h);
	page_has(&p, strbuf_text(&d));
	page_has(&p, "viewBox=\"0 0 10 20\"");
	page_has(&p, "role=\"img\" aria-label=\"label\"");
	strbuf_free(&d);
	page_free(&p);
}
END_TEST

START_TEST(what_is_measured_is_what_is_written)
{
	struct html_size measured, written;
	struct page p;
	struct html *h[2];

	h[0] = html_new(NULL, "unit");
	h[1] = page_html(&p);
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < 100; i++)
			html_leaff(h[k], "p", "x", "number %d <", i);
	measured = html_size(h[0]);
	written = html_size(h[1]);
	html_free(h[0]);
	page_html_end(&p, h[1]);
	ck_assert_uint_eq(measured.bytes, written.bytes);
	ck_assert_uint_eq(measured.elements, written.elements);
	ck_assert_uint_eq(p.elements, written.elements);
	ck_assert_uint_eq(page_count(&p, "p", "x"), 100);
	page_free(&p);
}
END_TEST

/* It is never whole in memory. */
START_TEST(a_page_comes_in_pieces)
{
	struct page p;
	struct html *h = page_html(&p);

	for (int i = 0; i < 20000; i++)
		html_leaf(h, "p", NULL, "a line of some length, one of many");
	page_html_end(&p, h);
	ck_assert_uint_gt(p.pieces, 20);
	ck_assert_uint_lt(p.longest, (size_t)3 * SINK_PIECE);
	page_free(&p);
}
END_TEST

UNIT_TABLE("html", a_hostile_text_is_only_a_text,
    sizeof(hostile) / sizeof(hostile[0]), a_hostile_title_is_only_a_title,
    a_long_text_is_cut_between_two_characters,
    the_head_forbids_all_that_is_not_there, an_empty_element_has_an_end_tag,
    a_path_is_never_cut, what_is_measured_is_what_is_written,
    a_page_comes_in_pieces)
