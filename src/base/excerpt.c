/* excerpt.c - see excerpt.h.  Called by whoever sends and receives. */
#include "base/excerpt.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/str.h"
#include "base/xmem.h"

#define UTF8_MAX 4 /* bytes of a character */

struct excerpts {
	char **secrets; /* the longest first: one may hold another */
	size_t n;
};

struct excerpts *
excerpts_new(void)
{
	return xcalloc(1, sizeof(struct excerpts));
}

void
excerpts_free(struct excerpts *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->n; i++)
		secret_free(e->secrets[i]);
	free(e->secrets);
	free(e);
}

static int
in_order(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	if (la != lb)
		return la > lb ? -1 : 1;
	return strcmp(a, b);
}

static void
hide(struct excerpts *e, const char *secret)
{
	size_t low = 0, high = e->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = in_order(e->secrets[middle], secret);

		if (c == 0)
			return;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	e->secrets = xreallocarray(e->secrets, e->n + 1, sizeof(*e->secrets));
	memmove(e->secrets + low + 1, e->secrets + low,
	    (e->n - low) * sizeof(*e->secrets));
	e->secrets[low] = secret_copy(secret);
	e->n++;
}

void
excerpts_hide(struct excerpts *e, const char *secret)
{
	char *escaped, *to;

	if (secret == NULL || secret[0] == '\0')
		return;
	hide(e, secret);
	escaped = to = xcalloc(2 * strlen(secret) + 1, 1);
	for (const char *from = secret; *from != '\0'; from++) {
		if (*from == '"' || *from == '\\')
			*to++ = '\\';
		*to++ = *from;
	}
	hide(e, escaped);
	secret_free(escaped);
}

static void
mask(const struct excerpts *e, char *text, size_t len)
{
	for (size_t i = 0; e != NULL && i < e->n; i++) {
		size_t n = strlen(e->secrets[i]);
		char *at = text;

		while ((at = memmem(at, len - (size_t)(at - text),
			    e->secrets[i], n)) != NULL) {
			memset(at, '*', n);
			at += n;
		}
	}
}

/* Bytes of the character that begins here; 0: none does.  Those from U+0080 to
 * U+009F are control characters, too. */
static size_t
character(const char *s, size_t len)
{
	if (str_has_control(s, 1))
		return 0;
	if (len > 1 && s[0] == '\xc2' && (unsigned char)s[1] < 0xa0)
		return 0;
	for (size_t n = 1; n <= UTF8_MAX && n <= len; n++)
		if (str_is_utf8(s, n))
			return n;
	return 0;
}

/* The next character as it is shown; returns how many bytes it was. */
static size_t
show(struct strbuf *to, const char *s, size_t len)
{
	static const char plain[] = "\n\r\t\\\"", letter[] = "nrt\\\"";
	const char *at = s[0] == '\0' ? NULL : strchr(plain, s[0]);
	size_t n = character(s, len);

	if (at != NULL)
		strbuf_addf(to, "\\%c", letter[at - plain]);
	else if (n == 0)
		strbuf_addf(to, "\\x%02x", (unsigned char)s[0]);
	else
		strbuf_add_bytes(to, s, n);
	return at != NULL || n == 0 ? 1 : n;
}

/* How many characters this text is. */
static size_t
width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

char *
excerpt(const struct excerpts *e, const void *data, size_t len, size_t max)
{
	struct strbuf b = STRBUF_INIT, one = STRBUF_INIT;
	char *text = xcalloc(len + 1, 1);
	size_t done = 0, shown = 0;

	if (len > 0)
		memcpy(text, data, len);
	mask(e, text, len);
	strbuf_add(&b, "\"");
	while (done < len) {
		size_t n = show(&one, text + done, len - done);

		shown += width(strbuf_text(&one));
		if (shown > max)
			break;
		strbuf_add(&b, strbuf_text(&one));
		strbuf_clear(&one);
		done += n;
	}
	strbuf_add(&b, "\"");
	if (done < len)
		strbuf_addf(&b, "... (%zu bytes)", len);
	explicit_bzero(text, len);
	free(text);
	strbuf_free(&one);
	return strbuf_take(&b);
}
