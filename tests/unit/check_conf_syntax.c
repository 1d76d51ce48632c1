/* check_conf_syntax.c - where a text breaks the grammar, and how it is said. */
#include "unit.h"

#include <string.h>

#include "conf/conf_syntax.h"

#define DEVICE "{ address = \"192.0.2.1\"; }"

/* What is said of a text, and of which of its lines. */
static const struct {
	const char *text;
	int line;
	const char *says;
} wrong[] = {
    {"a = (\n" DEVICE ",\n);\nb = 1;\n\n", 2, "a ',' stands before the"},
    {"a = (\n" DEVICE ",\n);\n", 2, "a ',' stands before the closing ')'"},
    {"a = ( " DEVICE ", );", 1, "a ',' stands before the closing ')'"},
    {"a = [ 1, ];", 1, "a ',' stands before the closing ']'"},
    {"a = ( " DEVICE " " DEVICE " );", 1, "a ',' is missing between"},
    {"a = ( " DEVICE "; " DEVICE " );", 1, "is separated by ','"},
    {"a = [ " DEVICE " ];", 1, "an array [ ] has no members with brackets"},
    {"a = ( { b = 1; );", 1, "a '}' is missing before it"},
    {"a = ( { b = [ 1 ); } );", 1, "a ']' is missing before it"},
    {"a = {\nb = 1;\nc = 2;\n", 4, "the '{' of line 1 is never closed"},
    {"a = (\n" DEVICE "\n", 3, "the '(' of line 1 is never closed by ')'"},
    {"a = { b = 1; } };", 1, "this '}' closes nothing"},
    {"a = { b = 1;; };", 1, "this ';' ends nothing"},
    {"a = { = 1; };", 1, "a name is missing before '='"},
    {DEVICE ";", 1, "a name is missing before '{'"},
    {"a " DEVICE ";", 1, "a '=' is missing behind a name"},
    {"a = { b 1; };", 1, "a '=' is missing behind a name"},
    {"a", 1, "a '=' is missing behind a name"},
    {"a = ;", 1, "a value is missing behind '='"},
    {"/* a\n * b\n */ # c\n// d\n\na = ;", 6, "a value is missing"},
    {"a =", 1, "a value is missing behind '='"},
    {"a = { b = msbr; };", 1, "a value is a text in quotes"},
    {"a = { b = 8h; };", 1, "a value is a text in quotes"},
    {"a = { b = 192.0.2.1; };", 1, "a value is a text in quotes"},
    {"a = $;", 1, "a value is a text in quotes"},
    {"a = \"b\" 1;", 1, "a setting begins with its name"},
};

START_TEST(the_first_mistake_has_its_line_and_its_words)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct strbuf what = STRBUF_INIT;
		int line = conf_syntax_error(wrong[i].text, &what);
		const char *said = strbuf_text(&what);

		if (line != wrong[i].line ||
		    strcasestr(said, wrong[i].says) == NULL)
			ck_abort_msg(
			    "%s: line %d, \"%s\"", wrong[i].text, line, said);
		ck_assert_int_eq(strncmp(said, "syntax error", 12), 0);
		strbuf_free(&what);
	}
}
END_TEST

START_TEST(what_is_right_has_no_mistake)
{
	static const char *const right[] = {"", "a = 1", "a : 1, b = 2;",
	    "a = ( ); b = [ ]; c = { };", "a = \"b\" \"c\";",
	    "# x\n// y\n/* z */ a = [ 1, -2, 0x1F, 3L ];",
	    "a = { b = (1.5, \"x\", TRUE, [ 1 ], { c = false; }) };",
	    "a = \"\\\" = ( { \";"};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct strbuf what = STRBUF_INIT;

		ck_assert_msg(conf_syntax_error(right[i], &what) == 0, "%s: %s",
		    right[i], strbuf_text(&what));
		strbuf_free(&what);
	}
}
END_TEST

START_TEST(nothing_of_the_text_is_quoted)
{
	static const char *const texts[] = {"password = hunter2;",
	    "password = \"ab\"hunter2\"cd\";", "password = 'hunter2';",
	    "password = \"ab\" hunter2;"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct strbuf what = STRBUF_INIT;

		ck_assert_int_eq(conf_syntax_error(texts[i], &what), 1);
		ck_assert_ptr_null(strstr(what.s, "hunter"));
		strbuf_free(&what);
	}
}
END_TEST

UNIT_MAIN("conf_syntax", the_first_mistake_has_its_line_and_its_words,
    what_is_right_has_no_mistake, nothing_of_the_text_is_quoted)
