/* peer_words.c - see peer_words.h.
 *
 * For a device's answers and for those of OVOC.
 */
#include "wire/peer_words.h"

#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"

/* Longer texts are looked at in their beginning only: far behind any cut. */
#define LOOK_MAX 65536

static const char *const members[] = {
    "output", "description", "message", "error", "title"};

/* Line ends become blanks, those at either end nothing. */
static void
join_lines(char *s)
{
	char *to = s;

	for (const char *from = s; *from != '\0';) {
		size_t n = strspn(from, "\r\n");

		from += n;
		if (n > 0 && to != s && *from != '\0')
			*to++ = ' ';
		else if (n == 0)
			*to++ = *from++;
	}
	*to = '\0';
}

void
peer_words(const char *said, size_t len, const char *const *secrets, char *to,
    size_t size)
{
	size_t n = len < LOOK_MAX ? len : LOOK_MAX;
	char *copy = xcalloc(1, n + 1);

	if (n > 0)
		memcpy(copy, said, n);
	for (size_t i = 0; i < n; i++)
		if (copy[i] == '\0')
			copy[i] = '?';
	for (; secrets != NULL && *secrets != NULL; secrets++)
		secret_mask(copy, *secrets);
	join_lines(copy);
	str_make_utf8(copy);
	str_copy(to, size, copy);
	str_printable(to);
	secret_free(copy);
}

static const char *
said_in(const struct json *object)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *text = json_get_text(object, members[i], "");

		if (text[strspn(text, " \r\n")] != '\0')
			return text;
	}
	return "";
}

void
peer_words_body(const char *body, size_t len, const char *const *secrets,
    char *to, size_t size)
{
	struct json *j = json_parse_answer(body, len);
	const char *said = json_is_object(j) ? said_in(j) : NULL;

	if (said != NULL)
		peer_words(said, strlen(said), secrets, to, size);
	else
		peer_words(body, len, secrets, to,
		    size < PEER_WORDS_RAW + 1 ? size : PEER_WORDS_RAW + 1);
	json_free(j);
}
