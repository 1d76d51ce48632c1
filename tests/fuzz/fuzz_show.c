/* fuzz_show.c - any file as a report that is shown at a terminal. */
#include "fuzz.h"

#include <string.h>

#include "report/show.h"

/* Nothing but text and the ends of its lines. */
static void
must_be_printable(const struct strbuf *text)
{
	char *copy;
	size_t n = 0;

	PROMISE(strlen(strbuf_text(text)) == text->len);
	copy = malloc(text->len + 1);
	PROMISE(copy != NULL);
	for (const char *c = strbuf_text(text); *c != '\0'; c++)
		if (*c != '\n')
			copy[n++] = *c;
	copy[n] = '\0';
	str_printable(copy);
	for (const char *c = strbuf_text(text), *k = copy; *c != '\0'; c++)
		if (*c != '\n')
			PROMISE(*c == *k++);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const all[] = {"*"};
	struct show_wish wishes[] = {{0}, {.globs = all, .n_globs = 1}};

	for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++) {
		struct strbuf text = STRBUF_INIT;
		struct fail why;
		bool ok = show_report(
		    (const char *)data, size, &wishes[i], &text, &why);

		PROMISE(ok == (text.len > 0));
		PROMISE(ok || why.text[0] != '\0');
		must_be_printable(&text);
		strbuf_free(&text);
	}
	return 0;
}
