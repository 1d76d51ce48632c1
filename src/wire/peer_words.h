/* peer_words.h - what a peer says in its own words, for a sentence of ours.
 *
 * Hostile text: secrets that the peer was told are masked first, line ends
 * become blanks, it is made printable, and only then cut.  Pure functions.
 */
#ifndef WIRE_PEER_WORDS_H
#define WIRE_PEER_WORDS_H

#include <stddef.h>

#define PEER_WORDS_MAX 160 /* as much as a sentence bears, with its NUL */
#define PEER_WORDS_RAW 60  /* characters of what is no JSON */

/* `said` is `len` bytes.  `secrets` is ended by NULL, each at least one
 * character; NULL: there are none. */
void peer_words(const char *said, size_t len, const char *const *secrets,
    char *to, size_t size);
/* The same of an HTTP answer that reports an error: of a JSON object the first
 * of `output`, `description` and what others call them; else how the body
 * begins.  "": it says nothing. */
void peer_words_body(const char *body, size_t len, const char *const *secrets,
    char *to, size_t size);

#endif
