/* str.c - the growing buffer, and tests and conversions of text.
 *
 * Everything here is pure: no locale, no I/O.  UTF-8 is as RFC 3629 section 4
 * has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

enum { STRBUF_FIRST = 64 };

/* The byte in all eight of a word. */
#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS       EACH_BYTE(0x80)

static void
strbuf_grow(struct strbuf *b, size_t more)
{
	size_t cap = b->cap == 0 ? STRBUF_FIRST : b->cap;

	if (more >= SIZE_MAX / 4 - b->len)
		xmem_exhausted();
	while (cap < b->len + more + 1)
		cap *= 2;
	b->s = xreallocarray(b->s, cap, 1);
	b->cap = cap;
}

/* Make room for `more` bytes and the NUL. */
static void
strbuf_reserve(struct strbuf *b, size_t more)
{
	if (more >= b->cap - b->len)
		strbuf_grow(b, more);
}

void
strbuf_add(struct strbuf *b, const char *s)
{
	strbuf_add_bytes(b, s, strlen(s));
}

void
strbuf_add_bytes(struct strbuf *b, const void *data, size_t len)
{
	strbuf_reserve(b, len);
	if (len > 0)
		memcpy(b->s + b->len, data, len);
	b->len += len;
	b->s[b->len] = '\0';
}

/* snprintf(3) takes ten times as long, and reports are full of numbers. */
void
strbuf_add_int(struct strbuf *b, int64_t value)
{
	char buf[20]; /* of the least one */
	char *end = buf + sizeof(buf), *at = end;
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		*--at = '-';
	strbuf_add_bytes(b, at, (size_t)(end - at));
}

void
strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(b, fmt, ap);
	va_end(ap);
}

void
strbuf_vaddf(struct strbuf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	strbuf_reserve(b, STRBUF_FIRST);
	n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, ap);
	assert(n >= 0);
	if ((size_t)n >= b->cap - b->len) {
		strbuf_reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, b->cap - b->len, fmt, again);
	}
	b->len += (size_t)n;
	va_end(again);
}

void
strbuf_clear(struct strbuf *b)
{
	b->len = 0;
	if (b->s != NULL)
		b->s[0] = '\0';
}

void
strbuf_free(struct strbuf *b)
{
	free(b->s);
	*b = (struct strbuf)STRBUF_INIT;
}

const char *
strbuf_text(const struct strbuf *b)
{
	return b->s == NULL ? "" : b->s;
}

char *
strbuf_take(struct strbuf *b)
{
	char *s = b->s == NULL ? xstrdup("") : b->s;

	*b = (struct strbuf)STRBUF_INIT;
	return s;
}

/* Where to cut `src` so that at most `room` bytes stay and no sequence is
 * broken.  Bytes that are no UTF-8 are cut where they are. */
static size_t
cut_at(const char *src, size_t room)
{
	size_t n = room;

	while (n > 0 && room - n < 4 && ((unsigned char)src[n] & 0xc0) == 0x80)
		n--;
	return room - n < 4 ? n : room;
}

bool
str_copy(char *dst, size_t size, const char *src)
{
	return str_copy_n(dst, size, src, strlen(src));
}

bool
str_copy_n(char *dst, size_t size, const char *src, size_t len)
{
	bool fits = len < size;
	size_t n;

	assert(size > 0);
	n = fits ? len : cut_at(src, size - 1);
	if (n > 0)
		memmove(dst, src, n);
	dst[n] = '\0';
	return fits;
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_to_int64(const char *s, int64_t min, int64_t max, int64_t *out)
{
	int64_t value = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *s - '0', &value))
			return false;
	}
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

static bool
in(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

/* Length of the UTF-8 sequence at `u`, 0 if there is none within `left`. */
static size_t
utf8_sequence(const unsigned char *u, size_t left)
{
	size_t n;

	if (u[0] < 0x80)
		return 1;
	n = in(u[0], 0xc2, 0xdf)   ? 2
	    : in(u[0], 0xe0, 0xef) ? 3
	    : in(u[0], 0xf0, 0xf4) ? 4
				   : 0;
	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (!in(u[i], 0x80, 0xbf))
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return n;
}

/* How many of the bytes are ASCII up to the first that is not, by eight. */
static size_t
ascii_length(const unsigned char *u, size_t len)
{
	uint64_t word;
	size_t n = 0;

	for (; len - n >= sizeof(word); n += sizeof(word)) {
		memcpy(&word, u + n, sizeof(word));
		if ((word & HIGH_BITS) != 0)
			break;
	}
	return n;
}

bool
str_is_utf8(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;

	for (size_t i = ascii_length(u, len); i < len;) {
		size_t n = utf8_sequence(u + i, len - i);

		if (n == 0)
			return false;
		i += n;
		if (n > 1)
			i += ascii_length(u + i, len - i);
	}
	return true;
}

/* C0 and DEL. */
static bool
is_ascii_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

/* Of eight bytes at once: neither sum goes beyond its byte. */
static bool
has_control_of_8(const char *s)
{
	uint64_t word, low, no_c0, del;

	memcpy(&word, s, sizeof(word));
	low = word & ~HIGH_BITS;
	no_c0 = low + EACH_BYTE(0x80 - 0x20);
	del = low + EACH_BYTE(0x80 - 0x7f);
	return ((~no_c0 | del) & ~word & HIGH_BITS) != 0;
}

bool
str_has_control(const char *s, size_t len)
{
	for (; len >= 8; s += 8, len -= 8)
		if (has_control_of_8(s))
			return true;
	for (size_t i = 0; i < len; i++)
		if (is_ascii_control((unsigned char)s[i]))
			return true;
	return false;
}

/* What changes how the text around it is shown, or is not seen itself, beyond
 * ASCII: C1, which some terminals obey too, and Unicode's categories Cf, Zl and
 * Zp. */
static const struct {
	uint32_t first, last;
} unseen[] = {
    {0x0080, 0x009f},
    {0x00ad, 0x00ad},
    {0x0600, 0x0605},
    {0x061c, 0x061c},
    {0x06dd, 0x06dd},
    {0x070f, 0x070f},
    {0x0890, 0x0891},
    {0x08e2, 0x08e2},
    {0x180e, 0x180e},
    {0x200b, 0x200b},
    {0x200e, 0x200f}, /* between: joiners that scripts need */
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0x110bd, 0x110bd},
    {0x110cd, 0x110cd},
    {0x13430, 0x1343f},
    {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a},
    {0xe0000, 0xe007f},
};

/* Of a whole UTF-8 sequence. */
static uint32_t
code_point(const unsigned char *u, size_t n)
{
	uint32_t c = n == 1 ? u[0] : u[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3f);
	return c;
}

static bool
is_unseen(const unsigned char *u, size_t n)
{
	uint32_t c = code_point(u, n);

	if (n == 1)
		return is_ascii_control(u[0]);
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (c >= unseen[i].first && c <= unseen[i].last)
			return true;
	return false;
}

static void
replace(char *s, bool controls_too)
{
	unsigned char *u = (unsigned char *)s;
	size_t len = strlen(s);

	for (size_t i = 0; i < len;) {
		size_t n = utf8_sequence(u + i, len - i);

		if (n == 0)
			memset(u + i, '?', n = 1);
		else if (controls_too && is_unseen(u + i, n))
			memset(u + i, '?', n);
		i += n;
	}
}

void
str_make_utf8(char *s)
{
	replace(s, false);
}

void
str_printable(char *s)
{
	replace(s, true);
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

void
str_lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

char *
str_join(const char *const *texts, size_t n, const char *between)
{
	struct strbuf b = STRBUF_INIT;

	for (size_t i = 0; i < n; i++) {
		strbuf_add(&b, i == 0 ? "" : between);
		strbuf_add(&b, texts[i]);
	}
	return n == 0 ? xstrdup("") : strbuf_take(&b);
}

/* Levenshtein's distance by the usual table, of which one row is kept. */
unsigned
str_distance(const char *a, const char *b)
{
	size_t width = strlen(b);
	unsigned *row = xcalloc(width + 1, sizeof(*row));
	unsigned result;

	for (size_t j = 0; j <= width; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i] != '\0'; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i + 1;
		for (size_t j = 0; j < width; j++) {
			unsigned above = row[j + 1];

			row[j + 1] = least(
			    above + 1, row[j] + 1, corner + (a[i] != b[j]));
			corner = above;
		}
	}
	result = row[width];
	free(row);
	return result;
}
