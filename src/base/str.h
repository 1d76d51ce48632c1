/* str.h - strings: a growing buffer, and small tests and conversions. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing, always NUL-terminated text.  Zero-initialise, or STRBUF_INIT. */
struct strbuf {
	char *s; /* NULL until the first addition; see strbuf_text() */
	size_t len;
	size_t cap;
};
#define STRBUF_INIT        \
	{                  \
		NULL, 0, 0 \
	}

void strbuf_add(struct strbuf *b, const char *s);
void strbuf_add_bytes(struct strbuf *b, const void *data, size_t len);
void strbuf_add_int(struct strbuf *b, int64_t value);
void strbuf_addf(struct strbuf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void strbuf_vaddf(struct strbuf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
/* Empty the text and keep the memory. */
void strbuf_clear(struct strbuf *b);
void strbuf_free(struct strbuf *b);
/* The text, "" when nothing was added; valid until the next change. */
const char *strbuf_text(const struct strbuf *b);
/* Hand the text to the caller, who frees it; the buffer is empty after. */
char *strbuf_take(struct strbuf *b);

/* Copy into a fixed array, cutting what does not fit (never mid-way through a
 * UTF-8 sequence); false if something was cut.  `size` is at least 1. */
bool str_copy(char *dst, size_t size, const char *src);
/* The same for text that is not NUL-terminated. */
bool str_copy_n(char *dst, size_t size, const char *src, size_t len);
bool str_starts(const char *s, const char *prefix);
/* Whole text is one decimal number in [min, max]: no sign, blank or rest. */
bool str_to_int64(const char *s, int64_t min, int64_t max, int64_t *out);
bool str_is_utf8(const char *s, size_t len);
/* Is one of the bytes a control character of ASCII (NUL, newline, DEL, ...)? */
bool str_has_control(const char *s, size_t len);
/* Replace every byte of broken UTF-8 by '?', in place. */
void str_make_utf8(char *s);
/* Replace every byte of a control character, of one that turns the direction of
 * writing, and of broken UTF-8 by '?', in place: for text from a peer that goes
 * into a log line or a message. */
void str_printable(char *s);
/* Make the letters of ASCII small, in place. */
void str_lower(char *s);
/* All texts with `between` in between; free(3). */
char *str_join(const char *const *texts, size_t n, const char *between);
/* How alike two words are: number of single-character edits between them. */
unsigned str_distance(const char *a, const char *b);

#endif
