/* check_json_parts.c - a JSON object whose long array is read part by part. */
#include "unit.h"

#include <string.h>

#include "base/json_parts.h"

static struct {
	struct strbuf seen; /* each element, compact, and a blank */
	int left;           /* elements that are wanted; -1: all */
} it;

static bool
on_part(void *arg, const struct json *part)
{
	ck_assert_ptr_eq(arg, &it);
	json_write(part, 0, &it.seen);
	strbuf_add(&it.seen, " ");
	return it.left < 0 || --it.left > 0;
}

static struct json *
parse(const char *text, size_t len)
{
	strbuf_clear(&it.seen);
	it.left = -1;
	return json_parse_parts(text, len, "list", on_part, &it);
}

/* The elements, and the rest, compact. */
static void
parts_are(const char *text, const char *seen, const char *rest)
{
	struct json *j = parse(text, strlen(text));
	struct strbuf b = STRBUF_INIT;

	ck_assert_ptr_nonnull(j);
	ck_assert_str_eq(strbuf_text(&it.seen), seen);
	json_write(j, 0, &b);
	ck_assert_str_eq(strbuf_text(&b), rest);
	strbuf_free(&b);
	json_free(j);
}

START_TEST(elements_come_one_by_one_and_the_rest_is_the_object)
{
	parts_are("{\"a\": 1, \"list\": [1, {\"x\": [2]}, \"3\", null ] ,\n"
		  " \"b\": {\"list\": [4]}}\n",
	    "1 {\"x\":[2]} \"3\" null ",
	    "{\"a\":1,\"list\":[],\"b\":{\"list\":[4]}}");
	parts_are("{\"list\":[]}", "", "{\"list\":[]}");
	parts_are("{\"b\":[\"list\"],\"list\":[[[]]]}", "[[]] ",
	    "{\"b\":[\"list\"],\"list\":[]}");
}
END_TEST

START_TEST(brackets_and_quotes_in_texts_are_text)
{
	parts_are("{\"]\\\"}\":\"[\\\\\",\"list\":[\"]\\\"\",{\"a\\\"b}\":1}]}",
	    "\"]\\\"\" {\"a\\\"b}\":1} ", "{\"]\\\"}\":\"[\\\\\",\"list\":[]}");
}
END_TEST

START_TEST(without_the_array_it_is_the_object)
{
	parts_are("{\"a\":[1]}", "", "{\"a\":[1]}");
	parts_are("{\"list\":7}", "", "{\"list\":7}");
	parts_are("{}", "", "{}");
}
END_TEST

START_TEST(what_is_no_json_object_is_none)
{
	static const char *const bad[] = {"", " ", "[]", "7", "null", "{", "{]",
	    "{\"list\"", "{\"list\":", "{\"list\":[", "{\"list\":[1",
	    "{\"list\":[1,", "{\"list\":[1,]}", "{\"list\":[,1]}",
	    "{\"list\":[1 2]}", "{\"list\":[1]", "{\"list\":[1]}x",
	    "{\"list\":[1],}", "{\"list\":[1],\"list\":[2]}",
	    "{\"list\":[1],\"a\":}", "{\"list\":[{]}", "{\"list\":[{]}]}",
	    "{\"list\":[\"x]}", "{\"list\":[\"x\\", "{\"list\":[nul]}",
	    "{\"list\":[1}}", "{\"list\":[\"\xff\"]}", "{list:[1]}"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(
		    parse(bad[i], strlen(bad[i])) == NULL, "%s", bad[i]);
	ck_assert_ptr_null(parse("{\"list\":[1]}\0", 13));
}
END_TEST

START_TEST(wherever_it_is_cut_it_is_none)
{
	static const char whole[] = "{\"a\":\"b\\\"\",\"list\":[{\"c\":[1,2]},"
				    "\"d\",-1.5e3,true],\"e\":{\"f\":null}}";

	for (size_t n = 0; n < strlen(whole); n++)
		ck_assert_ptr_null(parse(whole, n));
	json_free(parse(whole, strlen(whole)));
	ck_assert_str_eq(
	    strbuf_text(&it.seen), "{\"c\":[1,2]} \"d\" -1500.0 true ");
}
END_TEST

START_TEST(who_has_enough_is_given_no_more)
{
	static const char text[] = "{\"list\":[1,2,3]}";

	strbuf_clear(&it.seen);
	it.left = 2;
	ck_assert_ptr_null(
	    json_parse_parts(text, strlen(text), "list", on_part, &it));
	ck_assert_str_eq(strbuf_text(&it.seen), "1 2 ");
}
END_TEST

START_TEST(brackets_without_end_are_no_recursion)
{
	enum { N = 1000000 };
	char *text = malloc(N);

	ck_assert_ptr_nonnull(text);
	memset(text, '[', N);
	memcpy(text, "{\"list\":", 8);
	ck_assert_ptr_null(parse(text, N));
	free(text);
}
END_TEST

UNIT_MAIN("json_parts", elements_come_one_by_one_and_the_rest_is_the_object,
    brackets_and_quotes_in_texts_are_text, without_the_array_it_is_the_object,
    what_is_no_json_object_is_none, wherever_it_is_cut_it_is_none,
    who_has_enough_is_given_no_more, brackets_without_end_are_no_recursion)
