/* check_json.c - parsing hostile JSON, looking up, building, writing. */
#include "base/json.h"
#include "base/json_out.h"

#include <string.h>

#include "unit.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct json *
parse(const char *text)
{
	return json_parse(text, strlen(text));
}

/* `n` arrays in each other. */
static struct json *
nested(size_t n)
{
	char text[400];

	memset(text, '[', n);
	memset(text + n, ']', n);
	return json_parse(text, 2 * n);
}

START_TEST(what_is_not_one_value_is_refused)
{
	static const char *const bad[] = {"", " ", "{", "{\"a\":1", "[1,]",
	    "{\"a\":1} x", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "'a'", "nul",
	    "\"\xff\"", "\"\xed\xa0\x80\"", "\"\n\"", "01", "{a:1}", "\"a"};

	for (size_t i = 0; i < COUNT(bad); i++)
		ck_assert_msg(parse(bad[i]) == NULL, "%s", bad[i]);
	ck_assert_ptr_null(json_parse("1\0x", 3));
}
END_TEST

START_TEST(any_kind_of_value_is_taken)
{
	static const char *const good[] = {
	    "1", "\"a\"", "null", "true", "[]", "{}", " [1, 2.5] "};

	for (size_t i = 0; i < COUNT(good); i++) {
		struct json *j = parse(good[i]);

		ck_assert_msg(j != NULL, "%s", good[i]);
		json_free(j);
	}
	json_free(NULL);
}
END_TEST

START_TEST(depth_is_limited_to_64)
{
	struct json *j = nested(64);

	ck_assert_ptr_nonnull(j);
	json_free(j);
	ck_assert_ptr_null(nested(65));
	ck_assert_ptr_null(nested(200));
}
END_TEST

START_TEST(only_the_given_length_is_read)
{
	struct json *j = json_parse("[1,2]garbage", 5);

	ck_assert_uint_eq(json_count(j), 2);
	json_free(j);
}
END_TEST

/* As devices and servers in the field write them. */
START_TEST(an_answer_is_read_where_its_meaning_is_plain)
{
	static const struct {
		const char *text;
		size_t len;
		const char *a; /* its member `a`; NULL: refused */
	} cases[] = {
#define CASE(text, a) {text, sizeof(text) - 1, a}
	    CASE("{\"a\":\"x\"}", "x"),
	    CASE("\xef\xbb\xbf{\"a\":\"x\"}", "x"),
	    CASE("{\"a\":\"x\"}\0", "x"),
	    CASE("\xef\xbb\xbf{\"a\":\"x\"}\r\n\0\0\0", "x"),
	    CASE("{\r\n\t\"a\":\"1\r\n2\t3\x1b[m\x01\"\n}",
		"1\r\n2\t3\x1b[m\x01"),
	    CASE("{\"a\":\"\\\"\n\\\\\",\"b\":\"\n\"}", "\"\n\\"),
	    CASE("{\"a\":\"x\0y\"}", NULL),
	    CASE("{\"a\":\"x\"}\0{}", NULL),
	    CASE("{\"a\":\"x", NULL),
	    CASE("{\"a\":\"\\\n\"}", NULL),
	    CASE("\xef\xbb", NULL),
	    CASE("\xef\xbb\xbf", NULL),
	    CASE("\0\0", NULL),
	    CASE("", NULL),
#undef CASE
	};

	ck_assert_ptr_null(json_parse_answer(NULL, 0));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json *j = json_parse_answer(cases[i].text, cases[i].len);

		if (cases[i].a == NULL)
			ck_assert_msg(j == NULL, "case %zu", i);
		else
			ck_assert_str_eq(
			    json_get_text(j, "a", "-"), cases[i].a);
		json_free(j);
	}
	/* Our own files have none of that: there it is damage. */
	ck_assert_ptr_null(json_parse("{\"a\":\"\n\"}", 9));
}
END_TEST

START_TEST(look_ups_give_the_default_when_absent_or_of_another_type)
{
	struct json *j =
	    parse("{\"t\":\"x\",\"n\":5,\"b\":true,\"a\":[7,\"y\"],\"r\":1.5}");
	const struct json *a = json_get(j, "a");

	ck_assert(json_is_object(j) && !json_is_array(j));
	ck_assert_str_eq(json_get_text(j, "t", "-"), "x");
	ck_assert_str_eq(json_get_text(j, "n", "-"), "-");
	ck_assert_str_eq(json_get_text(j, "none", "-"), "-");
	ck_assert_ptr_null(json_get_text(j, "none", NULL));
	ck_assert_int_eq(json_get_int(j, "n", 9), 5);
	ck_assert_int_eq(json_get_int(j, "r", 9), 9);
	ck_assert_int_eq(json_get_int(j, "t", 9), 9);
	ck_assert(json_get_bool(j, "b", false));
	ck_assert(json_get_bool(j, "n", true));
	ck_assert_uint_eq(json_count(a), 2);
	ck_assert_int_eq(json_int(json_at(a, 0), 0), 7);
	ck_assert_str_eq(json_text(json_at(a, 1), "-"), "y");
	ck_assert_ptr_null(json_at(a, 2));
	json_free(j);
}
END_TEST

START_TEST(look_ups_in_the_wrong_container_are_harmless)
{
	struct json *j = parse("[1]");

	ck_assert_ptr_null(json_get(j, "a"));
	ck_assert_ptr_null(json_get(NULL, "a"));
	ck_assert_ptr_null(json_at(NULL, 0));
	ck_assert_uint_eq(json_count(NULL), 0);
	ck_assert_uint_eq(json_count(json_at(j, 0)), 0);
	ck_assert(!json_is_object(NULL) && !json_is_array(NULL));
	ck_assert_str_eq(json_text(NULL, "d"), "d");
	ck_assert_int_eq(json_int(NULL, 3), 3);
	json_free(j);
}
END_TEST

static struct json *
build(void)
{
	struct json *j = json_object();
	struct json *a = json_set(j, "z", json_array());
	struct json *o;

	json_append_int(a, 1);
	json_append_text(a, "two");
	o = json_append(a, json_object());
	json_set_bool(o, "yes", true);
	json_set_text(j, "b", "quote \" and \xc3\xa4");
	json_set_text(j, "a", NULL);
	json_set_int(j, "n", INT64_MAX);
	return j;
}

START_TEST(members_are_written_in_the_order_they_were_added)
{
	struct strbuf b = STRBUF_INIT;
	struct json *j = build(), *again;

	json_write(j, 0, &b);
	ck_assert_str_eq(b.s, "{\"z\":[1,\"two\",{\"yes\":true}],"
			      "\"b\":\"quote \\\" and \xc3\xa4\",\"a\":null,"
			      "\"n\":9223372036854775807}");
	json_free(j);
	again = json_parse(b.s, b.len);
	ck_assert_int_eq(json_get_int(again, "n", 0), INT64_MAX);
	strbuf_clear(&b);
	json_write(json_get(again, "z"), 2, &b);
	ck_assert_str_eq(
	    b.s, "[\n  1,\n  \"two\",\n  {\n    \"yes\": true\n  }\n]");
	json_free(again);
	strbuf_free(&b);
}
END_TEST

START_TEST(text_that_is_no_utf8_is_made_so)
{
	struct strbuf b = STRBUF_INIT;
	struct json *j = json_object();

	json_set_text(j, "t", "a\xff\x1b");
	json_write(j, 0, &b);
	ck_assert_str_eq(b.s, "{\"t\":\"a?\\u001B\"}");
	json_free(j);
	strbuf_free(&b);
}
END_TEST

/* --- as text, without a tree --- */

#define ODD "\" \\ \b\f\n\r\t \x01\x1f / \x7f \xc3\xa4 \xf0\x9f\x90\x94"

static void
write_out(struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_array(o, "none");
	json_out_end(o);
	json_out_object(o, "nothing");
	json_out_end(o);
	json_out_text(o, "null", NULL);
	json_out_text(o, "odd", ODD);
	json_out_text(o, "broken", "a\xff\xc3\"\xe0\x80\x80");
	json_out_int(o, "least", INT64_MIN);
	json_out_bool(o, "no", false);
	json_out_array(o, "list");
	json_out_text(o, NULL, "");
	json_out_int(o, NULL, INT64_MAX);
	json_out_object(o, NULL);
	json_out_bool(o, "yes", true);
	json_out_end(o);
	json_out_end(o);
	json_out_text(o, "last", "x");
	json_out_end(o);
}

static struct json *
the_same_as_a_tree(void)
{
	struct json *j = json_object(), *list;

	json_set(j, "none", json_array());
	json_set(j, "nothing", json_object());
	json_set_text(j, "null", NULL);
	json_set_text(j, "odd", ODD);
	json_set_text(j, "broken", "a\xff\xc3\"\xe0\x80\x80");
	json_set_int(j, "least", INT64_MIN);
	json_set_bool(j, "no", false);
	list = json_set(j, "list", json_array());
	json_append_text(list, "");
	json_append_int(list, INT64_MAX);
	json_set_bool(json_append(list, json_object()), "yes", true);
	json_set_text(j, "last", "x");
	return j;
}

static void
assert_same_as_tree(bool compact)
{
	struct strbuf text = STRBUF_INIT, tree = STRBUF_INIT;
	struct json_out o = {.to = &text, .compact = compact};
	struct json *j = the_same_as_a_tree();

	write_out(&o);
	json_write(j, compact ? 0 : 2, &tree);
	ck_assert_str_eq(strbuf_text(&text), strbuf_text(&tree));
	json_free(j);
	strbuf_free(&text);
	strbuf_free(&tree);
}

START_TEST(text_without_a_tree_is_that_of_the_tree)
{
	assert_same_as_tree(false);
	assert_same_as_tree(true);
}
END_TEST

START_TEST(every_byte_is_escaped_as_in_a_tree)
{
	for (int c = 1; c < 256; c++) {
		struct strbuf text = STRBUF_INIT, tree = STRBUF_INIT;
		struct json_out o = {.to = &text};
		struct json *j = json_array();
		char s[] = {'a', (char)c, 'z', '\0'};

		json_append_text(j, s);
		json_write(j, 2, &tree);
		json_out_array(&o, NULL);
		json_out_text(&o, NULL, s);
		json_out_end(&o);
		ck_assert_str_eq(strbuf_text(&text), strbuf_text(&tree));
		json_free(j);
		strbuf_free(&text);
		strbuf_free(&tree);
	}
}
END_TEST

START_TEST(a_decimal_is_exact_and_ends_without_zeros)
{
	static const struct {
		int64_t value;
		unsigned places;
		const char *text;
	} cases[] = {{86400000180000, 9, "86400.00018"}, {0, 9, "0.0"},
	    {-21100000, 9, "-0.0211"}, {5, 0, "5"}, {10, 0, "10"},
	    {-1000, 3, "-1.0"}, {INT64_MIN, 18, "-9.223372036854775808"},
	    {INT64_MAX, 9, "9223372036.854775807"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct strbuf text = STRBUF_INIT;
		struct json_out o = {.to = &text};

		json_out_decimal(&o, NULL, cases[i].value, cases[i].places);
		ck_assert_str_eq(strbuf_text(&text), cases[i].text);
		strbuf_free(&text);
	}
}
END_TEST

START_TEST(a_number_of_either_kind_is_real)
{
	static const char text[] = "[1.5, -2, \"3\", null, 1e300, true]";
	struct json *j = json_parse(text, strlen(text));

	ck_assert(json_number(json_at(j, 0), 9) == 1.5);
	ck_assert(json_number(json_at(j, 1), 9) == -2);
	ck_assert(json_number(json_at(j, 2), 9) == 9);
	ck_assert(json_number(json_at(j, 3), 9) == 9);
	ck_assert(json_number(json_at(j, 4), 9) == 1e300);
	ck_assert(json_number(NULL, 9) == 9);
	ck_assert(json_is_number(json_at(j, 0)));
	ck_assert(json_is_number(json_at(j, 1)));
	ck_assert(!json_is_number(json_at(j, 2)));
	ck_assert(!json_is_number(json_at(j, 5)));
	ck_assert(!json_is_number(NULL));
	ck_assert(json_is_null(json_at(j, 3)));
	ck_assert(!json_is_null(json_at(j, 5)));
	ck_assert(!json_is_null(NULL));
	json_free(j);
}
END_TEST

UNIT_MAIN("json", a_number_of_either_kind_is_real,
    an_answer_is_read_where_its_meaning_is_plain,
    what_is_not_one_value_is_refused, any_kind_of_value_is_taken,
    depth_is_limited_to_64, only_the_given_length_is_read,
    look_ups_give_the_default_when_absent_or_of_another_type,
    look_ups_in_the_wrong_container_are_harmless,
    members_are_written_in_the_order_they_were_added,
    text_that_is_no_utf8_is_made_so, text_without_a_tree_is_that_of_the_tree,
    every_byte_is_escaped_as_in_a_tree,
    a_decimal_is_exact_and_ends_without_zeros)
